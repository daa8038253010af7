// What the pages of settings know beside the values: the table of settings, its words in the language chosen, and the
// rules by which values are written, compared and found. Words are loaded when the first such page opens.
import { fold } from '../base/fold.ts';
import { useQuery } from '@tanstack/react-query';
import i18next from 'i18next';
import type { Ops } from '../../gen/api.ts';
import { settingDefs, type SettingDef, type SettingText } from '../../gen/settings.ts';
import { call } from '../base/api.ts';
import { currentLang } from '../base/i18n.ts';
import type { Lang } from '../base/time.ts';
import type { Me } from '../base/types.ts';

export type Setting = Ops['console.setting.list']['output']['settings'][number];
export type Texts = Record<string, SettingText>;
export interface Row {
  def: SettingDef;
  now: Setting;
  text: SettingText;
}

const load = async (lang: Lang): Promise<Texts> =>
  (lang === 'ja' ? await import('../../gen/settings_ja.ts') : await import('../../gen/settings_en.ts')).settingTexts;

export const settingsKey = (tenant: string): string[] => ['console', tenant, 'settings'];

/** Every setting within reach with its words, in the order of the table. */
export function useSettings(me: Me) {
  const lang = currentLang();
  const texts = useQuery({ queryKey: ['settings', 'texts', lang], queryFn: () => load(lang), staleTime: Infinity });
  const values = useQuery({ queryKey: settingsKey(me.tenant), queryFn: () => call(me.tenant, 'console.setting.list'), staleTime: 0 });
  const now = new Map((values.data?.settings ?? []).map((s) => [s.key, s]));
  const rows = settingDefs.flatMap((def): Row[] => {
    const setting = now.get(def.key);
    const text = texts.data?.[def.key];
    return setting && text ? [{ def, now: setting, text }] : [];
  });
  return {
    rows,
    isPending: texts.isPending || values.isPending,
    /* What was read once stays on the screen, with what was typed into it, when reading it anew fails. */
    error: texts.data && values.data ? null : texts.error ?? values.error,
    retry: () => Promise.all([texts.refetch(), values.refetch()]),
  };
}

export const hasSettings = (menu: string): boolean => settingDefs.some((d) => d.menus.includes(menu));

/** A key in an address: account.password.format → account-password-format; keys hold no dash. */
export const keySlug = (key: string): string => key.replaceAll('.', '-');

/* Values in words */

const DURATION = /^P(?:(\d+)([YMD]))?(?:T(\d+)([HMS]))?$/;
const UNIT: Record<string, string> = { Y: 'year', M: 'month', D: 'day', tH: 'hour', tM: 'minute', tS: 'second' };

/** P30D → [30, 'day']; null where it is not one number of one unit. */
export function duration(value: string): [number, string] | null {
  const m = DURATION.exec(value);
  if (!m) return null;
  if (m[1] !== undefined && m[3] === undefined) return [Number(m[1]), UNIT[m[2]!]!];
  if (m[3] !== undefined && m[1] === undefined) return [Number(m[3]), UNIT[`t${m[4]!}`]!];
  return null;
}

const country = (code: string): string => new Intl.DisplayNames([currentLang()], { type: 'region' }).of(code) ?? code;

const unitOf = (key: string): string => `settings.unit.${keySlug(key).replaceAll('-', '_')}`;

function numberWords(def: SettingDef, value: string): string {
  const unit = unitOf(def.key);
  return i18next.exists(unit) ? i18next.t(unit, { n: value }) : value;
}

function durationWords(value: string): string {
  const part = duration(value);
  if (!part) return value;
  return part[0] === 0 ? i18next.t('settings.value.zero') : i18next.t(`settings.duration.${part[1]}`, { count: part[0], n: part[0] });
}

function part(row: Pick<Row, 'def' | 'text'>, value: string): string {
  if (row.text.values[value] !== undefined) return row.text.values[value];
  return row.def.allowed.startsWith('ISO 3166') ? country(value) : value;
}

/** A list of networks: a line is a range, perhaps a blank and a note. */
export interface Network {
  range: string;
  note: string;
}
export const isNetworks = (def: SettingDef): boolean => def.type === 'list' && def.allowed.startsWith('IPv4/IPv6');
export const readNetworks = (value: string): Network[] => (value === '{}' || value === '' ? [] : value.split('\n').map((line) => {
  const at = line.indexOf(' ');
  return at < 0 ? { range: line, note: '' } : { range: line.slice(0, at), note: line.slice(at + 1) };
}));
export const writeNetworks = (list: Network[]): string => (list.length === 0 ? '{}' : list.map((n) => (n.note === '' ? n.range : `${n.range} ${n.note}`)).join('\n'));

const FIRST_NETWORKS = 5;
function networkWords(value: string): string {
  const list = readNetworks(value);
  const first = list.slice(0, FIRST_NETWORKS).map((n) => (n.note === '' ? n.range : i18next.t('settings.network.one', { range: n.range, note: n.note })));
  const words = first.join(i18next.t('settings.value.comma'));
  return list.length > FIRST_NETWORKS ? i18next.t('settings.network.first', { list: words, n: list.length - FIRST_NETWORKS }) : words;
}

/** The value as a person reads it. */
export function valueWords(row: Pick<Row, 'def' | 'text'>, value: string): string {
  const { def, text } = row;
  if (def.allowed.startsWith('member ids') && value !== '{}') return i18next.t('settings.value.members', { n: value.split('|').length });
  if (text.values[value] !== undefined) return text.values[value];
  if (value === '' || value === '{}') return i18next.t('settings.value.empty');
  if (isNetworks(def)) return networkWords(value);
  if (def.type === 'duration') return durationWords(value);
  if (def.type === 'int') return numberWords(def, value);
  if (def.type === 'bytes') return value.replace(/^(\d+)([A-Z]+)$/, '$1 $2');
  if (def.type === 'set' || def.type === 'enum') return value.split('|').map((v) => part(row, v)).join(i18next.t('settings.value.comma'));
  return value;
}

/** The values of a type with few of them, in the order of the table; null where there are too many or none. */
export function choices(def: SettingDef): string[] | null {
  if (def.type === 'bool') return ['true', 'false'];
  const list = def.allowed.split(' (')[0]!.split('|');
  return list.some((v) => v.includes('..') || /[ ,[]/.test(v)) ? null : list;
}

/* Weaker values */

const DAY: Record<string, number> = { year: 365, month: 30, day: 1, hour: 1 / 24, minute: 1 / 1440, second: 1 / 86400 };
const BYTES: Record<string, number> = { MB: 1, GB: 1024, TB: 1024 ** 2, PB: 1024 ** 3 };

function size(def: SettingDef, value: string): number {
  if (value === 'none') return Infinity;
  const d = duration(value);
  if (def.type === 'duration' && d) return d[0] * DAY[d[1]]!;
  const b = /^(\d+)([MGTP]B)$/.exec(value);
  return b ? Number(b[1]) * BYTES[b[2]!]! : Number(value);
}

/** The parts of a list that make it weaker or stronger; of networks not their notes. */
const members = (value: string): string[] => (value === '{}' || value === '' ? [] : value.split(/[|,\n]/).map((part) => part.replace(/ .*/, '')));

/** Is `next` weaker than `old`? By the rule that the table of settings gives. */
export function isWeaker(def: SettingDef, old: string, next: string): boolean {
  const rule = def.weaker;
  if (rule === '' || old === next) return false;
  if (rule === 'up') return size(def, next) > size(def, old);
  if (rule === 'down') return size(def, next) < size(def, old);
  if (rule === '+') return members(next).some((v) => !members(old).includes(v));
  if (rule === '-') return members(old).some((v) => !members(next).includes(v));
  const rank = (value: string): number => {
    const at = rule.slice(1).split('|').indexOf(value);
    return at < 0 ? Infinity : at;
  };
  return rank(next) < rank(old);
}

/* Finding */

/** Settings in which every word of the question stands, the nearest first: label, then other words for it, then the key,
 * then the sentences. */
export function find(rows: Row[], question: string): Row[] {
  const terms = fold(question).split(/\s+/).filter(Boolean);
  if (terms.length === 0) return [];
  const scored = rows.map((row) => {
    const fields: [string, number][] = [
      [`${row.def.ja} ${row.def.en}`, 8], [row.def.words, 6], [row.def.key, 4], [row.text.help, 2],
      [`${row.text.risk} ${row.text.example} ${Object.values(row.text.values).join(' ')}`, 1],
    ];
    const folded = fields.map(([s, weight]) => [fold(s), weight] as const);
    let score = 0;
    for (const term of terms) {
      const best = Math.max(0, ...folded.filter(([s]) => s.includes(term)).map(([, weight]) => weight));
      if (best === 0) return { row, score: 0 };
      score += best;
    }
    return { row, score };
  });
  return scored.filter((s) => s.score > 0).sort((a, b) => b.score - a.score).map((s) => s.row);
}

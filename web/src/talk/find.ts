// What is looked for in messages: words and who, where, when. It stands in the address, so that reload and the way back keep it.
import { useMemo } from 'react';
import { search, setSearch, useSearch } from '../base/route.ts';

export interface Find {
  q: string;
  /** A member's id. */
  who: string;
  /** A room's id. */
  room: string;
  /** Days, 2026-11-26, both within. */
  from: string;
  to: string;
}
export const NOTHING: Find = { q: '', who: '', room: '', from: '', to: '' };
const NAMES = { q: 'q', who: 'who', room: 'in', from: 'from', to: 'to' } as const;
const KEYS = Object.keys(NAMES) as (keyof Find)[];

const isDay = (text: string): boolean => /^\d{4}-\d\d-\d\d$/.test(text) && !Number.isNaN(Date.parse(text));
const isId = (text: string): boolean => /^[1-9]\d{0,18}$/.test(text);

/** What is no filter is none: an address can be written by anybody. */
export function parseFind(text: string): Find {
  const given = new URLSearchParams(text);
  const take = (key: keyof Find, fits: (text: string) => boolean) => {
    const value = given.get(NAMES[key]) ?? '';
    return fits(value) ? value : '';
  };
  return { q: (given.get('q') ?? '').slice(0, 100), who: take('who', isId), room: take('room', isId), from: take('from', isDay), to: take('to', isDay) };
}

export function findText(find: Find): string {
  const text = new URLSearchParams(KEYS.flatMap((k) => (find[k] ? [[NAMES[k], find[k]]] : []))).toString();
  return text ? `?${text}` : '';
}

export const filtered = (f: Find): boolean => f.who !== '' || f.room !== '' || f.from !== '' || f.to !== '';

/** The server wants a word, a sender or a room; days alone are not enough. */
export const askable = (f: Find): boolean => f.q.trim() !== '' || f.who !== '' || f.room !== '';

/** As talk.search takes it. Days in the wrong order are meant the other way round. */
export function questionOf(f: Find): { q?: string; sender?: string; room?: string; from?: string; to?: string } {
  const [from, to] = f.from && f.to && f.from > f.to ? [f.to, f.from] : [f.from, f.to];
  const words = f.q.trim();
  return { ...(words ? { q: words } : {}), ...(f.who ? { sender: f.who } : {}), ...(f.room ? { room: f.room } : {}), ...(from ? { from } : {}), ...(to ? { to } : {}) };
}

export function changeFind(part: Partial<Find>): void {
  setSearch(findText({ ...parseFind(search()), ...part }));
}

export function useFind(): Find {
  const text = useSearch();
  return useMemo(() => parseFind(text), [text]);
}

const two = (n: number): string => String(n).padStart(2, '0');
const asDay = (d: Date): string => `${d.getFullYear()}-${two(d.getMonth() + 1)}-${two(d.getDate())}`;

/** Today, the last seven and the last thirty days. */
export const usualDays = (now: Date): { name: 'today' | 'week' | 'month'; from: string; to: string }[] =>
  ([['today', 0], ['week', 6], ['month', 29]] as const).map(([name, back]) => (
    { name, from: asDay(new Date(now.getFullYear(), now.getMonth(), now.getDate() - back)), to: asDay(now) }));

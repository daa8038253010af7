// The controls of two kinds of list: networks, each with a note, and members by name.
import { Button, TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState, type KeyboardEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { call } from '../base/api.ts';
import { colleagues } from '../base/colleagues.ts';
import { foldName } from '../base/fold.ts';
import { isComposingNow } from '../base/ime.ts';
import { ErrorNote, Loading } from '../base/states.tsx';
import { fullName } from '../talk/names.ts';
import { Confirm, SearchBox } from './kit.tsx';
import { readNetworks, writeNetworks } from './settings_data.ts';

interface ListProps {
  tenant: string;
  label: string;
  value: string;
  change: (value: string) => void;
  error: string | undefined;
}

const SHAPE = /^[\da-f:.]+(?:\/\d{1,3}|-[\da-f:.]+)?$/i;
const NOTE_MAX = 100;
const SHOWN = 20;

/** What was typed, as it is stored: full-width digits and blanks around a dash are nobody's fault. */
const tidy = (text: string): string => text.normalize('NFKC').replace(/\s*[-\u2010\u2013\u2014\u30fc\u301c~]\s*/g, '-').trim();

export function Networks({ tenant, label, value, change, error }: ListProps) {
  const { t } = useTranslation();
  const [range, setRange] = useState('');
  const [note, setNote] = useState('');
  const [wrong, setWrong] = useState('');
  const [all, setAll] = useState(false);
  const here = useQuery({ queryKey: ['sessions', tenant], queryFn: () => call(tenant, 'session.list') })
    .data?.sessions.find((s) => s.current)?.seen_ip ?? '';
  const list = readNetworks(value);
  const shown = all ? list : list.slice(0, SHOWN);
  const add = (entry: string, words: string) => {
    const network = tidy(entry);
    if (!SHAPE.test(network)) return setWrong(t('settings.network.shape'));
    if (list.some((n) => n.range === network)) return setWrong(t('settings.network.twice', { range: network }));
    change(writeNetworks([...list, { range: network, note: words.trim().replace(/\s+/g, ' ') }]));
    setWrong('');
    setRange('');
    setNote('');
  };
  const enter = (e: KeyboardEvent) => {
    if (e.key !== 'Enter' || isComposingNow(e.nativeEvent)) return;
    e.preventDefault();
    add(range, note);
  };
  return (
    <fieldset className="network-list" aria-label={label}>
      {list.length === 0 && <p className="small-print">{t('settings.network.none')}</p>}
      <ul>
        {shown.map((n) => (
          <li key={n.range}>
            <span className="network-range">{n.range}</span>
            <span className="small-print">{n.note}</span>
            <Button
              size="sm" variant="default" aria-label={t('settings.network.remove_of', { range: n.range })}
              onClick={() => change(writeNetworks(list.filter((o) => o !== n)))}
            >
              {t('settings.network.remove')}
            </Button>
          </li>
        ))}
      </ul>
      {shown.length < list.length && (
        <button type="button" className="text-button" onClick={() => setAll(true)}>{t('settings.network.more', { n: list.length - shown.length })}</button>
      )}
      <div className="network-add">
        <TextInput
          label={t('settings.network.range')} placeholder={t('settings.network.range_example')} value={range} error={wrong} autoComplete="off" autoCapitalize="off" spellCheck={false}
          onChange={(e) => setRange(e.currentTarget.value)} onKeyDown={enter}
        />
        <TextInput
          label={t('settings.network.note')} placeholder={t('settings.network.note_example')} value={note} maxLength={NOTE_MAX} autoComplete="off"
          onChange={(e) => setNote(e.currentTarget.value)} onKeyDown={enter}
        />
        <Button variant="default" onClick={() => add(range, note)}>{t('settings.network.add')}</Button>
      </div>
      {here !== '' && !list.some((n) => n.range === here) && (
        <button type="button" className="text-button" onClick={() => add(here, t('settings.network.here_note'))}>{t('settings.network.here', { ip: here })}</button>
      )}
      <div role="alert">{error && <p className="form-error">{error}</p>}</div>
    </fieldset>
  );
}

export function MemberSet({ tenant, label, value, change, error }: ListProps) {
  const { t } = useTranslation();
  const [q, setQ] = useState('');
  const people = useQuery({ queryKey: ['colleagues', tenant], queryFn: () => colleagues(tenant), staleTime: 60_000 });
  const chosen = value === '{}' ? [] : value.split('|');
  const put = (ids: string[]) => change(ids.length === 0 ? '{}' : ids.join('|'));
  if (people.isPending) return <Loading rows={2} />;
  if (people.isError) return <ErrorNote error={people.error} retry={() => void people.refetch()} />;
  const nameOf = (id: string): string => {
    const m = people.data.find((p) => p.id === id);
    return m ? fullName(m) : t('settings.member.gone');
  };
  const words = foldName(q);
  const matching = words === '' ? [] : people.data.filter((m) => foldName(`${fullName(m)}\n${m.family_reading}${m.given_reading}`).includes(words));
  const found = matching.filter((m) => !chosen.includes(m.id));
  return (
    <fieldset className="network-list" aria-label={label}>
      {chosen.length === 0 && <p className="small-print">{t('settings.member.none')}</p>}
      <ul>
        {chosen.map((id) => (
          <li key={id}>
            <span className="network-range">{nameOf(id)}</span>
            <Button
              size="sm" variant="default" aria-label={t('settings.member.remove_of', { name: nameOf(id) })}
              onClick={() => put(chosen.filter((c) => c !== id))}
            >
              {t('settings.network.remove')}
            </Button>
          </li>
        ))}
      </ul>
      <SearchBox label={t('settings.member.search')} value={q} change={setQ} />
      {q !== '' && matching.length === 0 && <p className="small-print" role="status">{t('settings.member.nobody', { q })}</p>}
      <ul aria-label={t('settings.member.results')} hidden={found.length === 0}>
        {found.slice(0, SHOWN).map((m) => (
          <li key={m.id}>
            <span className="network-range">{fullName(m)}</span>
            <Button
              size="sm" variant="default" aria-label={t('settings.member.add_of', { name: fullName(m) })}
              onClick={() => put([...chosen, m.id])}
            >
              {t('settings.network.add')}
            </Button>
          </li>
        ))}
      </ul>
      <div role="alert">{error && <p className="form-error">{error}</p>}</div>
    </fieldset>
  );
}

/** What is to be saved keeps out who saves it. */
export function LockOut({ close, run }: { close: () => void; run: () => Promise<void> }) {
  const { t } = useTranslation();
  return <Confirm title={t('settings.lock_out.title')} text={t('settings.lock_out.text')} act={t('settings.lock_out.act')} close={close} run={run} />;
}

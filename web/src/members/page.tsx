// メンバー: colleagues by their reading, found by name, reading or unit, and the profile beside the list.
import './members.css';
import { useQuery } from '@tanstack/react-query';
import { lazy, Suspense, useEffect, useMemo, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { VList, type VListHandle } from 'virtua';
import { call } from '../base/api.ts';
import { Face, photoOf } from '../base/face.tsx';
import { addWords } from '../base/i18n.ts';
import { MembersIcon } from '../base/icons.tsx';
import { Link } from '../base/shell.tsx';
import { Empty, ErrorNote, Loading } from '../base/states.tsx';
import { SearchBox } from '../console/kit.tsx';
import { Alone, useAlone } from '../talk/alone.tsx';
import { fullName } from '../talk/names.ts';
import { useTalk, useTalkStore } from '../talk/talk.ts';
import { ALL_ROWS, OTHER, rowOf, signOf } from './kana.ts';
import { Presence, ProfilePane, States } from './profile.tsx';
import en from './words/colleagues.en.json';
import ja from './words/colleagues.ja.json';
import type { Member, Unit } from '../base/types.ts';

addWords('colleagues', ja, en);

const InviteDialog = lazy(() => import('./invite.tsx'));

type Item = { head: number } | { member: Member };

const collator = new Intl.Collator('ja');
const readingOf = (m: Member): string => `${m.family_reading || m.family} ${m.given_reading || m.given}`;

/** As an address book is leafed through: by row, then by reading, whichever kana it is written in. */
const byReading = (members: readonly Member[]): Member[] => members
  .map((m) => ({ m, row: rowOf(m.family_reading, m.family), reading: readingOf(m) }))
  .sort((a, b) => a.row - b.row || collator.compare(a.reading, b.reading))
  .map(({ m }) => m);

/** A heading before each run of one row. */
function withHeads(members: readonly Member[]): Item[] {
  const items: Item[] = [];
  let last = -1;
  for (const member of members) {
    const row = rowOf(member.family_reading, member.family);
    if (row !== last) items.push({ head: row });
    last = row;
    items.push({ member });
  }
  return items;
}

/** Units as a tree reads, each with its depth. */
function inOrder(units: readonly Unit[], parent = '0', depth = 0): { unit: Unit; depth: number }[] {
  return units.filter((u) => u.parent === parent).sort((a, b) => a.place - b.place).flatMap((unit) => [{ unit, depth }, ...inOrder(units, unit.id, depth + 1)]);
}

function MemberRow({ member, open }: { member: Member; open: boolean }) {
  const { me } = useTalkStore();
  const reading = `${member.family_reading} ${member.given_reading}`.trim();
  return (
    <Link to={`/members/${member.id}`} current={open} className="row">
      <Face id={member.id} name={member.family} kind="person" photo={photoOf(me.tenant, member)} />
      <span className="row-main">
        <span className="row-top"><span className="row-name">{fullName(member)}</span><States member={member} /></span>
        <span className="row-text">{member.presence ? <Presence member={member} /> : reading}</span>
      </span>
    </Link>
  );
}

function List({ members, open }: { members: readonly Member[]; open: string | null }) {
  const { t } = useTranslation();
  const list = useRef<VListHandle>(null);
  const items = useMemo(() => withHeads(members), [members]);
  const at = (row: number) => items.findIndex((i) => 'head' in i && i.head === row);
  const words = (row: number) => (row === OTHER ? t('colleagues.list.other') : signOf(row));
  return (
    <div className="members-list">
      <VList ref={list} className="rows">
        {items.map((i) => ('head' in i
          ? <h2 key={`head-${i.head}-${at(i.head)}`} className="members-head">{words(i.head)}</h2>
          : <MemberRow key={i.member.id} member={i.member} open={i.member.id === open} />))}
      </VList>
      <nav className="members-index" aria-label={t('colleagues.list.index')}>
        {ALL_ROWS.map((row) => (
          <button
            key={row} type="button" disabled={at(row) < 0} aria-label={t('colleagues.list.jump', { row: words(row) })}
            onClick={() => list.current?.scrollToIndex(at(row), { align: 'start' })}
          >
            {words(row)}
          </button>
        ))}
      </nav>
    </div>
  );
}

/** The members of a unit, page by page. */
async function unitPeople(tenant: string, unit: string): Promise<string[]> {
  const all: string[] = [];
  for (let more = true; more;) {
    const after = all.at(-1);
    const page = await call(tenant, 'unit.people', { params: { unit }, query: after ? { limit: 200, after } : { limit: 200 } });
    all.push(...page.members.map((m) => m.id));
    more = page.more && page.members.length > 0;
  }
  return all;
}

/** Colleagues of a unit, or those in whose shown fields the words stand; without both everybody. */
function useFound(q: string, unit: string) {
  const { me } = useTalkStore();
  const members = useTalk((s) => s.members);
  const all = useMemo(() => byReading([...members.values()]), [members]);
  const found = useQuery({
    queryKey: ['members', me.tenant, q], enabled: q !== '', queryFn: () => call(me.tenant, 'member.list', { query: { q, limit: 1000 } }),
  });
  const people = useQuery({
    queryKey: ['unit', me.tenant, unit], enabled: unit !== '',
    queryFn: () => unitPeople(me.tenant, unit),
  });
  const inUnit = unit && people.data ? new Set(people.data) : null;
  const hits = q === '' ? all : byReading(found.data?.members ?? []);
  const shown = inUnit ? hits.filter((m) => inUnit.has(m.id)) : unit ? [] : hits;
  const waits = (q !== '' && found.isPending) || (unit !== '' && people.isPending);
  const error = (q !== '' && found.error) || (unit !== '' && people.error) || null;
  return { shown, waits, error, retry: () => void Promise.all([q !== '' && found.refetch(), unit !== '' && people.refetch()]) };
}

/** Photos and states may be others by now. */
function useFresh(): void {
  const talk = useTalkStore();
  useEffect(() => {
    const look = () => void talk.loadMembers().catch(() => undefined);
    look();
    window.addEventListener('focus', look);
    return () => window.removeEventListener('focus', look);
  }, [talk]);
}

function useSlash(): void {
  useEffect(() => {
    const onKey = (e: KeyboardEvent) => {
      const typing = (e.target as HTMLElement | null)?.closest('input, textarea, select, [contenteditable]');
      if (e.key !== '/' || e.isComposing || typing) return;
      e.preventDefault();
      document.querySelector<HTMLElement>('.members-search input')?.focus();
    };
    window.addEventListener('keydown', onKey);
    return () => window.removeEventListener('keydown', onKey);
  }, []);
}

export default function MembersPage({ member }: { member: string | null }) {
  const { t } = useTranslation();
  const { me } = useTalkStore();
  const talk = useTalkStore();
  const status = useTalk((s) => s.status);
  const failed = useTalk((s) => s.error);
  const alone = useAlone();
  const [q, setQ] = useState('');
  const [unit, setUnit] = useState('');
  const [inviting, setInviting] = useState(false);
  const units = useQuery({ queryKey: ['units', me.tenant], queryFn: () => call(me.tenant, 'unit.list', { query: {} }) });
  const tree = useMemo(() => inOrder(units.data?.units ?? []), [units.data]);
  const { shown, waits, error, retry } = useFound(q, unit);
  useFresh();
  useSlash();
  useEffect(() => {
    document.title = `${t('colleagues.list.title')} - Engawa`;
  }, [t]);
  const Title = member ? 'h2' : 'h1';
  return (
    <main className="talk" id="content">
      <section className="list-pane" aria-label={t('colleagues.list.label')}>
        <header className="list-head">
          <Title className="page-title">{t('colleagues.list.title')}</Title>
          {me.may_invite && <button type="button" className="text-button members-invite" onClick={() => setInviting(true)}>{t('colleagues.invite.open')}</button>}
        </header>
        {inviting && <Suspense fallback={null}><InviteDialog tenant={me.tenant} close={() => setInviting(false)} /></Suspense>}
        <div className="members-search">
          <SearchBox label={t('colleagues.list.search')} value={q} change={setQ} />
          {tree.length > 0 && (
            <select aria-label={t('colleagues.list.unit')} value={unit} onChange={(e) => setUnit(e.target.value)}>
              <option value="">{t('colleagues.list.all_units')}</option>
              {tree.map((u) => <option key={u.unit.id} value={u.unit.id}>{`${'\u3000'.repeat(u.depth)}${u.unit.name}`}</option>)}
            </select>
          )}
        </div>
        {(status === 'loading' || waits) && <Loading rows={8} />}
        {status === 'error' && <ErrorNote error={failed} retry={() => void talk.load()} />}
        {error && <ErrorNote error={error} retry={retry} />}
        {status === 'ready' && !waits && !error && shown.length === 0 && (
          <Empty>{q || unit ? t('colleagues.list.none') : t('colleagues.list.empty')}</Empty>
        )}
        {shown.length > 0 && !waits && !alone && <List members={shown} open={member} />}
        {shown.length > 0 && !waits && alone && (
          <>
            <div className="rows members-alone">{shown.map((m) => <MemberRow key={m.id} member={m} open={m.id === member} />)}</div>
            <Alone />
          </>
        )}
      </section>
      {member ? <ProfilePane key={member} id={member} /> : (
        <section className="room-pane room-none" aria-label={t('colleagues.profile.label')}>
          <MembersIcon size={48} />
          <p>{t('colleagues.list.choose')}</p>
        </section>
      )}
    </main>
  );
}

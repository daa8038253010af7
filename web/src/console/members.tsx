// メンバー: who is here, in which state, found by any field; adding, the urgent acts, and those who were deleted.
import './members.css';
import { Button, NativeSelect } from '@mantine/core';
import { useInfiniteQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { roles } from '../../gen/api.ts';
import { call } from '../base/api.ts';
import { addWords, currentLang } from '../base/i18n.ts';
import { toast } from '../base/live.tsx';
import { saveFile } from '../base/save.ts';
import { Link } from '../base/shell.tsx';
import { ErrorNote, Loading } from '../base/states.tsx';
import { auditTime, zoneName } from '../base/time.ts';
import type { ConsoleMember, Me } from '../base/types.ts';
import type { SlipData } from '../account/slip.tsx';
import { fullName } from '../talk/names.ts';
import { DataTable, MoreButton, PageHead, Problem, SearchBox, Views, pathOf, useAct, useProof, type Column, type PageProps } from './kit.tsx';
import { ActDialog, memberKey, type Act, type Target } from './member_acts.tsx';
import { AddDialog, SlipDialog } from './member_add.tsx';
import { LostPage } from './member_lost.tsx';
import { MemberPage } from './member_page.tsx';
import en from './words/members.en.json';
import ja from './words/members.ja.json';

addWords('members', ja, en);

const MENU = 'member.member';
const PAGE = 100;
type State = 'active' | 'not_started' | 'suspended' | 'on_leave';
const STATES: State[] = ['active', 'not_started', 'suspended', 'on_leave'];

export function MemberStates({ member }: { member: ConsoleMember }) {
  const { t } = useTranslation();
  const badge = (state: string, word = state) => <span key={state} className={`badge status-${state}`}>{t(`members.${word}`)}</span>;
  return (
    <span className="member-states">
      {member.status === 'deleted' ? badge('deleted', 'deleted_state') : badge(member.status)}
      {member.on_leave && badge('on_leave')}
      {member.locked && badge('locked')}
    </span>
  );
}

export const roleName = (member: ConsoleMember): string => member.role_name || (roles[member.role]?.[currentLang()] ?? member.role);

type Ask = { act: Act; members: Target[] };

function useColumns(me: Me, deleted: boolean, ask: (a: Ask) => void): Column<ConsoleMember>[] {
  const { t } = useTranslation();
  const act = (m: ConsoleMember, what: 'suspend' | 'resume' | 'restore') => (
    <Button
      size="sm" variant="default" color={what === 'suspend' ? 'beni' : ''} aria-label={t(`members.${what}_of`, { name: fullName(m) })}
      onClick={() => ask({ act: what, members: [m] })}
    >
      {t(`members.${what}`)}
    </Button>
  );
  return [
    {
      key: 'name', head: t('members.name'),
      cell: (m) => (
        <span>
          {deleted ? <span className="member-name">{fullName(m)}</span> : <Link to={pathOf(MENU, m.id)} className="member-name">{fullName(m)}</Link>}
          <span className="small-print">{`${m.family_reading} ${m.given_reading}`.trim()}</span>
        </span>
      ),
    },
    { key: 'id', head: t('members.id'), cell: (m) => m.login },
    { key: 'unit', head: t('members.unit'), cell: (m) => (m.units > 1 ? t('members.unit_more', { unit: m.unit, n: m.units - 1 }) : m.unit) },
    { key: 'role', head: t('members.role'), cell: (m) => (m.role_paused ? `${roleName(m)} (${t('members.paused')})` : roleName(m)) },
    { key: 'status', head: t('members.status'), cell: (m) => <MemberStates member={m} /> },
    {
      key: 'seen', head: t('members.seen', { zone: zoneName() }), className: 'number',
      cell: (m) => (m.last_seen ? auditTime(new Date(m.last_seen)) : t('members.never')),
    },
    {
      key: 'act', head: t('members.act'), className: 'act-cell',
      cell: (m) => (m.id === me.id || m.role === 'super' ? null : act(m, deleted ? 'restore' : m.status === 'suspended' ? 'resume' : 'suspend')),
    },
  ];
}

function CsvButton({ me, q, state }: { me: Me; q: string; state: string }) {
  const { t } = useTranslation();
  const prove = useProof();
  const { busy, problem, run } = useAct();
  const save = async () => {
    const query = { ...(q ? { q } : {}), ...(state ? { status: state as State } : {}) };
    saveFile(`${t('members.csv_name')}.csv`, await prove(() => call(me.tenant, 'console.member.export', { query })));
    toast(t('members.csv_done'));
  };
  return (
    <>
      <Button variant="default" loading={busy} onClick={() => void run(save)}>{t('members.csv')}</Button>
      <Problem text={problem} />
    </>
  );
}

function List({ me, deleted }: { me: Me; deleted: boolean }) {
  const { t } = useTranslation();
  const queries = useQueryClient();
  const [q, setQ] = useState('');
  const [state, setState] = useState('');
  const [chosen, setChosen] = useState(new Set<string>());
  const [ask, setAsk] = useState<Ask | null>(null);
  const [adding, setAdding] = useState(false);
  const [slip, setSlip] = useState<{ name: string; slip: SlipData } | null>(null);
  const columns = useColumns(me, deleted, setAsk);
  const status = deleted ? 'deleted' : state;
  const list = useInfiniteQuery({
    queryKey: [...memberKey(me.tenant), 'list', q, status],
    initialPageParam: '',
    queryFn: ({ pageParam }) => call(me.tenant, 'console.member.list', {
      query: {
        limit: PAGE, ...(q ? { q } : {}), ...(status ? { status: status as State | 'deleted' } : {}), ...(pageParam ? { after: pageParam } : {}),
      },
    }),
    getNextPageParam: (page) => (page.more ? page.members.at(-1)?.id : undefined),
    placeholderData: (before) => before,
  });
  const members = list.data?.pages.flatMap((p) => p.members) ?? [];
  const first = list.data?.pages[0];
  const picked = members.filter((m) => chosen.has(m.id));
  const found = q !== '' || state !== '';
  return (
    <>
      <PageHead title={t('members.title')} about={t('members.about')}>
        {!deleted && <Link to={pathOf(MENU, 'import')} className="text-button">{t('members.import')}</Link>}
        {!deleted && <CsvButton me={me} q={q} state={state} />}
        {!deleted && <Button onClick={() => setAdding(true)}>{t('members.add')}</Button>}
      </PageHead>
      <Views
        label={t('members.views')}
        views={[
          { to: pathOf(MENU), label: t('members.all'), current: !deleted },
          { to: pathOf(MENU, 'deleted'), label: t('members.deleted'), current: deleted },
        ]}
      />
      <div className="filters">
        <SearchBox label={t('members.search')} value={q} change={setQ} />
        {!deleted && (
          <NativeSelect
            className="member-filter" aria-label={t('members.filter')} value={state} onChange={(e) => setState(e.currentTarget.value)}
            data={[{ value: '', label: t('members.any') }, ...STATES.map((s) => ({ value: s, label: t(`members.${s}`) }))]}
          />
        )}
        {first && <span className="small-print" role="status">{t('members.count', { n: first.total, count: first.total })}</span>}
        {first && first.seats >= 0 && <span className="small-print">{t('members.seats', { used: first.seats_used, seats: first.seats })}</span>}
      </div>
      {picked.length > 0 && (
        <section className="bulk-bar" aria-label={t('members.chosen', { n: picked.length })}>
          <span>{t('members.chosen', { n: picked.length })}</span>
          <Button size="sm" color="beni" onClick={() => setAsk({ act: 'suspend', members: picked })}>{t('members.suspend')}</Button>
          <Button size="sm" variant="default" onClick={() => setAsk({ act: 'logout', members: picked })}>{t('members.logout')}</Button>
        </section>
      )}
      {list.isPending && <Loading />}
      {list.isError && <ErrorNote error={list.error} retry={() => void queries.invalidateQueries({ queryKey: memberKey(me.tenant) })} />}
      {list.isSuccess && (
        <DataTable
          label={t('members.title')} rows={members} columns={columns} keyOf={(m) => m.id} nameOf={fullName}
          {...(deleted ? {} : { chosen, choose: setChosen })}
          empty={<p>{t(deleted ? 'members.empty_deleted' : found ? 'members.empty_search' : 'members.empty')}</p>}
        />
      )}
      <MoreButton list={list} label={t('members.more')} />
      {ask && <ActDialog tenant={me.tenant} {...ask} close={() => setAsk(null)} done={() => setChosen(new Set())} />}
      {adding && <AddDialog me={me} close={() => setAdding(false)} made={(name, data) => setSlip({ name, slip: data })} />}
      {slip && <SlipDialog {...slip} close={() => setSlip(null)} />}
    </>
  );
}

export function MembersPage({ me, sub }: PageProps) {
  const [first, part] = sub;
  if (first !== undefined && part === 'lost') return <LostPage key={first} me={me} id={first} />;
  if (first !== undefined && first !== 'deleted') return <MemberPage key={first} me={me} id={first} />;
  return <List key={first ?? ''} me={me} deleted={first === 'deleted'} />;
}

// 監査: one log, newest first, with what to look for above it; a row opens with all it says; the whole as a file.
import { Button, NativeSelect, TextInput } from '@mantine/core';
import { useInfiniteQuery, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { auditKinds, errorSentences, type ErrorCode } from '../../gen/api.ts';
import { call } from '../base/api.ts';
import { Dialog } from '../base/dialog.tsx';
import { currentLang } from '../base/i18n.ts';
import { toast } from '../base/live.tsx';
import { ErrorNote, Loading } from '../base/states.tsx';
import { auditTime, zoneName } from '../base/time.ts';
import type { AuditRow, Me } from '../base/types.ts';
import { Confirm, DataTable, Facts, MoreButton, PageHead, SearchBox, useProof, type Column } from './kit.tsx';

const PAGE = 50;

interface Filters {
  word: string;
  from: string;
  to: string;
  act: string;
  result: string;
  ip: string;
  actor: { id: string; name: string } | null;
  object: { id: string; name: string } | null;
  room: { id: string; name: string } | null;
  receiver: { id: string; name: string } | null;
}
const NONE: Filters = { word: '', from: '', to: '', act: '', result: '', ip: '', actor: null, object: null, room: null, receiver: null };

/** Only what was chosen goes to the server. */
function asQuery(f: Filters): Record<string, string> {
  const texts = Object.entries({
    word: f.word, from: f.from, to: f.to, act: f.act, result: f.result, ip: f.ip,
    actor: f.actor?.id, object: f.object?.id, room: f.room?.id, receiver: f.receiver?.id,
  });
  return Object.fromEntries(texts.filter((t): t is [string, string] => !!t[1]));
}

function Result({ row }: { row: AuditRow }) {
  const { t } = useTranslation();
  if (row.result === 'ok') return <span className="badge status-active">{t('audit.ok')}</span>;
  return <span className="badge status-suspended">{t('audit.refused')}</span>;
}

const actName = (row: AuditRow): string => auditKinds[row.act]?.[currentLang()] ?? row.act;

function FilterFields({ log, filters, change }: { log: string; filters: Filters; change: (f: Filters) => void }) {
  const { t } = useTranslation();
  const lang = currentLang();
  const inLog = log === 'console' ? 'adm' : log;
  const kinds = Object.entries(auditKinds).filter(([, k]) => k.log === inLog).map(([value, k]) => ({ value, label: k[lang] }));
  const set = (part: Partial<Filters>) => change({ ...filters, ...part });
  return (
    <div className="audit-filters">
      <TextInput type="date" label={t('audit.filter.from')} value={filters.from} onChange={(e) => set({ from: e.currentTarget.value })} />
      <TextInput type="date" label={t('audit.filter.to')} value={filters.to} onChange={(e) => set({ to: e.currentTarget.value })} />
      <NativeSelect
        label={t('audit.filter.act')} value={filters.act} data={[{ value: '', label: t('audit.filter.all_acts') }, ...kinds]}
        onChange={(e) => set({ act: e.currentTarget.value })}
      />
      <NativeSelect
        label={t('audit.filter.result')} value={filters.result} onChange={(e) => set({ result: e.currentTarget.value })}
        data={[{ value: '', label: t('audit.filter.any') }, { value: 'ok', label: t('audit.filter.ok') }, { value: 'refused', label: t('audit.filter.refused') }]}
      />
      <TextInput label={t('audit.filter.ip')} value={filters.ip} autoComplete="off" onChange={(e) => set({ ip: e.currentTarget.value.trim() })} />
    </div>
  );
}

/** The detail is a flat JSON object; of a changed setting the two values stand side by side. */
function details(row: AuditRow, words: (key: string) => string): { label: string; value: string }[] {
  if (row.detail === '') return [];
  const names: Record<string, string> = {
    key: words('audit.row.setting'), old: words('audit.row.old'), new: words('audit.row.next'),
    seq: words('audit.talk.seq'), kind: words('audit.talk.kind'), membership: words('audit.talk.membership'),
    ...(row.act.startsWith('file.') ? { name: words('audit.file.name'), size: words('audit.file.size'), service: words('audit.file.service'), room: words('audit.file.room') } : {}),
  };
  return Object.entries(JSON.parse(row.detail) as Record<string, unknown>)
    .filter(([name]) => !(name === 'room' && row.room !== '0'))
    .map(([name, v]) => ({ label: names[name] ?? name, value: typeof v === 'object' ? JSON.stringify(v) : String(v) }));
}

/** Who received a message: the first of them by name, and how many more. */
function Receivers({ row }: { row: AuditRow }) {
  const { t } = useTranslation();
  const more = row.received - row.receivers.length;
  return (
    <>
      {row.receivers.map((p) => p.name || p.id).join(t('audit.talk.between'))}
      {more > 0 && <span className="small-print">{t('audit.talk.more', { n: more })}</span>}
    </>
  );
}

/** All of them, each a way to what that person received. */
function AllReceivers({ me, log, row, only }: { me: Me; log: string; row: AuditRow; only: (part: Partial<Filters>) => void }) {
  const { t } = useTranslation();
  const whole = useQuery({
    queryKey: ['console', me.tenant, 'audit', log, 'receivers', row.seq],
    queryFn: () => call(me.tenant, 'console.audit.receivers', { params: { log }, query: { seq: row.seq } }),
    enabled: row.received > row.receivers.length,
  });
  const people = whole.data?.receivers ?? row.receivers;
  return (
    <section aria-label={t('audit.talk.receivers')} className="audit-receivers">
      <h3>{t('audit.talk.received', { n: row.received })}</h3>
      {whole.isLoading && <Loading />}
      {whole.isError && <ErrorNote error={whole.error} retry={() => void whole.refetch()} />}
      <ul>
        {people.map((p) => (
          <li key={p.id}>
            <button type="button" className="text-button" title={t('audit.talk.only_receiver')} onClick={() => only({ receiver: { id: p.id, name: p.name || p.id } })}>
              {p.name || p.id}
            </button>
          </li>
        ))}
      </ul>
    </section>
  );
}

function RowDialog({ me, log, row, close, only }: { me: Me; log: string; row: AuditRow; close: () => void; only: (part: Partial<Filters>) => void }) {
  const { t } = useTranslation();
  const sentence = row.result === 'ok' ? t('audit.ok') : errorSentences[currentLang()][row.result as ErrorCode] ?? row.result;
  const actor = row.actor_name || (row.actor === '0' ? t('audit.system') : row.actor);
  const object = row.object_name || (row.object === '0' ? '' : row.object);
  const facts = [
    { label: t('audit.time', { zone: zoneName() }), value: auditTime(new Date(row.time)) },
    { label: t('audit.actor'), value: actor },
    { label: t('audit.act'), value: actName(row) },
    ...(object ? [{ label: t(row.room === '0' ? 'audit.object' : 'audit.talk.room'), value: object }] : []),
    { label: t('audit.result'), value: sentence },
    ...(row.channel ? [{ label: t('audit.row.channel'), value: row.channel }] : []),
    ...(row.ip ? [{ label: t('audit.row.ip'), value: row.ip }] : []),
    ...details(row, (key) => t(key)),
  ];
  return (
    <Dialog opened close={close} title={t('audit.row.title', { seq: row.seq })}>
      <Facts facts={facts} />
      {row.received > 0 && <AllReceivers me={me} log={log} row={row} only={only} />}
      <div className="dialog-buttons">
        {row.actor !== '0' && <Button variant="default" onClick={() => only({ actor: { id: row.actor, name: actor } })}>{t('audit.row.only_actor')}</Button>}
        {log === 'talk' && row.actor !== '0' && (
          <Button variant="default" onClick={() => only({ receiver: { id: row.actor, name: actor } })}>{t('audit.talk.only_received')}</Button>
        )}
        {row.room !== '0' && <Button variant="default" onClick={() => only({ room: { id: row.room, name: object } })}>{t('audit.talk.only_room')}</Button>}
        {row.object !== '0' && row.object !== row.room && <Button variant="default" onClick={() => only({ object: { id: row.object, name: object } })}>{t('audit.row.only_object')}</Button>}
        <Button onClick={close}>{t('base.act.close')}</Button>
      </div>
    </Dialog>
  );
}

function AuditLog({ me, log }: { me: Me; log: string }) {
  const { t } = useTranslation();
  const queries = useQueryClient();
  const prove = useProof();
  const [filters, setFilters] = useState(NONE);
  const [shown, setShown] = useState(false);
  const [open, setOpen] = useState<AuditRow | null>(null);
  const [asking, setAsking] = useState(false);
  const query = asQuery(filters);
  const list = useInfiniteQuery({
    queryKey: ['console', me.tenant, 'audit', log, query],
    initialPageParam: 0,
    queryFn: ({ pageParam }) => call(me.tenant, 'console.audit.search', {
      params: { log }, query: { ...query, limit: PAGE, ...(pageParam ? { before: pageParam } : {}) },
    }),
    getNextPageParam: (page) => page.next || undefined,
    staleTime: 0,
  });
  const first = list.data?.pages[0];
  const rows = list.data?.pages.flatMap((p) => p.rows) ?? [];
  const columns: Column<AuditRow>[] = [
    {
      key: 'time', head: t('audit.time', { zone: zoneName() }), className: 'number',
      cell: (r) => (
        <button type="button" className="text-button" onClick={() => setOpen(r)}>
          {auditTime(new Date(r.time))}<span className="hidden-text">{t('audit.open_row', { seq: r.seq })}</span>
        </button>
      ),
    },
    { key: 'actor', head: t(filters.receiver ? 'audit.talk.sender' : 'audit.actor'), cell: (r) => r.actor_name || (r.actor === '0' ? t('audit.system') : r.actor) },
    { key: 'act', head: t('audit.act'), cell: (r) => <>{filters.receiver ? t('audit.talk.receive') : actName(r)}{r.count > 1 && <span className="small-print">{t('audit.count', { n: r.count })}</span>}</> },
    { key: 'object', head: t(log === 'talk' ? 'audit.talk.room' : 'audit.object'), cell: (r) => r.object_name || (r.object === '0' ? '' : r.object) },
    ...(log === 'talk' ? [{ key: 'receivers', head: t('audit.talk.receivers'), cell: (r: AuditRow) => <Receivers row={r} /> }] : []),
    { key: 'result', head: t('audit.result'), cell: (r) => <Result row={r} /> },
    { key: 'ip', head: t('audit.from_where'), className: 'number', cell: (r) => r.ip },
  ];
  const start = async () => {
    await prove(() => call(me.tenant, 'console.audit.download', { params: { log }, body: query }));
    void queries.invalidateQueries({ queryKey: ['console', me.tenant, 'downloads'] });
  };
  const only = (part: Partial<Filters>) => {
    setFilters({ ...NONE, from: filters.from, to: filters.to, ...part });
    setOpen(null);
  };
  return (
    <>
      <PageHead title={t(`audit.title.${log}`)} about={t(`audit.about.${log}`)}>
        {first?.download && <Button variant="default" onClick={() => setAsking(true)}>{t('audit.download.act')}</Button>}
      </PageHead>
      <section aria-label={t('audit.filter.label')} className="audit-search">
        <SearchBox label={t(log === 'talk' ? 'audit.talk.word' : 'audit.filter.word')} value={filters.word} change={(word) => setFilters({ ...filters, word })} />
        <Button variant="default" aria-expanded={shown} onClick={() => setShown(!shown)}>{t('audit.filter.show')}</Button>
        {Object.keys(query).length > 0 && <Button variant="subtle" onClick={() => setFilters(NONE)}>{t('audit.filter.clear')}</Button>}
        {shown && <FilterFields log={log} filters={filters} change={setFilters} />}
      </section>
      {filters.actor && <p>{t('audit.filter.person', { name: filters.actor.name })}</p>}
      {filters.room && <p>{t('audit.talk.in_room', { name: filters.room.name })}</p>}
      {filters.receiver && <p>{t('audit.talk.by_receiver', { name: filters.receiver.name })}</p>}
      {filters.object && <p>{t('audit.filter.thing', { name: filters.object.name })}</p>}
      {list.isPending && <Loading />}
      {list.isError && <ErrorNote error={list.error} retry={() => void list.refetch()} />}
      {first && <p className="small-print chain">✓ {t('audit.chain', { size: first.head.size.toLocaleString('en'), root: first.head.root.slice(0, 16) })}</p>}
      {list.isSuccess && (
        <DataTable
          label={t(`audit.title.${log}`)} className="audit-table" rows={rows} columns={columns} keyOf={(r) => String(r.seq)}
          empty={t(list.hasNextPage ? 'audit.searching_on' : 'audit.empty')}
        />
      )}
      <MoreButton list={list} label={t('audit.older')} />
      {open && <RowDialog me={me} log={log} row={open} close={() => setOpen(null)} only={only} />}
      {asking && (
        <Confirm title={t('audit.download.title')} text={t('audit.download.text')} act={t('audit.download.make')} danger={false}
          run={async () => { await start(); toast(t('audit.download.begun')); }} close={() => setAsking(false)}>
          <p>{t('audit.download.secret')}</p>
        </Confirm>
      )}
    </>
  );
}

export const AuditPage = ({ me }: { me: Me }) => <AuditLog me={me} log="console" />;
export const LoginAuditPage = ({ me }: { me: Me }) => <AuditLog me={me} log="login" />;
export const FileAuditPage = ({ me }: { me: Me }) => <AuditLog me={me} log="file" />;
export const TalkAuditPage = ({ me }: { me: Me }) => <AuditLog me={me} log="talk" />;

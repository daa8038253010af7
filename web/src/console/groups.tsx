// グループ: the list with search, deleted ones, and the door to one group.
import './groups.css';
import { Button, NativeSelect } from '@mantine/core';
import { useInfiniteQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { call } from '../base/api.ts';
import { addWords } from '../base/i18n.ts';
import { go } from '../base/route.ts';
import { Link } from '../base/shell.tsx';
import { ErrorNote, Loading } from '../base/states.tsx';
import { auditTime } from '../base/time.ts';
import { fullName } from '../talk/names.ts';
import { GroupDetail } from './groups_detail.tsx';
import { CreateGroup, FUNCTIONS } from './groups_form.tsx';
import { Confirm, DataTable, MoreButton, PageHead, SearchBox, Views, pathOf, type PageProps } from './kit.tsx';
import en from './words/groups.en.json';
import ja from './words/groups.ja.json';
import type { Ops } from '../../gen/api.ts';

addWords('groups', ja, en);

export const GROUPS = 'member.group';
const PAGE = 100;
type Group = Ops['console.group.list']['output']['groups'][number];
type Kind = 'internal' | 'external';

/** Functions in words: 「トーク、ノート」; without talk none is in force. */
export function useFunctionsText(): (f: Group['functions']) => string {
  const { t, i18n } = useTranslation();
  return (f) => {
    const on = f.talk ? FUNCTIONS.filter((k) => f[k]).map((k) => t(`groups.function.${k}`)) : [];
    return on.join(i18n.language === 'en' ? ', ' : '、') || t('groups.list.none_functions');
  };
}

function useGroups(tenant: string, op: 'console.group.list' | 'console.group.gone', q: string, kind: string) {
  return useInfiniteQuery({
    queryKey: ['console', tenant, 'groups', op, q, kind],
    initialPageParam: '',
    queryFn: ({ pageParam }) => call(tenant, op, {
      query: {
        limit: PAGE, ...(q ? { q } : {}), ...(kind ? { kind: kind as Kind } : {}), ...(pageParam ? { after: pageParam } : {}),
      },
    }),
    getNextPageParam: (page) => (page.more ? page.groups.at(-1)?.id : undefined),
  });
}

function Heads({ gone, children }: { gone: boolean; children?: React.ReactNode }) {
  const { t } = useTranslation();
  return (
    <>
      <PageHead title={t('groups.page.title')} about={t(gone ? 'groups.page.gone_about' : 'groups.page.about')}>{children}</PageHead>
      <Views
        label={t('groups.page.views')}
        views={[
          { to: pathOf(GROUPS), label: t('groups.page.all'), current: !gone },
          { to: pathOf(GROUPS, 'gone'), label: t('groups.page.gone'), current: gone },
        ]}
      />
    </>
  );
}

function GroupList({ me }: { me: PageProps['me'] }) {
  const { t } = useTranslation();
  const functions = useFunctionsText();
  const [q, setQ] = useState('');
  const [kind, setKind] = useState('');
  const [create, setCreate] = useState(false);
  const list = useGroups(me.tenant, 'console.group.list', q, kind);
  const groups = list.data?.pages.flatMap((p) => p.groups) ?? [];
  return (
    <>
      <Heads gone={false}><Button onClick={() => setCreate(true)}>{t('groups.form.create')}</Button></Heads>
      <div className="filters">
        <SearchBox label={t('groups.list.search')} value={q} change={setQ} />
        <NativeSelect
          className="group-kind" aria-label={t('groups.list.kind')} value={kind} onChange={(e) => setKind(e.currentTarget.value)}
          data={[
            { value: '', label: `${t('groups.list.kind')}: ${t('groups.list.any')}` },
            { value: 'internal', label: t('groups.kind.internal') }, { value: 'external', label: t('groups.kind.external') },
          ]}
        />
      </div>
      {list.isPending && <Loading />}
      {list.isError && <ErrorNote error={list.error} retry={() => void list.refetch()} />}
      {list.isSuccess && (
        <>
          <p className="small-print" role="status">{t('groups.list.found', { n: list.data.pages[0]?.total ?? 0 })}</p>
          <DataTable
            label={t('groups.page.title')} rows={groups} keyOf={(g) => g.id}
            empty={<p>{t(q || kind ? 'groups.list.none' : 'groups.list.empty')}</p>}
            columns={[
              { key: 'name', head: t('groups.list.name'), cell: (g) => <Link to={pathOf(GROUPS, g.id)} className="row-link">{g.name}</Link> },
              { key: 'kind', head: t('groups.list.kind'), cell: (g) => t(`groups.kind.${g.kind as Kind}`) },
              { key: 'masters', head: t('groups.list.masters'), cell: (g) => g.masters.map(fullName).join(t('talk.system.and')) || t('groups.list.no_master') },
              { key: 'members', head: t('groups.list.members'), className: 'number', cell: (g) => t('groups.list.count', { n: g.members }) },
              { key: 'functions', head: t('groups.list.functions'), cell: (g) => functions(g.functions) },
            ]}
          />
          <MoreButton list={list} />
        </>
      )}
      {create && <CreateGroup tenant={me.tenant} close={() => setCreate(false)} made={(id) => go(pathOf(GROUPS, id))} />}
    </>
  );
}

function GoneList({ me }: { me: PageProps['me'] }) {
  const { t } = useTranslation();
  const queries = useQueryClient();
  const [ask, setAsk] = useState<Group | null>(null);
  const list = useGroups(me.tenant, 'console.group.gone', '', '');
  const groups = list.data?.pages.flatMap((p) => p.groups) ?? [];
  const restore = async (g: Group) => {
    await call(me.tenant, 'console.group.restore', { params: { gone: g.id } });
    await queries.invalidateQueries({ queryKey: ['console', me.tenant, 'groups'] });
  };
  return (
    <>
      <Heads gone />
      {list.isPending && <Loading />}
      {list.isError && <ErrorNote error={list.error} retry={() => void list.refetch()} />}
      {list.isSuccess && (
        <DataTable
          label={t('groups.page.gone')} rows={groups} keyOf={(g) => g.id} empty={<p>{t('groups.gone.empty')}</p>}
          columns={[
            { key: 'name', head: t('groups.list.name'), cell: (g) => g.name },
            { key: 'members', head: t('groups.list.members'), className: 'number', cell: (g) => t('groups.list.count', { n: g.members }) },
            { key: 'deleted', head: t('groups.gone.deleted'), className: 'number', cell: (g) => auditTime(new Date(g.deleted ?? 0)) },
            { key: 'until', head: t('groups.gone.until'), className: 'number', cell: (g) => auditTime(new Date(g.until ?? 0)) },
            {
              key: 'act', head: t('groups.people.act'), className: 'act-cell', cell: (g) => (
                <Button size="sm" variant="default" aria-label={t('groups.gone.restore_of', { name: g.name })} onClick={() => setAsk(g)}>
                  {t('groups.gone.restore')}
                </Button>
              ),
            },
          ]}
        />
      )}
      <MoreButton list={list} />
      {ask && (
        <Confirm
          title={t('groups.gone.ask', { name: ask.name })} text={t('groups.gone.text', { n: ask.members })} danger={false}
          act={t('groups.gone.restore')} done={t('groups.gone.done', { name: ask.name })} close={() => setAsk(null)} run={() => restore(ask)}
        />
      )}
    </>
  );
}

export function GroupsPage({ me, sub }: PageProps) {
  const [id] = sub;
  if (id === undefined) return <GroupList me={me} />;
  return id === 'gone' ? <GoneList me={me} /> : <GroupDetail key={id} me={me} id={id} />;
}

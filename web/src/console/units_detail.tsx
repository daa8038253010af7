// One unit: what it is, who belongs to it, and what its talk room may do.
import { Button, Switch } from '@mantine/core';
import { useInfiniteQuery, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { call } from '../base/api.ts';
import { toast } from '../base/live.tsx';
import { go } from '../base/route.ts';
import { Link } from '../base/shell.tsx';
import { ErrorNote, Loading, isRefusal } from '../base/states.tsx';
import { fullName } from '../talk/names.ts';
import { Card, DataTable, Facts, MoreButton, SaveBar, pathOf } from './kit.tsx';
import { AddMembers, AddUnit, DeleteUnit, EditPost, EditUnit, RemoveMember, editBody, type Person, type UnitRecord } from './units_form.tsx';
import { TOP, pathTo, type Unit, type Units } from './units_tree.tsx';

export const UNITS = 'member.unit';
const PAGE = 100;
const FUNCTIONS = ['talk', 'note', 'event', 'task', 'folder'] as const;
const ADVANCED = ['delegation', 'notify'] as const;
type Key = (typeof FUNCTIONS)[number] | (typeof ADVANCED)[number];

function Settings({ tenant, unit, saved }: { tenant: string; unit: UnitRecord; saved: () => Promise<void> }) {
  const { t } = useTranslation();
  const [draft, setDraft] = useState<Partial<Record<Key, boolean>>>({});
  const value = (k: Key): boolean => draft[k] ?? unit[k];
  const word = (b: boolean): string => t(b ? 'units.settings.on' : 'units.settings.off');
  const keys: Key[] = [...FUNCTIONS, ...ADVANCED];
  const changes = keys.filter((k) => value(k) !== unit[k]).map((k) => ({ label: t(`units.settings.${k}`), old: word(unit[k]), next: word(value(k)) }));
  const save = async () => {
    await call(tenant, 'console.unit.edit', { params: { unit: unit.id }, body: editBody(unit, draft) });
    await saved();
    setDraft({});
    toast(t('units.form.saved'));
  };
  const one = (k: Key) => (
    <Switch
      key={k} label={t(`units.settings.${k}`)} checked={value(k)} disabled={k !== 'talk' && FUNCTIONS.some((f) => f === k) && !value('talk')}
      {...(k === 'delegation' || k === 'notify' ? { description: t(`units.settings.${k}_hint`) } : {})}
      onChange={(e) => setDraft({ ...draft, [k]: e.currentTarget.checked })}
    />
  );
  return (
    <>
      <Card title={t('units.settings.title')} text={t('units.settings.text')}>
        <div className="switches">{FUNCTIONS.map(one)}</div>
        <div className="switches">{ADVANCED.map(one)}</div>
      </Card>
      <SaveBar changes={changes} save={save} discard={() => setDraft({})} />
    </>
  );
}

type Ask = { act: 'edit' | 'add' | 'members' | 'delete' } | { act: 'post' | 'remove'; person: Person };

function Members({ tenant, unit, ask }: { tenant: string; unit: UnitRecord; ask: (a: Ask) => void }) {
  const { t } = useTranslation();
  const list = useInfiniteQuery({
    queryKey: ['console', tenant, 'units', 'people', unit.id],
    initialPageParam: '',
    queryFn: ({ pageParam }) => call(tenant, 'console.unit.people', {
      params: { unit: unit.id }, query: { limit: PAGE, ...(pageParam ? { after: pageParam } : {}) },
    }),
    getNextPageParam: (page) => (page.more ? page.members.at(-1)?.id : undefined),
  });
  const rows = list.data?.pages.flatMap((p) => p.members) ?? [];
  return (
    <Card title={t('units.members.heading', { n: unit.members })} text={t('units.members.room', { n: unit.people })}>
      <div className="button-row"><Button variant="default" onClick={() => ask({ act: 'members' })}>{t('units.members.add')}</Button></div>
      {list.isPending && <Loading rows={3} />}
      {list.isError && <ErrorNote error={list.error} retry={() => void list.refetch()} />}
      {list.isSuccess && (
        <DataTable
          label={t('units.members.list')} rows={rows} keyOf={(p) => p.id} empty={t('units.members.empty')}
          columns={[
            {
              key: 'name', head: t('units.members.name'), cell: (p) => (
                <>
                  <span>{fullName(p)}</span>
                  <span className="small-print">{p.login}</span>
                  {p.leader && <span className="badge">{t('units.members.is_leader')}</span>}
                </>
              ),
            },
            { key: 'title', head: t('units.members.title'), cell: (p) => p.title_name || t('units.members.no_title') },
            { key: 'main', head: t('units.members.post'), cell: (p) => t(p.main ? 'units.members.is_main' : 'units.members.further') },
            {
              key: 'act', head: t('units.page.acts'), className: 'act-cell', cell: (p) => (
                <span className="acts">
                  <Button size="sm" variant="default" aria-label={t('units.members.edit_of', { name: fullName(p) })} onClick={() => ask({ act: 'post', person: p })}>
                    {t('units.members.edit')}
                  </Button>
                  <Button size="sm" variant="default" aria-label={t('units.members.remove_of', { name: fullName(p) })} onClick={() => ask({ act: 'remove', person: p })}>
                    {t('units.members.remove')}
                  </Button>
                </span>
              ),
            },
          ]}
        />
      )}
      <MoreButton list={list} />
    </Card>
  );
}

const countBelow = (units: Units, id: string): number => (units.below.get(id) ?? []).reduce((n, u) => n + 1 + countBelow(units, u.id), 0);

export function UnitDetail({ tenant, units, id, move }: { tenant: string; units: Units; id: string; move: (unit: Unit) => void }) {
  const { t } = useTranslation();
  const queries = useQueryClient();
  const [ask, setAsk] = useState<Ask | null>(null);
  const found = useQuery({
    queryKey: ['console', tenant, 'units', 'read', id],
    queryFn: () => call(tenant, 'console.unit.read', { params: { unit: id } }),
  });
  const labels = useQuery({ queryKey: ['console', tenant, 'labels'], queryFn: () => call(tenant, 'console.label.list') });
  const saved = () => queries.invalidateQueries({ queryKey: ['console', tenant, 'units'] });
  const close = () => setAsk(null);
  const row = units.byId.get(id);
  const back = <Link to={pathOf(UNITS)} className="page-back narrow-only">{t('units.page.back')}</Link>;
  if (found.isPending) return <>{back}<Loading /></>;
  if (!found.data || isRefusal(found.error) || !row) return <>{back}<ErrorNote error={found.error} {...(found.error ? {} : { text: t('units.page.missing') })} retry={() => void saved()} /></>;
  const unit = found.data;
  const above = pathTo(units, id).slice(0, -1);
  return (
    <>
      {back}
      <div className="page-head-row">
        <div>
          {above.length > 0 && <p className="small-print">{above.map((u) => u.name).join(' › ')}</p>}
          <h2 className="unit-title">{unit.name}</h2>
        </div>
        <div className="button-row">
          <Button variant="default" onClick={() => setAsk({ act: 'add' })}>{t('units.page.add_below')}</Button>
          <Button variant="default" onClick={() => move(row)}>{t('units.move.act')}</Button>
          <Button variant="default" onClick={() => setAsk({ act: 'edit' })}>{t('units.page.edit')}</Button>
          <Button variant="default" onClick={() => setAsk({ act: 'delete' })}>{t('units.page.delete')}</Button>
        </div>
      </div>
      <Card title={t('units.page.facts')}>
        <Facts
          facts={[
            { label: t('units.form.code'), value: unit.code },
            { label: t('units.form.description'), value: unit.description || t('units.page.none') },
            { label: t('units.members.is_leader'), value: unit.leader_name || t('units.page.none') },
            { label: t('units.form.public'), value: t(unit.public ? 'units.settings.public_on' : 'units.settings.public_off') },
          ]}
        />
      </Card>
      <Members tenant={tenant} unit={unit} ask={setAsk} />
      <Settings key={id} tenant={tenant} unit={unit} saved={saved} />
      {ask?.act === 'edit' && <EditUnit tenant={tenant} unit={unit} close={close} done={saved} />}
      {ask?.act === 'add' && (
        <AddUnit tenant={tenant} parent={row} close={close} done={async (made) => { await saved(); go(pathOf(UNITS, made)); }} />
      )}
      {ask?.act === 'members' && <AddMembers tenant={tenant} unit={unit} close={close} done={saved} />}
      {ask?.act === 'post' && (
        <EditPost
          tenant={tenant} unit={unit} person={ask.person} titles={labels.data?.title_used ? labels.data.titles : null} close={close} done={saved}
        />
      )}
      {ask?.act === 'remove' && <RemoveMember tenant={tenant} unit={unit} person={ask.person} close={close} done={saved} />}
      {ask?.act === 'delete' && (
        <DeleteUnit
          tenant={tenant} unit={unit} below={countBelow(units, id)} close={close}
          done={async () => { go(unit.parent === TOP ? pathOf(UNITS) : pathOf(UNITS, unit.parent)); await saved(); }}
        />
      )}
    </>
  );
}

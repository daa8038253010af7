// 組織: the tree at the left, one unit at the right; on a phone one after the other. And what was deleted.
import './units.css';
import { Button } from '@mantine/core';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { call } from '../base/api.ts';
import { addWords } from '../base/i18n.ts';
import { toast } from '../base/live.tsx';
import { go } from '../base/route.ts';
import { Link } from '../base/shell.tsx';
import { ErrorNote, Loading, isRefusal, useErrorText } from '../base/states.tsx';
import { auditTime, zoneName } from '../base/time.ts';
import { DataTable, PageHead, Problem, SearchBox, Views, pathOf, useAct, type PageProps } from './kit.tsx';
import { UNITS, UnitDetail } from './units_detail.tsx';
import { AddUnit, MoveUnit, editBody } from './units_form.tsx';
import { TOP, UnitTree, indexUnits, pathTo, type Unit, type Units } from './units_tree.tsx';
import en from './words/units.en.json';
import ja from './words/units.ja.json';

addWords('units', ja, en);

function Heads({ gone, children }: { gone: boolean; children?: React.ReactNode }) {
  const { t } = useTranslation();
  return (
    <>
      <PageHead title={t('units.page.title')} about={t(gone ? 'units.gone.about' : 'units.page.about')}>{children}</PageHead>
      <Views
        label={t('units.page.views')}
        views={[
          { to: pathOf(UNITS), label: t('units.page.tree'), current: !gone },
          { to: pathOf(UNITS, 'gone'), label: t('units.gone.title'), current: gone },
        ]}
      />
    </>
  );
}

function Gone({ tenant }: { tenant: string }) {
  const { t } = useTranslation();
  const queries = useQueryClient();
  const { busy, problem, run } = useAct();
  const list = useQuery({ queryKey: ['console', tenant, 'units', 'gone'], queryFn: () => call(tenant, 'console.unit.gone') });
  const restore = (id: string, name: string) => run(async () => {
    await call(tenant, 'console.unit.restore', { params: { formerunit: id } });
    await queries.invalidateQueries({ queryKey: ['console', tenant, 'units'] });
    toast(t('units.gone.done', { name }));
  });
  return (
    <>
      <Heads gone />
      <Problem text={problem} />
      {list.isPending && <Loading />}
      {list.isError && <ErrorNote error={list.error} retry={() => void list.refetch()} />}
      {list.isSuccess && (
        <DataTable
          label={t('units.gone.title')} rows={list.data.units} keyOf={(u) => u.id} empty={t('units.gone.empty')}
          columns={[
            {
              key: 'name', head: t('units.form.name'), cell: (u) => (
                <>
                  <span>{u.name}</span>
                  {u.parent_name && <span className="small-print">{t('units.gone.with', { name: u.parent_name })}</span>}
                </>
              ),
            },
            { key: 'code', head: t('units.form.code'), cell: (u) => u.code },
            { key: 'deleted', head: `${t('units.gone.deleted')} (${zoneName()})`, className: 'number', cell: (u) => auditTime(new Date(u.deleted)) },
            { key: 'until', head: t('units.gone.until'), className: 'number', cell: (u) => auditTime(new Date(u.until)) },
            {
              key: 'act', head: t('units.page.acts'), className: 'act-cell', cell: (u) => (
                <Button size="sm" variant="default" disabled={busy} aria-label={t('units.gone.restore_of', { name: u.name })} onClick={() => void restore(u.id, u.name)}>
                  {t('units.gone.restore')}
                </Button>
              ),
            },
          ]}
        />
      )}
    </>
  );
}

function Hits({ tenant, units, q }: { tenant: string; units: Units; q: string }) {
  const { t } = useTranslation();
  const found = useQuery({
    queryKey: ['console', tenant, 'units', 'search', q],
    queryFn: () => call(tenant, 'console.unit.list', { query: { q } }),
  });
  if (found.isPending) return <Loading />;
  if (!found.data || isRefusal(found.error)) return <ErrorNote error={found.error} retry={() => void found.refetch()} />;
  if (found.data.units.length === 0) return <p className="empty" role="status">{t('units.page.no_hit', { q })}</p>;
  return (
    <ul className="unit-hits" aria-label={t('units.page.hits')}>
      {found.data.units.map((u) => (
        <li key={u.id}>
          <Link to={pathOf(UNITS, u.id)} className="unit-hit">
            <span>{u.name}</span>
            <span className="small-print">{pathTo(units, u.id).slice(0, -1).map((p) => p.name).join(' › ') || u.code}</span>
          </Link>
        </li>
      ))}
    </ul>
  );
}

export function UnitsPage({ me, sub }: PageProps) {
  return sub[0] === 'gone' ? <Gone tenant={me.tenant} /> : <Chart tenant={me.tenant} chosen={sub[0] ?? null} />;
}

function Chart({ tenant, chosen }: { tenant: string; chosen: string | null }) {
  const { t } = useTranslation();
  const queries = useQueryClient();
  const errorText = useErrorText();
  const [q, setQ] = useState('');
  const [adding, setAdding] = useState(false);
  const [moving, setMoving] = useState<{ unit: Unit; parent: string | null } | null>(null);
  const [problem, setProblem] = useState('');
  const list = useQuery({ queryKey: ['console', tenant, 'units', 'tree'], queryFn: () => call(tenant, 'console.unit.list', { query: {} }) });
  const units = useMemo(() => indexUnits(list.data?.units ?? []), [list.data]);
  const saved = () => queries.invalidateQueries({ queryKey: ['console', tenant, 'units'] });
  const attempt = async (act: () => Promise<void>) => {
    setProblem('');
    try {
      await act();
    } catch (e) {
      setProblem(errorText(e));
    }
    await saved();
  };
  const rename = (unit: Unit, name: string) => void attempt(async () => {
    const record = await call(tenant, 'console.unit.read', { params: { unit: unit.id } });
    await call(tenant, 'console.unit.edit', { params: { unit: unit.id }, body: editBody(record, { name }) });
    toast(t('units.tree.renamed', { name }));
  });
  const order = async (unit: Unit, step: -1 | 1) => {
    const row = units.below.get(unit.parent) ?? [];
    const at = row.findIndex((u) => u.id === unit.id) + step;
    if (at < 0 || at >= row.length) return;
    const before = step < 0 ? row[at] : row[at + 1];
    await attempt(async () => {
      await call(tenant, 'console.unit.move', {
        params: { unit: unit.id }, body: { ...(unit.parent === TOP ? {} : { parent: unit.parent }), ...(before ? { before: before.id } : {}) },
      });
      toast(t('units.tree.ordered', { name: unit.name, n: at + 1 }));
    });
  };
  return (
    <>
      <Heads gone={false}><Button onClick={() => setAdding(true)}>{t('units.page.add')}</Button></Heads>
      {list.isPending && <Loading />}
      {list.isError && <ErrorNote error={list.error} retry={() => void list.refetch()} />}
      {list.isSuccess && units.all.length === 0 && <p className="empty">{t('units.page.empty')}</p>}
      {units.all.length > 0 && (
        <div className={chosen ? 'unit-panes chosen' : 'unit-panes'}>
          <div className="unit-left">
            <SearchBox label={t('units.page.search')} value={q} change={setQ} />
            <Problem text={problem} />
            {q === ''
              ? (
                <UnitTree
                  units={units} chosen={chosen} choose={(id) => go(pathOf(UNITS, id))} move={(unit, parent) => setMoving({ unit, parent })}
                  rename={rename} order={order}
                />
              )
              : <Hits tenant={tenant} units={units} q={q} />}
            <p className="small-print wide-only">{t('units.tree.keys')}</p>
          </div>
          <section className="unit-right" aria-label={t('units.page.detail')}>
            {chosen
              ? <UnitDetail key={chosen} tenant={tenant} units={units} id={chosen} move={(unit) => setMoving({ unit, parent: null })} />
              : <p className="empty">{t('units.page.choose')}</p>}
          </section>
        </div>
      )}
      {adding && <AddUnit tenant={tenant} parent={null} close={() => setAdding(false)} done={async (id) => { await saved(); go(pathOf(UNITS, id)); }} />}
      {moving && (
        <MoveUnit tenant={tenant} units={units} unit={moving.unit} parent={moving.parent} close={() => setMoving(null)} done={saved} />
      )}
    </>
  );
}

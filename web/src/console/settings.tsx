// The page of a submenu's settings, made of the table: each with its sentence, value, default, risk, example and past.
// What nothing obeys yet is shown and says so; it has no control.
import './settings.css';
import { Button } from '@mantine/core';
import { useInfiniteQuery, useQueryClient } from '@tanstack/react-query';
import i18next from 'i18next';
import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { ApiError, call } from '../base/api.ts';
import { Dialog } from '../base/dialog.tsx';
import { currentLang } from '../base/i18n.ts';
import { toast } from '../base/live.tsx';
import { Link } from '../base/shell.tsx';
import { ErrorNote, Loading } from '../base/states.tsx';
import { auditTime, zoneName } from '../base/time.ts';
import { Confirm, DataTable, FieldError, MoreButton, PageHead, SaveBar } from './kit.tsx';
import { Control } from './settings_control.tsx';
import { isWeaker, keySlug, settingsKey, useSettings, valueWords, type Row, type Setting } from './settings_data.ts';
import { LockOut } from './settings_network.tsx';
import type { Me } from '../base/types.ts';

const labelOf = (row: Row): string => row.def[currentLang()];

/** Who changed a setting last; the operator has no member's name. */
function useWho(): (by: string, name: string) => string {
  const { t } = useTranslation();
  return (by, name) => name || t(by === '0' ? 'settings.operator' : 'settings.gone');
}

export function History({ me, row, close }: { me: Me; row: Row; close: () => void }) {
  const { t } = useTranslation();
  const who = useWho();
  const list = useInfiniteQuery({
    queryKey: [...settingsKey(me.tenant), 'history', row.def.key],
    initialPageParam: 0,
    queryFn: ({ pageParam }) => call(me.tenant, 'console.setting.history', {
      params: { setting: row.def.key }, query: pageParam ? { before: pageParam } : {},
    }),
    getNextPageParam: (page) => page.next || undefined,
    staleTime: 0,
  });
  return (
    <Dialog opened close={close} title={t('settings.history.title', { label: labelOf(row) })}>
      {list.isPending && <Loading rows={3} />}
      {list.isError && <ErrorNote error={list.error} retry={() => void list.refetch()} />}
      {list.isSuccess && (
        <DataTable
          label={t('settings.history.title', { label: labelOf(row) })} className="history-table"
          rows={list.data.pages.flatMap((p) => p.changes)} keyOf={(c) => String(c.seq)} empty={t('settings.history.empty')}
          columns={[
            { key: 'time', head: t('settings.history.time', { zone: zoneName() }), className: 'number', cell: (c) => auditTime(new Date(c.time)) },
            { key: 'who', head: t('settings.history.who'), cell: (c) => who(c.by, c.by_name) },
            { key: 'what', head: t('settings.history.what'), cell: (c) => t('kit.save.change', { old: valueWords(row, c.old), next: valueWords(row, c.value) }) },
          ]}
        />
      )}
      <MoreButton list={list} />
      <div className="dialog-buttons"><Button variant="default" onClick={close}>{t('base.act.close')}</Button></div>
    </Dialog>
  );
}

function LastChange({ now }: { now: Setting }) {
  const { t } = useTranslation();
  const who = useWho();
  return (
    <span className="small-print">
      {now.changed ? t('settings.changed', { time: auditTime(new Date(now.changed)), who: who(now.by, now.by_name) }) : t('settings.never')}
    </span>
  );
}

function Item({ tenant, row, level, value, change, error, showPast, found }: {
  tenant: string; row: Row; level: 'h2' | 'h3'; value: string; change: (value: string) => void; error: string | undefined; showPast: () => void;
  found: boolean;
}) {
  const { t } = useTranslation();
  const { def, now, text } = row;
  const box = useRef<HTMLDivElement>(null);
  const Heading = level;
  const label = labelOf(row);
  const id = `setting-${keySlug(def.key)}`;
  const weaker = value !== now.value && isWeaker(def, now.value, value);
  useEffect(() => {
    if (!found) return;
    box.current?.scrollIntoView({ block: 'start' });
    box.current?.focus();
  }, [found]);
  return (
    <div ref={box} id={id} tabIndex={-1} role="group" className={found ? 'setting found' : 'setting'} aria-labelledby={`${id}-label`}>
      <div className="setting-head">
        <Heading id={`${id}-label`} className="setting-label">{label}</Heading>
        {now.state === 'not_yet' && <span className="badge not-yet">{t('settings.not_yet')}</span>}
        {def.each !== '' && <span className="badge">{t(`settings.each.${def.each}`)}</span>}
      </div>
      <p>{text.help}</p>
      <div className="setting-value">
        {now.state === 'open'
          ? <Control tenant={tenant} row={row} label={label} value={value} change={change} error={error} />
          : <p className="setting-fixed">{valueWords(row, now.value)}</p>}
        {now.state === 'elsewhere' && <p className="small-print">{t(def.each === 'template' ? 'settings.elsewhere_template' : 'settings.elsewhere')}</p>}
      </div>
      {weaker && <p className="setting-weaker" role="status">{text.risk}</p>}
      <details className="setting-more">
        <summary>{t('settings.more')}</summary>
        <dl>
          <dt>{t('settings.risk')}</dt>
          <dd>{text.risk}</dd>
          <dt>{t('settings.example')}</dt>
          <dd>{text.example}</dd>
        </dl>
      </details>
      <div className="setting-foot">
        <span className="small-print">{t('settings.default', { value: def.default === 'given at opening' ? t('settings.given') : valueWords(row, def.default) })}</span>
        <LastChange now={now} />
        <button type="button" className="text-button" onClick={showPast} aria-label={t('settings.history.of', { label })}>{t('settings.history.open')}</button>
      </div>
    </div>
  );
}

/** Settings whose keys begin alike stand together, under the words that settings.group has for the beginning. */
function groupsOf(rows: Row[]): { title: string; rows: Row[] }[] {
  const groups: { title: string; rows: Row[] }[] = [];
  for (const row of rows) {
    const name = `settings.group.${row.def.key.split('.').slice(0, 2).join('_')}`;
    const title = i18next.exists(name) ? i18next.t(name) : '';
    const known = groups.find((g) => g.title === title);
    if (known) known.rows.push(row);
    else groups.push({ title, rows: [row] });
  }
  return groups;
}

/** All settings of one submenu. `found`: the setting that was searched for, as it stands in an address. */
export function SettingsPage({ me, menu, title, found = '' }: { me: Me; menu: string; title: string; found?: string }) {
  const { t } = useTranslation();
  const queries = useQueryClient();
  const all = useSettings(me);
  const [edits, setEdits] = useState<Record<string, string>>({});
  const [wrong, setWrong] = useState('');
  const [past, setPast] = useState<Row | null>(null);
  const [lockOut, setLockOut] = useState(false);
  const [waiting, setWaiting] = useState(0);
  const rows = all.rows.filter((r) => r.def.menus.includes(menu));
  const changed = rows.filter((r) => edits[r.def.key] !== undefined && edits[r.def.key] !== r.now.value);
  const words = (row: Row, value: string, old: string) => (isWeaker(row.def, old, value)
    ? t('settings.value_weaker', { value: valueWords(row, value) }) : valueWords(row, value));
  const save = async (confirmed = false) => {
    try {
      await call(me.tenant, 'console.setting.put_all', {
        body: { settings: changed.map((r) => ({ key: r.def.key, value: edits[r.def.key]! })), confirmed },
      });
    } catch (e) {
      if (e instanceof ApiError && e.code === 'lock_out') {
        setLockOut(true);
        return;
      }
      if (e instanceof ApiError && e.code === 'members_waiting') {
        setWaiting(e.count);
        return;
      }
      const row = e instanceof ApiError ? rows.find((r) => r.def.key === e.field) : undefined;
      if (!row) throw e;
      setWrong(row.def.key);
      throw new FieldError(row.def.key, t('settings.refused', { label: labelOf(row) }));
    }
    setWrong('');
    await queries.invalidateQueries({ queryKey: ['console', me.tenant] });
    setEdits({});
    toast(t('settings.saved'));
  };
  if (all.isPending) return <Loading />;
  if (all.error) return <ErrorNote error={all.error} retry={() => void all.retry()} />;
  return (
    <>
      <PageHead title={title} about={t('settings.about')}>
        <Link to="/console/presets" className="text-button">{t('settings.presets')}</Link>
      </PageHead>
      {groupsOf(rows).map((g) => (
        <div key={g.title} className="setting-group">
          {g.title && <h2>{g.title}</h2>}
          {g.rows.map((r) => (
            <Item
              key={r.def.key} tenant={me.tenant} row={r} level={g.title ? 'h3' : 'h2'} value={edits[r.def.key] ?? r.now.value} found={keySlug(r.def.key) === found}
              change={(value) => {
                setWrong('');
                setEdits({ ...edits, [r.def.key]: value });
              }}
              error={wrong === r.def.key ? t('kit.form.field') : undefined} showPast={() => setPast(r)}
            />
          ))}
        </div>
      ))}
      <SaveBar
        changes={changed.map((r) => ({ label: labelOf(r), old: valueWords(r, r.now.value), next: words(r, edits[r.def.key]!, r.now.value) }))}
        save={() => save()}
        discard={() => {
          setWrong('');
          setEdits({});
        }}
      />
      {lockOut && <LockOut close={() => setLockOut(false)} run={() => save(true)} />}
      {waiting > 0 && (
        <Confirm
          title={t('settings.waiting.title', { n: waiting, count: waiting })} text={t('settings.waiting.text')} act={t('settings.waiting.act', { n: waiting, count: waiting })}
          danger={false} close={() => setWaiting(0)} run={() => save(true)}
        />
      )}
      {past && <History me={me} row={past} close={() => setPast(null)} />}
    </>
  );
}

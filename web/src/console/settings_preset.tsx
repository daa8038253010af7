// プリセット: all settings of a submenu, or all within reach, to 標準, 厳しめ or 互換: the differences first, then one step.
import './settings.css';
import { Button, NativeSelect, Radio } from '@mantine/core';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Ops } from '../../gen/api.ts';
import { ApiError, call, opPath } from '../base/api.ts';
import { currentLang } from '../base/i18n.ts';
import { toast } from '../base/live.tsx';
import { ErrorNote, Loading } from '../base/states.tsx';
import { Card, Confirm, DataTable, PageHead } from './kit.tsx';
import { hasSettings, isWeaker, settingsKey, useSettings, valueWords, type Row } from './settings_data.ts';
import { LockOut } from './settings_network.tsx';
import type { ConsoleMenu, Me } from '../base/types.ts';

const PRESETS = ['standard', 'strict', 'paper'] as const;
type Preset = (typeof PRESETS)[number];
type Diff = Ops['console.preset.read']['output'];

function Changes({ diff, row }: { diff: Diff; row: (key: string) => Row }) {
  const { t } = useTranslation();
  const lang = currentLang();
  return (
    <DataTable
      label={t('settings.preset.changes')} rows={diff.changes} keyOf={(c) => c.key} empty={t('settings.preset.same')}
      columns={[
        { key: 'label', head: t('settings.preset.setting'), cell: (c) => row(c.key).def[lang] },
        { key: 'old', head: t('settings.preset.old'), cell: (c) => valueWords(row(c.key), c.old) },
        {
          key: 'next', head: t('settings.preset.next'),
          cell: (c) => (
            <>
              {valueWords(row(c.key), c.value)}{' '}
              {isWeaker(row(c.key).def, c.old, c.value) && <span className="badge weaker">{t('settings.weaker')}</span>}
            </>
          ),
        },
      ]}
    />
  );
}

function Left({ diff, row }: { diff: Diff; row: (key: string) => Row }) {
  const { t } = useTranslation();
  const lang = currentLang();
  if (diff.left.length === 0) return null;
  return (
    <details className="setting-more">
      <summary>{t('settings.preset.left', { n: diff.left.length })}</summary>
      <ul className="left-list">
        {diff.left.map((l) => <li key={l.key}>{t(`settings.preset.left_${l.reason}`, { label: row(l.key).def[lang] })}</li>)}
      </ul>
    </details>
  );
}

export function PresetPage({ me, menus }: { me: Me; menus: ConsoleMenu['menus'] }) {
  const { t } = useTranslation();
  const lang = currentLang();
  const queries = useQueryClient();
  const [preset, setPreset] = useState<Preset>('standard');
  const [menu, setMenu] = useState('');
  const [asking, setAsking] = useState(false);
  const [lockOut, setLockOut] = useState(false);
  const all = useSettings(me);
  const query = { preset, ...(menu ? { menu } : {}) };
  const diff = useQuery({
    queryKey: [...settingsKey(me.tenant), 'preset', preset, menu], queryFn: () => call(me.tenant, 'console.preset.read', { query }), staleTime: 0,
  });
  const row = (key: string): Row => all.rows.find((r) => r.def.key === key)!;
  const apply = async (confirmed = false) => {
    const done = await call(me.tenant, 'console.preset.apply', { body: { ...query, mark: diff.data?.mark ?? '', confirmed } }).catch((e: unknown) => {
      if (!(e instanceof ApiError) || e.code !== 'lock_out') throw e;
      setLockOut(true);
    });
    if (!done) return;
    await queries.invalidateQueries({ queryKey: settingsKey(me.tenant) });
    toast(t('settings.preset.done', { n: done.changes.length }));
  };
  const places = menus.flatMap((g) => g.items.filter((i) => hasSettings(i.id))
    .map((i) => ({ value: i.id, label: t('settings.find.menu', { group: g[lang], menu: i[lang] }) })));
  const count = diff.data?.changes.length ?? 0;
  return (
    <>
      <PageHead title={t('settings.preset.title')} about={t('settings.preset.about')} />
      <Card title={t('settings.preset.choose')}>
        <Radio.Group aria-label={t('settings.preset.choose')} value={preset} onChange={(v) => setPreset(v as Preset)}>
          <div className="setting-choices">
            {PRESETS.map((p) => (
              <Radio key={p} value={p} label={t(`settings.preset.${p}`)} description={t(`settings.preset.${p}_text`)} />
            ))}
          </div>
        </Radio.Group>
        <NativeSelect
          className="setting-narrow" label={t('settings.preset.where')} value={menu} onChange={(e) => setMenu(e.currentTarget.value)}
          data={[{ value: '', label: t('settings.preset.everywhere') }, ...places]}
        />
      </Card>
      {(diff.isPending || all.isPending) && <Loading rows={3} />}
      {(diff.error ?? all.error) && <ErrorNote error={diff.error ?? all.error} retry={() => void Promise.all([diff.refetch(), all.retry()])} />}
      {diff.isSuccess && all.rows.length > 0 && (
        <>
          <Changes diff={diff.data} row={row} />
          <Left diff={diff.data} row={row} />
          {count > 0 && <Button onClick={() => setAsking(true)}>{t('settings.preset.act', { n: count })}</Button>}
        </>
      )}
      <Card title={t('settings.review.title')} text={t('settings.review.text')}>
        <a className="text-button" href={`/t/${me.tenant}${opPath('console.setting.export', {})}`} download>{t('settings.review.act')}</a>
      </Card>
      {lockOut && <LockOut close={() => setLockOut(false)} run={() => apply(true)} />}
      {asking && (
        <Confirm
          title={t('settings.preset.ask', { preset: t(`settings.preset.${preset}`), n: count })} text={t('settings.preset.ask_text')}
          act={t('settings.preset.act', { n: count })} close={() => setAsking(false)} run={() => apply()}
        />
      )}
    </>
  );
}

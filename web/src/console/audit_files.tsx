// 監査 > ログダウンロード: the files made from logs, how far they are, and fetching them.
import { Button } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { call } from '../base/api.ts';
import { saveFile } from '../base/save.ts';
import { ErrorNote, Loading } from '../base/states.tsx';
import { auditTime, zoneName } from '../base/time.ts';
import type { Ops } from '../../gen/api.ts';
import type { Me } from '../base/types.ts';
import { Confirm, DataTable, PageHead, useProof, type Column } from './kit.tsx';

type Download = Ops['console.download.list']['output']['downloads'][number];

export function AuditFilesPage({ me }: { me: Me }) {
  const { t } = useTranslation();
  const prove = useProof();
  const [asked, setAsked] = useState<Download | null>(null);
  const list = useQuery({
    queryKey: ['console', me.tenant, 'downloads'],
    queryFn: () => call(me.tenant, 'console.download.list'),
    staleTime: 0,
    refetchInterval: (q) => (q.state.data?.downloads.some((d) => d.state === 'making') ? 3000 : false),   // each look is a row of the audit
  });
  const columns: Column<Download>[] = [
    { key: 'name', head: t('audit.files.name'), cell: (d) => d.name },
    { key: 'state', head: t('audit.files.state'), cell: (d) => t(`audit.files.${d.state}`) },
    { key: 'rows', head: t('audit.files.rows'), className: 'number', cell: (d) => d.rows.toLocaleString('en') },
    { key: 'by', head: t('audit.files.by'), cell: (d) => d.by_name },
    { key: 'made', head: t('audit.files.made', { zone: zoneName() }), className: 'number', cell: (d) => auditTime(new Date(d.made)) },
    { key: 'until', head: t('audit.files.until'), className: 'number', cell: (d) => auditTime(new Date(d.until)) },
    { key: 'act', head: t('audit.files.act'), cell: (d) => d.state === 'ready' && <Button size="xs" variant="default" onClick={() => setAsked(d)}>{t('audit.files.fetch')}</Button> },
  ];
  const fetchFile = async (d: Download) => {
    saveFile(d.name, await prove(() => call(me.tenant, 'console.download.fetch', { params: { file: d.id } })));
  };
  return (
    <>
      <PageHead title={t('audit.files.title')} about={t('audit.files.about')} />
      {list.isPending && <Loading />}
      {list.isError && <ErrorNote error={list.error} retry={() => void list.refetch()} />}
      {list.isSuccess && (
        <DataTable label={t('audit.files.title')} rows={list.data.downloads} columns={columns} keyOf={(d) => d.id} nameOf={(d) => d.name} empty={t('audit.files.empty')} />
      )}
      {asked && (
        <Confirm title={t('audit.files.fetch_title', { name: asked.name })} act={t('audit.files.fetch')} danger={false}
          run={() => fetchFile(asked)} close={() => setAsked(null)}>
          <p>{t('audit.download.secret')}</p>
        </Confirm>
      )}
    </>
  );
}

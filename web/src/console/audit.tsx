// 監査: the rows of the log, newest first.
import { Button } from '@mantine/core';
import { useInfiniteQuery, useQueryClient } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { auditKinds, errorSentences, type ErrorCode } from '../../gen/api.ts';
import { call } from '../base/api.ts';
import { currentLang } from '../base/i18n.ts';
import { ErrorNote, Loading } from '../base/states.tsx';
import { auditTime, zoneName } from '../base/time.ts';
import type { AuditRow, Me } from '../base/types.ts';

const PAGE = 50;

function Result({ row }: { row: AuditRow }) {
  const { t } = useTranslation();
  if (row.result === 'ok') return <span className="badge status-active">{t('console.audit.ok')}</span>;
  const sentence = errorSentences[currentLang()][row.result as ErrorCode] ?? row.result;
  return <span className="badge status-suspended" title={sentence}>{t('console.audit.refused', { text: row.result })}</span>;
}

/** The detail is a flat JSON object: shown as pairs, since an admin does not read braces. */
function pairs(detail: string): string {
  if (detail === '') return '';
  const value = JSON.parse(detail) as Record<string, unknown>;
  return Object.entries(value).map(([name, v]) => `${name}: ${String(v)}`).join(' · ');
}

function Row({ row }: { row: AuditRow }) {
  const { t } = useTranslation();
  const kind = auditKinds[row.act];
  return (
    <tr>
      <th scope="row" className="number">{row.seq}</th>
      <td data-label={t('console.audit.time', { zone: zoneName() })} className="number">{auditTime(new Date(row.time))}</td>
      <td data-label={t('console.audit.actor')}>{row.actor_name || (row.actor === '0' ? t('console.audit.system') : row.actor)}</td>
      <td data-label={t('console.audit.act')}>
        {kind ? kind[currentLang()] : row.act}
        {row.count > 1 && <span className="small-print">{t('console.audit.count', { n: row.count })}</span>}
      </td>
      <td data-label={t('console.audit.object')} className={row.object_name ? undefined : 'number'}>{row.object_name || (row.object === '0' ? '' : row.object)}</td>
      <td data-label={t('console.audit.result')}><Result row={row} /></td>
      <td data-label={t('console.audit.channel')}>{row.channel}</td>
      <td data-label={t('console.audit.ip')} className="number">{row.ip}</td>
      <td data-label={t('console.audit.detail')} className="detail">{pairs(row.detail)}</td>
    </tr>
  );
}

export function AuditPage({ me }: { me: Me }) {
  const { t } = useTranslation();
  const queries = useQueryClient();
  const list = useInfiniteQuery({
    queryKey: ['console', me.tenant, 'audit'],
    initialPageParam: 0,
    queryFn: ({ pageParam }) => call(me.tenant, 'console.audit.list', {
      query: pageParam ? { before: pageParam, limit: PAGE } : { limit: PAGE },
    }),
    getNextPageParam: (page) => (page.more ? page.rows.at(-1)?.seq : undefined),
    staleTime: 0,
  });
  const retry = () => void queries.invalidateQueries({ queryKey: ['console', me.tenant] });
  const rows = list.data?.pages.flatMap((p) => p.rows) ?? [];
  const head = list.data?.pages[0]?.head;
  const columns = ['actor', 'act', 'object', 'result', 'channel', 'ip', 'detail'] as const;
  return (
    <>
      <h1 className="page-title">{t('console.audit.title')}</h1>
      <p className="page-about">{t('console.audit.about')}</p>
      {list.isPending && <Loading />}
      {list.isError && <ErrorNote error={list.error} retry={retry} />}
      {list.isSuccess && rows.length === 0 && <p>{t('console.audit.empty')}</p>}
      {head && <p className="small-print chain">{t('console.audit.head', { size: head.size.toLocaleString('en'), root: head.root.slice(0, 16) })}</p>}
      {rows.length > 0 && (
        <div className="table-box" tabIndex={0} role="region" aria-label={t('console.audit.title')}>
          <table className="console-table audit-table">
            <thead>
              <tr>
                <th scope="col">{t('console.audit.seq')}</th>
                <th scope="col">{t('console.audit.time', { zone: zoneName() })}</th>
                {columns.map((c) => <th key={c} scope="col">{t(`console.audit.${c}`)}</th>)}
              </tr>
            </thead>
            <tbody>{rows.map((r) => <Row key={r.seq} row={r} />)}</tbody>
          </table>
        </div>
      )}
      {list.hasNextPage && (
        <Button variant="default" loading={list.isFetchingNextPage} onClick={() => void list.fetchNextPage()}>{t('console.audit.older')}</Button>
      )}
    </>
  );
}

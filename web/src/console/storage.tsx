// 共有ストレージ: how much is stored, by the company and by each room. What several people called their room is theirs, and not shown.
import './storage.css';
import { useInfiniteQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { call } from '../base/api.ts';
import { addWords } from '../base/i18n.ts';
import { Link } from '../base/shell.tsx';
import { ErrorNote, Loading } from '../base/states.tsx';
import { sizeText } from '../talk/file_kinds.ts';
import { Card, DataTable, MoreButton, PageHead, pathOf, type Column, type PageProps } from './kit.tsx';
import en from './words/storage.en.json';
import ja from './words/storage.ja.json';
import type { Ops } from '../../gen/api.ts';

addWords('storage', ja, en);

type Room = Ops['console.storage']['output']['rooms'][number];

/** From here on somebody should act. */
const SOON = 0.8, NOW = 0.95;

export function StoragePage({ me }: PageProps) {
  const { t } = useTranslation();
  const list = useInfiniteQuery({
    queryKey: ['console', me.tenant, 'storage'],
    initialPageParam: null as Room | null,
    queryFn: ({ pageParam: last }) => call(me.tenant, 'console.storage', { query: last ? { after: last.id, bytes: last.bytes } : {} }),
    getNextPageParam: (page) => (page.more ? page.rooms.at(-1) : undefined),
    staleTime: 0,
  });
  const first = list.data?.pages[0];
  const nameOf = (r: Room): string => r.name || t(`storage.kind.${r.kind || 'gone'}`, { n: r.members, count: r.members });
  const columns: Column<Room>[] = [
    { key: 'name', head: t('storage.room'), cell: nameOf },
    { key: 'bytes', head: t('storage.bytes'), className: 'number', cell: (r) => sizeText(r.bytes) },
    { key: 'files', head: t('storage.files'), className: 'number', cell: (r) => r.files.toLocaleString('en') },
    { key: 'members', head: t('storage.members'), className: 'number', cell: (r) => (r.kind ? r.members.toLocaleString('en') : '') },
  ];
  const share = first ? first.used / first.quota : 0;
  return (
    <>
      <PageHead title={t('storage.title')} about={t('storage.about')} />
      {list.isPending && <Loading />}
      {list.isError && <ErrorNote error={list.error} retry={() => void list.refetch()} />}
      {first && (
        <>
          <Card title={t('storage.company')}>
            <p>{t('storage.used', { used: sizeText(first.used), quota: sizeText(first.quota), left: sizeText(Math.max(0, first.quota - first.used)) })}</p>
            <progress className="storage-bar" value={Math.min(1, share)} max={1} aria-label={t('storage.company')} />
            {share >= SOON && <p className="danger" role="alert">{t(share >= NOW ? 'storage.now' : 'storage.soon')}</p>}
            <p className="small-print">
              {first.room_quota < 0 ? t('storage.no_room_quota') : t('storage.room_quota', { quota: sizeText(first.room_quota) })}
              {' '}<Link to={pathOf('service.talk')} className="text-button">{t('storage.to_settings')}</Link>
            </p>
          </Card>
          <DataTable label={t('storage.rooms')} rows={list.data!.pages.flatMap((p) => p.rooms)} columns={columns} keyOf={(r) => r.id} nameOf={nameOf} empty={t('storage.empty')} />
          <MoreButton list={list} />
        </>
      )}
    </>
  );
}

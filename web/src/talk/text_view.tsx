// A file as text, with the numbers of its lines; of a long one the rows near the window alone are drawn.
import { useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import { Virtualizer } from 'virtua';
import { ApiError, call } from '../base/api.ts';
import { useTalkStore } from './talk.ts';
import { MarkOver } from './mark.tsx';
import { useScroller } from './scroller.ts';
import { decode, headOf, rowsOfText } from './text_read.ts';
import type { TalkFile } from './file_kinds.ts';
import type { Look } from './look.ts';

const KEPT = 5 * 60_000;

/** Its beginning, by a ticket as for saving: the log says that it was taken. Once for as long as it is kept here. */
function useText(file: TalkFile) {
  const { tenant } = useTalkStore().me;
  return useQuery({
    queryKey: ['text', tenant, file.id], staleTime: Infinity, gcTime: KEPT, retry: false,
    queryFn: async () => {
      const { url, mark } = await call(tenant, 'file.ticket', { params: { stored: file.id }, body: { use: 'save' } });
      const answer = await fetch(url, { credentials: 'omit', cache: 'no-store', redirect: 'error' }).catch(() => null);
      if (!answer?.ok) throw new ApiError('offline', 0);
      const head = await headOf(answer);
      const read = decode(head);
      return { rows: read && rowsOfText(read.text), cut: head.cut, mark };
    },
  });
}

export function TextView({ file, look }: { file: TalkFile; look: Look }) {
  const { t } = look;
  const { data, isPending, error } = useText(file);
  const rows = useMemo(() => data?.rows ?? [], [data]);
  const scroller = useScroller(rows.length > 0);
  if (isPending) return <p className="viewer-note" role="status">{t('viewer.loading')}</p>;
  if (error) return <p className="viewer-note danger" role="alert">{error instanceof ApiError && error.message !== error.code ? error.message : t('talk.file.failed')}</p>;
  if (!data?.rows) return <p className="viewer-note" role="alert">{t('viewer.no_text')}</p>;
  return (
    <>
      <div ref={scroller} className="viewer-text" tabIndex={0} role="group" aria-label={file.name}>
        {data.cut && <p className="text-cut" role="status">{t('viewer.cut')}</p>}
        <Virtualizer>
          {rows.map((row, i) => (
            <div key={i} className="text-row">
              <span className="text-line" aria-hidden>{row.line || ''}</span>
              <code>{row.text === '' ? '\u200b' : row.text}</code>
            </div>
          ))}
        </Virtualizer>
      </div>
      <MarkOver mark={data.mark} />
    </>
  );
}

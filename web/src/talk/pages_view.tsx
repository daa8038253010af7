// A document as pictures of its pages, one below the other; those near the window alone are fetched.
import { useEffect, useRef, useState } from 'react';
import { ApiError } from '../base/api.ts';
import { usePage } from './file_use.ts';
import { useScroller } from './scroller.ts';
import type { TalkFile } from './file_kinds.ts';
import type { Look } from './look.ts';

const SIZES = ['fit', 'wide', 'wider'] as const;
export type PageSize = (typeof SIZES)[number];
export const nextSize = (size: PageSize, way: 1 | -1): PageSize => SIZES[Math.min(Math.max(SIZES.indexOf(size) + way, 0), SIZES.length - 1)]!;

function Page({ file, page, look, reading }: { file: TalkFile; page: number; look: Look; reading: (page: number) => void }) {
  const { t } = look;
  const place = useRef<HTMLLIElement>(null);
  const [near, setNear] = useState(false);
  const { data, error, refetch } = usePage(file, page, near);
  const name = t('viewer.page', { n: page, all: file.pages ?? 0 });
  useEffect(() => {
    if (!place.current) return undefined;
    const comes = new IntersectionObserver((all) => setNear(all.at(-1)!.isIntersecting), { root: place.current.closest('.viewer-pages'), rootMargin: '100% 0px' });
    const read = new IntersectionObserver((all) => all.at(-1)!.isIntersecting && reading(page), { root: place.current.closest('.viewer-pages'), rootMargin: '-50% 0px' }); // it crosses the middle
    comes.observe(place.current);
    read.observe(place.current);
    return () => {
      comes.disconnect();
      read.disconnect();
    };
  }, [page, reading]);
  return (
    <li ref={place} className={data ? 'paper-page' : 'paper-page coming'}>
      {data && <img src={data.url} alt={name} draggable={false} decoding="async" />}
      {!data && !error && <p className="viewer-note" role={page === 1 ? 'status' : undefined}>{t('viewer.loading')}</p>}
      {error && (
        <div className="viewer-note danger" role="alert">
          {error instanceof ApiError && error.message !== error.code ? error.message : t('talk.file.failed')}
          <button type="button" className="text-button" onClick={() => void refetch()}>{t('base.act.reload')}</button>
        </div>
      )}
    </li>
  );
}

export function PagesView({ file, look, size }: { file: TalkFile; look: Look; size: PageSize }) {
  const { t } = look;
  const scroller = useScroller(true);
  const [read, setRead] = useState(1);
  const all = file.pages ?? 0;
  return (
    <>
      <div ref={scroller} className="viewer-pages" tabIndex={0} role="group" aria-label={file.name}>
        <ol className={`paper-pages ${size}`}>
          {Array.from({ length: all }, (_, i) => <Page key={i} file={file} page={i + 1} look={look} reading={setRead} />)}
        </ol>
      </div>
      <p className="paper-place" role="status">{t('viewer.page', { n: read, all })}</p>
    </>
  );
}

// What stands behind a link, under the text it is in: fetched by the server, never by whoever reads it. Its room is known before the
// picture has come, so that nothing moves.
import { useState } from 'react';
import type { Look } from './look.ts';
import type { Message } from '../base/types.ts';

/** A picture that is wide enough stands above the words; a small or upright one, such as a logo, beside them. */
const isWide = ({ width = 0, height = 1 }: { width?: number; height?: number }): boolean => width >= 240 && width / height >= 1.2;

const hostOf = (url: string): string => (URL.canParse(url) ? new URL(url).host : url);

export function LinkCard({ message, look: { me } }: { message: Message; look: Look }) {
  const page = message.preview!;
  const [missing, setMissing] = useState(false);
  const pictured = page.width !== undefined && !missing;
  return (
    <a className={`link-card${pictured ? (isWide(page) ? ' wide' : ' beside') : ''}`} href={page.url} target="_blank" rel="noopener noreferrer nofollow">
      {pictured && (
        <img
          className="link-picture" src={`/t/${me.tenant}/messages/${message.id}/preview?v=${page.id}`} alt="" width={page.width} height={page.height}
          loading="lazy" decoding="async" onError={() => setMissing(true)}
        />
      )}
      <span className="link-words">
        <span className="link-title">{page.title}</span>
        {page.text && <span className="link-text">{page.text}</span>}
        <span className="link-site">{page.site || hostOf(page.url)}</span>
      </span>
    </a>
  );
}

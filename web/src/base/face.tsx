// The face of a person (circle) or room (rounded square): the photo where there is one, else the first character on one
// of six tints.
import { useState } from 'react';
import { NoticeIcon } from './icons.tsx';

/** Last digits of the id: the same tint everywhere. */
const tintOf = (id: string): number => Number(id.slice(-4)) % 6;

/** Where a colleague's photo is; its version makes it another address. */
export const photoOf = (tenant: string, m: { id: string; photo?: number } | undefined): string | undefined =>
  (m?.photo ? `/t/${tenant}/members/${m.id}/photo?v=${m.photo}` : undefined);

export function Face({ id, name, kind, size = 'normal', photo }: {
  id: string; name: string; kind: 'person' | 'room'; size?: 'small' | 'normal' | 'large'; photo?: string | undefined;
}) {
  const [broken, setBroken] = useState('');
  const [first = ''] = name.trim();
  if (photo && photo !== broken) {
    return <img className={`face face-${kind} face-${size}`} src={photo} alt="" loading="lazy" decoding="async" onError={() => setBroken(photo)} />;
  }
  return <span className={`face face-${kind} face-${size} tint${tintOf(id)}`} aria-hidden>{first}</span>;
}

/** Service notices come from nobody: a bell in the place of a face. */
export function NoticeFace({ size = 'normal' }: { size?: 'small' | 'normal' }) {
  return <span className={`face face-room face-${size} face-notice`} aria-hidden><NoticeIcon size={size === 'small' ? 20 : 24} /></span>;
}

// The face of a person (circle) or room (rounded square) without a photo: first character on one of six tints.
import { NoticeIcon } from './icons.tsx';

/** Last digits of the id: the same tint everywhere. */
const tintOf = (id: string): number => Number(id.slice(-4)) % 6;

export function Face({ id, name, kind, size = 'normal' }: {
  id: string; name: string; kind: 'person' | 'room'; size?: 'small' | 'normal';
}) {
  const [first = ''] = name.trim();
  return <span className={`face face-${kind} face-${size} tint${tintOf(id)}`} aria-hidden>{first}</span>;
}

/** Service notices come from nobody: a bell in the place of a face. */
export function NoticeFace({ size = 'normal' }: { size?: 'small' | 'normal' }) {
  return <span className={`face face-room face-${size} face-notice`} aria-hidden><NoticeIcon size={size === 'small' ? 20 : 24} /></span>;
}

// The face of a person (circle) or room (rounded square) without a photo: first character on one of six tints.

/** Last digits of the id: the same tint everywhere. */
const tintOf = (id: string): number => Number(id.slice(-4)) % 6;

export function Face({ id, name, kind, size = 'normal' }: {
  id: string; name: string; kind: 'person' | 'room'; size?: 'small' | 'normal';
}) {
  const [first = ''] = name.trim();
  return <span className={`face face-${kind} face-${size} tint${tintOf(id)}`} aria-hidden>{first}</span>;
}

// The text over films and texts in the phone app (pictures come with it drawn in): who looks, and when, as the server said it.
import type { Ops } from '../../gen/api.ts';

export type Mark = NonNullable<Ops['file.ticket']['output']['mark']>;

/** So many cover a tablet; what lies outside is cut off. */
const MARKS = 96;

export function MarkOver({ mark }: { mark: Mark | undefined }) {
  if (!mark) return null;
  return (
    <div className="mark-over" aria-hidden>
      {Array.from({ length: MARKS }, (_, i) => <span key={i}>{mark.name}<br />{mark.id}<br />{mark.time}</span>)}
    </div>
  );
}

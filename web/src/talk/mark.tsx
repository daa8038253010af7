// The text over films and texts in the phone app (pictures come with it drawn in): who looks, and when, as the server said it.
import type { Ops } from '../../gen/api.ts';

export type Mark = NonNullable<Ops['file.ticket']['output']['mark']>;

/** Drawn by the style alone: nobody selects it, and it is no text of the page. So many cover a tablet; what lies outside is cut off. */
const MARKS = 96;

export function MarkOver({ mark }: { mark: Mark | undefined }) {
  if (!mark) return null;
  return (
    <div className="mark-over" aria-hidden>
      {Array.from({ length: MARKS }, (_, i) => <span key={i} data-name={mark.name} data-id={mark.id} data-time={mark.time} />)}
    </div>
  );
}

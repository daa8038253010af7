// A finger in the log of a room, as the log has to know of it.
import { useRef, type TouchEvent } from 'react';

/** A row that is scrolled out of the window under the finger is taken away, and the end of the touch with it: the list hears of it
 * all the same, else it waits for it and takes no further touch. */
function tellTheEnd({ target, currentTarget: box }: TouchEvent): void {
  const ends = ['touchend', 'touchcancel'];
  const end = (e: Event) => {
    for (const name of ends) target.removeEventListener(name, end);
    if (!(target as Node).isConnected) box.dispatchEvent(new Event(e.type));
  };
  for (const name of ends) target.addEventListener(name, end);
}

/** `scrolls`: the finger moves up or down; sideways it means something else. */
export function useFinger(scrolls: () => void) {
  const from = useRef({ x: 0, y: 0 });
  return {
    onTouchStart: (e: TouchEvent) => {
      const one = e.touches[0]!;
      from.current = { x: one.clientX, y: one.clientY };
      tellTheEnd(e);
    },
    onTouchMove: (e: TouchEvent) => {
      const one = e.touches[0]!;
      if (Math.abs(one.clientY - from.current.y) >= Math.abs(one.clientX - from.current.x)) scrolls();
    },
  };
}

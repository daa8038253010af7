// A swipe to the right on a message answers it. What scrolls up and down, the finger that rests, a selection of words, the edge of
// the screen (which is the way back) and a second finger go before. The row and its arrow follow the thumb without being drawn anew.
// One for all rows of a log: what is swiped is the row that the touch began on.
import { useRef, useState, type TouchEvent } from 'react';

/** So far the thumb goes until letting go answers. */
export const FAR = 64;
/** A swipe that begins here belongs to the system: back. */
export const EDGE = 24;
const SLOP = 10;
/** Beyond that the row gives way more slowly. */
const beyond = (x: number): number => (x <= FAR ? x : FAR + (x - FAR) / 4);

interface Touch {
  row: HTMLElement;
  x: number;
  y: number;
  began: boolean;
  far: boolean;
}

const selects = (): boolean => window.getSelection()?.isCollapsed === false;

/** `allowed`: this row may be swiped now. `swiping`: the key of the one that is. */
export function useSwipe(allowed: (row: HTMLElement) => boolean, answer: (row: HTMLElement) => void) {
  const touch = useRef<Touch | null>(null);
  const [swiping, setSwiping] = useState<string | null>(null);

  const end = () => {
    const was = touch.current;
    touch.current = null;
    if (!was?.began) return null;
    was.row.style.removeProperty('--swipe');
    delete was.row.dataset.far;
    setSwiping(null);
    return was.far ? was.row : null;
  };
  const start = (row: HTMLElement | null, e: TouchEvent) => {
    end();
    const one = e.touches[0];
    if (!row || !one || !allowed(row) || e.touches.length > 1 || one.clientX < EDGE || selects()) return;
    touch.current = { row, x: one.clientX, y: one.clientY, began: false, far: false };
  };
  const begins = (x: number, y: number): boolean => {
    if (Math.max(Math.abs(x), Math.abs(y)) < SLOP) return false;
    const right = x >= SLOP && x > Math.abs(y) * 1.5;
    if (!right) touch.current = null;
    return right;
  };
  const move = (e: TouchEvent) => {
    const t = touch.current;
    const one = e.touches[0];
    if (!t || !one) return;
    if (!allowed(t.row) || e.touches.length > 1) { // its menu has opened meanwhile
      end();
      return;
    }
    const x = one.clientX - t.x;
    if (!t.began) {
      if (!begins(x, one.clientY - t.y)) return;
      t.began = true;
      setSwiping(t.row.dataset.key ?? null);
    }
    const far = x >= FAR;
    if (far && !t.far) navigator.vibrate?.(10);
    t.far = far;
    t.row.style.setProperty('--swipe', `${beyond(Math.max(0, x))}px`);
    if (far) t.row.dataset.far = '';
    else delete t.row.dataset.far;
  };
  const lift = (e: TouchEvent) => {
    const row = end();
    if (!row) return;
    if (e.cancelable) e.preventDefault(); // no press comes of it
    answer(row);
  };
  return { swiping, start, move, lift, cancel: () => void end() };
}

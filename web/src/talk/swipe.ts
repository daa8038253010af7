// A swipe to the right on a message answers it. What scrolls up and down, the finger that rests, a selection of words, the edge of
// the screen (which is the way back) and a second finger go before. The row and its arrow follow the thumb without being drawn anew.
import { useRef, useState, type TouchEvent } from 'react';

/** So far the thumb goes until letting go answers. */
export const FAR = 64;
/** A swipe that begins here belongs to the system: back. */
export const EDGE = 24;
const SLOP = 10;
/** Beyond that the row gives way more slowly. */
const beyond = (x: number): number => (x <= FAR ? x : FAR + (x - FAR) / 4);

interface Touch {
  x: number;
  y: number;
  began: boolean;
  far: boolean;
}

const selects = (): boolean => window.getSelection()?.isCollapsed === false;

export function useSwipe(place: { current: HTMLElement | null }, allowed: boolean, answer: () => void) {
  const touch = useRef<Touch | null>(null);
  const [swiping, setSwiping] = useState(false);

  const end = () => {
    const was = touch.current;
    touch.current = null;
    if (!was?.began) return false;
    place.current?.style.removeProperty('--swipe');
    delete place.current?.dataset.far;
    setSwiping(false);
    return was.far;
  };
  const start = (e: TouchEvent) => {
    end();
    const one = e.touches[0];
    if (!allowed || !one || e.touches.length > 1 || one.clientX < EDGE || selects()) return;
    touch.current = { x: one.clientX, y: one.clientY, began: false, far: false };
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
    if (!allowed || e.touches.length > 1) { // its menu has opened meanwhile
      end();
      return;
    }
    const x = one.clientX - t.x;
    if (!t.began) {
      if (!begins(x, one.clientY - t.y)) return;
      t.began = true;
      setSwiping(true);
    }
    const far = x >= FAR;
    if (far && !t.far) navigator.vibrate?.(10);
    t.far = far;
    const { current } = place;
    if (!current) return;
    current.style.setProperty('--swipe', `${beyond(Math.max(0, x))}px`);
    if (far) current.dataset.far = '';
    else delete current.dataset.far;
  };
  const lift = (e: TouchEvent) => {
    if (!end()) return;
    if (e.cancelable) e.preventDefault(); // no press comes of it
    answer();
  };
  return { swiping, touches: { onTouchStart: start, onTouchMove: move, onTouchEnd: lift, onTouchCancel: () => void end() } };
}

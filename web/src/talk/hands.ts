// What hands do in the log of a room: keys and touches are heard once for all rows, which hear nothing themselves.
import { useRef, type FocusEvent, type KeyboardEvent, type TouchEvent } from 'react';
import type { Acts } from './bubble.tsx';
import { useFinger } from './finger.ts';
import { isNotice } from './names.ts';
import { useLongPress } from './press.ts';
import type { Row } from './rows.ts';
import { useSwipe } from './swipe.ts';
import type { Message } from '../base/types.ts';

const rowOf = (target: EventTarget): HTMLElement | null => (target as HTMLElement).closest<HTMLElement>('article');

export interface Busy {
  choosing: boolean;
  /** The key of the row that is being edited. */
  editing: string | null;
  menu: boolean;
}

/** `scrolls`: a finger moves up or down. `focused`: a row, or something in it, has the focus. */
export function useHands(rows: readonly Row[], { choosing, editing, menu }: Busy, acts: Acts, to: { scrolls: () => void; focused: (key: string) => void; answer: (m: Message) => void }) {
  const messageOf = (row: HTMLElement | null): Message | undefined => {
    const found = rows.find((r) => r.key === row?.dataset.key);
    return found?.kind === 'message' && !isNotice(found.message) ? found.message : undefined;
  };
  const pressed = useRef<HTMLElement | null>(null);
  const finger = useFinger(to.scrolls);
  const press = useLongPress(() => {
    const m = messageOf(pressed.current);
    if (m) acts.menu(m, 'acts');
  });
  const swipe = useSwipe((row) => {
    const m = messageOf(row);
    return m !== undefined && !m.gone && !choosing && !menu && editing !== row.dataset.key;
  }, (row) => {
    const m = messageOf(row);
    if (m) to.answer(m);
  });
  const onKeyDown = (e: KeyboardEvent) => {
    const m = (e.target as HTMLElement).tagName === 'ARTICLE' ? messageOf(e.target as HTMLElement) : undefined;
    if (!m) return;
    if (choosing && (e.key === ' ' || e.key === 'Enter')) acts.choose(m);
    else if (!choosing && (e.key === 'Enter' || (e.key === 'F10' && e.shiftKey))) acts.menu(m, 'acts');
    else return;
    e.preventDefault();
  };
  const touches = {
    onTouchStart: (e: TouchEvent) => {
      finger.onTouchStart(e);
      const row = rowOf(e.target);
      swipe.start(row, e);
      pressed.current = row;
      if (messageOf(row) && (e.target as HTMLElement).closest('.bubble')) press.onTouchStart();
    },
    onTouchMove: (e: TouchEvent) => {
      finger.onTouchMove(e);
      press.onTouchMove();
      swipe.move(e);
    },
    onTouchEnd: (e: TouchEvent) => {
      press.onTouchEnd();
      swipe.lift(e);
    },
    onTouchCancel: () => {
      press.onTouchCancel();
      swipe.cancel();
    },
  };
  const onFocus = (e: FocusEvent) => {
    const key = rowOf(e.target)?.dataset.key;
    if (key) to.focused(key);
  };
  return { swiping: swipe.swiping, onKeyDown, onFocus, touches };
}

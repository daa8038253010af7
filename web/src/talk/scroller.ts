// What is read in the viewer and is longer than the window: keys scroll it where they were for the window around it, which has them
// again when it goes.
import { useLayoutEffect, useRef, type RefObject } from 'react';

export function useScroller(there: boolean): RefObject<HTMLDivElement | null> {
  const scroller = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => {
    const element = scroller.current, stage = element?.parentElement;
    if (stage && document.activeElement === stage) element.focus({ preventScroll: true });
    return () => {
      if (element && document.activeElement === element) stage?.focus({ preventScroll: true });
    };
  }, [there]);
  return scroller;
}

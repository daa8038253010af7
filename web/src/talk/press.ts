// A finger that rests on a bubble opens its menu.
import { useEffect, useRef } from 'react';

const LONG_PRESS = 450;

export function useLongPress(open: () => void) {
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  const stop = () => clearTimeout(timer.current);
  useEffect(() => stop, []);
  return {
    onTouchStart: () => {
      timer.current = setTimeout(() => {
        navigator.vibrate?.(10);
        open();
      }, LONG_PRESS);
    },
    onTouchMove: stop, onTouchEnd: stop, onTouchCancel: stop,
  };
}

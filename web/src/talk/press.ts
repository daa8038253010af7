// A finger that rests on a bubble opens its menu.
import { useEffect, useRef } from 'react';

const LONG_PRESS = 450;

/** The menu opens under the finger that rests: when it is lifted, that is no choice in the menu. */
function passOverItsEnd(): void {
  const end = (e: Event) => {
    document.removeEventListener('touchend', end, true);
    document.removeEventListener('touchcancel', end, true);
    if (e.type === 'touchend') e.preventDefault();
  };
  document.addEventListener('touchend', end, { capture: true, passive: false });
  document.addEventListener('touchcancel', end, true);
}

export function useLongPress(open: () => void) {
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  const stop = () => clearTimeout(timer.current);
  useEffect(() => stop, []);
  return {
    onTouchStart: () => {
      timer.current = setTimeout(() => {
        navigator.vibrate?.(10);
        passOverItsEnd();
        open();
      }, LONG_PRESS);
    },
    onTouchMove: stop, onTouchEnd: stop, onTouchCancel: stop,
  };
}

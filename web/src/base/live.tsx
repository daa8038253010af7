// What screen readers hear without moving: at most one polite sentence every two seconds, and toasts after an action.
import { useSyncExternalStore } from 'react';

const PAUSE = 2_000;
const TOAST_TIME = 4_000;

interface Live {
  polite: string;
  toast: string;
}
let live: Live = { polite: '', toast: '' };
let waiting: string[] = [];
let summary: (n: number) => string = String;
let quietUntil = 0;
let sayTimer: ReturnType<typeof setTimeout> | undefined;
let toastTimer: ReturnType<typeof setTimeout> | undefined;
const listeners = new Set<() => void>();

function set(part: Partial<Live>): void {
  live = { ...live, ...part };
  listeners.forEach((f) => f());
}

function speak(): void {
  sayTimer = undefined;
  const text = waiting.length > 3 ? summary(waiting.length) : waiting.shift() ?? '';
  if (waiting.length > 3) waiting = [];
  quietUntil = Date.now() + PAUSE;
  set({ polite: text });
  sayTimer = setTimeout(waiting.length > 0 ? speak : () => {
    sayTimer = undefined;
    if (waiting.length > 0) speak();
    else set({ polite: '' });
  }, PAUSE);
}

/** More than three waiting sentences become one: many(n). */
export function say(sentence: string, many: (n: number) => string): void {
  waiting.push(sentence);
  summary = many;
  sayTimer ??= setTimeout(speak, Math.max(0, quietUntil - Date.now()));
}

/** What was said belongs to the account that leaves. */
export function hush(): void {
  waiting = [];
  set({ polite: '', toast: '' });
}

export function toast(sentence: string): void {
  clearTimeout(toastTimer);
  set({ toast: sentence });
  toastTimer = setTimeout(() => set({ toast: '' }), TOAST_TIME);
}

export function LiveRegions() {
  const { polite, toast: shown } = useSyncExternalStore((f) => {
    listeners.add(f);
    return () => listeners.delete(f);
  }, () => live);
  return (
    <>
      <div className="hidden-text" aria-live="polite" data-testid="live">{polite}</div>
      <div className="toast-place" role="status">{shown && <div className="toast">{shown}</div>}</div>
    </>
  );
}

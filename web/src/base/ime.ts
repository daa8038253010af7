// What a key in a text field means while an input method may be composing.
// Safari ends the composition before it sends the Enter that ended it, so the flag of a field is cleared one task after
// compositionend, and keyCode 229 counts as composing too.
import { useMemo } from 'react';

export interface KeyLike {
  key: string;
  keyCode?: number;
  shiftKey?: boolean;
  ctrlKey?: boolean;
  metaKey?: boolean;
  altKey?: boolean;
  isComposing?: boolean;
}
export type SendKey = 'enter' | 'mod-enter';

export const isComposingKey = (e: KeyLike, composing: boolean): boolean =>
  composing || e.isComposing === true || e.keyCode === 229;

/** 'send', or 'text' when the key belongs to the field (a line break, a letter, the input method). */
export function decideEnter(e: KeyLike, composing: boolean, sendKey: SendKey, touch: boolean): 'send' | 'text' {
  if (e.key !== 'Enter' || isComposingKey(e, composing) || e.altKey) return 'text';
  if (e.ctrlKey || e.metaKey) return 'send';
  if (touch || e.shiftKey || sendKey === 'mod-enter') return 'text';
  return 'send';
}

export class Composition {
  composing = false;
  private timer: ReturnType<typeof setTimeout> | undefined;

  readonly start = (): void => {
    clearTimeout(this.timer);
    this.composing = true;
  };

  readonly end = (): void => {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => {
      this.composing = false;
    }, 0);
  };
}

/** Of the field that has the focus, whichever it is: for keys that close something about it. */
const here = new Composition();
document.addEventListener('compositionstart', here.start, true);
document.addEventListener('compositionend', here.end, true);
export const isComposingNow = (e: KeyLike): boolean => isComposingKey(e, here.composing);

export const useComposition = (): Composition => useMemo(() => new Composition(), []);

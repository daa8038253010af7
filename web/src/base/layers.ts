// The dialogs that are open, one over the other. Escape is the top one's, wherever the focus stands; the focus goes back
// to where it was when a dialog opened, or to what is left of that place.
import { useEffect, useState } from 'react';
import { isComposingNow } from './ime.ts';

export interface Layer {
  content: HTMLElement | null;
  /** Where the focus goes when it closes: the first of them that is still there. */
  back: readonly HTMLElement[];
  close: () => void;
}

/** For a pane that takes the focus: when it goes, the focus goes back. */
export function useFocusBack(): void {
  const [layer] = useState((): Layer => ({ content: null, back: wayBack(document.activeElement, layers.top), close: () => undefined }));
  useEffect(() => () => layers.giveBack(layer), [layer]);
}

/** The element that has the focus and all it stands in; within a dialog, what that one goes back to, too. */
export function wayBack(active: Element | null, below: Layer | undefined): HTMLElement[] {
  const chain: HTMLElement[] = [];
  for (let e = active; e && e !== document.body; e = e.parentElement) chain.push(e as HTMLElement);
  const lost = chain.length === 0;
  return below && (lost || below.content?.contains(active)) ? [...chain, ...below.back] : chain;
}

/** The fields of a dialog that were entered, with what stood in them then. */
export class Began {
  /** The one that was entered last. */
  last: HTMLElement | null = null;
  private readonly fields = new Map<HTMLInputElement | HTMLTextAreaElement, string>();

  entered(e: EventTarget): void {
    const field = e as HTMLInputElement;
    if (!['INPUT', 'TEXTAREA'].includes(field.tagName)) return;
    this.last = field;
    if (!this.fields.has(field) && ['', 'text', 'email', 'tel', 'url', 'number', 'textarea', undefined].includes(field.type)) this.fields.set(field, field.value);
  }

  /** Something was written that would be lost. */
  something(): boolean {
    return [...this.fields].some(([field, was]) => field.isConnected && field.value.trim() !== '' && field.value !== was);
  }
}

export class Layers {
  private all: Layer[] = [];

  get top(): Layer | undefined {
    return this.all.at(-1);
  }

  add(layer: Layer): void {
    if (this.all.length === 0) window.addEventListener('keydown', this.onKey);
    this.all.push(layer);
  }

  remove(layer: Layer): void {
    this.all = this.all.filter((l) => l !== layer);
    if (this.all.length === 0) window.removeEventListener('keydown', this.onKey);
  }

  /** Not from somebody who took the focus meanwhile: only when it was lost with the dialog. */
  giveBack(layer: Layer): void {
    const now = document.activeElement;
    if (now && now !== document.body && !layer.content?.contains(now)) return;
    for (const e of layer.back) {
      if (!e.isConnected) continue;
      e.focus({ preventScroll: true });
      if (document.activeElement === e) return;
    }
  }

  /** The focus stands in none of them. */
  private readonly onKey = (e: KeyboardEvent): void => {
    if (e.key !== 'Escape' || e.defaultPrevented || isComposingNow(e)) return;
    e.preventDefault();
    this.top?.close();
  };
}

export const layers = new Layers();

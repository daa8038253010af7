// Fingers, mouse and wheel on what the viewer shows: two fingers enlarge it, one moves it, a double tap brings it close, a swipe
// across it goes to the next file. It follows the finger without being drawn anew.
import { useCallback, useEffect, useMemo, useRef, useState, type PointerEvent } from 'react';
import { bounded, CLOSE, fitOf, moved, mostOf, STEP, turnedRight, WHOLE, zoomAt, type Point, type Size, type View } from './zoom.ts';

const SLOP = 10;
/** So far a swipe goes until it is one. */
const FAR = 64;
const DOUBLE_MS = 320;
const DOUBLE_PX = 32;
const WHEEL = 0.01;
const NUDGE = 60;

const middle = ([a, b]: readonly Point[]): Point => ({ x: (a!.x + b!.x) / 2, y: (a!.y + b!.y) / 2 });
const apart = ([a, b]: readonly Point[]): number => Math.hypot(a!.x - b!.x, a!.y - b!.y);

export interface Hold {
  /** The window. */
  stage: (e: HTMLElement | null) => void;
  /** The picture in it has come. */
  picture: (e: HTMLImageElement | null) => void;
  /** In hundredths of its own size; 0: nothing is there that can be enlarged. */
  percent: number;
  whole: boolean;
  closest: boolean;
  by: (factor: number) => void;
  fit: () => void;
  turn: () => void;
  /** Moved by a key; false: there is nothing beyond. */
  nudge: (x: number, y: number) => boolean;
  hands: {
    onPointerDown: (e: PointerEvent<HTMLElement>) => void;
    onPointerMove: (e: PointerEvent<HTMLElement>) => void;
    onPointerUp: (e: PointerEvent<HTMLElement>) => void;
    onPointerCancel: (e: PointerEvent<HTMLElement>) => void;
  };
}

/** `step`: to the next file (1) or the one before (-1); false: there is none. */
export function useHold(step: (by: 1 | -1) => boolean): Hold {
  const [stage, setStage] = useState<HTMLElement | null>(null);
  const [picture, setPicture] = useState<HTMLImageElement | null>(null);
  const [shown, setShown] = useState({ percent: 0, whole: true, closest: false });
  const view = useRef<View>(WHOLE);
  const held = useRef(new Map<number, Point>());
  const drag = useRef({ from: { x: 0, y: 0 }, moved: false, slide: 0, many: false });
  const tapped = useRef({ at: 0, x: 0, y: 0 });

  const window_ = useCallback((): Size => ({ w: stage?.clientWidth ?? 0, h: stage?.clientHeight ?? 0 }), [stage]);
  const size = useCallback((): Size => ({ w: picture?.naturalWidth ?? 0, h: picture?.naturalHeight ?? 0 }), [picture]);
  /** `gently`: not under a finger, where it would lag behind. */
  const put = useCallback((next: View, gently: boolean, slide = 0) => {
    view.current = next;
    if (!picture) return;
    const scale = fitOf(window_(), size(), next.turn) * next.zoom;
    picture.classList.toggle('gently', gently);
    picture.style.transform = `translate(-50%, -50%) translate(${next.x + slide}px, ${next.y}px) rotate(${next.turn}deg) scale(${scale})`;
    const now = { percent: Math.round(scale * 100), whole: next.zoom === 1, closest: next.zoom >= mostOf(window_(), size(), next.turn) };
    setShown((was) => (was.percent === now.percent && was.whole === now.whole && was.closest === now.closest ? was : now));
  }, [picture, window_, size]);

  useEffect(() => {
    view.current = WHOLE;
    if (!picture) {
      setShown({ percent: 0, whole: true, closest: false });
      return;
    }
    put(WHOLE, false);
    picture.classList.add('placed');
  }, [picture, put]);
  useEffect(() => {
    if (!stage) return;
    const watch = new ResizeObserver(() => put(bounded(view.current, window_(), size()), false));
    watch.observe(stage);
    return () => watch.disconnect();
  }, [stage, put, window_, size]);

  /** From the middle of the window on. */
  const inside = useCallback((p: Point): Point => {
    const box = stage?.getBoundingClientRect();
    return box ? { x: p.x - box.left - box.width / 2, y: p.y - box.top - box.height / 2 } : p;
  }, [stage]);
  const zoom = useCallback((factor: number, at: Point, gently: boolean) => put(zoomAt(view.current, factor, at, window_(), size()), gently), [put, window_, size]);

  useEffect(() => {
    if (!stage || !picture) return;
    const wheel = (e: WheelEvent) => {
      if (e.ctrlKey || e.metaKey) zoom(Math.exp(-e.deltaY * WHEEL), inside({ x: e.clientX, y: e.clientY }), false);
      else if (view.current.zoom > 1) put(moved(view.current, { x: -e.deltaX, y: -e.deltaY }, window_(), size()), false);
      else return;
      e.preventDefault(); // else the whole page is enlarged
    };
    stage.addEventListener('wheel', wheel, { passive: false });
    return () => stage.removeEventListener('wheel', wheel);
  }, [stage, picture, zoom, inside, put, window_, size]);

  const doubled = (p: Point): boolean => {
    const before = tapped.current;
    const now = performance.now();
    tapped.current = { at: now, ...p };
    if (now - before.at > DOUBLE_MS || Math.hypot(p.x - before.x, p.y - before.y) > DOUBLE_PX) return false;
    tapped.current = { at: 0, x: 0, y: 0 };
    return true;
  };
  const begin = () => {
    const fingers = [...held.current.values()];
    drag.current = { ...drag.current, from: fingers.length > 1 ? middle(fingers) : fingers[0] ?? { x: 0, y: 0 }, slide: 0, many: drag.current.many || fingers.length > 1 };
  };
  const onPointerDown = (e: PointerEvent<HTMLElement>) => {
    if (e.button !== 0 || (e.target as HTMLElement).closest('button, video, audio, select')) return;
    if (held.current.size === 0) drag.current = { from: { x: 0, y: 0 }, moved: false, slide: 0, many: false };
    held.current.set(e.pointerId, { x: e.clientX, y: e.clientY });
    if (picture) e.currentTarget.setPointerCapture(e.pointerId);
    begin();
  };
  const onPointerMove = (e: PointerEvent<HTMLElement>) => {
    const was = held.current.get(e.pointerId);
    if (!was) return;
    const before = [...held.current.values()];
    held.current.set(e.pointerId, { x: e.clientX, y: e.clientY });
    const now = [...held.current.values()];
    const d = drag.current;
    if (now.length > 1) {
      if (!picture) return;
      const at = middle(now), from = middle(before);
      const pinched = zoomAt(view.current, apart(now) / Math.max(1, apart(before)), inside(at), window_(), size());
      put(moved(pinched, { x: at.x - from.x, y: at.y - from.y }, window_(), size()), false);
      d.moved = true;
      return;
    }
    const far = { x: e.clientX - d.from.x, y: e.clientY - d.from.y };
    if (!d.moved && Math.hypot(far.x, far.y) < SLOP) return;
    d.moved = true;
    if (picture && view.current.zoom > 1) put(moved(view.current, { x: e.clientX - was.x, y: e.clientY - was.y }, window_(), size()), false);
    else if (e.pointerType !== 'mouse' && !d.many) {
      d.slide = Math.abs(far.x) > Math.abs(far.y) ? far.x : 0;
      put(view.current, false, d.slide);
    }
  };
  const release = (e: PointerEvent<HTMLElement>, good: boolean) => {
    if (!held.current.delete(e.pointerId)) return;
    const { moved: hasMoved, slide } = drag.current;
    if (held.current.size > 0) {
      begin();
      return;
    }
    if (good && Math.abs(slide) >= FAR && step(slide < 0 ? 1 : -1)) return;
    if (slide !== 0) put(view.current, true);
    if (good && picture && !hasMoved && doubled({ x: e.clientX, y: e.clientY })) {
      if (view.current.zoom > 1) put({ ...WHOLE, turn: view.current.turn }, true);
      else zoom(CLOSE, inside({ x: e.clientX, y: e.clientY }), true);
    }
  };

  const acts = useMemo(() => ({
    by: (factor: number) => zoom(factor, { x: 0, y: 0 }, true),
    fit: () => put({ ...WHOLE, turn: view.current.turn }, true),
    turn: () => put(turnedRight(view.current), true),
    nudge: (x: number, y: number) => {
      if (!picture || view.current.zoom === 1) return false;
      put(moved(view.current, { x: x * NUDGE, y: y * NUDGE }, window_(), size()), true);
      return true;
    },
  }), [zoom, put, picture, window_, size]);
  return {
    stage: setStage, picture: setPicture, ...shown, ...acts,
    hands: { onPointerDown, onPointerMove, onPointerUp: (e) => release(e, true), onPointerCancel: (e) => release(e, false) },
  };
}

export const IN = STEP;
export const OUT = 1 / STEP;

// How a picture lies in its window: how far it is enlarged, where it was moved to, how it is turned. Numbers alone; the middle of
// the window is 0, 0. A zoom of 1 shows all of it.

export interface Size {
  w: number;
  h: number;
}
export interface Point {
  x: number;
  y: number;
}
export interface View extends Point {
  zoom: number;
  /** Degrees to the right; it only grows, so that a turn never runs back. */
  turn: number;
}

export const WHOLE: View = { zoom: 1, x: 0, y: 0, turn: 0 };
export const STEP = 1.5;
/** What a double tap enlarges to. */
export const CLOSE = 2.5;
const LEAST_MOST = 8;

const turned = (s: Size, turn: number): Size => (turn % 180 === 0 ? s : { w: s.h, h: s.w });

/** Pixels of the screen for one of the picture where all of it is seen; a small one is not enlarged by itself. */
export function fitOf(window: Size, picture: Size, turn: number): number {
  const { w, h } = turned(picture, turn);
  return w > 0 && h > 0 ? Math.min(1, window.w / w, window.h / h) : 1;
}

/** A large picture can be seen at twice its size. */
export const mostOf = (window: Size, picture: Size, turn: number): number => Math.max(LEAST_MOST, 2 / fitOf(window, picture, turn));

/** Never beyond its own edges: where it is smaller than the window it stands in the middle. */
export function bounded(v: View, window: Size, picture: Size): View {
  const zoom = Math.min(Math.max(v.zoom, 1), mostOf(window, picture, v.turn));
  const scale = fitOf(window, picture, v.turn) * zoom;
  const { w, h } = turned(picture, v.turn);
  const most = { x: Math.max(0, (w * scale - window.w) / 2), y: Math.max(0, (h * scale - window.h) / 2) };
  const within = (n: number, m: number) => Math.min(Math.max(n, -m), m) + 0; // no -0
  return { zoom, turn: v.turn, x: within(v.x, most.x), y: within(v.y, most.y) };
}

/** What is under the point stays under it, as far as the edges allow. */
export function zoomAt(v: View, factor: number, at: Point, window: Size, picture: Size): View {
  const zoom = Math.min(Math.max(v.zoom * factor, 1), mostOf(window, picture, v.turn));
  const k = zoom / v.zoom;
  return bounded({ ...v, zoom, x: at.x - (at.x - v.x) * k, y: at.y - (at.y - v.y) * k }, window, picture);
}

export const moved = (v: View, by: Point, window: Size, picture: Size): View => bounded({ ...v, x: v.x + by.x, y: v.y + by.y }, window, picture);

/** By a quarter to the right; all of it is seen again. */
export const turnedRight = (v: View): View => ({ ...WHOLE, turn: v.turn + 90 });

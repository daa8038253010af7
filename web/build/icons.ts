// The icons of the installed app, drawn from the mark in public/mark.svg: its one path of straight strokes becomes pixels
// here, so that no picture has to be kept beside it and no drawing program is needed to build.
import fs from 'node:fs';
import zlib from 'node:zlib';

type Point = readonly [x: number, y: number];
type Line = readonly [from: Point, to: Point];
type Colour = readonly [r: number, g: number, b: number];

const GRID = 32;
const HALF_STROKE = 1;

export interface Icon {
  file: string;
  size: number;
  /** How much of the square the mark's grid takes: systems cut a maskable icon to their shape and leave the inner 80 %. */
  scale: number;
  /** A monochrome icon has no ground: the system colours the strokes. */
  ground: boolean;
}

export const ICONS: readonly Icon[] = [
  { file: 'icon-192.png', size: 192, scale: 0.94, ground: true },
  { file: 'icon-512.png', size: 512, scale: 0.94, ground: true },
  { file: 'icon-180.png', size: 180, scale: 0.86, ground: true },
  { file: 'icon-maskable-512.png', size: 512, scale: 0.78, ground: true },
  { file: 'icon-monochrome-512.png', size: 512, scale: 0.94, ground: false },
];

/** The strokes of a path made of M, l, h and v; anything else is refused, so that a changed mark is noticed. */
export function linesOf(path: string): Line[] {
  const parts = path.match(/[A-Za-z]|-?\d*\.?\d+/g) ?? [];
  const lines: Line[] = [];
  let at: Point = [0, 0];
  let act = '';
  const number = (): number => Number(parts.shift());
  const to = (next: Point): void => {
    lines.push([at, next]);
    at = next;
  };
  while (parts.length > 0) {
    if (/[A-Za-z]/.test(parts[0]!)) act = parts.shift()!;
    if (act === 'M') {
      at = [number(), number()];
      act = 'L';
    } else if (act === 'L') to([number(), number()]);
    else if (act === 'l') to([at[0] + number(), at[1] + number()]);
    else if (act === 'h') to([at[0] + number(), at[1]]);
    else if (act === 'v') to([at[0], at[1] + number()]);
    else throw new Error(`the mark has a stroke "${act}" that is not drawn here`);
  }
  return lines;
}

function distance([x, y]: Point, [[ax, ay], [bx, by]]: Line): number {
  const [dx, dy] = [bx - ax, by - ay];
  const along = Math.min(1, Math.max(0, ((x - ax) * dx + (y - ay) * dy) / (dx * dx + dy * dy)));
  return Math.hypot(x - ax - along * dx, y - ay - along * dy);
}

const colourOf = (hex: string): Colour => [1, 3, 5].map((i) => Number.parseInt(hex.slice(i, i + 2), 16)) as unknown as Colour;

function chunk(type: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const size = Buffer.alloc(4);
  size.writeUInt32BE(data.length);
  const check = Buffer.alloc(4);
  check.writeUInt32BE(zlib.crc32(body));
  return Buffer.concat([size, body, check]);
}

/** Rows of red, green, blue and alpha, as a PNG file. */
function png(size: number, pixels: Uint8Array): Buffer {
  const head = Buffer.alloc(13);
  head.writeUInt32BE(size, 0);
  head.writeUInt32BE(size, 4);
  head.set([8, 6, 0, 0, 0], 8);
  const rows = Buffer.alloc(size * (size * 4 + 1));
  for (let y = 0; y < size; y++) rows.set(pixels.subarray(y * size * 4, (y + 1) * size * 4), y * (size * 4 + 1) + 1);
  const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
  return Buffer.concat([signature, chunk('IHDR', head), chunk('IDAT', zlib.deflateSync(rows, { level: 9 })), chunk('IEND', Buffer.alloc(0))]);
}

export function draw({ size, scale, ground }: Icon, lines: readonly Line[], wood: Colour, washi: Colour): Buffer {
  const pixels = new Uint8Array(size * size * 4);
  const unit = (size * scale) / GRID;
  const toGrid = (at: number): number => (at + 0.5 - size / 2) / unit + GRID / 2;
  for (let y = 0; y < size; y++) {
    for (let x = 0; x < size; x++) {
      const near = Math.min(...lines.map((l) => distance([toGrid(x), toGrid(y)], l)));
      const ink = Math.min(1, Math.max(0, (HALF_STROKE - near) * unit + 0.5));
      const colour = ground ? wood.map((w, i) => Math.round(w + (washi[i]! - w) * ink)) : [255, 255, 255];
      pixels.set([...colour, ground ? 255 : Math.round(ink * 255)], (y * size + x) * 4);
    }
  }
  return png(size, pixels);
}

/** All icons by their file names, from the mark's SVG: its ground, its stroke and its path. */
export function iconsOf(svgFile: string | URL): Map<string, Buffer> {
  const svg = fs.readFileSync(svgFile, 'utf8');
  const part = (pattern: RegExp): string => {
    const found = pattern.exec(svg)?.[1];
    if (found === undefined) throw new Error(`the mark has no ${pattern.source}`);
    return found;
  };
  const lines = linesOf(part(/ d="([^"]+)"/));
  const wood = colourOf(part(/<rect[^>]+fill="(#[0-9A-Fa-f]{6})"/));
  const washi = colourOf(part(/stroke="(#[0-9A-Fa-f]{6})"/));
  return new Map(ICONS.map((icon) => [icon.file, draw(icon, lines, wood, washi)]));
}

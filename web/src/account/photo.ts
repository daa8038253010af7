// From a picture of any size to the square that is sent: 256 points a side, JPEG, as small as the server takes.

export const SIDE = 256;
const BYTES_MAX = 30 * 1024;
const QUALITIES = [0.86, 0.76, 0.66, 0.56, 0.46, 0.36];

/** Which part is taken: `zoom` 1 shows the largest square; x and y from -1 (left, top) to 1. */
export interface Crop {
  zoom: number;
  x: number;
  y: number;
}
export const WHOLE: Crop = { zoom: 1, x: 0, y: 0 };

export interface Square {
  left: number;
  top: number;
  side: number;
}

/** The square of the picture that a crop takes; it never leaves the picture. */
export function squareOf(width: number, height: number, crop: Crop): Square {
  const side = Math.min(width, height) / Math.max(1, crop.zoom);
  const along = (length: number, at: number) => ((length - side) / 2) * (1 + Math.min(1, Math.max(-1, at)));
  return { left: along(width, crop.x), top: along(height, crop.y), side };
}

export function draw(canvas: HTMLCanvasElement, picture: ImageBitmap, crop: Crop): void {
  const context = canvas.getContext('2d')!;
  const { left, top, side } = squareOf(picture.width, picture.height, crop);
  context.fillStyle = 'white'; // behind what is transparent: JPEG knows no such thing
  context.fillRect(0, 0, SIDE, SIDE);
  context.imageSmoothingQuality = 'high';
  context.drawImage(picture, left, top, side, side, 0, 0, SIDE, SIDE);
}

const blobOf = (canvas: HTMLCanvasElement, quality: number): Promise<Blob | null> =>
  new Promise((done) => canvas.toBlob(done, 'image/jpeg', quality));

export function base64url(bytes: Uint8Array): string {
  let text = '';
  for (const b of bytes) text += String.fromCharCode(b);
  return btoa(text).replaceAll('+', '-').replaceAll('/', '_').replace(/=+$/, '');
}

export async function photoBody(canvas: HTMLCanvasElement): Promise<{ type: 'image/jpeg'; data: string }> {
  for (const quality of QUALITIES) {
    const blob = await blobOf(canvas, quality);
    if (blob && blob.size <= BYTES_MAX) return { type: 'image/jpeg', data: base64url(new Uint8Array(await blob.arrayBuffer())) };
  }
  throw new Error('the picture does not become small enough');
}

// From a picture of any size to what is sent: the square that was chosen, or the file as it is where this browser cannot draw it.
// It goes by the way of files, part after part; the server makes what is shown.
import { Uploads, type UploadPorts } from '../talk/uploads.ts';

export const SIDE = 512;
const QUALITY = 0.92;
const PLACE = 'photo';

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

/** The square as a file. */
export function cutOut(canvas: HTMLCanvasElement, name: string): Promise<File> {
  return new Promise((done, fail) => {
    canvas.toBlob((blob) => (blob ? done(new File([blob], `${name.replace(/\.[^.]*$/, '') || PLACE}.jpg`, { type: 'image/jpeg' })) : fail(new Error('no picture'))), 'image/jpeg', QUALITY);
  });
}

/** The upload was refused; the reason in the server's words. */
export class Refused extends Error {}
/** Whoever chose it thought better of it. */
export class Stopped extends Error {}

export interface Progress {
  /** From 0 to 1. */
  share: number;
  /** The line is gone; it goes on by itself. */
  waiting: boolean;
}

/** Sends a picture; what the server calls it when it is whole. */
export function sendPhoto(ports: UploadPorts, file: File, tell: (p: Progress) => void, signal: AbortSignal): Promise<string> {
  const uploads = new Uploads(ports);
  return new Promise((done, fail) => {
    const stop = () => {
      uploads.of(PLACE).forEach((u) => uploads.remove(u.key));
      fail(new Stopped());
    };
    const look = () => {
      const [u] = uploads.of(PLACE);
      if (!u) return;
      tell({ share: u.size ? u.stored / u.size : 0, waiting: u.state === 'waiting' });
      if (u.state !== 'ready' && u.state !== 'failed') return;
      signal.removeEventListener('abort', stop);
      uploads.stop();
      if (u.state === 'ready') done(u.id);
      else fail(new Refused(u.reason));
    };
    if (signal.aborted) {
      fail(new Stopped());
      return;
    }
    signal.addEventListener('abort', stop, { once: true });
    uploads.subscribe(look);
    uploads.add(PLACE, [file]);
  });
}

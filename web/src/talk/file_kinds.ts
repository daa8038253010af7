// What a file is to people, and its size as people read it.
import { isText } from './text_kinds.ts';
import type { TFunction } from 'i18next';
import type { ReactNode } from 'react';
import type { Message } from '../base/types.ts';

export type TalkFile = NonNullable<NonNullable<Message['content']>['files']>[number];

/** Types that the server shows within a page (file.ticket). */
const PICTURES = new Set(['image/png', 'image/jpeg', 'image/gif', 'image/webp']);
const FILMS = new Set(['video/mp4', 'video/webm']);
const SOUNDS = new Set(['audio/mpeg', 'audio/mp4', 'audio/ogg', 'audio/wav']);

export const SHOWN = [...PICTURES, ...FILMS, ...SOUNDS];

/** Of one with a width the server has made pictures that every browser shows, whatever the file is. */
export const isPicture = (f: TalkFile): boolean => PICTURES.has(f.type) || Boolean(f.width);
export const isFilm = (f: TalkFile): boolean => FILMS.has(f.type);
export const isSound = (f: TalkFile): boolean => SOUNDS.has(f.type);
/** A document whose pages are to be had as pictures. */
export const isPaper = (f: TalkFile): boolean => Boolean(f.pages);
/** Nobody can have it: the scanner for malware found something, or has not looked yet. */
export const isBarred = (f: TalkFile): boolean => f.check === 'held' || f.check === 'infected';
/** It opens in the viewer. */
export const isViewed = (f: TalkFile): boolean => !isBarred(f) && (isPicture(f) || isPaper(f) || isFilm(f) || isSound(f) || isText(f));

/** What the viewer is given: a file, and the message it stands in, which is forwarded and gone to. */
export interface Viewed {
  file: TalkFile;
  message: { id: string; room: string; seq: number } | null;
  /** Who sent it and when, where that is not said beside it. */
  by?: ReactNode;
}

const UNITS = ['B', 'KB', 'MB', 'GB'];

/** Three digits at most: "982 B", "1.2 MB", "34 MB". */
export function sizeText(bytes: number): string {
  let n = bytes, unit = 0;
  while (n >= 1000 && unit < UNITS.length - 1) {
    n /= 1024;
    unit += 1;
  }
  return `${unit > 0 && n < 10 ? Math.max(n, 0.1).toFixed(1).replace('.0', '') : Math.round(n)} ${UNITS[unit]}`;
}

/** Files in one line, for lists, quotes and screen readers. */
export function filesLine(t: TFunction, files: readonly TalkFile[]): string {
  const n = files.length;
  if (n > 0 && files.every(isPicture)) return t('talk.line.pictures', { n, count: n });
  return n === 1 ? t('talk.line.file', { name: files[0]!.name }) : t('talk.line.files', { n, count: n });
}

// One file, large: a picture, a film, a sound. It comes when somebody asks for it, as its dialog does. Where several stand in a
// row, `around` says which one it is: the arrow keys and a swipe go to the next one.
import { useRef, type KeyboardEvent, type ReactNode, type TouchEvent } from 'react';
import { ApiError } from '../base/api.ts';
import { Dialog } from '../base/dialog.tsx';
import { BackIcon, RightIcon } from '../base/icons.tsx';
import { isFilm, isPicture, isSound, sizeText, type TalkFile } from './file_kinds.ts';
import { useSave, useShown } from './file_use.ts';
import type { Look } from './look.ts';

interface Around {
  at: number;
  of: number;
  /** There are others that are not known yet. */
  more: boolean;
  step: (by: 1 | -1) => void;
}

const SWIPE = 48;

function Sight({ file, look }: { file: TalkFile; look: Look }) {
  const { t } = look;
  const shown = useShown(file, true);
  const url = shown.data?.url;
  return (
    <div className="viewer">
      {shown.isPending && <p role="status">{t('base.state.loading')}</p>}
      {shown.isError && <p className="danger" role="alert">{shown.error instanceof ApiError ? shown.error.message : t('talk.file.failed')}</p>}
      {url && isPicture(file) && <img src={url} alt={file.name} draggable={false} />}
      {url && isFilm(file) && <video src={url} controls playsInline aria-label={file.name} />}
      {url && isSound(file) && <audio src={url} controls aria-label={file.name} />}
    </div>
  );
}

/** `by`: who sent it and when, where that is not said beside it. */
export default function Viewer({ file, look, close, by, around, toMessage }: {
  file: TalkFile; look: Look; close: () => void; by?: ReactNode; around?: Around; toMessage?: () => void;
}) {
  const { t } = look;
  const save = useSave(look);
  const began = useRef<{ x: number; y: number } | null>(null);
  const first = !around || around.at === 0, last = !around || around.at >= around.of - 1;
  const step = (way: 1 | -1) => !(way < 0 ? first : last) && around?.step(way);
  const onKeyDown = (e: KeyboardEvent) => {
    if ((e.key !== 'ArrowLeft' && e.key !== 'ArrowRight') || e.target instanceof HTMLMediaElement) return; // a film has them for itself
    e.preventDefault();
    step(e.key === 'ArrowLeft' ? -1 : 1);
  };
  const onTouchStart = (e: TouchEvent) => {
    const touch = e.touches.length === 1 && !(e.target instanceof HTMLMediaElement) ? e.touches[0] : undefined;
    began.current = touch ? { x: touch.clientX, y: touch.clientY } : null;
  };
  const onTouchEnd = (e: TouchEvent) => {
    const end = e.changedTouches[0], from = began.current;
    began.current = null;
    if (!end || !from || Math.abs(end.clientX - from.x) < SWIPE || Math.abs(end.clientX - from.x) < 2 * Math.abs(end.clientY - from.y)) return;
    step(end.clientX > from.x ? -1 : 1);
  };
  return (
    <Dialog opened close={close} title={file.name}>
      <div onKeyDown={around ? onKeyDown : undefined}>
        <div className={around ? 'viewer-row' : undefined} {...(around ? { onTouchStart, onTouchEnd } : {})}>
          {around && <button type="button" className="icon-button" aria-label={t('talk.file.before')} aria-disabled={first} onClick={() => step(-1)}><BackIcon /></button>}
          <Sight key={file.id} file={file} look={look} />
          {around && <button type="button" className="icon-button" aria-label={t('talk.file.after')} aria-disabled={last} onClick={() => step(1)}><RightIcon /></button>}
        </div>
        <p className="sent-kind" aria-live="polite">
          {around && <>{t(around.more ? 'gallery.pane.place_more' : 'gallery.pane.place', { n: around.at + 1, all: around.of })}{' \u00b7 '}</>}
          {by && <>{by}{' \u00b7 '}</>}{sizeText(file.size)}
        </p>
        <div className="dialog-acts">
          <button type="button" className="text-button" onClick={close}>{t('base.act.close')}</button>
          {toMessage && <button type="button" className="text-button" onClick={toMessage}>{t('talk.file.to_message')}</button>}
          <button type="button" className="text-button main" onClick={() => void save(file)}>{t('talk.file.save')}</button>
        </div>
      </div>
    </Dialog>
  );
}

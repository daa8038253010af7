// Files over the whole screen, one after the other: pictures that are enlarged and turned, films, sounds, text. It comes when somebody
// asks for it, as its dialog does. Escape and the way back of the browser close it.
import { useCallback, useEffect, useRef, useState, type ReactNode } from 'react';
import { ApiError } from '../base/api.ts';
import { Dialog } from '../base/dialog.tsx';
import { addWords } from '../base/i18n.ts';
import { BackIcon, CloseIcon, FileIcon, FitIcon, ForwardIcon, RightIcon, SaveIcon, ToMessageIcon, TurnIcon, ZoomInIcon, ZoomOutIcon } from '../base/icons.tsx';
import { layers } from '../base/layers.ts';
import { go, isOpen } from '../base/route.ts';
import { isFilm, isPaper, isPicture, isSound, sizeText, type TalkFile, type Viewed } from './file_kinds.ts';
import { useLarge, useMarked, useSave } from './file_use.ts';
import { MarkOver, type Mark } from './mark.tsx';
import { nextSize, PagesView, type PageSize } from './pages_view.tsx';
import { IN, OUT, useHold, type Hold } from './hold.ts';
import { Forward } from './message_menu.tsx';
import { useTalkStore } from './talk.ts';
import { isText } from './text_kinds.ts';
import { TextView } from './text_view.tsx';
import en from './words/viewer.en.json';
import ja from './words/viewer.ja.json';
import type { Look } from './look.ts';
import './viewer.css';

addWords('viewer', ja, en);

const SPEEDS = [0.5, 0.75, 1, 1.25, 1.5, 2];

/** The way back closes what is over the page. Whatever closes it otherwise takes that step out again. */
function useBack(close: () => void) {
  const closes = useRef(close);
  closes.current = close;
  useEffect(() => {
    window.history.pushState({ viewer: true }, '');
    const back = () => closes.current();
    window.addEventListener('popstate', back);
    return () => {
      window.removeEventListener('popstate', back);
      if ((window.history.state as { viewer?: boolean } | null)?.viewer) window.history.back();
    };
  }, []);
}

function Picture({ file, url, hold, look }: { file: TalkFile; url: string; hold: Hold; look: Look }) {
  const [broken, setBroken] = useState(false);
  const [loaded, setLoaded] = useState(false);
  const { picture } = hold;
  useEffect(() => () => picture(null), [picture]);
  if (broken) return <p className="viewer-note" role="alert">{look.t('viewer.no_picture')}</p>;
  return (
    <>
      {!loaded && <p className="viewer-note" role="status">{look.t('viewer.loading')}</p>}
      <img
        className="viewer-picture" src={url} alt={file.name} draggable={false} onError={() => setBroken(true)}
        onLoad={(e) => {
          setLoaded(true);
          picture(e.currentTarget);
        }}
      />
    </>
  );
}

/** The text stays over a film that fills the screen: its box does so, and the film by itself never does. */
function useFull(film: React.RefObject<HTMLVideoElement | null>, marked: boolean) {
  const box = useRef<HTMLDivElement>(null);
  const [full, setFull] = useState(false);
  useEffect(() => {
    const video = film.current;
    if (!marked || !video) return undefined;
    const changed = () => {
      if (document.fullscreenElement === video) void document.exitFullscreen();
      setFull(document.fullscreenElement === box.current);
    };
    const alone = () => (video as { webkitExitFullscreen?: () => void }).webkitExitFullscreen?.();
    document.addEventListener('fullscreenchange', changed);
    video.addEventListener('webkitbeginfullscreen', alone);
    return () => {
      document.removeEventListener('fullscreenchange', changed);
      video.removeEventListener('webkitbeginfullscreen', alone);
    };
  }, [film, marked]);
  return { box, full, turn: () => void (full ? document.exitFullscreen() : box.current?.requestFullscreen()) };
}

function Played({ file, url, mark, look }: { file: TalkFile; url: string; mark: Mark | undefined; look: Look }) {
  const { t } = look;
  const [state, setState] = useState<'loading' | 'ready' | 'broken'>('loading');
  const [speed, setSpeed] = useState(1);
  const media = useRef<HTMLVideoElement & HTMLAudioElement>(null);
  const { box, full, turn } = useFull(media, mark !== undefined);
  const kept = mark ? { controlsList: 'nofullscreen nodownload noremoteplayback', disablePictureInPicture: true, disableRemotePlayback: true } : {};
  const heard = { onLoadedData: () => setState('ready'), onError: () => setState('broken') };
  useEffect(() => {
    if (media.current) media.current.playbackRate = speed;
  }, [speed, state]);
  if (state === 'broken') return <p className="viewer-note" role="alert">{t('viewer.no_play')}</p>;
  return (
    <div className="viewer-played">
      <div ref={box} className={isFilm(file) ? 'viewer-film' : 'viewer-sound'}>
        {isFilm(file)
          ? <video ref={media} src={url} controls playsInline preload="auto" aria-label={file.name} {...heard} {...kept} />
          : <audio ref={media} src={url} controls preload="auto" aria-label={file.name} {...heard} />}
        {state === 'loading' && <p className="viewer-note over" role="status">{t('viewer.loading')}</p>}
        {isFilm(file) && <MarkOver mark={mark} />}
        {isFilm(file) && mark && document.fullscreenEnabled && (
          <button type="button" className="icon-button viewer-full" aria-pressed={full} aria-label={t('viewer.full')} title={t('viewer.full')} onClick={turn}><FitIcon /></button>
        )}
      </div>
      <label className="viewer-speed">
        {t('viewer.speed')}
        <select value={speed} onChange={(e) => setSpeed(Number(e.target.value))}>
          {SPEEDS.map((s) => <option key={s} value={s}>{t('viewer.times', { n: s })}</option>)}
        </select>
      </label>
    </div>
  );
}

function Shown({ file, hold, look, size }: { file: TalkFile; hold: Hold; look: Look; size: PageSize }) {
  const { t } = look;
  const placed = isPicture(file) || isFilm(file) || isSound(file);
  const shown = useLarge(file, placed);
  if (isPaper(file)) return <PagesView file={file} look={look} size={size} />;
  if (!placed && isText(file)) return <TextView file={file} look={look} />;
  if (!placed) return <p className="viewer-note"><FileIcon />{t('viewer.no_view')}</p>;
  if (shown.isPending) return <p className="viewer-note" role="status">{t('viewer.loading')}</p>;
  if (!shown.data) return <p className="viewer-note danger" role="alert">{shown.error instanceof ApiError ? shown.error.message : t('talk.file.failed')}</p>;
  return isPicture(file) ? <Picture file={file} url={shown.data.url} hold={hold} look={look} /> : <Played file={file} url={shown.data.url} mark={shown.data.mark} look={look} />;
}

/** `files` in the order in which they are gone through; it opens at `index`. `more`: there are others behind them, which whoever holds
 * the list may add when it hears of the place (`moved`). `toMessage`: how the message is gone to, where that is more than opening it. */
export default function Viewer({ files, index, look, close, more = false, moved, toMessage: jump }: {
  files: readonly Viewed[]; index: number; look: Look; close: () => void; more?: boolean; moved?: (index: number) => void; toMessage?: (index: number) => void;
}) {
  const { t } = look;
  const talk = useTalkStore();
  const [at, setAt] = useState(index);
  const [forwarding, setForwarding] = useState(false);
  const [size, setSize] = useState<PageSize>('fit');
  const save = useSave(look);
  const stage = useRef<HTMLDivElement>(null);
  const { file, message, by } = files[Math.min(at, files.length - 1)]!;
  const step = useCallback((way: 1 | -1) => {
    const next = at + way;
    if (next < 0 || next >= files.length) return false;
    setAt(next);
    moved?.(next);
    return true;
  }, [at, files.length, moved]);
  const hold = useHold(step);
  const marked = useMarked(file);
  useBack(close);

  const toMessage = () => {
    if (!message) return;
    if (jump) return jump(at);
    const page = `/talk/${message.room}`;
    const here = isOpen(page);
    close();
    if (here) void talk.jump(message.room, message.seq);
    else go(`${page}/${message.seq}`, true);
  };

  const key = (e: KeyboardEvent): boolean => {
    const target = e.target as HTMLElement;
    if (e.ctrlKey || e.metaKey || e.altKey || target.closest('video, audio, select, input, textarea')) return false;
    const arrows: Record<string, [number, number]> = { ArrowLeft: [1, 0], ArrowRight: [-1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] };
    const way = arrows[e.key];
    if (way && hold.nudge(...way)) return true;
    if (e.key === 'ArrowLeft' || e.key === 'ArrowRight') return step(e.key === 'ArrowRight' ? 1 : -1);
    if (isPaper(file) && (e.key === '+' || e.key === ';' || e.key === '=' || e.key === '-')) {
      setSize(nextSize(size, e.key === '-' ? -1 : 1));
      return true;
    }
    if (hold.percent === 0) return false;
    if (e.key === '+' || e.key === ';' || e.key === '=') hold.by(IN); // where + stands on keyboards without Shift
    else if (e.key === '-') hold.by(OUT);
    else if (e.key === '0') hold.fit();
    else if (e.key === 'r' || e.key === 'R') hold.turn();
    else return false;
    return true;
  };
  const keys = useRef(key);
  keys.current = key;
  useEffect(() => {
    /* A dialog lets no key out of it: they are heard before. */
    const heard = (e: KeyboardEvent) => {
      if (layers.top?.content?.contains(stage.current) && keys.current(e)) e.preventDefault();
    };
    window.addEventListener('keydown', heard, true);
    return () => window.removeEventListener('keydown', heard, true);
  }, []);

  const button = (label: string, mark: string, icon: ReactNode, act: () => void, off = false) => (
    <button type="button" className="icon-button" aria-label={label} title={mark ? `${label} (${mark})` : label} aria-disabled={off || undefined} onClick={() => off || act()}>{icon}<span className="viewer-word" aria-hidden>{label}</span></button>
  );
  const { stage: place } = hold;
  const several = files.length > 1;
  const over = isPicture(file); // beside anything else they would cover what is read or pressed
  const before = button(t('viewer.before'), '\u2190', <BackIcon />, () => step(-1), at === 0);
  const after = button(t('viewer.after'), '\u2192', <RightIcon />, () => step(1), at === files.length - 1);
  return (
    <Dialog opened close={close} title={file.name}>
      <div className="viewer">
        <p className="viewer-about">
          {several && <span role="status">{t(more ? 'viewer.place_more' : 'viewer.place', { n: at + 1, all: files.length })}</span>}
          {by && <span className="viewer-by">{by}</span>}
          <span>{sizeText(file.size)}</span>
          {(file.check === 'none' || file.check === 'unscannable') && <span>{t(`talk.file.check.${file.check}`)}</span>}
        </p>
        <div
          ref={(e) => { stage.current = e; place(e); }} className={isPicture(file) ? 'viewer-stage held' : 'viewer-stage'} tabIndex={-1} data-autofocus
          {...hold.hands}
        >
          <Shown key={file.id} file={file} hold={hold} look={look} size={size} />
        </div>
        {several && over && <div className="viewer-step before">{before}</div>}
        {several && over && <div className="viewer-step after">{after}</div>}
        <div className="viewer-bar">
          {several && !over && <div>{before}{after}</div>}
          {isPaper(file) && (
            <div role="group" aria-label={t('viewer.tools')}>
              {button(t('viewer.zoom_out'), '-', <ZoomOutIcon />, () => setSize(nextSize(size, -1)), nextSize(size, -1) === size)}
              {button(t('viewer.zoom_in'), '+', <ZoomInIcon />, () => setSize(nextSize(size, 1)), nextSize(size, 1) === size)}
            </div>
          )}
          {isPicture(file) && (
            <div role="group" aria-label={t('viewer.tools')}>
              {button(t('viewer.zoom_out'), '-', <ZoomOutIcon />, () => hold.by(OUT), hold.whole)}
              <output className="viewer-percent">{hold.percent > 0 ? `${hold.percent}%` : ''}</output>
              {button(t('viewer.zoom_in'), '+', <ZoomInIcon />, () => hold.by(IN), hold.closest)}
              {button(t('viewer.fit'), '0', <FitIcon />, hold.fit)}
              {button(t('viewer.turn'), 'R', <TurnIcon />, hold.turn)}
            </div>
          )}
          <div role="group" aria-label={t('viewer.acts')} className="viewer-acts">
            {message && button(t('viewer.to_message'), '', <ToMessageIcon />, toMessage)}
            {message && button(t('talk.menu.forward'), '', <ForwardIcon />, () => setForwarding(true))}
            {!marked && button(t('talk.file.save'), '', <SaveIcon />, () => void save(file))}
          </div>
        </div>
        <div className="viewer-close">{button(t('base.act.close'), 'Esc', <CloseIcon />, close)}</div>
      </div>
      {forwarding && message && (
        <Dialog opened close={() => setForwarding(false)} title={t('talk.menu.forward_ask')}>
          <Forward messages={[message]} done={() => setForwarding(false)} />
          <div className="dialog-acts"><button type="button" className="text-button" onClick={() => setForwarding(false)}>{t('base.act.close')}</button></div>
        </Dialog>
      )}
    </Dialog>
  );
}

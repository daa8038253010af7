// The square of a picture that stands for a member or a room: chosen by dragging or by the sliders, then sent. A picture that this
// browser cannot draw goes as it is: the server reads more kinds, and shows its middle.
import { Button } from '@mantine/core';
import { useEffect, useRef, useState, type PointerEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { call } from '../base/api.ts';
import { Dialog } from '../base/dialog.tsx';
import { addWords } from '../base/i18n.ts';
import { useErrorText } from '../base/states.tsx';
import { Problem } from '../console/kit.tsx';
import kitEn from '../console/words/kit.en.json';
import kitJa from '../console/words/kit.ja.json';
import { serverPorts } from '../talk/uploads.ts';
import './crop.css';
import { cutOut, draw, Refused, sendPhoto, SIDE, Stopped, WHOLE, type Crop, type Progress } from './photo.ts';
import en from './words/profile.en.json';
import ja from './words/profile.ja.json';

addWords('profile', ja, en);
addWords('kit', kitJa, kitEn);

function Slider({ label, min, value, change }: { label: string; min: number; value: number; change: (n: number) => void }) {
  return (
    <label className="crop-slider">
      <span>{label}</span>
      <input type="range" min={min} max={min === 1 ? 4 : 1} step={0.02} value={value} onChange={(e) => change(Number(e.target.value))} />
    </label>
  );
}

/** As far as it is known: null while it is read, false where it cannot be drawn. */
function usePicture(file: File): ImageBitmap | null | false {
  const [picture, setPicture] = useState<ImageBitmap | null | false>(null);
  useEffect(() => {
    let left = false;
    createImageBitmap(file).then((p) => { if (left) p.close(); else setPicture(p); }, () => { if (!left) setPicture(false); });
    return () => { left = true; };
  }, [file]);
  return picture;
}

function Cut({ canvas, picture, square }: { canvas: React.RefObject<HTMLCanvasElement | null>; picture: ImageBitmap; square: boolean }) {
  const { t } = useTranslation();
  const [crop, setCrop] = useState<Crop>(WHOLE);
  useEffect(() => {
    if (canvas.current) draw(canvas.current, picture, crop);
  }, [canvas, picture, crop]);
  const clamp = (n: number) => Math.min(1, Math.max(-1, n));
  const onMove = (e: PointerEvent<HTMLCanvasElement>) => {
    if (!e.currentTarget.hasPointerCapture(e.pointerId)) return;
    const step = 2 / e.currentTarget.getBoundingClientRect().width;
    setCrop((c) => ({ ...c, x: clamp(c.x - e.movementX * step), y: clamp(c.y - e.movementY * step) }));
  };
  return (
    <div className={square ? 'crop crop-square' : 'crop'}>
      <canvas
        ref={canvas} width={SIDE} height={SIDE} role="img" aria-label={t('profile.photo.preview')}
        onPointerDown={(e) => e.currentTarget.setPointerCapture(e.pointerId)} onPointerMove={onMove}
      />
      <Slider label={t('profile.photo.zoom')} min={1} value={crop.zoom} change={(zoom) => setCrop({ ...crop, zoom })} />
      <Slider label={t('profile.photo.across')} min={-1} value={crop.x} change={(x) => setCrop({ ...crop, x })} />
      <Slider label={t('profile.photo.down')} min={-1} value={crop.y} change={(y) => setCrop({ ...crop, y })} />
    </div>
  );
}

export function PhotoDialog({ tenant, file, square = false, close, save, done }: {
  tenant: string; file: File; square?: boolean; close: () => void; save: (body: { upload: string }) => Promise<void>; done: () => void;
}) {
  const { t } = useTranslation();
  const errorText = useErrorText();
  const canvas = useRef<HTMLCanvasElement>(null);
  const work = useRef<AbortController | null>(null);
  const picture = usePicture(file);
  const [progress, setProgress] = useState<Progress | null>(null);
  const [problem, setProblem] = useState('');
  useEffect(() => () => work.current?.abort(), []);
  const keep = async () => {
    const now = new AbortController();
    const ports = { ...serverPorts(tenant), begin: (_: string, body: { name: string; size: number; sha256: string }) => call(tenant, 'photo.begin', { body }) };
    work.current = now;
    setProblem('');
    setProgress({ share: 0, waiting: false });
    try {
      const sent = picture && canvas.current ? await cutOut(canvas.current, file.name) : file;
      await save({ upload: await sendPhoto(ports, sent, setProgress, now.signal) });
      if (!now.signal.aborted) done();
    } catch (e) {
      if (!(e instanceof Stopped)) setProblem(e instanceof Refused ? e.message || t('profile.photo.refused') : errorText(e));
    }
    setProgress(null);
  };
  const away = () => {
    work.current?.abort();
    close();
  };
  return (
    <Dialog opened close={away} title={t(picture === false ? 'profile.photo.save_whole' : 'profile.photo.crop')}>
      {picture && <Cut canvas={canvas} picture={picture} square={square} />}
      {picture === false && <p className="crop-note">{t('profile.photo.unseen', { name: file.name })}</p>}
      {progress && (
        <div className="crop-progress">
          <progress value={progress.share} max={1} aria-label={t('profile.photo.sending')} />
          <p className="small-print" role="status">{t(progress.waiting ? 'profile.photo.waiting' : progress.share < 1 ? 'profile.photo.sending' : 'profile.photo.making')}</p>
        </div>
      )}
      <Problem text={problem} />
      <div className="dialog-buttons">
        <Button variant="default" onClick={away}>{t('base.act.cancel')}</Button>
        <Button loading={progress !== null} disabled={picture === null} onClick={() => void keep()}>{t(picture === false ? 'profile.photo.save_whole' : 'profile.photo.save')}</Button>
      </div>
    </Dialog>
  );
}

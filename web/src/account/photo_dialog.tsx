// The square of a picture that stands for a member or a room: chosen by dragging or by the sliders.
import { Button } from '@mantine/core';
import { useEffect, useRef, useState, type PointerEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { Dialog } from '../base/dialog.tsx';
import { addWords } from '../base/i18n.ts';
import { Problem, useAct } from '../console/kit.tsx';
import kitEn from '../console/words/kit.en.json';
import kitJa from '../console/words/kit.ja.json';
import './crop.css';
import { draw, photoBody, SIDE, WHOLE, type Crop } from './photo.ts';
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

export function PhotoDialog({ picture, square = false, close, save, done }: {
  picture: ImageBitmap; square?: boolean; close: () => void; save: (body: Awaited<ReturnType<typeof photoBody>>) => Promise<void>; done: () => void;
}) {
  const { t } = useTranslation();
  const canvas = useRef<HTMLCanvasElement>(null);
  const [crop, setCrop] = useState<Crop>(WHOLE);
  const { busy, problem, errors, run } = useAct();
  useEffect(() => {
    if (canvas.current) draw(canvas.current, picture, crop);
  }, [picture, crop]);
  const clamp = (n: number) => Math.min(1, Math.max(-1, n));
  const onMove = (e: PointerEvent<HTMLCanvasElement>) => {
    if (!e.currentTarget.hasPointerCapture(e.pointerId)) return;
    const step = 2 / e.currentTarget.getBoundingClientRect().width;
    setCrop((c) => ({ ...c, x: clamp(c.x - e.movementX * step), y: clamp(c.y - e.movementY * step) }));
  };
  const keep = () => run(async () => {
    await save(await photoBody(canvas.current!));
    done();
  });
  return (
    <Dialog opened close={close} title={t('profile.photo.crop')}>
      <div className={square ? 'crop crop-square' : 'crop'}>
        <canvas
          ref={canvas} width={SIDE} height={SIDE} role="img" aria-label={t('profile.photo.preview')}
          onPointerDown={(e) => e.currentTarget.setPointerCapture(e.pointerId)} onPointerMove={onMove}
        />
        <Slider label={t('profile.photo.zoom')} min={1} value={crop.zoom} change={(zoom) => setCrop({ ...crop, zoom })} />
        <Slider label={t('profile.photo.across')} min={-1} value={crop.x} change={(x) => setCrop({ ...crop, x })} />
        <Slider label={t('profile.photo.down')} min={-1} value={crop.y} change={(y) => setCrop({ ...crop, y })} />
      </div>
      <Problem text={problem || (Object.values(errors)[0] ? t('profile.photo.refused') : '')} />
      <div className="dialog-buttons">
        <Button variant="default" onClick={close}>{t('base.act.cancel')}</Button>
        <Button loading={busy} onClick={() => void keep()}>{t('profile.photo.save')}</Button>
      </div>
    </Dialog>
  );
}

// Files of a message: pictures are seen at once, everything else is a card with its name. What is taken leaves its trace in the log.
import { lazy, Suspense, useState } from 'react';
import { AlertIcon, ClockIcon, FileIcon } from '../base/icons.tsx';
import { isBarred, isFilm, isPaper, isPicture, isSound, isViewed, sizeText, type TalkFile } from './file_kinds.ts';
import { useSave, useSmall } from './file_use.ts';
import type { Look } from './look.ts';
import type { Message } from '../base/types.ts';

const Viewer = lazy(() => import('./file_viewer.tsx'));

/** Its box has the shape of the picture, before that has come. */
function shapeOf({ width = 0, height = 0 }: TalkFile): string {
  if (height > 1.15 * width) return 'picture tall';
  return width > 0 && width < 1.15 * height ? 'picture square' : 'picture';
}

function Picture({ file, look, open }: { file: TalkFile; look: Look; open: () => void }) {
  const shown = useSmall(file, true);
  const [broken, setBroken] = useState(false);
  return (
    <button type="button" className={shapeOf(file)} aria-label={look.t('talk.file.open', { name: file.name })} onClick={open}>
      {shown.data && !broken
        ? <img src={shown.data.url} alt="" loading="lazy" decoding="async" draggable={false} onError={() => setBroken(true)} />
        : <span className="picture-name"><FileIcon />{file.name}</span>}
    </button>
  );
}

function Card({ file, look, open }: { file: TalkFile; look: Look; open: () => void }) {
  const { t } = look;
  const save = useSave(look);
  const paper = useSmall(file, isPaper(file));
  const [broken, setBroken] = useState(false);
  const does = isFilm(file) || isSound(file) ? 'play' : isViewed(file) ? 'view' : 'save';
  return (
    <button type="button" className={isPaper(file) ? 'file-card paper' : 'file-card'} onClick={() => (does === 'save' ? void save(file) : open())}>
      {isPaper(file)
        ? <span className="paper-first">{paper.data && !broken ? <img src={paper.data.url} alt="" decoding="async" draggable={false} onError={() => setBroken(true)} /> : <FileIcon />}</span>
        : <FileIcon />}
      <span className="file-name">{file.name}</span>
      <span className="sent-kind">{file.pages ? `${t('talk.file.pages', { n: file.pages, count: file.pages })} · ` : ''}{sizeText(file.size)}{' · '}{t(`talk.file.${does}`)}</span>
      {file.check === 'unscannable' && <span className="file-check"><AlertIcon size={16} />{t('talk.file.check.unscannable')}</span>}
    </button>
  );
}

/** There it stands, and nothing is to be done with it but by whom it says. */
function Barred({ file, look: { t } }: { file: TalkFile; look: Look }) {
  return (
    <div className="file-card barred">
      {file.check === 'held' ? <ClockIcon /> : <AlertIcon />}
      <span className="file-name">{file.name}</span>
      <span className="sent-kind">{sizeText(file.size)}{' · '}{t(`talk.file.check.${file.check}`)}</span>
    </div>
  );
}

export function Files({ message, look }: { message: Message; look: Look }) {
  const files = message.content?.files ?? [];
  const pictures = files.filter((f) => isPicture(f) && !isBarred(f));
  const cards = files.filter((f) => !pictures.includes(f));
  const viewed = [...pictures, ...cards.filter(isViewed)]; // as they stand in the message
  const [open, setOpen] = useState<TalkFile | null>(null);
  const index = viewed.findIndex((f) => f.id === open?.id);
  return (
    <>
      {pictures.length > 0 && (
        <div className={pictures.length > 1 ? 'pictures several' : 'pictures'}>
          {pictures.map((f) => <Picture key={f.id} file={f} look={look} open={() => setOpen(f)} />)}
        </div>
      )}
      {cards.map((f) => (isBarred(f) ? <Barred key={f.id} file={f} look={look} /> : <Card key={f.id} file={f} look={look} open={() => setOpen(f)} />))}
      {index >= 0 && <Suspense fallback={null}><Viewer files={viewed.map((file) => ({ file, message }))} index={index} look={look} close={() => setOpen(null)} /></Suspense>}
    </>
  );
}

// A photo is chosen, replaced, removed: from the library or the camera of a phone, from the disk, by dropping or pasting a picture on
// the buttons. The dialog that cuts it comes when it is needed.
import { lazy, Suspense, useRef, useState, type DragEvent, type ReactNode } from 'react';
import { toast } from '../base/live.tsx';
import { Confirm } from '../console/kit.tsx';

const PhotoDialog = lazy(() => import('./photo_dialog.tsx').then((m) => ({ default: m.PhotoDialog })));

export interface PhotoWords {
  choose: string;
  remove: string;
  saved: string;
  removed: string;
  ask: string;
  about: string;
}

const pictureIn = (files: FileList | undefined | null): File | undefined => [...files ?? []].find((f) => f.type.startsWith('image/')) ?? files?.[0];

export function PhotoChoice({ tenant, there, square, className, words, button, save, remove, changed }: {
  tenant: string; there: boolean; square?: boolean; className: string; words: PhotoWords;
  button: (text: string, act: () => void, danger: boolean) => ReactNode;
  save: (body: { upload: string }) => Promise<unknown>; remove: () => Promise<unknown>; changed?: () => void;
}) {
  const input = useRef<HTMLInputElement>(null);
  const [file, setFile] = useState<File | null>(null);
  const [removing, setRemoving] = useState(false);
  const [over, setOver] = useState(false);
  const choose = (f: File | undefined) => { if (f) setFile(f); };
  const onDrag = (e: DragEvent) => {
    if (!e.dataTransfer.types.includes('Files')) return;
    e.preventDefault();
    e.stopPropagation();
    setOver(e.type !== 'dragleave' && e.type !== 'drop');
    if (e.type === 'drop') choose(pictureIn(e.dataTransfer.files));
  };
  return (
    <div
      className={over ? `${className} photo-over` : className} onDragEnter={onDrag} onDragOver={onDrag} onDragLeave={onDrag} onDrop={onDrag}
      onPaste={(e) => choose(pictureIn(e.clipboardData.files))}
    >
      <input
        ref={input} type="file" accept="image/*" className="hidden-text" tabIndex={-1} aria-hidden
        onChange={(e) => { choose(e.target.files?.[0]); e.target.value = ''; }}
      />
      {button(words.choose, () => input.current?.click(), false)}
      {there && button(words.remove, () => setRemoving(true), true)}
      {file && (
        <Suspense fallback={null}>
          <PhotoDialog
            tenant={tenant} file={file} {...(square ? { square } : {})} close={() => setFile(null)} save={async (body) => { await save(body); }}
            done={() => { setFile(null); toast(words.saved); changed?.(); }}
          />
        </Suspense>
      )}
      {removing && (
        <Confirm
          title={words.ask} text={words.about} act={words.remove} done={words.removed} close={() => setRemoving(false)}
          run={async () => { await remove(); changed?.(); }}
        />
      )}
    </div>
  );
}

// Files of a message: pictures are seen at once, everything else is a card with its name. What is taken leaves its trace in the log.
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { ApiError, call } from '../base/api.ts';
import { Dialog } from '../base/dialog.tsx';
import { FileIcon } from '../base/icons.tsx';
import { toast } from '../base/live.tsx';
import { isFilm, isPicture, isSound, sizeText, type TalkFile } from './file_kinds.ts';
import { useTalkStore } from './talk.ts';
import type { Look } from './look.ts';
import type { Message } from '../base/types.ts';

/** A little shorter than the server's word is good for. */
const SHOWN_MS = 9 * 60_000;
/** A larger picture is loaded when somebody asks for it. */
const SEEN_BYTES = 8 * 1024 * 1024;

function useShown(file: TalkFile, wanted: boolean) {
  const { tenant } = useTalkStore().me;
  return useQuery({
    queryKey: ['file', tenant, file.id], enabled: wanted, staleTime: SHOWN_MS, gcTime: SHOWN_MS, retry: false,
    queryFn: () => call(tenant, 'file.ticket', { params: { stored: file.id }, body: { use: 'show' } }),
  });
}

function useSave(look: Look) {
  const { tenant } = useTalkStore().me;
  return async (file: TalkFile) => {
    try {
      const { url } = await call(tenant, 'file.ticket', { params: { stored: file.id }, body: { use: 'save' } });
      const a = document.createElement('a');
      a.href = url;
      a.download = file.name;
      a.click();
    } catch (e) {
      toast(e instanceof ApiError ? e.message : look.t('talk.file.failed'));
    }
  };
}

function Viewer({ file, look, close }: { file: TalkFile; look: Look; close: () => void }) {
  const { t } = look;
  const shown = useShown(file, true);
  const save = useSave(look);
  const url = shown.data?.url;
  return (
    <Dialog opened close={close} title={file.name}>
      <div className="viewer">
        {shown.isPending && <p role="status">{t('base.state.loading')}</p>}
        {shown.isError && <p className="danger" role="alert">{shown.error instanceof ApiError ? shown.error.message : t('talk.file.failed')}</p>}
        {url && isPicture(file) && <img src={url} alt={file.name} />}
        {url && isFilm(file) && <video src={url} controls playsInline aria-label={file.name} />}
        {url && isSound(file) && <audio src={url} controls aria-label={file.name} />}
      </div>
      <p className="sent-kind">{sizeText(file.size)}</p>
      <div className="dialog-acts">
        <button type="button" className="text-button" onClick={close}>{t('base.act.close')}</button>
        <button type="button" className="text-button main" onClick={() => void save(file)}>{t('talk.file.save')}</button>
      </div>
    </Dialog>
  );
}

function Picture({ file, look, open }: { file: TalkFile; look: Look; open: () => void }) {
  const shown = useShown(file, file.size <= SEEN_BYTES);
  const [broken, setBroken] = useState(false);
  return (
    <button type="button" className="picture" aria-label={look.t('talk.file.open', { name: file.name })} onClick={open}>
      {shown.data && !broken
        ? <img src={shown.data.url} alt="" loading="lazy" decoding="async" draggable={false} onError={() => setBroken(true)} />
        : <span className="picture-name"><FileIcon />{file.name}</span>}
    </button>
  );
}

function Card({ file, look, open }: { file: TalkFile; look: Look; open: () => void }) {
  const { t } = look;
  const save = useSave(look);
  const plays = isFilm(file) || isSound(file);
  return (
    <button type="button" className="file-card" onClick={() => (plays ? open() : void save(file))}>
      <FileIcon />
      <span className="file-name">{file.name}</span>
      <span className="sent-kind">{sizeText(file.size)}{' · '}{t(plays ? 'talk.file.play' : 'talk.file.save')}</span>
    </button>
  );
}

export function Files({ message, look }: { message: Message; look: Look }) {
  const files = message.content?.files ?? [];
  const pictures = files.filter(isPicture);
  const [open, setOpen] = useState<TalkFile | null>(null);
  return (
    <>
      {pictures.length > 0 && (
        <div className={pictures.length > 1 ? 'pictures several' : 'pictures'}>
          {pictures.map((f) => <Picture key={f.id} file={f} look={look} open={() => setOpen(f)} />)}
        </div>
      )}
      {files.filter((f) => !isPicture(f)).map((f) => <Card key={f.id} file={f} look={look} open={() => setOpen(f)} />)}
      {open && <Viewer file={open} look={look} close={() => setOpen(null)} />}
    </>
  );
}

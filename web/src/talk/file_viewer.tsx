// One file, large: a picture, a film, a sound. It comes when somebody asks for it, as its dialog does.
import { ApiError } from '../base/api.ts';
import { Dialog } from '../base/dialog.tsx';
import { isFilm, isPicture, isSound, sizeText, type TalkFile } from './file_kinds.ts';
import { useSave, useShown } from './file_use.ts';
import type { Look } from './look.ts';

export default function Viewer({ file, look, close }: { file: TalkFile; look: Look; close: () => void }) {
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

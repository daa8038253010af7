// フォルダ: made, named, put in order, deleted; and the one that a room goes into.
import { useRef, useState, type FormEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { ApiError } from '../base/api.ts';
import { Dialog } from '../base/dialog.tsx';
import { DoneIcon, DownIcon, UpIcon } from '../base/icons.tsx';
import { toast } from '../base/live.tsx';
import { FOLDERS_MAX, folderOf, moved, type Folder } from './folders.ts';
import { useTalk, useTalkStore } from './talk.ts';
import type { Room } from '../base/types.ts';
import './stamp.css';
import './content.css';
import './folder.css';

const NAME_MAX = 20;
type Run = (work: () => Promise<unknown>) => Promise<boolean>;

/** One act at a time; what was refused is said, and the sheet stays. */
function useRun(): { run: Run; error: string; busy: boolean } {
  const { t } = useTranslation();
  const [error, setError] = useState('');
  const [busy, setBusy] = useState(false);
  const running = useRef(false);
  const run: Run = async (work) => {
    if (running.current) return false;
    running.current = true;
    setBusy(true);
    setError('');
    try {
      await work();
      return true;
    } catch (e) {
      setError(e instanceof ApiError && e.code !== 'internal' && e.code !== 'offline' ? e.message : t('folder.sheet.failed'));
      return false;
    } finally {
      running.current = false;
      setBusy(false);
    }
  };
  return { run, error, busy };
}

function NewFolder({ run, after }: { run: Run; after?: (name: string) => Promise<void> }) {
  const { t } = useTranslation();
  const { folders } = useTalkStore();
  const all = useTalk((s) => s.folders);
  const [name, setName] = useState('');
  if (all.length >= FOLDERS_MAX) return <p className="small-print">{t('folder.sheet.full', { n: FOLDERS_MAX })}</p>;
  const add = (e: FormEvent) => {
    e.preventDefault();
    const wanted = name.trim();
    if (!wanted) return;
    void run(async () => {
      await folders.add(wanted);
      setName('');
      await after?.(wanted);
    });
  };
  return (
    <form className="folder-new" onSubmit={add}>
      <input className="stamp-search" value={name} maxLength={NAME_MAX} aria-label={t('folder.sheet.new')} placeholder={t('folder.sheet.new')} onChange={(e) => setName(e.target.value)} />
      <button type="submit" className="text-button" disabled={!name.trim()}>{t('folder.sheet.make')}</button>
    </form>
  );
}

function Row({ folder, at, all, run, remove }: { folder: Folder; at: number; all: readonly Folder[]; run: Run; remove: () => void }) {
  const { t } = useTranslation();
  const { folders } = useTalkStore();
  const [name, setName] = useState<string | null>(null);
  const again = useRef<HTMLButtonElement>(null);
  const end = () => {
    setName(null);
    requestAnimationFrame(() => again.current?.focus());
  };
  if (name !== null) {
    const save = (e: FormEvent) => {
      e.preventDefault();
      if (name.trim()) void run(() => folders.rename(folder.id, name.trim())).then((done) => { if (done) end(); });
    };
    return (
      <form className="folder-new" onSubmit={save} onKeyDown={(e) => { if (e.key === 'Escape' && !e.nativeEvent.isComposing) { e.stopPropagation(); end(); } }}>
        <input autoFocus className="stamp-search" value={name} maxLength={NAME_MAX} aria-label={t('folder.sheet.name_of', { name: folder.name })} onChange={(e) => setName(e.target.value)} />
        <button type="submit" className="text-button main" disabled={!name.trim()}>{t('base.act.save')}</button>
        <button type="button" className="text-button" onClick={end}>{t('base.act.cancel')}</button>
      </form>
    );
  }
  const move = (by: -1 | 1) => void run(() => folders.order(moved(all, folder.id, by)));
  return (
    <div className="folder-row">
      <span className="folder-name">{folder.name}</span>
      <button type="button" className="icon-button" aria-disabled={at === 0} aria-label={t('folder.sheet.up', { name: folder.name })} onClick={() => { if (at > 0) move(-1); }}><UpIcon /></button>
      <button type="button" className="icon-button" aria-disabled={at === all.length - 1} aria-label={t('folder.sheet.down', { name: folder.name })} onClick={() => { if (at < all.length - 1) move(1); }}><DownIcon /></button>
      <button ref={again} type="button" className="text-button" aria-label={t('folder.sheet.rename_of', { name: folder.name })} onClick={() => setName(folder.name)}>{t('folder.sheet.rename')}</button>
      <button type="button" className="text-button danger" aria-label={t('folder.sheet.delete_of', { name: folder.name })} onClick={remove}>{t('folder.sheet.delete')}</button>
    </div>
  );
}

/** All folders of the person. */
export function FolderSheet({ close }: { close: () => void }) {
  const { t } = useTranslation();
  const { folders } = useTalkStore();
  const all = useTalk((s) => s.folders);
  const { run, error, busy } = useRun();
  const [removing, setRemoving] = useState<Folder | null>(null);
  if (removing) {
    const remove = () => void run(() => folders.remove(removing.id)).then((done) => {
      if (!done) return;
      toast(t('folder.sheet.deleted', { name: removing.name }));
      setRemoving(null);
    });
    return (
      <Dialog opened close={() => setRemoving(null)} title={t('folder.sheet.delete_ask', { name: removing.name })}>
        <p>{t('folder.sheet.delete_text')}</p>
        {error && <p className="danger" role="alert">{error}</p>}
        <div className="dialog-acts">
          <button type="button" className="text-button" onClick={() => setRemoving(null)}>{t('base.act.cancel')}</button>
          <button type="button" className="text-button danger" disabled={busy} onClick={remove}>{t('folder.sheet.delete_do')}</button>
        </div>
      </Dialog>
    );
  }
  return (
    <Dialog opened close={close} title={t('folder.sheet.title')}>
      <p className="small-print">{t(all.length > 0 ? 'folder.sheet.about' : 'folder.sheet.empty')}</p>
      <ul className="folder-list">
        {all.map((f, i) => <li key={f.id}><Row folder={f} at={i} all={all} run={run} remove={() => setRemoving(f)} /></li>)}
      </ul>
      {error && <p className="danger" role="alert">{error}</p>}
      <NewFolder run={run} />
      <div className="dialog-acts"><button type="button" className="text-button" onClick={close}>{t('base.act.close')}</button></div>
    </Dialog>
  );
}

/** Which folder a room is in: one, or none. */
export function FolderChoice({ room, close }: { room: Room; close: () => void }) {
  const { t } = useTranslation();
  const talk = useTalkStore();
  const all = useTalk((s) => s.folders);
  const { run, error } = useRun();
  const now = folderOf(room, all)?.id ?? '';
  const put = async (id: string, name: string) => {
    await talk.putInFolder(room, id);
    toast(id ? t('folder.put.done', { name }) : t('folder.put.out'));
    close();
  };
  const putNew = async (name: string) => {
    const made = talk.state.folders.find((f) => f.name === name);
    if (made) await put(made.id, name);
  };
  const choice = (id: string, name: string) => (
    <li key={id}>
      <button type="button" className="folder-pick" aria-pressed={now === id} onClick={() => void run(() => put(id, name))}>
        <span className="folder-name">{name}</span>{now === id && <DoneIcon size={20} />}
      </button>
    </li>
  );
  return (
    <Dialog opened close={close} title={t('folder.put.title')}>
      <ul className="folder-list">
        {choice('', t('folder.put.none'))}
        {all.map((f) => choice(f.id, f.name))}
      </ul>
      {error && <p className="danger" role="alert">{error}</p>}
      <NewFolder run={run} after={putNew} />
      <div className="dialog-acts"><button type="button" className="text-button" onClick={close}>{t('base.act.close')}</button></div>
    </Dialog>
  );
}

// Files that were chosen and wait above the composer: how far each is, and the way to take it back. They leave with the message.
import { useCallback, useEffect, useState, useSyncExternalStore } from 'react';
import { useTranslation } from 'react-i18next';
import { CloseIcon } from '../base/icons.tsx';
import { sizeText } from './file_kinds.ts';
import { useTalkStore } from './talk.ts';
import { FILES_MAX, placeOf, serverPorts, Uploads, type Upload } from './uploads.ts';
import type { Post } from './outbox.ts';
import type { Talk } from './talk.ts';

const all = new WeakMap<Talk, Uploads>();

export function uploadsOf(talk: Talk): Uploads {
  const known = all.get(talk);
  if (known) return known;
  const made = new Uploads(serverPorts(talk.me.tenant), talk.keptUploads());
  all.set(talk, made);
  talk.ends.add(() => made.stop());
  return made;
}

/** How many files were chosen and not sent, in a room or anywhere. */
export function useUnsent(room?: string): number {
  const uploads = uploadsOf(useTalkStore());
  return useSyncExternalStore(uploads.subscribe, () => uploads.waiting(room));
}

export interface Tray {
  files: readonly Upload[];
  /** They go as soon as they are whole. */
  sending: boolean;
  add: (files: Iterable<File>) => void;
  send: (text: string, mentions: NonNullable<Post['mentions']>) => void;
}

interface Wanted {
  place: string;
  text: string;
  mentions: NonNullable<Post['mentions']>;
}

/** `thread`: they answer in it, and what is being written in the room is none of theirs. */
export function useTray(room: string, thread?: number): Tray {
  const talk = useTalkStore();
  const uploads = uploadsOf(talk);
  const place = placeOf(room, thread);
  const files = useSyncExternalStore(uploads.subscribe, () => uploads.of(place));
  const add = useCallback((chosen: Iterable<File>) => uploads.add(place, chosen), [uploads, place]);
  const [wanted, setWanted] = useState<Wanted | null>(null);
  useEffect(() => {
    if (wanted?.place !== place || files.some((f) => f.state !== 'ready' && f.state !== 'failed')) return;
    setWanted(null);
    if (files.length === 0 || files.some((f) => f.state === 'failed')) return;
    let { text, mentions } = wanted;
    for (let taken = uploads.take(place); taken.length > 0; taken = taken.slice(FILES_MAX)) {
      const reply = text === wanted.text && !thread ? talk.state.replies.get(room) : undefined;
      talk.postOther(room, {
        kind: 'file', files: taken.slice(0, FILES_MAX).map((f) => f.id), ...(text ? { text } : {}), ...(mentions.length ? { mentions } : {}),
        ...(reply ? { reply: reply.seq } : {}), ...(thread ? { thread } : {}),
      });
      [text, mentions] = ['', []];
    }
    if (thread) return;
    talk.setReply(room, null);
    talk.setDraft(room, '');
  }, [wanted, files, room, thread, place, talk, uploads]);
  return { files, sending: wanted?.place === place, add, send: (text, mentions) => setWanted({ place, text, mentions }) };
}

function Waiting({ file }: { file: Upload }) {
  const { t } = useTranslation();
  const uploads = uploadsOf(useTalkStore());
  const share = file.size > 0 ? file.stored / file.size : 1;
  return (
    <li className={file.state === 'failed' ? 'tray-file refused' : 'tray-file'}>
      <p className="tray-name">{file.name}</p>
      <p className="tray-state">
        {file.state === 'failed'
          ? <span className="danger" role="alert">{file.size === 0 ? t('talk.file.empty') : file.reason || t('talk.file.failed')}{file.space && ` ${t('talk.file.space', { used: sizeText(file.space.used), left: sizeText(file.space.left), size: sizeText(file.size) })}`}</span>
          : t(`talk.file.state.${file.state}`, { done: sizeText(file.stored), size: sizeText(file.size) })}
      </p>
      {(file.state === 'sending' || file.state === 'waiting') && <progress value={share} max={1} aria-label={t('talk.file.progress', { name: file.name })} />}
      {file.state === 'failed' && file.size > 0 && <button type="button" className="text-button" onClick={() => uploads.again(file.key)}>{t('talk.state.resend')}</button>}
      <button type="button" className="icon-button" aria-label={t('talk.file.remove', { name: file.name })} onClick={() => uploads.remove(file.key)}><CloseIcon size={20} /></button>
    </li>
  );
}

export function FileTray({ tray }: { tray: Tray }) {
  const { t } = useTranslation();
  const { files, sending } = tray;
  if (files.length === 0) return null;
  const ready = files.every((f) => f.state === 'ready');
  return (
    <section className="tray" aria-label={t('talk.file.tray')}>
      {files.some((f) => f.earlier) && <p className="tray-note">{t('talk.file.earlier')}</p>}
      <ul>{files.map((f) => <Waiting key={f.key} file={f} />)}</ul>
      <p className="tray-note" role="status">{sending ? t('talk.file.goes') : ready ? t('talk.file.all_ready', { n: files.length, count: files.length }) : ''}</p>
    </section>
  );
}

/** Whether something is dropped beside the room, where its thread is. */
const onThread = (e: DragEvent): boolean => (e.target as Element | null)?.closest?.('.info-pane') != null;

/** Files that are dropped on the page come into the tray of where they fall; text stays text. */
export function useDropped(add: (files: Iterable<File>) => void, thread = false): boolean {
  const [over, setOver] = useState(false);
  useEffect(() => {
    const hasFiles = (e: DragEvent) => e.dataTransfer?.types.includes('Files') === true && document.querySelector('[role=dialog]') === null;
    const isHere = (e: DragEvent) => onThread(e) === thread;
    const enter = (e: DragEvent) => {
      if (!hasFiles(e)) return;
      e.preventDefault();
      setOver(isHere(e));
    };
    const leave = (e: DragEvent) => {
      if (e.relatedTarget === null) setOver(false);
    };
    const drop = (e: DragEvent) => {
      setOver(false);
      if (!hasFiles(e)) return;
      e.preventDefault();
      if (e.dataTransfer && isHere(e)) add(e.dataTransfer.files);
    };
    const listeners = [['dragenter', enter], ['dragover', enter], ['dragleave', leave], ['drop', drop]] as const;
    for (const [name, f] of listeners) document.addEventListener(name, f);
    return () => {
      for (const [name, f] of listeners) document.removeEventListener(name, f);
    };
  }, [add, thread]);
  return over;
}

// The picture of a room: chosen, cut to a square, removed; by whoever may name the room.
import { useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { PhotoDialog } from '../account/photo_dialog.tsx';
import { call } from '../base/api.ts';
import { toast } from '../base/live.tsx';
import { Confirm } from '../console/kit.tsx';
import { useTalkStore } from './talk.ts';
import type { Room } from '../base/types.ts';

export default function RoomPhoto({ room }: { room: Room }) {
  const { t } = useTranslation();
  const talk = useTalkStore();
  const input = useRef<HTMLInputElement>(null);
  const [picture, setPicture] = useState<ImageBitmap | null>(null);
  const [removing, setRemoving] = useState(false);
  const [problem, setProblem] = useState('');
  const params = { room: room.id };
  const choose = async (file: File | undefined) => {
    setProblem('');
    if (!file) return;
    try {
      setPicture(await createImageBitmap(file));
    } catch {
      setProblem(t('profile.photo.unreadable'));
    }
  };
  return (
    <>
      <input
        ref={input} type="file" accept="image/png,image/jpeg,image/webp" className="hidden-text" tabIndex={-1} aria-hidden
        onChange={(e) => { void choose(e.target.files?.[0]); e.target.value = ''; }}
      />
      <button type="button" className="filter-chip" onClick={() => input.current?.click()}>{t(room.photo ? 'folder.photo.change' : 'folder.photo.add')}</button>
      {room.photo && <button type="button" className="filter-chip" onClick={() => setRemoving(true)}>{t('folder.photo.remove')}</button>}
      {problem && <p className="danger" role="alert">{problem}</p>}
      {picture && (
        <PhotoDialog
          picture={picture} square close={() => setPicture(null)}
          save={async (body) => talk.roomKept(await call(talk.me.tenant, 'room.photo.put', { params, body }))}
          done={() => { setPicture(null); toast(t('folder.photo.saved')); }}
        />
      )}
      {removing && (
        <Confirm
          title={t('folder.photo.remove_ask')} text={t('folder.photo.remove_text')} act={t('folder.photo.remove')} done={t('folder.photo.removed')}
          close={() => setRemoving(false)}
          run={async () => talk.roomKept(await call(talk.me.tenant, 'room.photo.delete', { params }))}
        />
      )}
    </>
  );
}

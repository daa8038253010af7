// The picture of a room: chosen, cut to a square, removed; by whoever may name the room.
import { useTranslation } from 'react-i18next';
import { PhotoChoice } from '../account/photo_choice.tsx';
import { call } from '../base/api.ts';
import { useTalkStore } from './talk.ts';
import type { Room } from '../base/types.ts';

export default function RoomPhoto({ room }: { room: Room }) {
  const { t } = useTranslation();
  const talk = useTalkStore();
  const params = { room: room.id };
  return (
    <PhotoChoice
      tenant={talk.me.tenant} there={Boolean(room.photo)} square className="room-photo"
      words={{
        choose: t(room.photo ? 'folder.photo.change' : 'folder.photo.add'), remove: t('folder.photo.remove'), saved: t('folder.photo.saved'),
        removed: t('folder.photo.removed'), ask: t('folder.photo.remove_ask'), about: t('folder.photo.remove_text'),
      }}
      button={(text, act) => <button key={text} type="button" className="filter-chip" onClick={act}>{text}</button>}
      save={async (body) => talk.roomKept(await call(talk.me.tenant, 'room.photo.put', { params, body }))}
      remove={async () => talk.roomKept(await call(talk.me.tenant, 'room.photo.delete', { params }))}
    />
  );
}

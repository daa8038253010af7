// What stands for a room: its own picture, the other one's photo in a talk of two, a bell for service notices.
import { useTranslation } from 'react-i18next';
import { Face, NoticeFace, photoOf } from '../base/face.tsx';
import { HereFace } from './here_face.tsx';
import { roomName } from './names.ts';
import { useTalk, useTalkStore } from './talk.ts';
import type { Room } from '../base/types.ts';

const pictureOf = (tenant: string, room: Room): string | undefined => (room.photo ? `/t/${tenant}/rooms/${room.id}/photo?v=${room.photo}` : undefined);

/** `here`: whether the other one of a talk of two is here stands at the face. */
export function RoomFace({ room, size = 'normal', here = false }: { room: Room; size?: 'small' | 'normal' | 'large'; here?: boolean }) {
  const { t } = useTranslation();
  const { me } = useTalkStore();
  const members = useTalk((s) => s.members);
  if (room.kind === 'notice') return <NoticeFace size={size === 'small' ? 'small' : 'normal'} />;
  const peer = members.get(room.peer ?? '');
  if (here && peer) return <HereFace member={peer} size={size} />;
  const direct = room.kind === 'direct';
  return (
    <Face
      id={peer?.id ?? room.id} name={roomName(t, room, members)} kind={direct ? 'person' : 'room'} size={size}
      photo={direct ? photoOf(me.tenant, peer) : pictureOf(me.tenant, room)}
    />
  );
}

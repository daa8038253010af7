// トークルーム: header, log, composer, and the members beside it.
import { Button } from '@mantine/core';
import { lazy, Suspense, useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { BackIcon, MembersIcon } from '../base/icons.tsx';
import { go } from '../base/route.ts';
import { Empty, ErrorNote, Loading } from '../base/states.tsx';
import { Composer } from './composer.tsx';
import { HereLine } from './here_face.tsx';
import { Log } from './log.tsx';
import { useTalk, useTalkStore } from './talk.ts';
import { OfflineBar } from './offline_bar.tsx';
import { unreadIn } from './unread.ts';
import { roomName } from './names.ts';
import { RoomFace } from './room_face.tsx';
import type { Room } from '../base/types.ts';

const RoomInfo = lazy(() => import('./info.tsx'));
const ChosenBar = lazy(() => import('./chosen_bar.tsx'));
const ThreadPane = lazy(() => import('./thread.tsx'));

function Header({ room, info }: { room: Room | undefined; info: (() => void) | null }) {
  const { t } = useTranslation();
  const members = useTalk((s) => s.members);
  const peer = room?.kind === 'direct' ? room.peer : undefined;
  const about = room && t(`talk.about.${room.kind}`, { n: room.members, count: room.members });
  return (
    <header className="room-head">
      <button type="button" className="icon-button narrow-only" aria-label={t('base.act.back')} onClick={() => go('/talk')}>
        <BackIcon />
      </button>
      {room && <RoomFace key={room.id} room={room} size="small" />}
      <div className="room-titles">
        <h1>{room ? roomName(t, room, members) : t('talk.room.label')}</h1>
        {(about || peer) && <p>{about}{peer && <HereLine member={peer} />}</p>}
      </div>
      {info && (
        <button type="button" className="icon-button" aria-label={t('talk.info.open')} title={t('talk.info.open')} onClick={info}>
          <MembersIcon />
        </button>
      )}
    </header>
  );
}

function GreyBubbles() {
  const { t } = useTranslation();
  return (
    <div className="grey-bubbles" role="status" aria-label={t('base.state.loading')}>
      {[52, 38, 64, 30, 58, 44, 26, 48].map((width, i) => (
        <span key={width} className={i % 3 === 2 ? 'grey mine' : 'grey'} style={{ inlineSize: `${width}%` }} />
      ))}
    </div>
  );
}

/** Who is writing, for as long as it is told. */
function Typing({ room }: { room: string }) {
  const { t } = useTranslation();
  const members = useTalk((s) => s.members);
  const here = useTalk((s) => s.typing.get(room));
  const [, again] = useState(0);
  const now = Date.now();
  const names = [...(here ?? [])].filter(([, until]) => until > now).flatMap(([id]) => members.get(id) ?? []).map((m) => m.family);
  useEffect(() => {
    if (names.length === 0) return undefined;
    const timer = setTimeout(() => again((n) => n + 1), 1_000);
    return () => clearTimeout(timer);
  });
  return names.length > 0 ? <p className="typing" aria-hidden>{t('talk.typing', { names: names.slice(0, 3).join(t('talk.system.and')) })}</p> : null;
}

function Body({ room, id, at }: { room: Room; id: string; at: number | null }) {
  const { t } = useTranslation();
  const talk = useTalkStore();
  const log = useTalk((s) => s.logs.get(id));
  const offline = useTalk((s) => s.offline);
  const chosen = useTalk((s) => (s.chosen?.room === id ? s.chosen : null));
  return (
    <>
      {offline && <OfflineBar text={t('talk.room.offline')} />}
      {log?.status === 'error' && (
        <div className="room-state"><ErrorNote error={log.error} text={t('talk.room.error')} retry={() => void talk.openRoom(id)} /></div>
      )}
      {(!log || log.status === 'loading') && <GreyBubbles />}
      {log?.status === 'ready' && <Log room={room} log={log} at={at} />}
      <Typing room={id} />
      {room.kind === 'notice' ? <p className="notice-foot">{t('talk.notice.no_answer')}</p> : <div className={chosen ? 'set-aside' : 'at-hand'}><Composer key={id} room={id} /></div>}
      {chosen && <Suspense fallback={null}><ChosenBar chosen={chosen} /></Suspense>}
    </>
  );
}

/** `at`: the message that stands in the address. */
export function RoomPane({ id, at }: { id: string; at: number | null }) {
  const { t } = useTranslation();
  const talk = useTalkStore();
  const [info, setInfo] = useState(false);
  const status = useTalk((s) => s.status);
  const error = useTalk((s) => s.error);
  const room = useTalk((s) => s.rooms.find((r) => r.id === id));
  const left = useTalk((s) => s.left.has(id));
  const members = useTalk((s) => s.members);
  const socket = useTalk((s) => s.socket);
  const thread = useTalk((s) => (s.thread?.room === id ? s.thread.root : null));
  const known = room !== undefined;
  const entered = useRef(false);

  useEffect(() => {
    const here = talk.room(id);
    if (!known || !here) return;
    if (at !== null) void talk.jump(id, at);
    else if (entered.current) void talk.logs.toEnd(id);
    else void talk.enterRoom(id, unreadIn(here, talk.me.id) > 0);
    entered.current = true;
  }, [known, id, at, talk]);
  useEffect(() => () => talk.closeRoom(id), [id, talk]);
  useEffect(() => {
    if (!known || socket !== 'open') return undefined;
    void talk.showRoom(id, true);
    return () => void talk.showRoom(id, false);
  }, [known, socket, id, talk]);

  return (
    <>
      <section className="room-pane" aria-label={room ? roomName(t, room, members) : t('talk.room.label')}>
        <Header room={room} info={room && room.kind !== 'notice' ? () => setInfo(!info) : null} />
        {status === 'loading' && <GreyBubbles />}
        {status === 'error' && <div className="room-state"><ErrorNote error={error} retry={() => void talk.load()} /></div>}
        {left && <p className="room-state">{t('talk.room.left')}</p>}
        {status === 'ready' && !room && !left && (
          <div className="room-state">
            <Empty act={<Button onClick={() => go('/talk')}>{t('base.state.to_talk')}</Button>}>{t('talk.room.missing')}</Empty>
          </div>
        )}
        {room && <Body room={room} id={id} at={at} />}
      </section>
      {room && thread !== null && <Suspense fallback={<div className="info-pane"><Loading /></div>}><ThreadPane key={thread} room={room} root={thread} close={() => talk.openThread(id, null)} /></Suspense>}
      {room && info && thread === null && <Suspense fallback={<div className="info-pane"><Loading /></div>}><RoomInfo room={room} close={() => setInfo(false)} /></Suspense>}
    </>
  );
}

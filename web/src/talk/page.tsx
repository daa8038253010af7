// トーク: the list and the room beside it; on a phone one of the two.
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Mark } from '../base/icons.tsx';
import { say } from '../base/live.tsx';
import { useBare } from './alone.tsx';
import { RoomList } from './list.tsx';
import { lineOf } from './content.tsx';
import { senderName } from './names.ts';
import { arrived } from './notices.ts';
import { RoomPane } from './room.tsx';
import { useTalkStore } from './talk.ts';

const LIST_LATER = 1_000;

/** Messages of others are spoken while their room is in front, and counted in the title while the window is not. */
function useArrivals(openRoom: string | null): void {
  const { t } = useTranslation();
  const talk = useTalkStore();
  useEffect(() => {
    let unseen = 0;
    const title = () => {
      document.title = `${unseen > 0 ? `(${unseen}) ` : ''}${t('talk.list.title')} - Engawa`;
    };
    const looked = () => {
      unseen = 0;
      title();
    };
    title();
    talk.onArrival = (m, room) => {
      arrived(m, room, talk.me.id, document.hasFocus() && room.id === openRoom, talk.state.keywords);
      if (!document.hasFocus()) {
        unseen += 1;
        title();
      } else if (room.id === openRoom) {
        const said = lineOf(t, m).slice(0, 120);
        const text = room.kind === 'notice' ? t('talk.notice.said', { text: said })
          : t('talk.room.said', { name: senderName(t, talk.state.members, m), text: said });
        say(text, (n) => t('talk.room.many', { n }));
      }
    };
    window.addEventListener('focus', looked);
    return () => {
      window.removeEventListener('focus', looked);
      talk.onArrival = (m, room) => arrived(m, room, talk.me.id, false, talk.state.keywords);
    };
  }, [openRoom, t, talk]);
}

/** F6 moves between rail, list and room. */
function usePaneKeys(): void {
  useEffect(() => {
    const onKey = (e: KeyboardEvent) => {
      if (e.key !== 'F6' || e.isComposing) return;
      e.preventDefault();
      const panes = [...document.querySelectorAll<HTMLElement>('.rail, .list-pane, .room-pane')].filter((p) => p.offsetParent);
      const at = panes.findIndex((p) => p.contains(document.activeElement));
      const next = panes[(at + (e.shiftKey ? panes.length - 1 : 1)) % panes.length];
      const targets = ['textarea', '[aria-current]', 'input', 'a[href]', 'button'].flatMap((q) => [...(next?.querySelectorAll<HTMLElement>(q) ?? [])]);
      targets.find((e) => e.offsetParent)?.focus();
    };
    window.addEventListener('keydown', onKey);
    return () => window.removeEventListener('keydown', onKey);
  }, []);
}

/** A page that opens in a room shows the room alone on a phone: the list behind it is drawn in a moment, when the room is there. */
function useListDue(room: string | null): boolean {
  const [due, setDue] = useState(() => room === null || !window.matchMedia('(max-width: 767px)').matches);
  useEffect(() => {
    const timer = setTimeout(() => setDue(true), LIST_LATER);
    return () => clearTimeout(timer);
  }, []);
  return due || room === null;
}

export function TalkPage({ room, seq, adding }: { room: string | null; seq: number | null; adding: boolean }) {
  const { t } = useTranslation();
  useArrivals(room);
  usePaneKeys();
  const none = useBare();
  const listDue = useListDue(room);
  return (
    <main className="talk" id="content">
      {listDue && <RoomList open={room} adding={adding} />}
      {room ? <RoomPane key={room} id={room} at={seq} /> : (
        <section className="room-pane room-none" aria-label={t('talk.room.label')}>
          <Mark size={48} />
          <p>{t(none ? 'talk.room.choose_none' : 'talk.room.choose')}</p>
        </section>
      )}
    </main>
  );
}

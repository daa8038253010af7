// One message: a bubble, the face and name of who wrote it, its time; an unsent one with its state and what to do.
import { lazy, memo, Suspense, useEffect, useRef, useState, type KeyboardEvent, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Face, NoticeFace, photoOf } from '../base/face.tsx';
import { currentLang } from '../base/i18n.ts';
import { AlertIcon, ClockIcon, MoreIcon, ReplyIcon } from '../base/icons.tsx';
import { clock, spoken } from '../base/time.ts';
import { isNotice } from './names.ts';
import { EditMessage } from './edit.tsx';
import { Content, lineOf, MessageText, Reactions } from './content.tsx';
import { useLongPress } from './press.ts';
import type { Row } from './rows.ts';
import { Stamp } from './stamp.tsx';
import { useSwipe } from './swipe.ts';
import { useTalk, useTalkStore } from './talk.ts';
import type { Message } from '../base/types.ts';

interface Focus {
  active: boolean;
  onFocus: () => void;
}

const MessageMenu = lazy(() => import('./message_menu.tsx'));

/** The message with which a choice begins takes the focus. Its menu has gone in the same moment and has given it back before. */
function useFirst(choosing: boolean, picked: boolean, place: { current: HTMLElement | null }): void {
  const was = useRef(choosing);
  useEffect(() => {
    if (choosing && !was.current && picked) place.current?.focus({ preventScroll: true });
    was.current = choosing;
  }, [choosing, picked, place]);
}

function Meta({ message, date, time, mine, showTime, reads, direct, open }: {
  message: Message; date: Date; time: string; mine: boolean; showTime: boolean; reads: number; direct: boolean; open: () => void;
}) {
  const { t } = useTranslation();
  return (
    <div className="meta">
      {message.pinned && <p>{t('talk.pinned')}</p>}
      {message.edited && !message.gone && <p>{t('talk.edited')}</p>}
      {mine && reads > 0 && (
        <p><button type="button" className="read-count" onClick={open}>{direct ? t('talk.read_one') : t('talk.read', { n: reads })}</button></p>
      )}
      {showTime && <p><time dateTime={message.sent} title={time}>{clock(date)}</time></p>}
    </div>
  );
}

export const Bubble = memo(function Bubble({ row, name, named, firstSeq, reads, flash, jump, active, onFocus }: Focus & {
  row: Extract<Row, { kind: 'message' }>; name: string; named: boolean; firstSeq: number; reads: number; flash: boolean; jump: (seq: number) => void;
}) {
  const { t } = useTranslation();
  const { message, date, mine, first, showTime } = row;
  const talk = useTalkStore();
  const { me } = talk;
  const author = useTalk((s) => s.members.get(message.author));
  const [menu, setMenu] = useState<'acts' | 'readers' | null>(null);
  const [editing, setEditing] = useState(false);
  const choosing = useTalk((s) => s.chosen?.room === message.room);
  const picked = useTalk((s) => s.chosen?.room === message.room && s.chosen.messages.has(message.seq));
  const place = useRef<HTMLElement>(null);
  useFirst(choosing, picked, place);
  const time = spoken(date, currentLang());
  const notice = isNotice(message);
  const press = useLongPress(() => setMenu('acts'));
  const { swiping, touches } = useSwipe(place, !notice && !message.gone && !choosing && !editing && menu === null, () => {
    talk.setReply(message.room, message);
    document.getElementById('composer')?.focus();
  });
  const onKey = (e: KeyboardEvent) => {
    if (notice || e.target !== e.currentTarget) return;
    if (choosing) {
      if (e.key !== ' ' && e.key !== 'Enter') return;
      e.preventDefault();
      talk.choose(message);
      return;
    }
    if (e.key === 'Enter' || (e.key === 'F10' && e.shiftKey)) {
      e.preventDefault();
      setMenu('acts');
    }
  };
  const text = [lineOf(t, message), message.edited ? t('talk.edited') : '', mine && reads > 0 ? t('talk.read', { n: reads }) : '', picked ? t('talk.choose.picked') : ''].filter(Boolean).join('、');
  return (
    <article
      className={`message ${mine ? 'mine' : 'theirs'} ${first ? 'first' : ''} ${flash ? 'flash' : ''} ${choosing ? 'choosing' : ''} ${picked ? 'picked' : ''} ${swiping ? 'swiping' : ''}`} ref={place} {...touches} tabIndex={active ? 0 : -1} onFocus={onFocus} onKeyDown={onKey}
      aria-label={t('talk.room.article', { name: mine ? t('talk.room.me') : name, time, text })}
      aria-setsize={-1} aria-posinset={message.seq - firstSeq + 1}
    >
      {choosing && !notice && (
        <label className="choose">
          <input type="checkbox" checked={picked} tabIndex={-1} onChange={() => talk.choose(message)} aria-label={t('talk.choose.one', { name: mine ? t('talk.room.me') : name, text: lineOf(t, message) })} />
        </label>
      )}
      {!mine && (
        <span className="message-face">
          {first && (notice
            ? <NoticeFace size="small" />
            : <Face id={message.author} name={name} kind="person" size="small" photo={photoOf(me.tenant, author)} />)}
        </span>
      )}
      <div className="message-main">
        {swiping && <span className="swipe-sign" aria-hidden><ReplyIcon size={20} /></span>}
        {!mine && first && named && <p className="message-name">{name}</p>}
        <div className="message-line">
          <div className="bubble" {...(notice ? {} : press)}>
            {editing ? <EditMessage message={message} close={() => setEditing(false)} /> : <Content message={message} jump={jump} />}
          </div>
          <Meta message={message} date={date} time={time} mine={mine} showTime={showTime} reads={reads} direct={!named} open={() => setMenu('readers')} />
          {!notice && (
            <button type="button" className="message-more" aria-label={t('talk.menu.open')} title={t('talk.menu.open')} tabIndex={active ? 0 : -1} onClick={() => setMenu('acts')}>
              <MoreIcon size={20} />
            </button>
          )}
        </div>
        {!message.gone && <Reactions message={message} />}
        {(message.replies ?? 0) > 0 && (
          <button type="button" className="thread-open" onClick={() => talk.openThread(message.room, message.seq)}>{t('talk.thread.count', { n: message.replies, count: message.replies ?? 0 })}</button>
        )}
      </div>
      {menu && <Suspense fallback={null}><MessageMenu message={message} first={menu} close={() => setMenu(null)} edit={() => setEditing(true)} /></Suspense>}
    </article>
  );
});

/** 送信中 only after a moment: most messages are there before it could be read. */
function useLate(sending: boolean): boolean {
  const [late, setLate] = useState(false);
  useEffect(() => {
    setLate(false);
    if (!sending) return undefined;
    const timer = setTimeout(() => setLate(true), 400);
    return () => clearTimeout(timer);
  }, [sending]);
  return late;
}

export function PendingBubble({ row, active, onFocus }: Focus & { row: Extract<Row, { kind: 'pending' }> }) {
  const { t } = useTranslation();
  const offline = useTalk((s) => s.offline);
  const { item } = row;
  const failed = item.state === 'failed';
  const late = useLate(!failed);
  const state = failed ? t('talk.state.failed') : item.state === 'waiting' || offline ? t('talk.state.waiting') : t('talk.state.sending');
  let meta: ReactNode = null;
  if (failed) meta = <span className="meta-failed"><AlertIcon size={16} />{state}</span>;
  else if (late) meta = <><ClockIcon size={16} />{state}</>;
  return (
    <article
      className={`message mine pending ${row.first ? 'first' : ''}`} tabIndex={active ? 0 : -1} onFocus={onFocus}
      aria-label={t('talk.room.article_state', { name: t('talk.room.me'), text: item.text, state })}
    >
      <div className="message-main">
        <div className="message-line">
          <div className="bubble">{item.post.stamp ? <Stamp name={item.post.stamp} lang={currentLang()} /> : <MessageText text={item.text} own />}</div>
          <p className="meta">{meta}</p>
        </div>
        {failed && <FailedActions itemKey={item.key} room={item.room} reason={item.reason} />}
      </div>
    </article>
  );
}

function FailedActions({ itemKey, room, reason }: { itemKey: string; room: string; reason: string }) {
  const { t } = useTranslation();
  const talk = useTalkStore();
  const edit = () => {
    const item = talk.discard(itemKey);
    if (!item) return;
    const draft = talk.state.drafts.get(room);
    talk.setDraft(room, draft ? `${item.text}\n${draft}` : item.text);
    document.getElementById('composer')?.focus();
  };
  return (
    <div className="failed" role="alert">
      <p>{reason || t('talk.state.failed_alert')}</p>
      <div className="failed-actions">
        <button type="button" className="text-button" onClick={() => talk.resend(itemKey)}>{t('talk.state.resend')}</button>
        <button type="button" className="text-button" onClick={edit}>{t('talk.state.edit')}</button>
        <button type="button" className="text-button danger" onClick={() => talk.discard(itemKey)}>{t('talk.state.delete')}</button>
      </div>
    </div>
  );
}

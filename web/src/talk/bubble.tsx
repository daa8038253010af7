// One message: a bubble, the face and name of who wrote it, its time; an unsent one with its state and what to do.
import { memo, useEffect, useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Face, NoticeFace, photoOf } from '../base/face.tsx';
import { currentLang } from '../base/i18n.ts';
import { AlertIcon, ClockIcon } from '../base/icons.tsx';
import { clock, spoken } from '../base/time.ts';
import { isNotice } from './names.ts';
import { linkPieces, type Row } from './rows.ts';
import { useTalk, useTalkStore } from './talk.ts';

interface Focus {
  active: boolean;
  onFocus: () => void;
}

/** Text is text: only http and https addresses become links, everything else stays as it was typed. */
function MessageText({ text }: { text: string }) {
  return (
    <div className="bubble-text">
      {linkPieces(text).map((piece, i) => (piece.href
        ? <a key={i} href={piece.href} target="_blank" rel="noopener noreferrer nofollow">{piece.text}</a>
        : <span key={i}>{piece.text}</span>))}
    </div>
  );
}

export const Bubble = memo(function Bubble({ row, name, named, firstSeq, active, onFocus }: Focus & {
  row: Extract<Row, { kind: 'message' }>; name: string; named: boolean; firstSeq: number;
}) {
  const { t } = useTranslation();
  const { message, date, mine, first, showTime } = row;
  const { me } = useTalkStore();
  const author = useTalk((s) => s.members.get(message.author));
  const time = spoken(date, currentLang());
  return (
    <article
      className={`message ${mine ? 'mine' : 'theirs'} ${first ? 'first' : ''}`} tabIndex={active ? 0 : -1} onFocus={onFocus}
      aria-label={t('talk.room.article', { name: mine ? t('talk.room.me') : name, time, text: message.text })}
      aria-setsize={-1} aria-posinset={message.seq - firstSeq + 1}
    >
      {!mine && (
        <span className="message-face">
          {first && (isNotice(message)
            ? <NoticeFace size="small" />
            : <Face id={message.author} name={name} kind="person" size="small" photo={photoOf(me.tenant, author)} />)}
        </span>
      )}
      <div className="message-main">
        {!mine && first && named && <p className="message-name">{name}</p>}
        <div className="message-line">
          <div className="bubble"><MessageText text={message.text} /></div>
          {showTime && <p className="meta"><time dateTime={message.sent} title={time}>{clock(date)}</time></p>}
        </div>
      </div>
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
          <div className="bubble"><MessageText text={item.text} /></div>
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

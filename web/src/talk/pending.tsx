// A message of one's own that is not sent yet: a bubble with its state and what to do.
import { useEffect, useState, type ReactNode } from 'react';
import { AlertIcon, ClockIcon } from '../base/icons.tsx';
import { MessageText } from './content.tsx';
import type { Look } from './look.ts';
import type { OutItem } from './outbox.ts';
import type { Row } from './rows.ts';
import { Stamp } from './stamp.tsx';
import { useTalk, useTalkStore } from './talk.ts';

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

export function PendingBubble({ row, look, active }: { row: Extract<Row, { kind: 'pending' }>; look: Look; active: boolean }) {
  const { t } = look;
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
      className={`message mine pending ${row.first ? 'first' : ''}`} data-key={row.key} tabIndex={active ? 0 : -1}
      aria-label={t('talk.room.article_state', { name: t('talk.room.me'), text: item.text, state })}
    >
      <div className="message-main">
        <div className="message-line">
          <div className={item.post.stamp ? 'bubble bubble-stamp' : 'bubble'}><Waiting item={item} look={look} /></div>
          <p className="meta">{meta}</p>
        </div>
        {failed && <FailedActions itemKey={item.key} room={item.room} reason={item.reason} look={look} />}
      </div>
    </article>
  );
}

function Waiting({ item, look }: { item: OutItem; look: Look }) {
  if (item.post.stamp) return <Stamp name={item.post.stamp} lang={look.lang} />;
  const n = item.post.files?.length ?? 0;
  return (
    <>
      {n > 0 && <p className="sent-kind">{look.t('talk.line.files', { n, count: n })}</p>}
      {(item.text !== '' || n === 0) && <MessageText text={item.text} own look={look} />}
    </>
  );
}

function FailedActions({ itemKey, room, reason, look: { t } }: { itemKey: string; room: string; reason: string; look: Look }) {
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

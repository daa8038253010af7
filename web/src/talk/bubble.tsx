// One message: a bubble, the face and name of who wrote it, its time. A long room is scrolled through by thousands of them, so
// a bubble asks and remembers nothing: it is drawn from what it is given, and what hands do to it is heard by the log (hands.ts).
import { memo } from 'react';
import { Face, NoticeFace, photoOf } from '../base/face.tsx';
import { ReplyIcon } from '../base/icons.tsx';
import { clock, spoken } from '../base/time.ts';
import { Content, lineOf, Reactions } from './content.tsx';
import { EditMessage } from './edit.tsx';
import type { Look } from './look.ts';
import { isNotice, senderName } from './names.ts';
import type { Message } from '../base/types.ts';

/** What is done with a message; the same object as long as the log is open. */
export interface Acts {
  menu: (message: Message, first: 'acts' | 'readers') => void;
  edited: () => void;
  choose: (message: Message) => void;
  thread: (message: Message) => void;
}

interface Props {
  message: Message;
  rowKey: string;
  mine: boolean;
  first: boolean;
  showTime: boolean;
  /** It has come while the log was open. */
  fresh: boolean;
  /** The room is of two. */
  direct: boolean;
  firstSeq: number;
  reads: number;
  flash: boolean;
  active: boolean;
  choosing: boolean;
  picked: boolean;
  editing: boolean;
  swiping: boolean;
  look: Look;
  acts: Acts;
}

function Meta({ message, date, time, mine, showTime, reads, direct, look: { t }, acts }: Props & { date: Date; time: string }) {
  return (
    <div className="meta">
      {message.pinned && <p>{t('talk.pinned')}</p>}
      {message.edited && !message.gone && <p>{t('talk.edited')}</p>}
      {mine && reads > 0 && (
        <p><button type="button" className="read-count" onClick={() => acts.menu(message, 'readers')}>{direct ? t('talk.read_one') : t('talk.read', { n: reads })}</button></p>
      )}
      {showTime && <p><time dateTime={message.sent} title={time}>{clock(date)}</time></p>}
    </div>
  );
}

function labelOf({ message, mine, reads, picked, look: { t } }: Props, name: string, time: string): string {
  const text = [
    lineOf(t, message), message.edited ? t('talk.edited') : '', mine && reads > 0 ? t('talk.read', { n: reads }) : '', picked ? t('talk.choose.picked') : '',
  ].filter(Boolean).join('、');
  return t('talk.room.article', { name, time, text });
}

export const Bubble = memo(function Bubble(props: Props) {
  const { message, rowKey, mine, first, fresh, direct, firstSeq, flash, active, choosing, picked, editing, swiping, look, acts } = props;
  const { t, lang, me, members } = look;
  const date = new Date(message.sent);
  const time = spoken(date, lang);
  const notice = isNotice(message);
  const name = senderName(t, members, message);
  const called = mine ? t('talk.room.me') : name;
  const states = [mine ? 'mine' : 'theirs', first && 'first', fresh && 'fresh', flash && 'flash', choosing && 'choosing', picked && 'picked', swiping && 'swiping'];
  return (
    <article
      className={`message ${states.filter(Boolean).join(' ')}`} data-key={rowKey} tabIndex={active ? 0 : -1}
      aria-label={labelOf(props, called, time)} aria-setsize={-1} aria-posinset={message.seq - firstSeq + 1}
    >
      {choosing && !notice && (
        <label className="choose">
          <input type="checkbox" checked={picked} tabIndex={-1} onChange={() => acts.choose(message)} aria-label={t('talk.choose.one', { name: called, text: lineOf(t, message) })} />
        </label>
      )}
      {!mine && (
        <span className="message-face">
          {first && (notice
            ? <NoticeFace size="small" />
            : <Face id={message.author} name={name} kind="person" size="small" photo={photoOf(me.tenant, members.get(message.author))} />)}
        </span>
      )}
      <div className="message-main">
        {swiping && <span className="swipe-sign" aria-hidden><ReplyIcon size={20} /></span>}
        {!mine && first && !direct && <p className="message-name">{name}</p>}
        <div className="message-line">
          <div className={message.kind === 'stamp' && !message.gone ? 'bubble bubble-stamp' : 'bubble'}>
            {editing ? <EditMessage message={message} close={acts.edited} /> : <Content message={message} look={look} />}
          </div>
          <Meta {...props} date={date} time={time} />
          {!notice && (
            <button type="button" className="message-more" aria-label={look.menu} title={look.menu} tabIndex={active ? 0 : -1} onClick={() => acts.menu(message, 'acts')} />
          )}
        </div>
        {!message.gone && message.reactions?.length ? <Reactions message={message} look={look} /> : null}
        {(message.replies ?? 0) > 0 && (
          <button type="button" className="thread-open" onClick={() => acts.thread(message)}>{t('talk.thread.count', { n: message.replies, count: message.replies ?? 0 })}</button>
        )}
      </div>
    </article>
  );
});

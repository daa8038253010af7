// A thread: a message and what stands under it, beside the room. Its messages are messages of the room.
import { useEffect, useRef, useState } from 'react';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { call } from '../base/api.ts';
import { Face, photoOf } from '../base/face.tsx';
import { currentLang } from '../base/i18n.ts';
import { CloseIcon, SendIcon } from '../base/icons.tsx';
import { decideEnter, isComposingKey, useComposition } from '../base/ime.ts';
import { isTouch, usePrefs } from '../base/prefs.ts';
import { ErrorNote, Loading } from '../base/states.tsx';
import { listTime, spoken } from '../base/time.ts';
import { Content, Reactions } from './content.tsx';
import { senderName } from './names.ts';
import { mergeMessages } from './rows.ts';
import { MAX_TEXT, useTalk, useTalkStore } from './talk.ts';
import type { Message, Room } from '../base/types.ts';

export function Entry({ message, hit = false }: { message: Message; hit?: boolean }) {
  const { t } = useTranslation();
  const { me } = useTalkStore();
  const members = useTalk((s) => s.members);
  const name = senderName(t, members, message);
  const date = new Date(message.sent);
  const place = useRef<HTMLLIElement>(null);
  useEffect(() => {
    if (hit) place.current?.scrollIntoView({ block: 'center' });
  }, [hit]);
  return (
    <li ref={place} className={hit ? 'thread-entry hit-entry' : 'thread-entry'}>
      <Face id={message.author} name={name} kind="person" size="small" photo={photoOf(me.tenant, members.get(message.author))} />
      <div className="thread-body">
        <p className="thread-name">{name} <time dateTime={message.sent} title={spoken(date, currentLang())}>{listTime(date, new Date(), currentLang())}</time></p>
        <Content message={message} jump={() => undefined} />
        {!message.gone && <Reactions message={message} />}
      </div>
    </li>
  );
}

function Answer({ room, root }: { room: string; root: number }) {
  const { t } = useTranslation();
  const talk = useTalkStore();
  const { sendKey } = usePrefs();
  const composition = useComposition();
  const [text, setText] = useState('');
  const ready = text.trim() !== '';
  const send = () => {
    if (!ready) return;
    talk.postOther(room, { text: text.trimEnd(), thread: root });
    setText('');
  };
  return (
    <div className="composer">
      <div className="composer-line">
        <textarea
          rows={1} value={text} maxLength={MAX_TEXT} placeholder={t('talk.thread.placeholder')} aria-label={t('talk.thread.placeholder')}
          onChange={(e) => setText(e.target.value)} onCompositionStart={composition.start} onCompositionEnd={composition.end}
          onKeyDown={(e) => {
            if (e.key === 'Escape' && isComposingKey(e.nativeEvent, composition.composing)) e.stopPropagation();
            if (decideEnter(e.nativeEvent, composition.composing, sendKey, isTouch()) === 'text') return;
            e.preventDefault();
            send();
          }}
        />
        <button type="button" className={ready ? 'send ready' : 'send'} aria-disabled={!ready} aria-label={t('talk.thread.send')} onClick={send}><SendIcon /></button>
      </div>
    </div>
  );
}

export default function ThreadPane({ room, root, close }: { room: Room; root: number; close: () => void }) {
  const { t } = useTranslation();
  const { me } = useTalkStore();
  const log = useTalk((s) => s.logs.get(room.id));
  const outbox = useTalk((s) => s.outbox);
  const id = String((BigInt(room.id) << 32n) + BigInt(root));
  const found = useQuery({
    queryKey: ['thread', me.tenant, id], staleTime: 0,
    queryFn: async () => {
      const [first, under] = await Promise.all([
        call(me.tenant, 'talk.message', { params: { message: id } }), call(me.tenant, 'talk.thread', { params: { message: id }, query: { limit: 100 } }),
      ]);
      return [...under.messages].reverse().concat(first);
    },
  });
  const live = (log?.messages ?? []).filter((m) => m.seq === root || m.thread === root);
  const all = mergeMessages(mergeMessages([], found.data ?? []), live);
  const waiting = outbox.filter((i) => i.room === room.id && i.post.thread === root);
  const closeButton = useRef<HTMLButtonElement>(null);
  const end = useRef<HTMLLIElement>(null);
  useEffect(() => {
    const before = document.activeElement as HTMLElement | null;
    closeButton.current?.focus();
    return () => before?.focus();
  }, []);
  useEffect(() => {
    end.current?.scrollIntoView({ block: 'end' });
  }, [all.length, waiting.length]);
  return (
    <aside className="info-pane" aria-label={t('talk.thread.title')} onKeyDown={(e) => e.key === 'Escape' && !e.nativeEvent.isComposing && close()}>
      <header className="room-head">
        <h2>{t('talk.thread.title')}</h2>
        <button ref={closeButton} type="button" className="icon-button" aria-label={t('base.act.close')} onClick={close}><CloseIcon /></button>
      </header>
      {found.isPending && live.length === 0 && <Loading />}
      {found.isError && <ErrorNote error={found.error} retry={() => void found.refetch()} />}
      <ul className="thread-list">
        {all.map((m) => <Entry key={m.seq} message={m} />)}
        {waiting.map((i) => <li key={i.key} className="thread-entry thread-waiting">{i.text}<span className="meta">{t(i.state === 'failed' ? 'talk.state.failed' : 'talk.state.waiting')}</span></li>)}
        <li ref={end} aria-hidden />
      </ul>
      <Answer room={room.id} root={root} />
    </aside>
  );
}

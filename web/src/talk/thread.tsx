// A thread: a message and what stands under it, beside the room. Its messages are messages of the room.
import { Fragment, lazy, Suspense, useCallback, useEffect, useLayoutEffect, useRef, useState, type KeyboardEvent } from 'react';
import { useInfiniteQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { call } from '../base/api.ts';
import { Face, photoOf } from '../base/face.tsx';
import { currentLang } from '../base/i18n.ts';
import { AddIcon, CloseIcon, SendIcon } from '../base/icons.tsx';
import { decideEnter, isComposingKey, isComposingNow, useComposition } from '../base/ime.ts';
import { useFocusBack } from '../base/layers.ts';
import { isTouch, usePrefs } from '../base/prefs.ts';
import { ErrorNote, Loading } from '../base/states.tsx';
import { postTime, spoken } from '../base/time.ts';
import { Content, lineOf, Reactions } from './content.tsx';
import { EditMessage } from './edit.tsx';
import { FileTray, useDropped, useTray } from './file_tray.tsx';
import { useLook } from './look.ts';
import { useLongPress } from './press.ts';
import { senderName } from './names.ts';
import { mergeMessages } from './rows.ts';
import { MAX_TEXT, useTalk, useTalkStore } from './talk.ts';
import { useWatch } from './watch.ts';
import type { TFunction } from 'i18next';
import type { OutItem } from './outbox.ts';
import type { Message, Room } from '../base/types.ts';

const MessageMenu = lazy(() => import('./message_menu.tsx'));
const AttachSheet = lazy(() => import('./attach_sheet.tsx'));

const NEAR_END = 8;

export function Entry({ message, hit = false }: { message: Message; hit?: boolean }) {
  const look = useLook();
  const { t, me, members } = look;
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
        <p className="thread-name">{name} <time dateTime={message.sent} title={spoken(date, currentLang())}>{postTime(date, new Date(), currentLang())}</time></p>
        <Content message={message} look={look} />
        {!message.gone && message.reactions?.length ? <Reactions message={message} look={look} /> : null}
      </div>
    </li>
  );
}

/** A message of the thread, with all that can be done with it. */
function Reply({ message, active, onFocus }: { message: Message; active: boolean; onFocus: () => void }) {
  const look = useLook();
  const { t, me, members } = look;
  const [menu, setMenu] = useState(false);
  const [editing, setEditing] = useState(false);
  const press = useLongPress(() => setMenu(true));
  const name = senderName(t, members, message);
  const date = new Date(message.sent);
  const time = spoken(date, currentLang());
  const onKey = (e: KeyboardEvent) => {
    if (e.target !== e.currentTarget || !(e.key === 'Enter' || (e.key === 'F10' && e.shiftKey))) return;
    e.preventDefault();
    setMenu(true);
  };
  return (
    <li
      className="thread-entry reply-entry" tabIndex={active ? 0 : -1} onFocus={onFocus} onKeyDown={onKey}
      aria-label={t('talk.room.article', { name: message.author === me.id ? t('talk.room.me') : name, time, text: lineOf(t, message) })}
    >
      <Face id={message.author} name={name} kind="person" size="small" photo={photoOf(me.tenant, members.get(message.author))} />
      <div className="thread-body" {...press}>
        <p className="thread-name">
          {name} <time dateTime={message.sent} title={time}>{postTime(date, new Date(), currentLang())}</time>
          {message.edited && !message.gone && <span className="small-print"> {t('talk.edited')}</span>}
        </p>
        {editing ? <EditMessage message={message} close={() => setEditing(false)} /> : <Content message={message} look={look} />}
        {!message.gone && message.reactions?.length ? <Reactions message={message} look={look} /> : null}
      </div>
      <button type="button" className="message-more" aria-label={t('talk.menu.open')} title={t('talk.menu.open')} tabIndex={active ? 0 : -1} onClick={() => setMenu(true)} />
      {menu && <Suspense fallback={null}><MessageMenu message={message} threaded close={() => setMenu(false)} edit={() => setEditing(true)} /></Suspense>}
    </li>
  );
}

const PAGE = 100;

/** What the server told, page by page from the newest on, and what was heard since: the newest of each, without what is gone. */
function useThread(room: string, root: number) {
  const { me } = useTalkStore();
  const log = useTalk((s) => s.logs.get(room));
  const id = String((BigInt(room) << 32n) + BigInt(root));
  const [heard, setHeard] = useState<ReadonlyMap<number, Message | null>>(() => new Map());
  const found = useInfiniteQuery({
    queryKey: ['thread', me.tenant, id], staleTime: 0, initialPageParam: 0,
    queryFn: async ({ pageParam }) => {
      const [first, under] = await Promise.all([
        pageParam ? null : call(me.tenant, 'talk.message', { params: { message: id } }),
        call(me.tenant, 'talk.thread', { params: { message: id }, query: { limit: PAGE, ...(pageParam ? { before: pageParam } : {}) } }),
      ]);
      return { first, under: [...under.messages].reverse(), more: under.more };
    },
    getNextPageParam: (last) => (last.more ? last.under[0]?.seq : undefined),
  });
  useWatch(room, (seq, m) => {
    if (seq === 0) void found.refetch().then(() => setHeard(new Map()));
    else if (m === null || seq === root || m.thread === root) setHeard((h) => new Map(h).set(seq, m));
  });
  const pages = found.data?.pages ?? [];
  const from = found.hasNextPage ? pages.at(-1)?.under[0]?.seq ?? 0 : 0; // the room may hold older ones: between them and these some would be missing
  const live = [...(log?.messages ?? []), ...[...heard.values()].flatMap((m) => m ?? [])].filter((m) => m.seq === root || (m.thread === root && m.seq >= from));
  const told = pages.flatMap((p) => (p.first ? [p.first, ...p.under] : p.under));
  const all = mergeMessages(mergeMessages([], told), live).filter((m) => heard.get(m.seq) !== null);
  return { found, all };
}

/** The newest is in view until the person goes up, and what is in view stays where it is when older ones come above it. */
function useView(all: readonly Message[], me: string, waiting: number) {
  const list = useRef<HTMLUListElement>(null);
  const was = useRef({ height: 0, top: 0, atEnd: true });
  const oldest = all[1]?.seq, last = all.at(-1);
  const own = last?.author === me ? last.seq : 0;
  /** Where the person is now: a render may come between a movement and its event. */
  const look = useCallback(() => {
    if (!list.current) return;
    const { scrollTop, scrollHeight, clientHeight } = list.current;
    if (scrollHeight - scrollTop - clientHeight < NEAR_END) was.current.atEnd = true;
    else if (scrollTop < was.current.top - 2) was.current.atEnd = false;
    was.current.top = scrollTop;
  }, []);
  const keep = useCallback(() => {
    look();
    if (!list.current || !was.current.atEnd) return;
    list.current.scrollTop = list.current.scrollHeight;
    was.current.top = list.current.scrollTop;
  }, [look]);
  useLayoutEffect(() => {
    look();
    if (!list.current || !was.current.height || was.current.atEnd) return;
    list.current.scrollTop += list.current.scrollHeight - was.current.height;
    was.current.top = list.current.scrollTop;
  }, [oldest, look]);
  useLayoutEffect(() => {
    if (own > 0 || waiting > 0) was.current.atEnd = true;
  }, [own, waiting]);
  useLayoutEffect(() => {
    keep();
    was.current.height = list.current?.scrollHeight ?? 0;
  });
  useEffect(() => {
    const watch = new ResizeObserver(keep);
    if (list.current) watch.observe(list.current);
    return () => watch.disconnect();
  }, [keep]);
  return { list, onScroll: look };
}

/** The arrow keys, Home and End go from message to message; one of them is in the tab order. */
function useSteps(all: readonly Message[]) {
  const [at, setAt] = useState<number | null>(null);
  const active = all.some((m) => m.seq === at) ? at : all.at(-1)?.seq ?? null;
  const onKeyDown = (e: KeyboardEvent<HTMLElement>) => {
    if (!(e.target instanceof HTMLElement) || !e.target.classList.contains('reply-entry')) return;
    const rows = [...e.currentTarget.querySelectorAll<HTMLElement>('.reply-entry')];
    const here = rows.indexOf(e.target);
    const to = { ArrowUp: here - 1, ArrowDown: here + 1, Home: 0, End: rows.length - 1 }[e.key];
    if (to === undefined) return;
    e.preventDefault();
    rows[to]?.focus();
  };
  return { active, setAt, onKeyDown };
}

/** Files for the answer: the dialog of the system, on a phone the ways to it. */
function Attach({ attach }: { attach: (files: Iterable<File>) => void }) {
  const { t } = useTranslation();
  const [open, setOpen] = useState(false);
  const label = t('talk.more.file');
  if (!isTouch()) {
    return (
      <label className="icon-button attach" title={label}>
        <AddIcon />
        <input type="file" multiple className="hidden-file" aria-label={label} onChange={(e) => { attach([...(e.target.files ?? [])]); e.target.value = ''; }} />
      </label>
    );
  }
  return (
    <>
      <button type="button" className="icon-button" aria-label={label} onClick={() => setOpen(true)}><AddIcon /></button>
      {open && <Suspense fallback={null}><AttachSheet close={() => setOpen(false)} attach={attach} /></Suspense>}
    </>
  );
}

function Answer({ room, root }: { room: string; root: number }) {
  const { t } = useTranslation();
  const talk = useTalkStore();
  const { sendKey } = usePrefs();
  const composition = useComposition();
  const [text, setText] = useState('');
  const tray = useTray(room, root);
  const dropping = useDropped(tray.add, true);
  const ready = text.trim() !== '' || tray.files.length > 0;
  const field = useRef<HTMLTextAreaElement>(null);
  useEffect(() => {
    if (!isTouch()) field.current?.focus();
  }, []);
  /* With files the text stays until they are whole: a refused one must not take it along. */
  const [going, setGoing] = useState(false);
  useEffect(() => {
    if (!going || tray.sending) return;
    setGoing(false);
    if (tray.files.length === 0) setText('');
  }, [going, tray.sending, tray.files.length]);
  const send = () => {
    field.current?.focus();
    if (!ready) return;
    if (tray.files.length > 0) {
      tray.send(text.trimEnd(), []);
      setGoing(true);
      return;
    }
    talk.postOther(room, { text: text.trimEnd(), thread: root });
    setText('');
  };
  return (
    <div className="composer">
      {dropping && <p className="drop-note" role="status">{t('talk.file.drop_thread')}</p>}
      <FileTray tray={tray} />
      <div className="composer-line">
        <Attach attach={tray.add} />
        <textarea
          ref={field} rows={1} value={text} maxLength={MAX_TEXT} placeholder={t('talk.thread.placeholder')} aria-label={t('talk.thread.placeholder')}
          onChange={(e) => setText(e.target.value)} onCompositionStart={composition.start} onCompositionEnd={composition.end}
          onPaste={(e) => { if (e.clipboardData.files.length > 0) { e.preventDefault(); tray.add(e.clipboardData.files); } }}
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

/** What an answer says while it waits. */
function waitingText(t: TFunction, i: OutItem): string {
  const n = i.post.files?.length ?? 0;
  return [n > 0 ? t('talk.line.files', { n, count: n }) : '', i.text].filter(Boolean).join(' ');
}

export default function ThreadPane({ room, root, close }: { room: Room; root: number; close: () => void }) {
  const { t } = useTranslation();
  const { me } = useTalkStore();
  const outbox = useTalk((s) => s.outbox);
  const { found, all } = useThread(room.id, root);
  const steps = useSteps(all);
  const waiting = outbox.filter((i) => i.room === room.id && i.post.thread === root);
  const closeButton = useRef<HTMLButtonElement>(null);
  const older = () => {
    if (found.isFetchingNextPage) return;
    void found.fetchNextPage().then((r) => r.hasNextPage || list.current?.querySelector<HTMLElement>('.reply-entry')?.focus({ preventScroll: true })); // the button is gone
  };
  const { list, onScroll } = useView(all, me.id, waiting.length);
  useFocusBack();
  useEffect(() => {
    if (isTouch()) closeButton.current?.focus(); // the field would bring the keyboard over what is to be read
  }, []);
  return (
    <aside className="info-pane" aria-label={t('talk.thread.title')} onKeyDown={(e) => e.key === 'Escape' && !isComposingNow(e.nativeEvent) && close()}>
      <header className="room-head">
        <h2>{t('talk.thread.title')}</h2>
        <button ref={closeButton} type="button" className="icon-button" aria-label={t('base.act.close')} onClick={close}><CloseIcon /></button>
      </header>
      {found.isPending && all.length === 0 && <Loading />}
      {found.isError && <ErrorNote error={found.error} retry={() => void found.refetch()} />}
      <ul ref={list} className="thread-list" onScroll={onScroll} onKeyDown={steps.onKeyDown}>
        {all.map((m) => (
          <Fragment key={m.seq}>
            <Reply message={m} active={m.seq === steps.active} onFocus={() => steps.setAt(m.seq)} />
            {m.seq === root && found.hasNextPage && (
              <li>
                <button type="button" className="text-button" aria-disabled={found.isFetchingNextPage} onClick={older}>
                  {t(found.isFetchingNextPage ? 'base.state.loading' : 'talk.thread.older')}
                </button>
              </li>
            )}
          </Fragment>
        ))}
        {waiting.map((i) => <li key={i.key} className="thread-entry thread-waiting">{waitingText(t, i)}<span className="meta">{t(i.state === 'failed' ? 'talk.state.failed' : 'talk.state.waiting')}</span></li>)}
      </ul>
      <Answer room={room.id} root={root} />
    </aside>
  );
}

// The log of a room: only the rows near the window are mounted. It sticks to its end until the person moves away, and
// never moves by itself while away. Pages come and go at both ends; another stretch of messages is another window.
import { lazy, Suspense, useCallback, useEffect, useLayoutEffect, useMemo, useRef, useState, type FocusEvent, type KeyboardEvent, type ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import { Virtualizer, type CacheSnapshot, type VirtualizerHandle } from 'virtua';
import { CloseIcon, DownIcon } from '../base/icons.tsx';
import { go } from '../base/route.ts';
import { dayChip } from '../base/time.ts';
import { Bubble, type Acts } from './bubble.tsx';
import { lineOf, systemLine } from './content.tsx';
import { useHands } from './hands.ts';
import { useLook, type Look } from './look.ts';
import { senderName } from './names.ts';
import { PendingBubble } from './pending.tsx';
import { badge, readersOf, unreadIn, useReading } from './unread.ts';
import { buildRows, holds, rowKey, type Row, type Unread } from './rows.ts';
import { TO_END, TO_UNREAD, type RoomLog } from './logs.ts';
import { readTo, useTalk, useTalkStore, type Span } from './talk.ts';
import type { OutItem } from './outbox.ts';
import type { Message, Room } from '../base/types.ts';
import type { Chosen } from './chosen.ts';

const MessageMenu = lazy(() => import('./message_menu.tsx'));

const NO_READS: readonly Span[] = [];
const NEAR_END = 60;
const LOAD_AT = 800;
/** So much of a row must be in view for it to be seen. */
const LOWEST = 24;
const SETTLED = 400;
const FLASH = 1_200;
/** No row is measured yet, and each is taken for as high as two lines: so few are drawn for nothing. */
const UNMEASURED = [[], 72] as unknown as CacheSnapshot;

/** What a person scrolls with. */
const MOVES = ['wheel', 'touchmove', 'pointerdown', 'keydown'] as const;

/** Where a row was asked for: its top a quarter below the window's, or its middle in the middle. */
interface Place {
  key: string;
  part: 0.25 | 0.5;
}

interface Wanted {
  /** The last row is the newest there is. */
  live: boolean;
  older: () => void;
  later: () => void;
  away: (away: boolean) => void;
  /** The lowest row in view; null: the end is. */
  lowest: (row: number | null) => void;
  /** So many rows are drawn that those at one end can go. */
  less: (end: 'older' | 'newer') => void;
}

/** Keeps the end in view while `stick`, asks for what comes into reach, and tells what is at the top of the window. */
function useStick(rows: Row[], sticks: boolean, wanted: Wanted) {
  const box = useRef<HTMLDivElement>(null);
  const list = useRef<VirtualizerHandle>(null);
  const stick = useRef(sticks);
  const ready = useRef(false);
  const [far, setFar] = useState(false);
  const [topDay, setTopDay] = useState<number | null>(null);
  const fade = useRef<ReturnType<typeof setTimeout>>(undefined);
  const was = useRef({ offset: 0, size: 0, resized: 0 });
  const drawn = useRef(rows);
  drawn.current = rows;
  const wants = useRef(wanted);
  wants.current = wanted;
  const place = useRef<Place | null>(null);
  const { live } = wanted;

  /** What was looked for stays at its place while rows above and below it get their height, until all is at rest or the person moves. True: it is there. */
  const keepPlace = useCallback((): boolean => {
    const handle = list.current;
    const { key, part } = place.current ?? {};
    const row = key === undefined ? -1 : drawn.current.findIndex((r) => r.key === key);
    if (!handle || row < 0 || part === undefined) return true;
    const most = handle.scrollSize - handle.viewportSize;
    const top = handle.getItemOffset(row) - (handle.viewportSize - (part === 0.5 ? handle.getItemSize(row) : 0)) * part;
    if (Math.abs(handle.scrollOffset - Math.max(0, Math.min(top, most))) < 2) return true;
    handle.scrollToIndex(row, part === 0.5 ? { align: 'center' } : { align: 'start', offset: -handle.viewportSize * part });
    return false;
  }, []);
  const show = useCallback((row: number, part: Place['part']) => {
    const { key } = drawn.current[row] ?? {};
    if (key === undefined) return;
    place.current = { key, part };
    keepPlace();
  }, [keepPlace]);

  const reach = useCallback(() => {
    const handle = list.current;
    if (!handle || !ready.current) return;
    if (handle.scrollOffset < LOAD_AT) wants.current.older();
    if (handle.scrollSize - handle.scrollOffset - handle.viewportSize < LOAD_AT) wants.current.later();
  }, []);

  // a page that does not fill the window brings no scrolling that would ask for the next one; and rows go only while nothing moves
  const rest = useRef<ReturnType<typeof setTimeout>>(undefined);
  const moved = useCallback(() => {
    clearTimeout(rest.current);
    rest.current = setTimeout(() => {
      const handle = list.current;
      if (!handle || !ready.current) return;
      if (keepPlace()) place.current = null;
      setFar(!stick.current && handle.scrollSize - handle.scrollOffset - handle.viewportSize > handle.viewportSize * 1.5);
      wants.current.lowest(stick.current ? null : handle.findItemIndex(handle.scrollOffset + handle.viewportSize - LOWEST));
      wants.current.less(handle.scrollOffset * 2 + handle.viewportSize > handle.scrollSize ? 'older' : 'newer');
      reach();
    }, SETTLED);
  }, [reach, keepPlace]);
  useEffect(() => {
    moved();
    return () => clearTimeout(rest.current);
  }, [rows, moved]);

  const hold = useCallback((on: boolean) => {
    if (on) place.current = null;
    stick.current = on;
    wants.current.away(!on);
  }, []);
  const toEnd = useCallback(() => {
    hold(true);
    setFar(false);
    const last = drawn.current.length - 1;
    if (last >= 0) list.current?.scrollToIndex(last, { align: 'end' });
  }, [hold]);

  useLayoutEffect(() => {
    if (stick.current) toEnd();
  }, [rows, toEnd]);

  useEffect(() => {
    const element = box.current;
    if (!element) return undefined;
    if (stick.current) element.scrollTop = element.scrollHeight; // before rows are drawn: those at the start are not in view
    const keep = new ResizeObserver(() => {
      was.current.resized = performance.now();
      if (stick.current) toEnd();
      else keepPlace();
    });
    const moves = () => {
      place.current = null;
    };
    for (const move of MOVES) element.addEventListener(move, moves, { passive: true });
    keep.observe(element);
    const [column] = element.children;
    if (column) keep.observe(column);
    // rows that come into reach are laid out between two frames, not when the next one is due
    const early = new MutationObserver(() => element.scrollHeight);
    if (column) early.observe(column, { childList: true, subtree: true });
    const frame = requestAnimationFrame(() => {
      ready.current = true;
    });
    return () => {
      keep.disconnect();
      early.disconnect();
      cancelAnimationFrame(frame);
      clearTimeout(fade.current);
      for (const move of MOVES) element.removeEventListener(move, moves);
    };
  }, [toEnd, keepPlace]);

  const onScroll = (offset: number) => {
    const handle = list.current;
    if (!handle || !ready.current) return;
    const below = handle.scrollSize - offset - handle.viewportSize;
    // a drag of the scroll bar sends no wheel, touch or key: going up through unchanged content means the person moved
    const still = performance.now() - was.current.resized > 300;
    if (still && offset < was.current.offset - 2 && handle.scrollSize === was.current.size) hold(false);
    was.current = { ...was.current, offset, size: handle.scrollSize };
    if (live && below < NEAR_END) hold(true);
    setFar(!stick.current && below > handle.viewportSize * 1.5);
    reach();
    moved();
    if (!stick.current) {
      setTopDay(dayOf(drawn.current[handle.findItemIndex(offset)]));
      clearTimeout(fade.current);
      fade.current = setTimeout(() => setTopDay(null), 1_000);
    }
  };
  const release = useCallback(() => hold(false), [hold]);
  /** A row comes a quarter of the window below its top; where all from it on has room in the window, the end stays in view. */
  const quarter = useCallback((row: number) => {
    const handle = list.current;
    if (!handle) return;
    show(row, 0.25);
    requestAnimationFrame(() => requestAnimationFrame(() => {
      if (wants.current.live && handle.scrollSize - handle.getItemOffset(row) <= handle.viewportSize) toEnd();
    }));
  }, [show, toEnd]);
  return { box, list, stick, far, topDay, toEnd, onScroll, release, quarter, show };
}

/** Counts what arrives while the person reads further up. */
function useNewCount(log: RoomLog, me: string, stick: { current: boolean }, far: boolean) {
  const lastSeq = log.messages.at(-1)?.seq ?? 0;
  const [seen, setSeen] = useState(lastSeq);
  useEffect(() => {
    if (stick.current) setSeen(lastSeq);
  }, [lastSeq, stick, far]);
  if (log.newer) return { n: log.fresh?.n ?? 0, first: log.fresh?.first };
  const fresh = stick.current ? [] : log.messages.filter((m) => m.seq > seen && m.author !== me);
  return { n: fresh.length, first: fresh[0] };
}

/** The day of a row, by its first moment. */
function dayOf(row: Row | undefined): number | null {
  const date = row?.kind === 'day' || row?.kind === 'message' ? row.date : row?.kind === 'system' || row?.kind === 'threaded' ? new Date(row.message.sent) : null;
  return date && new Date(date).setHours(0, 0, 0, 0);
}

/** The message that stands in a row or the next one above it. */
function seqAt(rows: Row[], at: number): number {
  const row = rows.slice(0, at + 1).findLast((r) => 'message' in r);
  return row && 'message' in row ? row.message.seq : 0;
}

/** Rows that can be walked with ↑ ↓ Home End; exactly one of them is in the tab order. */
function useWalk(rows: Row[], list: { current: VirtualizerHandle | null }, box: { current: HTMLDivElement | null }) {
  const [active, setActive] = useState<string | null>(null);
  const walking = useRef(false);
  const isStop = (r: Row) => r.kind === 'message' || r.kind === 'pending';
  let at = rows.findIndex((r) => r.key === active);
  if (at < 0) at = rows.findLastIndex(isStop);
  const move = (to: number) => {
    const row = rows[to];
    if (!row) return;
    setActive(row.key);
    list.current?.scrollToIndex(to, { align: 'nearest' });
    walking.current = true;
  };
  // the row is mounted by the render that follows, or by a later one when older pages come in between
  useLayoutEffect(() => {
    if (!walking.current) return;
    const lost = document.activeElement === document.body || document.activeElement?.tagName === 'ARTICLE' || document.activeElement?.closest('.choose');
    if (lost) box.current?.querySelector<HTMLElement>('article[tabindex="0"]')?.focus({ preventScroll: true });
  });
  const stop = () => {
    walking.current = false;
  };
  /** The row that was looked for is the next one to be walked from; it takes the focus from where nothing is being written. */
  const goTo = (key: string) => {
    setActive(key);
    walking.current = document.activeElement?.tagName !== 'TEXTAREA';
  };
  const onBlur = (e: FocusEvent) => {
    if (e.relatedTarget instanceof HTMLElement && e.relatedTarget.tagName !== 'ARTICLE') walking.current = false;
  };
  const onKeyDown = (e: KeyboardEvent) => {
    if (!(e.target instanceof HTMLElement) || (e.target.tagName !== 'ARTICLE' && !e.target.closest('.choose'))) return;
    let to = -1;
    if (e.key === 'ArrowUp') to = rows.findLastIndex((r, i) => i < at && isStop(r));
    else if (e.key === 'ArrowDown') to = rows.findIndex((r, i) => i > at && isStop(r));
    else if (e.key === 'Home') to = rows.findIndex(isStop);
    else if (e.key === 'End') to = rows.findLastIndex(isStop);
    else return;
    e.preventDefault();
    if (to >= 0) move(to);
  };
  return { activeAt: at, activeKey: rows[at]?.key, setActive, goTo, onKeyDown, onBlur, stop };
}

/** The message that is asked for comes into view and is marked for a moment. */
function useTarget(room: string, log: RoomLog, rows: Row[], stick: { toEnd: () => void; release: () => void; quarter: (row: number) => void; show: (row: number, part: Place['part']) => void }, walk: { goTo: (key: string) => void }) {
  const talk = useTalkStore();
  const [flash, setFlash] = useState(0);
  const rowsNow = useRef(rows);
  rowsNow.current = rows;
  const goTo = useRef(walk.goTo);
  goTo.current = walk.goTo;
  const { toEnd, release, quarter, show } = stick;
  const { target } = log;
  useLayoutEffect(() => {
    if (target === null) return;
    talk.logs.reached(room);
    if (target === TO_END) {
      toEnd();
      return;
    }
    release();
    if (target === TO_UNREAD) {
      requestAnimationFrame(() => {
        const at = rowsNow.current.findIndex((r) => r.kind === 'unread');
        if (at >= 0) quarter(at);
        else toEnd();
      });
      return;
    }
    requestAnimationFrame(() => {
      const at = rowsNow.current.findIndex((r) => holds(r, target));
      const row = rowsNow.current[at];
      if (!row) return;
      show(at, 0.5);
      goTo.current(row.key);
      setFlash(target);
    });
  }, [target, room, talk, toEnd, release, quarter, show]);
  useEffect(() => {
    if (flash === 0) return undefined;
    const timer = setTimeout(() => setFlash(0), FLASH);
    return () => clearTimeout(timer);
  }, [flash]);
  return flash;
}

/** True only in the render in which rows come or go at the start. */
function useShift(log: RoomLog, box: { current: HTMLElement | null }): boolean {
  const first = log.messages[0]?.seq ?? 0;
  const before = useRef(first);
  const shift = before.current > 0 && first > 0 && first !== before.current;
  useLayoutEffect(() => {
    before.current = first;
    // the list hears at once where it stands now: an earlier scrolling must not end between the move and the measuring
    if (shift) queueMicrotask(() => box.current?.dispatchEvent(new Event('scroll')));
  });
  return shift;
}

/** `at`: the message that stands in the address. */
export function Log({ room, log, at }: { room: Room; log: RoomLog; at: number | null }) {
  const { t } = useTranslation();
  const talk = useTalkStore();
  const outbox = useTalk((s) => s.outbox);
  const [unread] = useState(() => ({ read: Math.max(room.read_seq, room.first_seq - 1), last: room.last_seq }));
  const own = useMemo(() => outbox.filter((i) => i.room === room.id && !i.post?.thread), [outbox, room.id]);
  const { id } = room;
  const toNewest = useCallback(() => {
    if (at !== null) go(`/talk/${id}`);
    else void talk.logs.toEnd(id);
  }, [at, id, talk]);

  // own sending always jumps to the end
  const before = useRef(own.length);
  useLayoutEffect(() => {
    if (own.length > before.current) toNewest();
    before.current = own.length;
  }, [own, toNewest]);

  return (
    <div className="log-place">
      {log.lost && (
        <p className="lost" role="status">
          <span>{t(`talk.room.lost_${log.lost}`)}</span>
          <button type="button" className="icon-button" aria-label={t('base.act.close')} onClick={() => talk.logs.forgetLost(id)}><CloseIcon size={20} /></button>
        </p>
      )}
      <LogWindow key={log.made} room={room} log={log} unread={unread} own={own} toNewest={toNewest} />
    </div>
  );
}

/** What all rows are drawn with. */
interface View {
  look: Look;
  acts: Acts;
  firstSeq: number;
  readSeq: number;
  kind: Room['kind'];
  reads: readonly Span[];
  chosen: Chosen | null;
  /** What comes behind it came while the log was open. */
  newest: number;
  activeKey: string | undefined;
  flash: number;
  /** Keys of rows. */
  editing: string | null;
  swiping: string | null;
}

function drawRow(row: Row, v: View): ReactElement {
  const { look: { t, lang, members }, acts } = v;
  if (row.kind === 'day') return <div key={row.key} className="day"><span className="chip">{dayChip(row.date, new Date(), lang)}</span></div>;
  if (row.kind === 'unread') return <p key={row.key} className="unread-line"><span>{t('talk.room.unread_line')}</span></p>;
  if (row.kind === 'end') return <div key={row.key} className="log-end" />;
  const active = row.key === v.activeKey;
  if (row.kind === 'pending') return <PendingBubble key={row.key} row={row} look={v.look} active={active} />;
  const { message } = row;
  const flash = holds(row, v.flash);
  if (row.kind === 'system') return <p key={row.key} className={flash ? 'system-line flash' : 'system-line'}>{systemLine(t, members, message)}</p>;
  if (row.kind === 'threaded') {
    return (
      <button key={row.key} type="button" className={flash ? 'threaded flash' : 'threaded'} onClick={() => acts.thread(message)}>
        {t(row.count > 1 ? 'talk.thread.lines' : 'talk.thread.line', { n: row.count, name: senderName(t, members, message), text: lineOf(t, message) })}
      </button>
    );
  }
  return (
    <Bubble
      key={row.key} rowKey={row.key} message={message} mine={row.mine} first={row.first} showTime={row.showTime} fresh={message.seq > v.newest} direct={v.kind === 'direct'}
      firstSeq={v.firstSeq} reads={row.mine ? readersOf(v.reads, message.seq, v.readSeq) : 0} flash={flash} active={active}
      choosing={v.chosen !== null} picked={v.chosen?.messages.has(message.seq) ?? false} editing={v.editing === row.key} swiping={v.swiping === row.key} look={v.look} acts={acts}
    />
  );
}

/** A row is drawn once as long as it and what it is drawn with stay the same: scrolling draws only what comes into reach. */
function useDrawn(view: View): (row: Row) => ReactElement {
  return useMemo(() => {
    const drawn = new WeakMap<Row, ReactElement>();
    return (row: Row) => {
      const element = drawn.get(row) ?? drawRow(row, view);
      drawn.set(row, element);
      return element;
    };
  }, [view]);
}

/** The menu and the field of a message: one of each for the whole log, wherever its row is. */
function useActs(log: RoomLog) {
  const talk = useTalkStore();
  const [menu, setMenu] = useState<{ message: Message; first: 'acts' | 'readers' } | null>(null);
  const [editing, setEditing] = useState<string | null>(null);
  const acts = useMemo((): Acts => ({
    menu: (message, first) => setMenu({ message, first }),
    edited: () => setEditing(null),
    choose: (message) => talk.choose(message),
    thread: (message) => talk.openThread(message.room, message.thread ?? message.seq),
  }), [talk]);
  const message = menu && log.messages.find((m) => m.seq === menu.message.seq);
  const shown = menu && message ? { ...menu, message, edit: () => setEditing(rowKey(message)) } : null;
  return { acts, menu: shown, editing, close: () => setMenu(null) };
}

/** The message with which a choice begins takes the focus. Its menu has gone in the same moment and has given it back before. */
function useFirstChosen(chosen: Chosen | null, box: { current: HTMLElement | null }): void {
  const was = useRef(chosen);
  useEffect(() => {
    if (chosen && !was.current) box.current?.querySelector<HTMLElement>('article.picked')?.focus({ preventScroll: true });
    was.current = chosen;
  }, [chosen, box]);
}

function LogWindow({ room, log, unread, own, toNewest }: { room: Room; log: RoomLog; unread: Unread; own: OutItem[]; toNewest: () => void }) {
  const talk = useTalkStore();
  const jump = useCallback((seq: number) => void talk.jump(room.id, seq), [room.id, talk]);
  const look = useLook(jump);
  const { t, lang, members } = look;
  const chosen = useTalk((s) => (s.chosen?.room === room.id ? s.chosen : null));
  const reads = useTalk((s) => s.reads.get(room.id)) ?? NO_READS;
  const me = talk.me.id;
  const live = !log.newer;
  const rows = useMemo(
    () => buildRows(log.messages, live ? own : [], me, unread, { more: log.more, seams: log.seams }),
    [log.messages, log.more, log.seams, live, own, me, unread],
  );
  const [sticks] = useState(live && (log.target === null || log.target === TO_END));
  const [seen, setSeen] = useState(0);
  const reaches = live || (log.messages[0]?.seq ?? Infinity) <= readTo(room) + 1;
  useReading(room, reaches ? seen : 0);
  const { box, list, stick, far, topDay, toEnd, onScroll, release, quarter, show } = useStick(rows, sticks, {
    live,
    older: () => {
      if (log.more && log.older === 'idle') void talk.logs.older(room.id);
    },
    later: () => {
      if (log.newer && log.later === 'idle') void talk.logs.later(room.id);
    },
    away: (away) => talk.logs.setAway(room.id, away),
    lowest: (row) => setSeen(row === null ? Infinity : seqAt(rows, row)),
    less: (end) => talk.logs.trim(room.id, end),
  });
  const below = unreadIn(room, me);
  const fresh = useNewCount(log, me, stick, far);
  const walk = useWalk(rows, list, box);
  const flash = useTarget(room.id, log, rows, { toEnd, release, quarter, show }, walk);
  const shift = useShift(log, box);
  const { acts, menu, editing, close } = useActs(log);
  const { setActive } = walk;
  const hands = useHands(rows, { choosing: chosen !== null, editing, menu: menu !== null }, acts, {
    scrolls: release, focused: setActive,
    answer: (m) => {
      talk.setReply(m.room, m);
      document.getElementById('composer')?.focus();
    },
  });
  useFirstChosen(chosen, box);
  const [newest] = useState(log.messages.at(-1)?.seq ?? 0);
  const { first_seq: firstSeq, read_seq: readSeq, kind } = room;
  const { activeKey } = walk;
  const { swiping } = hands;
  const view = useMemo((): View => ({ look, acts, firstSeq, readSeq, kind, reads, chosen, newest, activeKey, flash, editing, swiping }),
    [look, acts, firstSeq, readSeq, kind, reads, chosen, newest, activeKey, flash, editing, swiping]);
  const render = useDrawn(view);
  return (
    <>
      <div
        ref={box} className="log" role="log" aria-live="off" aria-label={t('talk.room.log')}
        onBlur={walk.onBlur} onFocus={hands.onFocus} onPointerDown={walk.stop} onWheel={(e) => e.deltaY < 0 && release()} {...hands.touches}
        onKeyDown={(e) => {
          hands.onKeyDown(e);
          if (['ArrowUp', 'PageUp', 'Home'].includes(e.key)) release();
          walk.onKeyDown(e);
        }}
      >
        <div className="log-column">
          {rows.length === 0 && <p className="empty">{t('talk.room.empty')}</p>}
          <Virtualizer
            ref={list} scrollRef={box} cache={UNMEASURED} shift={shift} bufferSize={400} data={rows} onScroll={onScroll}
            keepMounted={walk.activeAt >= 0 ? [walk.activeAt] : []}
          >
            {render}
          </Virtualizer>
        </div>
      </div>
      {topDay !== null && <div className="floating-day" aria-hidden><span className="chip">{dayChip(new Date(topDay), new Date(), lang)}</span></div>}
      {menu && <Suspense fallback={null}><MessageMenu message={menu.message} first={menu.first} close={close} edit={menu.edit} /></Suspense>}
      <EndState state={log.older} end="older" again={() => void talk.logs.older(room.id)} />
      <EndState state={log.later} end="later" again={() => void talk.logs.later(room.id)} />
      {fresh.n > 0 ? (
        <button
          type="button" className="jump jump-new" onClick={toNewest}
          aria-label={room.kind === 'notice' || !fresh.first ? t('talk.room.new', { n: fresh.n })
            : t('talk.room.new_from', { n: fresh.n, name: senderName(t, members, fresh.first) })}
        >
          {t('talk.room.new', { n: fresh.n })}<DownIcon size={16} />
        </button>
      ) : (far || !live) && (
        <button type="button" className="jump" onClick={toNewest}>
          <span className="hidden-text">{below > 0 ? t('talk.room.newest_n', { n: below }) : t('talk.room.newest')}</span>
          <span className="wide-only" aria-hidden>{t('talk.room.newest')}</span>{below > 0 && <span className="unread" aria-hidden>{badge(below)}</span>}<DownIcon size={20} />
        </button>
      )}
    </>
  );
}

function EndState({ state, end, again }: { state: RoomLog['older']; end: 'older' | 'later'; again: () => void }) {
  const { t } = useTranslation();
  if (state === 'loading') return <p className={end} role="status">{t(`talk.room.${end}_loading`)}</p>;
  if (state === 'idle') return null;
  return (
    <p className={end} role="alert">
      {t(`talk.room.${end}_error`)}
      <button type="button" className="text-button" onClick={again}>{t('base.act.reload')}</button>
    </p>
  );
}

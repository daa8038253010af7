// The log of a room: only the rows near the window are mounted. It sticks to its end until the person moves away, and
// never moves by itself while away. Pages come and go at both ends; another stretch of messages is another window.
import { useCallback, useEffect, useLayoutEffect, useMemo, useRef, useState, type FocusEvent, type KeyboardEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { Virtualizer, type VirtualizerHandle } from 'virtua';
import { currentLang } from '../base/i18n.ts';
import { CloseIcon, DownIcon } from '../base/icons.tsx';
import { go } from '../base/route.ts';
import { dayChip } from '../base/time.ts';
import { Bubble, PendingBubble } from './bubble.tsx';
import { lineOf, systemLine } from './content.tsx';
import { useFinger } from './finger.ts';
import { senderName } from './names.ts';
import { badge, readersOf, unreadIn, useReading } from './unread.ts';
import { buildRows, type Row, type Unread } from './rows.ts';
import { TO_END, TO_UNREAD, type RoomLog } from './logs.ts';
import { readTo, useTalk, useTalkStore, type Span } from './talk.ts';
import type { OutItem } from './outbox.ts';
import type { Room } from '../base/types.ts';

const NO_READS: readonly Span[] = [];
const NEAR_END = 60;
const LOAD_AT = 800;
/** So much of a row must be in view for it to be seen. */
const LOWEST = 24;
const SETTLED = 400;
const FLASH = 1_200;

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
  const [top, setTop] = useState<number | null>(null);
  const fade = useRef<ReturnType<typeof setTimeout>>(undefined);
  const was = useRef({ offset: 0, size: 0, resized: 0 });
  const last = useRef(rows.length - 1);
  last.current = rows.length - 1;
  const wants = useRef(wanted);
  wants.current = wanted;
  const { live } = wanted;

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
      setFar(!stick.current && handle.scrollSize - handle.scrollOffset - handle.viewportSize > handle.viewportSize * 1.5);
      wants.current.lowest(stick.current ? null : handle.findItemIndex(handle.scrollOffset + handle.viewportSize - LOWEST));
      wants.current.less(handle.scrollOffset * 2 + handle.viewportSize > handle.scrollSize ? 'older' : 'newer');
      reach();
    }, SETTLED);
  }, [reach]);
  useEffect(() => {
    moved();
    return () => clearTimeout(rest.current);
  }, [rows, moved]);

  const hold = useCallback((on: boolean) => {
    stick.current = on;
    wants.current.away(!on);
  }, []);
  const toEnd = useCallback(() => {
    hold(true);
    setFar(false);
    if (last.current >= 0) list.current?.scrollToIndex(last.current, { align: 'end' });
  }, [hold]);

  useLayoutEffect(() => {
    if (stick.current) toEnd();
  }, [rows, toEnd]);

  useEffect(() => {
    const element = box.current;
    if (!element) return undefined;
    const keep = new ResizeObserver(() => {
      was.current.resized = performance.now();
      if (stick.current) toEnd();
    });
    keep.observe(element);
    if (element.firstElementChild) keep.observe(element.firstElementChild);
    const frame = requestAnimationFrame(() => {
      ready.current = true;
    });
    return () => {
      keep.disconnect();
      cancelAnimationFrame(frame);
      clearTimeout(fade.current);
    };
  }, [toEnd]);

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
      setTop(handle.findItemIndex(offset));
      clearTimeout(fade.current);
      fade.current = setTimeout(() => setTop(null), 1_000);
    }
  };
  const release = useCallback(() => hold(false), [hold]);
  /** A row comes a quarter of the window below its top; where all from it on has room in the window, the end stays in view. */
  const quarter = useCallback((row: number) => {
    const handle = list.current;
    if (!handle) return;
    handle.scrollToIndex(row, { align: 'start', offset: -(box.current?.clientHeight ?? 0) / 4 });
    requestAnimationFrame(() => requestAnimationFrame(() => {
      if (wants.current.live && handle.scrollSize - handle.getItemOffset(row) <= handle.viewportSize) toEnd();
    }));
  }, [toEnd]);
  return { box, list, stick, far, top, toEnd, onScroll, release, quarter };
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

function dateOf(row: Row | undefined): Date | null {
  if (row?.kind === 'day') return row.date;
  if (row?.kind === 'message') return row.date;
  return row?.kind === 'system' || row?.kind === 'threaded' ? new Date(row.message.sent) : null;
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
    const lost = document.activeElement === document.body || document.activeElement?.tagName === 'ARTICLE' || document.activeElement?.closest('.choose');
    if (walking.current && lost) box.current?.querySelector<HTMLElement>('article[tabindex="0"]')?.focus({ preventScroll: true });
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
function useTarget(room: string, log: RoomLog, rows: Row[], list: { current: VirtualizerHandle | null }, stick: { toEnd: () => void; release: () => void; quarter: (row: number) => void }, walk: { goTo: (key: string) => void }) {
  const talk = useTalkStore();
  const [flash, setFlash] = useState(0);
  const rowsNow = useRef(rows);
  rowsNow.current = rows;
  const goTo = useRef(walk.goTo);
  goTo.current = walk.goTo;
  const { toEnd, release, quarter } = stick;
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
      const at = rowsNow.current.findIndex((r) => 'message' in r && r.message.seq === target);
      const row = rowsNow.current[at];
      if (!row) return;
      list.current?.scrollToIndex(at, { align: 'center' });
      goTo.current(row.key);
      setFlash(target);
    });
  }, [target, room, talk, list, toEnd, release, quarter]);
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

function LogWindow({ room, log, unread, own, toNewest }: { room: Room; log: RoomLog; unread: Unread; own: OutItem[]; toNewest: () => void }) {
  const { t } = useTranslation();
  const lang = currentLang();
  const talk = useTalkStore();
  const members = useTalk((s) => s.members);
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
  const { box, list, stick, far, top, toEnd, onScroll, release, quarter } = useStick(rows, sticks, {
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
  const finger = useFinger(release);
  const flash = useTarget(room.id, log, rows, list, { toEnd, release, quarter }, walk);
  const shift = useShift(log, box);
  const jump = useCallback((seq: number) => void talk.jump(room.id, seq), [room.id, talk]);

  const topDate = top === null ? null : dateOf(rows[top]);
  const now = new Date();
  const render = (row: Row) => {
    if (row.kind === 'day') return <div key={row.key} className="day"><span className="chip">{dayChip(row.date, now, lang)}</span></div>;
    if (row.kind === 'unread') return <p key={row.key} className="unread-line"><span>{t('talk.room.unread_line')}</span></p>;
    if (row.kind === 'end') return <div key={row.key} className="log-end" />;
    if (row.kind === 'system') return <p key={row.key} className={flash === row.message.seq ? 'system-line flash' : 'system-line'}>{systemLine(t, members, row.message)}</p>;
    if (row.kind === 'threaded') {
      return (
        <button key={row.key} type="button" className={flash === row.message.seq ? 'threaded flash' : 'threaded'} onClick={() => talk.openThread(room.id, row.message.thread ?? null)}>
          {t('talk.thread.line', { name: senderName(t, members, row.message), text: lineOf(t, row.message) })}
        </button>
      );
    }
    const focus = { active: row.key === walk.activeKey, onFocus: () => walk.setActive(row.key) };
    if (row.kind === 'pending') return <PendingBubble key={row.key} row={row} {...focus} />;
    const name = senderName(t, members, row.message);
    return <Bubble key={row.key} row={row} name={name} named={room.kind !== 'direct'} firstSeq={room.first_seq} reads={row.mine ? readersOf(reads, row.message.seq, room.read_seq) : 0} flash={flash === row.message.seq} jump={jump} {...focus} />;
  };
  return (
    <>
      <div
        ref={box} className="log" role="log" aria-live="off" aria-label={t('talk.room.log')}
        onBlur={walk.onBlur} onPointerDown={walk.stop} onWheel={(e) => e.deltaY < 0 && release()} {...finger}
        onKeyDown={(e) => {
          if (['ArrowUp', 'PageUp', 'Home'].includes(e.key)) release();
          walk.onKeyDown(e);
        }}
      >
        <div className="log-column">
          {rows.length === 0 && <p className="empty">{t('talk.room.empty')}</p>}
          <Virtualizer
            ref={list} scrollRef={box} shift={shift} bufferSize={400} data={rows} onScroll={onScroll}
            keepMounted={walk.activeAt >= 0 ? [walk.activeAt] : []}
          >
            {render}
          </Virtualizer>
        </div>
      </div>
      {topDate && <div className="floating-day" aria-hidden><span className="chip">{dayChip(topDate, now, lang)}</span></div>}
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

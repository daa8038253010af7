// The log of a room: only the rows near the window are mounted. It sticks to its end until the person moves away, and
// never moves by itself while away.
import { useCallback, useEffect, useLayoutEffect, useMemo, useRef, useState, type FocusEvent, type KeyboardEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { Virtualizer, type VirtualizerHandle } from 'virtua';
import { currentLang } from '../base/i18n.ts';
import { DownIcon } from '../base/icons.tsx';
import { dayChip } from '../base/time.ts';
import { Bubble, PendingBubble } from './bubble.tsx';
import { lineOf, systemLine } from './content.tsx';
import { senderName } from './names.ts';
import { readersOf } from './unread.ts';
import { buildRows, type Row } from './rows.ts';
import { useTalk, useTalkStore, type RoomLog, type Span } from './talk.ts';
import type { Room } from '../base/types.ts';

const NO_READS: readonly Span[] = [];
const NEAR_END = 60;
const LOAD_OLDER_AT = 800;

/** Keeps the end in view while `stick`, and tells what is at the top of the window. */
function useStick(rows: Row[], olderWanted: () => void) {
  const box = useRef<HTMLDivElement>(null);
  const list = useRef<VirtualizerHandle>(null);
  const stick = useRef(true);
  const ready = useRef(false);
  const [far, setFar] = useState(false);
  const [top, setTop] = useState<number | null>(null);
  const fade = useRef<ReturnType<typeof setTimeout>>(undefined);
  const was = useRef({ offset: 0, size: 0, resized: 0 });
  const last = useRef(rows.length - 1);
  last.current = rows.length - 1;

  const toEnd = useCallback(() => {
    stick.current = true;
    setFar(false);
    if (last.current >= 0) list.current?.scrollToIndex(last.current, { align: 'end' });
  }, []);

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
    if (still && offset < was.current.offset - 2 && handle.scrollSize === was.current.size) stick.current = false;
    was.current = { ...was.current, offset, size: handle.scrollSize };
    if (below < NEAR_END) stick.current = true;
    setFar(!stick.current && below > handle.viewportSize * 1.5);
    if (offset < LOAD_OLDER_AT) olderWanted();
    if (!stick.current) {
      setTop(handle.findItemIndex(offset));
      clearTimeout(fade.current);
      fade.current = setTimeout(() => setTop(null), 1_000);
    }
  };
  const release = useCallback(() => {
    stick.current = false;
  }, []);
  return { box, list, stick, far, top, toEnd, onScroll, release };
}

/** Counts what arrives while the person reads further up. */
function useNewCount(log: RoomLog, me: string, stick: { current: boolean }, far: boolean) {
  const lastSeq = log.messages.at(-1)?.seq ?? 0;
  const [seen, setSeen] = useState(lastSeq);
  useEffect(() => {
    if (stick.current) setSeen(lastSeq);
  }, [lastSeq, stick, far]);
  const fresh = log.messages.filter((m) => m.seq > seen && m.author !== me);
  return { fresh, reset: () => setSeen(lastSeq) };
}

function dateOf(row: Row | undefined): Date | null {
  if (row?.kind === 'day') return row.date;
  if (row?.kind === 'message') return row.date;
  return row?.kind === 'system' || row?.kind === 'threaded' ? new Date(row.message.sent) : null;
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
    const lost = document.activeElement === document.body || document.activeElement?.tagName === 'ARTICLE';
    if (walking.current && lost) box.current?.querySelector<HTMLElement>('article[tabindex="0"]')?.focus({ preventScroll: true });
  });
  const stop = () => {
    walking.current = false;
  };
  const onBlur = (e: FocusEvent) => {
    if (e.relatedTarget instanceof HTMLElement && e.relatedTarget.tagName !== 'ARTICLE') walking.current = false;
  };
  const onKeyDown = (e: KeyboardEvent) => {
    if (!(e.target instanceof HTMLElement) || e.target.tagName !== 'ARTICLE') return;
    let to = -1;
    if (e.key === 'ArrowUp') to = rows.findLastIndex((r, i) => i < at && isStop(r));
    else if (e.key === 'ArrowDown') to = rows.findIndex((r, i) => i > at && isStop(r));
    else if (e.key === 'Home') to = rows.findIndex(isStop);
    else if (e.key === 'End') to = rows.findLastIndex(isStop);
    else return;
    e.preventDefault();
    if (to >= 0) move(to);
  };
  return { activeAt: at, activeKey: rows[at]?.key, setActive, onKeyDown, onBlur, stop };
}

export function Log({ room, log }: { room: Room; log: RoomLog }) {
  const { t } = useTranslation();
  const lang = currentLang();
  const talk = useTalkStore();
  const members = useTalk((s) => s.members);
  const outbox = useTalk((s) => s.outbox);
  const reads = useTalk((s) => s.reads.get(room.id)) ?? NO_READS;
  const [flash, setFlash] = useState(0);
  const [unread] = useState(() => ({ read: Math.max(room.read_seq, room.first_seq - 1), last: room.last_seq }));
  const me = talk.me.id;
  const rows = useMemo(
    () => buildRows(log.messages, outbox.filter((i) => i.room === room.id), me, unread),
    [log.messages, outbox, room.id, me, unread],
  );
  const olderWanted = () => {
    if (log.more && log.older === 'idle') void talk.loadOlder(room.id);
  };
  const { box, list, stick, far, top, toEnd, onScroll, release } = useStick(rows, olderWanted);
  const { fresh, reset } = useNewCount(log, me, stick, far);
  const walk = useWalk(rows, list, box);

  // true only in the render that prepends
  const firstSeq = log.messages[0]?.seq ?? 0;
  const before = useRef(firstSeq);
  const shift = before.current > 0 && firstSeq < before.current;
  useLayoutEffect(() => {
    before.current = firstSeq;
  });

  // own sending always jumps to the end
  const pending = rows.filter((r) => r.kind === 'pending').length;
  const pendingBefore = useRef(pending);
  useLayoutEffect(() => {
    if (pending > pendingBefore.current) toEnd();
    pendingBefore.current = pending;
  }, [pending, toEnd]);

  // the quoted message, marked for a moment
  const rowsNow = useRef(rows);
  rowsNow.current = rows;
  const jump = useCallback((seq: number) => {
    release();
    void talk.loadUntil(room.id, seq).then(() => requestAnimationFrame(() => {
      const at = rowsNow.current.findIndex((r) => r.kind !== 'pending' && 'message' in r && r.message.seq === seq);
      if (at < 0) return;
      list.current?.scrollToIndex(at, { align: 'center' });
      setFlash(seq);
      setTimeout(() => setFlash(0), 1_200);
    }));
  }, [list, release, room.id, talk]);

  const topDate = top === null ? null : dateOf(rows[top]);
  const now = new Date();
  const render = (row: Row) => {
    if (row.kind === 'day') return <div key={row.key} className="day"><span className="chip">{dayChip(row.date, now, lang)}</span></div>;
    if (row.kind === 'unread') return <p key={row.key} className="unread-line"><span>{t('talk.room.unread_line')}</span></p>;
    if (row.kind === 'end') return <div key={row.key} className="log-end" />;
    if (row.kind === 'system') return <p key={row.key} className="system-line">{systemLine(t, members, row.message)}</p>;
    if (row.kind === 'threaded') {
      return (
        <button key={row.key} type="button" className="threaded" onClick={() => talk.openThread(room.id, row.message.thread ?? null)}>
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
    <div className="log-place">
      <div
        ref={box} className="log" role="log" aria-live="off" aria-label={t('talk.room.log')}
        onBlur={walk.onBlur} onPointerDown={walk.stop} onWheel={(e) => e.deltaY < 0 && release()} onTouchMove={release}
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
      {log.older === 'loading' && <p className="older" role="status">{t('talk.room.older_loading')}</p>}
      {log.older === 'error' && (
        <p className="older" role="alert">
          {t('talk.room.older_error')}
          <button type="button" className="text-button" onClick={() => void talk.loadOlder(room.id)}>{t('base.act.reload')}</button>
        </p>
      )}
      {fresh.length > 0 && !stick.current ? (
        <button
          type="button" className="jump jump-new" onClick={() => { reset(); toEnd(); }}
          aria-label={room.kind === 'notice' ? t('talk.room.new', { n: fresh.length })
            : t('talk.room.new_from', { n: fresh.length, name: senderName(t, members, fresh[0]!) })}
        >
          {t('talk.room.new', { n: fresh.length })}<DownIcon size={16} />
        </button>
      ) : far && (
        <button type="button" className="jump" onClick={toEnd} aria-label={t('talk.room.newest')}>
          <span className="wide-only">{t('talk.room.newest')}</span><DownIcon size={20} />
        </button>
      )}
    </div>
  );
}

// トーク一覧: rooms by their last message.
import { Button } from '@mantine/core';
import { lazy, Suspense, useEffect, useMemo, useRef, useState, type KeyboardEvent, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Virtualizer } from 'virtua';
import { foldName } from '../base/fold.ts';
import { currentLang } from '../base/i18n.ts';
import { AddIcon, CloseIcon, FolderIcon, KeptIcon, KeywordIcon, MutedIcon, PinIcon, SearchIcon } from '../base/icons.tsx';
import { isComposingKey, useComposition } from '../base/ime.ts';
import { inviteDue, noteUse, useInstallWay } from '../base/install.ts';
import { getPrefs, setPrefs, usePrefs } from '../base/prefs.ts';
import { go, isOpen } from '../base/route.ts';
import { Link } from '../base/shell.tsx';
import { Empty, ErrorNote, Loading } from '../base/states.tsx';
import { listTime, spoken } from '../base/time.ts';
import { Alone, useAlone, useBare } from './alone.tsx';
import { lineOf, systemLine } from './content.tsx';
import { useUnsent } from './file_tray.tsx';
import { changeFind, filtered, useFind } from './find.ts';
import { badgeOf, folderOf, shownFolder, unreadInFolder, type Shown } from './folders.ts';
import { roomName, shortSender } from './names.ts';
import { OfflineBar } from './offline_bar.tsx';
import { RoomFace } from './room_face.tsx';
import { useTalk, useTalkStore } from './talk.ts';
import { badge, unreadIn } from './unread.ts';
import type { Room } from '../base/types.ts';

const SearchHits = lazy(() => import('./search_hits.tsx'));
const Filters = lazy(() => import('./filters.tsx').then((m) => ({ default: m.Filters })));
const Kept = lazy(() => import('./kept.tsx'));
const FolderSheet = lazy(async () => ({ default: (await import('./folder_sheet.tsx')).FolderSheet }));
const InstallCard = lazy(() => import('../account/install_card.tsx'));
const NewTalk = lazy(() => import('./room_new.tsx'));

/** How high a row is; larger letters make it higher. */
const ROW = 68;

/** The present minute, so that 昨日 becomes true while the page stays open. */
function useNow(): Date {
  const [now, setNow] = useState(() => new Date());
  useEffect(() => {
    const timer = setInterval(() => setNow(new Date()), 60_000);
    return () => clearInterval(timer);
  }, []);
  return now;
}

function LastLine({ room }: { room: Room }) {
  const { t } = useTranslation();
  const talk = useTalkStore();
  const members = useTalk((s) => s.members);
  const draft = useTalk((s) => s.drafts.get(room.id));
  const files = useUnsent(room.id);
  const { last } = room;
  if (draft) return <span className="row-text row-draft">{t('talk.list.draft')}{draft}</span>;
  if (files > 0) return <span className="row-text row-draft">{t('talk.list.files', { n: files, count: files })}</span>;
  if (!last) return <span className="row-text">{t('talk.list.no_message')}</span>;
  let text = last.kind === 'system' ? systemLine(t, members, last) : lineOf(t, last);
  if (last.kind !== 'system' && last.author === talk.me.id) text = t('talk.list.you', { text });
  else if (last.kind !== 'system' && room.kind !== 'direct' && room.kind !== 'notice') text = t('talk.list.by', { name: shortSender(t, members, last), text });
  return <span className="row-text">{text}</span>;
}

function Sign({ text, children }: { text: string; children: ReactNode }) {
  return <span className="row-sign" role="img" aria-label={text} title={text}>{children}</span>;
}

function RoomRow({ room, open, now }: { room: Room; open: boolean; now: Date }) {
  const { t } = useTranslation();
  const { me } = useTalkStore();
  const unread = unreadIn(room, me.id);
  const members = useTalk((s) => s.members);
  const named = (room.mentions ?? 0) > 0;
  const worded = useTalk((s) => s.hits.has(room.id));
  const name = roomName(t, room, members);
  const date = room.last ? new Date(room.last.sent) : null;
  return (
    <Link to={`/talk/${room.id}`} current={open} className="row">
      <RoomFace room={room} here />
      <span className="row-main">
        <span className="row-top">
          <span className="row-name">{room.pinned && <Sign text={t('talk.list.pinned')}><PinIcon size={16} /></Sign>}{name}{room.muted && <Sign text={t('talk.list.muted')}><MutedIcon size={16} /></Sign>}</span>
          {room.kind !== 'direct' && room.kind !== 'notice' && (
            <span className="row-count">
              <span aria-hidden>{room.members}</span>
              <span className="hidden-text">{t('talk.list.count', { n: room.members, count: room.members })}</span>
            </span>
          )}
          {date && <time dateTime={date.toISOString()} title={spoken(date, currentLang())}>{listTime(date, now, currentLang())}</time>}
        </span>
        <span className="row-bottom">
          <LastLine room={room} />
          {named && <span className="row-mention" title={t('talk.list.mentioned')}>@</span>}
          {worded && !named && <span className="row-mention" title={t('talk.list.worded')}><KeywordIcon size={16} /><span className="hidden-text">{t('talk.list.worded')}</span></span>}
          {unread > 0 && !open && (
            <span className={room.muted ? 'unread hollow' : 'unread'}>
              <span aria-hidden>{badge(unread)}</span>
              <span className="hidden-text">{t('talk.list.unread', { n: unread })}</span>
            </span>
          )}
        </span>
      </span>
    </Link>
  );
}

function Search({ value, change }: { value: string; change: (text: string) => void }) {
  const { t } = useTranslation();
  const composition = useComposition();
  const onKey = (e: KeyboardEvent) => {
    if (e.key === 'Escape' && !isComposingKey(e.nativeEvent, composition.composing)) change('');
  };
  return (
    <div className="search">
      <SearchIcon size={20} />
      <input
        id="room-search" type="search" value={value} onChange={(e) => change(e.target.value)} onKeyDown={onKey}
        onCompositionStart={composition.start} onCompositionEnd={composition.end}
        placeholder={t('talk.list.search')} aria-label={t('talk.list.search')} autoComplete="off"
      />
      {value && (
        <button type="button" className="icon-button" aria-label={t('talk.list.clear')} onClick={() => change('')}>
          <CloseIcon size={20} />
        </button>
      )}
    </div>
  );
}

/** Ctrl+K goes to the search, Alt+↑↓ to the next room. */
function useListKeys(rooms: Room[], open: string | null): void {
  useEffect(() => {
    const onKey = (e: globalThis.KeyboardEvent) => {
      if (e.isComposing) return;
      if ((e.ctrlKey || e.metaKey) && e.key.toLowerCase() === 'k') {
        e.preventDefault();
        document.getElementById('room-search')?.focus();
      } else if (e.altKey && (e.key === 'ArrowUp' || e.key === 'ArrowDown')) {
        const at = rooms.findIndex((r) => r.id === open);
        const next = rooms[e.key === 'ArrowUp' ? at - 1 : at + 1];
        if (next) go(`/talk/${next.id}`);
        e.preventDefault();
      }
    };
    window.addEventListener('keydown', onKey);
    return () => window.removeEventListener('keydown', onKey);
  }, [rooms, open]);
}

/** The edge between list and room: dragged, or moved by the arrow keys. */
function Divider() {
  const { t } = useTranslation();
  const [width, setWidth] = useState(getPrefs().listWidth);
  useEffect(() => {
    document.documentElement.style.setProperty('--list-width', `${width}px`);
  }, [width]);
  const set = (next: number) => {
    const bounded = Math.min(420, Math.max(280, Math.round(next)));
    setWidth(bounded);
    setPrefs({ listWidth: bounded });
  };
  const onKey = (e: KeyboardEvent) => {
    if (e.key === 'ArrowLeft') set(width - 10);
    else if (e.key === 'ArrowRight') set(width + 10);
  };
  return (
    <div
      className="divider" role="separator" aria-orientation="vertical" tabIndex={0} aria-label={t('talk.list.resize')}
      aria-valuenow={width} aria-valuemin={280} aria-valuemax={420} onKeyDown={onKey}
      onPointerDown={(e) => e.currentTarget.setPointerCapture(e.pointerId)}
      onPointerMove={(e) => {
        if (e.currentTarget.hasPointerCapture(e.pointerId)) set(e.clientX - e.currentTarget.parentElement!.getBoundingClientRect().left);
      }}
    />
  );
}

const MAIN = ['all', 'unread', 'mentions'] as const;

/** What of the list is shown: a row that scrolls sideways within itself, the person's folders behind the fixed ones. */
function RoomFilters({ shown, choose, manage }: { shown: Shown; choose: (s: Shown) => void; manage: () => void }) {
  const { t } = useTranslation();
  const { me } = useTalkStore();
  const rooms = useTalk((s) => s.rooms);
  const folders = useTalk((s) => s.folders);
  return (
    <div className="filter-line">
      <div className="list-filters" role="group" aria-label={t('talk.list.filters')}>
        {MAIN.map((f) => (
          <button key={f} type="button" className="filter-chip" aria-pressed={shown === f} onClick={() => choose(f)}>{t(`talk.list.filter_${f}`)}</button>
        ))}
        {folders.map((f) => {
          const n = unreadInFolder(rooms, f.id, me.id);
          return (
            <button key={f.id} type="button" className="filter-chip folder-chip" aria-pressed={shown === shownFolder(f.id)} onClick={() => choose(shownFolder(f.id))}>
              <span aria-hidden={n > 0}>{f.name}</span>
              {n > 0 && <><span className="chip-count" aria-hidden>{badgeOf(n)}</span><span className="hidden-text">{t('folder.list.waiting', { name: f.name, n })}</span></>}
            </button>
          );
        })}
      </div>
      <button type="button" className="icon-button" aria-label={t('folder.list.manage')} title={t('folder.list.manage')} onClick={manage}><FolderIcon size={20} /></button>
    </div>
  );
}

export function RoomList({ open, adding: asked }: { open: string | null; adding: boolean }) {
  const { t } = useTranslation();
  const talk = useTalkStore();
  const now = useNow();
  const status = useTalk((s) => s.status);
  const error = useTalk((s) => s.error);
  const rooms = useTalk((s) => s.rooms);
  const offline = useTalk((s) => s.offline);
  const find = useFind();
  const query = find.q;
  const looks = query.trim() !== '' || filtered(find);
  const members = useTalk((s) => s.members);
  const hits = useTalk((s) => s.hits);
  const me = talk.me.id;
  const alone = useAlone();
  const bare = useBare();
  const [filter, setFilter] = useState<Shown>('all');
  const [folding, setFolding] = useState(false);
  const folders = useTalk((s) => s.folders);
  const folder = folders.find((f) => shownFolder(f.id) === filter);
  const chosen: Shown = filter.startsWith('folder ') && !folder ? 'all' : filter;
  const [adding, setAdding] = useState(asked);
  const endAdding = () => {
    setAdding(false);
    if (asked && isOpen('/new')) go('/talk', true);
  };
  const [kept, setKept] = useState(false);
  const byMessage = filtered(find);
  const shown = useMemo(() => (byMessage ? [] : rooms).filter((r) => foldName(roomName(t, r, members)).includes(foldName(query))
    && (looks || (folder ? folderOf(r, folders) === folder : chosen === 'all' || r.id === open || (chosen === 'unread' ? unreadIn(r, me) > 0 : (r.mentions ?? 0) > 0 || hits.has(r.id))))), [rooms, members, query, t, chosen, folder, folders, open, me, hits, looks, byMessage]);
  const openAt = shown.findIndex((r) => r.id === open);
  const box = useRef<HTMLDivElement>(null);
  const prefs = usePrefs();
  const way = useInstallWay();
  const invited = way !== 'none' && inviteDue(prefs, now.getTime()) && !looks && rooms.length > 0;
  useEffect(noteUse, []);
  useListKeys(shown, open);
  const Title = open ? 'h2' : 'h1';
  return (
    <section className="list-pane" aria-label={t('talk.list.label')}>
      <header className="list-head">
        <Title className="page-title">{t('talk.list.title')}</Title>
        <button type="button" className="icon-button list-kept" aria-label={t('talk.kept.title')} title={t('talk.kept.title')} onClick={() => setKept(true)}><KeptIcon /></button>
        <button type="button" className="icon-button list-new" aria-label={t('talk.new.title')} title={t('talk.new.title')} onClick={() => setAdding(true)}><AddIcon /></button>
      </header>
      {!bare && rooms.length > 0 && <Search value={query} change={(q) => changeFind({ q })} />}
      {looks && <Suspense fallback={null}><Filters find={find} /></Suspense>}
      {!bare && rooms.length > 0 && !looks && <RoomFilters shown={chosen} choose={setFilter} manage={() => setFolding(true)} />}
      {folding && <Suspense fallback={null}><FolderSheet close={() => setFolding(false)} /></Suspense>}
      {kept && <Suspense fallback={null}><Kept close={() => setKept(false)} /></Suspense>}
      {adding && <Suspense fallback={null}><NewTalk close={endAdding} /></Suspense>}
      {invited && <Suspense fallback={null}><InstallCard /></Suspense>}
      {offline && <OfflineBar text={t('talk.offline.bar')} />}
      {status === 'loading' && <Loading rows={8} />}
      {status === 'error' && <ErrorNote error={error} text={t('talk.list.error')} retry={() => void talk.load()} />}
      {rooms.length > 0 && shown.length === 0 && !looks && <Empty>{t(folder ? 'folder.list.none' : chosen === 'unread' ? 'talk.list.none_unread' : 'talk.list.none_mentions')}</Empty>}
      <div className="rows" ref={box}>
        {shown.length > 0 && (
          <Virtualizer as="ul" item="li" scrollRef={box} data={shown} itemSize={ROW} bufferSize={ROW * 6} startMargin={2} keepMounted={openAt < 0 ? [] : [openAt]}>
            {(room: Room) => <RoomRow key={room.id} room={room} open={room.id === open} now={now} />}
          </Virtualizer>
        )}
        {bare && alone && <Alone />}
        {bare && !alone && <Empty act={<Button onClick={() => setAdding(true)}>{t('talk.new.title')}</Button>}>{t('talk.list.empty')}</Empty>}
        {looks && <Suspense fallback={<Loading rows={3} />}><SearchHits find={find} /></Suspense>}
      </div>
      <Divider />
    </section>
  );
}

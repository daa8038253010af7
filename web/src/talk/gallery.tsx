// 写真・ファイル・リンク: what people gave each other in a room, beside it; newest first, month by month, of one person or some days.
import './gallery.css';
import { useInfiniteQuery, useQueryClient, type InfiniteData } from '@tanstack/react-query';
import { lazy, Suspense, useCallback, useEffect, useMemo, useRef, useState, type KeyboardEvent, type RefObject } from 'react';
import { useTranslation } from 'react-i18next';
import { call } from '../base/api.ts';
import { Dialog } from '../base/dialog.tsx';
import { addWords } from '../base/i18n.ts';
import { AlertIcon, BackIcon, ClockIcon, CloseIcon, FileIcon, PlayIcon } from '../base/icons.tsx';
import { isComposingNow } from '../base/ime.ts';
import { go, isOpen } from '../base/route.ts';
import { Empty, ErrorNote, isRefusal } from '../base/states.tsx';
import { postTime, spoken } from '../base/time.ts';
import { Address } from './content.tsx';
import { isBarred, isFilm, isPicture, isSound, isViewed, sizeText, type TalkFile } from './file_kinds.ts';
import { useSave, useSmall } from './file_use.ts';
import { Days, useDaysText, Who } from './filters.tsx';
import { byMonth, hostOf, KINDS, monthText, seenAtOnce, thingKey, type Kind, type Thing } from './gallery.ts';
import { useLook, type Look } from './look.ts';
import { fullName, senderName } from './names.ts';
import { useTalk, useTalkStore } from './talk.ts';
import { useWatch } from './watch.ts';
import en from './words/gallery.en.json';
import ja from './words/gallery.ja.json';
import type { Ops } from '../../gen/api.ts';
import type { Message, Room } from '../base/types.ts';

addWords('gallery', ja, en);

const Viewer = lazy(() => import('./file_viewer.tsx'));

const PAGE = 60;
type Page = Ops['talk.gallery']['output'];

interface Only {
  who: string;
  from: string;
  to: string;
}
const ALL: Only = { who: '', from: '', to: '' };

interface Hands {
  look: Look;
  by: (thing: Thing) => string;
  open: (file: TalkFile) => void;
  jump: (thing: Thing) => void;
}

// ---- what is asked for

/** Has a message anything of the gallery, or had it? */
const matters = (m: Message | null): boolean => m === null || m.gone || m.edited !== undefined || !!m.content?.files || /https?:/u.test(m.text);

function useThings(room: string, kind: Kind, only: Only) {
  const { me } = useTalkStore();
  const queries = useQueryClient();
  const [from, to] = only.from && only.to && only.from > only.to ? [only.to, only.from] : [only.from, only.to];
  const found = useInfiniteQuery({
    queryKey: ['gallery', me.tenant, room, kind, only.who, from, to], staleTime: 0, initialPageParam: 0,
    placeholderData: (old: InfiniteData<Page, number> | undefined, before): InfiniteData<Page, number> | undefined => (before?.queryKey[3] === kind ? old : undefined),
    queryFn: ({ pageParam }) => call(me.tenant, 'talk.gallery', {
      params: { room },
      query: { kind, limit: PAGE, ...(only.who ? { by: only.who } : {}), ...(from ? { from } : {}), ...(to ? { to } : {}), ...(pageParam ? { before: pageParam } : {}) },
    }),
    getNextPageParam: (last: Page) => last.next,
  });
  useWatch(room, (seq, m) => {
    if (seq === 0 || matters(m)) void queries.invalidateQueries({ queryKey: ['gallery', me.tenant, room] });
  });
  const things = useMemo(() => (found.data?.pages ?? []).flatMap((p) => p.items), [found.data]);
  return { found, things };
}

/** What comes near is wanted, and stays wanted. */
function useNear(place: RefObject<HTMLElement | null>, near: () => void): void {
  const now = useRef(near);
  now.current = near;
  useEffect(() => {
    if (!place.current) return undefined;
    const watch = new IntersectionObserver((all) => all.some((e) => e.isIntersecting) && now.current(), { root: place.current.closest('.gallery-scroll'), rootMargin: '300px 0px' });
    watch.observe(place.current);
    return () => watch.disconnect();
  }, [place]);
}

// ---- one thing

function Tile({ thing, file, active, onFocus, hands }: { thing: Thing; file: TalkFile; active: boolean; onFocus: () => void; hands: Hands }) {
  const { look: { t }, by, open, jump } = hands;
  const save = useSave(hands.look);
  const barred = isBarred(file);
  const place = useRef<HTMLButtonElement>(null);
  const [near, setNear] = useState(false);
  const [broken, setBroken] = useState(false);
  useNear(place, () => setNear(true));
  const shown = useSmall(file, near && isPicture(file) && !barred);
  const word = isPicture(file) ? 'photo' : isFilm(file) ? 'film' : 'keep';
  return (
    <button
      ref={place} type="button" className="gallery-tile" tabIndex={active ? 0 : -1} onFocus={onFocus}
      aria-label={barred ? `${t('gallery.pane.message_of', { name: file.name })} (${t(`talk.file.check.${file.check}`)})` : t(`gallery.pane.${word}`, { name: file.name, by: by(thing) })}
      title={barred ? t(`talk.file.check.${file.check}`) : file.name}
      onClick={() => (barred ? jump(thing) : seenAtOnce(file) ? open(file) : void save(file))}
    >
      {barred && <span className="tile-name">{file.check === 'held' ? <ClockIcon /> : <AlertIcon />}<span>{file.name}</span></span>}
      {!barred && (shown.data && !broken
        ? <img src={shown.data.url} alt="" decoding="async" draggable={false} onError={() => setBroken(true)} />
        : (!isPicture(file) || broken || shown.isError || !shown.isFetching && !shown.data)
          && <span className="tile-name">{isFilm(file) ? <PlayIcon /> : <FileIcon />}<span>{file.name}</span></span>)}
    </button>
  );
}

/** Who sent it, and when. */
function By({ thing, look: { t, lang, members } }: { thing: Thing; look: Look }) {
  const date = new Date(thing.sent);
  return <>{senderName(t, members, thing)}{' \u00b7 '}<time dateTime={thing.sent} title={spoken(date, lang)}>{postTime(date, new Date(), lang)}</time></>;
}

function FileRow({ thing, file, hands }: { thing: Thing; file: TalkFile; hands: Hands }) {
  const { look, open, jump } = hands;
  const { t } = look;
  const save = useSave(look);
  return (
    <li className="gallery-row">
      <FileIcon />
      <div className="gallery-about">
        <p className="gallery-title" title={file.name}>{file.name}</p>
        <p className="small-print">{sizeText(file.size)}{' \u00b7 '}<By thing={thing} look={look} /></p>
        {file.check && file.check !== 'clean' && <p className="small-print">{t(`talk.file.check.${file.check}`)}</p>}
        <p className="gallery-acts">
          {isViewed(file) && !isSound(file) && <button type="button" className="text-button" aria-label={t('talk.file.open', { name: file.name })} onClick={() => open(file)}>{t('talk.file.view')}</button>}
          {isSound(file) && !isBarred(file) && <button type="button" className="text-button" aria-label={t('gallery.pane.play_of', { name: file.name })} onClick={() => open(file)}>{t('talk.file.play')}</button>}
          {!isBarred(file) && <button type="button" className="text-button" aria-label={t('gallery.pane.save_of', { name: file.name })} onClick={() => void save(file)}>{t('talk.file.save')}</button>}
          <button type="button" className="text-button" aria-label={t('gallery.pane.message_of', { name: file.name })} onClick={() => jump(thing)}>{t('talk.file.to_message')}</button>
        </p>
      </div>
    </li>
  );
}

function LinkRow({ thing, url, hands: { look, jump } }: { thing: Thing; url: string; hands: Hands }) {
  const { t } = look;
  return (
    <li className="gallery-row">
      <div className="gallery-about">
        <p className="gallery-title"><Address href={url}>{hostOf(url)}</Address></p>
        <p className="gallery-url">{url}</p>
        <p className="small-print"><By thing={thing} look={look} /></p>
        <p className="gallery-acts"><button type="button" className="text-button" aria-label={t('gallery.pane.message_of', { name: hostOf(url) })} onClick={() => jump(thing)}>{t('talk.file.to_message')}</button></p>
      </div>
    </li>
  );
}

// ---- all of them

/** The arrow keys go from photo to photo, up and down to the one above and below; one of them is in the tab order. */
function onTileKey(e: KeyboardEvent<HTMLElement>): void {
  if (!(e.target instanceof HTMLElement) || !e.target.classList.contains('gallery-tile')) return;
  const tiles = [...e.currentTarget.querySelectorAll<HTMLElement>('.gallery-tile')];
  const at = tiles.indexOf(e.target), here = e.target.getBoundingClientRect();
  const rowTo = (way: 1 | -1) => {
    const tops = tiles.map((tile) => tile.getBoundingClientRect());
    const top = tops.reduce((best, r) => ((r.top - here.top) * way > 1 && (r.top - best) * way < 0 ? r.top : best), way * Infinity);
    return tops.reduce((best, r, i) => (Math.abs(r.top - top) <= 1 && (best < 0 || Math.abs(r.left - here.left) < Math.abs(tops[best]!.left - here.left)) ? i : best), -1);
  };
  const ways: Record<string, () => number> = { ArrowLeft: () => at - 1, ArrowRight: () => at + 1, ArrowUp: () => rowTo(-1), ArrowDown: () => rowTo(1), Home: () => 0, End: () => tiles.length - 1 };
  const to = ways[e.key]?.();
  if (to === undefined) return;
  e.preventDefault();
  tiles[to]?.focus();
}

/** As much room as there will be, until it is known what is there; nothing while it takes no longer than a glance. */
function Waiting({ kind }: { kind: Kind }) {
  const { t } = useTranslation();
  return (
    <div className={kind === 'photo' ? 'gallery-waiting gallery-grid' : 'gallery-waiting'} role="status" aria-label={t('base.state.loading')}>
      {Array.from({ length: kind === 'photo' ? 12 : 6 }, (_, i) => <span key={i} className={kind === 'photo' ? 'gallery-tile' : 'loading-bar'} />)}
    </div>
  );
}

function Months({ kind, things, hands }: { kind: Kind; things: readonly Thing[]; hands: Hands }) {
  const [at, setAt] = useState('');
  const { lang } = hands.look;
  const active = things.some((x) => thingKey(x) === at) || !things[0] ? at : thingKey(things[0]);
  return (
    <div onKeyDown={onTileKey}>
      {byMonth(things).map(({ key: place, month, things: these }) => (
        <section key={place} className="gallery-month" aria-labelledby={`month-${place}`}>
          <h3 id={`month-${place}`}>{monthText(month, lang)}</h3>
          <ul className={kind === 'photo' ? 'gallery-grid' : 'gallery-rows'}>
            {these.map((thing) => {
              const key = thingKey(thing);
              if (kind === 'link') return <LinkRow key={key} thing={thing} url={thing.url ?? ''} hands={hands} />;
              if (!thing.file) return null;
              if (kind === 'file') return <FileRow key={key} thing={thing} file={thing.file} hands={hands} />;
              return <li key={key}><Tile thing={thing} file={thing.file} active={key === active} onFocus={() => setAt(key)} hands={hands} /></li>;
            })}
          </ul>
        </section>
      ))}
    </div>
  );
}

/** By whom and when, each with a way out. */
function Narrow({ only, people, set }: { only: Only; people: readonly string[]; set: (only: Only) => void }) {
  const { t } = useTranslation();
  const members = useTalk((s) => s.members);
  const [step, setStep] = useState<'who' | 'days' | null>(null);
  const daysText = useDaysText();
  const close = () => setStep(null);
  const choose = (part: Partial<Only>) => {
    set({ ...only, ...part });
    close();
  };
  const member = members.get(only.who);
  const chips = [
    { step: 'who', value: only.who && (member ? fullName(member) : t('talk.room.no_name')), none: { who: '' } },
    { step: 'days', value: only.from || only.to ? daysText(only) : '', none: { from: '', to: '' } },
  ] as const;
  return (
    <div className="find-filters" role="group" aria-label={t('talk.filter.label')}>
      {chips.map((c) => (
        <span key={c.step} className={c.value ? 'find-filter on' : 'find-filter'}>
          <button type="button" className="find-chip" aria-haspopup="dialog" onClick={() => setStep(c.step)}>
            {c.value ? t(`talk.filter.${c.step}_is`, { value: c.value }) : t(`gallery.pane.${c.step}`)}
          </button>
          {c.value && (
            <button type="button" className="find-off" aria-label={t('talk.filter.off', { name: t(`gallery.pane.${c.step}`) })} onClick={() => choose(c.none)}><CloseIcon size={16} /></button>
          )}
        </span>
      ))}
      {step && (
        <Dialog opened close={close} title={t(`talk.filter.${step}_title`)}>
          {step === 'who' ? <Who among={people} choose={(who) => choose({ who })} /> : <Days find={only} done={({ from, to }) => choose({ from, to })} />}
          {chips.some((c) => c.step === step && c.value) && (
            <div className="dialog-acts"><button type="button" className="text-button" onClick={() => choose(step === 'who' ? { who: '' } : { from: '', to: '' })}>{t('talk.filter.remove')}</button></div>
          )}
        </Dialog>
      )}
    </div>
  );
}

/** Looked for by the arrow keys, as tabs are. */
function Tabs({ kind, choose }: { kind: Kind; choose: (kind: Kind) => void }) {
  const { t } = useTranslation();
  const onKeyDown = (e: KeyboardEvent<HTMLElement>) => {
    const at = KINDS.indexOf(kind);
    const to = { ArrowLeft: (at + KINDS.length - 1) % KINDS.length, ArrowRight: (at + 1) % KINDS.length, Home: 0, End: KINDS.length - 1 }[e.key];
    if (to === undefined) return;
    e.preventDefault();
    choose(KINDS[to]!);
    e.currentTarget.querySelectorAll<HTMLElement>('[role=tab]')[to]?.focus();
  };
  return (
    <div className="gallery-tabs" role="tablist" aria-label={t('gallery.pane.kinds')} onKeyDown={onKeyDown}>
      {KINDS.map((k) => (
        <button key={k} type="button" role="tab" id={`gallery-${k}`} aria-controls="gallery-panel" aria-selected={k === kind} tabIndex={k === kind ? 0 : -1} onClick={() => choose(k)}>
          {t(`gallery.kind.${k}`)}
        </button>
      ))}
    </div>
  );
}

/** Older ones come when the end comes near, or by its button. */
function Rest({ found }: { found: ReturnType<typeof useThings>['found'] }) {
  const { t } = useTranslation();
  const place = useRef<HTMLButtonElement>(null);
  const more = () => {
    if (!found.isFetching) void found.fetchNextPage();
  };
  useNear(place, () => !found.isFetchNextPageError && more());
  if (found.isFetchNextPageError) return <ErrorNote error={found.error} retry={() => void found.fetchNextPage()} />;
  return <button ref={place} type="button" className="text-button gallery-more" aria-disabled={found.isFetching} onClick={more}>{t(found.isFetchingNextPage ? 'gallery.pane.rest' : 'gallery.pane.more')}</button>;
}

export default function Gallery({ room, present, back, close }: { room: Room; present: readonly string[]; back: () => void; close: () => void }) {
  const { t } = useTranslation();
  const talk = useTalkStore();
  const look = useLook();
  const { lang, members } = look;
  const [kind, setKind] = useState<Kind>('photo');
  const [only, setOnly] = useState<Only>(ALL);
  const [open, setOpen] = useState('');
  const { found, things } = useThings(room.id, kind, only);
  const people = useMemo(() => [...new Set([...present, ...things.map((x) => x.author)])], [present, things]); // who has left has sent, too
  const backButton = useRef<HTMLButtonElement>(null);
  useEffect(() => backButton.current?.focus(), []);
  const jump = useCallback((thing: Thing) => {
    setOpen('');
    if (!window.matchMedia('(min-width: 1280px)').matches) close(); // it lies over the room
    const page = `/talk/${room.id}/${thing.seq}`;
    if (isOpen(page)) void talk.jump(room.id, thing.seq);
    else go(page);
  }, [close, room.id, talk]);
  const by = useCallback((thing: Thing) => t('gallery.pane.by', { name: senderName(t, members, thing), time: spoken(new Date(thing.sent), lang) }), [t, members, lang]);
  const hands: Hands = { look, by, open: (file) => setOpen(file.id), jump };
  const seen = useMemo(() => things.filter((x) => (kind === 'photo' ? seenAtOnce(x.file) : x.file?.id === open)), [things, kind, open]);
  const at = seen.findIndex((x) => x.file?.id === open);
  const viewed = useMemo(() => seen.flatMap((x) => (x.file ? [{ file: x.file, message: { id: x.message, room: room.id, seq: x.seq }, by: <By thing={x} look={look} /> }] : [])), [seen, room.id, look]);
  const moved = (index: number) => {
    if (index >= seen.length - 3 && found.hasNextPage && !found.isFetching) void found.fetchNextPage();
  };
  const narrowed = only.who !== '' || only.from !== '' || only.to !== '';
  const refused = found.isError && (!found.data || isRefusal(found.error));
  return (
    <aside
      className="info-pane gallery-pane" aria-label={t('talk.info.gallery')}
      onKeyDown={(e) => e.key === 'Escape' && !isComposingNow(e.nativeEvent) && close()}
    >
      <header className="room-head">
        <button ref={backButton} type="button" className="icon-button" aria-label={t('gallery.pane.back')} onClick={back}><BackIcon /></button>
        <h2>{t('talk.info.gallery')}</h2>
        <button type="button" className="icon-button" aria-label={t('base.act.close')} onClick={close}><CloseIcon /></button>
      </header>
      <Tabs kind={kind} choose={setKind} />
      <Narrow only={only} people={people} set={setOnly} />
      <div key={`${kind} ${only.who} ${only.from} ${only.to}`} className="gallery-scroll" role="tabpanel" id="gallery-panel" aria-labelledby={`gallery-${kind}`} tabIndex={things.length > 0 ? -1 : 0} aria-busy={found.isPending || found.isPlaceholderData}>
        {found.isPending && <Waiting kind={kind} />}
        {refused && <ErrorNote error={found.error} retry={() => void found.refetch()} />}
        {found.data && !refused && things.length === 0 && !found.hasNextPage && (narrowed
          ? <Empty act={<button type="button" className="text-button" onClick={() => setOnly(ALL)}>{t('talk.filter.all_off')}</button>}>{t('gallery.none.filtered')}</Empty>
          : <Empty>{t(`gallery.none.${kind}`)}</Empty>)}
        {!refused && <Months kind={kind} things={things} hands={hands} />}
        {!refused && found.hasNextPage && <Rest key={found.data?.pages.length} found={found} />}
      </div>
      {at >= 0 && (
        <Suspense fallback={null}>
          <Viewer
            files={viewed} index={at} look={look} close={() => setOpen('')} more={kind === 'photo' && found.hasNextPage} moved={moved}
            toMessage={(index) => jump(seen[index]!)}
          />
        </Suspense>
      )}
    </aside>
  );
}

// The members of a room, and from there its photos, files and links: a third pane on a wide screen, over the room on a narrow one.
import { useQuery } from '@tanstack/react-query';
import { lazy, Suspense, useCallback, useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { ApiError, call } from '../base/api.ts';
import { Dialog } from '../base/dialog.tsx';
import { CloseIcon } from '../base/icons.tsx';
import { isComposingNow } from '../base/ime.ts';
import { useFocusBack } from '../base/layers.ts';
import { go } from '../base/route.ts';
import { Link } from '../base/shell.tsx';
import { ErrorNote, Loading } from '../base/states.tsx';
import { changeFind, NOTHING } from './find.ts';
import { HereFace } from './here_face.tsx';
import { fullName } from './names.ts';
import { folderOf } from './folders.ts';
import { RoomFace } from './room_face.tsx';
import NewTalk from './room_new.tsx';
import { useTalk, useTalkStore } from './talk.ts';
import type { Ops } from '../../gen/api.ts';
import type { Room } from '../base/types.ts';

const FolderChoice = lazy(async () => ({ default: (await import('./folder_sheet.tsx')).FolderChoice }));
const RoomPhoto = lazy(() => import('./room_photo.tsx'));
const Pins = lazy(() => import('./pins.tsx'));
const Gallery = lazy(() => import('./gallery.tsx'));
const ExportSheet = lazy(() => import('./export.tsx'));

type Place = NonNullable<Ops['room.read']['output']['place']>;

/** The group whose room it is: what it is for, and its masters. */
function PlaceNote({ place }: { place: Place }) {
  const { t } = useTranslation();
  const members = useTalk((s) => s.members);
  const masters = place.masters.flatMap((id) => members.get(id) ?? []).map(fullName);
  return (
    <section className="place-note" aria-label={t(`talk.place.${place.kind}`)}>
      <p><span className="place-kind">{t(`talk.place.${place.kind}`)}</span>{place.name}</p>
      {place.description && <p className="place-text">{place.description}</p>}
      {masters.length > 0 && <p className="small-print">{t(`talk.place.${place.kind}_masters`, { names: masters.join(t('talk.system.and')) })}</p>}
    </section>
  );
}

/** What the person can do with the room: its place in the own list, and, of a room of several, who is in it. */
function RoomActs({ room, present, picture, gallery, done }: { room: Room; present: readonly string[]; picture: boolean; gallery: () => void; done: () => void }) {
  const { t } = useTranslation();
  const talk = useTalkStore();
  const [inviting, setInviting] = useState(false);
  const [pins, setPins] = useState(false);
  const [leaving, setLeaving] = useState(false);
  const [exporting, setExporting] = useState(false);
  const [name, setName] = useState<string | null>(null);
  const [folding, setFolding] = useState(false);
  const folder = useTalk((s) => folderOf(room, s.folders));
  const [error, setError] = useState('');
  const run = (work: Promise<unknown>) => void work.then(() => setError(''), (e: unknown) => setError(e instanceof ApiError ? e.message : t('talk.menu.failed')));
  const params = { room: room.id };
  /** The list of talks, where it is looked for, is another page on a phone. */
  const look = () => {
    if (!document.getElementById('room-search')?.offsetParent) go('/talk');
    else done();
    changeFind({ ...NOTHING, room: room.id });
    requestAnimationFrame(() => document.getElementById('room-search')?.focus());
  };
  const prefs = (part: { muted?: boolean; pinned?: boolean }) => run(talk.setPrefs(room, { muted: room.muted ?? false, pinned: room.pinned ?? false, ...part }));
  return (
    <div className="room-acts">
      <button type="button" className="filter-chip" aria-pressed={room.pinned ?? false} onClick={() => prefs({ pinned: !room.pinned })}>{t('talk.info.pin')}</button>
      <button type="button" className="filter-chip" aria-pressed={room.muted ?? false} onClick={() => prefs({ muted: !room.muted })}>{t('talk.info.mute')}</button>
      <button type="button" className="filter-chip" onClick={look}>{t('talk.info.search')}</button>
      <button type="button" className="filter-chip" onClick={() => setPins(true)}>{t('talk.pins.title')}</button>
      <button type="button" className="filter-chip gallery-chip" onClick={gallery}>{t('talk.info.gallery')}</button>
      <button type="button" className="filter-chip folder-chip" onClick={() => setFolding(true)}>{folder ? t('folder.put.inside', { name: folder.name }) : t('folder.put.title')}</button>
      <button type="button" className="filter-chip" onClick={() => setExporting(true)}>{t('talk.info.export')}</button>
      {exporting && <Suspense fallback={null}><ExportSheet room={room} close={() => setExporting(false)} /></Suspense>}
      {folding && <Suspense fallback={null}><FolderChoice room={room} close={() => setFolding(false)} /></Suspense>}
      {picture && <Suspense fallback={null}><RoomPhoto room={room} /></Suspense>}
      {room.kind === 'several' && (
        <>
          <button type="button" className="filter-chip" onClick={() => setInviting(true)}>{t('talk.new.invite')}</button>
          <button type="button" className="filter-chip" onClick={() => setName(room.name)}>{t('talk.info.rename')}</button>
          <button type="button" className="filter-chip" onClick={() => setLeaving(true)}>{t('talk.info.leave')}</button>
        </>
      )}
      {error && <p className="danger" role="alert">{error}</p>}
      {pins && <Suspense fallback={null}><Pins room={room.id} close={() => setPins(false)} /></Suspense>}
      {inviting && <NewTalk room={room} present={present} close={() => setInviting(false)} />}
      {name !== null && (
        <Dialog opened close={() => setName(null)} title={t('talk.info.rename')}>
          <input className="stamp-search" value={name} maxLength={100} aria-label={t('talk.new.name')} onChange={(e) => setName(e.target.value)} />
          <div className="dialog-acts">
            <button type="button" className="text-button" onClick={() => setName(null)}>{t('base.act.cancel')}</button>
            <button type="button" className="text-button main" disabled={!name.trim()} onClick={() => { run(call(talk.me.tenant, 'room.change', { params, body: { name: name.trim() } })); setName(null); }}>{t('base.act.save')}</button>
          </div>
        </Dialog>
      )}
      {leaving && (
        <Dialog opened close={() => setLeaving(false)} title={t('talk.info.leave_ask', { name: room.name })}>
          <p>{t('talk.info.leave_text')}</p>
          <div className="dialog-acts">
            <button type="button" className="text-button" onClick={() => setLeaving(false)}>{t('base.act.cancel')}</button>
            <button type="button" className="text-button danger" onClick={() => { run(call(talk.me.tenant, 'room.quit', { params })); setLeaving(false); }}>{t('talk.info.leave')}</button>
          </div>
        </Dialog>
      )}
    </div>
  );
}

export default function RoomInfo({ room, close }: { room: Room; close: () => void }) {
  const { t } = useTranslation();
  const { me } = useTalkStore();
  const members = useTalk((s) => s.members);
  const pane = useRef<HTMLElement>(null);
  const closeButton = useRef<HTMLButtonElement>(null);
  const [gallery, setGallery] = useState(false);
  const back = useCallback(() => setGallery(false), []);
  const wasGallery = useRef(false);
  const found = useQuery({
    queryKey: ['room', me.tenant, room.id, room.members, room.name],
    queryFn: () => call(me.tenant, 'room.read', { params: { room: room.id } }),
  });
  useFocusBack();
  useEffect(() => {
    if (!gallery) (wasGallery.current ? pane.current?.querySelector<HTMLElement>('.gallery-chip') : closeButton.current)?.focus();
    wasGallery.current = gallery;
  }, [gallery]);
  const people = (found.data?.member_ids ?? []).flatMap((id) => members.get(id) ?? [])
    .sort((a, b) => `${a.family_reading}${a.given_reading}`.localeCompare(`${b.family_reading}${b.given_reading}`, 'ja'));
  if (gallery) return <Suspense fallback={<div className="info-pane"><Loading /></div>}><Gallery room={room} present={found.data?.member_ids ?? []} back={back} close={close} /></Suspense>;
  return (
    <aside
      ref={pane} className="info-pane" aria-label={t('talk.info.title', { n: room.members })}
      onKeyDown={(e) => e.key === 'Escape' && !isComposingNow(e.nativeEvent) && close()}
    >
      <header className="room-head">
        <h2>{t('talk.info.title', { n: room.members })}</h2>
        <button ref={closeButton} type="button" className="icon-button" aria-label={t('base.act.close')} onClick={close}>
          <CloseIcon />
        </button>
      </header>
      {found.isPending && <Loading />}
      {found.isError && <ErrorNote error={found.error} retry={() => void found.refetch()} />}
      {found.data?.place && <PlaceNote place={found.data.place} />}
      {room.kind !== 'direct' && <div className="info-face"><RoomFace room={room} size="large" /></div>}
      <RoomActs room={room} present={found.data?.member_ids ?? []} picture={found.data?.may_picture ?? false} gallery={() => setGallery(true)} done={close} />
      <ul className="people">
        {people.map((m) => (
          <li key={m.id}>
            <Link to={`/members/${m.id}`} className="person">
              <HereFace member={m} size="small" /><span>{fullName(m)}</span>
            </Link>
          </li>
        ))}
      </ul>
    </aside>
  );
}

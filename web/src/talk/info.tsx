// The members of a room: a third pane on a wide screen, over the room on a narrow one.
import { useQuery } from '@tanstack/react-query';
import { useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { call } from '../base/api.ts';
import { Face, photoOf } from '../base/face.tsx';
import { CloseIcon } from '../base/icons.tsx';
import { Link } from '../base/shell.tsx';
import { ErrorNote, Loading } from '../base/states.tsx';
import { fullName } from './names.ts';
import { useTalk, useTalkStore } from './talk.ts';
import type { Ops } from '../../gen/api.ts';
import type { Room } from '../base/types.ts';

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
      {masters.length > 0 && <p className="small-print">{t(`talk.place.${place.kind}_masters`, { names: masters.join(', ') })}</p>}
    </section>
  );
}

export default function RoomInfo({ room, close }: { room: Room; close: () => void }) {
  const { t } = useTranslation();
  const { me } = useTalkStore();
  const members = useTalk((s) => s.members);
  const closeButton = useRef<HTMLButtonElement>(null);
  const found = useQuery({
    queryKey: ['room', me.tenant, room.id, room.members, room.name],
    queryFn: () => call(me.tenant, 'room.read', { params: { room: room.id } }),
  });
  useEffect(() => {
    const before = document.activeElement as HTMLElement | null;
    closeButton.current?.focus();
    return () => before?.focus();
  }, []);
  const people = (found.data?.member_ids ?? []).flatMap((id) => members.get(id) ?? [])
    .sort((a, b) => `${a.family_reading}${a.given_reading}`.localeCompare(`${b.family_reading}${b.given_reading}`, 'ja'));
  return (
    <aside
      className="info-pane" aria-label={t('talk.info.title', { n: room.members })}
      onKeyDown={(e) => e.key === 'Escape' && !e.nativeEvent.isComposing && close()}
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
      <ul className="people">
        {people.map((m) => (
          <li key={m.id}>
            <Link to={`/members/${m.id}`} className="person">
              <Face id={m.id} name={m.family} kind="person" size="small" photo={photoOf(me.tenant, m)} /><span>{fullName(m)}</span>
            </Link>
          </li>
        ))}
      </ul>
    </aside>
  );
}

// By whom, in which room, on which days: the filters of the search as chips, each with a sheet to choose in and a way out.
import { useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Dialog } from '../base/dialog.tsx';
import { Face, photoOf } from '../base/face.tsx';
import { foldName } from '../base/fold.ts';
import { currentLang } from '../base/i18n.ts';
import { CloseIcon } from '../base/icons.tsx';
import { dayChip } from '../base/time.ts';
import { changeFind, NOTHING, usualDays, type Find } from './find.ts';
import { fullName, roomName } from './names.ts';
import { RoomFace } from './room_face.tsx';
import { useTalk, useTalkStore } from './talk.ts';
import './stamp.css';
import './content.css';

type Step = 'who' | 'room' | 'days';
const SHOWN = 60;
/** `among`: whose ids alone are offered; absent: everybody. */
export function Who({ choose, among }: { choose: (id: string) => void; among?: readonly string[] }) {
  const { t } = useTranslation();
  const { me } = useTalkStore();
  const members = useTalk((s) => s.members);
  const [query, setQuery] = useState('');
  const found = useMemo(() => [...members.values()]
    .filter((m) => (!among || among.includes(m.id)) && foldName(`${m.family}${m.given} ${m.family_reading}${m.given_reading} ${m.nickname ?? ''}`).includes(foldName(query)))
    .sort((a, b) => Number(b.id === me.id) - Number(a.id === me.id) || `${a.family_reading}${a.given_reading}`.localeCompare(`${b.family_reading}${b.given_reading}`, 'ja')), [members, query, me.id, among]);
  return (
    <>
      <input className="stamp-search" type="search" value={query} onChange={(e) => setQuery(e.target.value)} placeholder={t('talk.new.search')} aria-label={t('talk.new.search')} />
      {found.length === 0 && <p className="empty">{t('talk.new.none')}</p>}
      <ul className="pick-list">
        {found.slice(0, SHOWN).map((m) => (
          <li key={m.id}>
            <button type="button" className="pick" onClick={() => choose(m.id)}>
              <Face id={m.id} name={m.family} kind="person" size="small" photo={photoOf(me.tenant, m)} />{fullName(m)}
            </button>
          </li>
        ))}
      </ul>
    </>
  );
}

function Where({ choose }: { choose: (id: string) => void }) {
  const { t } = useTranslation();
  const rooms = useTalk((s) => s.rooms);
  const members = useTalk((s) => s.members);
  const [query, setQuery] = useState('');
  const found = rooms.filter((r) => foldName(roomName(t, r, members)).includes(foldName(query)));
  return (
    <>
      <input className="stamp-search" type="search" value={query} onChange={(e) => setQuery(e.target.value)} placeholder={t('talk.filter.find_room')} aria-label={t('talk.filter.find_room')} />
      {found.length === 0 && <p className="empty">{t('talk.list.none_filter')}</p>}
      <ul className="pick-list">
        {found.slice(0, SHOWN).map((r) => <li key={r.id}><button type="button" className="pick" onClick={() => choose(r.id)}><RoomFace room={r} size="small" /><span className="pick-room">{roomName(t, r, members)}</span></button></li>)}
      </ul>
    </>
  );
}

export function Days({ find, done }: { find: Pick<Find, 'from' | 'to'>; done: (days: { from: string; to: string }) => void }) {
  const { t } = useTranslation();
  const [from, setFrom] = useState(find.from);
  const [to, setTo] = useState(find.to);
  const [usual] = useState(() => usualDays(new Date()));
  return (
    <>
      <ul className="menu-acts">
        {usual.map((u) => <li key={u.name}><button type="button" className="menu-act" onClick={() => done(u)}>{t(`talk.filter.${u.name}`)}</button></li>)}
      </ul>
      <div className="day-fields">
        <label>{t('talk.filter.from')}<input className="stamp-search" type="date" value={from} max={to || undefined} onChange={(e) => setFrom(e.target.value)} /></label>
        <label>{t('talk.filter.to')}<input className="stamp-search" type="date" value={to} min={from || undefined} onChange={(e) => setTo(e.target.value)} /></label>
      </div>
      <div className="dialog-acts"><button type="button" className="text-button main" disabled={from === '' && to === ''} onClick={() => done({ from, to })}>{t('talk.filter.set')}</button></div>
    </>
  );
}

/** 11/20(金)〜11/26(木); of one day only that. */
export function useDaysText(): (find: Pick<Find, 'from' | 'to'>) => string {
  const { t } = useTranslation();
  return ({ from, to }) => {
    const chip = (day: string) => (day ? dayChip(new Date(`${day}T00:00`), new Date(), currentLang()) : '');
    return from !== '' && from === to ? chip(from) : t('talk.filter.span', { from: chip(from), to: chip(to) });
  };
}

export function Filters({ find }: { find: Find }) {
  const { t } = useTranslation();
  const members = useTalk((s) => s.members);
  const rooms = useTalk((s) => s.rooms);
  const [step, setStep] = useState<Step | null>(null);
  const daysText = useDaysText();
  const close = () => setStep(null);
  const set = (part: Partial<Find>) => {
    changeFind(part);
    close();
  };
  const member = members.get(find.who);
  const room = rooms.find((r) => r.id === find.room);
  const chips: { step: Step; value: string; none: Partial<Find> }[] = [
    { step: 'who', value: find.who && (member ? fullName(member) : t('talk.room.no_name')), none: { who: '' } },
    { step: 'room', value: find.room && (room ? roomName(t, room, members) : t('talk.room.label')), none: { room: '' } },
    { step: 'days', value: find.from || find.to ? daysText(find) : '', none: { from: '', to: '' } },
  ];
  return (
    <div className="find-filters" role="group" aria-label={t('talk.filter.label')}>
      {chips.map((c) => (
        <span key={c.step} className={c.value ? 'find-filter on' : 'find-filter'}>
          <button type="button" className="find-chip" aria-haspopup="dialog" onClick={() => setStep(c.step)}>
            {c.value ? t(`talk.filter.${c.step}_is`, { value: c.value }) : t(`talk.filter.${c.step}`)}
          </button>
          {c.value && (
            <button type="button" className="find-off" aria-label={t('talk.filter.off', { name: t(`talk.filter.${c.step}`) })} onClick={() => changeFind(c.none)}><CloseIcon size={16} /></button>
          )}
        </span>
      ))}
      {chips.filter((c) => c.value).length > 1 && (
        <button type="button" className="text-button" onClick={() => changeFind({ ...NOTHING, q: find.q })}>{t('talk.filter.all_off')}</button>
      )}
      {step && (
        <Dialog opened close={close} title={t(`talk.filter.${step}_title`)}>
          {step === 'who' && <Who choose={(who) => set({ who })} />}
          {step === 'room' && <Where choose={(r) => set({ room: r })} />}
          {step === 'days' && <Days find={find} done={({ from, to }) => set({ from, to })} />}
          {chips.some((c) => c.step === step && c.value) && (
            <div className="dialog-acts"><button type="button" className="text-button" onClick={() => set(chips.find((c) => c.step === step)!.none)}>{t('talk.filter.remove')}</button></div>
          )}
        </Dialog>
      )}
    </div>
  );
}

// 新しいトーク: one colleague begins or finds the talk of two; several make a room with a name. Also: who is asked into one.
import { useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { ApiError, call } from '../base/api.ts';
import { Dialog } from '../base/dialog.tsx';
import { foldName } from '../base/fold.ts';
import { Face, photoOf } from '../base/face.tsx';
import { go } from '../base/route.ts';
import { Alone, useAlone } from './alone.tsx';
import { fullName } from './names.ts';
import { useTalk, useTalkStore } from './talk.ts';
import type { Member, Room } from '../base/types.ts';
import './stamp.css';
import './content.css';

const SHOWN = 60;

/** Colleagues to choose from, by name or reading; those chosen stand above as buttons that take them out again. */
function Pick({ chosen, set, without }: { chosen: Member[]; set: (m: Member[]) => void; without: ReadonlySet<string> }) {
  const { t } = useTranslation();
  const { me } = useTalkStore();
  const members = useTalk((s) => s.members);
  const [query, setQuery] = useState('');
  const alone = useAlone();
  const found = useMemo(() => [...members.values()]
    .filter((m) => !without.has(m.id) && m.status !== 'suspended' && !chosen.includes(m)
      && foldName(`${m.family}${m.given} ${m.family_reading}${m.given_reading}`).includes(foldName(query)))
    .sort((a, b) => `${a.family_reading}${a.given_reading}`.localeCompare(`${b.family_reading}${b.given_reading}`, 'ja')), [members, without, chosen, query]);
  return (
    <>
      <div className="chosen-people">
        {chosen.map((m) => (
          <button key={m.id} type="button" className="filter-chip" aria-label={t('talk.new.remove', { name: fullName(m) })} onClick={() => set(chosen.filter((c) => c !== m))}>{fullName(m)} ×</button>
        ))}
      </div>
      <input className="stamp-search" type="search" value={query} onChange={(e) => setQuery(e.target.value)} placeholder={t('talk.new.search')} aria-label={t('talk.new.search')} />
      {found.length === 0 && (alone ? <Alone /> : <p className="empty">{t(query === '' && chosen.length === 0 ? 'talk.new.all_in' : 'talk.new.none')}</p>)}
      <ul className="pick-list">
        {found.slice(0, SHOWN).map((m) => (
          <li key={m.id}>
            <button type="button" className="pick" onClick={() => { set([...chosen, m]); setQuery(''); }}>
              <Face id={m.id} name={m.family} kind="person" size="small" photo={photoOf(me.tenant, m)} />{fullName(m)}
            </button>
          </li>
        ))}
      </ul>
    </>
  );
}

export default function NewTalk({ close, room, present }: { close: () => void; room?: Room; present?: readonly string[] }) {
  const { t } = useTranslation();
  const talk = useTalkStore();
  const [chosen, setChosen] = useState<Member[]>([]);
  const [name, setName] = useState('');
  const [history, setHistory] = useState(false);
  const [error, setError] = useState('');
  const [busy, setBusy] = useState(false);
  const without = useMemo(() => new Set([talk.me.id, ...(present ?? [])]), [talk, present]);
  const several = !room && chosen.length > 1;
  const named = name.trim() || chosen.map((m) => m.family).join(t('talk.system.and')).slice(0, 100);
  const start = async () => {
    setBusy(true);
    try {
      const members = chosen.map((m) => m.id);
      if (room) await call(talk.me.tenant, 'room.invite', { params: { room: room.id }, body: { members } });
      else go(`/talk/${(await talk.createRoom(several ? { kind: 'several', members, name: named, history } : { kind: 'direct', members })).id}`);
      close();
    } catch (e) {
      setError(e instanceof ApiError ? e.message : t('talk.menu.failed'));
      setBusy(false);
    }
  };
  return (
    <Dialog opened close={close} title={t(room ? 'talk.new.invite' : 'talk.new.title')}>
      <Pick chosen={chosen} set={setChosen} without={without} />
      {several && (
        <>
          <label className="new-name">{t('talk.new.name')}<input className="stamp-search" value={name} maxLength={100} onChange={(e) => setName(e.target.value)} placeholder={named} /></label>
          <label className="new-history"><input type="checkbox" checked={history} onChange={(e) => setHistory(e.target.checked)} /> {t('talk.new.history')}</label>
        </>
      )}
      {error && <p className="danger" role="alert">{error}</p>}
      <div className="dialog-acts">
        <button type="button" className="text-button" onClick={close}>{t('base.act.cancel')}</button>
        <button type="button" className="text-button main" disabled={chosen.length === 0 || busy} onClick={() => void start()}>
          {t(room ? 'talk.new.invite_do' : several ? 'talk.new.make' : 'talk.new.begin')}
        </button>
      </div>
    </Dialog>
  );
}

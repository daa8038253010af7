// What can be done with a message, as a sheet: reactions on top, then acts in their fixed order. Acts that the person may
// not do are absent.
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { MARKS } from '../../gen/pictures.ts';
import { ApiError, call } from '../base/api.ts';
import { Dialog } from '../base/dialog.tsx';
import { Face, photoOf } from '../base/face.tsx';
import { foldName } from '../base/fold.ts';
import { currentLang } from '../base/i18n.ts';
import { uuid7 } from '../base/ids.ts';
import { toast } from '../base/live.tsx';
import { linkTo } from '../base/route.ts';
import { oneByOne } from './chosen.ts';
import { lineOf } from './content.tsx';
import { fullName, roomName } from './names.ts';
import { useTalk, useTalkStore } from './talk.ts';
import { momentText } from './moment.ts';
import { RoomFace } from './room_face.tsx';
import { When } from './when.tsx';
import type { Message } from '../base/types.ts';

const QUICK = 6;
type Step = 'acts' | 'marks' | 'take_back' | 'hide' | 'forward' | 'readers' | 'remind';

function Readers({ message }: { message: Message }) {
  const { t } = useTranslation();
  const { me } = useTalkStore();
  const members = useTalk((s) => s.members);
  const [reminded, setReminded] = useState('');
  const found = useQuery({ queryKey: ['readers', me.tenant, message.id], queryFn: () => call(me.tenant, 'talk.readers', { params: { message: message.id } }), staleTime: 0 });
  const remind = () => void call(me.tenant, 'talk.remind', { params: { message: message.id } })
    .then((r) => setReminded(t('talk.readers.reminded', { n: r.reminded })), (e: unknown) => setReminded(e instanceof ApiError && e.code === 'too_many' ? t('talk.readers.again') : t('talk.menu.failed')));
  const people = (ids: string[]) => (
    <ul className="reader-list">
      {ids.flatMap((id) => members.get(id) ?? []).map((m) => (
        <li key={m.id}><Face id={m.id} name={m.family} kind="person" size="small" photo={photoOf(me.tenant, m)} />{fullName(m)}</li>
      ))}
    </ul>
  );
  if (!found.data) return <p role="status">…</p>;
  return (
    <>
      <h3>{t('talk.readers.read', { n: found.data.read.length })}</h3>
      {found.data.read.length > 0 ? people(found.data.read) : <p className="small-print">{t('talk.readers.nobody')}</p>}
      <h3>{t('talk.readers.unread', { n: found.data.unread.length })}</h3>
      {people(found.data.unread)}
      {found.data.unread.length > 0 && message.author === me.id && !reminded && (
        <button type="button" className="text-button" onClick={remind}>{t('talk.readers.remind')}</button>
      )}
      {reminded && <p role="status">{reminded}</p>}
    </>
  );
}

/** Messages go to a room in their order; one that is tried again goes with its key. */
export function Forward({ messages, done }: { messages: readonly Pick<Message, 'id'>[]; done: () => void }) {
  const { t } = useTranslation();
  const { me } = useTalkStore();
  const rooms = useTalk((s) => s.rooms);
  const members = useTalk((s) => s.members);
  const [query, setQuery] = useState('');
  const [error, setError] = useState('');
  const [sent, setSent] = useState<number | null>(null);
  const keys = useRef(new Map<string, string>());
  const keyOf = (name: string) => {
    const key = keys.current.get(name) ?? uuid7();
    keys.current.set(name, key);
    return key;
  };
  const send = (room: string) => {
    setSent(0);
    setError('');
    const one = async (m: Pick<Message, 'id'>) => void await call(me.tenant, 'talk.forward', { params: { message: m.id }, body: { to: [{ room, key: keyOf(`${room} ${m.id}`) }] } });
    void oneByOne(messages, one, setSent).then(done, () => {
      setSent(null);
      setError(t('talk.menu.failed'));
    });
  };
  const found = rooms.filter((r) => r.kind !== 'notice' && foldName(roomName(t, r, members)).includes(foldName(query)));
  return (
    <>
      <input className="stamp-search" type="search" value={query} onChange={(e) => setQuery(e.target.value)} placeholder={t('talk.list.search')} aria-label={t('talk.list.search')} />
      {error && <p className="danger" role="alert">{error}</p>}
      {sent !== null && messages.length > 1 && <p role="status">{t('talk.choose.forwarding', { n: sent, all: messages.length })}</p>}
      <ul className="pick-list">
        {found.map((r) => (
          <li key={r.id}><button type="button" className="pick" disabled={sent !== null} onClick={() => send(r.id)}><RoomFace room={r} size="small" /><span className="pick-room">{roomName(t, r, members)}</span></button></li>
        ))}
      </ul>
    </>
  );
}

/** In a thread there is no further thread; its field answers, and messages are chosen in the room. */
export default function MessageMenu({ message, close, edit, first = 'acts', threaded = false }: {
  message: Message; close: () => void; edit: () => void; first?: Step; threaded?: boolean;
}) {
  const { t } = useTranslation();
  const talk = useTalkStore();
  const lang = currentLang();
  const [step, setStep] = useState<Step>(first);
  const [error, setError] = useState('');
  const { tenant } = talk.me;
  const queries = useQueryClient();
  const kept = useQuery({ queryKey: ['saved', tenant], queryFn: () => call(tenant, 'talk.saved'), staleTime: 30_000 });
  const saved = kept.data?.messages.some((m) => m.id === message.id) ?? false;
  const save = async () => {
    await call(tenant, 'talk.save', { params: { message: message.id }, body: { on: !saved } });
    await queries.invalidateQueries({ queryKey: ['saved', tenant] });
    toast(t(saved ? 'talk.kept.forgotten' : 'talk.kept.done'));
  };
  const remind = async (at: Date) => {
    await call(tenant, 'talk.later.remind', { params: { message: message.id }, body: { due: at.getTime() } });
    void queries.invalidateQueries({ queryKey: ['later', tenant] });
    toast(t('talk.later.reminds', { at: momentText(at) }));
  };
  const mine = message.author === talk.me.id;
  const alive = !message.gone && message.kind !== 'system';
  const run = (work: Promise<void>) => void work.then(close, (e: unknown) => setError(e instanceof ApiError ? e.message : t('talk.menu.failed')));
  const react = (mark: string) => {
    const on = !message.reactions?.find((r) => r.mark === mark)?.members.includes(talk.me.id);
    run(talk.act('talk.react', message, { mark, on }));
  };
  const copy = () => run(navigator.clipboard.writeText(lineOf(t, message)));
  const link = () => run(navigator.clipboard.writeText(linkTo(`/talk/${message.room}/${message.seq}`)).then(() => toast(t('talk.menu.link_copied'))));
  const reply = () => {
    talk.setReply(message.room, message);
    close();
    document.getElementById('composer')?.focus();
  };
  const act = (name: string, run_: () => void, danger = false) => (
    <li key={name}><button type="button" className={danger ? 'menu-act danger' : 'menu-act'} onClick={run_}>{t(`talk.menu.${name}`)}</button></li>
  );
  const question = (name: 'take_back' | 'hide', yes: () => void) => (
    <>
      <p>{t(`talk.menu.${name}_text`)}</p>
      <div className="dialog-acts">
        <button type="button" className="text-button" onClick={close}>{t('base.act.cancel')}</button>
        <button type="button" className="text-button danger" onClick={yes}>{t(`talk.menu.${name}`)}</button>
      </div>
    </>
  );
  const marks = (list: readonly (typeof MARKS)[number][]) => list.map((m) => (
    <button key={m.name} type="button" className="menu-mark" aria-label={m[lang]} title={m[lang]} onClick={() => react(m.name)}>{m.name}</button>
  ));
  const title = step === 'acts' ? 'title' : step === 'marks' ? 'react' : step === 'readers' || step === 'remind' ? step : `${step}_ask`;
  return (
    <Dialog opened close={close} title={t(`talk.menu.${title}`)}>
      {error && <p className="danger" role="alert">{error}</p>}
      {step === 'acts' && (
        <>
          {alive && <div className="menu-marks">{marks(MARKS.slice(0, QUICK))}<button type="button" className="menu-mark" aria-label={t('talk.menu.react')} onClick={() => setStep('marks')}>…</button></div>}
          <ul className="menu-acts">
            {alive && !threaded && act('reply', reply)}
            {alive && !threaded && act('thread', () => { close(); talk.openThread(message.room, message.thread ?? message.seq); })}
            {alive && message.kind === 'text' && act('copy', copy)}
            {alive && act('link', link)}
            {alive && act('forward', () => setStep('forward'))}
            {alive && act(message.pinned ? 'unpin' : 'pin', () => run(talk.act('talk.pin', message, { on: !message.pinned })))}
            {alive && act(saved ? 'unsave' : 'save', () => run(save()))}
            {alive && act('remind', () => setStep('remind'))}
            {!threaded && act('choose', () => { close(); talk.choose(message); })}
            {act('readers', () => setStep('readers'))}
            {alive && mine && message.kind === 'text' && act('edit', () => { close(); edit(); })}
            {alive && mine && act('take_back', () => setStep('take_back'), true)}
            {act('hide', () => setStep('hide'), true)}
          </ul>
        </>
      )}
      {step === 'marks' && <div className="menu-marks">{marks(MARKS)}</div>}
      {step === 'take_back' && question('take_back', () => run(talk.act('talk.take_back', message)))}
      {step === 'hide' && question('hide', () => run(talk.hide(message)))}
      {step === 'remind' && <When act={t('talk.later.remind_then')} choose={(at) => run(remind(at))} cancel={close} />}
      {step === 'forward' && <Forward messages={[message]} done={close} />}
      {step === 'readers' && <Readers message={message} />}
      {(step === 'marks' || step === 'forward' || step === 'readers') && <div className="dialog-acts"><button type="button" className="text-button" onClick={close}>{t('base.act.close')}</button></div>}
    </Dialog>
  );
}

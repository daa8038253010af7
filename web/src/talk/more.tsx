// What else can be sent than words at once: a poll, a place, a colleague, an important message, a message at a moment.
import { useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useQueryClient } from '@tanstack/react-query';
import { ApiError, call } from '../base/api.ts';
import { Dialog } from '../base/dialog.tsx';
import { Face, photoOf } from '../base/face.tsx';
import { foldName } from '../base/fold.ts';
import { uuid7 } from '../base/ids.ts';
import { toast } from '../base/live.tsx';
import { AttachActs } from './attach.tsx';
import { fullName } from './names.ts';
import PollNew from './poll_new.tsx';
import { useTalk, useTalkStore } from './talk.ts';
import { momentText } from './moment.ts';
import { When } from './when.tsx';
import type { Post } from './outbox.ts';
import './stamp.css';

const SHOWN = 60;
type Step = 'acts' | 'poll' | 'place' | 'contact' | 'important' | 'later';

/** Latitude and longitude in degrees, a comma or a blank between them; null: neither. */
export function coordinates(text: string): { latitude: number; longitude: number } | null {
  const [, lat, lon] = /^\s*(-?\d{1,2}(?:\.\d+)?)\s*[, ]\s*(-?\d{1,3}(?:\.\d+)?)\s*$/u.exec(text.normalize('NFKC').replaceAll('、', ',')) ?? [];
  if (lat === undefined || lon === undefined || Math.abs(Number(lat)) > 90 || Math.abs(Number(lon)) > 180) return null;
  return { latitude: Math.round(Number(lat) * 1e6), longitude: Math.round(Number(lon) * 1e6) };
}

function Place({ send }: { send: (post: Post) => void }) {
  const { t } = useTranslation();
  const [label, setLabel] = useState('');
  const [text, setText] = useState('');
  const [state, setState] = useState<'idle' | 'asking' | 'denied'>('idle');
  const at = coordinates(text);
  const here = () => {
    setState('asking');
    navigator.geolocation.getCurrentPosition((p) => {
      setText(`${p.coords.latitude.toFixed(6)}, ${p.coords.longitude.toFixed(6)}`);
      setState('idle');
    }, () => setState('denied'), { enableHighAccuracy: true, timeout: 15_000 });
  };
  return (
    <>
      <div className="dialog-acts"><button type="button" className="text-button" disabled={state === 'asking'} onClick={here}>{t(state === 'asking' ? 'talk.place.asking' : 'talk.place.here')}</button></div>
      {state === 'denied' && <p className="danger" role="alert">{t('talk.place.denied')}</p>}
      <label>{t('talk.place.at')}<input className="stamp-search" value={text} placeholder={t('talk.place.example')} aria-invalid={text !== '' && !at} onChange={(e) => setText(e.target.value)} /></label>
      <label>{t('talk.place.label')}<input className="stamp-search" value={label} maxLength={200} onChange={(e) => setLabel(e.target.value)} /></label>
      <div className="dialog-acts">
        <button type="button" className="text-button main" disabled={!at} onClick={() => at && send({ kind: 'location', location: { ...at, ...(label.trim() ? { label: label.trim() } : {}) } })}>{t('talk.place.send')}</button>
      </div>
    </>
  );
}

function Colleague({ send }: { send: (post: Post) => void }) {
  const { t } = useTranslation();
  const { me } = useTalkStore();
  const members = useTalk((s) => s.members);
  const [query, setQuery] = useState('');
  const found = useMemo(() => [...members.values()]
    .filter((m) => foldName(`${m.family}${m.given} ${m.family_reading}${m.given_reading}`).includes(foldName(query)))
    .sort((a, b) => `${a.family_reading}${a.given_reading}`.localeCompare(`${b.family_reading}${b.given_reading}`, 'ja')), [members, query]);
  return (
    <>
      <input className="stamp-search" type="search" value={query} onChange={(e) => setQuery(e.target.value)} placeholder={t('talk.new.search')} aria-label={t('talk.new.search')} />
      {found.length === 0 && <p className="empty">{t('talk.new.none')}</p>}
      <ul className="pick-list">
        {found.slice(0, SHOWN).map((m) => (
          <li key={m.id}>
            <button type="button" className="pick" onClick={() => send({ kind: 'contact', contact: { member: m.id } })}>
              <Face id={m.id} name={m.family} kind="person" size="small" photo={photoOf(me.tenant, m)} />{fullName(m)}
            </button>
          </li>
        ))}
      </ul>
    </>
  );
}

function Important({ send, close }: { send: (deadline: Date | null) => void; close: () => void }) {
  const { t } = useTranslation();
  const [dated, setDated] = useState(false);
  if (dated) return <When act={t('talk.important.send_until')} choose={send} cancel={close} />;
  return (
    <>
      <p>{t('talk.important.about')}</p>
      <div className="dialog-acts">
        <button type="button" className="text-button" onClick={close}>{t('base.act.cancel')}</button>
        <button type="button" className="text-button" onClick={() => setDated(true)}>{t('talk.important.until')}</button>
        <button type="button" className="text-button" onClick={() => send(null)}>{t('talk.important.send')}</button>
      </div>
    </>
  );
}

/** `text` and who is named in it: what stands in the composer. */
export default function More({ room, text, mentions, attach, close }: {
  room: string; text: string; mentions: NonNullable<Post['mentions']>; attach: (files: Iterable<File>) => void; close: () => void;
}) {
  const { t } = useTranslation();
  const talk = useTalkStore();
  const queries = useQueryClient();
  const [step, setStep] = useState<Step>('acts');
  const [error, setError] = useState('');
  const send = (post: Post) => {
    talk.postOther(room, post);
    close();
  };
  const words = { text: text.trimEnd(), ...(mentions.length ? { mentions } : {}) };
  const important = (deadline: Date | null) => {
    send({ ...words, important: true, ...(deadline ? { deadline: deadline.getTime() } : {}) });
    talk.setDraft(room, '');
  };
  const later = async (at: Date) => {
    try {
      await call(talk.me.tenant, 'talk.later.message', { params: { room }, body: { key: uuid7(), ...words, due: at.getTime() } });
      talk.setDraft(room, '');
      void queries.invalidateQueries({ queryKey: ['later', talk.me.tenant] });
      toast(t('talk.later.done', { at: momentText(at) }));
      close();
    } catch (e) {
      setError(e instanceof ApiError ? e.message : t('talk.menu.failed'));
    }
  };
  if (step === 'poll') return <PollNew close={close} send={(post) => talk.postOther(room, post)} />;
  const needsText = text.trim() === '' && (step === 'important' || step === 'later');
  return (
    <Dialog opened close={close} title={t(step === 'acts' ? 'talk.more.title' : `talk.more.${step}`)}>
      {error && <p className="danger" role="alert">{error}</p>}
      {step === 'acts' && (
        <ul className="menu-acts">
          <AttachActs attach={(files) => { attach(files); close(); }} />
          {(['poll', 'place', 'contact', 'important', 'later'] as const).map((s) => (
            <li key={s}><button type="button" className="menu-act" onClick={() => setStep(s)}>{t(`talk.more.${s}`)}</button></li>
          ))}
        </ul>
      )}
      {needsText && <p>{t('talk.more.need_text')}</p>}
      {!needsText && step === 'place' && <Place send={send} />}
      {!needsText && step === 'contact' && <Colleague send={send} />}
      {!needsText && step === 'important' && <Important send={important} close={close} />}
      {!needsText && step === 'later' && <When act={t('talk.later.send')} choose={(at) => void later(at)} cancel={close} />}
    </Dialog>
  );
}

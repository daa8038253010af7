// 2段階認証: after the password, the second proof: digits of the app, a code on paper, or a word from another device. At a first login
// that needs one the app is registered here.
import { Button, Checkbox } from '@mantine/core';
import '@mantine/core/styles/Checkbox.css';
import { useCallback, useEffect, useRef, useState, type FormEvent, type RefObject } from 'react';
import { useTranslation } from 'react-i18next';
import type { SecondProvenOut, SecondSecretOut, SecondWaitingOut } from '../../gen/api.ts';
import { ApiError, call } from '../base/api.ts';
import { provenNow } from '../base/device.ts';
import { Mark } from '../base/icons.tsx';
import { ErrorNote, Loading, useErrorText } from '../base/states.tsx';
import type { Me } from '../base/types.ts';
import { leave } from './leave.ts';
import { AppSteps, CodeField, CodeSheet } from './second_kit.tsx';

const POLL = 2_000;

interface Waiting {
  now: SecondWaitingOut;
  secret: SecondSecretOut | null;
}

async function whatWaits(tenant: string): Promise<Waiting> {
  const now = await call(tenant, 'second.read');
  return { now, secret: now.step === 'enrol' ? await call(tenant, 'second.enrol') : null };
}

/** The number for the other device; asked for again and again until that has answered. */
function OnDevice({ tenant, start, stopped, look, granted }: {
  tenant: string; start: SecondWaitingOut; stopped: boolean; look: RefObject<Promise<void>>; granted: () => void;
}) {
  const { t } = useTranslation();
  const errorText = useErrorText();
  const [now, setNow] = useState(start);
  const [problem, setProblem] = useState('');
  const [turn, setTurn] = useState(0);
  const waits = now.number > 0 && now.answer === '';
  useEffect(() => {
    if (!waits || stopped) return undefined;
    const timer = setTimeout(() => {
      look.current = call(tenant, 'second.read').then(setNow).catch((e: unknown) => setProblem(errorText(e))).finally(() => setTurn((n) => n + 1));
    }, POLL);
    return () => clearTimeout(timer);
  }, [tenant, waits, stopped, turn, look, errorText]);
  useEffect(() => {
    if (now.answer === 'yes') granted();
  }, [now.answer, granted]);
  const ask = async () => {
    setProblem('');
    try {
      setNow(await call(tenant, 'second.ask'));
    } catch (e) {
      setProblem(errorText(e));
    }
  };
  return (
    <>
      {waits && (
        <div className="second-wait" role="status">
          <p>{t('second.device_number')}</p>
          <p className="second-number">{now.number}</p>
          <p className="small-print">{t('second.device_wait')}</p>
        </div>
      )}
      <div role="alert">
        {now.answer === 'no' && <p className="form-error">{t('second.device_no')}</p>}
        {problem && <p className="form-error">{problem}</p>}
      </div>
      {!waits && (
        <Button variant="default" size="md" fullWidth onClick={() => void ask()}>{t(now.number > 0 ? 'second.device_again' : 'second.device_ask')}</Button>
      )}
    </>
  );
}

function hintOf(w: SecondWaitingOut): string {
  if (w.app || w.codes) return 'second.ask_app';
  return w.device ? 'second.ask_device' : 'second.ask_none';
}

function Proof({ tenant, waiting: { now, secret }, proven, signedOut }: {
  tenant: string; waiting: Waiting; proven: (p: SecondProvenOut) => void; signedOut: () => void;
}) {
  const { t } = useTranslation();
  const errorText = useErrorText();
  const field = useRef<HTMLInputElement>(null);
  const remembers = useRef<HTMLInputElement>(null);
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<{ at: 'code' | 'form'; text: string } | null>(null);
  useEffect(() => {
    if (problem?.at === 'code') field.current?.focus();
  }, [problem]);
  /** With the proof this session ends: a question that is on its way would be answered by that. */
  const look = useRef<Promise<void>>(Promise.resolve());
  const proving = useRef(false);
  const prove = useCallback(async (code: string) => {
    if (proving.current) return;                          // a second one would find the session gone that the first one ended
    proving.current = true;
    setBusy(true);
    setProblem(null);
    await look.current;
    try {
      const remember = remembers.current?.checked ?? false;
      proven(await call(tenant, 'second.prove', { body: code ? { code, remember } : { remember } }));
    } catch (e) {
      if (e instanceof ApiError && e.code === 'code_wrong') setProblem({ at: 'code', text: t('second.wrong') });
      else setProblem({ at: 'form', text: errorText(e) });
      setBusy(false);
      proving.current = false;
    }
  }, [tenant, proven, errorText, t]);
  const granted = useCallback(() => void prove(''), [prove]);
  const submit = (e: FormEvent) => {
    e.preventDefault();
    const code = field.current?.value.trim() ?? '';
    if (busy) return;
    if (code) void prove(code);
    else setProblem({ at: 'code', text: t('second.need') });
  };
  return (
    <form className="sign-in-card" onSubmit={submit} noValidate aria-labelledby="second-title">
      <div className="sign-in-mark"><Mark size={48} /></div>
      <h1 id="second-title">{t(secret ? 'second.enrol_title' : 'second.title')}</h1>
      <p>{t(secret ? 'second.enrol_text_all' : hintOf(now))}</p>
      {secret && <AppSteps secret={secret} />}
      {now.device && <OnDevice tenant={tenant} start={now} stopped={busy} look={look} granted={granted} />}
      <CodeField ref={field} problem={problem?.at === 'code' ? problem.text : ''} autoFocus={!now.device} />
      {secret && <p className="small-print">{t('second.slip_hint')}</p>}
      {now.remember_days > 0 && (
        <Checkbox ref={remembers} defaultChecked label={t('second.remember', { days: now.remember_days })} description={t('second.remember_hint')} />
      )}
      <div role="alert">{problem?.at === 'form' && <p className="form-error">{problem.text}</p>}</div>
      <Button type="submit" size="md" fullWidth loading={busy}>{t('second.submit')}</Button>
      <Button variant="subtle" onClick={() => void leave(tenant, signedOut)}>{t('second.leave')}</Button>
    </form>
  );
}

export default function Second({ tenant, signedIn, signedOut }: { tenant: string; signedIn: (me: Me) => Promise<void>; signedOut: () => void }) {
  const { t } = useTranslation();
  const [waiting, setWaiting] = useState<Waiting | null>(null);
  const [error, setError] = useState<unknown>(null);
  const [done, setDone] = useState<SecondProvenOut | null>(null);
  const load = useCallback(async () => {
    setError(null);
    try {
      setWaiting(await whatWaits(tenant));
    } catch (e) {
      setError(e);
    }
  }, [tenant]);
  useEffect(() => {
    document.title = `${t('second.title')} - Engawa`;
    void load();
  }, [t, load]);
  const proven = useCallback((p: SecondProvenOut) => {
    provenNow(tenant);
    if (p.codes.length > 0) setDone(p);
    else void signedIn(p.me);
  }, [tenant, signedIn]);
  return (
    <main className="sign-in" id="content">
      {done ? (
        <div className="sign-in-card">
          <h1>{t('second.codes_title')}</h1>
          <CodeSheet codes={done.codes} done={() => void signedIn(done.me)} />
        </div>
      ) : (
        <>
          {!waiting && error === null && <Loading />}
          {error !== null && <ErrorNote error={error} retry={() => void load()} />}
          {waiting && error === null && <Proof tenant={tenant} waiting={waiting} proven={proven} signedOut={signedOut} />}
        </>
      )}
    </main>
  );
}

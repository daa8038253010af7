// ログイン: Engawa ID and password. One sentence for every pair that is wrong.
import { Button, TextInput } from '@mantine/core';
import { useEffect, useRef, useState, type FormEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { ApiError, openSession } from '../base/api.ts';
import { isApp, provenNow } from '../base/device.ts';
import { Mark } from '../base/icons.tsx';
import { Legal } from '../base/legal.tsx';
import { Password } from '../base/password.tsx';
import { getPrefs, isTouch } from '../base/prefs.ts';
import { useErrorText } from '../base/states.tsx';
import type { Me } from '../base/types.ts';
import { Forgot } from './forgot.tsx';
import { LanguageSwitch } from './language_switch.tsx';

/** "morishita@hiyodori" → its two parts; the last @ parts them. Full-width @ and letters are taken as plain ones. */
export function splitId(text: string): { id: string; workgroup: string } | null {
  const plain = text.trim().normalize('NFKC').toLowerCase();
  const at = plain.lastIndexOf('@');
  if (at < 1 || at === plain.length - 1) return null;
  return { id: plain.slice(0, at), workgroup: plain.slice(at + 1) };
}

interface Problem {
  field: 'id' | 'password' | 'form';
  text: string;
  ref: string;
}

function useSignIn(signedIn: (me: Me) => Promise<void>) {
  const { t } = useTranslation();
  const errorText = useErrorText();
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<Problem | null>(null);

  const submit = async (login: string, password: string) => {
    const parts = splitId(login);
    if (!parts) return setProblem({ field: 'id', text: t('account.sign_in.need_id'), ref: '' });
    if (!password) return setProblem({ field: 'password', text: t('account.sign_in.need_password'), ref: '' });
    setBusy(true);
    setProblem(null);
    try {
      const client = isTouch() ? 'mobile-web' : 'web';
      const me = await openSession(parts.workgroup, { id: parts.id, password, client });
      provenNow(me.tenant);
      await signedIn(me);
    } catch (e) {
      const wrong = e instanceof ApiError && (e.code === 'sign_in' || e.code === 'not_found' || e.code === 'invalid_value');
      const ref = e instanceof ApiError && e.status >= 500 ? e.ref : '';
      setProblem({ field: 'form', text: wrong ? t('account.sign_in.wrong') : errorText(e), ref });
    } finally {
      setBusy(false);
    }
  };
  return { busy, problem, submit };
}

type Door = 'sign_in' | 'forgot';

export function SignIn({ ended, login, signedIn, back }: {
  ended: boolean; login: string; signedIn: (me: Me) => Promise<void>; back: (tenant: string) => void;
}) {
  const { t } = useTranslation();
  const { busy, problem, submit } = useSignIn(signedIn);
  const [door, setDoor] = useState<Door>('sign_in');
  const [typed, setTyped] = useState(login);
  const idField = useRef<HTMLInputElement>(null);
  const passwordField = useRef<HTMLInputElement>(null);
  const others = getPrefs().accounts.filter((a) => `${a.login}@${a.workgroup}` !== login);

  useEffect(() => {
    if (problem?.field === 'id') idField.current?.focus();
    else if (problem) passwordField.current?.focus();
  }, [problem]);
  useEffect(() => {
    if (door === 'sign_in') document.title = `${t('account.sign_in.title')} - Engawa`;
  }, [t, door]);

  const onSubmit = (e: FormEvent) => {
    e.preventDefault();
    if (!busy) void submit(idField.current?.value ?? '', passwordField.current?.value ?? '');
  };
  const toForgot = () => {
    setTyped(idField.current?.value ?? '');
    setDoor('forgot');
  };
  if (door === 'forgot') return <Forgot login={typed} back={() => setDoor('sign_in')} />;
  return (
    <main className="sign-in" id="content">
      <form className="sign-in-card" onSubmit={onSubmit} noValidate aria-labelledby="sign-in-title">
        <div className="sign-in-mark"><Mark size={48} /><span>{t('base.app.name')}</span></div>
        <h1 id="sign-in-title">{t('account.sign_in.title')}</h1>
        {ended && <p className="notice" role="status">{t(isApp() ? 'account.sign_in.ended_app' : 'account.sign_in.ended')}</p>}
        <TextInput
          ref={idField} name="username" label={t('account.sign_in.id')} description={t('account.sign_in.id_hint')} defaultValue={typed}
          autoComplete="username" autoCapitalize="none" autoCorrect="off" spellCheck={false} inputMode="email" size="md"
          error={problem?.field === 'id' ? problem.text : false} autoFocus={!isTouch() && !login}
        />
        <Password
          ref={passwordField} name="password" label={t('account.sign_in.password')} autoComplete="current-password" size="md"
          error={problem?.field === 'password' ? problem.text : false} autoFocus={!isTouch() && !!login}
        />
        <div role="alert">
          {problem?.field === 'form' && (
            <div className="form-error">
              <p>{problem.text}</p>
              {problem.ref && <p className="small-print">{t('base.state.ref', { ref: problem.ref })}</p>}
            </div>
          )}
        </div>
        <Button type="submit" size="md" fullWidth loading={busy}>{t('account.sign_in.submit')}</Button>
        <Button variant="subtle" onClick={toForgot}>{t('account.sign_in.forgot')}</Button>
        <LanguageSwitch />
        {others.map((a) => (
          <Button key={a.tenant} variant="subtle" onClick={() => back(a.tenant)}>
            {t('account.sign_in.back_to_account', { id: `${a.login}@${a.workgroup}` })}
          </Button>
        ))}
        <Legal />
      </form>
    </main>
  );
}

// The password step before the console, also when its session has run out meanwhile.
import { Button } from '@mantine/core';
import { useState, type FormEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { ApiError, call } from '../base/api.ts';
import { Password } from '../base/password.tsx';
import { isTouch } from '../base/prefs.ts';
import { useErrorText } from '../base/states.tsx';
import type { Me } from '../base/types.ts';

export function PasswordStep({ me, done }: { me: Me; done: () => void }) {
  const { t } = useTranslation();
  const errorText = useErrorText();
  const [password, setPassword] = useState('');
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState('');
  const submit = async (e: FormEvent) => {
    e.preventDefault();
    if (busy) return;
    if (!password) {
      setProblem(t('console.step.need'));
      return;
    }
    setBusy(true);
    setProblem('');
    try {
      await call(me.tenant, 'console.open', { body: { password } });
      done();
    } catch (error) {
      const code = error instanceof ApiError ? error.code : '';
      if (code === 'forbidden') setProblem(t('console.forbidden'));
      else setProblem(code === 'sign_in' || code === 'reauth_required' ? t('console.step.wrong') : errorText(error));
    } finally {
      setBusy(false);
    }
  };
  return (
    <main className="console-step" id="content">
      <form onSubmit={(e) => void submit(e)} className="sign-in-card" noValidate>
        <h1>{t('console.step.title')}</h1>
        <p>{t('console.step.text')}</p>
        <input type="hidden" name="username" autoComplete="username" value={`${me.login}@${me.workgroup}`} readOnly />
        <Password
          name="password" label={t('console.step.password')} autoComplete="current-password" size="md" autoFocus={!isTouch()}
          value={password} onChange={(e) => setPassword(e.currentTarget.value)}
        />
        <div role="alert">{problem && <p className="form-error">{problem}</p>}</div>
        <Button type="submit" size="md" fullWidth loading={busy}>{t('console.step.submit')}</Button>
      </form>
    </main>
  );
}

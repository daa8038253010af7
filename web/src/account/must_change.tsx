// 新しいパスワードの設定: where a new password is due, nothing else of the account opens before it is set.
import { Button } from '@mantine/core';
import { useEffect, useRef, useState, type FormEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { ApiError, call } from '../base/api.ts';
import { Mark } from '../base/icons.tsx';
import { Password } from '../base/password.tsx';
import { useErrorText } from '../base/states.tsx';
import type { Me } from '../base/types.ts';
import { leave } from './leave.ts';
import { NewPassword, passwordFits } from './new_password.tsx';

export default function MustChange({ me, done, signedOut }: { me: Me; done: () => void; signedOut: () => void }) {
  const { t } = useTranslation();
  const errorText = useErrorText();
  const form = useRef<HTMLFormElement>(null);
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<{ field: 'old' | 'new' | 'form'; text: string } | null>(null);
  useEffect(() => {
    document.title = `${t('account.must.title')} - Engawa`;
  }, [t]);

  const submit = async (e: FormEvent) => {
    e.preventDefault();
    if (busy || !form.current) return;
    const fields = new FormData(form.current);
    const next = String(fields.get('new'));
    if (!passwordFits(me.password, next)) return setProblem({ field: 'new', text: t('account.password.does_not_fit') });
    setBusy(true);
    setProblem(null);
    try {
      await call(me.tenant, 'me.password', { body: { old: String(fields.get('old')), new: next } });
      done();
    } catch (error) {
      const code = error instanceof ApiError ? error.code : '';
      if (code === 'sign_in') setProblem({ field: 'old', text: t('account.settings.old_wrong') });
      else if (code === 'invalid_value') setProblem({ field: 'new', text: t('account.password.refused') });
      else setProblem({ field: 'form', text: errorText(error) });
      setBusy(false);
    }
  };
  return (
    <main className="sign-in" id="content">
      <form ref={form} className="sign-in-card" onSubmit={(e) => void submit(e)} noValidate aria-labelledby="must-title">
        <div className="sign-in-mark"><Mark size={48} /></div>
        <h1 id="must-title">{t('account.must.title')}</h1>
        <p className="notice">{t(`account.must.why_${me.must_change}`)}</p>
        <input type="hidden" name="username" autoComplete="username" value={`${me.login}@${me.workgroup}`} readOnly />
        <Password
          name="old" label={t(me.must_change === 'first' ? 'account.must.first_password' : 'account.settings.old_password')}
          autoComplete="current-password" size="md" required error={problem?.field === 'old' ? problem.text : false} autoFocus
        />
        <NewPassword rules={me.password} size="md" {...(problem?.field === 'new' ? { error: problem.text } : {})} />
        <div role="alert">{problem?.field === 'form' && <p className="form-error">{problem.text}</p>}</div>
        <Button type="submit" size="md" fullWidth loading={busy}>{t('account.must.submit')}</Button>
        <Button variant="subtle" onClick={() => void leave(me.tenant, signedOut)}>{t('account.must.leave')}</Button>
      </form>
    </main>
  );
}

// 利用規約への同意: where the terms of use are to be accepted, nothing else of the account opens before that.
import { Button } from '@mantine/core';
import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { ApiError, call } from '../base/api.ts';
import { Mark } from '../base/icons.tsx';
import { Legal } from '../base/legal.tsx';
import { useErrorText } from '../base/states.tsx';
import type { Me } from '../base/types.ts';
import { leave } from './leave.ts';

export default function Terms({ me, done, signedOut }: { me: Me; done: () => void; signedOut: () => void }) {
  const { t } = useTranslation();
  const errorText = useErrorText();
  const heading = useRef<HTMLHeadingElement>(null);
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState('');
  useEffect(() => {
    document.title = `${t('account.terms.title')} - Engawa`;
  }, [t]);
  useEffect(() => heading.current?.focus(), []);

  const accept = async () => {
    if (busy) return;
    setBusy(true);
    setProblem('');
    try {
      await call(me.tenant, 'terms.accept', { body: { version: me.terms } });
      done();
    } catch (error) {
      /* The version has risen meanwhile: the one that is in force now is asked for. */
      if (error instanceof ApiError && error.code === 'conflict') return done();
      setProblem(errorText(error));
      setBusy(false);
    }
  };
  return (
    <main className="sign-in" id="content">
      <section className="sign-in-card" aria-labelledby="terms-title">
        <div className="sign-in-mark"><Mark size={48} /></div>
        <h1 id="terms-title" ref={heading} tabIndex={-1}>{t('account.terms.title')}</h1>
        <p>{t(me.terms_before === '' ? 'account.terms.first' : 'account.terms.changed')}</p>
        <Legal />
        <p className="small-print">{t('account.terms.version', { version: me.terms })}</p>
        <div role="alert">{problem !== '' && <p className="form-error">{problem}</p>}</div>
        <Button size="md" fullWidth loading={busy} onClick={() => void accept()}>{t('account.terms.accept')}</Button>
        <Button variant="subtle" onClick={() => void leave(me.tenant, signedOut)}>{t('account.terms.leave')}</Button>
      </section>
    </main>
  );
}


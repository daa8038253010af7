// /t/<n>/setup#<token>: the page of a setup slip. The token stands behind the #, so that no server sees it in an address; it
// goes out in bodies alone and leaves the address bar at once.
import { Button } from '@mantine/core';
import { useEffect, useRef, useState, type FormEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { ApiError, call, type OpOutput } from '../base/api.ts';
import { adoptLanguage } from '../base/i18n.ts';
import { Mark } from '../base/icons.tsx';
import { isTouch } from '../base/prefs.ts';
import { ErrorNote, Loading, useErrorText } from '../base/states.tsx';
import { auditTime } from '../base/time.ts';
import type { Me } from '../base/types.ts';
import { NewPassword, passwordFits } from './new_password.tsx';
import { useToken } from './token.ts';

type Link = OpOutput<'link.read'>;
type State =
  | { state: 'opening' }
  | { state: 'ended' }
  | { state: 'failed'; error: unknown }
  | { state: 'form'; link: Link }
  | { state: 'early'; start: string };

export default function Setup({ tenant, signedIn, toLogin }: {
  tenant: string; signedIn: (me: Me) => void; toLogin: () => void;
}) {
  const { t } = useTranslation();
  const token = useToken();
  const [state, setState] = useState<State>({ state: 'opening' });
  const [turn, setTurn] = useState(0);

  useEffect(() => {
    document.title = `${t('account.setup.title')} - Engawa`;
  }, [t]);
  useEffect(() => {
    let late = false;
    if (!token) {
      setState({ state: 'ended' });
      return () => undefined;
    }
    call(tenant, 'link.read', { body: { token } }).then((link) => {
      if (late) return;
      adoptLanguage(link.language);
      setState({ state: 'form', link });
    }, (error: unknown) => {
      if (late) return;
      const over = error instanceof ApiError && (error.code === 'link_ended' || error.code === 'invalid_value' || error.status === 401);
      setState(over ? { state: 'ended' } : { state: 'failed', error });
    });
    return () => {
      late = true;
    };
  }, [tenant, token, turn]);

  if (state.state === 'opening') return <main className="page-state"><Loading /></main>;
  if (state.state === 'failed') {
    return <main className="page-state"><ErrorNote error={state.error} retry={() => setTurn(turn + 1)} /></main>;
  }
  return (
    <main className="sign-in" id="content">
      {state.state === 'form' ? (
        <SetupForm
          tenant={tenant} token={token} link={state.link} signedIn={signedIn} ended={() => setState({ state: 'ended' })}
          early={(start) => setState({ state: 'early', start })}
        />
      ) : (
        <div className="sign-in-card">
          <div className="sign-in-mark"><Mark size={48} /></div>
          <h1>{t(state.state === 'ended' ? 'account.setup.ended_title' : 'account.setup.early_title')}</h1>
          <p>{state.state === 'ended' ? t('account.setup.ended_text')
            : t('account.setup.early_text', { time: auditTime(new Date(state.start)).slice(0, 16) })}</p>
          <Button size="md" fullWidth onClick={toLogin}>{t('account.setup.to_login')}</Button>
        </div>
      )}
    </main>
  );
}

function SetupForm({ tenant, token, link, signedIn, ended, early }: {
  tenant: string; token: string; link: Link; signedIn: (me: Me) => void; ended: () => void; early: (start: string) => void;
}) {
  const { t } = useTranslation();
  const errorText = useErrorText();
  const form = useRef<HTMLFormElement>(null);
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<{ field: 'new' | 'form'; text: string } | null>(null);

  const submit = async (e: FormEvent) => {
    e.preventDefault();
    if (busy || !form.current) return;
    const password = String(new FormData(form.current).get('new'));
    if (!passwordFits(link.rules, password)) return setProblem({ field: 'new', text: t('account.password.does_not_fit') });
    setBusy(true);
    setProblem(null);
    try {
      const r = await call(tenant, 'link.use', { body: { token, password, client: isTouch() ? 'mobile-web' : 'web' } });
      if (r.signed_in) signedIn(await call(tenant, 'me.read'));
      else early(r.start ?? '');
    } catch (error) {
      const code = error instanceof ApiError ? error.code : '';
      if (code === 'link_ended') return ended();
      if (code === 'invalid_value') setProblem({ field: 'new', text: t('account.password.refused') });
      else setProblem({ field: 'form', text: errorText(error) });
      setBusy(false);
    }
  };
  return (
    <form ref={form} className="sign-in-card" onSubmit={(e) => void submit(e)} noValidate aria-labelledby="setup-title">
      <div className="sign-in-mark"><Mark size={48} /></div>
      <h1 id="setup-title">{t('account.setup.title')}</h1>
      <dl className="facts">
        <dt>{t('account.settings.company')}</dt><dd>{link.company}</dd>
        <dt>{t('account.settings.name')}</dt><dd>{[link.family, link.given].filter(Boolean).join(' ')}</dd>
        <dt>{t('account.sign_in.id')}</dt><dd>{`${link.login}@${link.workgroup}`}</dd>
      </dl>
      <input type="hidden" name="username" autoComplete="username" value={`${link.login}@${link.workgroup}`} readOnly />
      <NewPassword rules={link.rules} label={t('account.setup.password')} size="md" autoFocus {...(problem?.field === 'new' ? { error: problem.text } : {})} />
      <div role="alert">{problem?.field === 'form' && <p className="form-error">{problem.text}</p>}</div>
      <Button type="submit" size="md" fullWidth loading={busy}>{t('account.setup.submit')}</Button>
    </form>
  );
}

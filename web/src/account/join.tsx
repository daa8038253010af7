// /t/<n>/join#<token>: the page behind an invitation. The token stands behind the #, so that no server sees it in an address; it
// goes out in bodies alone and leaves the address bar at once.
import { Button, TextInput } from '@mantine/core';
import { useEffect, useRef, useState, type FormEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { ApiError, call, type OpOutput } from '../base/api.ts';
import { addWords } from '../base/i18n.ts';
import { Mark } from '../base/icons.tsx';
import { Legal } from '../base/legal.tsx';
import { ErrorNote, Loading, useErrorText } from '../base/states.tsx';
import { LanguageSwitch } from './language_switch.tsx';
import { NewPassword, passwordFits } from './new_password.tsx';
import { useToken } from './token.ts';
import en from './words/join.en.json';
import ja from './words/join.ja.json';

addWords('join', ja, en);

type Invitation = OpOutput<'invite.read'>;
type State =
  | { state: 'opening' }
  | { state: 'ended' }
  | { state: 'failed'; error: unknown }
  | { state: 'form'; invitation: Invitation }
  | { state: 'waiting' | 'member'; id: string };

const isOver = (error: unknown): boolean => error instanceof ApiError && (error.code === 'invite_ended' || error.code === 'invalid_value');

export default function Join({ tenant, toLogin }: { tenant: string; toLogin: () => void }) {
  const { t } = useTranslation();
  const token = useToken();
  const [state, setState] = useState<State>({ state: 'opening' });
  const [turn, setTurn] = useState(0);

  useEffect(() => {
    document.title = `${t('join.title')} - Engawa`;
  }, [t]);
  useEffect(() => {
    let late = false;
    if (!token) {
      setState({ state: 'ended' });
      return () => undefined;
    }
    call(tenant, 'invite.read', { body: { token } }).then((invitation) => {
      if (!late) setState({ state: 'form', invitation });
    }, (error: unknown) => {
      if (!late) setState(isOver(error) ? { state: 'ended' } : { state: 'failed', error });
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
        <JoinForm
          tenant={tenant} token={token} invitation={state.invitation} ended={() => setState({ state: 'ended' })}
          done={(how, id) => setState({ state: how, id })}
        />
      ) : <Said state={state.state} id={state.state === 'ended' ? '' : state.id} toLogin={toLogin} />}
    </main>
  );
}

/** What came of it; a screen reader begins at the heading. */
function Said({ state, id, toLogin }: { state: 'ended' | 'waiting' | 'member'; id: string; toLogin: () => void }) {
  const { t } = useTranslation();
  const title = useRef<HTMLHeadingElement>(null);
  useEffect(() => title.current?.focus(), []);
  return (
    <div className="sign-in-card">
      <div className="sign-in-mark"><Mark size={48} /></div>
      <h1 ref={title} tabIndex={-1}>{t(`join.${state}_title`)}</h1>
      <p>{t(`join.${state}_text`)}</p>
      {id !== '' && <dl className="facts"><dt>{t('account.sign_in.id')}</dt><dd>{id}</dd></dl>}
      <Button size="md" fullWidth variant={state === 'member' ? 'filled' : 'default'} onClick={toLogin}>{t('join.to_login')}</Button>
      <LanguageSwitch />
    </div>
  );
}

const NAMES = ['family', 'given', 'family_reading', 'given_reading'] as const;
const AUTOFILL = { family: 'family-name', given: 'given-name', family_reading: 'off', given_reading: 'off' };

function JoinForm({ tenant, token, invitation, ended, done }: {
  tenant: string; token: string; invitation: Invitation; ended: () => void; done: (how: 'waiting' | 'member', id: string) => void;
}) {
  const { t } = useTranslation();
  const errorText = useErrorText();
  const form = useRef<HTMLFormElement>(null);
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<{ field: string; text: string } | null>(null);

  useEffect(() => {
    if (problem) form.current?.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus();
  }, [problem]);
  const wrong = (field: string) => setProblem({ field, text: t(`join.e.${field}`) });
  const submit = async (e: FormEvent) => {
    e.preventDefault();
    if (busy || !form.current) return undefined;
    const data = new FormData(form.current);
    const text = (field: string): string => String(data.get(field) ?? '').trim();
    const password = String(data.get('password') ?? '');
    const login = text('login').normalize('NFKC').toLowerCase();
    if (!text('family')) return wrong('family');
    if (!text('given')) return wrong('given');
    if (!login) return wrong('login');
    if (!passwordFits(invitation.rules, password)) return setProblem({ field: 'password', text: t('account.password.does_not_fit') });
    setBusy(true);
    setProblem(null);
    const names = Object.fromEntries(NAMES.map((n) => [n, text(n)])) as Record<(typeof NAMES)[number], string>;
    try {
      const { state } = await call(tenant, 'invite.use', { body: { token, login, ...names, password } });
      return done(state === 'member' ? 'member' : 'waiting', `${login}@${invitation.workgroup}`);
    } catch (error) {
      setBusy(false);
      const code = error instanceof ApiError ? error.code : '';
      const field = error instanceof ApiError ? error.field : '';
      if (code === 'invite_ended') return ended();
      if (code === 'login_taken') return setProblem({ field: 'login', text: t('join.e.taken') });
      if (code === 'invalid_value' && field === 'password') return setProblem({ field, text: t('account.password.refused') });
      if (code === 'invalid_value' && [...NAMES, 'login'].includes(field)) return wrong(field);
      return setProblem({ field: 'form', text: code === 'too_many' ? t('join.e.too_many') : errorText(error) });
    }
  };
  const errorOf = (field: string) => (problem?.field === field ? problem.text : false);
  return (
    <form ref={form} className="sign-in-card" onSubmit={(e) => void submit(e)} noValidate aria-labelledby="join-title">
      <div className="sign-in-mark"><Mark size={48} /></div>
      <h1 id="join-title">{t('join.title')}</h1>
      <p>{t('join.text', { inviter: invitation.inviter, company: invitation.company })}</p>
      {NAMES.map((n, i) => (
        <TextInput
          key={n} name={n} label={t(`join.${n}`)} autoComplete={AUTOFILL[n]} maxLength={80} size="md" error={errorOf(n)} withAsterisk={false}
          autoFocus={i === 0} required={n === 'family' || n === 'given'}
        />
      ))}
      <TextInput
        name="login" label={t('join.login')} description={t('join.login_hint', { workgroup: invitation.workgroup })} autoComplete="username"
        autoCapitalize="none" autoCorrect="off" spellCheck={false} maxLength={40} size="md" error={errorOf('login')} required withAsterisk={false}
      />
      <NewPassword rules={{ ...invitation.rules, generations: 0 }} name="password" label={t('account.setup.password')} size="md" {...(errorOf('password') ? { error: problem!.text } : {})} />
      <div role="alert">{problem?.field === 'form' && <p className="form-error">{problem.text}</p>}</div>
      <p className="small-print">{t('join.terms')}</p>
      <Button type="submit" size="md" fullWidth loading={busy}>{t('join.submit')}</Button>
      <LanguageSwitch />
      <Legal />
    </form>
  );
}

// 設定: how the screen looks, the account, its password, and where it is logged in.
import { Button } from '@mantine/core';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect, useRef, useState, type FormEvent, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { Account } from '../app.tsx';
import { ApiError, call } from '../base/api.ts';
import { currentLang } from '../base/i18n.ts';
import { Legal } from '../base/legal.tsx';
import { toast } from '../base/live.tsx';
import { Password } from '../base/password.tsx';
import { isTouch, setPrefs, usePrefs } from '../base/prefs.ts';
import { ErrorNote, Loading, useErrorText } from '../base/states.tsx';
import { postTime, type Lang } from '../base/time.ts';
import { sound } from '../talk/notices.ts';
import { OwnAccesses } from './accesses.tsx';
import { AccountList } from './accounts.tsx';
import { agentName } from './agent.ts';
import { changeLanguage } from './language.ts';
import { InstallPart } from './install_card.tsx';
import { NewPassword, passwordFits, type PasswordRules } from './new_password.tsx';
import { Keywords } from './keywords.tsx';
import { HandoverPart } from './handover.tsx';
import { OwnData } from './own.tsx';
import { SecondPart } from './second_part.tsx';
import type { Me, Session } from '../base/types.ts';

/** One choice of a few: radio buttons drawn as chips. */
function Choice<T extends string>({ label, name, value, options, choose }: {
  label: string; name: string; value: T; options: [T, string][]; choose: (value: T) => void;
}) {
  return (
    <fieldset className="choice">
      <legend>{label}</legend>
      {options.map(([id, words]) => (
        <label key={id} className="choice-option">
          <input type="radio" name={name} checked={value === id} onChange={() => choose(id)} />
          <span>{words}</span>
        </label>
      ))}
    </fieldset>
  );
}

/** The parts by the id of their heading, in the order in which they stand. */
const PARTS = {
  display: 'account.settings.display', notices: 'account.settings.notices', keywords: 'keywords.title', here: 'account.settings.here',
  account: 'account.settings.account', password: 'account.settings.password', second: 'second.part', sessions: 'account.settings.sessions',
} as const;
const WAYS = Object.keys(PARTS) as (keyof typeof PARTS)[];

function goToPart(part: keyof typeof PARTS): void {
  const heading = document.getElementById(`part-${part}`);
  heading?.closest('section')?.scrollIntoView({ block: 'start' });
  heading?.focus({ preventScroll: true });
}

function Part({ id, title, children }: { id: string; title: string; children: ReactNode }) {
  return <section className="settings-part" aria-labelledby={id}><h2 id={id} tabIndex={-1}>{title}</h2>{children}</section>;
}

function Display({ me }: { me: Me }) {
  const { t } = useTranslation();
  const errorText = useErrorText();
  const speak = (lang: Lang) => void changeLanguage(me, lang).catch((e: unknown) => toast(errorText(e)));
  const { theme, textSize, sendKey } = usePrefs();
  return (
    <Part id="part-display" title={t('account.settings.display')}>
      <Choice
        label={t('base.lang.label')} name="lang" value={currentLang()} choose={speak}
        options={[['ja', t('base.lang.ja')], ['en', t('base.lang.en')]]}
      />
      <Choice
        label={t('account.settings.theme')} name="theme" value={theme} choose={(v) => setPrefs({ theme: v })}
        options={[['auto', t('account.settings.theme_auto')], ['light', t('account.settings.theme_light')], ['dark', t('account.settings.theme_dark')]]}
      />
      <Choice
        label={t('account.settings.text_size')} name="text-size" value={textSize} choose={(v) => setPrefs({ textSize: v })}
        options={[['small', t('account.settings.size_small')], ['normal', t('account.settings.size_normal')],
          ['large', t('account.settings.size_large')], ['huge', t('account.settings.size_huge')]]}
      />
      {!isTouch() && (
        <Choice
          label={t('account.settings.send_key')} name="send-key" value={sendKey} choose={(v) => setPrefs({ sendKey: v })}
          options={[['enter', t('account.settings.send_enter')], ['mod-enter', t('account.settings.send_mod_enter')]]}
        />
      )}
    </Part>
  );
}

/** Sounds, and when there are none. Muted talks are silent in any case, but for messages that name the person. */
function Notices() {
  const { t } = useTranslation();
  const { sound: sounds, quiet, quietFrom, quietUntil } = usePrefs();
  return (
    <Part id="part-notices" title={t('account.settings.notices')}>
      <Choice
        label={t('account.settings.sound')} name="sound" value={sounds} choose={(v) => setPrefs({ sound: v })}
        options={[['on', t('account.settings.sound_on')], ['off', t('account.settings.sound_off')]]}
      />
      {sounds === 'on' && (
        <>
          <Button variant="default" onClick={sound}>{t('account.settings.sound_try')}</Button>
          <Choice
            label={t('account.settings.quiet')} name="quiet" value={quiet ? 'on' : 'off'} choose={(v) => setPrefs({ quiet: v === 'on' })}
            options={[['off', t('account.settings.quiet_off')], ['on', t('account.settings.quiet_on')]]}
          />
          {quiet && (
            <div className="quiet-hours">
              <label>{t('account.settings.quiet_from')}<input type="time" value={quietFrom} onChange={(e) => e.target.value && setPrefs({ quietFrom: e.target.value })} /></label>
              <label>{t('account.settings.quiet_until')}<input type="time" value={quietUntil} onChange={(e) => e.target.value && setPrefs({ quietUntil: e.target.value })} /></label>
            </div>
          )}
        </>
      )}
    </Part>
  );
}

/** Whether colleagues see that one is here. */
function HerePart({ tenant }: { tenant: string }) {
  const { t } = useTranslation();
  const errorText = useErrorText();
  const queries = useQueryClient();
  const me = useQuery({ queryKey: ['here-shown', tenant], queryFn: async () => (await call(tenant, 'me.read')).here_shown });
  const choose = async (value: 'on' | 'off') => {
    const shown = value === 'on';
    try {
      await call(tenant, 'me.here.show', { body: { shown } });
      queries.setQueryData(['here-shown', tenant], shown);
      toast(t(shown ? 'account.settings.here_saved_on' : 'account.settings.here_saved_off'));
    } catch (e) {
      toast(errorText(e));
    }
  };
  return (
    <Part id="part-here" title={t('account.settings.here')}>
      {me.isPending && <Loading rows={1} />}
      {me.isError && <ErrorNote error={me.error} retry={() => void me.refetch()} />}
      <p className="small-print">{t('account.settings.here_hint')}</p>
      {me.data !== undefined && (
        <Choice
          label={t('account.settings.here_label')} name="here" value={me.data ? 'on' : 'off'} choose={(v) => void choose(v)}
          options={[['on', t('account.settings.here_on')], ['off', t('account.settings.here_off')]]}
        />
      )}
    </Part>
  );
}

function AccountPart({ account }: { account: Account }) {
  const { t } = useTranslation();
  return (
    <Part id="part-account" title={t('account.settings.account')}>
      <OwnData account={account} />
      <h3>{t('account.settings.accounts')}</h3>
      <AccountList account={account} done={() => undefined} />
    </Part>
  );
}

function PasswordPart({ tenant, login, rules }: { tenant: string; login: string; rules: PasswordRules }) {
  const { t } = useTranslation();
  const errorText = useErrorText();
  const queries = useQueryClient();
  const form = useRef<HTMLFormElement>(null);
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<{ field: 'old' | 'new' | 'form'; text: string } | null>(null);
  const [turn, setTurn] = useState(0);
  const submit = async (e: FormEvent) => {
    e.preventDefault();
    if (busy || !form.current) return;
    const fields = new FormData(form.current);
    const next = String(fields.get('new'));
    if (!passwordFits(rules, next)) return setProblem({ field: 'new', text: t('account.password.does_not_fit') });
    setBusy(true);
    setProblem(null);
    try {
      await call(tenant, 'me.password', { body: { old: String(fields.get('old')), new: next } });
      setTurn(turn + 1);
      toast(t('account.settings.password_changed'));
      void queries.invalidateQueries({ queryKey: ['sessions', tenant] });
    } catch (error) {
      const code = error instanceof ApiError ? error.code : '';
      if (code === 'sign_in' || code === 'reauth_required') setProblem({ field: 'old', text: t('account.settings.old_wrong') });
      else if (code === 'invalid_value') setProblem({ field: 'new', text: t('account.password.refused') });
      else setProblem({ field: 'form', text: errorText(error) });
    } finally {
      setBusy(false);
    }
  };
  return (
    <Part id="part-password" title={t('account.settings.password')}>
      <form key={turn} ref={form} onSubmit={(e) => void submit(e)} className="narrow-form" noValidate>
        <input type="hidden" name="username" autoComplete="username" value={login} readOnly />
        <Password
          name="old" label={t('account.settings.old_password')} autoComplete="current-password" required
          error={problem?.field === 'old' ? problem.text : false}
        />
        <NewPassword rules={rules} {...(problem?.field === 'new' ? { error: problem.text } : {})} />
        <p className="small-print">{t('account.settings.password_hint')}</p>
        <div role="alert">{problem?.field === 'form' && <p className="form-error">{problem.text}</p>}</div>
        <Button type="submit" loading={busy}>{t('account.settings.change_password')}</Button>
      </form>
    </Part>
  );
}

function SessionRow({ session, end }: { session: Session; end: () => void }) {
  const { t } = useTranslation();
  const now = new Date();
  const lang = currentLang();
  const agent = agentName(session.agent) || t('account.settings.unknown_agent');
  return (
    <li>
      <span className="session">
        <span className="session-agent">{agent}</span>
        <span className="small-print">
          {[...(session.channel === 'MP' ? [t('account.settings.app_session')] : []), session.seen_ip, t('account.settings.opened', { time: postTime(new Date(session.opened), now, lang) }),
            t('account.settings.seen', { time: postTime(new Date(session.seen), now, lang) })].join(' · ')}
        </span>
      </span>
      {session.current ? <span className="badge">{t('account.settings.this_session')}</span> : (
        <Button variant="default" onClick={end} aria-label={t('account.settings.end_session_of', { agent })}>
          {t('account.settings.end_session')}
        </Button>
      )}
    </li>
  );
}

function Sessions({ tenant, signedOut }: { tenant: string; signedOut: () => void }) {
  const { t } = useTranslation();
  const queries = useQueryClient();
  const errorText = useErrorText();
  const list = useQuery({ queryKey: ['sessions', tenant], queryFn: () => call(tenant, 'session.list') });
  const [problem, setProblem] = useState('');
  const end = async (session: string) => {
    setProblem('');
    try {
      await call(tenant, 'session.close', { params: { session } });
      toast(t('account.settings.session_ended'));
    } catch (e) {
      setProblem(errorText(e));
    }
    void queries.invalidateQueries({ queryKey: ['sessions', tenant] });
  };
  const endOthers = async () => {
    setProblem('');
    try {
      await call(tenant, 'session.close_all', { query: {} });
      toast(t('account.settings.others_ended'));
    } catch (e) {
      setProblem(errorText(e));
    }
    void list.refetch();
  };
  const endAll = async () => {
    setProblem('');
    try {
      await call(tenant, 'session.close_all', { query: { all: 'true' } });
      signedOut();
    } catch (e) {
      setProblem(errorText(e));
    }
  };
  const others = (list.data?.sessions.length ?? 0) > 1;
  return (
    <Part id="part-sessions" title={t('account.settings.sessions')}>
      {list.isPending && <Loading rows={3} />}
      {list.isError && <ErrorNote error={list.error} retry={() => void list.refetch()} />}
      <div role="alert">{problem && <p className="form-error">{problem}</p>}</div>
      <ul className="line-list">
        {list.data?.sessions.map((s) => <SessionRow key={s.id} session={s} end={() => void end(s.id)} />)}
      </ul>
      <div className="button-row">
        {others && <Button variant="default" onClick={() => void endOthers()}>{t('account.settings.end_others')}</Button>}
        <Button variant="default" onClick={() => void endAll()}>{t('account.settings.end_all')}</Button>
      </div>
      <OwnAccesses tenant={tenant} end={(session) => void end(session)} />
    </Part>
  );
}

/** The public texts, and what of them was accepted. */
function LegalPart({ tenant }: { tenant: string }) {
  const { t } = useTranslation();
  const terms = useQuery({ queryKey: ['terms', tenant], queryFn: () => call(tenant, 'terms.read') }).data;
  return (
    <Part id="part-legal" title={t('account.terms.part')}>
      <Legal />
      {terms && terms.accepted !== '' && (
        <p className="small-print">
          {t('account.terms.accepted', { version: terms.accepted, time: postTime(new Date(terms.time), new Date(), currentLang()) })}
        </p>
      )}
    </Part>
  );
}

export default function Settings({ account }: { account: Account }) {
  const { t } = useTranslation();
  const { tenant, login, workgroup } = account.me;
  useEffect(() => {
    document.title = `${t('account.settings.title')} - Engawa`;
  }, [t]);
  return (
    <main className="settings" id="content">
      <h1 className="page-title">{t('account.settings.title')}</h1>
      <nav className="settings-ways" aria-label={t('account.settings.ways')}>
        {WAYS.map((w) => (
          <button key={w} type="button" className="filter-chip" onClick={() => goToPart(w)}>{t(PARTS[w])}</button>
        ))}
      </nav>
      <HandoverPart me={account.me} />
      <Display me={account.me} />
      <InstallPart />
      <Notices />
      <Keywords tenant={tenant} />
      <HerePart tenant={tenant} />
      <AccountPart account={account} />
      <PasswordPart tenant={tenant} login={`${login}@${workgroup}`} rules={account.me.password} />
      <SecondPart me={account.me} />
      <Sessions tenant={tenant} signedOut={account.signedOut} />
      <LegalPart tenant={tenant} />
    </main>
  );
}

// Which of the three states the client is in: nobody signed in, opening an account, or inside.
import { MantineProvider } from '@mantine/core';
import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { Component, lazy, Suspense, useCallback, useEffect, useRef, useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { bringLanguage } from './account/language.ts';
import { AccountButton } from './account/others.tsx';
import { ApiError, call, onRefusedHere, onServiceRefused, onStepDue, onSessionEnded, patiently } from './base/api.ts';
import { watchAsked, type Asking } from './base/asked.ts';
import { asApp, forgetDevice, hasDeviceKey, isApp, provenNow } from './base/device.ts';
import { useClosed } from './base/closed.ts';
import { colourBars } from './base/frame.ts';
import { adoptLanguage } from './base/i18n.ts';
import { hush, LiveRegions } from './base/live.tsx';
import { currentTenant, getPrefs, rememberAccount, setCurrentTenant, usePrefs } from './base/prefs.ts';
import { Shell } from './base/shell.tsx';
import { ErrorNote, Loading } from './base/states.tsx';
import { theme } from './base/theme.ts';
import { VersionBar } from './base/version_bar.tsx';
import { goToAccount, goToLogin, settleIn, useAddressed, useLinkPage, useRoute } from './base/route.ts';
import { ME } from './talk/shelf.ts';
import { Talk, TalkProvider, useTalk } from './talk/talk.ts';
import { unreadOfAll } from './talk/unread.ts';
import { fullName } from './talk/names.ts';
import { arrived, useIconBadge } from './talk/notices.ts';
import { TalkPage } from './talk/page.tsx';
import type { Me } from './base/types.ts';
import { forgetVault, lookIntoVault, putIntoVault } from './base/vault.ts';

const SignIn = lazy(async () => ({ default: (await import('./account/sign_in.tsx')).SignIn }));
const Join = lazy(() => import('./account/join.tsx'));
const Setup = lazy(() => import('./account/setup.tsx'));
const Second = lazy(() => import('./account/second.tsx'));
const SecondAnswer = lazy(() => import('./account/second_answer.tsx'));
const MustChange = lazy(() => import('./account/must_change.tsx'));
const Terms = lazy(() => import('./account/terms.tsx'));
const Settings = lazy(() => import('./account/settings.tsx'));
const Members = lazy(() => import('./members/page.tsx'));
const Install = lazy(() => import('./account/install.tsx'));
const TalkRefused = lazy(() => import('./talk/refused.tsx'));
const Share = lazy(() => import('./talk/share.tsx'));
const More = lazy(() => import('./account/more.tsx'));
const Console = lazy(() => import('./console/console.tsx'));
const ClosedPage = lazy(() => import('./account/closed.tsx'));
const Missing = lazy(() => import('./base/missing.tsx'));

/** How long the server may say nothing where it is known who was logged in. */
const PATIENCE = 4_000;
const MINDED = 600_000;

type Session =
  | { state: 'out'; ended: boolean; login: string }
  | { state: 'opening' }
  | { state: 'second'; tenant: string }
  | { state: 'failed'; error: unknown; tenant: string }
  | { state: 'in'; me: Me };

export interface Account {
  me: Me;
  signedOut: () => void;
  switchTo: (tenant: string | null) => void;
}

const loginOf = (tenant: string | null): string => {
  const account = getPrefs().accounts.find((a) => a.tenant === tenant);
  return account ? `${account.login}@${account.workgroup}` : '';
};

/** Who was logged in when the server was heard last; undefined: nothing is kept, or it was too long ago. */
async function whoWasKept(tenant: string): Promise<Me | undefined> {
  const member = getPrefs().accounts.find((a) => a.tenant === tenant)?.member;
  const kept = member ? await lookIntoVault<Me>(tenant, member, ME).catch(() => undefined) : undefined;
  return kept && { ...kept, talk: kept.talk ?? true }; // an earlier version did not say it
}

async function forgetKept(tenant: string): Promise<void> {
  for (const a of getPrefs().accounts) if (a.tenant === tenant && a.member) await forgetVault(tenant, a.member);
}

/** Without the server, too, talk stays shut where it was heard that it is to be. */
const keepShut = (me: Me): Promise<void> => putIntoVault(me.tenant, me.id, ME, { ...me, talk: false }).catch(() => undefined);

/** A session is over for good. That of a tab leaves alone what the installed app beside it keeps. */
async function endHere(tenant: string): Promise<void> {
  if (!isApp() && (await hasDeviceKey(tenant))) return;
  await leaveAccount(tenant);
}

async function leaveAccount(tenant: string): Promise<void> {
  await forgetDevice(tenant);
  await forgetKept(tenant);
}

/** What this browser keeps of an account that was opened: the list of accounts shows it. */
function noteAccount(me: Me): void {
  setCurrentTenant(me.tenant);
  rememberAccount({
    tenant: me.tenant, login: me.login, workgroup: me.workgroup, member: me.id, name: fullName(me), company: me.company,
  });
}

function useSession() {
  const addressed = useAddressed();
  const [session, setSession] = useState<Session>({ state: 'opening' });
  /** The account that is open or about to be; an answer for another one comes too late. */
  const wanted = useRef<string | null>(null);

  const out = useCallback((ended: boolean, login: string) => {
    wanted.current = null;
    setSession({ state: 'out', ended, login });
  }, []);

  const enter = useCallback((me: Me) => {
    wanted.current = me.tenant;
    noteAccount(me);
    void bringLanguage(me);
    settleIn(me.tenant);
    setSession({ state: 'in', me });
  }, []);
  const second = useCallback((tenant: string) => {
    wanted.current = tenant;
    setSession({ state: 'second', tenant });
  }, []);
  const signedIn = useCallback(async (me: Me) => (me.second === '' ? enter(await asApp(me)) : second(me.tenant)), [enter, second]);

  const open = useCallback(async (tenant: string) => {
    wanted.current = tenant;
    setSession({ state: 'opening' });
    const asked = call(tenant, 'me.read');
    const looked = whoWasKept(tenant);
    const patience = looked.then((kept) => (kept ? patiently(asked, PATIENCE) : asked));
    try {
      const me = await asApp(await Promise.race([asked, patience]));
      if (wanted.current !== tenant) return;
      if (!me.talk) void keepShut(me);
      noteAccount(me);
      adoptLanguage(me.language);
      settleIn(tenant);
      setSession({ state: 'in', me });
    } catch (error) {
      if (wanted.current !== tenant) return;
      if (error instanceof ApiError && error.code === 'second_step_required') second(tenant);
      else if (error instanceof ApiError && error.status === 401) out(loginOf(tenant) !== '', loginOf(tenant));
      else {
        const code = error instanceof ApiError ? error.code : '';
        const kept = code === 'offline' || code === 'service_disabled' ? await looked : undefined;
        if (kept && code === 'service_disabled') void keepShut(kept);
        if (wanted.current !== tenant) return;
        if (kept && code === 'offline') enter(kept);
        else setSession({ state: 'failed', error, tenant });
      }
    }
  }, [out, enter, second]);

  useEffect(() => {
    if (addressed === 'login') {
      out(false, '');
      return;
    }
    const tenant = addressed === 'any' ? currentTenant() : addressed;
    if (tenant === null) out(false, '');
    else if (tenant !== wanted.current) void open(tenant);
  }, [addressed, open, out]);

  useEffect(() => onSessionEnded((tenant) => {
    void endHere(tenant);
    if (tenant === wanted.current) out(loginOf(tenant) !== '', loginOf(tenant));
  }), [out]);

  /* The password has run out meanwhile, or the terms are to be accepted: what is open closes behind the form. */
  useEffect(() => onStepDue((tenant) => {
    if (tenant === wanted.current) void open(tenant);
  }), [open]);

  /* What is shown is what may be used; where that is known already nobody asks again and again. */
  const talks = session.state === 'in' && session.me.talk;
  useEffect(() => onServiceRefused((tenant) => {
    if (tenant === wanted.current && talks) void open(tenant);
  }), [open, talks]);

  /* What is open closes: a company that limits its networks means what is shown, too. Back in one of them it opens by itself. */
  useEffect(() => onRefusedHere((tenant, error) => {
    if (error.code === 'app_suspended') void forgetKept(tenant); // a lost phone keeps no words; its key is good again when it is found
    if (tenant === wanted.current) setSession({ state: 'failed', error, tenant });
  }), []);
  useEffect(() => {
    if (session.state !== 'failed') return undefined;
    const again = () => document.visibilityState === 'visible' && void open(session.tenant);
    window.addEventListener('online', again);
    document.addEventListener('visibilitychange', again);
    return () => {
      window.removeEventListener('online', again);
      document.removeEventListener('visibilitychange', again);
    };
  }, [session, open]);

  return { session, open, signedIn };
}

export function App() {
  const { theme: scheme, textSize } = usePrefs();
  useEffect(() => {
    document.documentElement.dataset.textSize = textSize;
  }, [textSize]);
  useEffect(() => colourBars(scheme), [scheme]);
  return (
    <MantineProvider
      theme={theme}
      withCssVariables={false}
      withGlobalClasses={false}
      {...(scheme === 'auto' ? { defaultColorScheme: 'auto' as const } : { forceColorScheme: scheme })}
    >
      <VersionBar />
      <Boundary>
        <Door />
      </Boundary>
      <LiveRegions />
    </MantineProvider>
  );
}

/** What was asked for in one account is seen in no other, and is forgotten when the account is left. */
function Answers({ children }: { children: ReactNode }) {
  const [client] = useState(() => new QueryClient({ defaultOptions: { queries: { retry: false, staleTime: 15_000 } } }));
  useEffect(() => () => client.clear(), [client]);
  return <QueryClientProvider client={client}>{children}</QueryClientProvider>;
}

/** The page behind a link is of no account, and a company that was just cancelled has none any more; all else is. */
function Door() {
  const link = useLinkPage();
  const closed = useClosed();
  if (closed !== null) {
    return <Suspense fallback={<main className="page-state"><Loading /></main>}><ClosedPage closed={closed} /></Suspense>;
  }
  if (link === null) return <Content />;
  return (
    <Suspense fallback={<main className="page-state"><Loading /></main>}>
      {link.page === 'join' ? <Join tenant={link.tenant} toLogin={() => goToLogin(true)} /> : (
        <Setup tenant={link.tenant} signedIn={(me) => (provenNow(me.tenant), goToAccount(me.tenant))} toLogin={() => goToLogin(true)} />
      )}
    </Suspense>
  );
}

function Content() {
  const { t } = useTranslation();
  const { session, open, signedIn } = useSession();
  if (session.state === 'out') {
    return (
      <Suspense fallback={<main className="page-state"><Loading /></main>}>
        <SignIn key={session.login} ended={session.ended} login={session.login} signedIn={signedIn} back={goToAccount} />
      </Suspense>
    );
  }
  if (session.state === 'opening') return <main className="page-state"><Loading /></main>;
  if (session.state === 'second') {
    return (
      <Suspense fallback={<main className="page-state"><Loading /></main>}>
        <Second tenant={session.tenant} signedIn={signedIn} signedOut={() => goToLogin(true)} />
      </Suspense>
    );
  }
  if (session.state === 'failed') {
    const retry = () => void open(session.tenant);
    return (
      <main className="page-state">
        <h1>{t('base.state.failed_title')}</h1>
        <ErrorNote error={session.error} retry={retry} />
      </main>
    );
  }
  if (session.me.must_change !== '' || session.me.terms !== '') {
    const { me } = session;
    const Step = me.must_change !== '' ? MustChange : Terms;
    return (
      <Suspense fallback={<main className="page-state"><Loading /></main>}>
        <Step me={me} done={() => void open(me.tenant)} signedOut={() => void leaveAccount(me.tenant).then(() => goToLogin(true))} />
      </Suspense>
    );
  }
  const account: Account = {
    me: session.me,
    signedOut: () => void leaveAccount(session.me.tenant).then(() => goToLogin(true)),
    switchTo: (tenant) => (tenant === null ? goToLogin(false) : goToAccount(tenant)),
  };
  return <Answers key={`${session.me.tenant}-${session.me.id}`}><Inside account={account} again={() => void open(session.me.tenant)} /></Answers>;
}

function Inside({ account, again }: { account: Account; again: () => void }) {
  const { me } = account;
  const route = useRoute();
  const [talk, setTalk] = useState<Talk | null>(null);
  useEffect(() => {
    const made = new Talk(me);
    made.onArrival = (m, room) => arrived(m, room, me.id, false, made.state.keywords);
    setTalk(made);
    void made.start();
    const minded = setInterval(() => me.talk && void made.mind().catch(() => undefined), MINDED);
    const ended = onSessionEnded((tenant) => tenant === me.tenant && made.setAside());
    return () => {
      ended();
      clearInterval(minded);
      made.stop();
      hush();
    };
  }, [me]);
  if (!talk) return null;
  const page = () => {
    if (!me.talk && (route.page === 'talk' || route.page === 'share')) return <TalkRefused again={again} />;
    if (route.page === 'talk') return <TalkPage room={route.room} seq={route.seq} adding={route.adding ?? false} />;
    if (route.page === 'members') return <Members member={route.member} />;
    if (route.page === 'settings') return <Settings account={account} />;
    if (route.page === 'install') return <Install />;
    if (route.page === 'share') return <Share />;
    if (route.page === 'more') return <More account={account} />;
    if (route.page === 'console') return <Console me={me} menu={route.menu} sub={route.sub} />;
    return <Missing />;
  };
  return (
    <TalkProvider value={talk}>
      <IconBadge me={me.id} />
      <Asked tenant={me.tenant} />
      <Suspense fallback={<main className="page-state"><Loading /></main>}>
        {route.page === 'console' ? page() : (
          <Shell me={me} route={route} foot={<AccountButton account={account} />}>{page()}</Shell>
        )}
      </Suspense>
    </TalkProvider>
  );
}

/** A login of the person's on another device waits for a word from here. */
function Asked({ tenant }: { tenant: string }) {
  const [asking, setAsking] = useState<Asking | null>(null);
  useEffect(() => watchAsked(tenant, setAsking), [tenant]);
  return asking && <Suspense fallback={null}><SecondAnswer tenant={tenant} asking={asking} close={() => setAsking(null)} /></Suspense>;
}

/** Of muted talks only those count that name the person or hold one of its words. */
function IconBadge({ me }: { me: string }) {
  useIconBadge(useTalk((s) => unreadOfAll(s.rooms.filter((r) => !r.muted || (r.mentions ?? 0) > 0 || s.hits.has(r.id)), me)));
  return null;
}

/** Catches what a screen throws, so that a broken screen is a sentence and not a white page. */
class Boundary extends Component<{ children: ReactNode }, { broken: boolean }> {
  override state = { broken: false };

  static getDerivedStateFromError() {
    return { broken: true };
  }

  override render() {
    return this.state.broken ? <Broken /> : this.props.children;
  }
}

function Broken() {
  const { t } = useTranslation();
  return (
    <main className="page-state">
      <h1>{t('base.state.broken_title')}</h1>
      <ErrorNote error={null} retry={() => window.location.reload()} />
    </main>
  );
}

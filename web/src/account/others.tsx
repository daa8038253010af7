// The other accounts of this browser: what is unread in each, and the button that shows them all.
import { useQueries } from '@tanstack/react-query';
import { lazy, Suspense, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Account } from '../app.tsx';
import { ApiError, call } from '../base/api.ts';
import { Face, photoOf } from '../base/face.tsx';
import { usePrefs, type Account as Known } from '../base/prefs.ts';
import { useTalk } from '../talk/talk.ts';
import { badge, unreadOfAll } from '../talk/unread.ts';

const AccountSheet = lazy(() => import('./accounts.tsx'));

export const idOf = (a: { login: string; workgroup: string }): string => `${a.login}@${a.workgroup}`;

export interface Other {
  account: Known;
  unread: number;
  /** Its session is over: the way to it leads over the login. */
  out: boolean;
}

/** Asked anew when the window comes to the front, never by a clock: asking counts as use of that account. */
export function useOthers(tenant: string): Other[] {
  const { accounts } = usePrefs();
  const others = accounts.filter((a) => a.tenant !== tenant);
  const found = useQueries({
    queries: others.map((a) => ({ queryKey: ['unread', a.tenant, a.member ?? ''], queryFn: () => call(a.tenant, 'room.list'), staleTime: 0 })),
  });
  return others.map((account, i) => {
    const { data, error } = found[i]!;
    const member = account.member ?? '';
    return {
      account,
      unread: data ? unreadOfAll(data.rooms, member) : 0,
      out: error instanceof ApiError && error.status === 401,
    };
  });
}

export function Unread({ n }: { n: number }) {
  const { t } = useTranslation();
  if (n === 0) return null;
  return <span className="unread"><span aria-hidden>{badge(n)}</span><span className="hidden-text">{t('accounts.list.unread', { n })}</span></span>;
}

/** At the foot of the rail: who is here; opens the list of accounts. */
export function AccountButton({ account }: { account: Account }) {
  const { t } = useTranslation();
  const { me } = account;
  const own = useTalk((s) => s.members.get(me.id));
  const [opened, setOpened] = useState(false);
  const unread = useOthers(me.tenant).reduce((n, o) => n + o.unread, 0);
  return (
    <>
      <button type="button" className="rail-entry rail-account wide-only" onClick={() => setOpened(true)}>
        <Face id={me.id} name={me.family} kind="person" size="small" photo={photoOf(me.tenant, own)} />
        <span>{t('accounts.list.open')}</span>
        <Unread n={unread} />
      </button>
      {opened && <Suspense fallback={null}><AccountSheet account={account} close={() => setOpened(false)} /></Suspense>}
    </>
  );
}

// The frame of the member's pages: the rail (from 768 px) or the bottom bar (below), and the page beside it.
import type { MouseEvent, ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { ConsoleIcon, Mark, MembersIcon, MoreIcon, SettingsIcon, TalkIcon } from './icons.tsx';
import { addressOf, go, type Route } from './route.ts';
import type { Me } from './types.ts';

/** Whoever has a role other than member reaches the console; the server decides again. */
export const isAdmin = (me: Me): boolean => me.role !== 'member';

/** A link within the client: a real address, followed without loading the page anew. */
export function Link({ to, current, className, children }: {
  to: string; current?: boolean; className?: string; children: ReactNode;
}) {
  const follow = (e: MouseEvent) => {
    if (e.metaKey || e.ctrlKey || e.shiftKey || e.button !== 0) return;
    e.preventDefault();
    go(to);
  };
  return <a href={addressOf(to)} className={className} aria-current={current ? 'page' : undefined} onClick={follow}>{children}</a>;
}

function Entry({ to, current, words, icon, className = '' }: {
  to: string; current: boolean; words: string; icon: ReactNode; className?: string;
}) {
  return (
    <Link to={to} current={current} className={`rail-entry ${className}`}>
      {icon}
      <span>{words}</span>
    </Link>
  );
}

export function Shell({ me, route, foot, children }: { me: Me; route: Route; foot: ReactNode; children: ReactNode }) {
  const { t } = useTranslation();
  /* What fills the screen of a phone, without the bar below. */
  const inRoom = (route.page === 'talk' && route.room !== null) || (route.page === 'members' && route.member !== null);
  const inMore = route.page === 'more' || route.page === 'settings' || route.page === 'install';
  return (
    <div className={inRoom ? 'shell in-room' : 'shell'}>
      <a className="skip-link" href="#content">{t('base.nav.skip')}</a>
      <nav className="rail" aria-label={t('base.nav.label')}>
        <span className="rail-mark"><Mark /></span>
        <Entry to="/talk" current={route.page === 'talk'} words={t('base.nav.talk')} icon={<TalkIcon />} />
        <Entry to="/members" current={route.page === 'members'} words={t('base.nav.members')} icon={<MembersIcon />} />
        <span className="rail-space" />
        {isAdmin(me) && (
          <Entry to="/console" current={false} words={t('base.nav.console')} icon={<ConsoleIcon />} className="wide-only" />
        )}
        <Entry
          to="/settings" current={route.page === 'settings' || route.page === 'install'} words={t('base.nav.settings')} icon={<SettingsIcon />}
          className="wide-only"
        />
        {foot}
        <Entry to="/more" current={inMore} words={t('base.nav.more')} icon={<MoreIcon />} className="narrow-only" />
      </nav>
      {children}
    </div>
  );
}

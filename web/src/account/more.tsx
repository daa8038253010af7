// その他 on a phone: what the rail shows on a wide screen, and logging out.
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Account } from '../app.tsx';
import { ConsoleIcon, LogoutIcon, SettingsIcon, SwitchIcon } from '../base/icons.tsx';
import { isAdmin, Link } from '../base/shell.tsx';
import { fullName } from '../talk/names.ts';
import AccountSheet from './accounts.tsx';
import { LogoutDialog } from './logout.tsx';
import { Unread, useOthers } from './others.tsx';

export default function More({ account }: { account: Account }) {
  const { t } = useTranslation();
  const [asking, setAsking] = useState(false);
  const [switching, setSwitching] = useState(false);
  const { me } = account;
  const unread = useOthers(me.tenant).reduce((n, o) => n + o.unread, 0);
  return (
    <main className="settings" id="content">
      <h1 className="page-title">{t('base.nav.more')}</h1>
      <p className="more-who">{fullName(me)}<span>{me.company}</span></p>
      <ul className="more-list">
        <li>
          <button type="button" className="more-row" onClick={() => setSwitching(true)}>
            <SwitchIcon />{t('accounts.list.title')}<Unread n={unread} />
          </button>
        </li>
        <li><Link to="/settings" className="more-row"><SettingsIcon />{t('base.nav.settings')}</Link></li>
        {isAdmin(me) && <li><Link to="/console" className="more-row"><ConsoleIcon />{t('base.nav.console')}</Link></li>}
        <li>
          <button type="button" className="more-row danger" onClick={() => setAsking(true)}><LogoutIcon />{t('base.act.logout')}</button>
        </li>
      </ul>
      <LogoutDialog account={account} opened={asking} close={() => setAsking(false)} />
      {switching && <AccountSheet account={account} close={() => setSwitching(false)} />}
    </main>
  );
}

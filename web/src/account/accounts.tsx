// アカウントの切り替え: the accounts of this browser side by side, what is unread in each, and the way from one to another.
import './accounts.css';
import { Button } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Account } from '../app.tsx';
import { ApiError, call } from '../base/api.ts';
import { forgetDevice } from '../base/device.ts';
import { Dialog } from '../base/dialog.tsx';
import { Face, photoOf } from '../base/face.tsx';
import { LogoutIcon } from '../base/icons.tsx';
import { toast } from '../base/live.tsx';
import { forgetAccount, usePrefs, type Account as Known } from '../base/prefs.ts';
import { ErrorNote } from '../base/states.tsx';
import { forgetVault } from '../base/vault.ts';
import { useTalk } from '../talk/talk.ts';
import { LogoutDialog } from './logout.tsx';
import { idOf, Unread, useOthers } from './others.tsx';

function Row({ account, note, unread, photo, current, open, logout }: {
  account: Known; note: string; unread: number; photo: string | undefined; current: boolean; open: () => void; logout: () => void;
}) {
  const { t } = useTranslation();
  const name = account.name ?? account.login;
  return (
    <li>
      <button type="button" className="account-row" aria-current={current || undefined} onClick={open}>
        <Face id={account.member ?? account.tenant} name={name} kind="person" photo={photo} />
        <span className="account-who">
          <span className="account-name">{name}</span>
          {account.company && <span>{account.company}</span>}
          <span className="small-print">{idOf(account)}</span>
        </span>
        {note && <span className="badge">{note}</span>}
        <Unread n={unread} />
      </button>
      <button type="button" className="icon-button" aria-label={t('accounts.list.logout_of', { id: idOf(account) })} onClick={logout}>
        <LogoutIcon size={20} />
      </button>
    </li>
  );
}

/** Logging out of an account that is not open: its session ends, and what this browser kept of it goes. */
function LogoutOther({ account, close }: { account: Known; close: () => void }) {
  const { t } = useTranslation();
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const logout = async () => {
    setBusy(true);
    setError(null);
    try {
      await call(account.tenant, 'session.end');
    } catch (e) {
      if (!(e instanceof ApiError && e.status === 401)) {
        setBusy(false);
        setError(e);
        return;
      }
    }
    if (account.member) {
      await forgetVault(account.tenant, account.member).catch(() => undefined);
    }
    await forgetDevice(account.tenant);
    forgetAccount(account.tenant);
    toast(t('accounts.logout.done', { id: idOf(account) }));
    close();
  };
  return (
    <Dialog opened close={close} title={t('accounts.logout.title', { id: idOf(account) })}>
      <p>{t('accounts.logout.text')}</p>
      {error !== null && <ErrorNote error={error} />}
      <div className="dialog-buttons">
        <Button variant="default" onClick={close}>{t('base.act.cancel')}</Button>
        <Button color="beni" loading={busy} onClick={() => void logout()}>{t('base.act.logout')}</Button>
      </div>
    </Dialog>
  );
}

export function AccountList({ account, done }: { account: Account; done: () => void }) {
  const { t } = useTranslation();
  const { me } = account;
  const { accounts } = usePrefs();
  const others = useOthers(me.tenant);
  const own = useTalk((s) => s.members.get(me.id));
  const [leaving, setLeaving] = useState<Known | null>(null);
  const go = (tenant: string | null) => {
    done();
    if (tenant !== me.tenant) account.switchTo(tenant);
  };
  return (
    <>
      <ul className="account-list">
        {accounts.map((a) => {
          const other = others.find((o) => o.account.tenant === a.tenant);
          const note = a.tenant === me.tenant ? t('accounts.list.current') : other?.out ? t('accounts.list.out') : '';
          return (
            <Row
              key={a.tenant} account={a} note={note} unread={other?.unread ?? 0} photo={a.tenant === me.tenant ? photoOf(me.tenant, own) : undefined} current={a.tenant === me.tenant} open={() => go(a.tenant)}
              logout={() => setLeaving(a)}
            />
          );
        })}
      </ul>
      <Button variant="default" fullWidth onClick={() => go(null)}>{t('accounts.list.add')}</Button>
      {leaving && leaving.tenant !== me.tenant && <LogoutOther account={leaving} close={() => setLeaving(null)} />}
      <LogoutDialog account={account} opened={leaving?.tenant === me.tenant} close={() => setLeaving(null)} />
    </>
  );
}

export default function AccountSheet({ account, close }: { account: Account; close: () => void }) {
  const { t } = useTranslation();
  return <Dialog opened close={close} title={t('accounts.list.title')}><AccountList account={account} done={close} /></Dialog>;
}

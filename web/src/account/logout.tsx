// Logging out: asks first, because unsent messages of this account go with it.
import { Button } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Account } from '../app.tsx';
import { ApiError, call } from '../base/api.ts';
import { forgetDevice } from '../base/device.ts';
import { Dialog } from '../base/dialog.tsx';
import { forgetAccount } from '../base/prefs.ts';
import { ErrorNote } from '../base/states.tsx';
import { useUnsent } from '../talk/file_tray.tsx';
import { useTalk, useTalkStore } from '../talk/talk.ts';

export function LogoutDialog({ account, opened, close }: { account: Account; opened: boolean; close: () => void }) {
  const { t } = useTranslation();
  const talk = useTalkStore();
  const pending = useTalk((s) => s.outbox.length);
  const files = useUnsent();
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);

  const logout = async () => {
    setBusy(true);
    setError(null);
    try {
      await forgetDevice(account.me.tenant); // else what is told of the end would begin a session anew
      await call(account.me.tenant, 'session.end');
    } catch (e) {
      if (!(e instanceof ApiError && e.status === 401)) {
        setBusy(false);
        setError(e);
        return;
      }
    }
    await talk.destroyLocal();
    forgetAccount(account.me.tenant);
    account.signedOut();
  };
  return (
    <Dialog opened={opened} close={close} title={t('account.logout.title')}>
      {pending > 0 && <p>{t('account.logout.pending', { n: pending })}</p>}
      {files > 0 && <p>{t('account.logout.files', { n: files, count: files })}</p>}
      {error !== null && <ErrorNote error={error} />}
      <div className="dialog-buttons">
        <Button variant="default" onClick={close}>{t('base.act.cancel')}</Button>
        <Button color="beni" loading={busy} onClick={() => void logout()}>{t('base.act.logout')}</Button>
      </div>
    </Dialog>
  );
}

// メンバーを招待する, where the company lets every member do so: a link is made when it is asked for, and shown this once.
import { Button } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { InviteLink, type MadeLink } from '../account/invite_link.tsx';
import { call } from '../base/api.ts';
import { Dialog } from '../base/dialog.tsx';
import { useErrorText } from '../base/states.tsx';

export default function InviteDialog({ tenant, close }: { tenant: string; close: () => void }) {
  const { t } = useTranslation();
  const errorText = useErrorText();
  const [made, setMade] = useState<MadeLink | null>(null);
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState('');
  const make = async () => {
    setBusy(true);
    setProblem('');
    try {
      setMade(await call(tenant, 'invite.make'));
    } catch (e) {
      setProblem(errorText(e));
    } finally {
      setBusy(false);
    }
  };
  return (
    <Dialog opened close={close} title={t('colleagues.invite.title')}>
      {made ? <InviteLink made={made} /> : <p>{t('colleagues.invite.text')}</p>}
      <div role="alert">{problem && <p className="form-error">{problem}</p>}</div>
      <div className="dialog-buttons">
        <Button variant="default" onClick={close}>{t(made ? 'base.act.close' : 'base.act.cancel')}</Button>
        {!made && <Button loading={busy} onClick={() => void make()}>{t('colleagues.invite.make')}</Button>}
      </div>
    </Dialog>
  );
}

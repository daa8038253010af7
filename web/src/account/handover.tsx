// The new holder's side of a hand-over: the super admin's role is offered, and taken over by the password or declined.
import { Button } from '@mantine/core';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState, type FormEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { ApiError, call } from '../base/api.ts';
import { Dialog } from '../base/dialog.tsx';
import { addWords } from '../base/i18n.ts';
import { toast } from '../base/live.tsx';
import { Password } from '../base/password.tsx';
import { useErrorText } from '../base/states.tsx';
import { auditTime } from '../base/time.ts';
import en from './words/handover.en.json';
import ja from './words/handover.ja.json';
import type { Me } from '../base/types.ts';

addWords('handover', ja, en);

function TakeDialog({ me, from, close, done }: { me: Me; from: string; close: () => void; done: () => void }) {
  const { t } = useTranslation();
  const errorText = useErrorText();
  const [password, setPassword] = useState('');
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState('');
  const submit = async (e: FormEvent) => {
    e.preventDefault();
    if (busy) return;
    setBusy(true);
    setProblem('');
    try {
      await call(me.tenant, 'me.handover.accept', { body: { password } });
      toast(t('handover.taken'));
      done();
    } catch (error) {
      setProblem(error instanceof ApiError && error.code === 'sign_in' ? t('handover.wrong') : errorText(error));
      setBusy(false);
    }
  };
  return (
    <Dialog opened close={close} title={t('handover.ask')}>
      <form className="dialog-form" onSubmit={(e) => void submit(e)} noValidate>
        <p>{t('handover.ask_text', { name: from })}</p>
        <input type="hidden" name="username" autoComplete="username" value={`${me.login}@${me.workgroup}`} readOnly />
        <Password
          name="password" label={t('handover.password')} autoComplete="current-password" data-autofocus
          value={password} onChange={(e) => setPassword(e.currentTarget.value)}
        />
        <div role="alert">{problem && <p className="form-error">{problem}</p>}</div>
        <div className="dialog-buttons">
          <Button variant="default" onClick={close}>{t('base.act.cancel')}</Button>
          <Button type="submit" color="beni" loading={busy} disabled={password === ''}>{t('handover.take')}</Button>
        </div>
      </form>
    </Dialog>
  );
}

export function HandoverPart({ me }: { me: Me }) {
  const { t } = useTranslation();
  const queries = useQueryClient();
  const [taking, setTaking] = useState(false);
  const key = ['handover', me.tenant];
  const found = useQuery({ queryKey: key, queryFn: () => call(me.tenant, 'me.handover') });
  const offer = found.data?.handover;
  if (!offer) return null;
  const done = () => {
    setTaking(false);
    void queries.invalidateQueries();
  };
  const decline = async () => {
    await call(me.tenant, 'me.handover.decline').catch(() => undefined);
    toast(t('handover.declined'));
    void queries.invalidateQueries({ queryKey: key });
  };
  return (
    <section className="settings-part" aria-labelledby="part-handover">
      <h2 id="part-handover">{t('handover.title')}</h2>
      <p>{t('handover.text', { name: offer.from_name, time: auditTime(new Date(offer.until)) })}</p>
      <div className="dialog-buttons">
        <Button variant="default" onClick={() => void decline()}>{t('handover.decline')}</Button>
        <Button onClick={() => setTaking(true)}>{t('handover.take')}</Button>
      </div>
      {taking && <TakeDialog me={me} from={offer.from_name} close={() => setTaking(false)} done={done} />}
    </section>
  );
}

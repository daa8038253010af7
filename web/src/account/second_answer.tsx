// 別の端末からのログイン: somebody logs in with the person's ID elsewhere. Who it is enters the number of the other screen; who it is
// not refuses.
import { Button, TextInput } from '@mantine/core';
import { useState, type FormEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { ApiError, call } from '../base/api.ts';
import type { Asking } from '../base/asked.ts';
import { Dialog } from '../base/dialog.tsx';
import { currentLang } from '../base/i18n.ts';
import { toast } from '../base/live.tsx';
import { useErrorText } from '../base/states.tsx';
import { postTime } from '../base/time.ts';
import { agentName } from './agent.ts';
import './second_kit.tsx';

export default function SecondAnswer({ tenant, asking, close }: { tenant: string; asking: Asking; close: () => void }) {
  const { t } = useTranslation();
  const errorText = useErrorText();
  const [number, setNumber] = useState('');
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState('');
  const two = /^\d{2}$/.test(number.normalize('NFKC').trim());
  const say = async (yes: boolean) => {
    setBusy(true);
    setProblem('');
    try {
      const { granted } = await call(tenant, 'me.second.answer', {
        body: { session: asking.session, yes, ...(yes ? { number: Number(number.normalize('NFKC').trim()) } : {}) },
      });
      toast(t(granted ? 'second.asked_granted' : yes ? 'second.asked_wrong' : 'second.asked_refused'));
      close();
    } catch (e) {
      setProblem(e instanceof ApiError && e.code === 'not_found' ? t('second.asked_over') : errorText(e));
      setBusy(false);
    }
  };
  const submit = (e: FormEvent) => {
    e.preventDefault();
    if (two && !busy) void say(true);
  };
  return (
    <Dialog opened close={close} title={t('second.asked_title')}>
      <form className="dialog-form" onSubmit={submit} noValidate>
        <p>{t('second.asked_text')}</p>
        <dl className="facts">
          <dt>{t('second.asked_agent')}</dt><dd>{agentName(asking.agent) || t('second.asked_unknown')}</dd>
          <dt>{t('second.asked_ip')}</dt><dd>{asking.ip}</dd>
          <dt>{t('second.asked_time')}</dt><dd>{postTime(new Date(asking.time), new Date(), currentLang())}</dd>
        </dl>
        <p>{t('second.asked_mine')}</p>
        <TextInput
          label={t('second.asked_number')} inputMode="numeric" autoComplete="off" maxLength={2} size="md" data-autofocus
          value={number} onChange={(e) => setNumber(e.currentTarget.value)}
        />
        <div role="alert">{problem && <p className="form-error">{problem}</p>}</div>
        <div className="dialog-buttons">
          <Button variant="default" color="beni" onClick={() => void say(false)} disabled={busy}>{t('second.asked_no')}</Button>
          <Button type="submit" loading={busy} disabled={!two}>{t('second.asked_yes')}</Button>
        </div>
      </form>
    </Dialog>
  );
}

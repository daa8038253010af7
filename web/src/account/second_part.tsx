// 設定 > 2段階認証: the ways that the person has, and how to come by one.
import { Button } from '@mantine/core';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { SecondOut, SecondSecretOut, SecondCodeOut } from '../../gen/api.ts';
import { ApiError, call } from '../base/api.ts';
import { Dialog } from '../base/dialog.tsx';
import { currentLang } from '../base/i18n.ts';
import { toast } from '../base/live.tsx';
import { Password } from '../base/password.tsx';
import { ErrorNote, Loading } from '../base/states.tsx';
import { postTime } from '../base/time.ts';
import type { Me } from '../base/types.ts';
import { FieldError, FormDialog } from '../console/kit.tsx';
import { AppSteps, CodeField, CodeSheet } from './second_kit.tsx';

type Act = 'app' | 'codes' | 'remove';
const TITLES: Record<Act, string> = { app: 'second.enrol_title', codes: 'second.new_codes_title', remove: 'second.remove_title' };

/** A refusal that belongs to one field of the form is said there. */
async function beside(field: string, code: string, words: string, run: () => Promise<void>): Promise<void> {
  try {
    await run();
  } catch (e) {
    throw e instanceof ApiError && e.code === code ? new FieldError(field, words) : e;
  }
}

function AskPassword({ me, act, close, run }: { me: Me; act: Act; close: () => void; run: (password: string) => Promise<void> }) {
  const { t } = useTranslation();
  const [password, setPassword] = useState('');
  const submit = () => beside('password', 'sign_in', t('second.password_wrong'), () => run(password));
  return (
    <FormDialog
      title={t(TITLES[act])} close={close} submit={submit} act={t(act === 'remove' ? 'second.app_remove' : 'second.next')} danger={act === 'remove'}
      names={() => t('second.password_wrong')}
    >
      {(errors) => (
        <>
          {act === 'remove' && <p>{t('second.remove_text')}</p>}
          {act === 'codes' && <p>{t('second.new_codes_text')}</p>}
          <p>{t('second.password_why')}</p>
          <input type="hidden" name="username" autoComplete="username" value={`${me.login}@${me.workgroup}`} readOnly />
          <Password
            name="password" label={t('second.password')} autoComplete="current-password" data-autofocus error={errors['password']}
            value={password} onChange={(e) => setPassword(e.currentTarget.value)}
          />
        </>
      )}
    </FormDialog>
  );
}

function FirstCode({ tenant, secret, close, done }: { tenant: string; secret: SecondSecretOut; close: () => void; done: (codes: SecondCodeOut[]) => void }) {
  const { t } = useTranslation();
  const field = useRef<HTMLInputElement>(null);
  const submit = () => beside('code', 'code_wrong', t('second.wrong'), async () => {
    const code = field.current?.value.trim() ?? '';
    done((await call(tenant, 'me.second.app.confirm', { body: { code } })).codes);
  });
  return (
    <FormDialog title={t('second.enrol_title')} close={close} submit={submit} act={t('second.submit')} names={() => t('second.need')}>
      {(errors) => (
        <>
          <AppSteps secret={secret} />
          <CodeField ref={field} problem={errors['code'] ?? ''} data-autofocus />
        </>
      )}
    </FormDialog>
  );
}

function ActDialog({ me, act, close }: { me: Me; act: Act; close: () => void }) {
  const { t } = useTranslation();
  const [secret, setSecret] = useState<SecondSecretOut | null>(null);
  const [codes, setCodes] = useState<SecondCodeOut[] | null>(null);
  const run = async (password: string) => {
    const body = { password };
    if (act === 'app') setSecret(await call(me.tenant, 'me.second.app', { body }));
    else if (act === 'codes') setCodes((await call(me.tenant, 'me.second.codes', { body })).codes);
    else {
      await call(me.tenant, 'me.second.app.drop', { body });
      toast(t('second.remove_done'));
      close();
    }
  };
  const added = (made: SecondCodeOut[]) => {
    toast(t('second.added'));
    setCodes(made);
  };
  if (codes) return <Dialog opened close={close} title={t('second.codes_title')}><CodeSheet codes={codes} done={close} /></Dialog>;
  if (secret) return <FirstCode tenant={me.tenant} secret={secret} close={close} done={added} />;
  return <AskPassword me={me} act={act} close={close} run={run} />;
}

function modeOf(me: Me, second: SecondOut): string {
  return me.role !== 'member' ? 'second.mode_admin' : `second.mode_${second.mode}`;
}

export function SecondPart({ me }: { me: Me }) {
  const { t } = useTranslation();
  const queries = useQueryClient();
  const mine = useQuery({ queryKey: ['second', me.tenant], queryFn: () => call(me.tenant, 'me.second') });
  const [act, setAct] = useState<Act | null>(null);
  const close = () => {
    setAct(null);
    void queries.invalidateQueries({ queryKey: ['second', me.tenant] });
  };
  const second = mine.data;
  const since = second?.app ?? null;
  return (
    <section className="settings-part" aria-labelledby="part-second">
      <h2 id="part-second" tabIndex={-1}>{t('second.part')}</h2>
      <p className="small-print">{t('second.part_text')}</p>
      {mine.isPending && <Loading rows={2} />}
      {mine.isError && <ErrorNote error={mine.error} retry={() => void mine.refetch()} />}
      {second && (
        <>
          <p>{t(modeOf(me, second))}</p>
          <dl className="facts">
            <dt>{t('second.app')}</dt>
            <dd>{since === null ? t('second.app_none') : t('second.app_since', { time: postTime(new Date(since), new Date(), currentLang()) })}</dd>
            {since !== null && <><dt>{t('second.codes')}</dt><dd>{second.codes > 0 ? t('second.codes_left', { n: second.codes }) : t('second.codes_none')}</dd></>}
          </dl>
          <div className="button-row">
            <Button variant="default" onClick={() => setAct('app')}>{t(since === null ? 'second.app_add' : 'second.app_again')}</Button>
            {since !== null && <Button variant="default" onClick={() => setAct('codes')}>{t('second.codes_new')}</Button>}
            {since !== null && !second.must && <Button variant="default" onClick={() => setAct('remove')}>{t('second.app_remove')}</Button>}
          </div>
        </>
      )}
      {act && <ActDialog me={me} act={act} close={close} />}
    </section>
  );
}

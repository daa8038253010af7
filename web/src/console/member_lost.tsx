// 端末をなくしたとき: what is to be done when a phone or a computer is lost, at one press, with the result of each step; and the
// record of it, made from the audit rows, for printing.
import './devices.css';
import { Button, Radio } from '@mantine/core';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { errorSentences, type ErrorCode, type Ops } from '../../gen/api.ts';
import { call } from '../base/api.ts';
import { addWords, currentLang } from '../base/i18n.ts';
import { ErrorNote, Loading, isRefusal, useErrorText } from '../base/states.tsx';
import { auditTime, zoneName } from '../base/time.ts';
import type { Me } from '../base/types.ts';
import { fullName } from '../talk/names.ts';
import { Card, PageHead, PutAway, pathOf, useProof } from './kit.tsx';
import { memberKey } from './member_acts.tsx';
import en from './words/devices.en.json';
import ja from './words/devices.ja.json';

addWords('devices', ja, en);

type Lost = 'phone' | 'computer';
type Step = 'report' | 'app' | 'devices' | 'password' | 'logout';
interface State {
  state: 'todo' | 'busy' | 'done' | 'failed';
  why?: string;
}
type Row = Ops['console.member.lost_read']['output']['rows'][number];

/* Logging out comes last: where it is the own account, this page ends with it. */
const STEPS: Record<Lost, Step[]> = { phone: ['report', 'app', 'devices', 'logout'], computer: ['report', 'password', 'devices', 'logout'] };

function useSteps(me: Me, id: string, lost: Lost) {
  const prove = useProof();
  const errorText = useErrorText();
  const queries = useQueryClient();
  const [states, setStates] = useState<Partial<Record<Step, State>>>({});
  const [password, setPassword] = useState('');
  const params = { member: id };
  const does: Record<Step, () => Promise<unknown>> = {
    report: () => call(me.tenant, 'console.member.lost', { params, body: { device: lost } }),
    app: () => call(me.tenant, 'console.member.app', { params, body: { suspended: true } }),
    devices: () => call(me.tenant, 'console.member.device_drop', { params, body: {} }),
    password: async () => setPassword((await call(me.tenant, 'console.member.password', { params, body: {} })).password),
    logout: () => call(me.tenant, 'console.member.logout', { params }),
  };
  /* None waits for another to succeed: what can be done is done. */
  const run = async (steps: Step[]) => {
    for (const step of steps) {
      const now = (state: State) => setStates((before) => ({ ...before, [step]: state }));
      now({ state: 'busy' });
      try {
        await prove(does[step]);
        now({ state: 'done' });
      } catch (e) {
        now({ state: 'failed', why: e instanceof PutAway ? '' : errorText(e) });
      }
    }
    await queries.invalidateQueries({ queryKey: [...memberKey(me.tenant), id] });
  };
  return { states, password, run, forget: () => (setStates({}), setPassword('')) };
}

function StepRow({ step, state, again }: { step: Step; state: State; again: () => void }) {
  const { t } = useTranslation();
  const name = t(`devices.lost.step.${step}`);
  return (
    <li>
      <span className="lost-what">
        <span className="lost-name">{name}</span>
        <span className="small-print">{t(`devices.lost.step_text.${step}`)}</span>
        {state.why && <span className="danger" role="alert">{state.why}</span>}
      </span>
      <span className="lost-result">
        <span className={`badge state-${state.state}`}>{t(`devices.lost.state.${state.state}`)}</span>
        {state.state === 'failed' && <Button size="sm" variant="default" aria-label={t('devices.lost.retry_of', { step: name })} onClick={again}>{t('devices.lost.retry')}</Button>}
      </span>
    </li>
  );
}

function actWords(row: Row): string {
  const detail = (row.detail ? JSON.parse(row.detail) : {}) as { new?: boolean; session?: string };
  if (row.act === 'member.app' && detail.new === false) return 'member.app.go';
  return row.act === 'member.logout' && detail.session ? 'member.logout.one' : row.act;
}

function Record_({ me, id, name }: { me: Me; id: string; name: string }) {
  const { t } = useTranslation();
  const found = useQuery({ queryKey: [...memberKey(me.tenant), id, 'lost'], queryFn: () => call(me.tenant, 'console.member.lost_read', { params: { member: id } }) });
  const rows = found.data?.rows ?? [];
  const [first] = rows;
  const device = first ? (JSON.parse(first.detail) as { device: Lost }).device : 'phone';
  const result = (row: Row) => (row.result === 'ok' ? t('devices.lost.ok')
    : `${t('devices.lost.state.failed')}: ${errorSentences[currentLang()][row.result as ErrorCode] ?? row.result}`);
  return (
    <Card title={t('devices.lost.record')}>
      {found.isPending && <Loading rows={2} />}
      {found.isError && <ErrorNote error={found.error} retry={() => void found.refetch()} />}
      {found.data && rows.length === 0 && <p>{t('devices.lost.record_none')}</p>}
      {rows.length > 0 && (
        <>
          <div className="lost-record">
            <h3>{t('devices.lost.record_of', { name, device: t(`devices.lost.${device}`) })}</h3>
            <ul>
              {rows.map((row) => (
                <li key={row.seq}>
                  <time dateTime={row.time}>{auditTime(new Date(row.time))}</time>
                  <span>{t(`devices.lost.acts.${actWords(row)}`)}</span>
                  <span>{`${t('devices.lost.who')}: ${row.by || t('devices.lost.operator')}`}</span>
                  <span>{`${t('devices.lost.result')}: ${result(row)}`}</span>
                </li>
              ))}
            </ul>
            <p>{t('devices.lost.time', { zone: zoneName() })}</p>
          </div>
          <div className="button-row"><Button variant="default" onClick={() => window.print()}>{t('devices.lost.print')}</Button></div>
        </>
      )}
    </Card>
  );
}

function Page({ me, id, record }: { me: Me; id: string; record: Ops['console.member.read']['output'] }) {
  const { t } = useTranslation();
  const [lost, setLost] = useState<Lost>('phone');
  const { states, password, run, forget } = useSteps(me, id, lost);
  const [busy, setBusy] = useState(false);
  const name = fullName(record.member);
  const steps = STEPS[lost].filter((s) => s !== 'password' || record.may_act);
  const all = steps.map((s) => states[s]?.state ?? 'todo');
  const go = async (which: Step[]) => {
    setBusy(true);
    await run(which).finally(() => setBusy(false));
  };
  const over = !busy && all.every((s) => s === 'done' || s === 'failed');
  return (
    <>
      <PageHead title={t('devices.lost.title')} about={t('devices.lost.guide', { name })} back={{ to: pathOf('member.member', id), label: t('devices.lost.back', { name }) }} />
      <Card title={t('devices.lost.steps')}>
        <Radio.Group label={t('devices.lost.what')} value={lost} onChange={(v) => (setLost(v as Lost), forget())}>
          <div className="lost-choice">
            {(['phone', 'computer'] as const).map((v) => <Radio key={v} value={v} label={t(`devices.lost.${v}`)} disabled={busy} />)}
          </div>
        </Radio.Group>
        {id === me.id && <p className="danger">{t('devices.lost.self')}</p>}
        {lost === 'computer' && !record.may_act && <p>{t('devices.lost.no_password')}</p>}
        <ol className="lost-steps">
          {steps.map((s) => <StepRow key={s} step={s} state={states[s] ?? { state: 'todo' }} again={() => void go([s])} />)}
        </ol>
        <Button color="beni" loading={busy} onClick={() => void go(steps)}>{t(over ? 'devices.lost.again' : 'devices.lost.run')}</Button>
        <div role="status">{over && <p>{t(all.includes('failed') ? 'devices.lost.some_failed' : 'devices.lost.all_done')}</p>}</div>
        {password && (
          <section className="lost-note" aria-label={t('devices.lost.password')}>
            <p className="lost-name">{t('devices.lost.password')}</p>
            <code className="lost-password">{password}</code>
            <p>{t('devices.lost.password_text')}</p>
          </section>
        )}
        {over && <p className="lost-note"><span className="lost-name">{t('devices.lost.next')}: </span>{t(`devices.lost.next_${lost}`)}</p>}
      </Card>
      <Record_ me={me} id={id} name={name} />
    </>
  );
}

export function LostPage({ me, id }: { me: Me; id: string }) {
  const { t } = useTranslation();
  const found = useQuery({ queryKey: [...memberKey(me.tenant), id], queryFn: () => call(me.tenant, 'console.member.read', { params: { member: id } }) });
  if (found.isPending) return <Loading />;
  if (!found.data || isRefusal(found.error)) {
    return (
      <>
        <PageHead title={t('devices.lost.title')} back={{ to: pathOf('member.member'), label: t('members.back') }} />
        <ErrorNote error={found.error} retry={() => void found.refetch()} />
      </>
    );
  }
  return <Page me={me} id={id} record={found.data} />;
}

// Engawa の解約: what stands in the way, what is saved before, what will happen, and the cancellation itself: boxes to tick and the
// workgroup's name to type. The super admin's alone, in a browser.
import './closing.css';
import { Button, Checkbox, TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState, type FormEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { ApiError, call } from '../base/api.ts';
import { tellClosed } from '../base/closed.ts';
import { addWords } from '../base/i18n.ts';
import { Link } from '../base/shell.tsx';
import { ErrorNote, Loading, isRefusal } from '../base/states.tsx';
import { auditTime, zoneName } from '../base/time.ts';
import { Card, Confirm, PageHead, Problem, pathOf, useAct, FieldError, useProof, type PageProps } from './kit.tsx';
import en from './words/closing.en.json';
import ja from './words/closing.ja.json';
import type { Ops } from '../../gen/api.ts';
import type { Me } from '../base/types.ts';

addWords('closing', ja, en);

type Seen = Ops['console.cancellation.read']['output'];
const TICKS = ['security', 'moved', 'told'] as const;
type Tick = (typeof TICKS)[number];
const RESULTS = ['login', 'talk', 'links', 'back', 'erase', 'name'] as const;

/** Who is left, by state; the cancellation waits for them. */
function Left({ seen }: { seen: Seen }) {
  const { t } = useTranslation();
  const left = [['active', seen.active], ['suspended', seen.suspended], ['not_started', seen.not_started]] as const;
  if (left.every(([, n]) => n === 0)) return <p className="closing-ready">{t('closing.left.none')}</p>;
  return (
    <>
      <p>{t('closing.left.text')}</p>
      <ul className="closing-list">
        {left.filter(([, n]) => n > 0).map(([state, n]) => <li key={state}>{t(`closing.left.${state}`, { n, count: n })}</li>)}
      </ul>
      <Link to={pathOf('member.member')} className="text-button">{t('closing.left.members')}</Link>
    </>
  );
}

function Save() {
  const { t } = useTranslation();
  return (
    <>
      <p>{t('closing.save.text')}</p>
      <ul className="closing-links">
        <li><Link to={pathOf('member.member')} className="text-button">{t('closing.save.members')}</Link></li>
        <li><Link to={pathOf('security.admins')} className="text-button">{t('closing.save.admins')}</Link></li>
        <li><Link to={pathOf('audit.download')} className="text-button">{t('closing.save.logs')}</Link></li>
      </ul>
    </>
  );
}

function CancelForm({ me, seen }: { me: Me; seen: Seen }) {
  const { t } = useTranslation();
  const prove = useProof();
  const [ticked, setTicked] = useState<Record<Tick, boolean>>({ security: false, moved: false, told: false });
  const [typed, setTyped] = useState('');
  const [asking, setAsking] = useState(false);
  const { busy, problem, errors, run } = useAct();
  const open = seen.active + seen.suspended + seen.not_started > 0;
  const check = async () => {
    const missing = TICKS.find((k) => !ticked[k]);
    if (missing !== undefined) throw new FieldError(missing, t('closing.need_tick'));
    if (typed.trim() !== seen.workgroup) throw new FieldError('workgroup', t('closing.need_name', { name: seen.workgroup }));
    setAsking(true);
  };
  const cancel = async () => {
    const body = { workgroup: typed.trim(), ...ticked };
    const done = await prove(() => call(me.tenant, 'console.cancellation', { body }));
    tellClosed({ ...done, tenant: me.tenant });
  };
  const submit = (e: FormEvent) => {
    e.preventDefault();
    if (!busy) void run(check);
  };
  return (
    <form className="closing-form" onSubmit={submit} noValidate>
      <fieldset className="closing-ticks" disabled={open}>
        <legend>{t('closing.tick.title')}</legend>
        {TICKS.map((k) => (
          <Checkbox
            key={k} label={t(`closing.tick.${k}`)} checked={ticked[k]} error={errors[k]}
            onChange={(e) => setTicked({ ...ticked, [k]: e.currentTarget.checked })}
          />
        ))}
      </fieldset>
      <TextInput
        label={t('closing.name', { name: seen.workgroup })} value={typed} error={errors['workgroup']} autoComplete="off" spellCheck={false}
        autoCapitalize="none" disabled={open} onChange={(e) => setTyped(e.currentTarget.value)}
      />
      <Problem text={problem} />
      <div className="dialog-buttons"><Button type="submit" color="beni" loading={busy} disabled={open}>{t('closing.act')}</Button></div>
      {open && <p className="small-print">{t('closing.first')}</p>}
      {asking && (
        <Confirm
          title={t('closing.ask', { company: seen.company })} text={t('closing.ask_text', { time: auditTime(new Date(seen.erase)) })}
          act={t('closing.ask_act')} close={() => setAsking(false)} run={cancel}
        />
      )}
    </form>
  );
}

export function ClosingPage({ me }: PageProps) {
  const { t } = useTranslation();
  const found = useQuery({
    queryKey: ['console', me.tenant, 'cancellation'], queryFn: () => call(me.tenant, 'console.cancellation.read'), staleTime: 0,
  });
  if (found.isPending) return <Loading />;
  /* Whoever reaches this page is the super admin: what is refused is the device. */
  if (found.error instanceof ApiError && found.error.code === 'forbidden') {
    return (
      <>
        <PageHead title={t('closing.title')} />
        <p className="notice" role="alert">{t('closing.elsewhere')}</p>
      </>
    );
  }
  if (!found.data || isRefusal(found.error)) return <ErrorNote error={found.error} retry={() => void found.refetch()} />;
  const seen = found.data;
  return (
    <>
      <PageHead title={t('closing.title')} about={t('closing.about', { company: seen.company })} />
      <Card title={t('closing.left.title')}><Left seen={seen} /></Card>
      <Card title={t('closing.save.title')}><Save /></Card>
      <Card title={t('closing.result.title')}>
        <ul className="closing-list">
          {RESULTS.map((r) => <li key={r}>{t(`closing.result.${r}`, { days: seen.days, time: auditTime(new Date(seen.erase)), name: seen.workgroup })}</li>)}
        </ul>
        <p className="small-print">{t('closing.zone', { zone: zoneName() })}</p>
      </Card>
      <Card title={t('closing.do')}><CancelForm me={me} seen={seen} /></Card>
    </>
  );
}

// One member: state and access, the whole record, units, devices, and what an admin may do with the account.
import { Button, Checkbox, NativeSelect, TextInput } from '@mantine/core';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { Ops } from '../../gen/api.ts';
import { agentName } from '../account/agent.ts';
import { PhotoChoice } from '../account/photo_choice.tsx';
import type { SlipData } from '../account/slip.tsx';
import { call } from '../base/api.ts';
import { Face } from '../base/face.tsx';
import { toast } from '../base/live.tsx';
import { Link } from '../base/shell.tsx';
import { ErrorNote, Loading, isRefusal } from '../base/states.tsx';
import { auditTime, dayText } from '../base/time.ts';
import type { Me } from '../base/types.ts';
import { fullName } from '../talk/names.ts';
import { Card, Facts, FormDialog, PageHead, pathOf, useProof } from './kit.tsx';
import { ActDialog, memberKey, type Act } from './member_acts.tsx';
import { DeviceCards, LostCard } from './member_devices.tsx';
import { SlipDialog, slipOf } from './member_add.tsx';
import { SecondCard } from './member_second.tsx';
import { TemplateCard } from './templates.tsx';
import { MemberStates, roleName } from './members.tsx';

type Record_ = Ops['console.member.read']['output'];
type Labels = Ops['console.label.list']['output'];

const NAMES = ['family', 'given', 'family_reading', 'given_reading'] as const;
const TEXTS = [
  'nickname', 'employee_number', 'phone', 'mobile', 'private_mail', 'workplace', 'duties', 'sns', 'birthday', 'join_date', 'related_contact',
] as const;
const DATES = new Set<string>(['birthday', 'join_date']);
const PHONES = new Set<string>(['phone', 'mobile']);
const PERSONAL = new Set<string>(['phone', 'mobile', 'private_mail', 'birthday']);

/** What people write down, as the number that every phone understands: 0467-00-0000 → +81467000000 */
export function phoneNumber(text: string): string {
  const plain = text.normalize('NFKC').replace(/[\s().-]/g, '');
  return plain.startsWith('0') && !plain.startsWith('00') ? `+81${plain.slice(1)}` : plain;
}

function useSaved(me: Me, close: () => void) {
  const queries = useQueryClient();
  return async (said: string) => {
    await queries.invalidateQueries({ queryKey: memberKey(me.tenant) });
    toast(said);
    close();
  };
}

function EditDialog({ me, id, record, close }: { me: Me; id: string; record: Record_; close: () => void }) {
  const { t } = useTranslation();
  const prove = useProof();
  const saved = useSaved(me, close);
  const labels = useQuery({ queryKey: ['console', me.tenant, 'labels'], queryFn: () => call(me.tenant, 'console.label.list') });
  const [texts, setTexts] = useState<Record<string, string>>({});
  const unused = new Set(record.unused.map((f) => f.name));
  const now = record as unknown as Record<string, string>;
  const value = (field: string): string => texts[field] ?? (now[field] === '0' ? '' : now[field] ?? '');
  const set = (field: string, text: string) => setTexts({ ...texts, [field]: text });
  const submit = async () => {
    const body = Object.fromEntries(Object.entries(texts)
      .map(([field, text]): [string, string] => [field, PHONES.has(field) ? phoneNumber(text) : text])
      .filter(([field, text]) => text !== (now[field] === '0' ? '' : now[field])));
    if (Object.keys(body).length > 0) await prove(() => call(me.tenant, 'console.member.edit', { params: { member: id }, body }));
    await saved(t('members.saved'));
  };
  const choice = (field: 'grade' | 'permtype', list: Labels['grades']) => (unused.has(field) ? null : (
    <NativeSelect
      label={t(`members.f.${field}`)} value={value(field)} onChange={(e) => set(field, e.currentTarget.value)}
      data={[{ value: '', label: t('members.none') }, ...list.map((l) => ({ value: l.id, label: l.name }))]}
    />
  ));
  return (
    <FormDialog
      title={t('members.edit_title', { name: fullName(record) })} close={close} submit={submit} act={t('members.save')}
      shows={[...NAMES, ...TEXTS, 'start', 'language', 'grade', 'permtype']} names={(field) => t(`members.e.${field}`, { defaultValue: '' }) || undefined}
    >
      {(errors) => {
        const field = (f: string) => (
          <TextInput
            key={f} label={PERSONAL.has(f) ? `${t(`members.f.${f}`)} (${t('members.personal')})` : t(`members.f.${f}`)} value={value(f)}
            type={DATES.has(f) ? 'date' : 'text'} required={f === 'family' || f === 'given'} autoComplete="off" error={errors[f]}
            {...(PHONES.has(f) ? { description: t(`members.h.${f}`), inputMode: 'tel' as const } : {})} onChange={(e) => set(f, e.currentTarget.value)}
          />
        );
        return (
          <>
            <div className="form-pair">{NAMES.map(field)}</div>
            {TEXTS.filter((f) => !unused.has(f)).map(field)}
            {!unused.has('language') && (
              <NativeSelect
                label={t('members.f.language')} value={value('language')} onChange={(e) => set('language', e.currentTarget.value)}
                data={[{ value: 'ja', label: t('base.lang.ja') }, { value: 'en', label: t('base.lang.en') }]}
              />
            )}
            {choice('grade', labels.data?.grades ?? [])}
            {choice('permtype', labels.data?.permtypes ?? [])}
            {!record.started && (
              <TextInput type="date" label={t('members.start')} value={value('start')} error={errors['start']} onChange={(e) => set('start', e.currentTarget.value)} />
            )}
          </>
        );
      }}
    </FormDialog>
  );
}

function RenameDialog({ me, id, name, login, close }: { me: Me; id: string; name: string; login: string; close: () => void }) {
  const { t } = useTranslation();
  const prove = useProof();
  const saved = useSaved(me, close);
  const [next, setNext] = useState(login);
  const submit = async () => {
    await prove(() => call(me.tenant, 'console.member.rename', { params: { member: id }, body: { login: next.trim().toLowerCase() } }));
    await saved(t('members.rename_done'));
  };
  return (
    <FormDialog title={t('members.rename_title', { name })} close={close} submit={submit} act={t('members.rename_act')} shows={['login']} names={() => t('members.e.login')}>
      {(errors) => (
        <>
          <p>{t('members.rename_text')}</p>
          <TextInput
            label={t('members.id')} description={t('members.login_hint')} required data-autofocus autoComplete="off" autoCapitalize="none" spellCheck={false}
            value={next} error={errors['login']} onChange={(e) => setNext(e.currentTarget.value)}
          />
        </>
      )}
    </FormDialog>
  );
}

function LeaveDialog({ me, id, name, close }: { me: Me; id: string; name: string; close: () => void }) {
  const { t } = useTranslation();
  const prove = useProof();
  const saved = useSaved(me, close);
  const [from, setFrom] = useState('');
  const [until, setUntil] = useState('');
  const [suspend, setSuspend] = useState(true);
  const submit = async () => {
    const body = { ...(from ? { from } : {}), ...(until ? { until } : {}), may_sign_in: !suspend };
    await prove(() => call(me.tenant, 'console.member.leave', { params: { member: id }, body }));
    await saved(t('members.leave_done'));
  };
  return (
    <FormDialog
      title={t('members.leave_title', { name })} close={close} submit={submit} act={t('members.leave_act')} shows={['from', 'until']}
      names={(field) => t(`members.e.${field}`, { defaultValue: '' }) || undefined}
    >
      {(errors) => (
        <>
          <TextInput type="date" label={t('members.leave_from')} description={t('members.start_hint')} value={from} error={errors['from']} onChange={(e) => setFrom(e.currentTarget.value)} />
          <TextInput type="date" label={t('members.leave_until')} description={t('members.leave_until_hint')} value={until} error={errors['until']} onChange={(e) => setUntil(e.currentTarget.value)} />
          <Checkbox label={t('members.leave_suspend')} checked={suspend} onChange={(e) => setSuspend(e.currentTarget.checked)} />
        </>
      )}
    </FormDialog>
  );
}

function ForceDialog({ me, id, name, close }: { me: Me; id: string; name: string; close: () => void }) {
  const { t } = useTranslation();
  const prove = useProof();
  const saved = useSaved(me, close);
  const [password, setPassword] = useState('');
  const submit = async () => {
    await prove(() => call(me.tenant, 'console.member.password', { params: { member: id }, body: { password } }));
    await saved(t('members.force_done'));
  };
  return (
    <FormDialog title={t('members.force_title', { name })} close={close} submit={submit} act={t('members.force_act')} danger shows={['password']} names={() => t('members.e.password')}>
      {(errors) => (
        <>
          <p>{t('members.force_text')}</p>
          <TextInput
            label={t('members.password')} required data-autofocus autoComplete="off" spellCheck={false} value={password} error={errors['password']}
            onChange={(e) => setPassword(e.currentTarget.value)}
          />
        </>
      )}
    </FormDialog>
  );
}

function LinkDialog({ me, id, name, login, close, made }: { me: Me; id: string; name: string; login: string; close: () => void; made: (s: SlipData) => void }) {
  const { t } = useTranslation();
  const prove = useProof();
  const submit = async () => {
    const link = await prove(() => call(me.tenant, 'console.member.setup_link', { params: { member: id } }));
    close();
    made(slipOf(me, name, login, link));
  };
  return (
    <FormDialog title={t('members.link')} close={close} submit={submit} act={t('members.link')} shows={[]}>
      {() => <p>{t('members.link_text')}</p>}
    </FormDialog>
  );
}

function Sessions({ record }: { record: Record_ }) {
  const { t } = useTranslation();
  if (record.sessions.length === 0) return <p>{t('members.no_sessions')}</p>;
  return (
    <ul className="member-sessions">
      {record.sessions.map((s) => (
        <li key={`${s.opened}${s.ip}${s.seen}`}>
          <span>{agentName(s.agent)}</span>
          <span className="small-print">{`${t('members.ip')} ${s.ip}`}</span>
          <span className="small-print">{`${t('members.opened')} ${auditTime(new Date(s.opened ?? 0))}`}</span>
        </li>
      ))}
    </ul>
  );
}

function Units({ me, id }: { me: Me; id: string }) {
  const { t } = useTranslation();
  const found = useQuery({ queryKey: [...memberKey(me.tenant), id, 'units'], queryFn: () => call(me.tenant, 'console.member.units', { params: { member: id } }) });
  if (!found.data) return null;
  if (found.data.units.length === 0) return <p>{t('members.no_units')}</p>;
  return (
    <ul>
      {found.data.units.map((u) => <li key={u.unit}>{[u.name, u.title_name, u.main ? t('members.main') : ''].filter(Boolean).join(' / ')}</li>)}
    </ul>
  );
}

/** The photo as the record has it; those who stand above are changed by themselves. */
function Photo({ me, id, record }: { me: Me; id: string; record: Record_ }) {
  const { t } = useTranslation();
  const queries = useQueryClient();
  const prove = useProof();
  const { member } = record;
  const params = { member: id };
  return (
    <div className="member-photo">
      <Face id={id} name={member.family} kind="person" size="large" photo={member.photo ? `/t/${me.tenant}/console/members/${id}/photo?v=${member.photo}` : undefined} />
      {record.may_act && (
        <PhotoChoice
          tenant={me.tenant} there={member.photo > 0} className="button-row" changed={() => void queries.invalidateQueries({ queryKey: memberKey(me.tenant) })}
          words={{
            choose: t(member.photo ? 'members.photo.change' : 'members.photo.add'), remove: t('members.photo.remove'), saved: t('members.photo.saved'),
            removed: t('members.photo.removed'), ask: t('members.photo.ask', { name: fullName(member) }), about: t('members.photo.about'),
          }}
          button={(text, act, danger) => <Button key={text} size="sm" variant="default" {...(danger ? { color: 'beni' } : {})} onClick={act}>{text}</Button>}
          save={(body) => prove(() => call(me.tenant, 'console.member.photo.put', { params, body }))}
          remove={() => prove(() => call(me.tenant, 'console.member.photo.delete', { params }))}
        />
      )}
    </div>
  );
}

type Form = 'edit' | 'rename' | 'leave' | 'force' | 'link';

function Body({ me, id, record }: { me: Me; id: string; record: Record_ }) {
  const { t } = useTranslation();
  const [act, setAct] = useState<Act | null>(null);
  const [form, setForm] = useState<Form | null>(null);
  const [slip, setSlip] = useState<SlipData | null>(null);
  const { member, leave } = record;
  const name = fullName(member);
  const close = () => setForm(null);
  const button = (key: string, does: () => void, danger = false) => (
    <Button key={key} size="sm" variant="default" color={danger ? 'beni' : ''} onClick={does}>{t(`members.${key}`)}</Button>
  );
  const texts = record as unknown as Record<string, string>;
  const unused = new Set(record.unused.map((f) => f.name));
  const until = leave && (leave.until || t('members.leave_open'));
  const facts: { label: string; value: ReactNode }[] = [
    { label: t('members.status'), value: <MemberStates member={member} /> },
    ...(leave ? [{ label: t('members.on_leave'), value: t(leave.lasts ? 'members.leave_now' : 'members.leave_later', { from: leave.from, until }) }] : []),
    ...(record.app_suspended ? [{ label: t('devices.app.title'), value: <span className="badge status-suspended">{t('devices.app.off')}</span> }] : []),
    { label: t('members.id'), value: `${member.login}@${me.workgroup}` },
    { label: t('members.role'), value: member.role_paused ? `${roleName(member)} (${t('members.paused')})` : roleName(member) },
    { label: t('members.start'), value: dayText(record.start) },
    { label: t('members.made'), value: auditTime(new Date(record.made ?? 0)) },
  ];
  return (
    <>
      <PageHead title={name} about={`${member.family_reading} ${member.given_reading}`.trim()} back={{ to: pathOf('member.member'), label: t('members.back') }} />
      <Card title={t('members.state_card')}>
        <Facts facts={facts} />
        {record.may_act ? (
          <div className="button-row">
            {button(member.status === 'suspended' ? 'resume' : 'suspend', () => setAct(member.status === 'suspended' ? 'resume' : 'suspend'), member.status !== 'suspended')}
            {button('logout', () => setAct('logout'))}
            {member.locked && button('do_unlock', () => setAct('unlock'))}
            {leave ? button('do_back', () => setAct('back')) : button('leave', () => setForm('leave'))}
            {button('link', () => setForm('link'))}
            {button('do_request', () => setAct('request'))}
            {button('force', () => setForm('force'), true)}
            {button('rename', () => setForm('rename'))}
          </div>
        ) : <p className="small-print">{t('members.higher')}</p>}
      </Card>
      {record.may_end && <LostCard id={id} />}
      <Card title={t('members.record_card')}>
        {!unused.has('photo') && <Photo me={me} id={id} record={record} />}
        <Facts
          facts={[...TEXTS, 'language' as const].filter((f) => !unused.has(f)).map((f) => ({
            label: PERSONAL.has(f) ? `${t(`members.f.${f}`)} (${t('members.personal')})` : t(`members.f.${f}`),
            value: f === 'language' ? t(`base.lang.${record.language}`) : DATES.has(f) ? dayText(texts[f] ?? '') || t('members.none') : texts[f] || t('members.none'),
          }))}
        />
        <div className="button-row">{button('edit', () => setForm('edit'))}</div>
      </Card>
      <Card title={t('members.unit_card')}>
        <Units me={me} id={id} />
        <Link to={pathOf('member.unit')} className="text-button">{t('members.to_units')}</Link>
      </Card>
      <TemplateCard me={me} id={id} may={record.may_end} />
      <Card title={t('members.session_card')}><Sessions record={record} /></Card>
      <DeviceCards me={me} id={id} name={name} may={record.may_end} suspended={record.app_suspended} />
      {record.may_act && <SecondCard about={{ tenant: me.tenant, id, name, login: `${member.login}@${me.workgroup}` }} />}
      {record.may_act && (
        <Card title={t('members.danger_card')} text={t('members.delete_text')}>
          <Button size="sm" color="beni" onClick={() => setAct('delete')}>{t('members.delete_of', { name })}</Button>
        </Card>
      )}
      {act && <ActDialog tenant={me.tenant} act={act} members={[member]} close={() => setAct(null)} />}
      {form === 'edit' && <EditDialog me={me} id={id} record={record} close={close} />}
      {form === 'rename' && <RenameDialog me={me} id={id} name={name} login={member.login} close={close} />}
      {form === 'leave' && <LeaveDialog me={me} id={id} name={name} close={close} />}
      {form === 'force' && <ForceDialog me={me} id={id} name={name} close={close} />}
      {form === 'link' && <LinkDialog me={me} id={id} name={name} login={member.login} close={close} made={setSlip} />}
      {slip && <SlipDialog name={name} slip={slip} close={() => setSlip(null)} />}
    </>
  );
}

export function MemberPage({ me, id }: { me: Me; id: string }) {
  const { t } = useTranslation();
  const found = useQuery({ queryKey: [...memberKey(me.tenant), id], queryFn: () => call(me.tenant, 'console.member.read', { params: { member: id } }) });
  if (found.isPending) return <Loading />;
  if (!found.data || isRefusal(found.error)) {
    return (
      <>
        <PageHead title={t('members.title')} back={{ to: pathOf('member.member'), label: t('members.back') }} />
        <ErrorNote error={found.error} retry={() => void found.refetch()} />
      </>
    );
  }
  return <Body me={me} id={id} record={found.data} />;
}

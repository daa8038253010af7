// 設定 > アカウント: all that is kept about the person, the photo, the line on what one is doing; what may be changed is
// changed here, for the rest a correction is asked for.
import './own.css';
import { Button, Textarea, TextInput } from '@mantine/core';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Account } from '../app.tsx';
import { call, type ApiError } from '../base/api.ts';
import { Face } from '../base/face.tsx';
import { addWords, currentLang } from '../base/i18n.ts';
import { toast } from '../base/live.tsx';
import { ErrorNote, Loading, isRefusal } from '../base/states.tsx';
import { auditTime, dayText, listTime } from '../base/time.ts';
import { FormDialog, Problem, useAct } from '../console/kit.tsx';
import kitEn from '../console/words/kit.en.json';
import kitJa from '../console/words/kit.ja.json';
import { useTalkStore } from '../talk/talk.ts';
import { PhotoChoice } from './photo_choice.tsx';
import en from './words/profile.en.json';
import ja from './words/profile.ja.json';
import type { Me, OwnField } from '../base/types.ts';

addWords('profile', ja, en);
addWords('kit', kitJa, kitEn);

const DAYS = new Set(['birthday', 'join_date']);
const TIMES = new Set(['start', 'made', 'seen', 'leave_from', 'leave_until', 'password_set']);
/** Shown in parts of their own, or of no use to read. */
const ELSEWHERE = new Set(['photo', 'presence', 'presence_until', 'here_hidden', 'language', 'app_suspended']);
const PRESENCE_MAX = 60;
const HOUR = 3_600_000;

const keyOf = (me: Me) => ['own', me.tenant, me.id];

export function useOwn(me: Me) {
  return useQuery({ queryKey: keyOf(me), queryFn: () => call(me.tenant, 'me.data') });
}

/** The own data, and what colleagues see of it, anew. */
function useRefresh(me: Me): () => void {
  const queries = useQueryClient();
  const talk = useTalkStore();
  return () => {
    void queries.invalidateQueries({ queryKey: keyOf(me) });
    void queries.invalidateQueries({ queryKey: ['member', me.tenant, me.id] });
    void talk.loadMembers(true).catch(() => undefined);
  };
}

function useFieldWords(): (field: string) => string {
  const { t } = useTranslation();
  return (field) => t(`profile.field.${field}`);
}

/* Another role is one of the company's own, and comes with its name. */
const BUILT_IN = new Set(['member', 'operator', 'sub', 'super']);

function valueOf(f: OwnField, t: (key: string) => string): string {
  if (!f.value) return t('profile.own.empty');
  if (f.field === 'role') return BUILT_IN.has(f.value) ? t(`profile.role.${f.value}`) : f.value;
  if (DAYS.has(f.field)) return dayText(f.value);
  return TIMES.has(f.field) ? auditTime(new Date(f.value)).slice(0, -3) : f.value;
}

const byField = (fields: OwnField[], name: string): OwnField | undefined => fields.find((f) => f.field === name);

// ---- photo

function Photo({ me, fields }: { me: Me; fields: OwnField[] }) {
  const { t } = useTranslation();
  const refresh = useRefresh(me);
  const photo = byField(fields, 'photo');
  if (!photo || (photo.by === 'unused' && !photo.value)) return null;
  const version = photo.value ? Date.parse(photo.value) : 0;
  return (
    <div className="own-photo">
      <Face id={me.id} name={me.family} kind="person" size="large" photo={version ? `/t/${me.tenant}/me/photo?v=${version}` : undefined} />
      <div className="own-photo-acts">
        <h3>{t('profile.field.photo')}</h3>
        {photo.by === 'member' ? (
          <PhotoChoice
            tenant={me.tenant} there={version > 0} className="button-row" changed={refresh}
            words={{
              choose: t(version ? 'profile.photo.change' : 'profile.photo.add'), remove: t('profile.photo.remove'), saved: t('profile.photo.saved'),
              removed: t('profile.photo.removed'), ask: t('profile.photo.remove_title'), about: t('profile.photo.remove_text'),
            }}
            button={(text, act, danger) => <Button key={text} variant="default" {...(danger ? { color: 'beni' } : {})} onClick={act}>{text}</Button>}
            save={(body) => call(me.tenant, 'me.photo.put', { body })} remove={() => call(me.tenant, 'me.photo.delete')}
          />
        ) : <p className="small-print">{t('profile.own.by_admin')}</p>}
        {!photo.shown && <p className="small-print">{t('profile.photo.hidden')}</p>}
      </div>
    </div>
  );
}

// ---- what one says of oneself

type Until = 'none' | 'hour' | 'today';

/** The end of today by this device's clock. */
function endOf(until: Until): number | undefined {
  const now = new Date();
  if (until === 'hour') return now.getTime() + HOUR;
  if (until === 'today') return new Date(now.getFullYear(), now.getMonth(), now.getDate() + 1).getTime();
  return undefined;
}

function PresenceForm({ me, fields }: { me: Me; fields: OwnField[] }) {
  const { t } = useTranslation();
  const refresh = useRefresh(me);
  const now = byField(fields, 'presence')?.value ?? '';
  const ends = byField(fields, 'presence_until')?.value ?? '';
  const [text, setText] = useState(now);
  const [until, setUntil] = useState<Until>('none');
  const { busy, problem, errors, run } = useAct();
  const put = (next: string) => run(async () => {
    const end = endOf(until);
    await call(me.tenant, 'me.presence', { body: { text: next, ...(next && end ? { until: end } : {}) } });
    setText(next);
    toast(t(next ? 'profile.presence.saved' : 'profile.presence.cleared'));
    refresh();
  });
  const choices = ['out', 'meeting', 'break', 'home', 'trip', 'off'] as const;
  return (
    <form className="own-presence" onSubmit={(e) => { e.preventDefault(); void put(text.trim()); }}>
      <h3>{t('profile.presence.title')}</h3>
      <p className="small-print">
        {now ? t(ends ? 'profile.presence.now_until' : 'profile.presence.now', { text: now, time: ends && listTime(new Date(ends), new Date(), currentLang()) })
          : t('profile.presence.nothing')}
      </p>
      <div className="button-row">
        {choices.map((c) => (
          <button key={c} type="button" className="quick-choice" aria-pressed={text === t(`profile.presence.${c}`)} onClick={() => setText(t(`profile.presence.${c}`))}>
            {t(`profile.presence.${c}`)}
          </button>
        ))}
      </div>
      <TextInput
        label={t('profile.presence.label')} value={text} maxLength={PRESENCE_MAX} autoComplete="off" onChange={(e) => setText(e.currentTarget.value)}
        error={errors['text']}
      />
      <label className="own-until">
        <span>{t('profile.presence.until')}</span>
        <select value={until} onChange={(e) => setUntil(e.target.value as Until)}>
          {(['none', 'hour', 'today'] as const).map((u) => <option key={u} value={u}>{t(`profile.presence.until_${u}`)}</option>)}
        </select>
      </label>
      <Problem text={problem} />
      <div className="button-row">
        <Button type="submit" loading={busy} disabled={text.trim() === ''}>{t('profile.presence.save')}</Button>
        {now && <Button variant="default" onClick={() => void put('')}>{t('profile.presence.clear')}</Button>}
      </div>
    </form>
  );
}

// ---- the fields

function EditDialog({ me, field, close }: { me: Me; field: OwnField; close: () => void }) {
  const { t } = useTranslation();
  const words = useFieldWords();
  const refresh = useRefresh(me);
  const [value, setValue] = useState(field.value);
  const date = field.field === 'birthday' || field.field === 'join_date';
  const submit = async () => {
    await call(me.tenant, 'me.profile', { body: { [field.field]: value.trim() } });
    toast(t('profile.own.saved'));
    refresh();
    close();
  };
  return (
    <FormDialog
      title={t('profile.own.edit_title', { field: words(field.field) })} close={close} submit={submit} act={t('profile.own.save')}
      shows={[field.field]} names={() => t('profile.own.refused')}
    >
      {(errors) => (
        <TextInput
          label={words(field.field)} type={date ? 'date' : 'text'} value={value} data-autofocus autoComplete="off"
          description={field.field.endsWith('phone') || field.field === 'mobile' ? t('profile.own.phone_hint') : undefined}
          onChange={(e) => setValue(e.currentTarget.value)} error={errors[field.field]}
        />
      )}
    </FormDialog>
  );
}

function AskDialog({ me, field, close }: { me: Me; field: OwnField; close: () => void }) {
  const { t } = useTranslation();
  const words = useFieldWords();
  const [text, setText] = useState('');
  const submit = async () => {
    await call(me.tenant, 'me.correction', { body: { field: field.field, text: text.trim() } });
    toast(t('profile.ask.sent'));
    close();
  };
  return (
    <FormDialog
      title={t('profile.ask.title', { field: words(field.field) })} close={close} submit={submit} act={t('profile.ask.send')} shows={['text']}
      names={() => t('profile.ask.need')}
    >
      {(errors) => (
        <>
          <p>{t('profile.ask.text')}</p>
          <Textarea
            label={t('profile.ask.label')} value={text} rows={4} maxLength={1000} data-autofocus onChange={(e) => setText(e.currentTarget.value)}
            error={errors['text']}
          />
        </>
      )}
    </FormDialog>
  );
}

function FieldRow({ field, edit, ask }: { field: OwnField; edit: () => void; ask: () => void }) {
  const { t } = useTranslation();
  const label = useFieldWords()(field.field);
  return (
    <li className="own-field">
      <span className="own-what">
        <span className="own-label">{label}</span>
        <span className={field.value ? 'own-value' : 'own-value own-none'}>{valueOf(field, t)}</span>
        <span className="small-print">{[t(`profile.by.${field.by}`), field.shown && t('profile.own.shown')].filter(Boolean).join(' · ')}</span>
      </span>
      {field.by === 'member' && (
        <Button variant="default" aria-label={t('profile.own.edit_of', { field: label })} onClick={edit}>{t('profile.own.edit')}</Button>
      )}
      {(field.by === 'admin' || field.by === 'unused') && (
        <Button variant="default" aria-label={t('profile.ask.of', { field: label })} onClick={ask}>{t('profile.ask.act')}</Button>
      )}
    </li>
  );
}

export function OwnData({ account }: { account: Account }) {
  const { t } = useTranslation();
  const { me } = account;
  const own = useOwn(me);
  const [editing, setEditing] = useState<OwnField | null>(null);
  const [asking, setAsking] = useState<OwnField | null>(null);
  if (own.isPending) return <Loading rows={6} />;
  if (!own.data || isRefusal(own.error)) return <ErrorNote error={own.error as ApiError} retry={() => void own.refetch()} />;
  const { fields } = own.data;
  const shown = fields.filter((f) => !ELSEWHERE.has(f.field) && (f.value || f.by === 'member' || f.by === 'admin'));
  return (
    <>
      <Photo me={me} fields={fields} />
      <PresenceForm me={me} fields={fields} />
      <h3>{t('profile.own.title')}</h3>
      <p className="small-print">{t('profile.own.about')}</p>
      <ul className="own-fields">
        {shown.map((f) => <FieldRow key={f.field} field={f} edit={() => setEditing(f)} ask={() => setAsking(f)} />)}
      </ul>
      {editing && <EditDialog me={me} field={editing} close={() => setEditing(null)} />}
      {asking && <AskDialog me={me} field={asking} close={() => setAsking(null)} />}
    </>
  );
}

// One new member: the few fields that are needed, then the slip for its first login, which is shown this once.
import { Button, NativeSelect, TextInput } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { SlipSheet, type SlipData } from '../account/slip.tsx';
import { call } from '../base/api.ts';
import { Dialog } from '../base/dialog.tsx';
import { toast } from '../base/live.tsx';
import type { Me } from '../base/types.ts';
import { fullName } from '../talk/names.ts';
import { FieldError, FormDialog, useProof } from './kit.tsx';
import { memberKey } from './member_acts.tsx';

const NAMES = ['family', 'given', 'family_reading', 'given_reading'] as const;
type First = 'member' | 'auto' | 'admin';

export function SlipDialog({ name, slip, close }: { name: string; slip: SlipData; close: () => void }) {
  const { t } = useTranslation();
  return (
    <Dialog opened close={close} title={t('members.slip_title', { name })}>
      <SlipSheet slips={[slip]} />
      <div className="dialog-buttons"><Button variant="default" onClick={close}>{t('members.close')}</Button></div>
    </Dialog>
  );
}

export const slipOf = (me: Me, name: string, login: string, more: { link: string; until?: string | null; password?: string }): SlipData => ({
  company: me.company, name, login, workgroup: me.workgroup, ...more,
});

export function AddDialog({ me, close, made }: { me: Me; close: () => void; made: (name: string, slip: SlipData) => void }) {
  const { t } = useTranslation();
  const queries = useQueryClient();
  const prove = useProof();
  const [texts, setTexts] = useState<Record<string, string>>({});
  const [first, setFirst] = useState<First>('member');
  const text = (field: string): string => texts[field] ?? '';
  const set = (field: string, value: string) => setTexts({ ...texts, [field]: value });
  const submit = async () => {
    for (const field of ['family', 'given', 'login']) if (text(field).trim() === '') throw new FieldError(field, t(`members.e.${field}`));
    const names = { family: text('family'), given: text('given') };
    const body = {
      ...names, family_reading: text('family_reading'), given_reading: text('given_reading'), login: text('login').trim().toLowerCase(),
      initial: first, ...(text('start') ? { start: text('start') } : {}), ...(first === 'admin' ? { password: text('password') } : {}),
    };
    const answer = await prove(() => call(me.tenant, 'console.member.add', { body }));
    await queries.invalidateQueries({ queryKey: memberKey(me.tenant) });
    toast(t('members.add_done', { name: fullName(names) }));
    close();
    const shown = answer.password || (first === 'admin' ? body.password ?? '' : '');
    made(fullName(names), slipOf(me, fullName(names), body.login, { link: answer.link, until: answer.until, ...(shown ? { password: shown } : {}) }));
  };
  return (
    <FormDialog
      title={t('members.add_title')} close={close} submit={submit} act={t('members.add_act')}
      shows={[...NAMES, 'login', 'start', 'password']} names={(field) => t(`members.e.${field}`, { defaultValue: '' }) || undefined}
    >
      {(errors) => (
        <>
          <div className="form-pair">
            {NAMES.map((field) => (
              <TextInput
                key={field} label={t(`members.f.${field}`)} required={field === 'family' || field === 'given'} value={text(field)}
                {...(field === 'family' ? { 'data-autofocus': true } : {})} autoComplete="off"
                error={errors[field]} onChange={(e) => set(field, e.currentTarget.value)}
              />
            ))}
          </div>
          <TextInput
            label={t('members.id')} description={t('members.login_hint')} required autoComplete="off" autoCapitalize="none" spellCheck={false}
            rightSectionWidth="auto" value={text('login')} error={errors['login']} onChange={(e) => set('login', e.currentTarget.value)}
          />
          <TextInput
            type="date" label={t('members.start')} description={t('members.start_hint')} value={text('start')} error={errors['start']}
            onChange={(e) => set('start', e.currentTarget.value)}
          />
          <NativeSelect
            label={t('members.first')} value={first} onChange={(e) => setFirst(e.currentTarget.value as First)}
            data={(['member', 'auto', 'admin'] as const).map((v) => ({ value: v, label: t(`members.first_${v}`) }))}
          />
          {first === 'admin' && (
            <TextInput
              label={t('members.password')} required autoComplete="off" spellCheck={false} value={text('password')} error={errors['password']}
              onChange={(e) => set('password', e.currentTarget.value)}
            />
          )}
          <p className="small-print">{t('members.add_more')}</p>
        </>
      )}
    </FormDialog>
  );
}

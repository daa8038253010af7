// メンバー情報の項目管理: for each field of a member who fills it in and whether colleagues see it. Two settings, one table.
import './members.css';
import { NativeSelect } from '@mantine/core';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { call } from '../base/api.ts';
import { addWords } from '../base/i18n.ts';
import { toast } from '../base/live.tsx';
import { ErrorNote, Loading } from '../base/states.tsx';
import { DataTable, PageHead, SaveBar, useProof, type Change, type PageProps } from './kit.tsx';
import en from './words/members.en.json';
import ja from './words/members.ja.json';

addWords('members', ja, en);

type Use = 'unused' | 'admin' | 'member';
const USES: Use[] = ['unused', 'admin', 'member'];
const EDITABLE = 'member.field.editable';
const VISIBLE = 'member.field.visible';
/* In the order of the record; which of the two settings speaks of them. */
const FIELDS: { name: string; fills: boolean; shows: boolean }[] = [
  { name: 'name', fills: false, shows: false },
  ...['nickname', 'photo'].map((name) => ({ name, fills: true, shows: true })),
  ...['unit', 'title', 'grade'].map((name) => ({ name, fills: false, shows: true })),
  ...['phone'].map((name) => ({ name, fills: true, shows: true })),
  ...['mobile', 'private_mail'].map((name) => ({ name, fills: true, shows: false })),
  ...['workplace', 'duties', 'sns', 'employee_number', 'related_contact', 'language'].map((name) => ({ name, fills: true, shows: true })),
  ...['birthday', 'join_date'].map((name) => ({ name, fills: true, shows: false })),
];

/** "nickname:member,*:admin" → use of a field; what no pair names is the admins'. */
export function useOf(value: string, field: string): Use {
  const pairs = new Map(value.split(',').map((p) => p.split(':') as [string, Use]));
  return pairs.get(field) ?? pairs.get('*') ?? 'admin';
}

export function editableText(uses: Record<string, Use>): string {
  return FIELDS.filter((f) => f.fills).map((f) => `${f.name}:${uses[f.name] ?? 'admin'}`).join(',');
}

function Form({ me, editable, visible }: PageProps & { editable: string; visible: string }) {
  const { t } = useTranslation();
  const queries = useQueryClient();
  const prove = useProof();
  const [uses, setUses] = useState<Record<string, Use>>({});
  const [shown, setShown] = useState<Record<string, boolean>>({});
  const seen = new Set(visible.split('|'));
  const use = (f: string): Use => uses[f] ?? useOf(editable, f);
  const isShown = (f: string): boolean => shown[f] ?? seen.has(f);
  const label = (f: string): string => t(`members.f.${f}`);
  const showWord = (yes: boolean): string => t(yes ? 'members.show' : 'members.hide');
  const changes: Change[] = [
    ...FIELDS.filter((f) => f.fills && use(f.name) !== useOf(editable, f.name)).map((f) => ({
      label: t('members.change_who', { field: label(f.name) }), old: t(`members.${useOf(editable, f.name)}`), next: t(`members.${use(f.name)}`),
    })),
    ...FIELDS.filter((f) => f.shows && isShown(f.name) !== seen.has(f.name)).map((f) => ({
      label: t('members.change_show', { field: label(f.name) }), old: showWord(seen.has(f.name)), next: showWord(isShown(f.name)),
    })),
  ];
  const discard = () => {
    setUses({});
    setShown({});
  };
  const save = async () => {
    const who = Object.fromEntries(FIELDS.filter((f) => f.fills).map((f) => [f.name, use(f.name)]));
    const set = ['name', ...FIELDS.filter((f) => f.shows && isShown(f.name)).map((f) => f.name)].join('|');
    const put = (setting: string, value: string) => prove(() => call(me.tenant, 'console.setting.put', { params: { setting }, body: { value } }));
    if (Object.keys(uses).length > 0) await put(EDITABLE, editableText(who));
    if (Object.keys(shown).length > 0) await put(VISIBLE, set);
    await queries.invalidateQueries({ queryKey: ['console', me.tenant] });
    discard();
    toast(t('members.saved'));
  };
  return (
    <>
      <DataTable
        label={t('members.fields_title')} className="fields-table" rows={FIELDS} keyOf={(f) => f.name} empty={null}
        columns={[
          { key: 'field', head: t('members.field'), cell: (f) => label(f.name) },
          {
            key: 'who', head: t('members.who'),
            cell: (f) => (f.fills ? (
              <NativeSelect
                aria-label={t('members.change_who', { field: label(f.name) })} value={use(f.name)}
                onChange={(e) => setUses({ ...uses, [f.name]: e.currentTarget.value as Use })}
                data={USES.map((u) => ({ value: u, label: t(`members.${u}`) }))}
              />
            ) : t(f.name === 'title' || f.name === 'grade' ? 'members.by_label' : 'members.by_admin')),
          },
          {
            key: 'shown', head: t('members.shown'),
            cell: (f) => (f.shows ? (
              <NativeSelect
                aria-label={t('members.change_show', { field: label(f.name) })} value={isShown(f.name) ? 'yes' : 'no'}
                onChange={(e) => setShown({ ...shown, [f.name]: e.currentTarget.value === 'yes' })}
                data={[{ value: 'yes', label: showWord(true) }, { value: 'no', label: showWord(false) }]}
              />
            ) : t(f.name === 'name' ? 'members.always' : 'members.elsewhere')),
          },
        ]}
      />
      <SaveBar changes={changes} save={save} discard={discard} />
    </>
  );
}

export function MemberFieldsPage(props: PageProps) {
  const { t } = useTranslation();
  const { me } = props;
  const found = useQuery({ queryKey: ['console', me.tenant, 'settings'], queryFn: () => call(me.tenant, 'console.setting.list') });
  const value = (key: string) => found.data?.settings.find((s) => s.key === key)?.value;
  const editable = value(EDITABLE);
  const visible = value(VISIBLE);
  return (
    <>
      <PageHead title={t('members.fields_title')} about={t('members.fields_about')} />
      {found.isPending && <Loading />}
      {found.isError && <ErrorNote error={found.error} retry={() => void found.refetch()} />}
      {editable !== undefined && visible !== undefined && <Form {...props} editable={editable} visible={visible} />}
    </>
  );
}

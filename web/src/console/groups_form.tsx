// The forms of a group: its record, and the members to choose by search.
import { Button, Checkbox, Switch, Textarea, TextInput } from '@mantine/core';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { call } from '../base/api.ts';
import { toast } from '../base/live.tsx';
import { ErrorNote } from '../base/states.tsx';
import { fullName } from '../talk/names.ts';
import { FieldError, FormDialog, SearchBox, type FieldErrors } from './kit.tsx';
import type { Ops } from '../../gen/api.ts';

type Read = Ops['console.group.read']['output'];
type Functions = Read['group']['functions'];
type Advanced = Read['group']['advanced'];
export const FUNCTIONS = ['talk', 'note', 'event', 'task', 'folder'] as const;
const ADVANCED = ['delegation', 'notify', 'public'] as const;
const NAME_MAX = 80;
const TEXT_MAX = 1000;

export interface Chosen {
  id: string;
  name: string;
  master: boolean;
}

export const fieldNames = (t: (key: string) => string) => (field: string): string | undefined => {
  if (field === 'name') return t('groups.form.need_name');
  if (field === 'masters' || field === 'members' || field === 'add') return t('groups.form.person_gone');
  return t('groups.form.bad');
};

/** Search, results with a button each, and, where `masters`, a box for who is a master. */
export function PeoplePicker({ tenant, chosen, choose, present, masters, error }: {
  tenant: string; chosen: Chosen[]; choose: (next: Chosen[]) => void; present: ReadonlySet<string>; masters: boolean; error: string | undefined;
}) {
  const { t } = useTranslation();
  const [q, setQ] = useState('');
  const found = useQuery({
    queryKey: ['console', tenant, 'group-people', q],
    queryFn: () => call(tenant, 'console.group.people', { query: { q } }),
    enabled: q !== '',
  });
  const taken = (id: string) => present.has(id) || chosen.some((c) => c.id === id);
  const people = found.data?.people ?? [];
  return (
    <fieldset className="people-picker">
      <legend>{t('groups.people.title')}</legend>
      <SearchBox label={t('groups.people.search')} value={q} change={setQ} />
      {found.isError && <ErrorNote error={found.error} retry={() => void found.refetch()} />}
      {q !== '' && found.isSuccess && people.length === 0 && <p className="small-print" role="status">{t('groups.people.none', { q })}</p>}
      {q !== '' && people.length > 0 && (
        <ul className="group-picks" aria-label={t('groups.people.results')}>
          {people.map((p) => (
            <li key={p.id}>
              <span className="pick-name">{fullName(p)} <span className="small-print">{p.login}</span></span>
              {taken(p.id)
                ? <span className="small-print">{t('groups.people.added')}</span>
                : (
                  <Button
                    size="sm" variant="default" aria-label={t('groups.people.add_of', { name: fullName(p) })}
                    onClick={() => choose([...chosen, { id: p.id, name: fullName(p), master: masters && chosen.length === 0 }])}
                  >
                    {t('groups.people.add')}
                  </Button>
                )}
            </li>
          ))}
        </ul>
      )}
      <p className="pick-head">{t('groups.people.chosen', { n: chosen.length })}</p>
      {chosen.length === 0 && <p className="small-print">{t('groups.people.nobody')}</p>}
      <ul className="group-picks">
        {chosen.map((c) => (
          <li key={c.id}>
            <span className="pick-name">{c.name}</span>
            {masters && (
              <Checkbox
                label={t('groups.people.master')} aria-label={t('groups.people.is_master', { name: c.name })} checked={c.master}
                onChange={(e) => choose(chosen.map((o) => (o.id === c.id ? { ...o, master: e.currentTarget.checked } : o)))}
              />
            )}
            <Button
              size="sm" variant="default" aria-label={t('groups.people.remove_of', { name: c.name })}
              onClick={() => choose(chosen.filter((o) => o.id !== c.id))}
            >
              {t('groups.people.remove')}
            </Button>
          </li>
        ))}
      </ul>
      <div role="alert">{error && <p className="form-error">{error}</p>}</div>
    </fieldset>
  );
}

interface Draft {
  name: string;
  description: string;
  functions: Functions;
  advanced: Advanced;
}

function RecordFields({ draft, change, errors, children }: {
  draft: Draft; change: (next: Draft) => void; errors: FieldErrors; children?: ReactNode;
}) {
  const { t } = useTranslation();
  return (
    <>
      <TextInput
        label={t('groups.form.name')} required data-autofocus maxLength={NAME_MAX} value={draft.name} error={errors['name']}
        onChange={(e) => change({ ...draft, name: e.currentTarget.value })}
      />
      <Textarea
        label={t('groups.form.description')} description={t('groups.form.description_hint')} maxLength={TEXT_MAX} rows={2}
        value={draft.description} error={errors['description']} onChange={(e) => change({ ...draft, description: e.currentTarget.value })}
      />
      {children}
      <fieldset className="checks">
        <legend>{t('groups.form.functions')}</legend>
        <p className="small-print">{t('groups.form.functions_hint')}</p>
        {FUNCTIONS.map((f) => (
          <Checkbox
            key={f} label={t(`groups.function.${f}`)} checked={draft.functions[f]} disabled={f !== 'talk' && !draft.functions.talk}
            onChange={(e) => change({ ...draft, functions: { ...draft.functions, [f]: e.currentTarget.checked } })}
          />
        ))}
      </fieldset>
      <fieldset className="checks">
        <legend>{t('groups.form.advanced')}</legend>
        {ADVANCED.map((a) => (
          <Switch
            key={a} label={t(`groups.form.${a}`)} checked={draft.advanced[a]}
            onChange={(e) => change({ ...draft, advanced: { ...draft.advanced, [a]: e.currentTarget.checked } })}
          />
        ))}
      </fieldset>
    </>
  );
}

export function CreateGroup({ tenant, close, made }: { tenant: string; close: () => void; made: (id: string) => void }) {
  const { t } = useTranslation();
  const queries = useQueryClient();
  const [draft, setDraft] = useState<Draft>({
    name: '', description: '', functions: { talk: true, note: true, event: true, task: true, folder: true },
    advanced: { delegation: false, notify: true, public: false },
  });
  const [chosen, setChosen] = useState<Chosen[]>([]);
  const submit = async () => {
    const name = draft.name.trim();
    const ids = (master: boolean) => chosen.filter((c) => c.master === master).map((c) => c.id);
    if (name === '') throw new FieldError('name', t('groups.form.need_name'));
    if (ids(true).length === 0) throw new FieldError('masters', t('groups.form.need_master'));
    const { id } = await call(tenant, 'console.group.add', {
      body: { ...draft, name, kind: 'internal', masters: ids(true), members: ids(false) },
    });
    await queries.invalidateQueries({ queryKey: ['console', tenant, 'groups'] });
    toast(t('groups.form.created', { name }));
    made(id);
  };
  return (
    <FormDialog
      title={t('groups.form.create')} close={close} submit={submit} act={t('groups.form.act_create')} names={fieldNames(t)}
      shows={['name', 'description', 'masters', 'members']}
    >
      {(errors) => (
        <RecordFields draft={draft} change={setDraft} errors={errors}>
          <div>
            <p className="pick-head">{`${t('groups.form.kind')}: ${t('groups.kind.internal')}`}</p>
            <p className="small-print">{t('groups.form.kind_fixed')}</p>
          </div>
          <PeoplePicker
            tenant={tenant} chosen={chosen} choose={setChosen} present={new Set()} masters error={errors['masters'] ?? errors['members']}
          />
        </RecordFields>
      )}
    </FormDialog>
  );
}

export function EditGroup({ tenant, group, close, saved }: { tenant: string; group: Read['group']; close: () => void; saved: () => Promise<void> }) {
  const { t } = useTranslation();
  const [draft, setDraft] = useState<Draft>({
    name: group.name, description: group.description, functions: group.functions, advanced: group.advanced,
  });
  const submit = async () => {
    const name = draft.name.trim();
    if (name === '') throw new FieldError('name', t('groups.form.need_name'));
    await call(tenant, 'console.group.edit', { params: { group: group.id }, body: { ...draft, name } });
    await saved();
    toast(t('groups.form.saved'));
    close();
  };
  return (
    <FormDialog
      title={t('groups.form.edit')} close={close} submit={submit} act={t('groups.form.save')} names={fieldNames(t)} shows={['name', 'description']}
    >
      {(errors) => <RecordFields draft={draft} change={setDraft} errors={errors} />}
    </FormDialog>
  );
}

export function AddPeople({ tenant, group, present, close, saved }: {
  tenant: string; group: string; present: ReadonlySet<string>; close: () => void; saved: () => Promise<void>;
}) {
  const { t } = useTranslation();
  const [chosen, setChosen] = useState<Chosen[]>([]);
  const submit = async () => {
    if (chosen.length === 0) throw new FieldError('add', t('groups.people.need_one'));
    await call(tenant, 'console.group.edit', { params: { group }, body: { add: chosen.map((c) => c.id) } });
    await saved();
    toast(t('groups.people.add_done', { n: chosen.length }));
    close();
  };
  return (
    <FormDialog title={t('groups.people.add_title')} close={close} submit={submit} act={t('groups.people.add_act')} names={fieldNames(t)} shows={['add']}>
      {(errors) => (
        <PeoplePicker tenant={tenant} chosen={chosen} choose={setChosen} present={present} masters={false} error={errors['add']} />
      )}
    </FormDialog>
  );
}

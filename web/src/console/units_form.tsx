// The dialogs of units: add, edit, move with the list of whose rooms change, members to add, one member's post, delete.
import { Checkbox, NativeSelect, Radio, Switch, Textarea, TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { ApiError, call } from '../base/api.ts';
import { toast } from '../base/live.tsx';
import { ErrorNote, Loading, isRefusal } from '../base/states.tsx';
import { fullName } from '../talk/names.ts';
import { Confirm, FieldError, FormDialog, SearchBox } from './kit.tsx';
import { TOP, isBelow, pathTo, type Unit, type Units } from './units_tree.tsx';
import type { Ops } from '../../gen/api.ts';

export type UnitRecord = Ops['console.unit.read']['output'];
export type Person = Ops['console.unit.people']['output']['members'][number];
type EditBody = Ops['console.unit.edit']['body'];
const FOUND_MAX = 200;

/** What an edit sends: the whole record, with some of it changed. */
export function editBody(u: UnitRecord, changes: Partial<EditBody> = {}): EditBody {
  const { id: _id, parent: _parent, members: _members, people: _people, leader_name: _name, room: _room, leader, ...record } = u;
  const body = { ...record, ...(leader === TOP ? {} : { leader }), ...changes };
  if (body.leader === TOP) delete body.leader;
  return body;
}

function useFieldNames() {
  const { t } = useTranslation();
  return (field: string): string | undefined => (field === 'name' ? t('units.form.need_name') : field === 'code' ? t('units.form.bad_code') : undefined);
}

/** An ID that is taken is the fault of its field. */
async function withCode<T>(act: () => Promise<T>): Promise<T> {
  try {
    return await act();
  } catch (e) {
    if (e instanceof ApiError && e.code === 'code_taken') throw new FieldError('code', e.message);
    throw e;
  }
}

function RecordFields({ draft, change, errors }: {
  draft: { name: string; code: string; description: string }; change: (next: Partial<{ name: string; code: string; description: string }>) => void;
  errors: Record<string, string | undefined>;
}) {
  const { t } = useTranslation();
  return (
    <>
      <TextInput
        label={t('units.form.name')} required data-autofocus maxLength={80} value={draft.name} error={errors['name']}
        onChange={(e) => change({ name: e.currentTarget.value })}
      />
      <TextInput
        label={t('units.form.code')} description={t('units.form.code_hint')} required maxLength={40} value={draft.code} error={errors['code']}
        autoComplete="off" autoCapitalize="off" spellCheck={false} onChange={(e) => change({ code: e.currentTarget.value })}
      />
      <Textarea
        label={t('units.form.description')} maxLength={1000} rows={2} value={draft.description} error={errors['description']}
        onChange={(e) => change({ description: e.currentTarget.value })}
      />
    </>
  );
}

export function AddUnit({ tenant, parent, close, done }: {
  tenant: string; parent: Unit | null; close: () => void; done: (id: string) => Promise<void>;
}) {
  const { t } = useTranslation();
  const names = useFieldNames();
  const [draft, setDraft] = useState({ name: '', code: '', description: '' });
  const submit = async () => {
    if (!draft.name.trim()) throw new FieldError('name', t('units.form.need_name'));
    if (!draft.code.trim()) throw new FieldError('code', t('units.form.bad_code'));
    const { id } = await withCode(() => call(tenant, 'console.unit.add', {
      body: { ...draft, code: draft.code.trim(), ...(parent ? { parent: parent.id } : {}) },
    }));
    await done(id);
    toast(t('units.form.added', { name: draft.name.trim() }));
    close();
  };
  return (
    <FormDialog
      title={parent ? t('units.form.add_below', { name: parent.name }) : t('units.form.add')} close={close} submit={submit}
      act={t('units.form.act_add')} names={names} shows={['name', 'code', 'description']}
    >
      {(errors) => <RecordFields draft={draft} change={(n) => setDraft({ ...draft, ...n })} errors={errors} />}
    </FormDialog>
  );
}

export function EditUnit({ tenant, unit, close, done }: { tenant: string; unit: UnitRecord; close: () => void; done: () => Promise<void> }) {
  const { t } = useTranslation();
  const names = useFieldNames();
  const [draft, setDraft] = useState({ name: unit.name, code: unit.code, description: unit.description });
  const [open, setOpen] = useState(unit.public);
  const submit = async () => {
    if (!draft.name.trim()) throw new FieldError('name', t('units.form.need_name'));
    await withCode(() => call(tenant, 'console.unit.edit', {
      params: { unit: unit.id }, body: editBody(unit, { ...draft, code: draft.code.trim(), public: open }),
    }));
    await done();
    toast(t('units.form.saved'));
    close();
  };
  return (
    <FormDialog
      title={t('units.form.edit', { name: unit.name })} close={close} submit={submit} act={t('units.form.save')} names={names}
      shows={['name', 'code', 'description']}
    >
      {(errors) => (
        <>
          <RecordFields draft={draft} change={(n) => setDraft({ ...draft, ...n })} errors={errors} />
          <Switch
            label={t('units.form.public')} description={t('units.form.public_hint')} checked={open}
            onChange={(e) => setOpen(e.currentTarget.checked)}
          />
        </>
      )}
    </FormDialog>
  );
}

function MovePlan({ tenant, unit, parent }: { tenant: string; unit: Unit; parent: string }) {
  const { t } = useTranslation();
  const plan = useQuery({
    queryKey: ['console', tenant, 'units', 'plan', unit.id, parent],
    queryFn: () => call(tenant, 'console.unit.move_plan', { params: { unit: unit.id }, query: parent === TOP ? {} : { parent } }),
    staleTime: 0,
  });
  if (plan.isPending) return <Loading rows={2} />;
  if (!plan.data || isRefusal(plan.error)) return <ErrorNote error={plan.error} />;
  const { total, leaves, joins, members } = plan.data;
  if (total === 0) return <p className="small-print">{t('units.move.nobody')}</p>;
  return (
    <div className="move-plan">
      <p><strong>{t('units.move.total', { n: total })}</strong></p>
      {leaves.length > 0 && <p className="small-print">{t('units.move.leaves', { names: leaves.map((u) => u.name).join(t('units.tree.comma')) })}</p>}
      {joins.length > 0 && <p className="small-print">{t('units.move.joins', { names: joins.map((u) => u.name).join(t('units.tree.comma')) })}</p>}
      <ul aria-label={t('units.move.who')} tabIndex={0}>
        {members.map((m) => <li key={m.id}>{fullName(m)}</li>)}
        {total > members.length && <li>{t('units.move.more', { n: total - members.length })}</li>}
      </ul>
    </div>
  );
}

export function MoveUnit({ tenant, units, unit, parent: first, close, done }: {
  tenant: string; units: Units; unit: Unit; parent: string | null; close: () => void; done: () => Promise<void>;
}) {
  const { t } = useTranslation();
  const [q, setQ] = useState('');
  const [parent, setParent] = useState<string | null>(first);
  const name = (u: Unit) => pathTo(units, u.id).map((p) => p.name).join(' › ');
  const places = [
    { id: TOP, label: t('units.move.top') },
    ...units.all.filter((u) => !isBelow(units, u.id, unit.id)).map((u) => ({ id: u.id, label: name(u) })),
  ].filter((p) => p.id !== unit.parent && p.label.toLowerCase().includes(q.toLowerCase()));
  places.sort((a, b) => Number(b.id === parent) - Number(a.id === parent));
  const submit = async () => {
    if (parent === null) throw new FieldError('parent', t('units.move.need'));
    await call(tenant, 'console.unit.move', { params: { unit: unit.id }, body: parent === TOP ? {} : { parent } });
    await done();
    toast(t('units.move.done', { name: unit.name }));
    close();
  };
  return (
    <FormDialog title={t('units.move.title', { name: unit.name })} close={close} submit={submit} act={t('units.move.act')} shows={[]}>
      {() => (
        <>
          <SearchBox label={t('units.move.search')} value={q} change={setQ} />
          <Radio.Group label={t('units.move.to')} value={parent ?? ''} onChange={setParent}>
            <div className="move-places">
              {places.slice(0, FOUND_MAX).map((p) => <Radio key={p.id} value={p.id} label={p.label} />)}
              {places.length === 0 && <p className="small-print">{t('units.move.none')}</p>}
              {places.length > FOUND_MAX && <p className="small-print">{t('units.move.narrow')}</p>}
            </div>
          </Radio.Group>
          <div aria-live="polite">{parent !== null && <MovePlan tenant={tenant} unit={unit} parent={parent} />}</div>
        </>
      )}
    </FormDialog>
  );
}

export function AddMembers({ tenant, unit, close, done }: { tenant: string; unit: UnitRecord; close: () => void; done: () => Promise<void> }) {
  const { t } = useTranslation();
  const [q, setQ] = useState('');
  const [chosen, setChosen] = useState<{ id: string; name: string }[]>([]);
  const found = useQuery({
    queryKey: ['console', tenant, 'units', 'candidates', q],
    queryFn: () => call(tenant, 'console.unit.candidates', { query: { q } }),
    enabled: q !== '',
  });
  const flip = (id: string, name: string) => setChosen(chosen.some((c) => c.id === id) ? chosen.filter((c) => c.id !== id) : [...chosen, { id, name }]);
  const submit = async () => {
    if (chosen.length === 0) throw new FieldError('members', t('units.members.need_one'));
    await call(tenant, 'console.unit.members', { params: { unit: unit.id }, body: { put: chosen.map((c) => ({ member: c.id })) } });
    await done();
    toast(t('units.members.added', { n: chosen.length }));
    close();
  };
  const people = [...chosen, ...(found.data?.members ?? []).map((m) => ({ id: m.id, name: `${fullName(m)} (${m.login})` }))]
    .filter((p, i, all) => all.findIndex((o) => o.id === p.id) === i);
  return (
    <FormDialog title={t('units.members.add_title', { name: unit.name })} close={close} submit={submit} act={t('units.members.add_act')} shows={[]}>
      {() => (
        <>
          <SearchBox label={t('units.members.search')} value={q} change={setQ} />
          {found.isError && <ErrorNote error={found.error} retry={() => void found.refetch()} />}
          {q !== '' && found.isSuccess && found.data.members.length === 0 && <p className="small-print" role="status">{t('units.members.none', { q })}</p>}
          <div className="move-places" role="group" aria-label={t('units.members.found')}>
            {people.map((p) => (
              <Checkbox key={p.id} label={p.name} checked={chosen.some((c) => c.id === p.id)} onChange={() => flip(p.id, p.name)} />
            ))}
          </div>
        </>
      )}
    </FormDialog>
  );
}

export function EditPost({ tenant, unit, person, titles, close, done }: {
  tenant: string; unit: UnitRecord; person: Person; titles: { id: string; name: string }[] | null; close: () => void; done: () => Promise<void>;
}) {
  const { t } = useTranslation();
  const [title, setTitle] = useState(person.title);
  const [main, setMain] = useState(person.main);
  const [leader, setLeader] = useState(person.leader);
  const submit = async () => {
    await call(tenant, 'console.unit.members', {
      params: { unit: unit.id }, body: { put: [{ member: person.id, main, ...(title === TOP ? {} : { title }) }] },
    });
    if (leader !== person.leader) {
      await call(tenant, 'console.unit.edit', { params: { unit: unit.id }, body: editBody(unit, { leader: leader ? person.id : TOP }) });
    }
    await done();
    toast(t('units.form.saved'));
    close();
  };
  return (
    <FormDialog title={t('units.members.edit_title', { name: fullName(person) })} close={close} submit={submit} act={t('units.form.save')} shows={[]}>
      {() => (
        <>
          {titles && (
            <NativeSelect
              label={t('units.members.title')} value={title} onChange={(e) => setTitle(e.currentTarget.value)}
              data={[{ value: TOP, label: t('units.members.no_title') }, ...titles.map((l) => ({ value: l.id, label: l.name }))]}
            />
          )}
          <Checkbox
            label={t('units.members.main')} description={t('units.members.main_hint')} checked={main} disabled={person.main}
            onChange={(e) => setMain(e.currentTarget.checked)}
          />
          <Checkbox
            label={t('units.members.leader')} description={t('units.members.leader_hint')} checked={leader}
            onChange={(e) => setLeader(e.currentTarget.checked)}
          />
        </>
      )}
    </FormDialog>
  );
}

export function RemoveMember({ tenant, unit, person, close, done }: {
  tenant: string; unit: UnitRecord; person: Person; close: () => void; done: () => Promise<void>;
}) {
  const { t } = useTranslation();
  const name = fullName(person);
  return (
    <Confirm
      title={t('units.members.ask_remove', { name, unit: unit.name })} text={t('units.members.ask_remove_text')} act={t('units.members.remove')}
      done={t('units.members.removed', { name })} close={close}
      run={async () => {
        await call(tenant, 'console.unit.members', { params: { unit: unit.id }, body: { remove: [person.id] } });
        await done();
      }}
    />
  );
}

export function DeleteUnit({ tenant, unit, below, close, done }: {
  tenant: string; unit: UnitRecord; below: number; close: () => void; done: () => Promise<void>;
}) {
  const { t } = useTranslation();
  const run = async () => {
    try {
      await call(tenant, 'console.unit.delete', { params: { unit: unit.id } });
    } catch (e) {
      if (e instanceof ApiError && e.code === 'unit_has_members') throw new ApiError(e.code, e.status, t('units.remove.has_members', { n: e.count }));
      throw e;
    }
    await done();
  };
  return (
    <Confirm
      title={t('units.remove.title', { name: unit.name })} text={t('units.remove.text')} act={t('units.remove.act')}
      done={t('units.remove.done', { name: unit.name })} close={close} run={run}
    >
      {below > 0 && <p>{t('units.remove.below', { n: below })}</p>}
    </Confirm>
  );
}


// 独自の権限: roles of the company's own making: which there are, what each opens, and the form that makes and changes them.
// Nobody but the super admin changes what somebody holds; the server decides, the page says so beforehand.
import { Button, Checkbox, TextInput } from '@mantine/core';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { ApiError, call } from '../base/api.ts';
import { Dialog } from '../base/dialog.tsx';
import { currentLang } from '../base/i18n.ts';
import { toast } from '../base/live.tsx';
import { ErrorNote, Loading, isRefusal } from '../base/states.tsx';
import { Confirm, DataTable, FieldError, FormDialog, useProof } from './kit.tsx';
import type { Ops } from '../../gen/api.ts';
import type { Me } from '../base/types.ts';

export type Roles = Ops['console.role.list']['output'];
export type Role = Roles['roles'][number];
export type RoleMenu = Roles['menus'][number];
type Ask = { act: 'make'; from: Role | null } | { act: 'edit' | 'delete' | 'held'; role: Role };

export const ROLES_MAX = 50;
const NAME_MAX = 50;

export const rolesKey = (me: Me): string[] => ['console', me.tenant, 'roles'];
export const useRoles = (me: Me) => useQuery({ queryKey: rolesKey(me), queryFn: () => call(me.tenant, 'console.role.list') });
export const menuName = (m: RoleMenu): string => `${m[`group_${currentLang()}`]} › ${m[currentLang()]}`;
const idsOf = (role: Role | null): Set<string> => new Set(role?.menus.map((m) => m.id));

/** The strong submenus, each with what can be done through it. */
export function Dangers({ menus }: { menus: RoleMenu[] }) {
  const { t } = useTranslation();
  return (
    <ul className="role-dangers">
      {menus.map((m) => <li key={m.id}><strong>{menuName(m)}</strong>{t(`admins.strong.${m.id.replace('.', '_')}`)}</li>)}
    </ul>
  );
}

function Group({ menus, chosen, put }: { menus: RoleMenu[]; chosen: Set<string>; put: (ids: string[], on: boolean) => void }) {
  const { t } = useTranslation();
  const lang = currentLang();
  const name = menus[0]?.[`group_${lang}`] ?? '';
  const on = menus.filter((m) => chosen.has(m.id)).length;
  return (
    <fieldset className="role-group">
      <legend>{t('admins.own.group', { name, n: on, of: menus.length })}</legend>
      <Checkbox
        label={t('admins.own.all', { name })} checked={on === menus.length} indeterminate={on > 0 && on < menus.length}
        onChange={() => put(menus.map((m) => m.id), on < menus.length)}
      />
      <div className="role-menus">
        {menus.map((m) => (
          <Checkbox
            key={m.id} checked={chosen.has(m.id)} onChange={(e) => put([m.id], e.currentTarget.checked)}
            label={<>{m[lang]}{m.sensitive && <> <span className="badge strong-menu">{t('admins.own.strong')}</span></>}</>}
          />
        ))}
      </div>
    </fieldset>
  );
}

/** Makes a role, from nothing or from another one, or changes it. */
function RoleForm({ me, menus, role, from, close }: { me: Me; menus: RoleMenu[]; role: Role | null; from: Role | null; close: () => void }) {
  const { t } = useTranslation();
  const lang = currentLang();
  const queries = useQueryClient();
  const prove = useProof();
  const offered = menus.filter((m) => m.custom);
  const had = idsOf(role);
  const [name, setName] = useState(role?.[lang] ?? (from ? t('admins.own.copy_of', { name: from[lang] }).slice(0, NAME_MAX) : ''));
  const [chosen, setChosen] = useState(() => new Set(offered.map((m) => m.id).filter((id) => idsOf(role ?? from).has(id))));
  const [sure, setSure] = useState(false);
  const gained = offered.filter((m) => m.sensitive && chosen.has(m.id) && !had.has(m.id));
  const put = (ids: string[], on: boolean) => {
    const next = new Set(chosen);
    for (const id of ids) if (on) next.add(id); else next.delete(id);
    setChosen(next);
    setSure(false);
  };
  const submit = async () => {
    if (!name.trim()) throw new FieldError('name', t('admins.own.need_name'));
    if (chosen.size === 0) throw new FieldError('menus', t('admins.own.need_menu'));
    if (gained.length > 0 && !sure) throw new FieldError('confirmed', t('admins.own.need_sure'));
    const body = { name, menus: offered.filter((m) => chosen.has(m.id)).map(({ id }) => ({ id })), confirmed: sure };
    try {
      await prove(() => (role
        ? call(me.tenant, 'console.role.put', { params: { role: role.id }, body })
        : call(me.tenant, 'console.role.add', { body })));
    } catch (e) {
      if (e instanceof ApiError && e.code === 'name_taken') throw new FieldError('name', e.message);
      throw e;
    }
    await queries.invalidateQueries({ queryKey: rolesKey(me) });
    void queries.invalidateQueries({ queryKey: ['console', me.tenant, 'admins'] });
    toast(t(role ? 'admins.own.changed' : 'admins.own.made', { name: name.trim() }));
    close();
  };
  const groups = [...new Set(offered.map((m) => m.group_ja))].map((g) => offered.filter((m) => m.group_ja === g));
  return (
    <FormDialog
      title={role ? t('admins.own.edit_title', { name: role[lang] }) : t('admins.own.make')} close={close} submit={submit}
      act={t(role ? 'admins.own.save' : 'admins.own.make_act')} danger={gained.length > 0} shows={['name', 'menus', 'confirmed']}
    >
      {(errors) => (
        <>
          <TextInput
            label={t('admins.own.name')} description={t('admins.own.name_hint')} required data-autofocus maxLength={NAME_MAX} value={name}
            error={errors['name']} onChange={(e) => setName(e.currentTarget.value)}
          />
          {role && role.held > 0 && <p className="danger-note">{t('admins.own.held_now', { n: role.held })}</p>}
          {groups.map((g) => <Group key={g[0]?.id} menus={g} chosen={chosen} put={put} />)}
          {errors['menus'] && <p className="form-error" role="alert">{errors['menus']}</p>}
          {gained.length > 0 && (
            <div className="danger-note">
              <p>{t('admins.own.danger')}</p>
              <Dangers menus={gained} />
              <Checkbox label={t('admins.own.sure')} checked={sure} error={errors['confirmed']} onChange={(e) => setSure(e.currentTarget.checked)} />
            </div>
          )}
        </>
      )}
    </FormDialog>
  );
}

function Asked({ me, menus, ask, close }: { me: Me; menus: RoleMenu[]; ask: Ask; close: () => void }) {
  const { t } = useTranslation();
  const queries = useQueryClient();
  const prove = useProof();
  const lang = currentLang();
  if (ask.act === 'make') return <RoleForm me={me} menus={menus} role={null} from={ask.from} close={close} />;
  if (ask.act === 'edit') return <RoleForm me={me} menus={menus} role={ask.role} from={null} close={close} />;
  const { role } = ask;
  const name = role[lang];
  if (ask.act === 'held') {
    return (
      <Dialog opened close={close} title={t('admins.own.held_title', { name })}>
        <p>{t('admins.own.held_text', { n: role.held })}</p>
        <div className="dialog-buttons"><Button variant="default" onClick={close}>{t('admins.own.close')}</Button></div>
      </Dialog>
    );
  }
  return (
    <Confirm
      title={t('admins.own.delete_ask', { name })} text={t('admins.own.delete_text')} act={t('admins.own.delete')}
      done={t('admins.own.deleted', { name })} close={close}
      run={async () => {
        await prove(() => call(me.tenant, 'console.role.delete', { params: { role: role.id } }));
        await queries.invalidateQueries({ queryKey: rolesKey(me) });
      }}
    />
  );
}

function Acts({ role, full, ask }: { role: Role; full: boolean; ask: (a: Ask) => void }) {
  const { t } = useTranslation();
  const name = role[currentLang()];
  return (
    <>
      <span className="acts">
        {role.editable && (
          <Button size="sm" variant="default" aria-label={t('admins.own.edit_of', { name })} onClick={() => ask({ act: 'edit', role })}>
            {t('admins.own.edit')}
          </Button>
        )}
        {!full && (
          <Button size="sm" variant="default" aria-label={t('admins.own.duplicate_of', { name })} onClick={() => ask({ act: 'make', from: role })}>
            {t('admins.own.duplicate')}
          </Button>
        )}
        {role.editable && (
          <Button
            size="sm" variant="default" color="beni" aria-label={t('admins.own.delete_of', { name })}
            onClick={() => ask({ act: role.held > 0 ? 'held' : 'delete', role })}
          >
            {t('admins.own.delete')}
          </Button>
        )}
      </span>
      {!role.builtin && !role.editable && <p className="small-print">{t('admins.own.read_only')}</p>}
    </>
  );
}

/** The view of the page 管理者権限. */
export function RolesView({ me }: { me: Me }) {
  const { t } = useTranslation();
  const lang = currentLang();
  const found = useRoles(me);
  const [ask, setAsk] = useState<Ask | null>(null);
  if (found.isPending) return <Loading />;
  if (!found.data || isRefusal(found.error)) return <ErrorNote error={found.error} retry={() => void found.refetch()} />;
  const { roles, menus } = found.data;
  const own = roles.filter((r) => !r.builtin);
  const full = own.length >= ROLES_MAX;
  const opens = (r: Role) => {
    const ids = idsOf(r);
    return menus.filter((m) => ids.has(m.id));
  };
  return (
    <div className="own-roles">
      <p>{t(me.role === 'super' ? 'admins.own.about' : 'admins.own.about_sub')}</p>
      <div className="button-row">
        {full ? <p>{t('admins.own.full', { n: ROLES_MAX })}</p>
          : <Button onClick={() => setAsk({ act: 'make', from: null })}>{t('admins.own.make')}</Button>}
      </div>
      <DataTable
        label={t('admins.own.title')} rows={own} keyOf={(r) => r.id} empty={t('admins.own.none')}
        columns={[
          { key: 'name', head: t('admins.own.name'), cell: (r) => r[lang] },
          { key: 'held', head: t('admins.own.holders'), className: 'number',
            cell: (r) => (r.held ? t('admins.own.people', { n: r.held }) : t('admins.own.draft')) },
          { key: 'menus', head: t('admins.own.opens'), cell: (r) => (
            <details className="role-opens">
              <summary>{t('admins.own.menus', { n: r.menus.length })}</summary>
              <ul>{opens(r).map((m) => <li key={m.id}>{menuName(m)}</li>)}</ul>
            </details>
          ) },
          { key: 'acts', head: t('admins.act'), className: 'act-cell', cell: (r) => <Acts role={r} full={full} ask={setAsk} /> },
        ]}
      />
      {ask && <Asked me={me} menus={menus} ask={ask} close={() => setAsk(null)} />}
    </div>
  );
}

// 管理者権限: who holds which admin role, giving and taking, and the hand-over of the super admin's role. A sub admin
// reads; the super admin acts.
import './admins.css';
import { Button, TextInput } from '@mantine/core';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { roles } from '../../gen/api.ts';
import { call } from '../base/api.ts';
import { addWords, currentLang } from '../base/i18n.ts';
import { toast } from '../base/live.tsx';
import { saveFile } from '../base/save.ts';
import { ErrorNote, Loading, isRefusal } from '../base/states.tsx';
import { auditTime, zoneName } from '../base/time.ts';
import { fullName } from '../talk/names.ts';
import { Dangers, RolesView, rolesKey, useRoles, type Role as OwnRole } from './admin_roles.tsx';
import { Card, Confirm, DataTable, FieldError, FormDialog, PageHead, SearchBox, Views, pathOf, useAct, useProof, type PageProps } from './kit.tsx';
import en from './words/admins.en.json';
import ja from './words/admins.ja.json';
import type { Ops } from '../../gen/api.ts';
import type { Me, Member } from '../base/types.ts';

addWords('admins', ja, en);

const MENU = 'security.admins';
const FOUND_MAX = 8;

type Page = Ops['console.admin.list']['output'];
type Holder = Page['holders'][number];
type Ask = { act: 'grant' } | { act: 'handover' } | { act: 'change' | 'revoke' | 'confirm'; holder: Holder } | { act: 'takeback' };

const roleName = (role: string): string => roles[role]?.[currentLang()] ?? role;
const heldName = (h: Holder): string => h.role_name || roleName(h.role);

/** A colleague, found by name, reading or ID. */
function Pick({ me, but, value, choose, error }: {
  me: Me; but: (m: Member) => boolean; value: Member | null; choose: (m: Member | null) => void; error: string | undefined;
}) {
  const { t } = useTranslation();
  const [q, setQ] = useState('');
  const list = useQuery({
    queryKey: ['members', me.tenant, 'found', q], enabled: q !== '',
    queryFn: () => call(me.tenant, 'member.list', { query: { q, limit: FOUND_MAX + 2 } }),
  });
  const found = q === '' ? [] : (list.data?.members ?? []).filter((m) => !but(m));
  return (
    <fieldset className="pick-member">
      <legend>{t('admins.member')}</legend>
      {value
        ? <p className="admin-picked">{fullName(value)} <Button variant="subtle" size="sm" onClick={() => choose(null)}>{t('admins.other')}</Button></p>
        : <SearchBox label={t('admins.find')} value={q} change={setQ} />}
      {!value && (
        <ul className="admin-picks">
          {found.slice(0, FOUND_MAX).map((m) => (
            <li key={m.id}>
              <button type="button" className="pick-row" onClick={() => choose(m)}>
                {fullName(m)}<span className="small-print">{`${m.family_reading} ${m.given_reading}`.trim()}</span>
              </button>
            </li>
          ))}
        </ul>
      )}
      {!value && q !== '' && list.isSuccess && found.length === 0 && <p role="status">{t('admins.nobody')}</p>}
      {!value && found.length > FOUND_MAX && <p className="small-print">{t('admins.narrow')}</p>}
      {error && <p className="form-error" role="alert">{error}</p>}
    </fieldset>
  );
}

/** Giving a role: where it reaches strong menus the danger is said, and the role's name is typed. */
function GrantDialog({ me, holder, close, refresh }: { me: Me; holder: Holder | null; close: () => void; refresh: () => void }) {
  const { t } = useTranslation();
  const prove = useProof();
  const [member, setMember] = useState<Member | null>(null);
  const found = useRoles(me);
  const [role, setRole] = useState(holder?.role === 'operator' ? 'sub' : 'operator');
  const [typed, setTyped] = useState('');
  const own: OwnRole | undefined = found.data?.roles.find((r) => !r.builtin && r.id === role);
  const name = own?.[currentLang()] ?? roleName(role);
  const strong = own ? (found.data?.menus ?? []).filter((m) => m.sensitive && own.menus.some((o) => o.id === m.id)) : [];
  const danger = !own || strong.length > 0;
  const submit = async () => {
    const id = holder?.id ?? member?.id;
    if (!id) throw new FieldError('member', t('admins.need_member'));
    if (danger && typed.trim() !== name) throw new FieldError('typed', t('admins.type_wrong', { role: name }));
    const body = own ? { role: 'custom' as const, custom: own.id, confirmed: danger } : { role: role === 'sub' ? 'sub' as const : 'operator' as const, confirmed: true };
    await prove(() => call(me.tenant, 'console.admin.grant', { params: { member: id }, body }));
    toast(t('admins.granted', { name: fullName(holder ?? member ?? me), role: name }));
    refresh();
    close();
  };
  return (
    <FormDialog
      title={holder ? t('admins.change_title', { name: fullName(holder) }) : t('admins.grant')} close={close} submit={submit}
      act={t('admins.grant_act')} danger={danger} shows={['member', 'typed']}
    >
      {(errors) => (
        <>
          {!holder && <Pick me={me} but={(m) => m.id === me.id} value={member} choose={setMember} error={errors['member']} />}
          <fieldset className="choice">
            <legend>{t('admins.role')}</legend>
            {['operator', 'sub', ...(found.data?.roles ?? []).filter((r) => !r.builtin).map((r) => r.id)].map((r) => (
              <label key={r} className="choice-option">
                <input type="radio" name="role" checked={role === r} onChange={() => setRole(r)} />
                <span>{found.data?.roles.find((o) => !o.builtin && o.id === r)?.[currentLang()] ?? roleName(r)}</span>
              </label>
            ))}
          </fieldset>
          {found.isError && <ErrorNote error={found.error} retry={() => void found.refetch()} />}
          {!own && <p className="danger-note">{t(`admins.danger.${role}`)}</p>}
          {strong.length > 0 && <div className="danger-note"><p>{t('admins.danger.own', { role: name })}</p><Dangers menus={strong} /></div>}
          {danger && (
            <TextInput
              name="typed" label={t('admins.type', { role: name })} value={typed} autoComplete="off" spellCheck={false}
              onChange={(e) => setTyped(e.currentTarget.value)} error={errors['typed']}
            />
          )}
        </>
      )}
    </FormDialog>
  );
}

function HandoverDialog({ me, close, refresh }: { me: Me; close: () => void; refresh: () => void }) {
  const { t } = useTranslation();
  const prove = useProof();
  const [member, setMember] = useState<Member | null>(null);
  const submit = async () => {
    if (!member) throw new FieldError('member', t('admins.need_member'));
    await prove(() => call(me.tenant, 'console.handover.begin', { params: { member: member.id } }));
    toast(t('admins.offered', { name: fullName(member) }));
    refresh();
    close();
  };
  return (
    <FormDialog title={t('admins.handover')} close={close} submit={submit} act={t('admins.handover_act')} danger shows={['member']}>
      {(errors) => (
        <>
          <p>{t('admins.handover_text')}</p>
          <Pick me={me} but={(m) => m.id === me.id} value={member} choose={setMember} error={errors['member']} />
        </>
      )}
    </FormDialog>
  );
}

function Asked({ me, ask, close, refresh }: { me: Me; ask: Ask; close: () => void; refresh: () => void }) {
  const { t } = useTranslation();
  const prove = useProof();
  if (ask.act === 'grant' || ask.act === 'change') {
    return <GrantDialog me={me} holder={ask.act === 'change' ? ask.holder : null} close={close} refresh={refresh} />;
  }
  if (ask.act === 'handover') return <HandoverDialog me={me} close={close} refresh={refresh} />;
  if (ask.act === 'takeback') {
    return (
      <Confirm
        title={t('admins.takeback_ask')} text={t('admins.takeback_text')} act={t('admins.takeback')} done={t('admins.takeback_done')} close={close}
        run={async () => {
          await call(me.tenant, 'console.handover.end');
          refresh();
        }}
      />
    );
  }
  const { act, holder } = ask;
  const name = fullName(holder);
  const run = async () => {
    const params = { member: holder.id };
    if (act === 'confirm') await prove(() => call(me.tenant, 'console.admin.confirm', { params }));
    else await prove(() => call(me.tenant, 'console.admin.grant', { params, body: { role: 'member' } }));
    refresh();
  };
  return (
    <Confirm
      title={t(`admins.${act}_ask`, { name })} text={t(`admins.${act}_text`, { role: heldName(holder) })} act={t(`admins.${act}`)}
      done={t(`admins.${act}_done`, { name })} close={close} run={run} danger={act === 'revoke'}
    />
  );
}

function HolderActs({ me, holder, ask }: { me: Me; holder: Holder; ask: (a: Ask) => void }) {
  const { t } = useTranslation();
  if (me.role !== 'super' || holder.role === 'super') return null;
  const name = fullName(holder);
  const button = (act: 'change' | 'revoke' | 'confirm', danger = false) => (
    <Button
      size="sm" variant="default" {...(danger ? { color: 'beni' } : {})} aria-label={t(`admins.${act}_of`, { name })}
      onClick={() => ask({ act, holder })}
    >
      {t(`admins.${act}`)}
    </Button>
  );
  return (
    <span className="acts">
      {holder.paused && holder.status !== 'suspended' && button('confirm')}
      {button('change')}
      {button('revoke', true)}
    </span>
  );
}

function Holders({ me, page, ask }: { me: Me; page: Page; ask: (a: Ask) => void }) {
  const { t } = useTranslation();
  const by = (h: Holder) => (h.granted_by === '0' ? t('admins.by_opening') : h.granted_by_name);
  return (
    <DataTable
      label={t('admins.title')} rows={page.holders} keyOf={(h) => h.id} empty={t('admins.nobody')}
      columns={[
        { key: 'name', head: t('admins.name'), cell: (h) => <><span>{fullName(h)}</span><span className="small-print">{h.login}</span></> },
        { key: 'role', head: t('admins.role'), cell: (h) => (
          <>{heldName(h)}{h.paused && <> <span className="badge status-suspended">{t('admins.paused')}</span></>}</>
        ) },
        { key: 'by', head: t('admins.by'), cell: by },
        { key: 'when', head: `${t('admins.when')} (${zoneName()})`, className: 'number', cell: (h) => auditTime(new Date(h.granted)) },
        { key: 'seen', head: t('admins.seen'), className: 'number',
          cell: (h) => (h.console_seen ? auditTime(new Date(h.console_seen)) : t('admins.never')) },
        ...(me.role === 'super'
          ? [{ key: 'acts', head: t('admins.act'), className: 'act-cell', cell: (h: Holder) => <HolderActs me={me} holder={h} ask={ask} /> }] : []),
      ]}
    />
  );
}

/** Submenu by role: read only. */
function Matrix({ me }: { me: Me }) {
  const { t } = useTranslation();
  const lang = currentLang();
  const found = useRoles(me);
  const mark = (yes: boolean) => <span className={yes ? 'reach yes' : 'reach'}>{t(yes ? 'admins.yes' : 'admins.no')}</span>;
  if (found.isPending) return <Loading />;
  if (!found.data || isRefusal(found.error)) return <ErrorNote error={found.error} retry={() => void found.refetch()} />;
  return (
    <>
      <p>{t('admins.matrix_text')}</p>
      <DataTable
        label={t('admins.matrix')} rows={found.data.menus} keyOf={(m) => m.id} empty=""
        columns={[
          { key: 'menu', head: t('admins.menu'), cell: (m) => <><span>{m[lang]}</span><span className="small-print">{m[`group_${lang}`]}</span></> },
          { key: 'super', head: roleName('super'), cell: (m) => mark(m.super) },
          { key: 'sub', head: roleName('sub'), cell: (m) => mark(m.sub) },
          { key: 'operator', head: roleName('operator'), cell: (m) => mark(m.operator) },
          ...found.data.roles.filter((r) => !r.builtin).map((r) => {
            const opens = new Set(r.menus.map((m) => m.id));
            return { key: r.id, head: r[lang], cell: (m: { id: string }) => mark(opens.has(m.id)) };
          }),
        ]}
      />
    </>
  );
}

export function AdminsPage({ me, sub }: PageProps) {
  const { t } = useTranslation();
  const queries = useQueryClient();
  const { busy, problem, run } = useAct();
  const [ask, setAsk] = useState<Ask | null>(null);
  const key = ['console', me.tenant, 'admins'];
  const list = useQuery({ queryKey: key, queryFn: () => call(me.tenant, 'console.admin.list') });
  const refresh = () => {
    void queries.invalidateQueries({ queryKey: key });
    void queries.invalidateQueries({ queryKey: rolesKey(me) });
  };
  const view = sub[0] === 'matrix' || sub[0] === 'roles' ? sub[0] : 'list';
  const save = () => void run(async () => saveFile(t('admins.file'), await call(me.tenant, 'console.admin.export')));
  const waiting = list.data?.handover;
  return (
    <>
      <PageHead title={t('admins.title')} about={t(me.role === 'super' ? 'admins.about' : 'admins.about_sub')}>
        {me.role === 'super' && <Button onClick={() => setAsk({ act: 'grant' })}>{t('admins.grant')}</Button>}
        <Button variant="default" loading={busy} onClick={save}>{t('admins.export')}</Button>
      </PageHead>
      <Views
        label={t('admins.views')}
        views={[
          { to: pathOf(MENU), label: t('admins.list'), current: view === 'list' },
          { to: pathOf(MENU, 'roles'), label: t('admins.own.title'), current: view === 'roles' },
          { to: pathOf(MENU, 'matrix'), label: t('admins.matrix'), current: view === 'matrix' },
        ]}
      />
      {problem && <p className="form-error" role="alert">{problem}</p>}
      {view === 'matrix' && <Matrix me={me} />}
      {view === 'roles' && <RolesView me={me} />}
      {view === 'list' && (
        <>
          {waiting && (
            <Card title={t('admins.waiting', { name: waiting.to_name })} text={t('admins.waiting_until', { time: auditTime(new Date(waiting.until)) })}>
              {me.role === 'super' && <Button variant="default" onClick={() => setAsk({ act: 'takeback' })}>{t('admins.takeback')}</Button>}
            </Card>
          )}
          {list.isPending && <Loading />}
          {list.isError && <ErrorNote error={list.error} retry={refresh} />}
          {list.data && <Holders me={me} page={list.data} ask={setAsk} />}
          {me.role === 'super' && list.data && !waiting && (
            <Card title={t('admins.handover')} text={t('admins.handover_about')}>
              <Button variant="default" color="beni" onClick={() => setAsk({ act: 'handover' })}>{t('admins.handover_start')}</Button>
            </Card>
          )}
        </>
      )}
      {ask && <Asked me={me} ask={ask} close={() => setAsk(null)} refresh={refresh} />}
    </>
  );
}

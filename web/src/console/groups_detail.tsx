// One group: its record, its members with who is a master, and its end.
import { Button } from '@mantine/core';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { call } from '../base/api.ts';
import { toast } from '../base/live.tsx';
import { go } from '../base/route.ts';
import { ErrorNote, Loading, isRefusal } from '../base/states.tsx';
import { fullName } from '../talk/names.ts';
import { GROUPS, useFunctionsText } from './groups.tsx';
import { AddPeople, EditGroup, fieldNames } from './groups_form.tsx';
import { Card, Confirm, DataTable, Facts, PageHead, Problem, pathOf, useAct, type PageProps } from './kit.tsx';
import type { Ops } from '../../gen/api.ts';

type Read = Ops['console.group.read']['output'];
type Person = Read['people'][number];
type Asked = { what: 'edit' | 'add' | 'delete' } | { what: 'remove'; person: Person };

function About({ group }: { group: Read['group'] }) {
  const { t } = useTranslation();
  const functions = useFunctionsText();
  const onOff = (on: boolean) => t(on ? 'groups.detail.on' : 'groups.detail.off');
  return (
    <Card title={t('groups.detail.about')}>
      <Facts
        facts={[
          { label: t('groups.form.kind'), value: t(`groups.kind.${group.kind as 'internal' | 'external'}`) },
          { label: t('groups.form.description'), value: <span className="group-text">{group.description || t('groups.detail.no_description')}</span> },
          { label: t('groups.form.functions'), value: functions(group.functions) },
          { label: t('groups.detail.delegation'), value: onOff(group.advanced.delegation) },
          { label: t('groups.detail.notify'), value: onOff(group.advanced.notify) },
          { label: t('groups.detail.public'), value: onOff(group.advanced.public) },
        ]}
      />
    </Card>
  );
}

/** Who is in it; a button each to make a master and to remove. */
function People({ me, read, saved, ask }: { me: PageProps['me']; read: Read; saved: () => Promise<void>; ask: (a: Asked) => void }) {
  const { t } = useTranslation();
  const { busy, problem, errors, run } = useAct(fieldNames(t));
  const masters = read.people.filter((p) => p.master).map((p) => p.id);
  const setMaster = (p: Person) => void run(async () => {
    const next = p.master ? masters.filter((id) => id !== p.id) : [...masters, p.id];
    await call(me.tenant, 'console.group.edit', { params: { group: read.group.id }, body: { masters: next } });
    await saved();
    toast(t(p.master ? 'groups.people.unmaster_done' : 'groups.people.master_done', { name: fullName(p) }));
  });
  return (
    <>
      <div className="page-head-row group-people">
        <h2 className="group-people-head">{`${t('groups.people.title')} ${t('groups.list.count', { n: read.people.length })}`}</h2>
        <Button variant="default" onClick={() => ask({ what: 'add' })}>{t('groups.people.add_title')}</Button>
      </div>
      <Problem text={problem || (Object.values(errors)[0] ?? '')} />
      <DataTable
        label={t('groups.people.title')} rows={read.people} keyOf={(p) => p.id} empty={<p>{t('groups.people.nobody')}</p>}
        columns={[
          { key: 'name', head: t('groups.people.name'), cell: fullName },
          { key: 'role', head: t('groups.people.role'), cell: (p) => t(p.master ? 'groups.people.master' : 'groups.people.member') },
          {
            key: 'act', head: t('groups.people.act'), className: 'act-cell', cell: (p) => (
              <span className="acts">
                <Button
                  size="sm" variant="default" disabled={busy}
                  aria-label={t(p.master ? 'groups.people.unmaster_of' : 'groups.people.master_of', { name: fullName(p) })} onClick={() => setMaster(p)}
                >
                  {t(p.master ? 'groups.people.unmaster' : 'groups.people.make_master')}
                </Button>
                <Button
                  size="sm" variant="default" color="beni" aria-label={t('groups.people.remove_of', { name: fullName(p) })}
                  onClick={() => ask({ what: 'remove', person: p })}
                >
                  {t('groups.people.remove')}
                </Button>
              </span>
            ),
          },
        ]}
      />
    </>
  );
}

export function GroupDetail({ me, id }: { me: PageProps['me']; id: string }) {
  const { t } = useTranslation();
  const queries = useQueryClient();
  const [asked, setAsked] = useState<Asked | null>(null);
  const found = useQuery({
    queryKey: ['console', me.tenant, 'groups', 'one', id],
    queryFn: () => call(me.tenant, 'console.group.read', { params: { group: id } }),
  });
  const back = { to: pathOf(GROUPS), label: t('groups.detail.back') };
  const saved = () => queries.invalidateQueries({ queryKey: ['console', me.tenant, 'groups'] });
  const close = () => setAsked(null);
  if (!found.data || isRefusal(found.error)) {
    return (
      <>
        <PageHead title={t('groups.page.title')} back={back} />
        {found.isError ? <ErrorNote error={found.error} retry={() => void found.refetch()} /> : <Loading />}
      </>
    );
  }
  const { group, people } = found.data;
  const remove = async (p: Person) => {
    await call(me.tenant, 'console.group.edit', { params: { group: id }, body: { remove: [p.id] } });
    await saved();
  };
  const end = async () => {
    await call(me.tenant, 'console.group.delete', { params: { group: id } });
    go(pathOf(GROUPS));
    queries.removeQueries({ queryKey: ['console', me.tenant, 'groups', 'one', id] });
    await saved();
  };
  return (
    <>
      <PageHead title={group.name} back={back}>
        <Button variant="default" onClick={() => setAsked({ what: 'edit' })}>{t('groups.form.act_edit')}</Button>
        <Button variant="default" color="beni" onClick={() => setAsked({ what: 'delete' })}>{t('groups.detail.delete')}</Button>
      </PageHead>
      <About group={group} />
      <People me={me} read={found.data} saved={saved} ask={setAsked} />
      {asked?.what === 'edit' && <EditGroup tenant={me.tenant} group={group} close={close} saved={saved} />}
      {asked?.what === 'add' && (
        <AddPeople tenant={me.tenant} group={id} present={new Set(people.map((p) => p.id))} close={close} saved={saved} />
      )}
      {asked?.what === 'remove' && (
        <Confirm
          title={t('groups.people.ask_remove', { name: fullName(asked.person) })} text={t('groups.people.remove_text')}
          act={t('groups.people.remove_of', { name: fullName(asked.person) })}
          done={t('groups.people.removed', { name: fullName(asked.person) })} close={close} run={() => remove(asked.person)}
        />
      )}
      {asked?.what === 'delete' && (
        <Confirm
          title={t('groups.remove.ask', { name: group.name })} text={t('groups.remove.text', { n: group.members })}
          act={t('groups.remove.act', { n: group.members })} done={t('groups.remove.done', { name: group.name })} close={close} run={end}
        />
      )}
    </>
  );
}

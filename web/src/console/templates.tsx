// サービス利用設定: permission templates: what each restricts, and to which permission types and members it is bound.
import './templates.css';
import { Button, NativeSelect, TextInput } from '@mantine/core';
import { useInfiniteQuery, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState, type KeyboardEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { ApiError, call } from '../base/api.ts';
import { Dialog } from '../base/dialog.tsx';
import { addWords } from '../base/i18n.ts';
import { toast } from '../base/live.tsx';
import { Link } from '../base/shell.tsx';
import { ErrorNote, Loading, isRefusal } from '../base/states.tsx';
import { fullName } from '../talk/names.ts';
import { Card, Confirm, FieldError, FormDialog, MoreButton, PageHead, Problem, SearchBox, pathOf, useAct, useProof, type PageProps } from './kit.tsx';
import en from './words/templates.en.json';
import ja from './words/templates.ja.json';
import type { Ops } from '../../gen/api.ts';
import type { Me } from '../base/types.ts';

addWords('templates', ja, en);

type Page = Ops['console.template.list']['output'];
type Template = Page['templates'][number];
type Cell = Page['cells'][number];
type Type = Page['types'][number];
type Ask = { act: 'make' } | { act: 'edit' | 'delete' | 'people'; template: Template };

const APP = 'template.mobile_app';
const TALK_APP = 'template.talk.mobile';
const TEMPLATES_MAX = 100;
const NAME_MAX = 50;
const CLIENTS = ['mobile', 'browser', 'pc'] as const;
const FOUND_MAX = 20;

export const templatesKey = (tenant: string): string[] => ['console', tenant, 'templates'];
export const useTemplates = (me: Me) => useQuery({ queryKey: templatesKey(me.tenant), queryFn: () => call(me.tenant, 'console.template.list') });

/** 「トーク: ブラウザを禁止」 */
function useRestricts() {
  const { t } = useTranslation();
  return (cells: Cell[], template: Template): string[] => cells
    .filter((c) => template.restricts.some((r) => r.key === c.key) && !(c.key === TALK_APP))
    .map((c) => (c.key === APP ? t('templates.no_app') : c.what === 'download'
      ? t('templates.no_download', { service: t(`templates.service.${c.service}`) })
      : t('templates.no_access', { service: t(`templates.service.${c.service}`), client: t(`templates.by.${c.client}`) })));
}

/** One switch of the grid, with its word. What cannot be is said and does nothing. */
function CellSwitch({ name, on, fixed, flip, words }: { name: string; on: boolean; fixed: boolean; flip: () => void; words: [string, string] }) {
  const word = on ? words[0] : words[1];
  return (
    <button
      type="button" role="switch" className="cell-button" aria-checked={on} aria-label={`${name}: ${word}`}
      {...(fixed ? { 'aria-disabled': true } : { onClick: flip })}
    >
      {word}
    </button>
  );
}

/** From one switch to the next by the arrows. */
function arrows(e: KeyboardEvent<HTMLTableElement>): void {
  const step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[e.key];
  const all = [...e.currentTarget.querySelectorAll<HTMLElement>('[role="switch"]')];
  const at = all.indexOf(e.target as HTMLElement);
  if (!step || at < 0) return;
  e.preventDefault();
  all[at + step]?.focus();
}

function Grid({ cells, chosen, flip }: { cells: Cell[]; chosen: Set<string>; flip: (key: string) => void }) {
  const { t } = useTranslation();
  const services = [...new Set(cells.filter((c) => c.what === 'access' && c.key !== APP).map((c) => c.service))];
  return (
    <table className="cell-grid" onKeyDown={arrows}>
      <thead>
        <tr>
          <th scope="col">{t('templates.form.service')}</th>
          {CLIENTS.map((c) => <th key={c} scope="col">{t(`templates.client.${c}`)}</th>)}
        </tr>
      </thead>
      <tbody>
        {services.map((s) => (
          <tr key={s}>
            <th scope="row">{t(`templates.service.${s}`)}</th>
            {CLIENTS.map((client) => {
              const cell = cells.find((c) => c.what === 'access' && c.service === s && (c.client === client || c.client === 'any'));
              return (
                <td key={client} data-label={t(`templates.client.${client}`)}>
                  {cell && (
                    <CellSwitch
                      name={`${t(`templates.service.${s}`)} ${t(`templates.client.${client}`)}`} words={[t('templates.allow'), t('templates.forbid')]}
                      on={!chosen.has(cell.key) && !(client === 'mobile' && chosen.has(APP))}
                      fixed={client === 'mobile' && (cell.key === TALK_APP || chosen.has(APP))} flip={() => flip(cell.key)}
                    />
                  )}
                </td>
              );
            })}
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function TemplateForm({ me, page, template, close }: { me: Me; page: Page; template: Template | null; close: () => void }) {
  const { t } = useTranslation();
  const queries = useQueryClient();
  const prove = useProof();
  const cells = page.cells.filter((c) => c.obeyed);
  const [name, setName] = useState(template?.name ?? '');
  const [chosen, setChosen] = useState(() => new Set(template?.restricts.map((r) => r.key)));
  const flip = (key: string) => {
    const next = new Set(chosen);
    if (!next.delete(key)) next.add(key);
    /* An allowed app has talk, and a forbidden one has none. */
    if (next.has(APP)) next.add(TALK_APP);
    else next.delete(TALK_APP);
    setChosen(next);
  };
  const submit = async () => {
    if (!name.trim()) throw new FieldError('name', t('templates.form.need_name'));
    const body = { name, restricts: cells.filter((c) => chosen.has(c.key)).map(({ key }) => ({ key })) };
    try {
      await prove(() => (template
        ? call(me.tenant, 'console.template.put', { params: { template: template.id }, body })
        : call(me.tenant, 'console.template.add', { body })));
    } catch (e) {
      if (e instanceof ApiError && e.code === 'name_taken') throw new FieldError('name', e.message);
      throw e;
    }
    await queries.invalidateQueries({ queryKey: templatesKey(me.tenant) });
    toast(t(template ? 'templates.form.changed' : 'templates.form.made', { name: name.trim() }));
    close();
  };
  const downloads = cells.filter((c) => c.what === 'download');
  return (
    <FormDialog
      title={template ? t('templates.form.edit_title', { name: template.name }) : t('templates.make')} close={close} submit={submit}
      act={t(template ? 'templates.form.save' : 'templates.form.make')} shows={['name']}
    >
      {(errors) => (
        <>
          <TextInput
            label={t('templates.form.name')} description={t('templates.form.name_hint')} required data-autofocus maxLength={NAME_MAX} value={name}
            error={errors['name']} onChange={(e) => setName(e.currentTarget.value)}
          />
          {template && template.held > 0 && <p className="danger-note">{t('templates.form.held_now', { n: template.held, count: template.held })}</p>}
          <section className="template-part" aria-label={t('templates.form.app')}>
            <h3>{t('templates.form.app')}</h3>
            <CellSwitch
              name={t('templates.form.app')} on={!chosen.has(APP)} fixed={false} flip={() => flip(APP)}
              words={[t('templates.allow'), t('templates.forbid')]}
            />
            <p className="small-print">{t(chosen.has(APP) ? 'templates.form.app_off' : 'templates.form.app_on')}</p>
          </section>
          <section className="template-part" aria-label={t('templates.form.access')}>
            <h3>{t('templates.form.access')}</h3>
            <Grid cells={cells} chosen={chosen} flip={flip} />
            <p className="small-print">{t('templates.form.pc_hint')}</p>
          </section>
          <section className="template-part" aria-label={t('templates.form.downloads')}>
            <h3>{t('templates.form.downloads')}</h3>
            <p className="small-print">{t('templates.form.downloads_hint')}</p>
            <ul className="template-people">
              {downloads.map((c) => (
                <li key={c.key}>
                  {t(`templates.service.${c.service}`)}
                  <CellSwitch
                    name={`${t('templates.form.downloads')} ${t(`templates.service.${c.service}`)}`} on={!chosen.has(c.key)} fixed={chosen.has(APP)}
                    flip={() => flip(c.key)} words={[t('templates.free'), t('templates.limited')]}
                  />
                </li>
              ))}
            </ul>
          </section>
          <p className="small-print">{t('templates.form.later')}</p>
        </>
      )}
    </FormDialog>
  );
}

/** Whom a template is bound to directly: each one is put to it and taken from it at once. */
function People({ me, template, close }: { me: Me; template: Template; close: () => void }) {
  const { t } = useTranslation();
  const queries = useQueryClient();
  const prove = useProof();
  const { busy, problem, run } = useAct();
  const [q, setQ] = useState('');
  const key = [...templatesKey(me.tenant), template.id, 'people'];
  const list = useInfiniteQuery({
    queryKey: key, initialPageParam: '',
    queryFn: ({ pageParam }) => call(me.tenant, 'console.template.members', { params: { template: template.id }, query: pageParam ? { after: pageParam } : {} }),
    getNextPageParam: (page) => (page.more ? page.members.at(-1)?.id : undefined),
  });
  const found = useQuery({
    queryKey: ['members', me.tenant, 'found', q], enabled: q !== '',
    queryFn: () => call(me.tenant, 'member.list', { query: { q, limit: FOUND_MAX } }),
  });
  const bound = list.data?.pages.flatMap((p) => p.members) ?? [];
  const put = (member: string, name: string, on: boolean) => void run(async () => {
    await prove(() => call(me.tenant, 'console.template.member', { params: { member }, body: on ? { template: template.id } : {} }));
    await queries.invalidateQueries({ queryKey: templatesKey(me.tenant) });
    toast(t(on ? 'templates.people.added' : 'templates.people.removed', { name, template: template.name }));
  });
  const others = (found.data?.members ?? []).filter((m) => !bound.some((b) => b.id === m.id));
  return (
    <Dialog opened close={close} title={t('templates.people.title', { name: template.name })}>
      <p>{t('templates.people.about')}</p>
      <SearchBox label={t('templates.people.find')} value={q} change={setQ} />
      {found.isError && <ErrorNote error={found.error} retry={() => void found.refetch()} />}
      {q !== '' && found.isSuccess && others.length === 0 && <p role="status">{t('templates.people.nobody')}</p>}
      {q !== '' && others.length > 0 && (
        <ul className="template-people" aria-label={t('templates.people.results')}>
          {others.map((m) => (
            <li key={m.id}>
              <span>{fullName(m)} <span className="small-print">{`${m.family_reading} ${m.given_reading}`.trim()}</span></span>
              <Button
                size="sm" variant="default" disabled={busy} aria-label={t('templates.people.add_of', { name: fullName(m) })}
                onClick={() => put(m.id, fullName(m), true)}
              >
                {t('templates.people.add')}
              </Button>
            </li>
          ))}
        </ul>
      )}
      <Problem text={problem} />
      <section className="template-part" aria-label={t('templates.people.bound')}>
        <h3>{t('templates.people.bound')}</h3>
        {list.isPending && <Loading rows={2} />}
        {list.isError && <ErrorNote error={list.error} retry={() => void list.refetch()} />}
        {list.isSuccess && bound.length === 0 && <p className="small-print">{t('templates.people.none')}</p>}
        <ul className="template-people">
          {bound.map((m) => (
            <li key={m.id}>
              <span>{fullName(m)} <span className="small-print">{m.login}</span></span>
              <Button
                size="sm" variant="default" disabled={busy} aria-label={t('templates.people.remove_of', { name: fullName(m) })}
                onClick={() => put(m.id, fullName(m), false)}
              >
                {t('templates.people.remove')}
              </Button>
            </li>
          ))}
        </ul>
        <MoreButton list={list} />
      </section>
      <div className="dialog-buttons"><Button variant="default" onClick={close}>{t('templates.people.close')}</Button></div>
    </Dialog>
  );
}

function Asked({ me, page, ask, close }: { me: Me; page: Page; ask: Ask; close: () => void }) {
  const { t } = useTranslation();
  const queries = useQueryClient();
  const prove = useProof();
  if (ask.act === 'make') return <TemplateForm me={me} page={page} template={null} close={close} />;
  if (ask.act === 'edit') return <TemplateForm me={me} page={page} template={ask.template} close={close} />;
  const { template } = ask;
  if (ask.act === 'people') return <People me={me} template={template} close={close} />;
  const used = template.held > 0 || template.types > 0;
  return (
    <Confirm
      title={t('templates.delete.ask', { name: template.name })} act={t('templates.delete.act')} done={t('templates.delete.done', { name: template.name })}
      text={used ? t('templates.delete.used', { n: template.held, types: template.types, count: template.held }) : t('templates.delete.unused')} close={close}
      run={async () => {
        await prove(() => call(me.tenant, 'console.template.delete', { params: { template: template.id }, query: { confirmed: used ? 'true' : 'false' } }));
        await queries.invalidateQueries({ queryKey: templatesKey(me.tenant) });
      }}
    />
  );
}

/** Which template each permission type has. One that has another is asked about first. */
function Types({ me, page }: { me: Me; page: Page }) {
  const { t } = useTranslation();
  const queries = useQueryClient();
  const prove = useProof();
  const { busy, problem, run } = useAct();
  const [other, setOther] = useState<{ type: Type; to: string; n: number } | null>(null);
  const name = (id: string) => page.templates.find((x) => x.id === id)?.name ?? t('templates.basic');
  const bind = async (type: Type, to: string, confirmed: boolean) => {
    await prove(() => call(me.tenant, 'console.template.type', { params: { label: type.id }, body: { ...(to === '0' ? {} : { template: to }), confirmed } }));
    await queries.invalidateQueries({ queryKey: templatesKey(me.tenant) });
  };
  const choose = (type: Type, to: string) => void run(async () => {
    try {
      await bind(type, to, false);
      toast(t('templates.types.done', { type: type.name, name: name(to) }));
    } catch (e) {
      if (!(e instanceof ApiError) || e.code !== 'template_other') throw e;
      setOther({ type, to, n: e.count });
    }
  });
  return (
    <Card title={t('templates.types.title')} text={t('templates.types.about')}>
      {!page.types_used && <p>{t('templates.types.unused')}</p>}
      {page.types.length === 0 && <p>{t('templates.types.none')}</p>}
      {(page.types.length === 0 || !page.types_used) && <p><Link to={pathOf('member.label')} className="text-button">{t('templates.types.to_labels')}</Link></p>}
      <div className="template-types">
        {page.types.map((type) => (
          <NativeSelect
            key={type.id} label={type.name} value={type.template} disabled={busy} onChange={(e) => choose(type, e.currentTarget.value)}
            data={[{ value: '0', label: t('templates.basic') }, ...page.templates.map((x) => ({ value: x.id, label: x.name }))]}
          />
        ))}
      </div>
      <Problem text={problem} />
      {other && (
        <Confirm
          title={t('templates.types.replace', { type: other.type.name })} act={t('templates.types.replace_act')} close={() => setOther(null)}
          text={t('templates.types.replace_text', { old: name(other.type.template), name: name(other.to), n: other.n, count: other.n })}
          done={t('templates.types.done', { type: other.type.name, name: name(other.to) })} run={() => bind(other.type, other.to, true)}
        />
      )}
    </Card>
  );
}

export function TemplatesPage({ me }: PageProps) {
  const { t } = useTranslation();
  const restricts = useRestricts();
  const found = useTemplates(me);
  const [ask, setAsk] = useState<Ask | null>(null);
  if (found.isPending) return <Loading />;
  if (!found.data || isRefusal(found.error)) return <ErrorNote error={found.error} retry={() => void found.refetch()} />;
  const page = found.data;
  const full = page.templates.length >= TEMPLATES_MAX;
  return (
    <>
      <PageHead title={t('templates.title')} about={t('templates.about')}>
        {full ? <p>{t('templates.full', { n: TEMPLATES_MAX })}</p> : <Button onClick={() => setAsk({ act: 'make' })}>{t('templates.make')}</Button>}
      </PageHead>
      <div className="template-cards">
        <Card title={t('templates.basic')} text={t('templates.basic_about')}>
          <p>{t('templates.held', { n: page.basic_held, count: page.basic_held })}</p>
        </Card>
        {page.templates.map((template) => {
          const parts = restricts(page.cells, template);
          return (
            <Card key={template.id} title={template.name}>
              {parts.length === 0 ? <p>{t('templates.nothing')}</p> : <ul className="template-restricts">{parts.map((p) => <li key={p}>{p}</li>)}</ul>}
              <p className="small-print">{t('templates.held', { n: template.held, count: template.held })}</p>
              <div className="button-row">
                <Button size="sm" variant="default" aria-label={t('templates.edit_of', { name: template.name })} onClick={() => setAsk({ act: 'edit', template })}>{t('templates.edit')}</Button>
                <Button size="sm" variant="default" aria-label={t('templates.people_of', { name: template.name })} onClick={() => setAsk({ act: 'people', template })}>{t('templates.people_act', { n: template.members })}</Button>
                <Button size="sm" variant="default" color="beni" aria-label={t('templates.delete_of', { name: template.name })} onClick={() => setAsk({ act: 'delete', template })}>{t('templates.delete.act')}</Button>
              </div>
            </Card>
          );
        })}
      </div>
      <Types me={me} page={page} />
      {ask && <Asked me={me} page={page} ask={ask} close={() => setAsk(null)} />}
    </>
  );
}

/** On a member's page: which template it has and why, and another one for it alone. Nothing where the admin does not reach them. */
export function TemplateCard({ me, id, may }: { me: Me; id: string; may: boolean }) {
  const { t } = useTranslation();
  const queries = useQueryClient();
  const prove = useProof();
  const { busy, problem, run } = useAct();
  const page = useTemplates(me);
  const key = [...templatesKey(me.tenant), 'of', id];
  const has = useQuery({ queryKey: key, queryFn: () => call(me.tenant, 'console.template.of_member', { params: { member: id } }) });
  if (!page.data || !has.data) return null;
  const { direct, by_type: byType, name } = has.data;
  const why = direct !== '0' ? 'direct' : byType !== '0' && page.data.types_used ? 'type' : 'basic';
  const choose = (to: string) => void run(async () => {
    await prove(() => call(me.tenant, 'console.template.member', { params: { member: id }, body: to === '0' ? {} : { template: to } }));
    await queries.invalidateQueries({ queryKey: templatesKey(me.tenant) });
    toast(t('templates.of.saved'));
  });
  return (
    <Card title={t('templates.of.title')} text={t(`templates.of.${why}`, { name })}>
      {may && (
        <div className="template-types">
          <NativeSelect
            label={t('templates.of.choose')} value={direct} disabled={busy} onChange={(e) => choose(e.currentTarget.value)}
            data={[{ value: '0', label: t('templates.of.none') }, ...page.data.templates.map((x) => ({ value: x.id, label: x.name }))]}
          />
        </div>
      )}
      <Problem text={problem} />
    </Card>
  );
}

// 役職 / 職級 / 利用権限: three ordered lists. Alt+↑↓ gives a name another place; what members have is not deleted.
import './units.css';
import { Button, Switch, TextInput } from '@mantine/core';
import { useInfiniteQuery, useQuery, useQueryClient } from '@tanstack/react-query';
import { useRef, useState, type FormEvent, type KeyboardEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { call } from '../base/api.ts';
import { Dialog } from '../base/dialog.tsx';
import { addWords } from '../base/i18n.ts';
import { DownIcon, UpIcon } from '../base/icons.tsx';
import { toast } from '../base/live.tsx';
import { ErrorNote, Loading } from '../base/states.tsx';
import { fullName } from '../talk/names.ts';
import { Card, Confirm, FieldError, FormDialog, MoreButton, PageHead, Problem, useAct, type PageProps } from './kit.tsx';
import en from './words/labels.en.json';
import ja from './words/labels.ja.json';
import type { Ops } from '../../gen/api.ts';

addWords('labels', ja, en);

type Labels = Ops['console.label.list']['output'];
type Label = Labels['titles'][number];
type Kind = 'title' | 'grade' | 'permtype';
const KINDS: { kind: Kind; list: 'titles' | 'grades' | 'permtypes'; used: 'title_used' | 'grade_used' | 'permtype_used' }[] = [
  { kind: 'title', list: 'titles', used: 'title_used' },
  { kind: 'grade', list: 'grades', used: 'grade_used' },
  { kind: 'permtype', list: 'permtypes', used: 'permtype_used' },
];

function RenameLabel({ tenant, label, close, done }: { tenant: string; label: Label; close: () => void; done: () => Promise<void> }) {
  const { t } = useTranslation();
  const [name, setName] = useState(label.name);
  const submit = async () => {
    if (!name.trim()) throw new FieldError('name', t('labels.form.need_name'));
    await call(tenant, 'console.label.rename', { params: { label: label.id }, body: { name } });
    await done();
    toast(t('labels.form.saved'));
    close();
  };
  return (
    <FormDialog title={t('labels.form.rename', { name: label.name })} close={close} submit={submit} act={t('labels.form.save')} shows={['name']}>
      {(errors) => (
        <TextInput
          label={t('labels.form.name')} required data-autofocus maxLength={50} value={name} error={errors['name']}
          onChange={(e) => setName(e.currentTarget.value)}
        />
      )}
    </FormDialog>
  );
}

/** Why it cannot be deleted: who has it. */
function Holders({ tenant, label, close }: { tenant: string; label: Label; close: () => void }) {
  const { t } = useTranslation();
  const list = useInfiniteQuery({
    queryKey: ['console', tenant, 'labels', 'holders', label.id],
    initialPageParam: '',
    queryFn: ({ pageParam }) => call(tenant, 'console.label.holders', { params: { label: label.id }, query: pageParam ? { after: pageParam } : {} }),
    getNextPageParam: (page) => (page.more ? page.members.at(-1)?.id : undefined),
  });
  return (
    <Dialog opened close={close} title={t('labels.held.title', { name: label.name })}>
      <p>{t('labels.held.text', { n: label.holders })}</p>
      {list.isPending && <Loading rows={2} />}
      {list.isError && <ErrorNote error={list.error} />}
      <ul className="move-places" aria-label={t('labels.held.who')} tabIndex={0}>
        {list.data?.pages.flatMap((p) => p.members).map((m) => <li key={m.id}>{`${fullName(m)} (${m.login})`}</li>)}
      </ul>
      <MoreButton list={list} />
      <div className="dialog-buttons"><Button variant="default" onClick={close}>{t('labels.held.close')}</Button></div>
    </Dialog>
  );
}

function AddLabel({ tenant, kind, done }: { tenant: string; kind: Kind; done: () => Promise<void> }) {
  const { t } = useTranslation();
  const [name, setName] = useState('');
  const { busy, problem, errors, run } = useAct();
  const submit = (e: FormEvent) => {
    e.preventDefault();
    void run(async () => {
      if (!name.trim()) throw new FieldError('name', t('labels.form.need_name'));
      await call(tenant, 'console.label.add', { body: { kind, name } });
      await done();
      toast(t('labels.form.added', { name: name.trim() }));
      setName('');
    });
  };
  return (
    <form onSubmit={submit} noValidate>
      <div className="label-add">
        <TextInput
          label={t(`labels.add.${kind}`)} maxLength={50} value={name} error={errors['name']} onChange={(e) => setName(e.currentTarget.value)}
        />
        <Button type="submit" variant="default" loading={busy}>{t('labels.add.act')}</Button>
      </div>
      <Problem text={problem} />
    </form>
  );
}

type Ask = { act: 'rename' | 'delete' | 'held'; label: Label };

function LabelCard({ tenant, kind, labels, used, done }: { tenant: string; kind: Kind; labels: Label[]; used: boolean; done: () => Promise<void> }) {
  const { t } = useTranslation();
  const list = useRef<HTMLOListElement>(null);
  const [ask, setAsk] = useState<Ask | null>(null);
  const { busy, problem, run } = useAct();
  const close = () => setAsk(null);
  const use = (on: boolean) => run(async () => {
    await call(tenant, 'console.setting.put', { params: { setting: `member.${kind}.enabled` }, body: { value: String(on) } });
    await done();
    toast(t('labels.form.saved'));
  });
  const step = (i: number, by: -1 | 1) => run(async () => {
    const label = labels[i];
    if (!label || !labels[i + by]) return;
    const before = by < 0 ? labels[i - 1] : labels[i + 2];
    await call(tenant, 'console.label.place', { params: { label: label.id }, body: before ? { before: before.id } : {} });
    await done();
    requestAnimationFrame(() => list.current?.querySelector<HTMLElement>(`[data-id="${label.id}"]`)?.focus());
    toast(t('labels.order.moved', { name: label.name, n: i + by + 1 }));
  });
  const onKey = (e: KeyboardEvent, i: number) => {
    if (!e.altKey || busy || (e.key !== 'ArrowUp' && e.key !== 'ArrowDown')) return;
    e.preventDefault();
    void step(i, e.key === 'ArrowUp' ? -1 : 1);
  };
  return (
    <Card title={t(`labels.kind.${kind}`)} text={t(`labels.about.${kind}`)}>
      <Switch className="label-use" label={t(`labels.use.${kind}`)} description={t('labels.use.off_hint')} checked={used} disabled={busy} onChange={(e) => void use(e.currentTarget.checked)} />
      <Problem text={problem} />
      {labels.length === 0 && <p className="empty">{t(`labels.empty.${kind}`)}</p>}
      <ol ref={list} className="label-list">
        {labels.map((l, i) => (
          <li key={l.id} className="label-row" data-id={l.id} tabIndex={0} aria-keyshortcuts="Alt+ArrowUp Alt+ArrowDown" onKeyDown={(e) => onKey(e, i)}>
            <span className="label-name">{l.name}</span>
            <span className="small-print">{t('labels.order.holders', { n: l.holders })}</span>
            <span className="acts">
              <button type="button" className="icon-button" disabled={i === 0 || busy} aria-label={t('labels.order.up', { name: l.name })} onClick={() => void step(i, -1)}>
                <UpIcon size={20} />
              </button>
              <button
                type="button" className="icon-button" disabled={i === labels.length - 1 || busy} aria-label={t('labels.order.down', { name: l.name })}
                onClick={() => void step(i, 1)}
              >
                <DownIcon size={20} />
              </button>
              <Button size="sm" variant="default" aria-label={t('labels.form.rename_of', { name: l.name })} onClick={() => setAsk({ act: 'rename', label: l })}>
                {t('labels.form.rename_act')}
              </Button>
              <Button
                size="sm" variant="default" aria-label={t('labels.remove.of', { name: l.name })}
                onClick={() => setAsk({ act: l.holders > 0 ? 'held' : 'delete', label: l })}
              >
                {t('labels.remove.act')}
              </Button>
            </span>
          </li>
        ))}
      </ol>
      <AddLabel tenant={tenant} kind={kind} done={done} />
      {ask?.act === 'rename' && <RenameLabel tenant={tenant} label={ask.label} close={close} done={done} />}
      {ask?.act === 'held' && <Holders tenant={tenant} label={ask.label} close={close} />}
      {ask?.act === 'delete' && (
        <Confirm
          title={t('labels.remove.title', { name: ask.label.name })} text={t('labels.remove.text')} act={t('labels.remove.act')}
          done={t('labels.remove.done', { name: ask.label.name })} close={close}
          run={async () => {
            await call(tenant, 'console.label.delete', { params: { label: ask.label.id } });
            await done();
          }}
        />
      )}
    </Card>
  );
}

export function LabelsPage({ me }: PageProps) {
  const { t } = useTranslation();
  const queries = useQueryClient();
  const found = useQuery({ queryKey: ['console', me.tenant, 'labels'], queryFn: () => call(me.tenant, 'console.label.list') });
  const done = () => queries.invalidateQueries({ queryKey: ['console', me.tenant, 'labels'] });
  return (
    <>
      <PageHead title={t('labels.page.title')} about={t('labels.page.about')} />
      {found.isPending && <Loading />}
      {found.isError && <ErrorNote error={found.error} retry={() => void found.refetch()} />}
      {found.data && KINDS.map((k) => (
        <LabelCard key={k.kind} tenant={me.tenant} kind={k.kind} labels={found.data[k.list]} used={found.data[k.used]} done={done} />
      ))}
    </>
  );
}

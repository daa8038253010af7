// What every page of the console is made of: head, table that becomes cards, forms with errors beside their fields,
// questions, the search field, the bar of unsaved changes, and the password asked again before a dangerous act.
import '@mantine/core/styles/Checkbox.css';
import '@mantine/core/styles/Radio.css';
import '@mantine/core/styles/Switch.css';
import './kit.css';
import { Button, Checkbox, TextInput } from '@mantine/core';
import type { UseInfiniteQueryResult } from '@tanstack/react-query';
import { createContext, useContext, useEffect, useRef, useState, type FormEvent, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { ApiError, call } from '../base/api.ts';
import { Dialog } from '../base/dialog.tsx';
import { SearchIcon } from '../base/icons.tsx';
import { useComposition } from '../base/ime.ts';
import { toast } from '../base/live.tsx';
import { Password } from '../base/password.tsx';
import { Link } from '../base/shell.tsx';
import { useErrorText } from '../base/states.tsx';
import type { Me } from '../base/types.ts';

/** What a page gets: who looks, and what stands behind the page's own address. */
export interface PageProps {
  me: Me;
  sub: string[];
}

/** The server takes a path with a dot for a file, so a page's address has dashes: member.member → member-member. */
export const slug = (menu: string): string => menu.replaceAll('.', '-');
/** pathOf('member.member', id) → /console/member-member/<id> */
export const pathOf = (menu: string, ...sub: string[]): string => ['/console', slug(menu), ...sub].join('/');

export function PageHead({ title, about, back, children }: {
  title: string; about?: string; back?: { to: string; label: string }; children?: ReactNode;
}) {
  return (
    <header className="page-head">
      {back && <Link to={back.to} className="page-back">{back.label}</Link>}
      <div className="page-head-row">
        <h1 className="page-title">{title}</h1>
        {children && <div className="button-row">{children}</div>}
      </div>
      {about && <p className="page-about">{about}</p>}
    </header>
  );
}

/** A few views of one page, side by side: each has an address of its own. */
export function Views({ label, views }: { label: string; views: { to: string; label: string; current: boolean }[] }) {
  return (
    <nav className="views" aria-label={label}>
      {views.map((v) => <Link key={v.to} to={v.to} current={v.current} className="view-link">{v.label}</Link>)}
    </nav>
  );
}

/* Acting */

/** The person put the question away: nothing was done and nothing needs to be said. */
export class PutAway extends Error {}

type Prove = <T>(act: () => Promise<T>) => Promise<T>;
const Proof = createContext<Prove>((act) => act());

/** useProof()(act): does `act`; where the server wants the password again, asks for it and does `act` once more. */
export const useProof = (): Prove => useContext(Proof);

type Waiting = { done: () => void; fail: (e: unknown) => void };

export function ProofProvider({ me, children }: { me: Me; children: ReactNode }) {
  const [waiting, setWaiting] = useState<Waiting | null>(null);
  const prove: Prove = async (act) => {
    try {
      return await act();
    } catch (e) {
      if (!(e instanceof ApiError) || e.code !== 'reauth_required') throw e;
      await new Promise<void>((done, fail) => setWaiting({ done, fail }));
      return await act();
    }
  };
  return (
    <Proof.Provider value={prove}>
      {children}
      {waiting && <ProofDialog me={me} waiting={waiting} close={() => setWaiting(null)} />}
    </Proof.Provider>
  );
}

function ProofDialog({ me, waiting, close }: { me: Me; waiting: Waiting; close: () => void }) {
  const { t } = useTranslation();
  const [password, setPassword] = useState('');
  const away = () => {
    close();
    waiting.fail(new PutAway());
  };
  const submit = async () => {
    try {
      await call(me.tenant, 'console.open', { body: { password } });
    } catch (e) {
      if (e instanceof ApiError && e.code === 'sign_in') throw new FieldError('password', t('kit.proof.wrong'));
      throw e;
    }
    close();
    waiting.done();
  };
  return (
    <FormDialog title={t('kit.proof.title')} close={away} submit={submit} act={t('kit.proof.act')}>
      {(errors) => (
        <>
          <p>{t('kit.proof.text')}</p>
          <input type="hidden" name="username" autoComplete="username" value={`${me.login}@${me.workgroup}`} readOnly />
          <Password
            name="password" label={t('kit.proof.password')} autoComplete="current-password" data-autofocus required
            value={password} onChange={(e) => setPassword(e.currentTarget.value)} error={errors['password']}
          />
        </>
      )}
    </FormDialog>
  );
}

/** An error that belongs to one field of a form, found before or after asking the server. */
export class FieldError extends Error {
  readonly field: string;

  constructor(field: string, message: string) {
    super(message);
    this.field = field;
  }
}

export type FieldErrors = Record<string, string | undefined>;

/** Runs an act of a form or a button: busy meanwhile; what went wrong comes as a sentence, beside its field where the
 * server names one. `names` gives the sentence of a field's error; without it: 「入力内容を確認してください」. */
export function useAct(names?: (field: string, code: string) => string | undefined) {
  const { t } = useTranslation();
  const errorText = useErrorText();
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState('');
  const [errors, setErrors] = useState<FieldErrors>({});
  const run = async (act: () => Promise<void>): Promise<boolean> => {
    setBusy(true);
    setProblem('');
    setErrors({});
    try {
      await act();
      return true;
    } catch (e) {
      if (e instanceof PutAway) return false;
      const field = e instanceof FieldError || e instanceof ApiError ? e.field : '';
      if (field === '') setProblem(errorText(e));
      else setErrors({ [field]: e instanceof FieldError ? e.message : names?.(field, (e as ApiError).code) ?? t('kit.form.field') });
      return false;
    } finally {
      setBusy(false);
    }
  };
  return { busy, problem, errors, run };
}

export function Problem({ text }: { text: string }) {
  return <div role="alert">{text && <p className="form-error">{text}</p>}</div>;
}

/** A form in a dialog. `submit` throws where something is wrong; after it has run without, the dialog is closed by the
 * page. An error of a field that the form does not show is said above the buttons. */
export function FormDialog({ title, close, submit, act, danger = false, shows, names, children }: {
  title: string; close: () => void; submit: () => Promise<void>; act: string; danger?: boolean;
  shows?: string[]; names?: (field: string, code: string) => string | undefined;
  children: (errors: FieldErrors) => ReactNode;
}) {
  const { t } = useTranslation();
  const { busy, problem, errors, run } = useAct(names);
  const form = useRef<HTMLFormElement>(null);
  const [field] = Object.keys(errors);
  const stray = field !== undefined && shows !== undefined && !shows.includes(field) ? errors[field] ?? '' : '';
  useEffect(() => {
    if (field) form.current?.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus();
  }, [field, errors]);
  const send = (e: FormEvent) => {
    e.preventDefault();
    e.stopPropagation();
    if (!busy) void run(submit);
  };
  return (
    <Dialog opened close={close} title={title}>
      <form ref={form} className="dialog-form" onSubmit={send} noValidate>
        {children(errors)}
        <Problem text={problem || stray} />
        <div className="dialog-buttons">
          <Button variant="default" onClick={close}>{t('base.act.cancel')}</Button>
          <Button type="submit" loading={busy} {...(danger ? { color: 'beni' } : {})}>{act}</Button>
        </div>
      </form>
    </Dialog>
  );
}

/** A question before an act that is not undone by itself. The act's button repeats its object. */
export function Confirm({ title, text, act, done, close, run, danger = true, children }: {
  title: string; text?: string; act: string; done?: string; close: () => void; run: () => Promise<void>; danger?: boolean;
  children?: ReactNode;
}) {
  const submit = async () => {
    await run();
    if (done) toast(done);
    close();
  };
  return (
    <FormDialog title={title} close={close} submit={submit} act={act} danger={danger} shows={[]}>
      {() => (
        <>
          {text && <p>{text}</p>}
          {children}
        </>
      )}
    </FormDialog>
  );
}

/* Finding and showing */

/** Tells what was typed once the fingers rest, never in the middle of a composition. */
export function SearchBox({ label, value, change, placeholder }: {
  label: string; value: string; change: (text: string) => void; placeholder?: string;
}) {
  const composition = useComposition();
  const [text, setText] = useState(value);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  useEffect(() => () => clearTimeout(timer.current), []);
  const tell = (next: string) => {
    clearTimeout(timer.current);
    timer.current = setTimeout(() => change(next.trim()), 200);
  };
  return (
    <TextInput
      type="search" className="search-box" aria-label={label} placeholder={placeholder ?? label} value={text}
      leftSection={<SearchIcon size={20} />} autoComplete="off" spellCheck={false}
      onChange={(e) => {
        setText(e.currentTarget.value);
        if (!composition.composing) tell(e.currentTarget.value);
      }}
      onCompositionStart={composition.start}
      onCompositionEnd={(e) => {
        composition.end();
        tell(e.currentTarget.value);
      }}
    />
  );
}

export interface Column<T> {
  key: string;
  head: string;
  cell: (row: T) => ReactNode;
  className?: string;
}

/** A table; under 768 px each row is a card whose first column is its title. `chosen` adds a box to each row. */
export function DataTable<T>({ label, rows, columns, keyOf, nameOf, chosen, choose, empty, className = '' }: {
  label: string; rows: T[]; columns: Column<T>[]; keyOf: (row: T) => string; nameOf?: (row: T) => string;
  chosen?: Set<string>; choose?: (next: Set<string>) => void; empty: ReactNode; className?: string;
}) {
  const { t } = useTranslation();
  if (rows.length === 0) return <div className="empty">{empty}</div>;
  const [title, ...others] = columns;
  if (title === undefined) return null;
  const flip = (key: string) => {
    const next = new Set(chosen);
    if (!next.delete(key)) next.add(key);
    choose?.(next);
  };
  const all = chosen !== undefined && rows.every((r) => chosen.has(keyOf(r)));
  const none = chosen === undefined || rows.every((r) => !chosen.has(keyOf(r)));
  return (
    <div className="table-box" tabIndex={0} role="region" aria-label={label}>
      <table className={`console-table ${className}`}>
        <thead>
          <tr>
            {chosen && (
              <th scope="col" className="tick">
                <Checkbox
                  aria-label={t('kit.table.all')} checked={all} indeterminate={!all && !none}
                  onChange={() => choose?.(new Set(all ? [] : rows.map(keyOf)))}
                />
              </th>
            )}
            {columns.map((c) => <th key={c.key} scope="col">{c.head}</th>)}
          </tr>
        </thead>
        <tbody>
          {rows.map((r) => (
            <tr key={keyOf(r)}>
              {chosen && (
                <td className="tick">
                  <Checkbox
                    aria-label={t('kit.table.choose', { name: nameOf?.(r) ?? keyOf(r) })} checked={chosen.has(keyOf(r))}
                    onChange={() => flip(keyOf(r))}
                  />
                </td>
              )}
              <th scope="row" className={title.className}>{title.cell(r)}</th>
              {others.map((c) => (
                <td key={c.key} className={c.className} {...(c.head ? { 'data-label': c.head } : {})}>{c.cell(r)}</td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

export function MoreButton({ list, label }: {
  list: Pick<UseInfiniteQueryResult, 'hasNextPage' | 'isFetchingNextPage' | 'fetchNextPage'>; label?: string;
}) {
  const { t } = useTranslation();
  if (!list.hasNextPage) return null;
  return (
    <Button variant="default" loading={list.isFetchingNextPage} onClick={() => void list.fetchNextPage()}>
      {label ?? t('kit.table.more')}
    </Button>
  );
}

/** Name and value, one below the other on a phone: the body of a detail page. */
export function Facts({ facts }: { facts: { label: string; value: ReactNode }[] }) {
  return (
    <dl className="fact-list">
      {facts.map((f) => (
        <div key={f.label} className="fact">
          <dt>{f.label}</dt>
          <dd>{f.value}</dd>
        </div>
      ))}
    </dl>
  );
}

export function Card({ title, text, children }: { title: string; text?: string; children?: ReactNode }) {
  return (
    <section className="card" aria-label={title}>
      <h2>{title}</h2>
      {text && <p className="small-print">{text}</p>}
      {children}
    </section>
  );
}

export interface Change {
  label: string;
  old: string;
  next: string;
}

/** Stands at the foot of a page only while something is unsaved, and says what: old → new. */
export function SaveBar({ changes, save, discard }: { changes: Change[]; save: () => Promise<void>; discard: () => void }) {
  const { t } = useTranslation();
  const { busy, problem, errors, run } = useAct();
  if (changes.length === 0) return null;
  return (
    <section className="save-bar" aria-label={t('kit.save.label')}>
      <ul>
        {changes.map((c) => (
          <li key={c.label}>
            <span className="save-label">{c.label}</span>
            <span className="save-values">{t('kit.save.change', { old: c.old, next: c.next })}</span>
          </li>
        ))}
      </ul>
      <Problem text={problem || (Object.values(errors)[0] ?? '')} />
      <div className="dialog-buttons">
        <Button variant="default" onClick={discard}>{t('kit.save.discard')}</Button>
        <Button loading={busy} onClick={() => void run(save)}>{t('kit.save.save')}</Button>
      </div>
    </section>
  );
}

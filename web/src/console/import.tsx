// 一括追加: a list of members is chosen, looked at line by line, mended in place, added all or none, and printed as slips.
import './import.css';
import { Button, TextInput } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { useRef, useState, type DragEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { SlipSheet, type SlipData } from '../account/slip.tsx';
import { call } from '../base/api.ts';
import { addWords, currentLang } from '../base/i18n.ts';
import { toast } from '../base/live.tsx';
import { saveFile } from '../base/save.ts';
import { fullName } from '../talk/names.ts';
import { Card, PageHead, Problem, pathOf, useAct, type PageProps } from './kit.tsx';
import en from './words/import.en.json';
import ja from './words/import.ja.json';
import type { Ops } from '../../gen/api.ts';
import type { Me } from '../base/types.ts';

addWords('import', ja, en);

const PART = 32 * 1024;

type Check = Ops['console.import.check']['output'];
type Link = Ops['console.import.links']['output']['members'][number];
type Line = { cells: string[]; drop: boolean };
type Mends = ReadonlyMap<number, Line>;

const number = (n: number): string => n.toLocaleString();

function base64url(bytes: Uint8Array): string {
  let text = '';
  for (const b of bytes) text += String.fromCharCode(b);
  return btoa(text).replaceAll('+', '-').replaceAll('/', '_').replace(/=+$/, '');
}

async function upload(tenant: string, file: File, progress: (part: number) => void): Promise<string> {
  const bytes = new Uint8Array(await file.arrayBuffer());
  const { id } = await call(tenant, 'console.import.begin', { body: { name: file.name.slice(-200), size: bytes.length } });
  for (let at = 0, seq = 0; at < bytes.length; at += PART, seq += 1) {
    await call(tenant, 'console.import.part', { params: { import: id }, body: { seq, data: base64url(bytes.subarray(at, at + PART)) } });
    progress(Math.min(1, (at + PART) / bytes.length));
  }
  return id;
}

const mendsBody = (mends: Mends) => ({
  mended: [...mends].map(([line, m]) => (m.drop ? { line, drop: true } : { line, cells: m.cells.map((text) => ({ text })) })),
});

function Choose({ me, chosen }: { me: Me; chosen: (id: string, name: string) => void }) {
  const { t } = useTranslation();
  const { busy, problem, run } = useAct();
  const [part, setPart] = useState(0);
  const [over, setOver] = useState(false);
  const input = useRef<HTMLInputElement>(null);
  const take = (file: File | undefined) => {
    if (!file || busy) return;
    void run(async () => {
      if (file.size === 0) throw new Error(t('import.empty_file'));
      setPart(0);
      chosen(await upload(me.tenant, file, setPart), file.name);
    });
  };
  const drop = (e: DragEvent) => {
    e.preventDefault();
    setOver(false);
    take(e.dataTransfer.files[0]);
  };
  const template = () => void run(async () => saveFile(t('import.template_name'), await call(me.tenant, 'console.import.template')));
  return (
    <>
      <Card title={t('import.prepare')} text={t('import.prepare_text')}>
        <Button variant="default" onClick={template}>{t('import.template')}</Button>
      </Card>
      <section
        className={over ? 'drop-area over' : 'drop-area'} aria-label={t('import.choose')}
        onDragOver={(e) => {
          e.preventDefault();
          setOver(true);
        }}
        onDragLeave={() => setOver(false)} onDrop={drop}
      >
        <p>{t('import.drop')}</p>
        <input
          ref={input} type="file" className="file-input" accept=".csv,text/csv" tabIndex={-1} aria-label={t('import.choose')}
          onChange={(e) => {
            take(e.currentTarget.files?.[0]);
            e.currentTarget.value = '';
          }}
        />
        <Button loading={busy} onClick={() => input.current?.click()}>{t('import.choose')}</Button>
        <p className="small-print">{t('import.limits')}</p>
        {busy && <p role="status">{t('import.uploading', { percent: Math.round(part * 100) })}</p>}
        <Problem text={problem} />
      </section>
    </>
  );
}

/** One line with its errors: the wrong cells are fields, the others say whose line it is. */
function BadLine({ seen, line, mend, change }: {
  seen: Check; line: Check['lines'][number]; mend: Line | undefined; change: (next: Line) => void;
}) {
  const { t } = useTranslation();
  const lang = currentLang();
  const cells = mend?.cells ?? line.cells.map((c) => c.text);
  const errors = seen.errors.filter((e) => e.line === line.line);
  const wrong = (column: string) => errors.find((e) => e.column === column);
  const lost = errors.filter((e) => !seen.columns.some((c) => c.id === e.column));
  const dropped = mend?.drop ?? false;
  const others = seen.columns.flatMap((c, i) => (wrong(c.id) || !cells[i] ? [] : [cells[i]])).slice(0, 4).join(' / ');
  return (
    <li className={dropped ? 'bad-line dropped' : 'bad-line'}>
      <p className="bad-line-head">
        <strong>{t('import.line', { line: line.line })}</strong>
        <span className="small-print">{others}</span>
      </p>
      {!dropped && (
        <div className="bad-cells">
          {seen.columns.map((c, i) => {
            const error = wrong(c.id);
            return error && (
              <TextInput
                key={c.id} label={c.title} value={cells[i] ?? ''} error={error[lang]} maxLength={1000} autoComplete="off" spellCheck={false}
                onChange={(e) => change({ cells: cells.map((text, k) => (k === i ? e.currentTarget.value : text)), drop: false })}
              />
            );
          })}
          {lost.map((e) => <p key={`${e.code}${e.column}`} className="form-error">{e[lang]}</p>)}
        </div>
      )}
      <Button variant="subtle" size="sm" onClick={() => change({ cells, drop: !dropped })}>
        {t(dropped ? 'import.keep_line' : 'import.drop_line')}
      </Button>
    </li>
  );
}

function FileProblem({ seen, again }: { seen: Check; again: () => void }) {
  const { t } = useTranslation();
  const e = seen.errors[0];
  return (
    <Card title={t('import.unreadable')}>
      {e && <p>{e.line > 0 ? t('import.at_line', { line: e.line, text: e[currentLang()] }) : e[currentLang()]}</p>}
      {e?.column && <p>{t('import.column', { title: e.column })}</p>}
      <Button onClick={again}>{t('import.other')}</Button>
    </Card>
  );
}

function Review({ me, id, name, first, again, done }: {
  me: Me; id: string; name: string; first: Check; again: () => void; done: (added: number) => void;
}) {
  const { t } = useTranslation();
  const { busy, problem, errors, run } = useAct();
  const [seen, setSeen] = useState(first);
  const [mends, setMends] = useState<Mends>(new Map());
  if (seen.columns.length === 0) return <FileProblem seen={seen} again={again} />;
  const check = () => run(async () => {
    setSeen(await call(me.tenant, 'console.import.check', { params: { import: id }, body: mendsBody(mends) }));
  });
  const add = () => run(async () => {
    const { added } = await call(me.tenant, 'console.import.run', { params: { import: id }, body: mendsBody(mends) });
    toast(t('import.added', { n: number(added) }));
    done(added);
  });
  const bad = seen.error_count > 0;
  return (
    <>
      <Card title={t(bad ? 'import.wrong' : 'import.ready')}>
        <p>{t('import.summary', { name, rows: number(seen.rows), ok: number(seen.ok), encoding: seen.encoding === 'shift_jis' ? 'Shift_JIS' : 'UTF-8' })}</p>
        {seen.dropped > 0 && <p>{t('import.dropped', { n: number(seen.dropped) })}</p>}
        {bad && <p>{t('import.rule')}</p>}
      </Card>
      {bad && (
        <>
          <h2 className="part-title">{t('import.errors', { n: number(seen.error_count) })}</h2>
          <ul className="bad-lines" aria-label={t('import.errors', { n: number(seen.error_count) })}>
            {seen.lines.map((l) => (
              <BadLine
                key={l.line} seen={seen} line={l} mend={mends.get(l.line)}
                change={(next) => setMends(new Map(mends).set(l.line, next))}
              />
            ))}
          </ul>
          {seen.error_count > seen.errors.length && <p>{t('import.more_errors', { n: number(seen.errors.length) })}</p>}
        </>
      )}
      <Problem text={problem || (Object.values(errors)[0] ?? '')} />
      {busy && <p role="status">{bad ? t('import.checking') : t('import.running', { n: number(seen.rows) })}</p>}
      <div className="button-row import-buttons">
        <Button variant="default" disabled={busy} onClick={again}>{t('import.other')}</Button>
        {bad
          ? <Button loading={busy} onClick={() => void check()}>{t('import.check')}</Button>
          : <Button loading={busy} disabled={seen.rows === 0} onClick={() => void add()}>{t('import.run', { n: number(seen.rows), count: seen.rows })}</Button>}
      </div>
    </>
  );
}

const slipOf = (me: Me, m: Link): SlipData => ({
  company: me.company, name: fullName(m), login: m.login, workgroup: me.workgroup, link: m.link, until: m.until,
});

function Slips({ me, id, added }: { me: Me; id: string; added: number }) {
  const { t } = useTranslation();
  const { busy, problem, run } = useAct();
  const [links, setLinks] = useState<Link[]>([]);
  const make = () => run(async () => {
    const all: Link[] = [];
    for (let more = true; more;) {
      const after = all.at(-1)?.id;
      const page = await call(me.tenant, 'console.import.links', { params: { import: id }, body: after ? { after } : {} });
      all.push(...page.members);
      more = page.more && page.members.length > 0;
      setLinks([...all]);
    }
  });
  return (
    <>
      <Card title={t('import.done', { n: number(added) })} text={t('import.done_text')}>
        {links.length === 0 && <Button loading={busy} onClick={() => void make()}>{t('import.slips')}</Button>}
        {busy && <p role="status">{t('import.making', { n: number(links.length), all: number(added) })}</p>}
        <Problem text={problem} />
      </Card>
      {!busy && links.length > 0 && <SlipSheet slips={links.map((l) => slipOf(me, l))} />}
    </>
  );
}

export function ImportPage({ me }: PageProps) {
  const { t } = useTranslation();
  const queries = useQueryClient();
  const { busy, problem, run } = useAct();
  const [file, setFile] = useState<{ id: string; name: string; seen: Check } | null>(null);
  const [added, setAdded] = useState<number | null>(null);
  const chosen = (id: string, name: string) => void run(async () => {
    const seen = await call(me.tenant, 'console.import.check', { params: { import: id }, body: { mended: [] } });
    setFile({ id, name, seen });
  });
  const done = (n: number) => {
    setAdded(n);
    void queries.invalidateQueries({ queryKey: ['console', me.tenant] });
  };
  return (
    <>
      <PageHead title={t('import.title')} about={t('import.about')} back={{ to: pathOf('member.member'), label: t('import.back') }} />
      {file === null && <Choose me={me} chosen={chosen} />}
      {busy && <p role="status">{t('import.checking')}</p>}
      <Problem text={problem} />
      {file !== null && added === null && (
        <Review key={file.id} me={me} id={file.id} name={file.name} first={file.seen} again={() => setFile(null)} done={done} />
      )}
      {file !== null && added !== null && <Slips me={me} id={file.id} added={added} />}
    </>
  );
}

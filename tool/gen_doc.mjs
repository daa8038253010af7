// tool/gen_doc: the tables as pages for people: operations, settings, errors, permissions. Plain Markdown, one table
// each, in the order of the tables. Imported by gen.mjs alone.

import { inputsOnly, published, reach } from './gen_ts.mjs';

const MADE = '<!-- Made by tool/gen from `engawad --describe`. Do not edit. -->\n\n';
const cell = (x) => String(x ?? '').replaceAll('|', '\\|').replaceAll('\n', ' ');
const row = (...cells) => `| ${cells.map(cell).join(' | ')} |`;
const table = (head, rows) => [row(...head), `|${head.map(() => '---').join('|')}|`, ...rows].join('\n');

function schemaDoc(schema, inputs) {
  const rows = schema.fields.map((f) => row(
    f.name,
    f.of ? `${f.type} of ${f.of}` : f.type,
    [f.sparse ? 'left out while empty' : f.need || !inputs.has(schema.name) ? 'always' : 'optional', f.null ? 'may be null' : ''].filter(Boolean).join(', '),
    f.one_of ? f.one_of.replaceAll('|', ', ') : f.max > 0 ? `${f.min ?? 0}–${f.max}` : '',
    f.doc,
  ));
  return `### ${schema.name}\n\n${rows.length ? table(['field', 'type', 'present', 'limits', 'meaning'], rows) : 'No fields.'}\n`;
}

const who = (o) => (o.menu && o.menu !== 'any' ? `${o.who}: ${o.menu}` : o.who);

function opsTable(ops) {
  const rows = ops.map((o) => row(`\`${o.name}\``, o.path ? `${o.method} ${o.path}` : '', o.ws ? 'yes' : '', who(o), o.query, o.input,
    o.file ? 'a file' : o.output, o.audit, o.doc));
  return table(['operation', 'method and path', 'WebSocket', 'who', 'query', 'input', 'output', 'audit', 'what it does'], rows);
}

export function apiDoc(t) {
  const inputs = inputsOnly(t);
  const ops = t.ops.filter((o) => !o.test);       // a test build gives the same pages
  const operator = ops.filter((o) => o.who === 'operator');
  const named = reach(t, [...ops.flatMap((o) => [o.input, o.output, o.query]), ...t.events.map((e) => e.schema)]);
  const events = t.events.map((e) => row(`\`${e.name}\``, e.to, e.schema, e.notify, e.audited ? 'yes' : '', e.doc));
  return `${MADE}# Operations\n\nPaths stand below \`/t/<tenant>\`; \`session.open\` stands below \`/w/<workgroup>\`.\n\n${opsTable(published(t))}\n\n`
    + `# Operations of the operator\n\nThrough the local socket of \`engawactl\`, never on the network.\n\n${opsTable(operator)}\n\n`
    + `# Events\n\n${table(['event', 'to', 'data', 'notice', 'audited', 'when'], events)}\n\n`
    + `# Schemas\n\n${t.schemas.filter((s) => named.has(s.name)).map((s) => schemaDoc(s, inputs)).join('\n')}`;
}

function settingDoc(s) {
  const values = s.values.map((v) => `\`${v.value}\` ${v.ja} (${v.en})`).join(', ');
  const text = (lang) => ['help', 'risk', 'example'].map((part) => `- ${s[`text_${lang}`][part]}\n`).join('');
  return `## ${s.key}\n\n${s.ja}: ${s.en}${values ? `. Values: ${values}` : ''}\n\n${text('ja')}${text('en')}`;
}

export function settingsDoc(t) {
  const rows = t.settings.map((s) => row(`\`${s.key}\``, s.requirement, s.type, s.allowed, s.default, s.strict, s.paper,
    s.menu, s.ja, s.en, s.obeyed ? 'yes' : 'not yet'));
  return `${MADE}# Settings\n\nIn the columns strict and paper, \`=\` means the default.\n\n`
    + `${table(['key', 'requirement', 'type', 'allowed', 'default', 'strict', 'paper', 'menu', 'ja', 'en', 'obeyed'], rows)}\n\n`
    + t.settings.map(settingDoc).join('\n');
}

export function errorsDoc(t) {
  return `${MADE}# Errors\n\n${table(['code', 'status', 'ja', 'en'],
    t.errors.map((e) => row(`\`${e.code}\``, e.status, e.ja, e.en)))}\n`;
}

export function permissionsDoc(t) {
  const fixed = t.roles.filter((r) => t.menus.some((m) => typeof m[r.id] === 'boolean'));
  const menus = t.menus.map((m) => row(`\`${m.id}\``, `${m.group_ja} > ${m.ja}`, `${m.group_en} > ${m.en}`,
    ...fixed.map((r) => (m[r.id] ? 'yes' : '–')),
    t.ops.filter((o) => o.menu === m.id).map((o) => `\`${o.name}\``).join(' ')));
  const kinds = t.audit_kinds.map((k) => row(`\`${k.id}\``, k.log, k.ja, k.en));
  return `${MADE}# Permissions\n\nWhat has no row is refused.\n\n`
    + `${table(['submenu', 'ja', 'en', ...fixed.map((r) => r.en), 'operations'], menus)}\n\n`
    + `# Kinds of audit rows\n\n${table(['kind', 'log', 'ja', 'en'], kinds)}\n`;
}

// tool/gen_ts: the TypeScript side of the tables: types of every schema, the operations with the types of their
// parts, events, and the sentences of the error codes in both languages. Imported by gen.mjs alone.

const SCALARS = { text: 'string', id: 'string', time: 'string', int: 'number', bool: 'boolean', json: 'Json' };

/** message_out → MessageOut */
export const typeName = (name) => name.replace(/(^|[_.])(\w)/g, (_, __, c) => c.toUpperCase());

/** "/rooms/:room/messages" → ["room"] */
export const pathParams = (p) => [...p.matchAll(/:(\w+)/g)].map((m) => m[1]);

/** What the server offers on the network; the operator's own operations come through a local socket. */
export const published = (t) => t.ops.filter((o) => o.who !== 'operator');

/** Names of the schemas that the given ones reach, themselves included. */
export function reach(t, names) {
  const schemas = new Map(t.schemas.map((s) => [s.name, s]));
  const found = new Set();
  const visit = (name) => {
    const schema = schemas.get(name);
    if (!schema || found.has(name)) return;
    found.add(name);
    schema.fields.forEach((f) => visit(f.of));
  };
  names.forEach(visit);
  return found;
}

/** Schemas that only come in: there, `need` says which fields must be sent. Going out, every field is there but
 * the sparse ones. */
export function inputsOnly(t) {
  const out = reach(t, [...t.ops.map((o) => o.output), ...t.events.map((e) => e.schema)]);
  return new Set(t.schemas.map((s) => s.name).filter((name) => !out.has(name)));
}

const string = (s) => `'${String(s).replace(/\\/g, '\\\\').replace(/'/g, "\\'").replace(/\n/g, '\\n')}'`;

/** A time that comes in is a number, UTC ms; one that goes out is text as RFC 3339 has it. */
function fieldType(field, known, comesIn) {
  if (comesIn && field.type === 'time') return 'number';
  const of = field.of && known.has(field.of) ? typeName(field.of) : (SCALARS[field.of] ?? 'Json');
  if (field.type === 'array') return `${of}[]`;
  if (field.type === 'object') return of;
  if (field.one_of) return field.one_of.split('|').map(string).join(' | ');
  return SCALARS[field.type] ?? 'Json';
}

function schemaType(schema, known, inputs) {
  const lines = schema.fields.map((f) => {
    const doc = f.doc ? `  /** ${f.doc.replaceAll('*/', '* /')} */\n` : '';
    const optional = f.sparse || (inputs.has(schema.name) && !f.need) ? '?' : '';
    return `${doc}  ${f.name}${optional}: ${fieldType(f, known, inputs.has(schema.name))}${f.null ? ' | null' : ''};`;
  });
  return lines.length
    ? `export interface ${typeName(schema.name)} {\n${lines.join('\n')}\n}\n`
    : `export type ${typeName(schema.name)} = Record<string, never>;\n`;
}

function opTypes(op) {
  const params = pathParams(op.path).map((p) => `${p}: string`);
  const part = (schema) => (schema ? typeName(schema) : 'undefined');
  return `  ${string(op.name)}: { params: ${params.length ? `{ ${params.join('; ')} }` : 'undefined'}; `
    + `query: ${part(op.query)}; body: ${part(op.input)}; output: ${op.file ? 'Blob' : part(op.output)} };`;
}

function opRow(op) {
  return `  ${string(op.name)}: { method: ${string(op.method)}, path: ${string(op.path)}, ws: ${!!op.ws}, `
    + `who: ${string(op.who)}, menu: ${string(op.menu ?? '')}, retrySafe: ${!!op.retry_safe}, file: ${!!op.file} },`;
}

export function typescript(t) {
  const ops = published(t);
  const known = reach(t, [...ops.flatMap((o) => [o.input, o.output, o.query]), ...t.events.map((e) => e.schema)]);
  const inputs = inputsOnly(t);
  const schemas = t.schemas.filter((s) => known.has(s.name));
  const events = t.events.map((e) => `  ${string(e.name)}: ${known.has(e.schema) ? typeName(e.schema) : 'Json'};`);
  const limits = ops.flatMap((o) => (t.schemas.find((s) => s.name === o.input)?.fields ?? [])
    .filter((f) => f.type === 'text' && f.max > 0).map((f) => `  ${string(`${o.name}.${f.name}`)}: ${f.max},`));
  const sentence = (lang) => t.errors.map((e) => `    ${string(e.code)}: ${string(e[lang])},`).join('\n');
  const union = (list) => list.map((x) => `  | ${string(x)}`).join('\n');
  return `// Made by tool/gen from \`engawad --describe\`. Do not edit.

export const version = ${string(t.version)};

export type Json = string | number | boolean | null | Json[] | { [key: string]: Json };

${schemas.map((s) => schemaType(s, known, inputs)).join('\n')}
export interface Ops {
${ops.map(opTypes).join('\n')}
}
export type OpName = keyof Ops;

export interface OpRow {
  method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  path: string;
  ws: boolean;
  who: string;
  menu: string;
  retrySafe: boolean;
  /** Answers the bytes of a file. */
  file: boolean;
}

export const ops: Record<OpName, OpRow> = {
${ops.map(opRow).join('\n')}
};

/** What a call of an operation carries: only the parts that the operation has. */
export type CallParts<N extends OpName> = {
  [P in 'params' | 'query' | 'body' as Ops[N][P] extends undefined ? never : P]: Ops[N][P];
};
export type CallArgs<N extends OpName> = keyof CallParts<N> extends never ? [] : [parts: CallParts<N>];
export type Call = <N extends OpName>(op: N, ...args: CallArgs<N>) => Promise<Ops[N]['output']>;

export interface Events {
${events.join('\n')}
}
export type EventName = keyof Events;
export const eventNames: EventName[] = [${t.events.map((e) => string(e.name)).join(', ')}];

/** The largest length of a text in characters, by operation and field. */
export const limits = {
${limits.join('\n')}
} as const;

export type ErrorCode =
${union(t.errors.map((e) => e.code))};

export const errorStatus: Record<ErrorCode, number> = {
${t.errors.map((e) => `  ${string(e.code)}: ${e.status},`).join('\n')}
};

export const errorSentences: Record<'ja' | 'en', Record<ErrorCode, string>> = {
  ja: {
${sentence('ja')}
  },
  en: {
${sentence('en')}
  },
};

/** The names of the kinds of audit rows. */
export const auditKinds: Record<string, { log: string; ja: string; en: string }> = {
${t.audit_kinds.map((k) => `  ${string(k.id)}: { log: ${string(k.log)}, ja: ${string(k.ja)}, en: ${string(k.en)} },`).join('\n')}
};

/** The names of the roles. */
export const roles: Record<string, { ja: string; en: string }> = {
${t.roles.map((r) => `  ${string(r.id)}: { ja: ${string(r.ja)}, en: ${string(r.en)} },`).join('\n')}
};
`;
}

const pictures = (name, list) => `export const ${name} = [
${list.map((p) => `  { name: ${string(p.name)}, ja: ${string(p.ja)}, en: ${string(p.en)}, words: ${string(p.words)} },`).join('\n')}
] as const;
`;

/** Stamps and marks of talk, in the order they are shown. */
export const picturesTs = (t) => `// Made by tool/gen from \`engawad --describe\`. Do not edit.
${pictures('STAMPS', t.stamps)}
${pictures('MARKS', t.marks)}`;

// tool/gen_openapi: the operations as an OpenAPI 3.1 document. Every path stands below /t/{tenant}; signing in stands
// below /w/{workgroup}, where the workgroup's name is turned into the tenant's number. Imported by gen.mjs alone.
import { inputsOnly, pathParams, published, typeName } from './gen_ts.mjs';

const SCALARS = {
  text: { type: 'string' },
  id: { type: 'string', pattern: '^[0-9]{1,19}$' },
  time: { type: 'string', format: 'date-time' },
  int: { type: 'integer', format: 'int64' },
  bool: { type: 'boolean' },
};

/** A time that comes in is UTC ms; one that goes out is text. */
const TIME_IN = { type: 'integer', format: 'int64', minimum: 0 };

function fieldSchema(field, known, comesIn = false) {
  const of = known.has(field.of) ? { $ref: `#/components/schemas/${typeName(field.of)}` }
    : { ...(SCALARS[field.of] ?? {}) };
  let s;
  if (field.type === 'array') s = { type: 'array', items: of };
  else if (field.type === 'object') s = known.has(field.of) ? of : { type: 'object' };
  else s = { ...(comesIn && field.type === 'time' ? TIME_IN : SCALARS[field.type] ?? {}) };
  if (field.one_of) s.enum = field.one_of.split('|');
  if (field.type === 'text' && field.max > 0) Object.assign(s, { minLength: field.min ?? 0, maxLength: field.max });
  if (field.type === 'int' && field.max > 0) Object.assign(s, { minimum: field.min ?? 0, maximum: field.max });
  if (field.null) s = s.$ref ? { oneOf: [s, { type: 'null' }] } : { ...s, type: [s.type, 'null'] };
  if (field.doc) s = s.$ref ? { allOf: [s], description: field.doc } : { ...s, description: field.doc };
  return s;
}

function objectSchema(schema, known, inputs) {
  const required = schema.fields.filter((f) => !f.sparse && (f.need || !inputs.has(schema.name))).map((f) => f.name);
  return {
    type: 'object',
    properties: Object.fromEntries(schema.fields.map((f) => [f.name, fieldSchema(f, known, inputs.has(schema.name))])),
    ...(required.length ? { required } : {}),
  };
}

const json = (ref) => ({ 'application/json': { schema: { $ref: `#/components/schemas/${ref}` } } });
const pathKey = (op) => `${op.name === 'session.open' ? '/w/{workgroup}' : '/t/{tenant}'}`
  + op.path.replace(/^\/w\/:workgroup/, '').replace(/:(\w+)/g, '{$1}');

function parameters(op, schemas, known) {
  const first = op.name === 'session.open' ? 'Workgroup' : 'Tenant';
  const list = [{ $ref: `#/components/parameters/${first}` }];
  for (const name of pathParams(op.path).filter((p) => p !== 'workgroup')) {
    list.push({ name, in: 'path', required: true, schema: { type: 'string' } });
  }
  for (const f of op.query ? schemas.get(op.query).fields : []) {
    list.push({ name: f.name, in: 'query', required: !!f.need, schema: fieldSchema(f, known, true) });
  }
  if (op.method !== 'GET') list.push({ $ref: '#/components/parameters/OwnClient' });
  return list;
}

function operation(op, schemas, known) {
  const session = { Session: [] };
  return {
    operationId: op.name,
    summary: op.doc || op.name,
    tags: [op.name.split('.')[0]],
    security: op.who === 'public' ? [] : [op.who === 'console' ? { ...session, Console: [] } : session],
    parameters: parameters(op, schemas, known),
    ...(op.input ? { requestBody: { required: true, content: json(typeName(op.input)) } } : {}),
    responses: {
      200: {
        description: 'Done',
        ...(op.output ? { content: json(typeName(op.output)) } : {}),
        ...(op.file ? { content: { 'application/octet-stream': { schema: { type: 'string', format: 'binary' } } } } : {}),
      },
      '4XX': { $ref: '#/components/responses/Refused' },
      '5XX': { $ref: '#/components/responses/Refused' },
    },
  };
}

function errorSchema(t) {
  return {
    type: 'object',
    required: ['error'],
    properties: {
      error: {
        type: 'object',
        required: ['code', 'message', 'ref'],
        properties: {
          code: { type: 'string', enum: t.errors.map((e) => e.code) },
          message: { type: 'string', description: 'A sentence in the language of the caller.' },
          ref: { type: 'string', description: 'The number of the request, also in the log of the server.' },
          field: { type: 'string', description: 'The field that was refused, for invalid_value.' },
          count: { type: 'integer', description: 'How many stand in the way, where a refusal counts them.' },
          used: { type: 'integer', description: 'Bytes that are stored, where a refusal is for want of room.' },
          left: { type: 'integer', description: 'Bytes that still could be stored there.' },
        },
      },
    },
  };
}

/** The schemas that the paths reach, straight or through another schema. */
function reached(paths, all) {
  const found = {};
  const visit = (part) => {
    for (const [, name] of JSON.stringify(part).matchAll(/#\/components\/schemas\/(\w+)/g)) {
      if (name in all && !(name in found)) visit(found[name] = all[name]);
    }
  };
  visit(paths);
  return found;
}

export function openapi(t) {
  const known = new Set(t.schemas.map((s) => s.name));
  const schemas = new Map(t.schemas.map((s) => [s.name, s]));
  const inputs = inputsOnly(t);
  const paths = {};
  for (const op of published(t)) {
    (paths[pathKey(op)] ??= {})[op.method.toLowerCase()] = operation(op, schemas, known);
  }
  const tags = [...new Set(published(t).map((o) => o.name.split('.')[0]))];
  return {
    openapi: '3.1.0',
    info: {
      title: 'Engawa',
      version: t.version,
      summary: 'The interface of a tenant',
      license: { name: 'AGPL-3.0-or-later', identifier: 'AGPL-3.0-or-later' },
    },
    servers: [{ url: '/', description: 'This installation' }],
    tags: tags.map((name) => ({ name, description: `Operations ${name}.*` })),
    paths,
    components: {
      parameters: {
        Tenant: { name: 'tenant', in: 'path', required: true, schema: SCALARS.id, description: 'The number of the tenant.' },
        Workgroup: {
          name: 'workgroup', in: 'path', required: true, schema: { type: 'string' },
          description: 'The part of the Engawa ID after the @.',
        },
        OwnClient: {
          name: 'X-Engawa', in: 'header', required: true, schema: { const: '1' },
          description: 'With an Origin of this host: proves that no other site sent the request.',
        },
      },
      responses: { Refused: { description: 'Refused; the code says why', content: json('Error') } },
      schemas: {
        ...reached(paths, Object.fromEntries(t.schemas.map((s) => [typeName(s.name), objectSchema(s, known, inputs)]))),
        Error: errorSchema(t),
      },
      securitySchemes: {
        Session: { type: 'apiKey', in: 'cookie', name: '__Host-sid-<tenant>' },
        Console: { type: 'apiKey', in: 'cookie', name: '__Host-adm-<tenant>' },
      },
    },
  };
}

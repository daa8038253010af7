// Architecture 6: one SQL text for both engines. The schema is made on a real PostgreSQL, and every statement of the source
// is PREPAREd there with the types of its binds. What belongs to one engine alone stands here by name, with its reason.
import { migrations, statements } from '../lib/statements.mjs';
import { Postgres } from '../lib/postgres.mjs';
import { after, assert, before, test } from '../lib/test.mjs';

let pg;
before(async () => {
    pg = await Postgres.start();
});
after(() => pg.stop());

/* Files whose statements are the engine's own, which another file would stand for on PostgreSQL. */
const ENGINE = {
    'store/db_': 'opens, copies, checks and counts the pages of SQLite',
    'store/search.c': 'the full-text index, which exists once for each engine (architecture 6)',
};
const engineOnly = (file) => Object.keys(ENGINE).find((f) => file.startsWith(f));

const TYPES = { INT: 'bigint', ID: 'bigint', TEXT: 'text', BLOB: 'bytea', SEALED: 'bytea', NIL: 'unknown', null: 'unknown' };

/** What migrate.c does for SQLite, for PostgreSQL: its search lines are the index's own. */
function schema(file) {
    return migrations(file).flatMap(({ n, sql }) => sql.split(';').map((s) => s.trim()).filter((s) => s && !/^CREATE SEARCH /.test(s)).map((s) => ({ n, sql: s })));
}

const errors = (r) => r.err.split('\n').filter((l) => /ERROR|FATAL/.test(l));

/** Runs each piece in order on one connection; the errors, by the index of the piece. */
function each(pieces, path) {
    const r = pg.script(pieces.map((sql, i) => `\\warn '#${i}'\nSET search_path = ${path(i)}, public;\n${sql};\n`).join('') + "\\warn '#end'\nSELECT count(*) FROM pg_prepared_statements;\n");
    const wrong = [];
    let at;
    for (const line of r.err.split('\n')) {
        const m = line.match(/^#(\d+|end)$/);
        if (m)
            at = m[1];
        else if (/ERROR|FATAL/.test(line))
            wrong.push([Number(at), line.replace(/^.*ERROR:\s*/, '')]);
    }
    assert.equal(at, 'end', r.err.slice(-300));
    return { wrong, prepared: Number(r.out.trim().split('\n').at(-1)) };
}

test('the schemas are made on PostgreSQL line by line', () => {
    assert.deepEqual(errors(pg.script('CREATE DOMAIN blob AS bytea; CREATE SCHEMA tenants; CREATE SCHEMA registry;')), []);
    for (const [name, file, least] of [['tenants', 'core/schema_sql.c', 126], ['registry', 'role/control_registry.c', 6]]) {
        const lines = schema(file);
        assert.ok(new Set(lines.map((l) => l.n)).size >= least - 2, `${file}: ${lines.length} statements`);
        assert.deepEqual(each(lines.map((l) => l.sql), () => name).wrong.map(([i, why]) => `${file} ${lines[i].n}: ${why}: ${lines[i].sql}`), []);
    }
});

test('every statement of the source is prepared on PostgreSQL', () => {
    const all = statements(), met = new Set();
    assert.ok(all.length > 400, `${all.length} statements`);
    const tables = all.filter((s) => /^CREATE TABLE IF NOT EXISTS/.test(s.sql));
    for (const path of ['tenants', 'registry'])
        assert.deepEqual(each(tables.map((s) => s.sql), () => path).wrong, [], 'what migrate.c makes for itself');
    const mine = all.filter((s) => !tables.includes(s) && (!engineOnly(s.file) || (met.add(engineOnly(s.file)), false)));
    assert.deepEqual(Object.keys(ENGINE).filter((f) => !met.has(f)), []);
    const { wrong, prepared } = each(mine.map((s, i) => {
        const types = s.binds.map((b) => TYPES[b]);
        return `PREPARE s${i}${types.length ? ` (${types.join(', ')})` : ''} AS ${s.sql}`;
    }), (i) => (mine[i].file.startsWith('role/control') ? 'registry' : 'tenants'));
    assert.deepEqual(wrong.map(([i, why]) => `${mine[i].file}:${mine[i].line}: ${why}\n        ${mine[i].sql}`), [], `${wrong.length} of ${mine.length}`);
    assert.equal(prepared, mine.length);
    console.log(`${mine.length} statements prepared on PostgreSQL; ${all.length - mine.length - tables.length} are the engine's own`);
});

test('a statement of one engine alone is found', () => {
    for (const sql of ['SELECT rowid FROM member', 'INSERT OR REPLACE INTO draft (member, room) VALUES (1, 2)', 'SELECT ifnull(1, 2)', 'SELECT max(1, 2)', 'SELECT nothing FROM member'])
        assert.equal(errors(pg.script(`SET search_path = tenants, public; PREPARE x AS ${sql};`)).length, 1, sql);
});

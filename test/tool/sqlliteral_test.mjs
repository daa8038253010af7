// tool/sqlliteral finds SQL text that is not literal, and nothing in calls that are.
import { test, assert } from '../lib/test.mjs';
import { folder, run } from '../lib/sandbox.mjs';

const columns = '#define COLUMNS "id, " \\\n    NAME\n#define NAME "name"\n#define MADE made_up()\n#define BOTH "a"\n';

function judge(t, body, file = 'svc/a/a.c') {
    return run('tool/sqlliteral', [folder(t, { 'core/c.h': columns, [file]: `${body}\n` })]);
}

test('literal calls have no finding', (t) => {
    const r = judge(t, `
        db_exec(d, "DELETE FROM a WHERE id = $1", ID(f(x, "y")));
        ROWS r = db_query(x->db, "SELECT " COLUMNS " FROM a"
                          " WHERE b = $1 /* not a comment */", TEXT(sv_c(name)));
        db_one(get(d, 1), COLUMNS);
        // db_exec(d, text)
        my_db_exec(d, text);`);
    assert.match(r.out, /3 calls, 0 wrong/);
    assert.equal(r.status, 0);
});

const wrong = [
    ['a variable', 'db_exec(d, text);', /a\.c:1: the SQL of db_exec\(\) is not literal: text/],
    ['a variable after a literal', 'db_query(d, "SELECT " what);', /db_query\(\) is not literal/],
    ['a choice', 'db_query(d, up ? "SELECT 1" : "SELECT 2");', /not literal/],
    ['a call', 'db_one(d, sv_cstr(a, q), INT(1));', /not literal/],
    ['a macro that calls', 'db_exec(d, MADE);', /not literal: MADE/],
    ['a macro that nobody defines', 'db_exec(d, "a" UNKNOWN);', /not literal/],
    ['a macro that is literal in one file alone', '#define BOTH text\ndb_exec(d, BOTH);', /a\.c:2: .* not literal: BOTH/],
    ['a macro with parameters', '#define F(x) x\ndb_exec(d, F(text));', /not literal/],
    ['no text at all', 'db_exec(d);', /not literal/],
    ['the form that takes any pointer', 'db_exec_binds(d, "SELECT 1", NULL);', /the store's alone/],
];

for (const [what, body, finding] of wrong) {
    test(`found: ${what}`, (t) => {
        const r = judge(t, body);
        assert.match(r.out, finding);
        assert.equal(r.status, 1);
    });
}

test('the store itself calls the raw form', (t) => {
    assert.equal(judge(t, 'db_exec_binds(d, sql, NULL);', 'store/migrate.c').status, 0);
});

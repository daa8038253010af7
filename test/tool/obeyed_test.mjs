// tool/obeyed keeps core/policy_unobeyed.txt true in both directions.
import { test, assert } from '../lib/test.mjs';
import { folder, run } from '../lib/sandbox.mjs';

const tree = {
    'core/policy.def': 'POLICY("a.read", "X", BOOL)\nPOLICY("b.read", "X", BOOL)\nPOLICY("c.not", "X", BOOL)\n',
    'core/policy_unobeyed.txt': '# nothing yet\nc.not\n',
    'svc/a/a.c': 'policy_bool(p, "a.read");\n/* "c.not" */\n#define KEY "b.read"\n',
    'svc/a/a_test.c': 'policy_bool(p, "c.not");\n',
};

function judge(t, change) {
    return run('tool/obeyed', [folder(t, { ...tree, ...change })]);
}

test('a true list has no finding', (t) => {
    const r = judge(t, {});
    assert.match(r.out, /3 settings, 2 obeyed, 1 not yet, 0 wrong/);
    assert.equal(r.status, 0);
});

test('a key that is obeyed in part is named and listed', (t) => {
    const r = judge(t, { 'core/policy_unobeyed.txt': 'c.not partly\n', 'api/x.c': '\npolicy_int(p, "c.not");' });
    assert.match(r.out, /3 settings, 2 obeyed, 1 not yet, 0 wrong/);
    assert.equal(r.status, 0);
});

const wrong = [
    ['code that names a listed key', { 'api/x.c': '\npolicy_int(p, "c.not");' }, /api\/x\.c:2: c\.not: code obeys it/],
    ['a key that no code names', { 'svc/a/a.c': 'policy_bool(p, "a.read");' }, /b\.read: no code names it/],
    ['a key that only a longer string holds', { 'svc/a/a.c': 'f("a.read"); f("b.read.more");' }, /b\.read: no code names it/],
    ['a listed key that is no setting', { 'core/policy_unobeyed.txt': 'c.not\nd.gone\n' }, /d\.gone: no such setting/],
    ['a key listed twice', { 'core/policy_unobeyed.txt': 'c.not\nc.not\n' }, /listed twice/],
    ['a key that is obeyed in part by nothing', { 'core/policy_unobeyed.txt': 'c.not partly\n' }, /c\.not: no code obeys a part of it/],
    ['no setting at all', { 'core/policy.def': '', 'core/policy_unobeyed.txt': '' }, /no setting/],
];

for (const [what, change, finding] of wrong) {
    test(`found: ${what}`, (t) => {
        const r = judge(t, change);
        assert.match(r.out, finding);
        assert.equal(r.status, 1);
    });
}

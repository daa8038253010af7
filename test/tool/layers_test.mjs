// tool/layers finds each kind of wrong include, and nothing in a right tree.
import { test, assert } from '../lib/test.mjs';
import { folder, run } from '../lib/sandbox.mjs';

const right = {
    'base/str.h': '', 'base/str.c': '#include "base/str.h"\n#include <string.h>\n',
    'net/http.h': '#include "base/str.h"\n', 'store/db.c': '#include <sqlite3.h>\n#include "store/db.h"\n', 'store/db.h': '',
    'core/policy.c': '#include "gen/policy_unobeyed.inc"\n', 'core/ctx.h': '',
    'svc/talk/talk.h': '#include "core/ctx.h"\n', 'svc/talk/talk.c': '#include "svc/talk/talk.h"\n', 'svc/note/note.h': '',
    'api/talk.c': '#include "svc/talk/talk.h"\n#include "svc/note/note.h"\n', 'prog/auditverify.c': '#include <stdio.h>\n',
};

test('a right tree has no finding', (t) => {
    const r = run('tool/layers', [folder(t, right)]);
    assert.match(r.out, /12 files, 11 includes, 0 wrong/);
    assert.equal(r.status, 0);
});

const wrong = [
    ['an upward include', 'net/ws.c', '#include "core/ctx.h"', /net\/ws\.c:1: core\/ctx\.h: net\/ is below core\//],
    ['an upward include behind a comment', 'base/map.c', '\n/* a\n */ #include "x"\n#  include  "net/http.h" // why', /base\/map\.c:4: net\/http\.h: base\/ is below net\//],
    ['a name without its folder', 'base/map.c', '#include "str.h"', /base\/map\.c:1: str\.h: not the full path/],
    ['a relative name', 'svc/talk/more.c', '#include "../../base/str.h"', /not the full path/],
    ['a roundabout name', 'net/ws.c', '#include "base/../base/str.h"', /not the full path/],
    ['a file that is not there', 'net/ws.c', '#include "base/gone.h"', /base\/gone\.h: not the full path/],
    ['another domain', 'svc/talk/more.c', '#include "svc/note/note.h"', /a domain of svc\/ never includes another/],
    ['our file as a system one', 'net/ws.c', '#include <base/str.h>', /with quotes/],
    ['the engine above the store', 'core/x.c', '#include <sqlite3.h>', /only store\//],
    ['the other engine too', 'svc/talk/more.c', '#include "libpq-fe.h"', /only store\//],
    ['what stands behind the database', 'svc/talk/more.c', '#include "store/db_sqlite.h"', /the store's alone/],
    ['the verifier with our code', 'prog/auditverify.c', '#include "base/str.h"', /shares no code/],
    ['a file on no floor', 'extra/x.c', '', /extra\/x\.c: not on a floor/],
    ['an include by macro', 'net/ws.c', '#include NAME', /an include by macro/],
];

for (const [what, file, text, finding] of wrong) {
    test(`found: ${what}`, (t) => {
        const r = run('tool/layers', [folder(t, { ...right, [file]: `${text}\n` })]);
        assert.match(r.out, finding);
        assert.match(r.out, / 1 wrong\n$/);
        assert.equal(r.status, 1);
    });
}

test('an empty tree is not a right one', (t) => {
    assert.equal(run('tool/layers', [folder(t, {})]).status, 1);
});

// Style sheets come with the page that needs them and stay: what the console calls by a name of its own is not also a name of
// talk, or a list looks otherwise after the console was open.
import fs from 'node:fs';
import path from 'node:path';
import { assert, test } from '../../test/lib/test.mjs';

const src = path.join(import.meta.dirname ?? path.dirname(new URL(import.meta.url).pathname), '../src');
/** The classes that a sheet of the folder dresses wherever they stand. */
function named(folder) {
    const found = new Set();
    for (const f of fs.readdirSync(path.join(src, folder)).filter((n) => n.endsWith('.css'))) {
        const text = fs.readFileSync(path.join(src, folder, f), 'utf8').replaceAll(/\/\*[\s\S]*?\*\//g, '');
        for (const [, selectors] of text.matchAll(/(?:^|[{};])\s*([^{};@]+)\{/g))
            for (const s of selectors.split(','))
                if (/^\.[a-z][\w-]*$/.test(s.trim())) found.add(s.trim());
    }
    return found;
}

test('no class of the console is one of talk, the members or the account', () => {
    const console_ = named('console');
    assert.ok(console_.size > 50, `${console_.size} classes read`);
    for (const folder of ['talk', 'members', 'account'])
        assert.deepEqual([...named(folder)].filter((c) => console_.has(c)), [], folder);
});

// The committed list of common passwords is what its rule makes.
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { ROOT } from '../lib/house.mjs';
import { test, assert } from '../lib/test.mjs';

test('tool/common_passwords writes the committed list', () => {
    const made = execFileSync(path.join(ROOT, 'tool/common_passwords'), { encoding: 'utf8' });
    assert.equal(made, fs.readFileSync(path.join(ROOT, 'src/svc/account/common.inc'), 'utf8'));
    assert.ok(made.split('\n').length > 3000);
});

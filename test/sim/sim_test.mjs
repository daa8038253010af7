// A tenant's core under seeds (test/sim, A11): whatever the order of its queues, and wherever the power goes, a disk is full, an fsync
// fails or a connection is lost, what was acknowledged or told is there, once, in one order, in the log; and a seed does the same again.
//     ENGAWA_SEEDS=20000 node --test test/sim/sim_test.mjs        SEED=17 make simulate: that one again
import { execFile } from 'node:child_process';
import path from 'node:path';
import { promisify } from 'node:util';
import { assert, test } from '../lib/test.mjs';

const ROOT = path.resolve(import.meta.dirname, '../..');
const SEEDS = Number(process.env.ENGAWA_SEEDS ?? 200);
const program = path.resolve(ROOT, process.env.ENGAWA_BIN ?? 'build/sim', 'sim');

test('A02 A11: under every seed what was acknowledged or told is there, once, in one order, in the log', { timeout: 60_000 + SEEDS * 1_000 }, async () => {
    const { SEED: _, ...env } = process.env;
    const { stdout } = await promisify(execFile)(program, [String(SEEDS)], { cwd: ROOT, env }).catch((e) => e);
    console.log(stdout.trimEnd());
    assert.match(stdout, new RegExp(`\\n${SEEDS} passed, 0 failed\\n$`));
});

// For tests of the tools: a folder of files that goes away again, and running a program in the project's root.
import { mkdtempSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { spawnSync } from 'node:child_process';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = resolve(dirname(fileURLToPath(import.meta.url)), '../..');

/** Makes the files { 'src/a.c': 'text' } in a new folder, and removes it after the test `t`. */
export function folder(t, files) {
    const dir = mkdtempSync(join(tmpdir(), 'engawa-'));
    t.after(() => rmSync(dir, { recursive: true, force: true }));
    for (const [name, text] of Object.entries(files)) {
        mkdirSync(dirname(join(dir, name)), { recursive: true });
        writeFileSync(join(dir, name), text);
    }
    return dir;
}

/** Runs a program with the project's root as its folder: { status, out } (stdout and stderr together). */
export function run(program, args = [], env = {}) {
    const r = spawnSync(program, args, {
        cwd: root, encoding: 'utf8', timeout: 50_000, stdio: ['ignore', 'pipe', 'pipe'],
        env: { ...process.env, PROOF_DIR: '', ...env, NODE_TEST_CONTEXT: undefined },
    });
    return { status: r.status, out: r.stdout + r.stderr };
}

// A28: whatever is done to an export of the audit log, by one who does not know how it is hashed or by one who does,
// auditverify names the first place that is wrong. The hashing is written down here once more, from doc/formats.md.
import { execFile, spawnSync } from 'node:child_process';
import { createHash, createPublicKey, generateKeyPairSync, randomInt, sign, verify as check } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { dice } from '../lib/canary.mjs';
import { House, ROOT } from '../lib/house.mjs';
import { openTenant } from '../lib/people.mjs';
import { after, assert, before, proves, test, until } from '../lib/test.mjs';

const seed = Number(process.env.SEED ?? randomInt(1 << 30));
const times = Number(process.env.ENGAWA_TAMPERINGS ?? 150);
let house, dir, acme, ann, room, installed, written, log;                  // written: as the server gave it
const pair = generateKeyPairSync('ed25519');
const key = Buffer.from(pair.publicKey.export({ format: 'jwk' }).x, 'base64url').toString('hex');

/* ---- the log as lines of an export, read and written */

const sha = (...parts) => createHash('sha256').update(Buffer.concat(parts)).digest();
const u32 = (n) => (n = [n], Buffer.from(new Uint8Array(new Uint32Array(n).buffer)).swap32());
const u64 = (n) => { const b = Buffer.alloc(8); b.writeBigUInt64BE(BigInt(n)); return b; };
const piece = (bytes) => Buffer.concat([u32(bytes.length), bytes]);
const leafOf = (tenant, f) => sha(Buffer.from('\0engawa audit 1\n'), piece(Buffer.from(tenant)),
    ...f.slice(1, 10).map((t) => piece(Buffer.from(t === '-' ? '' : t))), piece(Buffer.from(f[10], 'hex')), Buffer.from(f[11], 'hex'));

/** RFC 9162, 2.1.1, by its own definition and not by a frontier. */
function rootOf(leaves) {
    if (leaves.length <= 1)
        return leaves[0] ?? sha(Buffer.alloc(0));
    let k = 1;
    while (k * 2 < leaves.length)
        k *= 2;
    return sha(Buffer.from([1]), rootOf(leaves.slice(0, k)), rootOf(leaves.slice(k)));
}

function read(text) {
    const lines = text.trimEnd().split('\n').map((l) => l.split(' '));
    const of = (kind) => lines.filter((f) => f[0] === kind);
    return { tenant: of('tenant')[0][1], rows: of('row'), heads: of('head'), tree: of('tree')[0] };
}

const FIRST = 3;                                          // the line of the first row
const write = ({ tenant, rows, heads, tree }) =>
    `${[['engawa audit export 1'], ['tenant', tenant], ...rows, ...heads, tree, ['end']].map((f) => f.join(' ')).join('\n')}\n`;
const copy = (l) => ({ tenant: l.tenant, rows: l.rows.map((f) => [...f]), heads: l.heads.map((f) => [...f]), tree: [...l.tree] });

/** What one does who knows the format: numbers, leaves and the tree are right again; only the heads cannot be signed anew. */
function mend(l) {
    l.rows.forEach((f, i) => {
        f[1] = String(i + 1);
        f[12] = leafOf(l.tenant, f).toString('hex');
    });
    l.tree = ['tree', String(l.rows.length), rootOf(l.rows.map((f) => Buffer.from(f[12], 'hex'))).toString('hex')];
    return l;
}

const headBytes = (l, h) => Buffer.concat([Buffer.from('engawa head 1\n'), u64(l.tenant), u64(h[1]), Buffer.from(h[3], 'hex'), u64(h[2])]);

/** Its heads signed as by an installation that takes these rows for the log. */
function signed(l) {
    for (const h of l.heads) {
        h[3] = rootOf(l.rows.slice(0, Number(h[1])).map((f) => Buffer.from(f[12], 'hex'))).toString('hex');
        h[4] = sign(null, headBytes(l, h), pair.privateKey).toString('hex');
    }
    return l;
}

function verify(l, heads = [], by = key) {
    const [file, anchor] = ['export.txt', 'heads.txt'].map((n) => path.join(dir, n));
    fs.writeFileSync(file, typeof l === 'string' ? l : write(l));
    fs.writeFileSync(anchor, heads.map((f) => `${f.join(' ')}\n`).join(''));
    const r = spawnSync(path.join(ROOT, 'build/auditverify'), ['--key', by, '--heads', anchor, file], { encoding: 'utf8' });
    const m = r.stdout.match(/(export|heads)\.txt:(\d+): (.*)/);
    return { status: r.status, out: r.stdout + r.stderr, file: m?.[1], line: Number(m?.[2]), why: m?.[3] };
}

/** A process that nobody needs ends, and has its log signed before. */
async function rest() {
    ann.client.close();
    await until(async () => !(await house.op('tenant.list')).tenants.find((t) => t.number === acme.number).running, 'the tenant at rest');
}

before(async () => {
    console.log(`audit log, tampered with ${times} times: seed ${seed}`);
    house = await House.start({ config: { tenant_idle: '1' } });
    dir = fs.mkdtempSync(path.join(ROOT, 'build/tamper-'));
    acme = await openTenant(house, 'acme');
    ann = await (await acme.add('ann')).signIn();
    room = await acme.room('間', ann, acme.chief);
    installed = (await house.op('audit.key')).key;
    for (let i = 0; i < 90; i++)
        assert.equal((await ann.say(room, `Nachricht ${i}`)).status, 200);
    await rest();
    written = read((await house.ctl.call('audit.export', 'acme', {})).text);
    /* The same rows under seven heads of a key of the test's own: minutes of a log without waiting for them. */
    log = signed({ ...copy(written), heads: [1, 13, 14, 40, 64, 71, written.rows.length].map((n, i) => ['head', String(n), String(Date.now() + i)]) });
});
after(async () => {
    await house.remove();
    fs.rmSync(dir, { recursive: true, force: true });
});

/** A row that nobody wrote, of the same form. */
function forged(next) {
    const f = [...log.rows[next(log.rows.length)]];
    f[11] = Array.from({ length: 16 }, () => next(256).toString(16).padStart(2, '0')).join('');
    return f;
}

/** Another value of the same kind for a field of a row. */
function other(f, at, next) {
    if (at === 10 || at === 11)
        return f[at].replace(/^../, (h) => ((parseInt(h, 16) + 1 + next(255)) % 256).toString(16).padStart(2, '0'));
    if (at === 2 || at === 3 || at === 7 || at === 9)
        return String(BigInt(f[at]) + 1n + BigInt(next(1000)));
    return { 4: ['W', 'P', 'N'], 5: ['10.0.0.1', '10.0.0.2'], 6: ['talk.read', 'member.add', 'session.open'], 8: ['denied', 'forbidden', 'ok'] }[at].filter((v) => v !== f[at])[next(2)] ?? 'x';
}

/* Each: changes a copy at row `i` (from 0) and says which row (from 0) is the first that is not as it was written. */
const KINDS = {
    edit(l, i, next) {
        const at = [2, 3, 4, 5, 6, 7, 8, 9, 10, 11][next(10)];
        l.rows[i][at] = other(l.rows[i], at, next);
        return i;
    },
    delete(l, i) {
        l.rows.splice(i, 1);
        return i;
    },
    insert(l, i, next) {
        l.rows.splice(i, 0, forged(next));
        return i;
    },
    reorder(l, i, next) {
        const j = (i + 1 + next(l.rows.length - 1)) % l.rows.length;
        [l.rows[i], l.rows[j]] = [l.rows[j], l.rows[i]];
        return Math.min(i, j);
    },
    truncate(l, i) {
        l.rows.length = i;
        return i;
    },
    fork(l, i, next) {                                     // another history from here on
        for (let j = i; j < l.rows.length; j++)
            l.rows[j] = forged(next);
        return i;
    },
};
/* The first line that can show it: the first head that covers the row, in the export or among the copies. */
const coveredBy = (l, row) => l.heads.findIndex((h) => Number(h[1]) > row);

test('A28: every tampering with an export is named at its first place', { timeout: 600_000 }, () => {
    proves('AUD-01', 'B12.03');
    assert.ok(log.rows.length >= 84 && log.heads.length === 7, `${log.rows.length} rows, ${log.heads.length} heads`);
    assert.ok(written.heads.length > 0);
    // What this file reckons is what the server wrote and signed.
    for (const f of written.rows)
        assert.equal(leafOf(written.tenant, f).toString('hex'), f[12]);
    const theirs = createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x: Buffer.from(installed, 'hex').toString('base64url') }, format: 'jwk' });
    for (const h of written.heads) {
        assert.equal(rootOf(written.rows.slice(0, Number(h[1])).map((f) => Buffer.from(f[12], 'hex'))).toString('hex'), h[3], `the head of ${h[1]}`);
        assert.ok(check(null, headBytes(written, h), theirs, Buffer.from(h[4], 'hex')), `the head of ${h[1]} is signed`);
    }
    assert.equal(verify(written, written.heads, installed).status, 0);
    assert.equal(verify(log, log.heads).status, 0, 'and as it is it is right');

    const next = dice(seed), kinds = Object.keys(KINDS), seen = {};
    for (let n = 0; n < times; n++) {
        const kind = kinds[n % kinds.length], knows = Math.floor(n / kinds.length) % 2 === 1;
        const l = copy(log), i = next(log.rows.length);
        const first = KINDS[kind](l, i, next);
        const what = `${kind} at row ${i + 1}${knows ? ', hashed anew' : ''} (number ${n} of seed ${seed})`;
        if (knows)
            mend(l);
        const r = verify(l, log.heads);
        assert.equal(r.status, 1, `${what}: ${r.out}`);
        assert.equal(r.file, 'export', what);
        const head = FIRST + l.rows.length + coveredBy(log, first);
        const want = knows || first >= l.rows.length ? head : FIRST + first;
        assert.equal(r.line, want, `${what}: ${r.out}`);
        seen[`${kind}${knows ? ' hashed anew' : ''}`] = (seen[`${kind}${knows ? ' hashed anew' : ''}`] ?? 0) + 1;
    }
    console.log(Object.entries(seen).map(([k, v]) => `${k}: ${v}`).join(', '));
    assert.equal(Object.keys(seen).length, kinds.length * 2, 'of every kind, by both');
});

test('A28: a log that was set back, and one that went on in two ways, contradict the heads kept elsewhere', () => {
    proves('AUD-01', 'B12.03');
    for (let n = 0; n + 1 < log.heads.length; n++) {
        const l = copy(log);
        l.heads.length = n + 1;
        l.rows.length = Number(l.heads[n][1]);
        mend(l);
        assert.equal(verify(l, l.heads).status, 0, 'by itself it is whole');
        const r = verify(l, log.heads);
        assert.deepEqual([r.status, r.file, r.line], [1, 'heads', n + 2], `set back to ${l.rows.length} rows: ${r.out}`);
    }
    // Two histories, both signed, as by an installation that was set back and went on: each whole, together never.
    const next = dice(seed + 1), one = copy(log), two = copy(log);
    const from = Number(log.heads[3][1]) + 2;
    KINDS.fork(two, from, next);
    signed(mend(two));
    assert.equal(verify(one, one.heads).status, 0);
    assert.equal(verify(two, two.heads).status, 0);
    for (const [a, b] of [[one, two], [two, one]]) {
        const r = verify(a, b.heads);
        assert.deepEqual([r.status, r.file, r.line], [1, 'heads', coveredBy(log, from) + 1], r.out);
    }
});

test('A28: what stands for erased rows is tampered with as little', () => {
    proves('AUD-01', 'B12.03', 'B12.07');
    const leaves = log.rows.map((f) => Buffer.from(f[12], 'hex'));
    const gone = 52, parts = [[0, 32], [32, 48], [48, 52]];   // its binary digits, the largest first
    const text = (roots, n = gone) => write({ ...log, rows: [['gone', String(n)], ...roots.map((h) => ['root', h.toString('hex')]), ...log.rows.slice(gone)] });
    const roots = parts.map(([a, b]) => rootOf(leaves.slice(a, b)));
    const good = verify(text(roots), log.heads);
    assert.equal(good.status, 0, good.out);
    assert.match(good.out, /52 rows were erased/);
    const firstHead = FIRST + 1 + roots.length + log.rows.length - gone + coveredBy(log, gone - 1);
    for (let i = 0; i < roots.length; i++) {
        const bad = [...roots];
        bad[i] = sha(bad[i]);
        const r = verify(text(bad), log.heads);
        assert.deepEqual([r.status, r.file, r.line], [1, 'export', firstHead], `root ${i}: ${r.out}`);
    }
    assert.deepEqual([verify(text([roots[1], roots[0], roots[2]])).status, verify(text(roots.slice(1))).status, verify(text([...roots, roots[0]])).status,
        verify(text(roots, 53)).status, verify(text(roots, 51)).status, verify(text(roots, 20)).status], [1, 1, 1, 1, 1, 1]);
});

test('an export that no head covers proves nothing, and is refused by name', () => {
    proves('AUD-01');
    const none = copy(log);
    none.heads = [];
    const r = verify(none);
    assert.deepEqual([r.status, /: no_head: /.test(r.out)], [1, true], r.out);
    const young = spawnSync(path.join(ROOT, 'build/auditverify'), ['--key', key, '--no-head-yet', path.join(dir, 'export.txt')], { encoding: 'utf8' });
    assert.equal(young.status, 0, `${young.stdout}: a company in its first minute`);
    assert.equal(verify(none, [log.heads[2]]).status, 0, 'a head kept elsewhere will do');
    // One that is older than all that is left covers none of it.
    const leaves = log.rows.map((f) => Buffer.from(f[12], 'hex'));
    const later = write({ ...log, heads: [log.heads[0]],
        rows: [['gone', '32'], ['root', rootOf(leaves.slice(0, 32)).toString('hex')], ...log.rows.slice(32)] });
    assert.match(verify(later).out, /: no_head: /);
});

/* Proofs (RFC 9162, 2.1.3.1 and 2.1.4.1), once more by the definition. */

const half = (n) => { let k = 1; while (k * 2 < n) k *= 2; return k; };
function pathOf(m, d) {
    if (d.length === 1)
        return [];
    const k = half(d.length);
    return m < k ? [...pathOf(m, d.slice(0, k)), rootOf(d.slice(k))] : [...pathOf(m - k, d.slice(k)), rootOf(d.slice(0, k))];
}
function between(m, d, whole = true) {
    if (m === d.length)
        return whole ? [] : [rootOf(d)];
    const k = half(d.length);
    return m <= k ? [...between(m, d.slice(0, k), whole), rootOf(d.slice(k))] : [...between(m - k, d.slice(k), false), rootOf(d.slice(0, k))];
}

const proofText = (p) => `${[['engawa audit proof 1'], ['tenant', p.tenant], ...p.row ? [p.row] : [], ...p.heads, ...p.path.map((h) => ['path', h.toString('hex')]), ['end']]
    .map((f) => f.join(' ')).join('\n')}\n`;
const headOf = (n) => signed({ ...copy(log), heads: [['head', String(n), '1000']] }).heads[0];
const rowProof = (i, n) => ({ tenant: log.tenant, row: [...log.rows[i]], heads: [headOf(n)], path: pathOf(i, log.rows.slice(0, n).map((f) => Buffer.from(f[12], 'hex'))) });
const treeProof = (m, n) => ({ tenant: log.tenant, heads: [headOf(m), headOf(n)], path: between(m, log.rows.slice(0, n).map((f) => Buffer.from(f[12], 'hex'))) });

function checked(p, { by = key, beside } = {}) {
    const file = path.join(dir, 'proof.txt'), whole = path.join(dir, 'whole.txt');
    fs.writeFileSync(file, typeof p === 'string' ? p : proofText(p));
    if (beside)
        fs.writeFileSync(whole, write(beside));
    const r = spawnSync(path.join(ROOT, 'build/auditverify'), ['--key', by, '--proof', file, ...beside ? [whole] : []], { encoding: 'utf8' });
    return { status: r.status, out: r.stdout + r.stderr, code: r.stdout.match(/proof\.txt:\d+: (\w+): /)?.[1] };
}

test('B12.04: a row and two trees are proven to one who has neither the log nor our code', { timeout: 120_000 }, async () => {
    proves('B12.04');
    // Every row of small trees, every pair of them, and some of the whole: as the RFC defines them.
    const all = log.rows.length;
    for (let n = 1; n <= 13; n++)
        for (let m = 1; m <= n; m++)
            for (const p of [rowProof(m - 1, n), treeProof(m, n)]) {
                const r = checked(p);
                assert.equal(r.status, 0, `${m} of ${n}: ${r.out}`);
            }
    for (const m of [1, 32, 64, all - 1, all])
        assert.deepEqual([checked(rowProof(m - 1, all)).status, checked(treeProof(m, all)).status], [0, 0], `${m} of ${all}`);
    assert.equal(checked(rowProof(20, 71), { beside: log }).status, 0, 'and beside the export');
    assert.match(checked(rowProof(20, 71)).out, /row 21 stands in the tree of head 71\n$/);

    // What the server's tool writes, of its own log with its own heads.
    const tool = (...args) => new Promise((resolve) =>
        execFile(house.ctlProgram, ['--data', house.dir, 'audit', ...args, '--tenant', 'acme'], (e, out, err) => resolve({ rc: e?.code ?? 0, out, err })));
    const first = Number(written.heads[0][1]);
    await rest();                                          // the export wrote a row: a later head is signed
    const later = await until(async () => {
        const l = read((await house.ctl.call('audit.export', 'acme', {})).text);
        return Number(l.heads.at(-1)[1]) > first && l;
    }, 'a later head');
    const last = Number(later.heads.at(-1)[1]);
    for (const row of [1, 2, 33, first, last]) {
        const r = await tool('inclusion', String(row), '--head', String(last));
        assert.equal(r.rc, 0, r.err);
        assert.equal(r.out, proofText({ tenant: later.tenant, row: later.rows[row - 1], heads: [later.heads.at(-1)],
            path: pathOf(row - 1, later.rows.slice(0, last).map((f) => Buffer.from(f[12], 'hex'))) }), `row ${row}`);
        assert.equal(checked(r.out, { by: installed }).status, 0);
        assert.equal(checked(r.out, { by: installed, beside: later }).status, 0);
    }
    const on = await tool('consistency', String(first), '--head', String(last));
    assert.equal(on.rc, 0, on.err);
    assert.equal(checked(on.out, { by: installed }).status, 0);
    assert.equal(checked(on.out).code, 'not_signed', 'by another key it is none');
    for (const wrong of [['inclusion', '0'], ['inclusion', '99999'], ['inclusion', '-1'], ['inclusion', 'x'], ['inclusion', '1', '--head', '99999'],
        ['consistency', '99999'], ['consistency', '0'], ['consistency', String(last), '--head', String(first)]]) {
        const r = await tool(...wrong);
        assert.deepEqual([r.rc, r.out], [1, ''], wrong.join(' '));
        assert.match(r.err, /head/);
    }
});

test('B12.04: a proof that was tampered with is refused by name', { timeout: 120_000 }, () => {
    proves('B12.04');
    const flip = (h) => { const b = Buffer.from(h); b[7] ^= 4; return b; };
    const is = (p, code, what) => assert.deepEqual([checked(p).status, checked(p).code], [1, code], `${what}: ${checked(p).out}`);
    const all = log.rows.length;
    for (const [m, n] of [[1, 2], [3, 7], [6, 8], [21, 71], [64, all], [all - 1, all]]) {
        const one = rowProof(m - 1, n), two = treeProof(m, n);
        for (let i = 0; i < one.path.length; i++) {
            is({ ...one, path: one.path.with(i, flip(one.path[i])) }, 'not_included', `row ${m} of ${n}, hash ${i} changed`);
            is({ ...one, path: one.path.toSpliced(i, 1) }, 'not_included', `row ${m} of ${n}, hash ${i} missing`);
            is({ ...one, path: one.path.toSpliced(i, 0, one.path[i]) }, 'not_included', `row ${m} of ${n}, hash ${i} doubled`);
        }
        for (let i = 0; i < two.path.length; i++) {
            is({ ...two, path: two.path.with(i, flip(two.path[i])) }, 'not_consistent', `${m} to ${n}, hash ${i} changed`);
            is({ ...two, path: two.path.toSpliced(i, 1) }, 'not_consistent', `${m} to ${n}, hash ${i} missing`);
        }
        is({ ...two, path: [...two.path, two.path[0]] }, 'not_consistent', `${m} to ${n}, a hash more`);
        is({ ...two, heads: two.heads.toReversed() }, 'not_consistent', `${m} to ${n}, the other way round`);
        // Another row at its place, with a leaf that is its own: what one does who knows the format.
        const other = [...log.rows[m === 1 ? 1 : 0]];
        other[1] = one.row[1];
        other[12] = leafOf(log.tenant, other).toString('hex');
        is({ ...one, row: other }, 'not_included', `another row ${m}`);
        is({ ...one, row: one.row.with(7, String(BigInt(one.row[7]) + 1n)) }, 'row_changed', `row ${m} with another object`);
        is({ ...one, heads: [headOf(m === n - 1 ? m - 1 || 1 : n - 1)] }, 'not_included', `row ${m} under another head`);
        is({ ...one, heads: [one.heads[0].with(3, flip(Buffer.from(one.heads[0][3], 'hex')).toString('hex'))] }, 'not_signed', 'a root nobody signed');
        is({ ...one, tenant: String(BigInt(log.tenant) + 1n) }, 'row_changed', 'of another company');
        is({ ...two, tenant: String(BigInt(log.tenant) + 1n) }, 'not_signed', 'of another company');
    }
    // Two histories of one key: each proves itself, and nothing leads from one to the other.
    const fork = copy(log), next = dice(seed + 2);
    KINDS.fork(fork, 30, next);
    mend(fork);
    const leaves = fork.rows.slice(0, 71).map((f) => Buffer.from(f[12], 'hex'));
    const forkHead = signed({ ...copy(fork), heads: [['head', '71', '1000']] }).heads[0];
    is({ tenant: log.tenant, heads: [headOf(40), forkHead], path: between(40, leaves) }, 'not_consistent', 'a fork');
    is({ tenant: log.tenant, heads: [headOf(71), forkHead], path: [] }, 'not_consistent', 'two roots of one size');
    const beside = checked({ tenant: log.tenant, row: fork.rows[50], heads: [forkHead], path: pathOf(50, leaves) }, { beside: log });
    assert.deepEqual([beside.status, beside.code], [1, 'head_differs'], beside.out);
    // Its form.
    const good = proofText(rowProof(20, 71)), lines = good.split('\n');
    for (const [text, code] of [[lines.slice(0, -2).join('\n') + '\n', 'no_end'], [`${good}end\n`, 'order'], [good.replace('proof 1', 'proof 2'), 'no_proof'],
        [good.replace('path ', 'path A'), 'malformed'], [good.replace(/end\n/, `${lines[3]}\nend\n`), 'malformed'],
        [good.replace('end\n', `path ${'0'.repeat(64)}\n`.repeat(70)), 'malformed'], ['', 'no_end'], ['engawa audit proof 1\nend\n', 'malformed'],
        [proofText({ tenant: log.tenant, heads: [headOf(3)], path: [] }), 'order']])
        is(text, code, code);
});

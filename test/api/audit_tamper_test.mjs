// A28: whatever is done to an export of the audit log, by one who does not know how it is hashed or by one who does,
// auditverify names the first place that is wrong. The hashing is written down here once more, from doc/formats.md.
import { spawnSync } from 'node:child_process';
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

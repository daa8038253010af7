// B11.04: an older copy of a company's whole database opens as well as the newest: its pages are authentic, under the right key. What keyd
// signed of its log lies beyond it, so that company is closed, and it alone, until the newest file is back.
import { execFile } from 'node:child_process';
import fs from 'node:fs';
import http from 'node:http';
import path from 'node:path';
import { House } from '../lib/house.mjs';
import { newPassword, openTenant } from '../lib/people.mjs';
import { after, assert, before, proves, test, until } from '../lib/test.mjs';

let h, a, b, mark = 0;

before(async () => {
    h = await House.start({ config: { tenant_idle: '1', edge_rate: '1000000', edge_burst: '1000000' } });
    a = await openTenant(h, 'alt', { password: newPassword() });
    b = await openTenant(h, 'beta', { password: newPassword() });
    for (const t of [a, b]) {
        t.ann = await (await t.add('ann')).signIn();
        t.ben = await t.add('ben');
        t.talk = await t.room('Raum', t.ann, t.ben);
    }
});
after(() => h.remove());

const folder = (t) => path.join(h.dir, 'tenants', t.number);
const heads = () => path.join(h.dir, 'keys/heads.log');
/** Files of the database, and the log of heads, as they are on the disk. */
const take = (t) => ({ files: fs.readdirSync(folder(t)).map((f) => [f, fs.readFileSync(path.join(folder(t), f))]), heads: fs.readFileSync(heads()) });
function put(t, { files }) {
    const owner = fs.statSync(folder(t));
    mark = h.logText().length;
    for (const f of fs.readdirSync(folder(t)))
        fs.rmSync(path.join(folder(t), f));
    for (const [f, bytes] of files) {
        fs.writeFileSync(path.join(folder(t), f), bytes, { mode: 0o600 });
        fs.chownSync(path.join(folder(t), f), owner.uid, owner.gid);
    }
}
const running = async (t) => (await h.op('tenant.list')).tenants.find((x) => x.number === t.number).running;
/** Until its process has ended because nobody asked for it: then its last rows are signed. */
const asleep = (t) => until(async () => !(await running(t)), `${t.workgroup} to be signed and asleep`);
const say = async (t, ...texts) => {
    for (const text of texts)
        assert.equal((await t.ann.say(t.talk, text)).status, 200);
};
const texts = async (t) => (await t.ann.get(`/rooms/${t.talk}/messages?limit=100`)).json.messages.map((m) => m.text).reverse();
const figure = (name) => new Promise((resolve, reject) => {
    http.get({ socketPath: path.join(h.dir, 'run/metrics.sock'), path: '/metrics', headers: { Host: 'localhost' }, agent: false }, (r) => {
        let text = '';
        r.on('data', (d) => (text += d));
        r.on('end', () => resolve(Number(text.match(new RegExp(`^${name} (\\d+)$`, 'm'))?.[1])));
    }).once('error', reject);
});

async function closed(t, other) {
    const r = await t.ann.get('/me');
    assert.deepEqual([r.status, r.json?.error?.code], [503, 'rolled_back'], r.text);
    const signIn = await t.ben.trySignIn();
    assert.deepEqual([signIn.status, signIn.json.error.code], [503, 'rolled_back'], signIn.text);
    const said = await t.ann.say(t.talk, 'darf nicht sein');
    assert.equal(said.status, 503);
    const read = await h.ctl.call('tenant.read', t.workgroup, {});
    assert.deepEqual([read.status, JSON.parse(read.text).error.code], [503, 'rolled_back']);
    await until(() => /error .*was rolled back: keyd signed \d+ rows.*Put the newest tenant\.db in its place/.test(h.logText().slice(mark)), 'what to do');
    assert.equal((await h.op('health')).roles.find((x) => x.number === t.number).refused, 'rolled_back');
    assert.equal(await figure('engawa_tenants_rolled_back'), 1);
    // The others go on.
    assert.equal((await other.ann.get('/me')).status, 200);
    await say(other, 'geht weiter');
}

/** As operations.md says. */
async function again(t) {
    await h.op('tenant.suspend', { workgroup: t.workgroup });
    await until(async () => !(await running(t)), 'it is stopped');
    await h.op('tenant.resume', { workgroup: t.workgroup });
    await until(async () => (await t.ann.get('/me')).status === 200, 'it is served again');
}

test('an older copy of the whole database is not served, its own newest file is', { timeout: 120_000 }, async () => {
    proves('B11.04', 'PLT-12');
    await say(a, 'eins', 'zwei');
    await asleep(a);
    const old = take(a);
    await say(a, 'drei', 'vier');
    await asleep(a);
    const newest = take(a);
    assert.ok(newest.heads.length > old.heads.length, 'a head was signed meanwhile');
    put(a, old);
    await closed(a, b);
    const made = await new Promise((resolve) => execFile(h.ctlProgram, ['--data', h.dir, 'backup', '--to', path.join(h.dir, 'x.backup')], (e, out, err) => resolve({ rc: e?.code ?? 0, err })));
    assert.deepEqual([made.rc, made.err.includes('(rolled_back)')], [1, true], 'no backup takes it for the newest');
    put(a, newest);
    await again(a);
    assert.deepEqual(await texts(a), ['eins', 'zwei', 'drei', 'vier']);
    await say(a, 'fünf');
    // The process that found it older wrote nothing that stands in the way: the same over a restart of all.
    await asleep(a);
    const last = take(a);
    await h.stop();
    put(a, old);
    await h.boot();
    await closed(a, b);
    await h.stop();
    put(a, last);
    await h.boot();
    await until(async () => (await a.ann.get('/me')).status === 200, 'it is served again');
    assert.deepEqual(await texts(a), ['eins', 'zwei', 'drei', 'vier', 'fünf']);
});

test('a file that is gone, or grew another way from an older copy, is not served either; one that a crash left is', { timeout: 120_000 }, async () => {
    proves('B11.04');
    await asleep(a);
    const old = take(a);
    await say(a, 'sechs');
    await asleep(a);
    const newest = take(a);
    // None at all.
    put(a, { files: [] });
    await closed(a, b);
    put(a, newest);
    await again(a);
    // The older copy and the heads of its time grow beyond what was signed: longer, and not the same.
    await h.stop();
    const signed = fs.readFileSync(heads());
    put(a, old);
    fs.writeFileSync(heads(), old.heads);
    await h.boot();
    await say(a, ...Array.from({ length: 20 }, (_, i) => `anders ${i}`));
    await h.stop();
    fs.writeFileSync(heads(), signed);
    mark = h.logText().length;
    await h.boot();
    await closed(a, b);
    await h.stop();
    put(a, newest);
    await h.boot();
    await until(async () => (await a.ann.get('/me')).status === 200, 'it is served again');
    assert.equal((await texts(a)).at(-1), 'sechs');
    // A crash behind a head, with rows in the WAL that no head names, is no rollback.
    await say(a, 'sieben');
    process.kill(await a.pid(), 'SIGKILL');
    await until(async () => (await a.ann.get('/me')).status === 200, 'it is there again');
    assert.equal((await texts(a)).at(-1), 'sieben');
    assert.equal(await figure('engawa_tenants_rolled_back'), 0);
    // The main file alone of an older day, below a WAL of today: whatever it gives, it is not less than was signed.
    await asleep(a);
    await say(a, 'acht');
    process.kill(h.process.pid, 'SIGKILL');
    await h.ended;
    h.ctl.close();
    await h.gone();
    const crashed = take(a);
    put(a, { files: crashed.files.map(([f, bytes]) => [f, f === 'tenant.db' ? old.files.find(([n]) => n === 'tenant.db')[1] : bytes]) });
    await h.boot();
    const r = await a.ann.get('/me');
    assert.ok(r.status === 503 || (await texts(a)).at(-1) === 'acht', `${r.status} ${r.text}`);
    await h.stop();
    put(a, crashed);
    await h.boot();
    await until(async () => (await a.ann.get('/me')).status === 200, 'it is served again');
    assert.equal((await texts(a)).at(-1), 'acht');
});

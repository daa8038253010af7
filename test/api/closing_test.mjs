// The end of a company: who may cancel and when, what ends at once, seven days in which the operator may take it back, and the
// erasure after them, from every backup too.
import { execFile } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { allBytes } from '../lib/disk.mjs';
import { House, ROOT } from '../lib/house.mjs';
import { newPassword, openTenant } from '../lib/people.mjs';
import { after, assert, before, proves, test, until } from '../lib/test.mjs';

const DAY = 86_400_000, WEEK = 7 * DAY;
let house, place;
before(async () => {
    house = await House.start({ config: { edge_rate: '1000000', edge_burst: '1000000' } });
    place = fs.mkdtempSync(path.join(ROOT, 'build/closing-'));
});
after(async () => {
    await house.remove();
    fs.rmSync(place, { recursive: true, force: true });
});

const codeOf = (r) => r.json?.error?.code;
const folder = (name) => {
    const dir = path.join(place, name);
    fs.mkdirSync(dir);
    return dir;
};
const ctl = (...args) => ctlOf(house.dir, ...args);
const ctlOf = (dir, ...args) => new Promise((resolve) =>
    execFile(house.ctlProgram, ['--data', dir, ...args], { maxBuffer: 1 << 26 }, (error, out, err) => resolve({ rc: error?.code ?? 0, out, err })));
const rowOf = async (name) => (await house.op('tenant.list')).tenants.find((t) => t.workgroup === name);
const state = async (name) => (await rowOf(name))?.state;
/** control's own clock, forward by so many ms in all: it decides when a company is erased. */
const clock = (value) => house.op('test.clock', { value });
const erasure = async (name) => JSON.parse((await ctl('--json', 'tenant', 'erasure', name)).out);
const log = async () => (await house.op('log.list', { limit: 1000 })).rows;
const ticks = { security: true, moved: true, told: true };

async function company(name, options) {
    const t = await openTenant(house, name, options);
    await (await t.chief.signIn()).openConsole();
    return t;
}
const cancel = (p, body = {}) => p.post('/console/cancellation', { workgroup: p.tenant.workgroup, ...ticks, ...body });
async function close(t) {
    const r = await cancel(t.chief);
    assert.equal(r.status, 200, r.text);
    await until(async () => await state(t.workgroup) === 'closing', 'it is closing');
    return r.json;
}

test('nobody but the super admin, in a browser, with a fresh proof, alone, and by name', async () => {
    proves('CON-11', 'CON-12', 'B12.12');
    const t = await company('kuroneko');
    const sub = await (await (await t.add('sub', { role: 'sub' })).signIn()).openConsole();
    const late = await t.add('late');
    const still = async (r, status, code, field) => {
        assert.deepEqual([r.status, codeOf(r), r.json?.error?.field], [status, code, field], r.text);
        assert.equal(await state('kuroneko'), 'open');
    };
    await still(await cancel(sub), 403, 'forbidden');
    await still(await sub.get('/console/cancellation'), 403, 'forbidden');
    await still(await cancel(t.chief), 409, 'members_left');
    await t.op('member.delete', { member: sub.id });
    // One who is suspended stands in the way, and one who has not started.
    assert.equal((await t.chief.post(`/console/members/${late.id}/suspend`)).status, 200);
    assert.deepEqual((await t.chief.get('/console/cancellation')).json.suspended, 1);
    await still(await cancel(t.chief), 409, 'members_left');
    await t.op('member.delete', { member: late.id });
    const soon = await t.chief.post('/console/members', { login: 'soon', family: '後', given: '日', start: new Date(Date.now() + 3 * DAY).toISOString().slice(0, 10) });
    assert.equal(soon.status, 200, soon.text);
    const seen = (await t.chief.get('/console/cancellation')).json;
    assert.deepEqual([seen.active, seen.suspended, seen.not_started, seen.days], [0, 0, 1, 7]);
    await still(await cancel(t.chief), 409, 'members_left');
    await t.op('member.delete', { member: soon.json.id });
    for (const field of Object.keys(ticks))
        await still(await cancel(t.chief, { [field]: false }), 400, 'invalid_value', field);
    await still(await cancel(t.chief, { workgroup: 'shironeko' }), 400, 'invalid_value', 'workgroup');
    // From the app on a phone: the channel is the session's own.
    const phone = await t.chief.elsewhere().signIn({ client: 'mobile-web' });
    await phone.openConsole();
    await still(await cancel(phone), 403, 'forbidden');
    await still(await phone.get('/console/cancellation'), 403, 'forbidden');
    // The proof is six minutes old.
    await t.clock(6 * 60_000);
    await still(await cancel(t.chief), 401, 'reauth_required');
    await t.chief.openConsole();
    assert.equal((await cancel(t.chief)).status, 200);
});

test('A27: what was open ends at once, and nobody hears whether there was such a company', async () => {
    proves('CON-12');
    const t = await company('mozu');
    const other = await t.chief.elsewhere().signIn();
    const socket = await other.socket();
    const link = await t.link(t.chief);
    const began = Date.now(), done = await cancel(t.chief);
    assert.equal(done.status, 200, done.text);
    assert.equal(Date.parse(done.json.erase) - Date.parse(done.json.closed), WEEK);
    assert.deepEqual([done.json.workgroup, done.json.company], ['mozu', 'mozu 株式会社']);
    assert.deepEqual([codeOf(await other.get('/me')), codeOf(await t.chief.get('/me'))], ['session_ended', 'session_ended']);
    await until(() => socket.close !== null, 'the WebSocket to end');
    console.log(`sessions and sockets ended after ${Date.now() - began} ms`);
    await until(async () => await state('mozu') === 'closing', 'control to hear');
    // By name and by number: as for one that never was.
    const nobody = { ...t, workgroup: 'never-was' };
    const strip = (r) => [r.status, r.json?.error?.code, r.json?.error?.message];
    const stranger = t.chief.elsewhere();
    for (const [ask, same] of [
        [() => stranger.trySignIn(), () => stranger.trySignIn({ workgroup: nobody.workgroup })],
        [() => stranger.post('/link/read', { token: link }), () => stranger.client.post(`/t/123456789/link/read`, { token: link })],
        [() => stranger.get('/me'), () => stranger.client.get('/t/123456789/me')],
        [() => stranger.trySignIn({ password: 'wrong password 17' }), () => stranger.trySignIn({ workgroup: nobody.workgroup, password: 'wrong password 17' })],
    ])
        assert.deepEqual(strip(await ask()), strip(await same()));
    assert.equal(codeOf(await stranger.trySignIn()), 'sign_in');
    const taken = await house.ctl.call('tenant.open', '', { workgroup: 'mozu', company: 'X', admin: { login: 'a', family: 'A', password: newPassword() } });
    assert.equal(taken.status, 409, 'the name is not free in those seven days');
    const rows = await log();
    assert.ok(rows.some((r) => r.what === 'tenant.close' && r.workgroup === 'mozu' && r.result === 'ok'));
    // Its process, started for the operator, serves nobody.
    assert.equal((await t.op('tenant.read', {})).workgroup, 'mozu');
    assert.deepEqual(strip(await stranger.trySignIn()), strip(await stranger.trySignIn({ workgroup: nobody.workgroup })));
    const own = (await house.ctl.call('audit.export', 'mozu', {})).text;
    assert.ok(own.includes('tenant.close'), 'the company\'s own log has its row');
});

test('the operator takes it back on day 6, and on day 8 the answer is: erased', { timeout: 90_000 }, async () => {
    proves('CON-14');
    const t = await company('hibari');
    const ann = await (await t.add('ann')).signIn();
    const room = await t.room('ひばり', ann, t.chief);
    for (let i = 0; i < 30; i++)
        assert.equal((await ann.say(room, `揚雲雀 ${i}`)).status, 200);
    const before = (await t.chief.get(`/rooms/${room}/messages?limit=100`)).json.messages.map((m) => m.text);
    assert.equal((await ctl('tenant', 'reopen', 'hibari', '--reason', 'request', '--reference', '手紙 7')).rc, 1, 'it is not closed');
    await t.op('member.delete', { member: ann.id });
    await close(t);
    await clock(6 * DAY - 60_000);
    const refused = await ctl('tenant', 'reopen', 'hibari', '--reason', 'because', '--reference', '手紙 7');
    assert.deepEqual([refused.rc, /invalid_value: reason/.test(refused.err)], [1, true], refused.err);
    assert.equal((await ctl('tenant', 'reopen', 'hibari', '--reason', 'request')).rc, 2, 'no reference');
    assert.equal(await state('hibari'), 'closing');
    const back = await ctl('tenant', 'reopen', 'hibari', '--reason', 'request', '--reference', '主さんの手紙 7');
    assert.equal(back.rc, 0, back.err);
    assert.equal(await state('hibari'), 'open');
    assert.ok((await log()).some((r) => r.what === 'tenant.reopen' && r.result === 'request: 主さんの手紙 7'));
    assert.equal((await t.chief.get('/me')).status, 401, 'the sessions of before stay ended');
    await (await t.chief.signIn()).openConsole();
    assert.deepEqual((await t.chief.get(`/rooms/${room}/messages?limit=100`)).json.messages.map((m) => m.text), before);
    const row = (await t.chief.audit()).find((r) => r.act === 'tenant.reopen');
    assert.deepEqual(JSON.parse(row.detail), { reason: 'request', reference: '主さんの手紙 7' });
    await clock(9 * DAY);
    assert.equal((await t.chief.get('/me')).status, 200, 'nothing is due any more');
    assert.equal(await state('hibari'), 'open');
    await close(t);
    await clock(17 * DAY);
    const gone = await until(async () => {
        const r = await ctl('tenant', 'reopen', 'hibari', '--reason', 'request', '--reference', 'zu spät');
        assert.deepEqual([r.rc, /\(erased\)/.test(r.err)], [1, true], r.err);
        return !(await rowOf('hibari'));
    }, 'it is erased');
    assert.ok(gone);
    assert.match((await ctl('tenant', 'reopen', 'hibari', '--reason', 'request', '--reference', 'zu spät')).err, /\(erased\)/);
    await clock(0);
});

const backups = (dir) => fs.readdirSync(dir).filter((f) => f.endsWith('.backup')).sort().map((f) => path.join(dir, f));

test('A24: seven days later nothing of it can be read, here or from any backup, and the others can be', { timeout: 240_000 }, async () => {
    proves('CON-13', 'B12.12', 'PLT-11');
    await clock(0);
    const gone = await company('kawasemi', { company: 'カワセミ翡翠堂' }), stays = await company('ruribitaki');
    for (const t of [gone, stays]) {
        t.room_ = await t.room(`${t.workgroup} の間`, t.chief);
        for (let i = 0; i < 10; i++)
            assert.equal((await t.chief.say(t.room_, `${t.workgroup} Wiesenpieper ${i}`)).status, 200);
    }
    const [one, two, keys] = ['one', 'two', 'keys'].map(folder);
    const master = path.join(place, 'master');
    fs.copyFileSync(path.join(house.dir, 'keys/master.key'), master);
    fs.chmodSync(master, 0o400);
    assert.equal((await ctl('backup', '--to', one)).rc, 0);
    const closed = Date.parse((await close(gone)).closed);
    assert.equal((await ctl('backup', '--to', two, '--keys-to', keys)).rc, 0, 'a closing one is saved too');
    const at = (ms) => clock(closed + ms - Date.now());
    const restore = async (from, name, ...more) => {
        const to = path.join(place, name);
        const r = await ctlOf('/nowhere', '--json', 'restore', '--from', from, '--to', to, '--key', master, ...more);
        return { to, ...r };
    };
    const readable = async ({ to }, t) => {
        const copy = Object.assign(new House(), { program: house.program, ctlProgram: house.ctlProgram, dir: to, port: house.port, origin: house.origin, ca: house.ca });
        for (const f of fs.readdirSync(path.join(house.dir, 'tls')))
            fs.copyFileSync(path.join(house.dir, 'tls', f), path.join(to, 'tls', f));
        await house.stop();
        await copy.boot();
        const { tenants } = await copy.op('tenant.list');
        const answer = {};
        for (const x of t) {
            const row = tenants.find((y) => y.workgroup === x.workgroup);
            answer[x.workgroup] = row ? (await copy.ctl.call('tenant.check', '', { workgroup: x.workgroup })).status : 'none';
        }
        answer.log = (await copy.op('log.verify')).whole;
        await copy.stop();
        await house.boot();
        return answer;
    };
    // A minute before, every backup gives it back.
    await at(WEEK - 60_000);
    assert.equal(await state('kawasemi'), 'closing');
    for (const [from, name, more] of [[one, 'early', []], [two, 'early2', ['--keys', path.join(keys, 'engawa.keys')]]]) {
        const r = await restore(from, name, ...more);
        assert.equal(r.rc, 0, r.err);
        assert.deepEqual(await readable(r, [gone, stays]), { kawasemi: 200, ruribitaki: 200, log: true });
    }
    await at(WEEK + 1000);
    await until(async () => !(await rowOf('kawasemi')), 'it is erased');
    assert.equal(fs.existsSync(path.join(house.dir, 'tenants', gone.number)), false, 'rows, files and index');
    assert.deepEqual(fs.readdirSync(path.join(house.dir, 'keys')).filter((f) => f.includes(gone.number)), [`x-${gone.number}.key`]);
    const first = await erasure('kawasemi');
    assert.equal(first.state, 'erased', 'copies of the keys still hold its key: the proof waits');
    assert.deepEqual(first.copies.map((c) => [c.place, c.replaced]).sort(), [[fs.realpathSync(keys), false], [fs.realpathSync(one), false]].sort());
    // With a copy from before, had one been kept elsewhere, it would all be there: that is why.
    fs.copyFileSync(path.join(one, 'engawa.keys'), path.join(place, 'kept.keys'));
    const kept = await restore(one, 'kept', '--keys', path.join(place, 'kept.keys'));
    assert.deepEqual([kept.rc, JSON.parse(kept.out).erased, fs.existsSync(path.join(kept.to, 'tenants', gone.number))], [0, 0, true], kept.err);
    // One place cannot be reached; it is named, and the proof goes on waiting.
    fs.renameSync(keys, `${keys}-away`);
    const copy = await ctl('key', 'copy');
    assert.deepEqual([copy.rc, /\(unreached\)/.test(copy.err), copy.err.includes(`${fs.realpathSync(place)}/keys: not reached`)], [4, true, true], copy.err);
    const second = await erasure('kawasemi');
    assert.equal(second.state, 'erased');
    assert.deepEqual(second.copies.map((c) => [path.basename(c.place), c.replaced]), [['keys', false], ['one', true]]);
    assert.notEqual(second.copies[0].why, '');
    fs.renameSync(`${keys}-away`, keys);
    // The next backup, of whatever place, brings the rest up to date.
    assert.equal((await ctl('backup', '--to', folder('three'))).rc, 0);
    const proof = await until(async () => {
        const e = await erasure('kawasemi');
        return e.state === 'proven' && e;
    }, 'the proof');
    assert.equal(proof.proof.left, 0);
    assert.match(proof.name_hash, /^[0-9a-f]{64}$/);
    assert.ok(Date.parse(proof.key_destroyed) >= closed + WEEK && Date.parse(proof.proven) >= Date.parse(proof.files_removed));
    assert.match((await ctl('tenant', 'erasure', 'kawasemi')).out, /消去証明書[^]*交換済み/);
    const rows = await log();
    assert.ok(rows.some((r) => r.what === 'tenant.erased' && r.workgroup === proof.name_hash && r.result === 'ok'));
    assert.equal((await house.op('log.verify')).whole, true);
    // Every backup with every copy of the keys that is left.
    let tried = 0;
    for (const b of [...backups(one), ...backups(two), ...backups(path.join(place, 'three'))])
        for (const k of [one, keys, path.join(place, 'three')]) {
            const r = await restore(b, `late${++tried}`, '--keys', path.join(k, 'engawa.keys'));
            assert.equal(r.rc, 0, r.err);
            assert.equal(fs.existsSync(path.join(r.to, 'tenants', gone.number)), false);
            assert.equal(JSON.parse(r.out).erased, b.startsWith(path.join(place, 'three')) ? 0 : 1);
            if (tried === 1)
                assert.deepEqual(await readable(r, [gone, stays]), { kawasemi: 'none', ruribitaki: 200, log: true });
        }
    const disk = allBytes(house.dir);
    for (const word of ['カワセミ翡翠堂', 'Wiesenpieper', 'kawasemi の間'])
        assert.deepEqual(disk.findText(word), []);
    // The name is free again, and the record of the one before stays.
    await clock(0);
    await company('kawasemi');
    const again = await ctl('tenant', 'erasure', 'kawasemi');
    assert.match(again.err, /conflict/, 'the one that is there now was not cancelled');
    console.log(`erased: ${tried} restores of ${backups(one).length + backups(two).length + 1} backups with 3 copies of the keys`);
});

test('a place of copies that is never reached: the proof waits seven days, then names it; when it comes back it is replaced', { timeout: 240_000 }, async () => {
    await clock(0);
    const t = await company('mozu', { company: 'モズ百舌堂' }), stays = await company('shimaenaga');
    for (const c of [t, stays]) {
        const room = await c.room('間', c.chief);
        assert.equal((await c.chief.say(room, `${c.workgroup} Raubwürger`)).status, 200);
    }
    const [lost, fine] = ['lost', 'fine'].map(folder);
    const master = path.join(place, 'master-mozu');
    fs.copyFileSync(path.join(house.dir, 'keys/master.key'), master);
    fs.chmodSync(master, 0o400);
    assert.equal((await ctl('backup', '--to', fine, '--keys-to', lost)).rc, 0);
    const there = (copies) => (copies ?? []).filter((c) => path.basename(c.place) === 'lost').map((c) => [c.replaced, c.why !== '']);
    await close(t);
    // The place is gone before the erasure, as a disk that was taken out.
    fs.renameSync(lost, `${lost}-away`);
    let now = 0;
    const after_ = async (ms) => clock(now += ms);
    await after_(WEEK + 1000);
    await until(async () => (await erasure('mozu')).state === 'erased', 'it is erased');
    const first = await erasure('mozu');
    const key = Date.parse(first.key_destroyed);
    assert.ok(key > 0 && first.proven === null);
    assert.deepEqual(there(first.copies), [[false, true]]);
    assert.equal((await ctl('key', 'copy')).rc, 4, 'it is not reached');
    // Each day it is looked at again, and an hour before the seventh is over nothing is proven.
    for (let day = 1; day <= 6; day++) {
        await after_(DAY);
        assert.equal((await ctl('key', 'copy')).rc, 4);
        const e = await erasure('mozu');
        assert.deepEqual([e.state, e.proven, there(e.copies)], ['erased', null, [[false, true]]], `day ${day}`);
    }
    await after_(DAY - 3_600_000);
    assert.equal((await erasure('mozu')).state, 'erased', 'an hour before');
    assert.equal((await house.op('health')).keys.endings, 1);
    await after_(3_600_000);
    const proof = await until(async () => {
        const e = await erasure('mozu');
        return e.state === 'proven' && e;
    }, 'the proof');
    assert.ok(Date.parse(proof.proven) >= key + WEEK, 'not before');
    assert.ok(Date.parse(proof.proven) <= key + WEEK + 3_600_000, 'not much later');
    assert.equal(proof.proof.left, 1);
    assert.deepEqual(there(proof.proof.copies), [[false, true]]);
    const said = (await log()).filter((r) => r.what === 'tenant.erased' && r.workgroup === proof.name_hash);
    assert.deepEqual(said.map((r) => r.result), ['a copy of the keys was not reached'], 'once');
    assert.match(house.logText(), /a place of copies of the keys was not reached in seven days/);
    assert.equal((await house.op('health')).keys.endings, 0, 'nothing is open any more');
    // What is said of it stays as it was proven; and the place, when it is there again, is replaced all the same.
    fs.renameSync(`${lost}-away`, lost);
    const restore = async (name) => {
        const to = path.join(place, name);
        const r = await ctlOf('/nowhere', '--json', 'restore', '--from', backups(fine)[0], '--to', to, '--key', master, '--keys', path.join(lost, 'engawa.keys'));
        assert.equal(r.rc, 0, r.err);
        return [t, stays].map((c) => fs.existsSync(path.join(to, 'tenants', c.number)));
    };
    assert.deepEqual(await restore('mozu-before'), [true, true], 'a copy that nobody reached opens it: that is why it is named');
    const copy = await ctl('key', 'copy');
    assert.equal(copy.rc, 0, copy.err);
    assert.deepEqual(await restore('mozu-after'), [false, true]);
    const later = await erasure('mozu');
    assert.deepEqual([later.state, later.proven, later.proof], ['proven', proof.proven, proof.proof]);
    await clock(0);
});

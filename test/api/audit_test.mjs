// The audit log: a row for each act, none without its act and no act without its row; exports that show any change.
import { spawnSync } from 'node:child_process';
import { randomInt } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { House, ROOT } from '../lib/house.mjs';
import { newKey, openTenant } from '../lib/people.mjs';
import { after, assert, before, proves, test, until } from '../lib/test.mjs';

let house, acme, ann, room;

before(async () => {
    house = await House.start();
    acme = await openTenant(house, 'acme');
    ann = await acme.add('ann');
    room = await acme.room('間', ann, acme.chief);
    await ann.signIn();
    await acme.chief.signIn();
    await acme.chief.openConsole();
});
after(() => house.remove());

const newest = async (p = acme.chief) => (await p.audit({ limit: 1 }))[0]?.seq ?? 0;
const since = async (seq, p = acme.chief) => (await p.audit()).filter((r) => r.seq > seq).reverse();

test('each act writes one row that says who, what, on what, whence, by which way and with which result', async () => {
    proves('AUD-01');
    const start = await newest();
    const guest = await acme.add('guest');                 // by the operator
    const other = guest.elsewhere();
    const m = (await ann.say(room, '一')).json;
    const ws = await ann.socket();
    const w = (await ws.call('talk.post', { room }, { key: newKey(), text: '二' })).body;
    ws.end();
    await guest.signIn();
    await other.signIn({ client: 'mobile-web' });
    const far = (await guest.get('/sessions')).json.sessions.find((s) => !s.current).id;
    await guest.delete(`/sessions/${far}`);
    await guest.put('/me/password', { old: guest.password, new: 'jetzt ein anderes' });
    await guest.delete('/session');
    await acme.chief.post(`/console/members/${guest.id}/suspend`);
    await acme.chief.post(`/console/members/${guest.id}/resume`);
    await acme.chief.post(`/console/members/${guest.id}/logout`);
    await acme.chief.get('/console/members');
    await acme.op('room.join', { room, member: guest.id });
    await acme.op('room.leave', { room, member: guest.id });
    await acme.op('member.role', { member: guest.id, role: 'sub' });
    await acme.op('member.delete', { member: guest.id });
    await acme.op('member.all', {});
    const rows = (await since(start)).filter((r) => r.act !== 'audit.view');
    const chief = acme.chief;
    const want = [
        ['member.add', '0', guest.id, '', ''],
        ['talk.post', ann.id, m.id, 'W', ann.client.address],
        ['talk.post', ann.id, w.id, 'W', ann.client.address],
        ['session.open', guest.id, null, 'W', guest.client.address],
        ['session.open', guest.id, null, 'MW', other.client.address],
        ['second.slip', '0', guest.id, '', ''],           // another device: it is asked for a second step
        ['session.second', guest.id, far, 'MW', other.client.address],
        ['session.close', guest.id, far, 'W', guest.client.address],
        ['member.password', guest.id, guest.id, 'W', guest.client.address],
        ['session.end', guest.id, null, 'W', guest.client.address],
        ['member.suspend', chief.id, guest.id, 'W', chief.client.address],
        ['member.resume', chief.id, guest.id, 'W', chief.client.address],
        ['member.logout', chief.id, guest.id, 'W', chief.client.address],
        ['session.forced', chief.id, guest.id, 'W', chief.client.address],      // it stands in the log of the console and in that of log-ins
        ['console.read', chief.id, '0', 'W', chief.client.address],
        ['talk.room.join', '0', room, '', ''],
        ['talk.room.leave', '0', room, '', ''],
        ['member.role', '0', guest.id, '', ''],
        ['member.delete', '0', guest.id, '', ''],
        ['operator.read', '0', '0', '', ''],
    ];
    assert.deepEqual(rows.map((r) => r.act), want.map((x) => x[0]));
    rows.forEach((r, i) => {
        const [act, actor, object, channel, ip] = want[i];
        assert.equal(r.actor, actor, act);
        if (object !== null)
            assert.equal(r.object, object, act);
        assert.equal(r.channel, channel, act);
        assert.equal(r.ip, ip, act);
        assert.equal(r.result, 'ok', act);
        assert.equal(r.count, 1, act);
        assert.ok(Math.abs(Date.parse(r.time) - Date.now()) < 60_000, act);
        assert.equal(/ann@|一|二|Passwort/.test(r.detail), false, 'no content in a row');
    });
    const all = await acme.chief.audit();
    assert.ok(all.every((r, i) => i === 0 || r.seq === all[i - 1].seq - 1), 'numbers without a gap');
});

test('fifty equal refusals within a minute are the row of the first and one row with count 49', async () => {
    proves('AUD-01');
    const t = await openTenant(house, 'fifty');
    const p = await t.add('p');
    await p.signIn();
    await t.chief.signIn();
    await t.chief.openConsole();
    const start = await newest(t.chief);
    for (let i = 0; i < 50; i++)
        assert.equal((await p.get('/console/menu')).status, 403);
    const rows = async () => (await since(start, t.chief)).filter((r) => r.actor === p.id && r.result === 'forbidden');
    assert.deepEqual((await rows()).map((r) => r.count), [1]);
    await t.clock(61_000);
    const after = await until(async () => {
        const r = await rows();
        return r.length > 1 && r;
    }, 'the gathered row');
    assert.deepEqual(after.map((r) => r.count), [1, 49]);
    assert.equal(after[1].act, after[0].act);
    assert.equal(after[1].ip, p.client.address);
    // Another kind of refusal is another row at once.
    const foreign = await p.get('/rooms/7');
    assert.equal(foreign.status, 404);
});

test('when the row cannot be stored the act is refused and nothing has happened', async () => {
    proves('AUD-01');
    const failing = () => acme.op('test.fault', { name: 'audit.store', n: 1, action: 'fail' });
    const last = async () => (await ann.get(`/rooms/${room}`)).json.room.last_seq;
    const setting = async () => (await acme.chief.get('/console/settings')).json.settings.find((s) => s.key === 'tenant.company_name').value;
    const status = async () => (await acme.op('member.all', {})).members.find((m) => m.id === ann.id).status;
    const before = [await last(), await setting(), await status()];
    const seq = await newest();
    const refused = async (what, act) => {
        await failing();
        const r = await act();
        assert.equal(r.status, 503, what);
        assert.equal((r.json ?? r).error.code, 'retry', what);
        assert.equal(r.header?.('Set-Cookie'), undefined, what);
        return r;
    };
    const key = newKey();
    const ws = await ann.socket();
    const r = await refused('a message', () => ann.say(room, '消えた言葉', key));
    assert.ok(Number(r.header('Retry-After')) > 0);
    await refused('a message by WebSocket', () => ws.call('talk.post', { room }, { key: newKey(), text: '消えた' }));
    await refused('a setting', () => acme.chief.put('/console/settings/tenant.company_name', { value: 'niemals' }));
    await refused('a suspension', () => acme.chief.post(`/console/members/${ann.id}/suspend`));
    await refused('a password', () => ann.put('/me/password', { old: ann.password, new: 'wird nicht gesetzt' }));
    await refused('a sign-in', () => ann.elsewhere().trySignIn());
    await refused('an audited read', () => acme.chief.get('/console/members'));
    await refused('the audit log itself', () => acme.chief.get('/console/audit'));
    await refused('a refusal', () => ann.get('/console/menu'));
    await failing();
    await assert.rejects(acme.op('audit.export', {}), (e) => e.status === 503);
    await acme.op('test.fault', { name: 'audit.store', n: 1, action: 'none' });
    assert.deepEqual([await last(), await setting(), await status()], before);
    assert.deepEqual((await since(seq)).filter((x) => !['audit.view', 'operator.read'].includes(x.act)), []);
    const now = await ann.say(room, '消えた言葉', key);    // the same request once more, and now it is done
    assert.equal(now.status, 200);
    assert.equal(now.json.seq, before[0] + 1);
    assert.equal((await ws.event('talk.message.posted')).data.id, now.json.id, 'nothing of the refused ones was told');
    assert.equal((await ann.elsewhere().trySignIn()).status, 200, 'the old password still holds');
    ws.end();
});

const verifier = path.join(ROOT, 'build/auditverify');

function verify(file, text, ...flags) {
    fs.writeFileSync(file, text);
    const r = spawnSync(verifier, [...flags, file], { encoding: 'utf8' });
    return { status: r.status, out: r.stdout + r.stderr };
}

test('an export is verified by a program of its own, and any changed byte is named', { timeout: 120_000 }, async () => {
    proves('AUD-01', 'B12.03');
    for (let i = 0; i < 30; i++)
        assert.equal((await ann.say(room, `Nachricht ${i}`)).status, 200);
    const { key } = await house.op('audit.key');
    assert.match(key, /^[0-9a-f]{64}$/);
    const signed = async () => {
        const r = await house.ctl.call('audit.export', 'acme', {});
        assert.equal(r.status, 200);
        return /^head /m.test(r.text) && r.text;
    };
    await acme.clock(61_000);
    const text = await until(signed, 'a signed head');
    const file = path.join(house.dir, 'export.txt');
    const good = verify(file, text, '--key', key);
    assert.equal(good.status, 0, good.out);
    const lines = text.trimEnd().split('\n');
    const rows = lines.filter((l) => l.startsWith('row ')).length, heads = lines.filter((l) => l.startsWith('head ')).length;
    assert.ok(rows > 60 && heads >= 1, `${rows} rows, ${heads} heads`);
    assert.equal(text.includes('Nachricht'), false);
    assert.equal(verify(file, text, '--key', key.replace(/^./, (c) => (c === '0' ? '1' : '0'))).status, 1, 'another key');

    const seed = Number(process.env.SEED ?? randomInt(1 << 30));
    console.log(`audit export: ${rows} rows, ${heads} heads, ${text.length} bytes; changed at 1,000 places from seed ${seed}`);
    let state = seed;
    const next = (n) => {                                  // mulberry32
        state = (state + 0x6d2b79f5) | 0;
        let t = Math.imul(state ^ (state >>> 15), state | 1);
        t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
        return ((t ^ (t >>> 14)) >>> 0) % n;
    };
    const bytes = Buffer.from(text);
    let named = 0;
    for (let i = 0; i < 1000; i++) {
        const at = next(bytes.length);
        const changed = Buffer.from(bytes);
        changed[at] ^= 1 << next(7);
        const r = verify(file, changed, '--key', key);
        assert.equal(r.status, 1, `byte ${at} of seed ${seed}: ${r.out}`);
        const line = bytes.subarray(0, at).toString().split('\n').length;
        const said = Number(r.out.match(/export\.txt:(\d+): /)?.[1]);
        assert.ok(said >= 1, r.out);
        if (lines[line - 1].startsWith('row ') && bytes[at] !== 10) {
            assert.equal(said, line, `byte ${at} of seed ${seed}: ${r.out}`);
            named++;
        }
    }
    assert.ok(named > 500, 'most places are within rows, and their row is named');

    // Rows taken out, put in, swapped, taken off the end.
    const at = lines.findIndex((l) => l.startsWith('row ')) + 20;
    const without = (n) => [...lines.slice(0, n), ...lines.slice(n + 1)];
    const swapped = [...lines];
    [swapped[at], swapped[at + 1]] = [swapped[at + 1], swapped[at]];
    const last = lines.findLastIndex((l) => l.startsWith('row '));
    for (const [what, v] of Object.entries({
        'taken out': without(at),
        doubled: [...lines.slice(0, at), lines[at], ...lines.slice(at)],
        swapped,
        'cut at the end': without(last),
        'no end': lines.slice(0, -1),
        'no tree': lines.filter((l) => !l.startsWith('tree ')),
    })) {
        const r = verify(file, `${v.join('\n')}\n`, '--key', key);
        assert.equal(r.status, 1, `${what}: ${r.out}`);
        assert.match(r.out, /export\.txt:\d+: /, what);
    }
});

test('an export whose end was cut off well is found by heads kept elsewhere', async () => {
    proves('AUD-01', 'B12.03');
    const { key } = await house.op('audit.key');
    const older = (await house.ctl.call('audit.export', 'acme', {})).text;
    const size = Number(older.match(/^tree (\d+) /m)[1]);
    let offset = 61_000;
    const headOf = (text) => text.split('\n').filter((l) => l.startsWith('head ')).at(-1);
    const newer = await until(async () => {                 // after a minute of real time, or a thousand rows
        await Promise.all(Array.from({ length: 100 }, () => ann.say(room, 'mehr')));
        await acme.clock(offset += 61_000);
        const { text } = await house.ctl.call('audit.export', 'acme', {});
        return headOf(text) && Number(headOf(text).split(' ')[1]) > size && text;
    }, 'a head beyond the older export');
    const heads = path.join(house.dir, 'heads.txt'), file = path.join(house.dir, 'export.txt');
    fs.writeFileSync(heads, `${headOf(newer)}\n`);
    // The older export is whole in itself; only the head that stands elsewhere shows that rows are missing.
    assert.equal(verify(file, older, '--key', key).status, 0);
    const r = verify(file, older, '--key', key, '--heads', heads);
    assert.equal(r.status, 1, r.out);
    assert.match(r.out, /heads\.txt:1: /);
    assert.equal(verify(file, newer, '--key', key, '--heads', heads).status, 0);
});

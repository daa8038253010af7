// engawactl tenant check: a company's database looked through while its members write, and what is found where it is not whole.
import { execFile } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { House } from '../lib/house.mjs';
import { newPassword, openTenant } from '../lib/people.mjs';
import { after, assert, before, proves, test, until } from '../lib/test.mjs';

let h, a, b;

before(async () => {
    h = await House.start({ config: { tenant_idle: '1', edge_rate: '1000000', edge_burst: '1000000' } });
    for (const name of ['alt', 'beta']) {
        const t = await openTenant(h, name, { password: newPassword() });
        t.ann = await (await t.add('ann')).signIn();
        t.ben = await (await t.add('ben')).signIn();
        t.talk = await t.room('Raum 縁側', t.ann, t.ben);
        if (name === 'alt') a = t;
        else b = t;
    }
    for (let i = 0; i < 300; i++)
        assert.equal((await a.ann.say(a.talk, `縁側の朝 Morgen${i} ${'あいうえおかきくけこ'.repeat(20)}`)).status, 200);
    assert.equal((await a.ann.say(a.talk, '!?')).status, 200, 'one in which nothing can be looked for');
});
after(() => h.remove());

const check = (...args) => new Promise((resolve) => execFile(h.ctlProgram, ['--data', h.dir, '--json', 'tenant', 'check', ...args],
    (e, out, err) => resolve({ rc: e?.code ?? 0, json: out.trim() ? JSON.parse(out) : null, err })));
const asleep = (t) => until(async () => !(await h.op('tenant.list')).tenants.find((x) => x.number === t.number).running, 'it to be asleep');

test('whole, while people write: one company, all of them, every message', async () => {
    proves('PLT-12');
    let going = true, n = 0;
    const writing = (async () => {
        for (; going; n++)
            assert.equal((await a.ben.say(a.talk, `meanwhile ${n}`)).status, 200);
    })();
    const one = await check('alt', '--search', 'all');
    assert.deepEqual([one.rc, one.json?.whole, one.json?.findings], [0, true, []], JSON.stringify(one));
    const [row] = one.json.databases;
    assert.equal(row.company, 'alt');
    assert.ok(row.searched >= 300 && row.log_rows > 300, JSON.stringify(row));
    const all = await check();
    going = false;
    await writing;
    assert.deepEqual([all.rc, all.json.databases.map((d) => [d.company, d.whole])], [0, [['(registry)', true], ['alt', true], ['beta', true]]], all.err);
    const sampled = all.json.databases[1].searched;
    assert.ok(sampled > 50 && sampled <= 210, `${sampled} of ${row.searched}`);
    assert.ok(n > 0, 'nobody waited for it');
    const shown = await new Promise((resolve) => execFile(h.ctlProgram, ['--data', h.dir, 'tenant', 'check', 'beta'], (e, out) => resolve(out)));
    assert.match(shown, /^whole +yes$/m);
    assert.match(shown, /^beta +yes /m);
    assert.ok((await h.op('log.list', {})).rows.some((r) => r.what === 'tenant.check' && r.workgroup === 'alt'));
});

test('what is wrong is said with its place, and the others are looked through too', { timeout: 90_000 }, async () => {
    proves('PLT-12');
    assert.equal((await check('nobody')).rc, 1);
    assert.equal((await check('alt', '--search', 'some')).rc, 2);
    await asleep(a);
    const file = path.join(h.dir, 'tenants', a.number, 'tenant.db'), good = fs.readFileSync(file);
    assert.equal(fs.existsSync(`${file}-wal`), false);
    // A page of the talk, which a start does not read.
    let found = 0;
    for (let page = Math.floor(good.length / 4096) - 3; page > 20 && !found; page -= 7) {
        const bad = Buffer.from(good);
        bad[page * 4096 + 100] ^= 1;
        fs.writeFileSync(file, bad);
        const r = await check();
        const of = Object.fromEntries(r.json.databases.map((d) => [d.company, d.whole]));
        assert.deepEqual([r.rc, of['(registry)'], of.beta], [1, true, true]);
        assert.equal(of.alt, false, `page ${page}`);
        const [f] = r.json.findings;
        assert.equal(f.company, 'alt');
        found += f.check === 'pages';
        await h.op('tenant.suspend', { workgroup: 'alt' });
        await until(async () => !(await h.op('tenant.list')).tenants.find((x) => x.number === a.number).running, 'it is stopped');
        for (const f of fs.readdirSync(path.dirname(file)))
            fs.rmSync(path.join(path.dirname(file), f));
        fs.writeFileSync(file, good, { mode: 0o600 });
        fs.chownSync(file, fs.statSync(path.dirname(file)).uid, fs.statSync(path.dirname(file)).gid);
        await h.op('tenant.resume', { workgroup: 'alt' });
    }
    assert.ok(found > 0, 'a page that does not open was named as such');
    assert.equal((await check('alt')).rc, 0, 'its own file is whole again');
});

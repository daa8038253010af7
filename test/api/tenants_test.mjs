// Two tenants alike in every name and id: nothing of one is in any byte that the other gets. And their files.
import fs from 'node:fs';
import path from 'node:path';
import { furnish, httpOps, rightCall, send } from '../lib/calls.mjs';
import { allBytes, spellings } from '../lib/disk.mjs';
import { House } from '../lib/house.mjs';
import { openTenant, newPassword } from '../lib/people.mjs';
import { after, assert, before, proves, test, until } from '../lib/test.mjs';

let house;
const T = [];
const WORDS = {
    company: ['Goldammer', 'Wendehals'], reading: ['ごじゅうから', 'みそさざい'], room: ['Rohrdommel', 'Kiebitz'],
    text: ['カワセミ翡翠', '赤翡翠ショウビン'], agent: ['Mauersegler', 'Uferschwalbe'], workgroup: ['zaunkoenig', 'rotkehlchen'],
    given: ['Neuntöter', 'Raubwürger'],
};
const words = (i) => Object.values(WORDS).map((w) => w[i]);

before(async () => {
    house = await House.start();
    for (const i of [0, 1]) {
        const t = await openTenant(house, WORDS.workgroup[i], { company: `${WORDS.company[i]} 株式会社` });
        T.push(t);
        await t.op('test.seed', { value: 20261125 });        // from here on ids are the same in both
        t.ann = await t.add('ann', { family: '森下', given: WORDS.given[i], family_reading: WORDS.reading[i] });
        t.ben = await t.add('ben', { family: '大船' });
        t.world = { victim: await t.add('victim'), device: await t.add('device'), paused: await t.add('paused', { role: 'operator' }) };
        t.world.room = t.common = await t.room(`${WORDS.room[i]} 室`, t.chief, t.ann, t.ben);
    }
    for (const [i, t] of T.entries()) {
        for (const p of [t.ann, t.ben, t.chief, t.world.device]) {
            p.client.headers = { 'User-Agent': WORDS.agent[i] };
            await p.signIn();
        }
        await t.chief.openConsole();
        await furnish(t.world, t);
        for (const p of [t.ann, t.ben])
            assert.equal((await p.say(t.common, `${WORDS.text[i]} ${p.login}`)).status, 200);
    }
});
after(() => house.remove());

test('equal names and ids, and yet no byte of the other one', { timeout: 120_000 }, async () => {
    proves('B5.02', 'PLT-01');
    const [a, b] = T;
    assert.equal(a.ann.id, b.ann.id);
    assert.equal(a.common, b.common);
    let answers = 0, bytes = 0;
    const own = new Set();
    const clean = (what, i, got) => {
        const buffer = Buffer.from(got);
        for (const word of words(1 - i))
            for (const forms of Object.values(spellings(word)))
                for (const form of forms)
                    assert.equal(buffer.includes(form), false, `${what} holds ${word}`);
        for (const word of words(i))
            if (buffer.includes(Buffer.from(word)))
                own.add(`${i} ${word}`);
        answers++;
        bytes += buffer.length;
    };
    for (const [i, t] of T.entries()) {
        t.world.otherSession = async (p) => {
            const other = p.elsewhere();
            await other.signIn();
            return (await other.get('/sessions')).json.sessions.find((s) => s.current).id;
        };
        const last = ['session.end', 'console.end', 'me.password', 'session.open', 'device.session'];
        const order = [...httpOps].sort((x, y) => last.includes(x.name) - last.includes(y.name));
        for (const p of [t.chief, t.ann])
            for (const op of order) {
                const call = await rightCall(op, p, t.world);
                for (const c of [call, { ...call, body: { nonsense: 1 } }, { ...call, object: '12345' }]) {
                    const r = await send(op, p, c);
                    clean(`${op.name} by ${p.login}`, i, `${r.head}\n${r.text}`);
                }
                if (op.name === 'session.end' || op.name === 'link.use') {
                    await p.signIn();
                    if (p === t.chief)
                        await p.openConsole();
                }
            }
        await t.ann.signIn();                                // the crawl ended sessions and changed cookies
        await t.chief.signIn();
        const sockets = [await t.ann.socket(), await t.chief.socket()];
        await t.ben.say(t.common, `${WORDS.text[i]} live`);
        await sockets[0].event('talk.message.posted', (m) => m.data.text.endsWith('live'));
        for (const s of sockets) {
            clean('a WebSocket', i, JSON.stringify(s.seen));
            s.end();
        }
        for (const name of ['tenant.read', 'member.all', 'audit.export'])
            clean(name, i, (await house.ctl.call(name, t.workgroup, {})).text);
    }
    // The search sees what is there: every word of the own tenant was met, but for the browser's name of the other.
    for (const i of [0, 1])
        for (const word of words(i))
            assert.ok(own.has(`${i} ${word}`), `${word} was never met: nothing was looked at`);
    // The same id of the same name in the other tenant is the other's own.
    const texts = await Promise.all(T.map((t) => t.ben.get(`/rooms/${t.common}/messages?limit=100`)));
    for (const i of [0, 1])
        assert.ok(texts[i].json.messages.some((m) => m.text.includes(WORDS.text[i])));
    // A password of the one opens nothing of the other, though login and id are equal.
    assert.equal((await a.ann.elsewhere().trySignIn({ workgroup: b.workgroup })).json.error.code, 'sign_in');
    console.log(`two equal tenants: ${answers} answers, ${bytes} bytes searched for ${words(0).length * 2} words`);
});

test('what people write is in no file as they wrote it', async () => {
    proves('PLT-10', 'B11.01');
    const password = newPassword();
    await T[0].add('vogel', { family: '鳥居', password });
    await T[0].chief.signIn();
    await T[0].chief.openConsole();
    assert.equal((await T[0].chief.put('/console/settings/tenant.company_name', { value: 'Sperlingskauz 梟' })).status, 200);
    const disk = allBytes(house.dir);
    const kinds = [/^log\.txt$/, /registry\/.*\.db$/, /tenant\.db$/, /tenant\.db-wal$/, /tenant\.db-shm$/, /^keys\//];
    for (const k of kinds)
        assert.ok(disk.files.some((f) => k.test(f.name) && f.size > 0), `${k} is among ${disk.files.map((f) => f.name)}`);
    let searched = 0;
    for (const word of [...words(0), ...words(1), '森下', '大船', '鳥居', 'Sperlingskauz', '梟', 'vogel', password, '株式会社']) {
        if (word.length < 3 && Buffer.from(word).length < 6)  // two bytes would be met by chance
            continue;
        assert.deepEqual(disk.findText(word), []);
        searched++;
    }
    assert.ok(searched >= 18);
    // No magic of an unencrypted database either.
    assert.deepEqual(disk.find(Buffer.from('SQLite format 3')), []);
    console.log(`searched ${disk.files.length} files, ${disk.bytes} bytes, for ${searched} words`);
});

test('a store of A in B\'s place is refused by B\'s process, and A goes on', { timeout: 90_000 }, async () => {
    proves('PLT-02', 'B11.03');
    const [a, b] = T;
    await a.ann.signIn();
    await b.ann.signIn();
    const dir = (t) => {
        const found = allBytes(house.dir).files.filter((f) => f.name.includes(t.number) && f.name.endsWith('tenant.db'));
        assert.equal(found.length, 1);
        return path.join(house.dir, path.dirname(found[0].name));
    };
    const [from, to] = [dir(a), dir(b)];
    await house.op('tenant.suspend', { workgroup: b.workgroup });
    await until(async () => !(await house.op('tenant.list')).tenants.find((t) => t.number === b.number).running, 'B is stopped');
    const kept = path.join(house.dir, 'kept');
    const owner = fs.statSync(path.join(to, 'tenant.db'));
    const put = (store) => {
        for (const f of fs.readdirSync(to)) fs.rmSync(path.join(to, f), { recursive: true });
        fs.cpSync(store, to, { recursive: true });
        for (const f of fs.readdirSync(to, { recursive: true })) fs.chownSync(path.join(to, f), owner.uid, owner.gid);
    };
    fs.cpSync(to, kept, { recursive: true });
    put(from);
    const said = () => house.logText().length;
    const mark = said();
    await house.op('tenant.resume', { workgroup: b.workgroup });
    const r = await house.ctl.call('tenant.read', b.workgroup, {});
    assert.equal(r.status, 503, r.text);
    assert.match(house.logText().slice(mark), /does not open/);
    const answer = await b.ann.get('/me');
    assert.equal(answer.status, 503);
    for (const word of words(0))
        assert.equal(answer.text.includes(word), false);
    assert.equal((await a.ann.get('/me')).status, 200);
    assert.equal((await a.ann.say(a.common, 'geht weiter')).status, 200);
    // Its own file in its place again, B is what it was.
    await house.op('tenant.suspend', { workgroup: b.workgroup });
    await until(async () => !(await house.op('tenant.list')).tenants.find((t) => t.number === b.number).running, 'B is stopped');
    put(kept);
    await house.op('tenant.resume', { workgroup: b.workgroup });
    await until(async () => (await b.ann.get('/me')).status === 200, 'B is back');
    assert.ok((await b.ann.get(`/rooms/${b.common}/messages`)).json.messages.some((m) => m.text.includes(WORDS.text[1])));
});

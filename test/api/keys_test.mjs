// Keys of an installation: another master key while people work, its age in health, figures and log, copies of the key store, and
// that the data alone are nothing.
import { execFile, execFileSync, spawnSync } from 'node:child_process';
import fs from 'node:fs';
import http from 'node:http';
import path from 'node:path';
import { allBytes } from '../lib/disk.mjs';
import { House, ROOT } from '../lib/house.mjs';
import { openTenant } from '../lib/people.mjs';
import { after, assert, before, proves, test, until } from '../lib/test.mjs';

const DAY = 86_400_000;
let house, place, acme;
before(async () => {
    house = await House.start({ config: { edge_rate: '1000000', edge_burst: '1000000', key_rotation_days: '90' } });
    place = fs.mkdtempSync(path.join(ROOT, 'build/keys-'));
    acme = await openTenant(house, 'acme');
    await openTenant(house, 'beta');
    acme.ann = await (await acme.add('ann')).signIn();
    acme.ben = await (await acme.add('ben')).signIn();
    acme.talk = await acme.room('Steinschmätzer 磯鵯', acme.ann, acme.ben);
});
after(async () => {
    await house.remove();
    fs.rmSync(place, { recursive: true, force: true });
});

const folder = (name) => {
    const dir = path.join(place, name);
    fs.mkdirSync(dir);
    return dir;
};
const ctlOf = (dir, ...args) => new Promise((resolve) =>
    execFile(house.ctlProgram, ['--data', dir, ...args], { maxBuffer: 1 << 26 }, (error, out, err) => resolve({ rc: error?.code ?? 0, out, err })));
const ctl = (...args) => ctlOf(house.dir, ...args);
const keysFolder = () => path.join(house.dir, 'keys');
const phrase = () => {
    const file = path.join(place, 'phrase');
    fs.writeFileSync(file, 'zwölf Krähen am Zaun\n');
    return file;
};

/** Members write as fast as they are answered, until told to stop; each answer is an acknowledgement. */
export function load(people, room) {
    const l = { going: true, acked: [], odd: [] };
    l.done = Promise.all(people.map(async (p, k) => {
        for (let i = 0; l.going; i++) {
            const text = `Last ${k} ${i}`, r = await p.say(room, text);
            if (r.status === 200)
                l.acked.push(text);
            else
                l.odd.push(`${r.status} ${r.text}`);
        }
    }));
    return l;
}

async function texts(person, room) {
    const all = [];
    for (let before;;) {
        const r = await person.get(`/rooms/${room}/messages?limit=100${before ? `&before=${before}` : ''}`);
        assert.equal(r.status, 200, r.text);
        all.push(...r.json.messages);
        if (!r.json.more)
            return all.map((m) => m.text);
        before = r.json.messages.at(-1).seq;
    }
}

test('the data without keys/ are nothing: no word is in them, and nothing opens them', async () => {
    proves('PLT-11', 'PLT-10');
    for (let i = 0; i < 20; i++)
        assert.equal((await acme.ann.say(acme.talk, `Steinschmätzer 磯鵯 ${i}`)).status, 200);
    await house.stop();
    const data = path.join(place, 'stolen');
    fs.cpSync(house.dir, data, { recursive: true, filter: (f) => path.basename(f) !== 'keys' && path.basename(f) !== 'tls' && !f.endsWith('.sock') });
    await house.boot();
    const disk = allBytes(data);
    assert.ok(disk.files.some((f) => f.name.endsWith('tenant.db') && f.size > 0));
    for (const word of ['Steinschmätzer', '磯鵯', 'acme 株式会社', 'SQLite format 3'])
        assert.deepEqual(disk.findText(word), []);
    // By our own program, with a key store of its own.
    const foreign = path.join(place, 'foreign');
    execFileSync(house.ctlProgram, ['--data', foreign, 'init', '--yes']);
    const starts = () => spawnSync(house.program, ['--data', data], { encoding: 'utf8', timeout: 30_000 });
    fs.cpSync(path.join(house.dir, 'tls'), path.join(data, 'tls'), { recursive: true });
    fs.writeFileSync(path.join(data, 'engawa.conf'), fs.readFileSync(path.join(house.dir, 'engawa.conf'), 'utf8').replaceAll(`${house.port}`, `${house.port + 1}`));
    const bare = starts();
    assert.equal(bare.status, 1, bare.stderr);
    assert.match(bare.stderr, /key file is missing/);
    fs.rmSync(path.join(data, 'keys'), { recursive: true, force: true });
    fs.cpSync(path.join(foreign, 'keys'), path.join(data, 'keys'), { recursive: true });
    const other = starts();
    assert.equal(other.status, 1, other.stderr);
    assert.match(other.stderr, /no key for the registry/);
    // And the engine's own shell does not even know it for a database.
    const db = fs.readdirSync(path.join(data, 'tenants')).map((n) => path.join(data, 'tenants', n, 'tenant.db')).find((f) => fs.existsSync(f));
    const bytes = fs.readFileSync(db);
    assert.equal(bytes.includes(Buffer.from('SQLite format 3\0')), false);
    // The same, with the keys, opens: what was looked at is the real thing.
    fs.rmSync(path.join(data, 'keys'), { recursive: true, force: true });
    await house.stop();
    fs.cpSync(keysFolder(), path.join(data, 'keys'), { recursive: true });
    const copy = Object.assign(new House(), { program: house.program, ctlProgram: house.ctlProgram, dir: data, port: house.port + 1, origin: house.origin, ca: house.ca });
    await copy.boot();
    assert.equal((await copy.ctl.call('tenant.check', '', { workgroup: 'acme' })).status, 200);
    await copy.stop();
    await house.boot();
});

test('a key file that others may read keeps it from starting', async () => {
    proves('PLT-11', 'B14.04');
    await house.stop();
    for (const name of ['master.key', 'sign.key', fs.readdirSync(keysFolder()).find((f) => /^t-\d\d+\.key$/.test(f))].slice(0, 2)) {
        const file = path.join(keysFolder(), name), mode = fs.statSync(file).mode & 0o777;
        for (const open of [0o440, 0o404]) {
            fs.chmodSync(file, open);
            const r = spawnSync(house.program, ['--data', house.dir], { encoding: 'utf8', timeout: 30_000 });
            assert.equal(r.status, 1, `${name} ${open.toString(8)}: ${r.stderr}`);
            assert.match(r.stderr, /read by its group or by others/);
        }
        fs.chmodSync(file, mode);
    }
    await house.boot();
    assert.equal((await acme.ann.get('/me')).status, 200);
});

test('A23: another master key while people write: nobody waits, all is wrapped anew, and the one before opens nothing', { timeout: 180_000 }, async () => {
    proves('PLT-11', 'B11.06');
    const [saved, spare] = ['saved', 'spare'].map(folder);
    assert.equal((await ctl('backup', '--to', saved)).rc, 0);
    assert.equal((await ctl('backup', '--to', folder('third'), '--keys-to', spare)).rc, 0);
    const before = new Map(fs.readdirSync(keysFolder()).map((f) => [f, fs.readFileSync(path.join(keysFolder(), f))]));
    const old = path.join(place, 'old-master');
    fs.copyFileSync(path.join(keysFolder(), 'master.key'), old);
    fs.chmodSync(old, 0o400);
    const state = await house.op('key.state');
    const l = load([acme.ann, acme.ben], acme.talk);
    await until(() => l.acked.length > 20, 'talk');
    const mark = l.acked.length, recovery = path.join(place, 'new.recovery');
    const r = await ctl('--json', 'key', 'rotate', '--recovery', recovery, '--passphrase-file', phrase());
    assert.equal(r.rc, 0, r.err);
    const said = JSON.parse(r.out);
    await until(() => l.acked.length > mark + 20, 'talk that goes on');
    l.going = false;
    await l.done;
    assert.deepEqual(l.odd, [], 'nobody was refused');
    assert.deepEqual([said.before, said.copies_left], [state.master, 0]);
    assert.notEqual(said.master, said.before);
    const human = await ctl('key', 'rotate');
    assert.match(human.err, new RegExp(`master key ${said.master} are no longer valid`), 'the recovery file of before is named');
    const now = await house.op('key.state');
    assert.deepEqual([now.rotating, now.left, now.overdue], [false, 0, false]);
    // Every file of before is another one, and none of the bytes of before is left.
    const after_ = fs.readdirSync(keysFolder()).sort();
    assert.equal(after_.some((f) => /^master\.(new|next)$|\.new$/.test(f)), false, after_.join(' '));
    for (const [name, bytes] of before)
        if (name.endsWith('.key'))
            assert.equal(fs.readFileSync(path.join(keysFolder(), name)).equals(bytes), false, name);
    const disk = allBytes(keysFolder());
    for (const [name, bytes] of before)
        if (name.endsWith('.key'))
            assert.deepEqual(disk.find(bytes.subarray(16, 48)), [], name);
    // Copies at every known place are the newest; with the old key they are nothing, with the new recovery file everything.
    for (const dir of [saved, spare])
        assert.ok((await house.op('keys.change')).places.find((p) => p.place === fs.realpathSync(dir)).newest);
    const verify = (...more) => ctl('backup', 'verify', saved, '--scratch', place, ...more);
    assert.match((await verify('--key', old)).err, /\(wrong_key\)/);
    assert.match((await verify('--key', recovery, '--passphrase-file', phrase())).err, /\(wrong_key\)/, 'the second rotation made that one old too');
    assert.equal((await verify()).rc, 0, 'a backup from before opens');
    assert.equal((await verify('--keys', path.join(spare, 'engawa.keys'))).rc, 0);
    assert.equal((await ctl('backup', '--to', path.join(saved, 'engawa-later.backup'))).rc, 0);
    assert.equal((await verify()).rc, 0, 'and one from after');
    assert.deepEqual(fs.readFileSync(path.join(saved, 'engawa.keys')).equals(fs.readFileSync(path.join(spare, 'engawa.keys'))), true);
    // Old and new data, after a restart, by new processes.
    await house.stop();
    await house.boot();
    const all = new Set(await texts(await acme.ann.signIn(), acme.talk));
    assert.deepEqual(l.acked.filter((t) => !all.has(t)), []);
    assert.ok(all.has('Steinschmätzer 磯鵯 0'));
    for (const what of ['key.prepare', 'key.rotate', 'key.state'])
        assert.ok((await house.op('log.list', { limit: 1000 })).rows.some((x) => x.what === what), `${what} is in the log`);
    console.log(`rotated under load: ${l.acked.length} messages acknowledged, ${before.size - 2} files wrapped anew`);
});

test('a master key that is too old is said in health, in the figures and in the log', async () => {
    proves('PLT-11');
    const figures = async () => {
        const text = await new Promise((resolve, reject) => http.get({ socketPath: path.join(house.dir, 'run/metrics.sock'), path: '/metrics', headers: { host: 'localhost' } }, (r) => {
            let all = '';
            r.setEncoding('utf8').on('data', (d) => (all += d)).on('end', () => resolve(all));
        }).on('error', reject));
        return Number(text.match(/^engawa_master_key_overdue (\d)/m)[1]);
    };
    const health = async () => (await house.op('health')).keys;
    assert.deepEqual([(await health()).overdue, await figures()], [false, 0]);
    const due = Date.parse((await health()).rotate_by);
    assert.equal(due - Date.parse((await health()).since), 90 * DAY);
    await house.op('test.clock', { value: due - Date.now() - 60_000 });
    assert.equal((await health()).overdue, false);
    const mark = house.logText().length;
    await house.op('test.clock', { value: due - Date.now() + 60_000 });
    assert.deepEqual([(await health()).overdue, await figures()], [true, 1]);
    await house.op('test.clock', { value: due - Date.now() + 2 * DAY });
    await until(() => /warn.*master key is older than 90 days: engawactl key rotate/i.test(house.logText().slice(mark)), 'the warning');
    await house.op('test.clock', { value: 0 });
    for (const days of ['29', '731', 'x']) {
        const bad = path.join(place, `conf-${days}`);
        execFileSync(house.ctlProgram, ['--data', bad, 'init', '--yes']);
        fs.appendFileSync(path.join(bad, 'engawa.conf'), `key_rotation_days = ${days}\n`);
        const r = spawnSync(house.program, ['--data', bad], { encoding: 'utf8', timeout: 30_000 });
        assert.deepEqual([r.status, /key_rotation_days is no number that is allowed/.test(r.stderr)], [1, true], r.stderr);
    }
});

test('a look through a database while people write finds no fault where there is none', { timeout: 60_000 }, async () => {
    const l = load([acme.ann, acme.ben], acme.talk);
    await until(() => l.acked.length > 20, 'talk');
    for (const upto = l.acked.length + 900; l.acked.length < upto;) {
        const r = await house.ctl.call('tenant.check', '', { workgroup: 'acme' });
        assert.ok(r.status === 200 && JSON.parse(r.text).whole, `${r.text} ${house.logText().split('\n').filter((x) => x.includes('quick_check')).at(-1)}`);
    }
    l.going = false;
    await l.done;
});

// A backup of a house in use: whole, of one moment for each tenant, closed for whoever has not the keys, and a house again at
// another place.
import { execFile, execFileSync, spawn } from 'node:child_process';
import { randomBytes, randomInt } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { allBytes } from '../lib/disk.mjs';
import { House, ROOT } from '../lib/house.mjs';
import { Client } from '../lib/http.mjs';
import { newKey, newPassword, openTenant } from '../lib/people.mjs';
import { after, assert, before, proves, test, until } from '../lib/test.mjs';

const TENANTS = ['acme', 'beta', 'rast'];
const WORDS = { acme: 'Zaunkönig 縁側', beta: 'Kuckucksnelke 座敷', rast: 'Sperlingskauz 障子' };
const house = {}, T = {};
let h, place, saved;

const ctl = (house_, ...args) => new Promise((resolve) =>
    execFile(h.ctlProgram, ['--data', house_, ...args], { maxBuffer: 1 << 26 }, (error, out, err) => resolve({ rc: error?.code ?? 0, signal: error?.signal, out, err })));
const verify = (file, ...more) => ctl(h.dir, 'backup', 'verify', file, '--scratch', place, ...more);
const backups = (dir) => fs.readdirSync(dir).filter((f) => f.endsWith('.backup')).sort().map((f) => path.join(dir, f));
const folder = (name) => {
    const dir = path.join(place, name);
    fs.mkdirSync(dir);
    return dir;
};

before(async () => {
    h = await House.start({ config: { edge_rate: '1000000', edge_burst: '1000000' } });
    place = fs.mkdtempSync(path.join(ROOT, 'build/backups-'));
    for (const name of TENANTS) {
        const t = T[name] = await openTenant(h, name, { password: newPassword() });
        t.ann = await (await t.add('ann')).signIn();
        t.ben = await (await t.add('ben')).signIn();
        t.talk = await t.room(`Raum ${WORDS[name]}`, t.ann, t.ben);
        for (let i = 0; i < 20; i++)
            assert.equal((await t.ann.say(t.talk, `${WORDS[name]} ${i}`)).status, 200);
    }
    await h.op('tenant.suspend', { workgroup: 'rast' });
});
after(async () => {
    await house.copy?.remove();
    await h.remove();
    fs.rmSync(place, { recursive: true, force: true });
});

/** All messages of a room, oldest first, page by page. */
async function history(person, room) {
    const all = [];
    for (let before;;) {
        const r = await person.get(`/rooms/${room}/messages?limit=100${before ? `&before=${before}` : ''}`);
        assert.equal(r.status, 200, r.text);
        all.unshift(...r.json.messages.reverse());         // they come newest first
        if (!r.json.more)
            return all;
        before = all[0].seq;
    }
}

test('a house is saved while its members talk, and is a house again elsewhere', { timeout: 240_000 }, async () => {
    
    const { acme, beta } = T;
    const said = { before: [], after: [], n: 0 }, target = saved = folder('one');
    let going = true, begun = false;
    const bytes = randomBytes(200_000), sent = await acme.ann.send(acme.talk, [['図面.bin', bytes]]);
    assert.equal(sent.status, 200, sent.text);
    // Two people write as fast as they are answered; what was acknowledged before the backup began is told apart.
    const writers = [acme.ann, acme.ben].map(async (p) => {
        for (let i = 0; going; i++) {
            const text = `${WORDS.acme} im Betrieb ${p.login} ${i}`, early = !begun;
            const r = await p.say(acme.talk, text);
            assert.equal(r.status, 200, r.text);
            said[early && !begun ? 'before' : 'after'].push(text);
        }
    });
    await until(() => said.before.length > 50, 'talk');
    begun = true;
    const made = await ctl(h.dir, 'backup', '--to', target);
    assert.equal(made.rc, 0, made.err);
    await until(() => said.after.length > 10, 'talk that goes on');
    going = false;
    await Promise.all(writers);
    const [file] = backups(target);
    assert.match(made.out, /whole/);
    for (const name of TENANTS)
        assert.ok(made.err.includes(name), `progress names ${name}: ${made.err}`);
    assert.deepEqual(fs.readdirSync(target).sort(), [path.basename(file), 'engawa.keys'].sort(), 'nothing half is left');
    for (const f of fs.readdirSync(target))
        assert.equal(fs.statSync(path.join(target, f)).mode & 0o077, 0, `${f} is its owner's alone`);
    assert.equal(execFileSync('find', [h.dir, '-name', 'snapshot.db*'], { encoding: 'utf8' }), '', 'no copy is left in the house');
    const checked = await verify(file);
    assert.equal(checked.rc, 0, checked.err);
    assert.ok((await h.op('tenant.list')).tenants.find((t) => t.workgroup === 'rast').running, 'a suspended one was started for it');
    assert.equal((await T.rast.ann.get('/me')).status, 401, 'and serves nobody');
    const [last] = (await h.op('backup.list')).backups;
    assert.deepEqual([last.tenants, last.bytes], [4, fs.statSync(file).size], 'three and the decoy');

    // Restored from the folder alone, as on a machine that has nothing but the file of the key.
    const key = path.join(place, 'key');
    fs.copyFileSync(path.join(h.dir, 'keys/master.key'), key);
    fs.chmodSync(key, 0o400);
    const dir = path.join(place, 'restored');
    const back = await ctl('/nowhere', 'restore', '--from', target, '--to', dir, '--key', key);
    assert.equal(back.rc, 0, back.err);
    await h.stop();
    const copy = house.copy = Object.assign(new House(), { program: h.program, ctlProgram: h.ctlProgram, dir, port: h.port, origin: h.origin, ca: h.ca });
    for (const f of fs.readdirSync(path.join(h.dir, 'tls')))
        fs.copyFileSync(path.join(h.dir, 'tls', f), path.join(dir, 'tls', f));
    await copy.boot();
    const rows = (await copy.op('tenant.list')).tenants;
    assert.deepEqual(rows.map((r) => [r.workgroup, r.number, r.state]).sort(),
        TENANTS.map((n) => [n, T[n].number, n === 'rast' ? 'suspended' : 'open']).sort());
    assert.equal((await ctl(dir, 'tenant', 'read', '--tenant', 'rast')).rc, 0);
    await copy.op('tenant.resume', { workgroup: 'rast' });    // its process, started for the operator alone, makes way
    for (const name of TENANTS) {
        const t = T[name];
        for (const p of [t.ann, t.ben])
            Object.assign(p, { house: copy, client: Object.assign(p.elsewhere().client, { house: copy }) });
        t.house = copy;
        await t.ann.signIn();                              // the same passwords: the pepper came along
    }
    const texts = (await history(acme.ann, acme.talk)).map((m) => m.text);
    assert.equal(new Set(texts).size, texts.length, 'nothing twice');
    for (const text of said.before)
        assert.ok(texts.includes(text), `acknowledged before the backup began: ${text}`);
    const known = new Set(['', ...said.before, ...said.after, ...Array.from({ length: 20 }, (_, i) => `${WORDS.acme} ${i}`)]);
    for (const text of texts)
        assert.ok(known.has(text), `nobody said ${text}`);
    for (const p of ['ann', 'ben']) {                      // of each writer a beginning, without a hole
        const own = texts.filter((x) => x.includes(`Betrieb ${p} `)).map((x) => Number(x.split(' ').at(-1)));
        assert.deepEqual(own, own.map((_, i) => i));
    }
    const fetched = await new Client(copy).get(await acme.ben.signIn().then((p) => p.fileUrl(sent.json.content.files[0].id)));
    assert.ok(fetched.body.equals(bytes), 'and the file that was sent');
    assert.equal((await ctl(dir, 'tenant', 'check')).rc, 0);
    assert.equal((await history(beta.ann, beta.talk)).length, 20);
    assert.equal((await history(T.rast.ann, T.rast.talk)).length, 20);
    for (const name of TENANTS) {
        const text = (await copy.ctl.call('audit.export', name, {})).text;
        fs.writeFileSync(path.join(place, 'export'), text);
        const { key: pub } = await copy.op('audit.key');
        const v = await new Promise((resolve) => execFile(path.join(ROOT, 'build/auditverify'), ['--key', pub, '--no-head-yet', path.join(place, 'export')], (e, out, err) => resolve({ rc: e?.code ?? 0, out, err })));
        assert.equal(v.rc, 0, `${name}: ${v.out}${v.err}`);
    }
    assert.equal((await copy.op('log.verify')).whole, true);
    assert.equal((await beta.ann.say(beta.talk, 'geht weiter', newKey())).status, 200, 'and it is written to');
    assert.equal((await ctl(dir, 'backup', '--to', folder('again'))).rc, 0, 'and saved again');
    await copy.stop();
    await h.boot();
    for (const t of Object.values(T))
        t.house = h;
    console.log(`saved under load: ${said.before.length} messages before, ${said.after.length} during and after, ${texts.length} restored; ${fs.statSync(file).size} bytes`);
});

test('what was said is readable nowhere in a backup, and without the keys nothing is', async () => {
    proves('PLT-10');
    const disk = allBytes(saved);
    for (const word of [...Object.values(WORDS).flatMap((w) => w.split(' ')), 'ann', 'SQLite format 3'].filter((w) => Buffer.from(w).length > 5))
        assert.deepEqual(disk.findText(word), []);
    const [file] = backups(saved);
    const other = path.join(place, 'other.key'), dir = folder('foreign');
    execFileSync(h.ctlProgram, ['--data', path.join(dir, 'data'), 'init']);
    fs.copyFileSync(path.join(dir, 'data/keys/master.key'), other);
    fs.chmodSync(other, 0o400);
    const foreign = await verify(file, '--key', other);
    assert.deepEqual([foreign.rc, /\(wrong_key\)/.test(foreign.err)], [1, true], foreign.err);
    const without = await verify(file, '--keys', path.join(place, 'none'));
    assert.deepEqual([without.rc, /\(no_keys\)/.test(without.err)], [4, true], without.err);
    fs.chmodSync(other, 0o444);
    assert.match((await verify(file, '--key', other)).err, /read by its group or by others/);
    // A passphrase opens the recovery file, another one does not.
    const phrase = path.join(place, 'phrase'), recovery = path.join(place, 'recovery');
    fs.writeFileSync(phrase, 'zwölf Krähen am Zaun\n');
    assert.equal((await ctl(h.dir, 'key', 'export', '--to', recovery, '--passphrase-file', phrase)).rc, 0);
    assert.equal((await verify(file, '--key', recovery, '--passphrase-file', phrase)).rc, 0);
    assert.match((await verify(file, '--key', recovery)).err, /\(passphrase\)/);
    fs.writeFileSync(phrase, 'elf Krähen am Zaun\n');
    const wrong = await verify(file, '--key', recovery, '--passphrase-file', phrase);
    assert.deepEqual([wrong.rc, /\(wrong_key\)/.test(wrong.err)], [1, true], wrong.err);
    assert.deepEqual(fs.readdirSync(place).filter((f) => f.startsWith('engawa-verify-')), [], 'verifying leaves nothing behind');
});

test('one changed byte, anywhere, is named with its place', { timeout: 240_000 }, async () => {
    const [file] = backups(saved), bad = path.join(place, 'bad.backup');
    const bytes = fs.readFileSync(file);
    const seed = Number(process.env.SEED ?? randomInt(1 << 30));
    let state = seed;
    const next = (n) => {                                  // mulberry32
        state = (state + 0x6d2b79f5) | 0;
        let t = Math.imul(state ^ (state >>> 15), state | 1);
        t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
        return ((t ^ (t >>> 14)) >>> 0) % n;
    };
    const keys = path.join(saved, 'engawa.keys'), seen = new Set();
    const places = [0, 9, 24, bytes.length - 1, ...Array.from({ length: 24 }, () => next(bytes.length))];
    for (const at of places) {
        const b = Buffer.from(bytes);
        b[at] ^= 1 << next(8);
        fs.writeFileSync(bad, b);
        const r = await verify(bad, '--keys', keys);
        assert.equal(r.rc, 1, `seed ${seed}: byte ${at}: ${r.out}${r.err}`);
        const m = r.err.match(/damaged at byte (\d+), (?:in|behind|at) (its beginning|[^ :]+): /);
        assert.ok(m && Number(m[1]) <= at && (at < 24 || at - Number(m[1]) < 66000), `seed ${seed}: byte ${at}: ${r.err}`);
        seen.add(m[2]);
    }
    for (const cut of [0, 10, 24, 30, bytes.length >> 1, bytes.length - 1]) {
        fs.writeFileSync(bad, bytes.subarray(0, cut));
        assert.equal((await verify(bad, '--keys', keys)).rc, 1, `cut after ${cut}`);
    }
    fs.writeFileSync(bad, Buffer.concat([bytes, Buffer.from('x')]));
    assert.match((await verify(bad, '--keys', keys)).err, /behind its end/);
    const k = fs.readFileSync(keys);
    k[next(k.length)] ^= 1;
    fs.writeFileSync(path.join(place, 'bad.keys'), k);
    assert.equal((await verify(file, '--keys', path.join(place, 'bad.keys'))).rc, 1);
    const to = path.join(place, 'never');
    fs.writeFileSync(bad, bytes.subarray(0, bytes.length - 5));
    assert.equal((await ctl(h.dir, 'restore', '--from', bad, '--keys', keys, '--to', to)).rc, 1);
    assert.equal(fs.existsSync(to) || fs.existsSync(`${to}.part`), false, 'no house is made of it');
    console.log(`backup: ${places.length} flipped bits from seed ${seed}, in ${[...seen].join(' ')}`);
});

test('one that is broken off is no backup, and the next one is', async () => {
    const target = folder('killed');
    const p = spawn(h.ctlProgram, ['--data', h.dir, 'backup', '--to', target], { stdio: 'ignore' });
    const gone = new Promise((resolve) => p.once('exit', resolve));
    await until(() => fs.readdirSync(target).length > 0, 'a file begun');
    p.kill('SIGKILL');
    await gone;
    const [half] = fs.readdirSync(target);
    if (half.endsWith('.part')) {                          // else it was quicker than the signal
        assert.equal((await verify(target)).rc, 4, 'the folder holds none');
        fs.copyFileSync(path.join(saved, 'engawa.keys'), path.join(target, 'engawa.keys'));
        assert.equal((await verify(path.join(target, half))).rc, 1);
    }
    const again = await ctl(h.dir, 'backup', '--to', target);
    assert.equal(again.rc, 0, again.err);
    assert.equal((await verify(target)).rc, 0, 'the newest whole one is taken');
    // Restoring that is broken off leaves no house, and does not stand in the way of the next time.
    const to = path.join(place, 'half'), r = spawn(h.ctlProgram, ['--data', h.dir, 'restore', '--from', target, '--to', to], { stdio: 'ignore' });
    const over = new Promise((resolve) => r.once('exit', resolve));
    await until(() => fs.existsSync(`${to}.part`) || fs.existsSync(to), 'a house begun');
    r.kill('SIGKILL');
    await over;
    if (!fs.existsSync(to)) {
        assert.equal((await ctl(h.dir, 'restore', '--from', target, '--to', to)).rc, 0);
        assert.equal(fs.existsSync(`${to}.part`), false);
    }
    assert.ok(fs.existsSync(path.join(to, 'engawa.conf')));
    assert.equal(execFileSync('find', [h.dir, '-name', 'snapshot.db*'], { encoding: 'utf8' }), '');
});

test('what cannot be is said, with a code that stays', async () => {
    const taken = path.join(place, 'taken');
    fs.mkdirSync(taken);
    fs.writeFileSync(path.join(taken, 'a'), 'mine');
    const refuse = async (rc, code, ...args) => {
        const r = await ctl(...args);
        assert.equal(r.rc, rc, `${args.join(' ')}: ${r.out}${r.err}`);
        assert.ok(r.err.includes(`(${code})`), r.err);
        return r;
    };
    await refuse(4, 'not_empty', h.dir, 'restore', '--from', saved, '--to', taken);
    await refuse(4, 'not_empty', h.dir, 'restore', '--from', saved, '--to', h.dir);
    assert.deepEqual(fs.readdirSync(taken), ['a']);
    await refuse(4, 'exists', h.dir, 'backup', '--to', backups(saved)[0]);
    await refuse(4, 'unwritable', h.dir, 'backup', '--to', path.join(place, 'none/x'));
    await refuse(4, 'no_backup', h.dir, 'restore', '--from', taken, '--to', path.join(place, 'x'));
    await refuse(1, 'not_a_backup', h.dir, 'backup', 'verify', path.join(taken, 'a'), '--scratch', place);
    const said = await ctl(h.dir, '--json', 'restore', '--from', saved, '--to', taken);
    assert.equal(JSON.parse(said.out).error.code, 'not_empty');
    assert.equal((await ctl(h.dir, 'backup')).rc, 2);
    assert.equal((await ctl(path.join(place, 'none'), 'backup', '--to', place)).rc, 4);
    // A full disk: the limit of a file's size says the same.
    const target = folder('full');
    const full = await new Promise((resolve) => execFile('bash', ['-c', 'ulimit -f 100; exec "$@"', '-', h.ctlProgram, '--data', h.dir, 'backup', '--to', target],
        (e, out, err) => resolve({ rc: e?.code ?? 0, err })));
    assert.deepEqual([full.rc, full.err.includes('(full)')], [4, true], full.err);
    assert.deepEqual(fs.readdirSync(target), [], 'nothing half is left');
    await T.beta.op('test.fault', { name: 'copy.full', n: 1, action: 'fail' });
    const inside = await ctl(h.dir, 'backup', '--to', target);
    assert.deepEqual([inside.rc, inside.err.includes('(storage_full)')], [1, true], inside.err);
    assert.deepEqual(fs.readdirSync(target), []);
    assert.equal((await ctl(h.dir, 'backup', '--to', target)).rc, 0);
    for (const row of ['backup.begin', 'backup.tenant', 'backup.done'])
        assert.ok((await h.op('log.list', { limit: 1000 })).rows.some((r) => r.what === row), `${row} is in the operators' log`);
});

test('by --json a backup prints one object, whatever comes of it', async () => {
    const one = async (rc, data, ...args) => {
        const r = await ctl(data, '--json', 'backup', ...args);
        assert.equal(r.rc, rc, `${r.out}${r.err}`);
        assert.match(r.out, /^\{.*\}\n$/, r.out);             // one line, and no other
        return { ...JSON.parse(r.out), err: r.err };
    };
    const [to, keys, late] = ['json', 'json-keys', 'json-late'].map(folder);
    const whole = await one(0, h.dir, '--to', to, '--keys-to', keys);
    assert.ok(whole.tenants >= TENANTS.length);
    assert.deepEqual([whole.unreached, whole.error, whole.err], [[], undefined, '']);
    assert.equal(fs.statSync(path.join(to, whole.file)).size, whole.bytes);
    // A place of copies that is not there is said, and the backup is whole all the same.
    fs.renameSync(keys, `${keys}-away`);
    await openTenant(h, 'jiji');
    await ctl(h.dir, 'key', 'renew', 'jiji');                // every copy of the keys is behind
    const unreached = await one(0, h.dir, '--to', late);
    assert.equal(unreached.tenants, whole.tenants + 1);
    assert.deepEqual(unreached.unreached, [fs.realpathSync(`${keys}-away`).replace(/-away$/, '')]);
    fs.renameSync(`${keys}-away`, keys);
    assert.deepEqual((await one(0, h.dir, '--to', folder('json-last'))).unreached, []);
    // What does not become one.
    assert.equal((await one(4, h.dir, '--to', path.join(place, 'no', 'where'))).error.code, 'unwritable');
    const lock = path.join(h.dir, 'run/backup.lock');
    const holder = spawn('flock', [lock, 'cat'], { stdio: ['pipe', 'ignore', 'inherit'] });
    try {
        await until(async () => (await ctl(h.dir, '--json', 'backup', '--to', to)).rc === 4, 'another one to be at work');
        assert.equal((await one(4, h.dir, '--to', to)).error.code, 'busy');
    } finally {
        holder.stdin.end();
        await new Promise((resolve) => holder.once('exit', resolve));
    }
    const empty = folder('json-empty');
    assert.equal((await one(4, empty, '--to', to)).error.code, 'unreadable');
    await h.stop();
    assert.equal((await one(3, h.dir, '--to', to)).error.code, 'no_server');
    await h.boot();
});

// The drill: the newest backup becomes a house again for a moment, is compared with what was said when it was made, and goes; what
// is not equal is named with its place; and an installation whose backups or drills are missing says so by itself.
import { execFile, spawn } from 'node:child_process';
import fs from 'node:fs';
import http from 'node:http';
import path from 'node:path';
import { readBackup, writeBackup } from '../lib/backup_file.mjs';
import { House, ROOT } from '../lib/house.mjs';
import { newPassword, openTenant } from '../lib/people.mjs';
import { after, assert, before, proves, test, until } from '../lib/test.mjs';

const DAY = 86_400_000, TENANTS = ['acme', 'beta'];
const T = {};
let h, place;

const ctl = (...args) => new Promise((resolve) =>
    execFile(h.ctlProgram, ['--data', h.dir, ...args], { maxBuffer: 1 << 26 }, (error, out, err) => resolve({ rc: error?.code ?? 0, out, err })));
const drill = async (from, ...more) => {
    const r = await ctl('--json', 'drill', '--from', from, '--scratch', scratch(), ...more);
    return { ...r, json: r.out.trim() ? JSON.parse(r.out) : null };
};
const scratch = () => path.join(place, 'scratch');
const nothingLeft = () => assert.deepEqual(fs.readdirSync(scratch()), [], 'the scratch folder is empty again');
const folder = (name) => {
    const dir = path.join(place, name);
    fs.mkdirSync(dir);
    return dir;
};
const backups = (dir) => fs.readdirSync(dir).filter((f) => f.endsWith('.backup')).sort().map((f) => path.join(dir, f));
/* By name: two of one second would else have the same. */
let made = 0;
const backup = async (dir) => {
    const file = path.join(dir, `engawa-20260101T${String(++made).padStart(6, '0')}Z.backup`);
    const r = await ctl('backup', '--to', file);
    assert.equal(r.rc, 0, r.err);
    assert.equal(backups(dir).at(-1), file);
    return file;
};

function figure(name) {
    return new Promise((resolve, reject) => {
        http.get({ socketPath: path.join(h.dir, 'run/metrics.sock'), path: '/metrics', headers: { Host: 'localhost' }, agent: false }, (a) => {
            let text = '';
            a.on('data', (d) => (text += d));
            a.on('end', () => resolve(Number(text.match(new RegExp(`^${name} (\\d+)$`, 'm'))?.[1])));
        }).once('error', reject);
    });
}

before(async () => {
    h = await House.start({ config: { edge_rate: '1000000', edge_burst: '1000000', backup_drill_days: '7' } });
    place = fs.mkdtempSync(path.join(ROOT, 'build/drills-'));
    folder('scratch');
    for (const name of TENANTS) {
        const t = T[name] = await openTenant(h, name, { password: newPassword() });
        t.ann = await (await t.add('ann')).signIn();
        t.ben = await (await t.add('ben')).signIn();
        t.talk = await t.room(`Raum ${name}`, t.ann, t.ben);
        for (let i = 0; i < 10; i++)
            assert.equal((await t.ann.say(t.talk, `縁側 ${i}`)).status, 200);
    }
});
after(async () => {
    await h.remove();
    fs.rmSync(place, { recursive: true, force: true });
});

test('a good backup is drilled equal: every table and every log, told to the installation, and nothing of it stays', async () => {
    proves('PLT-32');
    const dir = folder('good'), file = await backup(dir);
    const r = await drill(dir);
    assert.equal(r.rc, 0, r.err + r.out);
    assert.equal(r.json.result, 'equal');
    assert.equal(r.json.backup, path.basename(file));
    assert.deepEqual(r.json.databases.map((d) => d.company).sort(), ['(registry)', '(unknown names)', ...TENANTS].sort());
    for (const d of r.json.databases) {
        assert.equal(d.compared, true);
        assert.ok(d.tables > (d.company === '(registry)' ? 4 : 50), `${d.company}: ${d.tables} tables`);
        assert.match(d.log_root, /^[0-9a-f]{64}$/);
    }
    const rows = (name) => r.json.databases.find((d) => d.company === name).rows;
    assert.ok(rows('acme') > 60 && rows('acme') > rows('(unknown names)'), `${rows('acme')} rows`);
    nothingLeft();
    assert.deepEqual(JSON.parse(fs.readFileSync(`${file}.drill.json`, 'utf8')), r.json, 'the report stays beside the backup');
    assert.equal(fs.statSync(`${file}.drill.json`).mode & 0o077, 0);
    // For a person: names and columns.
    const shown = await ctl('drill', '--from', dir, '--scratch', scratch(), '--report', path.join(place, 'elsewhere.json'));
    assert.equal(shown.rc, 0, shown.err);
    assert.match(shown.out, /^result +equal$/m);
    assert.match(shown.out, /^acme +\d+ +\d+ +\d+ +\d+ +[0-9a-f]{64} +yes$/m);
    assert.equal(JSON.parse(fs.readFileSync(path.join(place, 'elsewhere.json'), 'utf8')).result, 'equal');
    // The installation knows: list, health, figures, and the operators' log.
    const list = await h.op('backup.list'), health = await h.op('health');
    assert.deepEqual([list.backups[0].result, list.backups[0].drill], ['whole', 'equal']);
    assert.ok(Date.now() - Date.parse(list.backups[0].drilled) < 60_000);
    for (const said of [list, health])
        assert.deepEqual([said.backup_missing, said.drill_equal, said.drill_overdue], [false, true, false]);
    assert.ok(Math.abs(await figure('engawa_last_backup_drill_timestamp_seconds') - Date.now() / 1000) < 60);
    assert.deepEqual([await figure('engawa_backup_drill_failed'), await figure('engawa_backup_drill_overdue')], [0, 0]);
    assert.ok((await h.op('log.list', {})).rows.some((x) => x.what === 'drill.equal' && x.result === 'ok'));
});

test('a damaged backup is drilled failed, with company, table and byte', { timeout: 120_000 }, async () => {
    proves('PLT-32');
    const dir = folder('bad'), file = await backup(dir), bytes = fs.readFileSync(file);
    const b = readBackup(file, h.dir);
    // A byte in the middle of acme's database: where its piece begins, the file says.
    let at = 24, inside = 0, company = '';
    for (const r of b.records) {
        const length = 4 + 28 + 1 + r.payload.length;
        if (r.kind === 'P')
            company = r.payload.toString();
        if (r.kind === 'D' && company === `tenants/${T.acme.number}/tenant.db` && !inside)
            inside = at + 4000;
        at += length;
    }
    assert.equal(at, bytes.length);
    const flipped = Buffer.from(bytes);
    flipped[inside] ^= 4;
    fs.writeFileSync(file, flipped);
    const r = await drill(dir);
    assert.equal(r.rc, 1, r.out);
    assert.deepEqual([r.json.result, r.json.code, r.json.company, r.json.place], ['failed', 'damaged', 'acme', `tenants/${T.acme.number}/tenant.db`]);
    assert.ok(r.json.byte <= inside && inside - r.json.byte < 66_000, `${r.json.byte} for ${inside}`);
    nothingLeft();
    assert.equal(JSON.parse(fs.readFileSync(`${file}.drill.json`, 'utf8')).result, 'failed');
    assert.deepEqual([(await h.op('backup.list')).backups[0].drill, await figure('engawa_backup_drill_failed')], ['failed', 1]);
    await until(() => /warn .*restore drill failed/.test(h.logText()), 'a warning');
    assert.ok((await h.op('log.list', {})).rows.some((x) => x.what === 'drill.failed'));
    fs.writeFileSync(file, bytes.subarray(0, bytes.length - 9));
    assert.deepEqual((({ rc, json }) => [rc, json.result, json.code])(await drill(dir)), [1, 'failed', 'damaged']);
    fs.writeFileSync(file, bytes);
    assert.equal((await drill(dir)).rc, 0);
    assert.equal(await figure('engawa_backup_drill_failed'), 0, 'the next good one ends the alarm');
});

test('a copy that is whole but not what was there is found: by its table, or by its head', async () => {
    proves('PLT-32');
    const dir = folder('lied');
    await T.beta.op('test.fault', { name: 'snapshot.altered', n: 1, action: 'fail' });
    const file = await backup(dir);
    const r = await drill(dir);
    assert.equal(r.rc, 1, r.out);
    assert.deepEqual([r.json.code, r.json.company, r.json.table], ['altered', 'beta', 'room'], r.out);
    const verified = await ctl('backup', 'verify', file, '--scratch', scratch());
    assert.equal(verified.rc, 1, 'verify says it as well');
    assert.match(verified.err, /table room: a row of it is another/);
    nothingLeft();
    // Records that whoever has the keys wrote anew: a row fewer, a table fewer, another head, nothing said at all.
    const good = await backup(folder('true')), b = readBackup(good, h.dir), told = path.join(dir, 'engawa-9.backup');
    const lie = async (change) => {
        const records = b.records.map((x) => ({ ...x }));
        await change(records);
        writeBackup(told, { ...b, records }, { version: 2 });
        return drill(told);
    };
    const edit = (x, f) => (x.payload = Buffer.from(JSON.stringify(f(JSON.parse(x.payload)))));
    const last = (records, kind) => records.filter((x) => x.kind === kind).at(-1);
    const cases = [
        ['message', (records) => edit(last(records, 'T'), (v) => (v.tables.find((t) => t.name === 'message').rows++, v))],
        ['message', (records) => edit(last(records, 'T'), (v) => (v.tables = v.tables.filter((t) => t.name !== 'message'), v))],
        [undefined, (records) => edit(last(records, 'Z'), (v) => (v.registry.audit_root = v.tenants[0].audit_root, v))],
        [undefined, (records) => edit(last(records, 'Z'), (v) => (v.tenants[1].audit_rows--, v))],
        [undefined, (records) => records.splice(records.indexOf(last(records, 'T')), 1)],
    ];
    for (const [table, change] of cases) {
        const x = await lie(change);
        assert.deepEqual([x.rc, x.json.code, x.json.table], [1, 'altered', table], x.out + x.err);
    }
    assert.equal((await lie(() => {})).rc, 0, 'unchanged it is equal');
});

test('a backup of an earlier version is restored, and the drill says what it cannot compare', async () => {
    const dir = folder('old'), b = readBackup(await backup(folder('new')), h.dir);
    const last = b.records.at(-1), manifest = JSON.parse(last.payload);
    delete manifest.registry;
    last.payload = Buffer.from(JSON.stringify(manifest));
    const file = path.join(dir, 'engawa-20200101T000000Z.backup');
    writeBackup(file, b, { version: 1 });
    fs.copyFileSync(path.join(place, 'new/engawa.keys'), path.join(dir, 'engawa.keys'));
    const r = await drill(dir);
    assert.equal(r.rc, 0, r.out + r.err);
    assert.deepEqual([r.json.result, r.json.form, r.json.databases.some((d) => d.compared)], ['equal', 1, false]);
    assert.match(r.json.not_compared, /tables/);
    assert.equal((await ctl('backup', 'verify', file, '--scratch', scratch())).rc, 0);
    const to = path.join(place, 'from-old');
    assert.equal((await ctl('restore', '--from', dir, '--to', to)).rc, 0);
    assert.ok(fs.existsSync(path.join(to, `tenants/${T.acme.number}/tenant.db`)));
});

test('one that is broken off leaves nothing, and what the machine lacks is no failed drill', async () => {
    const dir = folder('stopped');
    await backup(dir);
    const before_ = (await h.op('backup.list')).backups[0].drill;
    const p = spawn(h.ctlProgram, ['--data', h.dir, 'drill', '--from', dir, '--scratch', scratch()], { stdio: ['ignore', 'ignore', 'pipe'] });
    const gone = new Promise((resolve) => p.once('exit', (code) => resolve(code)));
    await until(() => fs.readdirSync(scratch()).length > 0, 'a drill begun');
    p.kill('SIGTERM');
    assert.notEqual(await gone, 1);
    nothingLeft();
    const none = await drill(folder('nothing'));
    assert.deepEqual([none.rc, none.json.error.code], [4, 'no_backup']);
    const room = await new Promise((resolve) => execFile('bash', ['-c', 'ulimit -f 100; exec "$@"', '-', h.ctlProgram, '--data', h.dir, 'drill', '--from', dir, '--scratch', scratch()],
        (e, out, err) => resolve({ rc: e?.code ?? 0, err })));
    assert.deepEqual([room.rc, room.err.includes('(full)')], [4, true], room.err);
    nothingLeft();
    assert.ok([before_, 'equal'].includes((await h.op('backup.list')).backups[0].drill), 'none of them counts as failed');
    // Who drills another installation's backup hears that it does not count here.
    const foreign = await ctl('call', 'drill.equal', JSON.stringify({ id: '00'.repeat(16), begun: 1 }));
    assert.equal(foreign.rc, 1);
});

test('missing and failed backups, and drills that are due, raise an alarm', async () => {
    proves('PLT-31', 'PLT-32');
    const dir = folder('late');
    const clock = (ms) => h.op('test.clock', { value: ms });
    const alarms = async () => [await figure('engawa_backup_missing'), await figure('engawa_backup_drill_overdue')];
    const log = () => h.logText();
    await backup(dir);
    assert.equal((await drill(dir)).rc, 0);
    assert.deepEqual(await alarms(), [0, 0]);
    // A backup that fails: the same day, which is at once.
    await T.acme.op('test.fault', { name: 'copy.full', n: 1, action: 'fail' });
    const mark = log().length;
    assert.equal((await ctl('backup', '--to', path.join(dir, 'failing'))).rc, 1);
    assert.deepEqual(await alarms(), [1, 0]);
    await until(() => /warn .*the last backup failed/.test(log().slice(mark)), 'a warning');
    const [failed] = (await h.op('backup.list')).backups;
    assert.deepEqual([failed.result, (await h.op('health')).backup_missing], ['storage_full', true]);
    assert.ok((await h.op('log.list', {})).rows.some((r) => r.what === 'backup.failed'));
    await backup(dir);
    assert.deepEqual(await alarms(), [0, 0], 'the next whole one ends it');
    // None at all: a day and its grace later.
    await clock(DAY);
    assert.deepEqual(await alarms(), [0, 0]);
    const late = log().length;
    await clock(DAY + 3 * 3_600_000);
    assert.deepEqual(await alarms(), [1, 0]);
    await until(() => /warn .*no backup was made in its time/.test(log().slice(late)), 'a warning');
    assert.equal(log().slice(late).match(/no backup was made in its time/g).length, 1, 'once a day');
    await clock(2 * DAY + 4 * 3_600_000);
    assert.deepEqual(await alarms(), [1, 0]);
    assert.equal(log().slice(late).match(/no backup was made in its time/g).length, 2);
    // Drills: backup_drill_days says 7.
    await clock(7 * DAY - 60_000);
    assert.deepEqual(await alarms(), [1, 0]);
    await clock(7 * DAY + 60_000);
    assert.deepEqual(await alarms(), [1, 1]);
    await until(() => /warn .*no restore drill for more than 7 days/.test(log()), 'a warning');
    assert.equal((await h.op('health')).drill_overdue, true);
    assert.equal((await drill(dir)).rc, 0);
    assert.deepEqual(await alarms(), [1, 0], 'a drill ends the one, not the other');
    // Day 8 without a change of keys: the newest backup and the copy of the keys beside it restore every company.
    await clock(8 * DAY);
    const eighth = await drill(dir);
    assert.equal(eighth.rc, 0, eighth.err);
    for (const name of TENANTS) assert.ok(eighth.json.databases.some((d) => d.company === name), `${name} is restored on day 8`);
    await clock(0);
});

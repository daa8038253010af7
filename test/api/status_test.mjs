// The status page: what it shows of an installation that works, of one whose parts are stopped, and of one that is gone. The
// requirement (status page of services) is not claimed: its Check stops Drive, which is not there yet.
import { execFile } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import { DEADLINE_MS, House, ROOT } from '../lib/house.mjs';
import { openTenant } from '../lib/people.mjs';
import { after, assert, before, test } from '../lib/test.mjs';

const DAY = 86_400_000;
let house, folder;
before(async () => {
    house = await House.start();
    await openTenant(house, 'acme');
    folder = path.join(house.dir, 'status');
});
after(() => house.remove());

/** What the timer does once a minute. */
const look = (...more) => promisify(execFile)(house.ctlProgram, ['--data', house.dir, 'status', 'page', '--url', house.origin, '--to', folder, '--ca', path.join(house.dir, 'tls/ca.crt'), '--patience', '3', ...more],
    { timeout: 2 * DEADLINE_MS });
const say = (...args) => promisify(execFile)(house.ctlProgram, ['--data', house.dir, 'status', 'note', '--to', folder, ...args], { timeout: DEADLINE_MS });
const text = (name) => fs.readFileSync(path.join(folder, name), 'utf8');
const json = () => JSON.parse(text('status.json'));
const states = () => Object.fromEntries(json().services.map((s) => [s.service, s.state]));
const role = async (name) => (await house.op('health')).roles.filter((r) => r.role === name).map((r) => r.pid);

test('all is well: in both languages, as JSON, without a word of a tenant', async () => {
    await look();
    assert.deepEqual(states(), { web: 'good', sign_in: 'good', talk: 'good' });
    assert.match(text('index.html'), /<html lang="ja">[^]*正常[^]*障害はありませんでした/);
    assert.match(text('en.html'), /<html lang="en">[^]*Normal[^]*There was no trouble/);
    for (const name of fs.readdirSync(folder)) assert.ok(!/acme|chief/.test(text(name)), name);
    assert.equal(fs.statSync(path.join(folder, 'index.html')).mode & 0o777, 0o644, 'a web server reads it');
});

test('a service that is stopped is on the page at the next look, the others are as they were; it comes back', async () => {
    /* The look that a minute's timer begins ends within its deadlines, 2 tries of 8 s for each of the 3 services: below two minutes in all. */
    const timer = fs.readFileSync(path.join(ROOT, 'packaging/deb/engawa-status.timer'), 'utf8');
    assert.match(timer, /^OnCalendar=\*:0\/1$/m);
    const [keyd] = await role('keyd');
    process.kill(keyd, 'SIGSTOP');
    try {
        await look();                                     // ended by DEADLINE_MS twice, far below three minutes
    } finally {
        process.kill(keyd, 'SIGCONT');
    }
    assert.deepEqual([states().web, states().sign_in], ['good', 'down']);
    assert.match(text('index.html'), /<b>ログイン<\/b> <span class="state down">[^<]*<span[^>]*>✕<\/span> 停止/);
    await look();
    assert.deepEqual(states(), { web: 'good', sign_in: 'good', talk: 'good' });
    assert.deepEqual(json().troubles.filter((t) => t.service === 'sign_in').map((t) => t.state), ['down']);
});

test('talk stops while the rest goes on', async () => {
    const tenants = await role('tenant');
    const stopped = tenants.filter((pid) => process.kill(pid, 'SIGSTOP'));
    try {
        await look();
    } finally {
        for (const pid of stopped) process.kill(pid, 'SIGCONT');
    }
    assert.deepEqual([states().web, states().talk], ['good', 'down']);
});

test('a trouble 89 days ago is listed, one 100 days ago is not, and is forgotten', async () => {
    const now = Date.now();
    const lines = [100, 89].flatMap((d) => [`${now - d * DAY - 600_000}\t${now - d * DAY}\ttalk\tdown`]);
    fs.writeFileSync(path.join(folder, 'history.tsv'), `${lines.join('\n')}\n`);
    await look();
    const at = (d) => new Date(now - d * DAY).toISOString();
    assert.deepEqual(json().troubles.map((t) => t.until), [at(89)]);
    const shown = (d) => new Date(now - d * DAY + 9 * 3_600_000).toISOString().slice(0, 16).replace('T', ' ');
    assert.ok(text('index.html').includes(shown(89)) && !text('index.html').includes(shown(100)));
    assert.ok(!text('history.tsv').includes(lines[0]));
});

test('the operator announces a maintenance and says what is the matter; the operators\' log has it', async () => {
    await say('--ja', '点検 <1>', '--en', 'Check <1>', '--maintenance', '--service', 'talk', '--minutes', '30');
    await look();
    assert.deepEqual(states(), { web: 'good', sign_in: 'good', talk: 'maintenance' });
    assert.ok(text('index.html').includes('点検 &lt;1&gt;') && text('en.html').includes('Check &lt;1&gt;'));
    assert.ok(text('index.html').includes('メンテナンス'));
    await say('--ja', '明日の夜に点検します', '--in', '1440', '--maintenance');
    assert.ok(text('index.html').includes('明日の夜に点検します'), 'at once');
    assert.deepEqual((await house.op('log.list')).rows.filter((r) => r.what === 'status.note').map((r) => r.result), ['ok', 'ok']);
    for (const bad of [[], ['--ja', 'あ\tい'], ['--ja', 'あ', '--service', 'drive'], ['--ja', 'あ', '--minutes', 'x']])
        await assert.rejects(say(...bad), (e) => e.code === 2, bad.join(' '));
});

test('the page is there when the installation is not; a certificate of a stranger is no service', async () => {
    fs.rmSync(path.join(folder, 'notes.tsv'));
    await assert.rejects(look('--url', `${house.origin}/app`), (e) => e.code === 2);
    await promisify(execFile)(house.ctlProgram, ['status', 'page', '--url', house.origin, '--to', folder], { timeout: 2 * DEADLINE_MS });
    assert.equal(states().web, 'down', 'the system knows no such authority');
    await look();
    assert.equal(states().web, 'good');
    await house.stop();
    await look();
    assert.deepEqual(states(), { web: 'down', sign_in: 'down', talk: 'down' });
    const { stderr } = await say('--ja', '停電のため停止しています');
    assert.match(stderr, /not in the operators' log/);
    assert.ok(text('index.html').includes('停電のため停止しています'));
});

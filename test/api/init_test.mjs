// engawactl init: five questions by a pipe and at a terminal, answers by options, and that nothing half made stays.
import { spawn, spawnSync } from 'node:child_process';
import fs from 'node:fs';
import https from 'node:https';
import net from 'node:net';
import path from 'node:path';
import { DEADLINE_MS, ROOT, until } from '../lib/house.mjs';
import { after, assert, before, test } from '../lib/test.mjs';

const bin = path.resolve(ROOT, process.env.ENGAWA_BIN ?? 'build/test');
const program = fs.existsSync(path.join(bin, 'engawactl')) ? path.join(bin, 'engawactl') : path.join(ROOT, 'build/test/engawactl');
let top, n = 0;
before(() => (top = fs.mkdtempSync(path.join(ROOT, 'build/init-'))));
after(() => fs.rmSync(top, { recursive: true, force: true }));

const fresh = () => path.join(top, `data${n++}`);
const init = (dir, args, input = '', env = {}) =>
    spawnSync(program, ['--data', dir, 'init', ...args], { input, encoding: 'utf8', timeout: DEADLINE_MS, env: { ...process.env, LC_ALL: 'C.UTF-8', ...env } });
const conf = (dir) => Object.fromEntries(fs.readFileSync(path.join(dir, 'engawa.conf'), 'utf8').split('\n').filter((l) => /^[a-z_]+ = ./.test(l)).map((l) => l.split(' = ')));
const freePort = () => new Promise((done) => {
    const s = net.createServer().listen(0, '127.0.0.1', () => {
        const { port } = s.address();
        s.close(() => done(port));
    });
});

test('five questions: a wrong answer is asked again with what to do; what was made serves', async () => {
    const dir = fresh();
    const port = await freePort();
    const taken = net.createServer().listen(0, '0.0.0.0');
    await new Promise((done) => taken.once('listening', done));
    const r = init(dir, ['--ask'], `株式会社ひよどり製パン
no good!
Hiyodori
https://localhost
localhost
0
${taken.address().port}
${port}
mine
development
call us
help@example.com
`);
    taken.close();
    assert.equal(r.status, 0, r.stderr);
    for (const what of [/2 to 63 letters/, /without https:\/\/ and port/, /from 1 to 65535/, /Another program uses this port/, /own, acme or development\./, /Enter a mail address/])
        assert.match(r.stdout, what);
    assert.match(r.stdout, /engawad --data .*\n.*tenant open --workgroup Hiyodori --company '株式会社ひよどり製パン'/);
    const { listen, origin, operator_name: company, operator_contact: contact, security_contact: security } = conf(dir);
    assert.deepEqual({ listen, origin, company, contact, security }, {
        listen: `127.0.0.1:${port}`, origin: `https://localhost:${port}`, company: '株式会社ひよどり製パン', contact: 'help@example.com', security: 'help@example.com',
    });
    const server = spawn(path.join(path.dirname(program), 'engawad'), ['--data', dir], { stdio: 'ignore' });
    const ended = new Promise((done) => server.once('exit', done));
    try {
        const ca = fs.readFileSync(path.join(dir, 'tls/ca.crt'));
        const get = (at) => new Promise((done, fail) => https.get({ port, host: 'localhost', path: at, ca, agent: false }, (a) => {
            let text = '';
            a.on('data', (d) => (text += d)).on('end', () => done(text));
        }).on('error', fail));
        assert.match(await until('the server', () => get('/terms/ja')), /株式会社ひよどり製パン/);
        assert.match(await get('/.well-known/security.txt'), /^Contact: mailto:help@example\.com\n/);
    } finally {
        server.kill('SIGTERM');
        await ended;
    }
});

test('enter alone takes the defaults, and --yes the same without a question; Japanese where the terminal speaks it', () => {
    const asked = fresh(), silent = fresh();
    const r = init(asked, ['--ask', '--port', '18443'], '\n\n\n\n\n', { LC_ALL: 'ja_JP.UTF-8' });
    assert.equal(r.status, 0, r.stderr);
    assert.match(r.stdout, /1\/5 会社名.*2\/5 ホスト名.*4\/5 証明書.*5\/5 連絡先/s);
    assert.ok(!r.stdout.includes('3/5'), 'what an option says is not asked');
    const yes = init(silent, ['--yes', '--port', '18443']);
    assert.equal(yes.status, 0, yes.stderr);
    assert.ok(!yes.stdout.includes('/5'));
    const { password_passes: _, ...one } = conf(asked), { password_passes: __, ...other } = conf(silent);
    assert.deepEqual(one, other);
});

test('it says which name DNS must know for files, where the host is a name', () => {
    const said = (...args) => {
        const r = init(fresh(), ['--yes', '--port', '18443', ...args]);
        assert.equal(r.status, 0, r.stderr);
        return r.stdout;
    };
    assert.match(said('--host', 'chat.engawa.example', '--certificate', 'development'), /Files come from files\.chat\.engawa\.example: give that name the same address in DNS\./);
    assert.match(said('--host', 'chat.engawa.example', '--certificate', 'acme'), /issue chat\.engawa\.example files\.chat\.engawa\.example\nFiles come from files\./);
    for (const host of ['localhost', '192.168.1.5'])
        assert.ok(!said('--host', host, '--certificate', 'development').includes('Files come from'), host);
});

test('an option that will not do is refused by name, and nothing is made', () => {
    const key = path.join(top, 'other.key');
    fs.writeFileSync(key, 'no key');
    const first = fresh();
    init(first, ['--yes', '--port', '18443', '--host', 'localhost', '--certificate', 'development']);
    const chain = path.join(first, 'tls/server.crt');
    const bad = {
        '--workgroup': ['x'], '--host': ['a b'], '--port': ['70000'], '--certificate': ['some'], '--contact': ['call us'],
        '--tls-certificate': ['/nowhere/x.pem', '--certificate', 'own'], '--tls-key': [key, '--certificate', 'own', '--tls-certificate', chain],
        '--listen': ['127.0.0.1:1', '--origin', 'https://a'],
    };
    for (const [flag, args] of Object.entries(bad)) {
        const dir = fresh();
        const r = init(dir, ['--yes', flag, ...args]);
        assert.equal(r.status, 2, flag);
        assert.ok(r.stderr.includes(flag), r.stderr);
        assert.ok(!fs.existsSync(dir), flag);
    }
    const dir = fresh();
    assert.equal(init(dir, ['--yes', '--port', '18443', '--certificate', 'own', '--tls-certificate', chain, '--tls-key', path.join(first, 'tls/server.key')]).status, 0);
    assert.equal(conf(dir).tls_certificate, chain);
});

test('an installation that is there is left alone; a start that fails takes back what it made', () => {
    const dir = fresh();
    assert.equal(init(dir, ['--yes', '--port', '18443']).status, 0);
    const before = fs.readFileSync(path.join(dir, 'engawa.conf'), 'utf8');
    const again = init(dir, ['--ask'], '\n\n\n\n\n\n');
    assert.equal(again.status, 4);
    assert.match(again.stderr, /holds an installation already: name another folder by --data, or start it/);
    assert.equal(fs.readFileSync(path.join(dir, 'engawa.conf'), 'utf8'), before);
    const half = fresh();
    fs.mkdirSync(path.join(half, 'keys'), { recursive: true });
    fs.writeFileSync(path.join(half, 'keys/master.key'), 'of another installation');
    assert.equal(init(half, ['--yes', '--port', '18443', '--certificate', 'development']).status, 4);
    assert.deepEqual([fs.readdirSync(half), fs.readdirSync(path.join(half, 'keys'))], [['keys'], ['master.key']]);
    assert.equal(fs.readFileSync(path.join(half, 'keys/master.key'), 'utf8'), 'of another installation');
});

test('broken off in the middle, at its end or by Ctrl+C at a terminal, it has made nothing', async () => {
    const dir = fresh();
    const r = init(dir, ['--ask'], 'Acme\nacme\n');
    assert.equal(r.status, 2);
    assert.match(r.stderr, /nothing was made/);
    assert.ok(!fs.existsSync(dir));
    /* A terminal of its own: there the questions come by themselves. */
    const child = spawn('script', ['-qec', `"${program}" --data "${dir}" init`, '/dev/null'], { env: { ...process.env, LC_ALL: 'C.UTF-8', SHELL: '/bin/sh' } });
    const ended = new Promise((done) => child.once('exit', done));
    let seen = '';
    child.stdout.on('data', (d) => (seen += d));
    await until('the first question', () => seen.includes('1/5'));
    child.stdin.write('Acme\r');
    await until('the workgroup', () => seen.includes('[acme]:'));
    child.stdin.write('\x03');
    assert.notEqual(await ended, 0);
    assert.ok(!fs.existsSync(dir));
});

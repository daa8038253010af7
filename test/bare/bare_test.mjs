// The two commands of README.md on a machine that has nothing: a bare Debian, a fresh clone in it, once as root and once as a user
// with sudo. `make run` is met as a stranger meets it: the address and a password that it prints let one in.
// BARE_WHOLE=1 runs `make test` there too.
import fs from 'node:fs';
import path from 'node:path';
import { Bare, ended, freePort, run, saysUntil } from '../lib/bare.mjs';
import { Client } from '../lib/http.mjs';
import { assert, test } from '../lib/test.mjs';

const ROOT = path.resolve(import.meta.dirname, '../..');
const MADE_IN_MS = 1800_000;
const TESTED_IN_MS = 5400_000;

const people = {
    root: { home: '/root', prepare: 'apt-get install -y -qq make', as: (command) => command },
    'a user with sudo': {
        home: '/home/mise',
        prepare: 'apt-get install -y -qq make sudo && useradd -s /bin/bash mise && chown -R mise: /home/mise' +
            ' && echo "mise ALL=(ALL) NOPASSWD: ALL" > /etc/sudoers.d/mise',
        as: (command) => `exec su - mise -c '${command}'`,
    },
};

for (const [who, person] of Object.entries(people)) {
    test(`in a bare Debian, as ${who}: make run prints a company that one can enter`, { timeout: MADE_IN_MS + (process.env.BARE_WHOLE ? TESTED_IN_MS : 0) }, async (t) => {
        const bare = Bare.make(path.basename(person.home));
        t.after(() => bare.remove());
        const checkout = path.join(bare.root, person.home, 'engawa');
        fs.mkdirSync(path.dirname(checkout), { recursive: true });
        run('git', 'clone', '-q', ROOT, checkout);
        await bare.done(`apt-get update -qq && ${person.prepare}`);

        const child = bare.start(person.as(`cd ~/engawa && ENGAWA_LAN=10.1.2.3 ENGAWA_PORT=${await freePort()} make run`));
        const gone = ended(child);
        t.after(() => child.kill('SIGKILL'));
        const said = await saysUntil(child, /http:\/\/10\.1\.2\.3:\d+\//, MADE_IN_MS);
        const [, origin] = /Address\s+(https:\/\/localhost:\d+)/.exec(said);
        const [, id, workgroup, password] = /(morishita)@(\w+)\s+(\S+)/.exec(said);
        const client = new Client({ port: Number(new URL(origin).port), origin, ca: fs.readFileSync(path.join(checkout, 'data/tls/ca.crt')) });
        const page = await client.get('/');
        assert.equal(page.status, 200);
        assert.match(page.text, /<div id="app">/);
        const session = (p) => client.post(`/w/${workgroup}/session`, { id, password: p, client: 'web' });
        const wrong = await session(`${password}x`);
        assert.equal(wrong.status, 401, wrong.text);
        const me = await session(password);
        assert.equal(me.status, 200, me.text);
        const { rooms } = (await client.get(`/t/${me.json.tenant}/rooms`)).json;
        assert.ok(rooms.length > 5, 'rooms of a living company');

        const [, start] = /http:\/\/10\.1\.2\.3:(\d+)\//.exec(said);
        assert.match(await (await fetch(`http://127.0.0.1:${start}/?lang=ja`)).text(), /証明書を受け取る/, 'what a phone meets first');

        child.kill('SIGKILL');
        await gone;
        if (process.env.BARE_WHOLE) assert.match(await bare.done(person.as('cd ~/engawa && make test')), /\n\d+ passed, 0 failed\n?$/);
    });
}

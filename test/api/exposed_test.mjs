// B14.04: keys that others may read are refused at the start; nothing of the house's folder or of a debugger is served; and a
// new house has nobody who could sign in.
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { House } from '../lib/house.mjs';
import { Client } from '../lib/http.mjs';
import { after, assert, before, proves, test } from '../lib/test.mjs';

let house;
before(async () => {
    house = await House.start();
});
after(() => house.remove());

test('B14.04: a key that its group or others may read is refused, and the sentence says which', { timeout: 120_000 }, async () => {
    proves('B14.04');
    await house.stop();
    const start = () => spawnSync(house.program, ['--data', house.dir], { encoding: 'utf8', timeout: 30_000, stdio: ['ignore', 'pipe', 'pipe'] });
    const said = { 'keys/master.key': /a key file may be read by its group or by others/, 'tls/server.key': /tls\/server\.key may be read by others/ };
    for (const [name, sentence] of Object.entries(said)) {
        const file = path.join(house.dir, name), { mode } = fs.statSync(file);
        assert.equal(mode & 0o077, 0, `${name} was made for its owner alone`);
        /* A certificate's key may be its group's: that is how a distribution hands it out. */
        for (const open of name.startsWith('tls/') ? [0o004, 0o044] : [0o040, 0o004, 0o044]) {
            fs.chmodSync(file, (mode & 0o777) | open);
            const r = start();
            assert.notEqual(r.status, 0, `${name} with ${open.toString(8)}: it started`);
            assert.notEqual(r.status, null, `${name} with ${open.toString(8)}: it started`);
            assert.match(r.stderr, sentence, `${name} with ${open.toString(8)}`);
        }
        fs.chmodSync(file, mode & 0o777);
    }
    await house.boot();
    assert.equal((await house.op('health')).unanswered, 0, 'and with its rights again it starts');
});

test('B14.04: no file of the house, no list of a folder and no door of a debugger is served', async () => {
    proves('B14.04');
    const web = new Client(house), page = (await web.get('/')).text;
    const odd = ['/.git/config', '/.git/', '/.env', '/engawa.conf', '/keys/master.key', '/tls/server.key', '/registry/registry.db', '/run/ctl.sock', '/log.txt', '/assets/', '/src/',
        '/debug', '/debug/pprof', '/metrics', '/status', '/server-status', '/actuator', '/console.log', '/phpinfo.php', '/wp-admin/', '/backup.sql', '/openapi.json', '/.well-known/', '/.svn/entries'];
    for (const to of odd) {
        const r = await web.get(to);
        /* The client's own pages have addresses of words; whatever looks like a file or a hidden name is none of them. */
        assert.ok(r.status === 404 || (r.status === 200 && r.text === page && !/\./.test(to)), `${to}: ${r.status}`);
        assert.equal(/Index of|\[core\]|tls_key|EGWKEY|SQLite/.test(r.text), false, to);
    }
});

test('B14.04: a new house has no account that anybody knows', async () => {
    proves('B14.04');
    assert.deepEqual((await house.op('tenant.list')).tenants, []);
    const web = new Client(house);
    for (const [id, password] of [['admin', 'admin'], ['admin', 'password'], ['root', 'root'], ['engawa', 'engawa'], ['demo', 'demo']])
        for (const workgroup of ['engawa', 'demo', 'admin'])
            assert.equal((await web.post(`/w/${workgroup}/session`, { id, password, client: 'web' })).json.error.code, 'sign_in');
});

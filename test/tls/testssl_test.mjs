// A33, B8.13: what testssl.sh finds at the edge: nothing from LOW on, but for what a development certificate is.
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { House } from '../lib/house.mjs';
import { openTenant } from '../lib/people.mjs';
import { after, assert, before, proves, test } from '../lib/test.mjs';

const NAME = 'chat.example.com';
let house;
before(async () => {
    house = await House.start({ config: { edge_rate: '1000000', edge_burst: '1000000' } });
    house.configure('origin', `${house.origin}, https://${NAME}`);   // a real name has HSTS; testssl.sh names no port
    await house.stop();
    await house.boot();
});
after(() => house.remove());

/* The certificate is of tool/devca: for localhost, by an authority of this house alone, which revokes nothing. */
const CERTIFICATE = ['cert_trust', 'cert_chain_of_trust', 'cert_revocation'];

/* Packed are the files of the web client alone, which are the same for everybody: no secret stands in them, and nothing that
 * is asked for comes back in them. The answers of the API, where secrets do stand, are never packed; that is asked below. */
const STATIC = ['BREACH'];

function scan(...more) {
    const out = path.join(house.dir, 'testssl.json');
    fs.rmSync(out, { force: true });
    const r = spawnSync('testssl', ['--quiet', '--color', '0', '--warnings', 'batch', '--nodns', 'min', '--ip', '127.0.0.1', '--jsonfile', out, ...more, `${NAME}:${house.port}`],
        { encoding: 'utf8', timeout: 1_500_000, maxBuffer: 1 << 26 });
    assert.ok(fs.existsSync(out), r.stdout + r.stderr);
    return JSON.parse(fs.readFileSync(out, 'utf8'));
}

test('A33: testssl.sh finds nothing from LOW on', { timeout: 1_600_000 }, () => {
    proves('B8.13');
    const found = scan();
    assert.ok(found.length > 100, `${found.length} lines`);
    const weak = found.filter((f) => ['LOW', 'MEDIUM', 'HIGH', 'CRITICAL'].includes(f.severity));
    console.log(`${found.length} lines; of the certificate: ${weak.filter((f) => CERTIFICATE.includes(f.id)).map((f) => f.id).join(', ')}`);
    assert.deepEqual(weak.filter((f) => !CERTIFICATE.includes(f.id) && !STATIC.includes(f.id)).map((f) => `${f.severity} ${f.id}: ${f.finding}`), []);
    const of = (id) => found.find((f) => f.id === id);
    for (const [id, want] of [['TLS1', /not offered/], ['TLS1_1', /not offered/], ['TLS1_2', /offered/], ['TLS1_3', /offered/], ['heartbleed', /not vulnerable/], ['PFS', /offered/], ['HSTS_time', /730 days|63072000/]])
        assert.match(of(id)?.finding ?? '', want, id);
});

test('A33: what holds a secret is never packed (BREACH)', async () => {
    const acme = await openTenant(house, 'acme'), p = await acme.chief.signIn();
    const headers = { 'Accept-Encoding': 'gzip, deflate, br' };
    for (const to of ['/me', '/rooms', '/sessions', '/nothing', `/me?x=${'a'.repeat(500)}`])
        assert.equal((await p.get(to, { headers })).header('Content-Encoding'), undefined, to);
    assert.equal((await p.client.post('/w/acme/session', { id: 'x', password: 'x', client: 'web' }, { headers })).header('Content-Encoding'), undefined);
    const [page, asked] = [await p.client.get('/', { headers }), await p.client.get('/?a=evil', { headers })];
    assert.equal(page.header('Content-Encoding'), 'gzip', 'a page is');
    assert.ok(page.body.equals(asked.body), 'and is the same whatever is asked');
});

// tool/devca and tool/trust: the authority cannot speak for the world, stays while it is good, and can be forgotten.
import { test, assert } from '../lib/test.mjs';
import { folder, run } from '../lib/sandbox.mjs';
import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const openssl = (args) => run('openssl', args);
const hosts = ['desk.example', '192.168.7.5'];

function verify(dir, more) {
    return openssl(['verify', '-purpose', 'sslserver', '-CAfile', join(dir, 'ca.crt'), ...more, join(dir, 'server.crt')]);
}

test('the certificate is good for the hosts and for nothing else', (t) => {
    const dir = join(folder(t, {}), 'tls');
    assert.equal(run('tool/devca', [dir, ...hosts]).status, 0);
    for (const host of ['localhost', 'files.localhost', 'desk.example', 'files.desk.example'])
        assert.equal(verify(dir, ['-verify_hostname', host]).status, 0, host);
    for (const ip of ['127.0.0.1', '::1', '192.168.7.5'])
        assert.equal(verify(dir, ['-verify_ip', ip]).status, 0, ip);
    assert.notEqual(verify(dir, ['-verify_hostname', 'example.org']).status, 0);
    assert.notEqual(verify(dir, ['-verify_ip', '192.168.7.6']).status, 0);
});

test('keys are readable by their owner alone', (t) => {
    const dir = join(folder(t, {}), 'tls');
    run('tool/devca', [dir]);
    const mode = (name) => (statSync(join(dir, name)).mode & 0o777).toString(8);
    assert.equal(mode('.'), '700');
    assert.equal(mode('ca.key'), '400');
    assert.equal(mode('server.key'), '600');
    assert.equal(mode('server.crt'), '644');
});

test('what the authority signs for a stranger is refused', (t) => {
    const dir = join(folder(t, { 'san.cnf': 'subjectAltName = DNS:bank.example,IP:192.0.2.1\nextendedKeyUsage = serverAuth\n' }), 'tls');
    run('tool/devca', [dir]);
    const csr = join(dir, 'x.csr');
    const out = join(dir, 'server.crt');
    assert.equal(openssl(['req', '-new', '-key', join(dir, 'server.key'), '-subj', '/CN=x', '-out', csr]).status, 0);
    assert.equal(openssl(['x509', '-req', '-in', csr, '-CA', join(dir, 'ca.crt'), '-CAkey', join(dir, 'ca.key'), '-CAcreateserial',
        '-extfile', join(dir, '../san.cnf'), '-out', out]).status, 0);
    assert.match(verify(dir, []).out, /permitted subtree violation/);
});

test('a second run changes nothing; a new host makes what it needs', (t) => {
    const dir = join(folder(t, {}), 'tls');
    const files = () => ['ca.crt', 'ca.key', 'server.crt', 'server.key'].map((f) => readFileSync(join(dir, f), 'utf8'));
    run('tool/devca', [dir, ...hosts]);
    const first = files();
    assert.equal(run('tool/devca', [dir, ...hosts]).out, '');
    assert.deepEqual(files(), first);
    assert.match(run('tool/devca', [dir, 'desk.example']).out, /^devca: a server certificate for (?!.*192)/);
    assert.equal(files()[0], first[0], 'fewer hosts need no new authority');
    assert.match(run('tool/devca', [dir, '10.1.2.3']).out, /a new authority/);
    assert.equal(verify(dir, ['-verify_ip', '10.1.2.3']).status, 0);
});

test('a broken key is made anew, not served', (t) => {
    const dir = join(folder(t, {}), 'tls');
    run('tool/devca', [dir]);
    writeFileSync(join(dir, 'server.key'), 'broken');
    assert.equal(run('tool/devca', [dir]).status, 0);
    assert.equal(openssl(['pkey', '-in', join(dir, 'server.key'), '-noout']).status, 0);
});

test('public addresses and what is no host are refused', (t) => {
    const dir = join(folder(t, {}), 'tls');
    for (const host of ['8.8.8.8', '172.32.0.1', '2001:db8::1', 'a b', '*.example', '-x', '10.0.0.256', 'x"y'])
        assert.equal(run('tool/devca', [dir, host]).status, 2, host);
});

test('trust is added once and taken back', (t) => {
    const dir = folder(t, {});
    const list = () => run('certutil', ['-L', '-d', `sql:${dir}/.pki/nssdb`]).out.match(/Engawa development CA.*/g) ?? [];
    run('tool/devca', [join(dir, 'tls')]);
    for (let i = 0; i < 2; i++)
        assert.equal(run('tool/trust', ['add', dir, join(dir, 'tls/ca.crt')]).status, 0);
    assert.equal(list().length, 1);
    assert.match(list()[0], / C,, *$/);
    run('tool/devca', [join(dir, 'tls'), '10.1.2.3']);
    run('tool/trust', ['add', dir, join(dir, 'tls/ca.crt')]);
    assert.equal(list().length, 1, 'a new authority takes the place of the old one');
    assert.equal(run('tool/trust', ['remove', dir]).status, 0);
    assert.equal(list().length, 0);
});

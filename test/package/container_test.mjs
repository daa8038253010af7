// packaging/Containerfile, built without a registry: its base image is a bare Debian of our own. The image holds no compiler and no
// source, and serves with a uid for each role.
import fs from 'node:fs';
import path from 'node:path';
import { run, system } from '../lib/bare.mjs';
import { after, assert, before, test } from '../lib/test.mjs';

const ROOT = path.resolve(import.meta.dirname, '../..');
const STORE = path.join(ROOT, 'build/container');
const buildah = (...args) => run('buildah', '--root', path.join(STORE, 'root'), '--runroot', path.join(STORE, 'run'), '--storage-driver', 'vfs', ...args).trim();
let container;

function base() {
    const tar = path.join(STORE, 'base.tar'), c = buildah('from', 'scratch');
    run('tar', '-C', system(), '--exclude=./proc/*', '-cf', tar, '.');
    buildah('add', '-q', c, tar, '/');
    buildah('commit', '-q', c, 'localhost/debian:12-slim');
    buildah('rm', c);
    fs.rmSync(tar);
}

before(() => {
    fs.rmSync(STORE, { recursive: true, force: true });
    fs.mkdirSync(STORE, { recursive: true });
    base();
    const source = path.join(STORE, 'source');
    run('git', 'clone', '-q', ROOT, source);
    buildah('bud', '-q', '--isolation', 'chroot', '--pull-never', '--network', 'host', '-f', path.join(source, 'packaging/Containerfile'), '-t', 'localhost/engawa', source);
    container = buildah('from', '--pull-never', 'localhost/engawa');
});
after(() => fs.rmSync(STORE, { recursive: true, force: true }));

const inside = (script) => buildah('run', '--isolation', 'chroot', container, '--', 'bash', '-ec', script);

test('the image starts the server, names its ports and its volume, and holds neither compiler nor source', () => {
    const { OCIv1: { config } } = JSON.parse(buildah('inspect', container));
    assert.deepEqual(config.Cmd, ['/usr/sbin/engawad', '--data', '/var/lib/engawa']);
    assert.deepEqual(Object.keys(config.ExposedPorts).sort(), ['443/tcp', '80/tcp']);
    assert.deepEqual(Object.keys(config.Volumes), ['/var/lib/engawa']);
    assert.equal(inside('command -v gcc make npm node || true; ls -d /src 2>/dev/null || true'), '');
});

test('made by init in it, it serves: each role with a uid of its own, in its full sandbox', () => {
    const health = inside(`cd /var/lib/engawa
        engawactl --data . init --listen 127.0.0.1:19443 --origin https://localhost:19443 --tls-certificate tls/server.crt --tls-key tls/server.key >/dev/null
        openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 30 -keyout tls/server.key -out tls/server.crt -subj /CN=localhost 2>/dev/null
        engawad --data /var/lib/engawa 2>/dev/null & server=$!
        until health=$(engawactl --data . --json health 2>/dev/null) && [ "$(grep -o '"role"' <<< "$health" | wc -l)" -ge 5 ]; do kill -0 $server; done
        echo "$health"
        kill $server; wait $server || true`);
    const { roles } = JSON.parse(health);
    const uids = new Map(roles.map((r) => [r.role, r.uid]));
    for (const role of ['control', 'edge', 'keyd', 'out']) assert.ok(uids.has(role), role);
    for (const r of roles) assert.equal(r.sandbox, 'full', r.role);
    assert.equal(new Set(roles.map((r) => r.uid)).size, uids.size);
    assert.ok(![...uids.values()].includes(0), 'none is root');
});

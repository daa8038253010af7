// A file on its way in and out: through Engawa (TLS, parts of 1 MiB, each on the disk before the next, sealed) and through nginx
// (TLS, a plain file on the same disk, not synced), by the same client, one connection, one after the other; and what edge and
// tenant grow by meanwhile. The files lie in the system's cache when they are fetched, both.
// usage: make bench ONLY="files"     FILE_MB=200: of that size instead of 2 GB, to try it (SMALL=1: a tenth); needs nginx
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import https from 'node:https';
import path from 'node:path';
import { promisify } from 'node:util';
import { freePort, until } from '../lib/house.mjs';
import { PART, fetched, hashOf, parts, putPart } from '../lib/large.mjs';
import { newKey } from '../lib/people.mjs';
import { PASSWORD, addRoom, ca, company, cpu, cpuEach, inConsole, of, peak, tool, within } from './bench.mjs';
import { Client } from './client.mjs';
import { row } from './rows.mjs';

/* 2 GB is the greatest value of talk.file_max_size, and a file of just that size does not pass. */
const SIZE = process.env.FILE_MB ? Number(process.env.FILE_MB) * PART : of(2 ** 31) - 1;
const rate = (ms) => SIZE / 1e3 / ms;                      // MB/s

async function timed(work) {
    const from = performance.now();
    await work();
    return performance.now() - from;
}

/* ---- both: out by curl, which only counts the bytes */

async function counted(house, url) {
    const args = ['-sS', '--fail', '--cacert', ca(house), '-o', '/dev/null', '-w', '%{size_download}', url];
    const { stdout } = await promisify(execFile)('curl', args);
    if (Number(stdout) !== SIZE) throw new Error(`${url}: ${stdout} of ${SIZE} bytes`);
}

/** What is there is what was sent. */
async function same(house, url, hash) {
    const r = await fetched(house, url);
    if (r.status !== 200 || r.hash !== hash) throw new Error(`${url}: ${r.status}, ${r.size} bytes, and others than were sent`);
}

/* ---- through Engawa */

async function sendParts(c, at, id) {
    let stored = 0, last = 0, ready = false;
    for (const p of parts(SIZE)) {
        const from = performance.now();
        ({ stored, ready } = await putPart(c.house, c.cookies, at(`/uploads/${id}?at=${stored}`), p, c.agent));
        last = performance.now() - from;
    }
    if (!ready) throw new Error(`${stored} of ${SIZE} bytes, and not ready`);
    return last;
}

async function engawa(house, hash) {
    const { tenant, ids } = await company(house, 1, 1);
    const room = await addRoom(house, [ids[0]]);
    await inConsole(house, tenant, (admin, at) => admin.call('PUT', at('/settings/talk.file_max_size'), { value: '2GB' }));
    const c = new Client(house), at = (rest) => `/t/${tenant}${rest}`;
    await c.signIn('p0', 'bench', PASSWORD);
    const processes = await fresh(house, tenant, () => c.get(at('/me')));
    const { id } = await c.post(at(`/rooms/${room}/uploads`), { name: 'bench.bin', size: SIZE, sha256: hash });
    const before = await cpu(house), empty = processes.map((p) => peak(p.pid));
    let last;
    const up = await timed(async () => (last = await sendParts(c, at, id)));
    const between = await cpu(house);
    await c.post(at(`/rooms/${room}/messages`), { key: newKey(), kind: 'file', files: [id] });
    const url = async () => new URL((await c.post(at(`/files/${id}/ticket`), { use: 'save' })).url, house.origin).href;
    const from = await url(), ready = await cpu(house);
    const down = await timed(() => counted(house, from));
    const after = await cpu(house);
    await same(house, await url(), hash);
    const grown = processes.map((p, i) => ({ role: p.role, mib: (peak(p.pid) - empty[i]) / 1024 }));
    c.agent.destroy();
    const each = (a, b) => ['tenant', 'edge'].map((r) => `${r} ${(cpuEach(r, a, b, SIZE / PART) / 1e3).toFixed(2)} ms`).join(', ');
    return { up, last, down, grown, cpuUp: each(before, between), cpuDown: each(ready, after) };
}

/** Edge and tenant; the tenant's process begins anew, so that the memory of a password's hash is not taken for room that a file has. */
async function fresh(house, tenant, wake) {
    const find = async () => (await house.op('health')).roles.filter((r) => r.role === 'edge' || (r.role === 'tenant' && `${r.tenant ?? r.number}` === `${tenant}`));
    const old = (await find()).find((r) => r.role === 'tenant').pid;
    process.kill(old, 'SIGKILL');
    return until('the tenant to be there again', async () => {
        await wake();
        const all = await find();
        return all.length === 2 && all.every((r) => r.pid !== old) && all;
    });
}

/* ---- through nginx */

function config(dir, port, house) {
    return `${process.getuid() === 0 ? 'user root;\n' : ''}daemon off;
worker_processes 1;
pid ${dir}/pid;
error_log ${dir}/error.log;
events { worker_connections 64; }
http {
    access_log off;
    sendfile on;
    tcp_nopush on;
    ${['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map((t) => `${t}_temp_path ${dir}/${t};`).join(' ')}
    server {
        listen 127.0.0.1:${port} ssl;
        ssl_certificate ${house.dir}/tls/server.crt;
        ssl_certificate_key ${house.dir}/tls/server.key;
        root ${dir}/files;
        client_max_body_size 0;
        dav_methods PUT;
    }
}
`;
}

const program = () => ['/usr/sbin/nginx', '/usr/bin/nginx'].find((f) => fs.existsSync(f));

async function nginx(house, hash) {
    if (!program()) throw new Error('no nginx: tool/setup full installs it');
    const dir = path.join(house.dir, 'nginx'), port = await freePort(), url = `https://localhost:${port}/bench.bin`;
    fs.mkdirSync(path.join(dir, 'files'), { recursive: true });
    fs.writeFileSync(path.join(dir, 'nginx.conf'), config(dir, port, house));
    const child = spawn(program(), ['-p', dir, '-c', path.join(dir, 'nginx.conf'), '-e', path.join(dir, 'error.log')], { stdio: 'inherit' });
    const ended = once(child, 'exit');
    try {
        await until('nginx', () => new Promise((resolve, reject) => https.get(url, { ca: house.ca, agent: false }, (r) => resolve(r.resume())).on('error', reject)));
        const up = await timed(() => putWhole(house, url));
        const down = await timed(() => counted(house, url));
        await same(house, url, hash);
        return { up, down };
    } finally {
        child.kill('SIGTERM');
        await ended;
    }
}

/** The whole in one request. */
async function putWhole(house, url) {
    const r = https.request(url, { method: 'PUT', ca: house.ca, headers: { 'Content-Length': SIZE } });
    const answer = once(r, 'response');
    for (const p of parts(SIZE)) if (!r.write(p)) await Promise.race([once(r, 'drain'), answer]);
    r.end();
    const [m] = await answer;
    m.resume();
    if (m.statusCode !== 201 && m.statusCode !== 204) throw new Error(`PUT ${url}: ${m.statusCode}`);
}

/** Parts of 1 MiB with fsync, one after the other, as plain bytes by nobody but the disk: MB/s. */
async function disk(house) {
    const { stdout } = await promisify(execFile)(tool('limits'), ['parts', house.dir, String(Math.min(512, Math.ceil(SIZE / PART)))]);
    return Number(stdout);
}

await within({}, async (house) => {
    const hash = hashOf(SIZE), raw = await disk(house);
    const plain = await nginx(house, hash);
    fs.rmSync(path.join(house.dir, 'nginx'), { recursive: true });
    const e = await engawa(house, hash);
    const [edge, tenant] = ['edge', 'tenant'].map((role) => e.grown.find((g) => g.role === role).mib);
    row('files.up', rate(e.up), rate(plain.up), `parts of 1 MiB with write and fsync alone: ${raw.toFixed(0)} MB/s; last part, with the whole read again: ${(e.last / 1e3).toFixed(1)} s; CPU of 1 MiB: ${e.cpuUp}`);
    row('files.down', rate(e.down), rate(plain.down), `CPU of 1 MiB: ${e.cpuDown}`);
    row('files.memory', Math.max(edge, tenant), undefined, `edge ${edge.toFixed(1)}, tenant ${tenant.toFixed(1)}; ${SIZE} bytes in, and out twice`);
});

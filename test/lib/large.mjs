// Large files, that no test holds in memory: noise that is the same each time, a part at a time, on its way in and out.
//     for (const p of parts(size)) …        hashOf(size)        await putPart(person, path, p, agent)        await fetched(house, url)
import { createCipheriv, createHash } from 'node:crypto';
import { once } from 'node:events';
import https from 'node:https';

export const PART = 1 << 20;

export function* parts(size) {
    const noise = createCipheriv('aes-128-ctr', Buffer.alloc(16, 1), Buffer.alloc(16)), none = Buffer.alloc(PART);
    for (let at = 0; at < size; at += PART) yield noise.update(size - at < PART ? none.subarray(0, size - at) : none);
}

export function hashOf(size) {
    const hash = createHash('sha256');
    for (const p of parts(size)) hash.update(p);
    return hash.digest('hex');
}

/** Without the deadline of lib/http.mjs: with its last part the server reads the whole again. `cookies`: a Map. */
export function putPart(house, cookies, path, body, agent) {
    return new Promise((resolve, reject) => {
        const headers = {
            Origin: house.origin, 'X-Engawa': '1', Cookie: [...cookies].map(([k, v]) => `${k}=${v}`).join('; '),
            'Content-Type': 'application/octet-stream', 'Content-Length': body.length,
        };
        const r = https.request({ host: 'localhost', port: house.port, agent, method: 'PUT', path, headers }, async (m) => {
            let text = '';
            for await (const d of m) text += d;
            if (m.statusCode === 200) resolve(JSON.parse(text));
            else reject(new Error(`PUT ${path}: ${m.statusCode} ${text}`));
        });
        r.on('error', reject);
        r.end(body);
    });
}

/** What an address gives: { status, size, hash }. */
export async function fetched(house, url) {
    const { host, hostname, port, pathname } = new URL(url);    // files.localhost is no name for every system's resolver
    const options = { host: '127.0.0.1', port, servername: hostname, path: pathname, headers: { Host: host }, ca: house.ca, agent: false };
    const [r] = await once(https.get(options), 'response');
    const hash = createHash('sha256');
    let size = 0;
    for await (const d of r) {
        hash.update(d);
        size += d.length;
    }
    return { status: r.statusCode, size, hash: hash.digest('hex') };
}

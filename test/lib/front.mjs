// A front before a house: the same certificate at another port of localhost, everything passed on, the WebSocket too. It can
// serve a second version of the client, as if the server had been updated: the same files under other names, and none of
// the old ones.
//     const front = await Front.start(house);   front.update();   await front.stop();
import crypto from 'node:crypto';
import fs from 'node:fs';
import https from 'node:https';
import path from 'node:path';
import tls from 'node:tls';
import { ROOT } from './house.mjs';

const BUILD = path.join(ROOT, 'build/web');
const TYPES = { js: 'text/javascript; charset=utf-8', css: 'text/css; charset=utf-8', html: 'text/html; charset=utf-8' };

/** Every hashed file gets another hash; whoever names one names the new one. */
function nextVersion() {
    const names = fs.readdirSync(path.join(BUILD, 'assets'));
    const renamed = new Map(names.map((n) => [n, n.replace(/-([\w-]{8})\.(\w+)$/, (_, hash, ext) => `-Next${hash.slice(4)}.${ext}`)]));
    const rename = (text) => names.reduce((t, n) => t.replaceAll(n, renamed.get(n)), text);
    const files = new Map(names.map((n) => [`/assets/${renamed.get(n)}`, rename(fs.readFileSync(path.join(BUILD, 'assets', n), 'utf8'))]));
    const page = rename(fs.readFileSync(path.join(BUILD, 'index.html'), 'utf8')).replace('<html ', '<html data-version="next" ');
    files.set('/index.html', page);
    const [, list, code] = fs.readFileSync(path.join(BUILD, 'sw.js'), 'utf8').match(/^self\.SHELL=(.*);\n([\s\S]*)$/);
    const shell = JSON.parse(list);
    shell.version = crypto.randomBytes(8).toString('hex');
    shell.files = shell.files.map(rename);
    shell.pages['/index.html'] = crypto.createHash('sha256').update(page).digest('hex');
    files.set('/sw.js', `self.SHELL=${JSON.stringify(shell)};\n${code}`);
    return { files, old: new Set(names.filter((n) => renamed.get(n) !== n).map((n) => `/assets/${n}`)) };
}

export class Front {
    static async start(house) {
        const f = new Front();
        Object.assign(f, { house, asked: [], version: null, sockets: new Set(), ca: house.ca });
        const read = (name) => fs.readFileSync(path.join(house.dir, 'tls', name));
        f.server = https.createServer({ cert: read('server.crt'), key: read('server.key') }, (q, a) => f.serve(q, a));
        f.server.on('upgrade', (q, socket, head) => f.upgrade(q, socket, head));
        f.server.on('secureConnection', (s) => {
            f.sockets.add(s);
            s.on('error', () => undefined);
            s.once('close', () => f.sockets.delete(s));
        });
        await new Promise((done) => f.server.listen(0, '127.0.0.1', done));
        f.origin = `https://localhost:${f.server.address().port}`;
        return f;
    }

    /** From now on the server is the next version. */
    update() {
        this.version = nextVersion();
    }

    headers(q) {
        const headers = { ...q.headers, host: new URL(this.house.origin).host };
        if (headers.origin === this.origin) headers.origin = this.house.origin;
        return headers;
    }

    serve(q, a) {
        const { pathname } = new URL(q.url, this.origin);
        this.asked.push(`${q.method} ${pathname}`);
        const isPage = !path.basename(pathname).includes('.') && (!pathname.startsWith('/t/') || /^\/t\/\d+\/app/.test(pathname)) && !pathname.startsWith('/w/');
        const own = this.version?.files.get(isPage ? '/index.html' : pathname);
        if (this.version?.old.has(pathname)) {
            a.writeHead(404).end();
            return;
        }
        // a connection each: one that is kept may be closed by the house in the moment it is used again
        const up = https.request({ agent: false, port: this.house.port, host: 'localhost', ca: this.ca, method: q.method, path: own === undefined ? q.url : '/', headers: this.headers(q) }, (r) => {
            if (own === undefined) {
                a.writeHead(r.statusCode, r.headers);
                r.pipe(a);
                return;
            }
            r.resume();
            const { etag: _, 'content-encoding': __, 'content-length': ___, ...rest } = r.headers;
            a.writeHead(200, { ...rest, 'content-type': TYPES[isPage ? 'html' : pathname.split('.').at(-1)] }).end(own);
        });
        up.on('error', () => a.destroy());
        q.pipe(up);
    }

    upgrade(q, socket, head) {
        const up = tls.connect({ port: this.house.port, host: 'localhost', ca: this.ca }, () => {
            const lines = Object.entries(this.headers(q)).map(([k, v]) => `${k}: ${v}`);
            up.write(`${q.method} ${q.url} HTTP/1.1\r\n${lines.join('\r\n')}\r\n\r\n`);
            up.write(head);
            socket.pipe(up).pipe(socket);
        });
        up.on('error', () => socket.destroy());
        socket.on('error', () => up.destroy());
    }

    async stop() {
        for (const s of this.sockets) s.destroy();
        await new Promise((done) => this.server.close(done));
    }
}

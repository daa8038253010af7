// A member as the fault tests need it: HTTP and WebSocket over TLS from an address of its own in 127.0.0.0/8.
//     const p = new Person(house, '127.4.0.1');   await p.signIn('acme', 'hanako', password);
//     const ws = await p.ws();                    const answer = await ws.call('talk.post', {room}, {key, text});
// Unlike lib/http.mjs nothing here ever sends again by itself, and the port may be a proxy's: what was sent and not
// answered is the caller's to repeat.
import { createHash, randomBytes } from 'node:crypto';
import https from 'node:https';
import tls from 'node:tls';
import { CLOSE, PING, PONG, TEXT, frame } from '../lib/ws.mjs';

export const CALL_MS = 15_000;

export const hashOf = (text) => createHash('sha256').update(text).digest('hex');

export class Person {
    /** `place` has port, origin and ca; `connectPort` may be a proxy's. */
    constructor(place, address) {
        this.place = place;
        this.address = address;
        this.patience = CALL_MS;       // for one answer over HTTP and for a handshake
        this.answers = 0;              // so many have come over HTTP
        this.cookies = new Map();
        this.agent = new https.Agent({ keepAlive: true, maxSockets: 4, localAddress: address });
    }

    get port() {
        return this.place.connectPort ?? this.place.port;
    }

    /** { status, body }; throws only when the connection does. */
    http(method, path, body) {
        const text = body === undefined ? undefined : JSON.stringify(body);
        const headers = { Host: new URL(this.place.origin).host, Cookie: this.cookie() };
        if (method !== 'GET') Object.assign(headers, { Origin: this.place.origin, 'X-Engawa': '1' });
        if (text !== undefined)
            Object.assign(headers, { 'Content-Type': 'application/json', 'Content-Length': Buffer.byteLength(text) });
        return new Promise((resolve, reject) => {
            const rq = https.request({
                host: '127.0.0.1', port: this.port, servername: 'localhost', ca: this.place.ca,
                agent: this.agent, localAddress: this.address, method, path, headers, timeout: this.patience,
            }, (rs) => {
                const parts = [];
                rs.on('data', (d) => parts.push(d));
                rs.on('error', reject);
                rs.on('aborted', () => reject(new Error('answer cut')));
                rs.on('end', () => {
                    const answer = Buffer.concat(parts).toString();
                    this.#take(rs.headers['set-cookie']);
                    this.answers++;
                    try {
                        resolve({ status: rs.statusCode, headers: rs.headers, body: answer ? JSON.parse(answer) : {} });
                    } catch (e) {
                        reject(e);
                    }
                });
            });
            rq.on('timeout', () => rq.destroy(new Error(`no answer to ${method} ${path}`)));
            rq.on('error', reject);
            rq.end(text);
        });
    }

    cookie() {
        return [...this.cookies].map(([k, v]) => `${k}=${v}`).join('; ');
    }

    #take(lines = []) {
        for (const line of lines) {
            const [, name, value] = line.match(/^([^=]+)=([^;]*)/);
            this.cookies.set(name, value);
        }
    }

    async signIn(workgroup, id, password) {
        const r = await this.http('POST', `/w/${workgroup}/session`, { id, password, client: 'web' });
        if (r.status !== 200) throw new Error(`sign-in of ${id}: ${r.status} ${JSON.stringify(r.body)}`);
        this.me = r.body;
        this.base = `/t/${r.body.tenant}`;
    }

    /** The second step, where the sign-in asked for it. */
    async prove(code) {
        const r = await this.post('/session/second', { code, remember: true });
        if (r.status !== 200) throw new Error(`second step: ${r.status} ${JSON.stringify(r.body)}`);
        this.me = r.body.me;
    }

    get(path) {
        return this.http('GET', this.base + path);
    }

    post(path, body) {
        return this.http('POST', this.base + path, body);
    }

    /** An open WebSocket; throws when ticket or handshake are refused. */
    async ws() {
        const r = await this.post('/ws-ticket');
        if (r.status !== 200) throw Object.assign(new Error(`ticket: ${r.status}`), { status: r.status });
        return Ws.open(this, r.body.ticket);
    }

    close() {
        this.agent.destroy();
    }
}

export class Ws {
    static open(person, ticket) {
        return new Promise((resolve, reject) => {
            const socket = tls.connect({
                host: '127.0.0.1', port: person.port, servername: 'localhost', ca: person.place.ca,
                localAddress: person.address, ALPNProtocols: ['http/1.1'],
            });
            const ws = new Ws(socket);
            const timer = setTimeout(() => socket.destroy(new Error('no handshake')), person.patience);
            ws.opened = (error) => {
                clearTimeout(timer);
                if (error) reject(error);
                else resolve(ws);
            };
            socket.on('secureConnect', () => socket.write(
                `GET ${person.base}/ws HTTP/1.1\r\nHost: ${new URL(person.place.origin).host}\r\n` +
                `Origin: ${person.place.origin}\r\nCookie: ${person.cookie()}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n` +
                `Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: ${randomBytes(16).toString('base64')}\r\n` +
                `Sec-WebSocket-Protocol: engawa.v1, ticket.${ticket}\r\n\r\n`));
        });
    }

    constructor(socket) {
        this.socket = socket;
        this.in = Buffer.alloc(0);
        this.waiting = new Map();
        this.next = 1;
        this.onEvent = null;
        this.early = [];
        this.closed = new Promise((resolve) => socket.on('close', () => {
            this.gone = true;
            this.opened(this.error ?? new Error('closed before the handshake'));
            for (const w of this.waiting.values()) w.reject(this.error ?? new Error('the connection ended'));
            this.waiting.clear();
            resolve();
        }));
        socket.setNoDelay(true);
        socket.on('error', (e) => (this.error = e));
        socket.on('end', () => socket.destroy());
        socket.on('data', (d) => this.#read(d));
    }

    #read(d) {
        this.in = this.in.length ? Buffer.concat([this.in, d]) : d;
        if (!this.up) {
            const end = this.in.indexOf('\r\n\r\n');
            if (end < 0) return;
            const status = Number(this.in.toString('latin1', 9, 12));
            if (status !== 101) {
                this.error = new Error(`handshake: ${status}`);    // 401: the ticket went with a process that was killed
                this.socket.destroy();
                return;
            }
            this.in = this.in.subarray(end + 4);
            this.up = true;
            this.opened();
        }
        while (!this.gone && this.#frame());
    }

    #frame() {
        const b = this.in;
        if (b.length < 2) return false;
        let n = b[1] & 0x7f;
        let at = 2;
        if (n === 126) {
            if (b.length < 4) return false;
            n = b.readUInt16BE(2);
            at = 4;
        } else if (n === 127) {
            if (b.length < 10) return false;
            n = Number(b.readBigUInt64BE(2));
            at = 10;
        }
        if (b.length < at + n) return false;
        const payload = b.subarray(at, at + n);
        this.in = b.subarray(at + n);
        this.#take(b[0] & 0x0f, payload);
        return true;
    }

    #take(opcode, payload) {
        if (opcode === PING) this.socket.write(frame(PONG, payload));
        if (opcode === CLOSE) {
            this.closeCode = payload.length >= 2 ? payload.readUInt16BE(0) : 0;
            this.socket.destroy();
        }
        if (opcode !== TEXT) return;
        const m = JSON.parse(payload.toString());
        if (m.event) {
            if (this.onEvent) this.onEvent(m);
            else this.early.push(m);
            return;
        }
        const w = this.waiting.get(m.id);
        this.waiting.delete(m.id);
        w?.resolve(m);
    }

    /** From now on every event goes to `f`, those that came already first. */
    listen(f) {
        this.onEvent = f;
        for (const m of this.early.splice(0)) f(m);
    }

    /** The answer { status, body or error }; throws when the connection ends first or nothing comes. */
    call(op, params, body) {
        const id = String(this.next++);
        return new Promise((resolve, reject) => {
            if (this.gone) return reject(new Error('the connection has ended'));
            const timer = setTimeout(() => this.socket.destroy(), CALL_MS);
            const end = (f) => (v) => {
                clearTimeout(timer);
                f(v);
            };
            this.waiting.set(id, { resolve: end(resolve), reject: end(reject) });
            this.socket.write(frame(TEXT, JSON.stringify({ id, op, params, body })));
        });
    }

    close() {
        this.socket.destroy();
    }
}

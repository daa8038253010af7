// HTTP/1.1 over TLS without a library between: a test says every byte, and sees every byte.
//     const r = await exchange(house, 'GET / HTTP/1.1\r\n…');         one connection, whatever bytes
//     const c = new Client(house, { address: '127.1.2.3' });           a keep-alive JSON client with cookies
//     const r = await c.get('/t/7/me');                                { status, headers, body, json }
// Every wait has a deadline.
import tls from 'node:tls';
import { DEADLINE_MS } from './house.mjs';

let lastAddress = 0;

/** An address of 127/8 that nobody used before in this process: limits by address never meet. */
export function newAddress() {
    const n = ++lastAddress;
    return `127.${77 + (n >> 16)}.${(n >> 8) & 255}.${n & 255}`;
}

function deadline(promise, what) {
    let timer;
    const late = new Promise((_, reject) => {
        timer = setTimeout(() => reject(new Error(`not within ${DEADLINE_MS} ms: ${what}`)), DEADLINE_MS);
    });
    return Promise.race([promise, late]).finally(() => clearTimeout(timer));
}

/** Bytes in and out of one TLS connection. */
export class Wire {
    static connect(house, { address = newAddress(), servername = 'localhost' } = {}) {
        const made = new Promise((resolve, reject) => {
            const socket = tls.connect({ host: '127.0.0.1', port: house.port, localAddress: address, ca: house.ca, servername });
            socket.once('error', reject);
            socket.once('secureConnect', () => {
                socket.off('error', reject);
                resolve(new Wire(socket));
            });
        });
        return deadline(made, 'a TLS connection');
    }

    constructor(socket) {
        this.socket = socket;
        this.parts = [];                                  // what came and was not taken; put together when it is asked for
        this.ended = false;
        this.wake = [];
        const wake = () => this.wake.splice(0).forEach((f) => f());
        socket.on('data', (d) => {
            this.parts.push(d);
            wake();
        });
        for (const how of ['end', 'close', 'error'])
            socket.on(how, () => {
                this.ended = true;
                wake();
            });
    }

    get in() {
        if (this.parts.length !== 1)
            this.parts = [Buffer.concat(this.parts)];
        return this.parts[0];
    }

    set in(rest) {
        this.parts = [rest];
    }

    get waiting() {
        return this.parts.reduce((n, p) => n + p.length, 0);
    }

    write(bytes) {
        if (!this.socket.destroyed)
            this.socket.write(bytes);
    }

    /** Calls take() until it gives something but undefined; null when the peer ended before that. */
    #await(take, what) {
        return deadline((async () => {
            for (;;) {
                const got = take();
                if (got !== undefined)
                    return got;
                if (this.ended)
                    return null;
                await new Promise((r) => this.wake.push(r));
            }
        })(), what);
    }

    /** `n` bytes, or null at the end of the connection. */
    bytes(n) {
        return this.#await(() => {
            if (this.waiting < n)
                return undefined;
            const got = this.in.subarray(0, n);
            this.in = this.in.subarray(n);
            return got;
        }, `${n} bytes`);
    }

    #until(mark, what) {
        return this.#await(() => {
            const at = this.in.indexOf(mark);
            if (at < 0)
                return undefined;
            const got = this.in.subarray(0, at).toString('latin1');
            this.in = this.in.subarray(at + mark.length);
            return got;
        }, what);
    }

    async #chunked() {
        const parts = [];
        for (;;) {
            const size = await this.#until('\r\n', 'the size of a chunk');
            if (size === null)
                throw new Error('a chunked answer was cut off');
            const piece = await this.bytes(parseInt(size, 16));
            await this.bytes(2);
            if (parseInt(size, 16) === 0)
                return Buffer.concat(parts);
            parts.push(piece);
        }
    }

    /** One answer { status, headers: [[name, value]], header(name), body, text, json }; null at the end. */
    async answer({ head = false } = {}) {
        const text = await this.#until('\r\n\r\n', 'the head of an answer');
        if (text === null)
            return null;
        const [first, ...lines] = text.split('\r\n');
        const m = first.match(/^HTTP\/1\.1 (\d{3}) ?(.*)$/);
        if (!m)
            throw new Error(`no status line: ${first}`);
        const a = { status: Number(m[1]), headers: lines.map((l) => [l.slice(0, l.indexOf(':')), l.slice(l.indexOf(':') + 1).trim()]) };
        a.header = (name) => a.headers.find(([n]) => n.toLowerCase() === name.toLowerCase())?.[1];
        if (head || a.status === 101 || a.status === 204)
            a.body = Buffer.alloc(0);
        else if (a.header('Transfer-Encoding'))
            a.body = await this.#chunked();
        else
            a.body = (await this.bytes(Number(a.header('Content-Length') ?? 0))) ?? Buffer.alloc(0);
        a.text = a.body.toString();
        a.head = text;
        if (a.header('Content-Type')?.startsWith('application/json') && a.text)
            a.json = JSON.parse(a.text);
        return a;
    }

    /** True when the peer ends the connection without another byte. */
    async closed() {
        const more = await this.#await(() => (this.in.length ? true : undefined), 'the end of the connection');
        return more === null;
    }

    close() {
        this.socket.destroy();
    }
}

/** Sends bytes on a connection of their own: { answer, closed: ended by the server without another byte }. */
export async function exchange(house, bytes, { address, closes = true } = {}) {
    const w = await Wire.connect(house, { address });
    try {
        w.write(bytes);
        const answer = await w.answer();
        return { answer, closed: closes ? await w.closed() : undefined };
    } finally {
        w.close();
    }
}

export class Client {
    constructor(house, { address = newAddress(), headers = {} } = {}) {
        this.house = house;
        this.address = address;
        this.headers = headers;
        this.cookies = new Map();
        this.turn = Promise.resolve();
    }

    /** The bytes of a request of this client; a header that is null is left out. */
    bytes(method, address, { body, headers = {}, cookies = true } = {}) {
        const [, elsewhere, path] = address.match(/^https:\/\/([^/]+)(\/.*)$/s) ?? [null, '', address];    // of files: no cookie goes to their origin
        const text = body === undefined ? undefined : Buffer.isBuffer(body) || typeof body === 'string' ? Buffer.from(body) : Buffer.from(JSON.stringify(body));
        const safe = method === 'GET' || method === 'HEAD';
        const jar = cookies && !elsewhere ? [...this.cookies].map(([k, v]) => `${k}=${v}`).join('; ') : '';
        const all = {
            Host: elsewhere || `localhost:${this.house.port}`,
            ...(safe ? {} : { 'X-Engawa': '1', Origin: this.house.origin }),
            ...(text ? { 'Content-Type': 'application/json', 'Content-Length': text.length } : {}),
            ...(!text && !safe ? { 'Content-Length': 0 } : {}),
            ...(jar ? { Cookie: jar } : {}),
            ...this.headers,
            ...headers,
        };
        const lines = Object.entries(all).filter(([, v]) => v !== null).map(([k, v]) => `${k}: ${v}\r\n`);
        return Buffer.concat([Buffer.from(`${method} ${path} HTTP/1.1\r\n${lines.join('')}\r\n`), text ?? Buffer.alloc(0)]);
    }

    async #send(bytes, head) {
        const reused = this.wire && !this.wire.ended;
        if (!reused)
            this.wire = await Wire.connect(this.house, { address: this.address });
        this.wire.write(bytes);
        const a = await this.wire.answer({ head });
        if (a)
            return a;
        if (!reused)
            throw new Error('the connection ended without an answer');
        this.wire = null;                                 // a kept connection was closed in the meantime
        return this.#send(bytes, head);
    }

    #keep(a) {
        for (const [name, value] of a.headers) {
            if (name.toLowerCase() !== 'set-cookie')
                continue;
            const m = value.match(/^([^=]+)=([^;]*)/);
            if (m[2] === '')
                this.cookies.delete(m[1]);
            else
                this.cookies.set(m[1], m[2]);
        }
    }

    /** One request after the other. */
    request(method, path, options = {}) {
        const now = this.turn.then(async () => {
            const a = await this.#send(this.bytes(method, path, options), method === 'HEAD');
            this.#keep(a);
            return a;
        });
        this.turn = now.catch(() => {});
        return now;
    }

    get(path, options) {
        return this.request('GET', path, options);
    }

    post(path, body, options) {
        return this.request('POST', path, { body, ...options });
    }

    put(path, body, options) {
        return this.request('PUT', path, { body, ...options });
    }

    delete(path, options) {
        return this.request('DELETE', path, options);
    }

    close() {
        this.wire?.close();
    }
}

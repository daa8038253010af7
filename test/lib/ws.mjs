// A WebSocket client that sends any frame (RFC 6455), also those that no honest client sends.
//     const ws = await Socket.open(client, '/t/7/ws', ticket);
//     const answer = await ws.call('talk.post', { room }, { key, text });
//     const event = await ws.event('talk.message.posted');
//     const { code } = await ws.closed();
import { randomBytes } from 'node:crypto';
import { Wire } from './http.mjs';

/** The bytes of a frame; `mask: false` and any length field are possible. */
export function frame(opcode, payload = '', { fin = true, rsv = 0, mask = true, length } = {}) {
    const data = Buffer.from(payload);
    const head = [(fin ? 0x80 : 0) | (rsv << 4) | opcode];
    const bit = mask ? 0x80 : 0;
    if (length !== undefined) {
        const eight = Buffer.alloc(8);
        eight.writeBigUInt64BE(BigInt(length));
        head.push(bit | 127, ...eight);
    } else if (data.length < 126)
        head.push(bit | data.length);
    else if (data.length < 65536)
        head.push(bit | 126, data.length >> 8, data.length & 255);
    else {
        const eight = Buffer.alloc(8);
        eight.writeBigUInt64BE(BigInt(data.length));
        head.push(bit | 127, ...eight);
    }
    if (!mask)
        return Buffer.concat([Buffer.from(head), data]);
    const key = randomBytes(4);
    return Buffer.concat([Buffer.from(head), key, data.map((b, i) => b ^ key[i & 3])]);
}

export const TEXT = 1, BINARY = 2, CLOSE = 8, PING = 9, PONG = 10;

export class Socket {
    /** The handshake's answer is in `.answer`; the socket is open when its status is 101. */
    static async open(client, path, ticket, { headers = {}, protocols, extra } = {}) {
        const wire = await Wire.connect(client.house, { address: client.address });
        wire.write(Buffer.concat([client.bytes('GET', path, {
            cookies: false,
            headers: {
                Upgrade: 'websocket',
                Connection: 'Upgrade',
                'Sec-WebSocket-Key': randomBytes(16).toString('base64'),
                'Sec-WebSocket-Version': '13',
                'Sec-WebSocket-Protocol': protocols ?? `engawa.v1, ticket.${ticket}`,
                Origin: client.house.origin,
                ...headers,
            },
        }), extra ?? Buffer.alloc(0)]));
        const s = new Socket(wire);
        s.answer = await wire.answer();
        if (s.answer?.status === 101)
            s.done = s.#run();
        return s;
    }

    constructor(wire) {
        this.wire = wire;
        this.queue = [];
        this.seen = [];
        this.waiting = [];
        this.calls = 0;
        this.close = null;
    }

    #offer(m) {
        this.seen.push(m);
        const at = this.waiting.findIndex((w) => w.fits(m));
        if (at < 0)
            this.queue.push(m);
        else
            this.waiting.splice(at, 1)[0].resolve(m);
    }

    async #run() {
        for (;;) {
            const head = await this.#bytes(2);
            if (!head)
                break;
            let n = head[1] & 127;
            if (n === 126)
                n = (await this.#bytes(2)).readUInt16BE(0);
            else if (n === 127)
                n = Number((await this.#bytes(8)).readBigUInt64BE(0));
            const payload = n ? await this.#bytes(n) : Buffer.alloc(0);
            if (!payload)
                break;
            const opcode = head[0] & 15;
            if (opcode === TEXT)
                this.#offer(JSON.parse(payload.toString()));
            else if (opcode === PING)
                this.send(frame(PONG, payload));
            else if (opcode === PONG)
                this.#offer({ pong: payload.toString() });
            else if (opcode === CLOSE)
                this.close = { code: payload.length >= 2 ? payload.readUInt16BE(0) : 1005, reason: payload.subarray(2).toString() };
        }
        this.close ??= { code: 1006, reason: '' };
        for (const w of this.waiting.splice(0))
            w.reject(new Error(`the WebSocket closed with ${this.close.code}`));
    }

    /** Without a deadline of its own: a socket may be quiet for long; who waits has one. */
    async #bytes(n) {
        while (this.wire.in.length < n) {
            if (this.wire.ended)
                return null;
            await new Promise((r) => this.wire.wake.push(r));
        }
        const got = this.wire.in.subarray(0, n);
        this.wire.in = this.wire.in.subarray(n);
        return got;
    }

    /** The first message, come or to come, that fits. */
    next(fits = () => true, what = 'a message') {
        const at = this.queue.findIndex(fits);
        if (at >= 0)
            return Promise.resolve(this.queue.splice(at, 1)[0]);
        if (this.close)
            return Promise.reject(new Error(`the WebSocket closed with ${this.close.code}`));
        return new Promise((resolve, reject) => {
            const timer = setTimeout(() => reject(new Error(`not within 30 s: ${what}`)), 30_000);
            const w = { fits, resolve: (m) => (clearTimeout(timer), resolve(m)), reject: (e) => (clearTimeout(timer), reject(e)) };
            this.waiting.push(w);
        });
    }

    event(name, fits = () => true) {
        return this.next((m) => m.event === name && fits(m), `the event ${name}`);
    }

    send(bytes) {
        this.wire.write(bytes);
    }

    text(value) {
        this.send(frame(TEXT, typeof value === 'string' || Buffer.isBuffer(value) ? value : JSON.stringify(value)));
    }

    call(op, params, body, more = {}) {
        const id = `c${++this.calls}`;
        this.text({ id, op, ...(params ? { params } : {}), ...(body ? { body } : {}), ...more });
        return this.next((m) => m.id === id, `the answer to ${op}`);
    }

    /** { code, reason } once the server has closed. */
    async closed() {
        let timer;
        await Promise.race([this.done, new Promise((_, reject) => {
            timer = setTimeout(() => reject(new Error('not within 30 s: the end of a WebSocket')), 30_000);
        })]).finally(() => clearTimeout(timer));
        return this.close;
    }

    end() {
        this.wire.close();
    }
}

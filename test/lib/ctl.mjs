// The operator's socket: frames of net/ipc.h with OP_CALL and OP_ANSWER (role/proto.h).
import fs from 'node:fs';
import net from 'node:net';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const proto = fs.readFileSync(
    path.join(path.dirname(fileURLToPath(import.meta.url)), '../../src/role/proto.h'),
    'utf8',
);

/** The numbers of the frame types, read from the header so that they cannot drift apart. */
export const FRAME = (() => {
    const body = proto.match(/enum frame_type \{([\s\S]*?)\n\};/)[1].replace(/\/\*[\s\S]*?\*\//g, '');
    const out = {};
    let n = 0;
    for (const part of body.split(',')) {
        const m = part.trim().match(/^([A-Z_]+)(?:\s*=\s*(\d+))?$/);
        if (!m) continue;
        n = m[2] ? Number(m[2]) : n + 1;
        out[m[1]] = n;
    }
    return out;
})();

const HEAD = 32;
const MORE = 2;

function bytes(text) {
    const b = Buffer.from(text);
    const n = Buffer.alloc(4);
    n.writeUInt32LE(b.length);
    return Buffer.concat([n, b]);
}

export class Ctl {
    static connect(file) {
        return new Promise((resolve, reject) => {
            const socket = net.connect(file);
            socket.once('error', reject);
            socket.once('connect', () => resolve(new Ctl(socket)));
        });
    }

    constructor(socket) {
        this.socket = socket;
        this.in = Buffer.alloc(0);
        this.waiting = new Map();
        this.next = 1n;
        socket.on('data', (d) => this.#read(d));
        socket.on('error', () => {});
        socket.on('close', () => {
            for (const w of this.waiting.values()) w.reject(new Error('the operator socket was closed'));
            this.waiting.clear();
        });
    }

    #read(d) {
        this.in = Buffer.concat([this.in, d]);
        while (this.in.length >= HEAD) {
            const len = this.in.readUInt32LE(0);
            if (this.in.length < HEAD + len) return;
            const flags = this.in.readUInt16LE(6);
            const a = this.in.readBigUInt64LE(16);
            const status = Number(this.in.readBigUInt64LE(24));
            const w = this.waiting.get(a);
            if (w) w.parts.push(Buffer.from(this.in.subarray(HEAD, HEAD + len)));
            this.in = this.in.subarray(HEAD + len);
            if (w && !(flags & MORE)) {
                this.waiting.delete(a);
                w.resolve({ status, text: Buffer.concat(w.parts).toString() });
            }
        }
    }

    call(name, workgroup, body) {
        const payload = Buffer.concat([bytes(name), bytes(workgroup), bytes(JSON.stringify(body))]);
        const head = Buffer.alloc(HEAD);
        const a = this.next++;
        head.writeUInt32LE(payload.length, 0);
        head.writeUInt16LE(FRAME.OP_CALL, 4);
        head.writeBigUInt64LE(a, 16);
        return new Promise((resolve, reject) => {
            if (this.socket.destroyed) return reject(new Error('the operator socket is closed'));
            this.waiting.set(a, { parts: [], resolve, reject });
            this.socket.write(Buffer.concat([head, payload]));
        });
    }

    close() {
        this.socket.destroy();
    }
}

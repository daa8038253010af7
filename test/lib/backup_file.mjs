// The file of a backup, read and written from doc/formats.md alone, by whoever has the keys: to make one as an earlier version did,
// or one that lies.
//     const b = readBackup(file, house.dir);   b.records: [{ kind, payload }]      writeBackup(file, b, { version: 1 })
import { createCipheriv, createDecipheriv, createHmac, randomBytes } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';

const NONCE = 12, TAG = 16;

function open(key, aad, piece) {
    const d = createDecipheriv('aes-256-gcm', key, piece.subarray(0, NONCE));
    d.setAAD(aad);
    d.setAuthTag(piece.subarray(piece.length - TAG));
    return Buffer.concat([d.update(piece.subarray(NONCE, piece.length - TAG)), d.final()]);
}

function seal(key, aad, plain) {
    const nonce = randomBytes(NONCE), c = createCipheriv('aes-256-gcm', key, nonce);
    c.setAAD(aad);
    return Buffer.concat([nonce, c.update(plain), c.final(), c.getAuthTag()]);
}

function fileKey(data, id) {
    const master = fs.readFileSync(path.join(data, 'keys/master.key')).subarray(8);
    const wrapped = fs.readFileSync(path.join(data, 'keys/backup.key'));
    const backup = open(master, wrapped.subarray(0, 16), wrapped.subarray(16));
    return createHmac('sha256', backup).update('engawa backup 1\n').update(id).digest();
}

function bound(version, id, n) {
    const number = Buffer.alloc(8);
    number.writeBigUInt64BE(BigInt(n));
    return Buffer.concat([Buffer.from(`engawa backup ${version}\n`), id, number]);
}

export function readBackup(file, data) {
    const bytes = fs.readFileSync(file), version = bytes[7], id = bytes.subarray(8, 24), key = fileKey(data, id), records = [];
    for (let at = 24; at < bytes.length;) {
        const n = bytes.readUInt32BE(at);
        const plain = open(key, bound(version, id, records.length), bytes.subarray(at + 4, at + 4 + n));
        records.push({ kind: String.fromCharCode(plain[0]), payload: plain.subarray(1) });
        at += 4 + n;
    }
    return { version, id, key, records };
}

/** As that version wrote it: version 1 knows no tables. */
export function writeBackup(file, { id, key, records }, { version }) {
    const parts = [Buffer.from('EGWBACK'), Buffer.from([version]), id];
    const kept = records.filter((r) => version >= 2 || r.kind !== 'T');
    kept.forEach((r, n) => {
        const piece = seal(key, bound(version, id, n), Buffer.concat([Buffer.from(r.kind), r.payload])), length = Buffer.alloc(4);
        length.writeUInt32BE(piece.length);
        parts.push(length, piece);
    });
    fs.writeFileSync(file, Buffer.concat(parts), { mode: 0o600 });
}

// Archives as nobody honest makes them, byte by byte: zip, tar and 7z whose lists say what a test wants them to say.
import zlib from 'node:zlib';

const le = (n, bytes) => {
    const b = Buffer.alloc(bytes);
    if (bytes === 8) b.writeBigUInt64LE(BigInt(n));
    else b.writeUIntLE(n, 0, bytes);
    return b;
};
const UNIX_LINK = 0o120777;

/** A zip of { name, bytes, local, size, packed, at, mode }: `local` is the name beside the bytes, `at` where the list says that they
 *  are, `size` what it says they become; `packed` are bytes that are packed already, `list: false` leaves it out. */
export function zipOf(files, { list = true } = {}) {
    const parts = [], central = [];
    let at = 0;
    for (const f of files) {
        const bytes = f.bytes ?? Buffer.alloc(0), data = f.packed ?? zlib.deflateRawSync(bytes), crc = f.crc ?? zlib.crc32(bytes);
        const size = f.size ?? bytes.length, name = Buffer.from(f.name), local = Buffer.from(f.local ?? f.name);
        const head = (n) => [le(20, 2), le(0x800, 2), le(8, 2), le(0, 2), le(0x21, 2), le(crc, 4), le(data.length, 4), le(size, 4), le(n, 2), le(0, 2)];
        if (f.at === undefined)
            parts.push(Buffer.from('PK\x03\x04', 'latin1'), ...head(local.length), local, data);
        central.push(Buffer.from('PK\x01\x02', 'latin1'), le(20 | 3 << 8, 2), ...head(name.length), le(0, 6), le((f.mode ?? 0o100644) * 65536, 4), le(f.at ?? at, 4), name);
        if (f.at === undefined)
            at += 30 + local.length + data.length;
    }
    const all = Buffer.concat(central), n = Math.min(files.length, 65535);
    return Buffer.concat([...parts, ...(list ? [all, Buffer.from('PK\x05\x06\0\0\0\0', 'latin1'), le(n, 2), le(n, 2), le(all.length, 4), le(at, 4), le(0, 2)] : [])]);
}

/** A zip of n empty files that are called by their numbers. */
export function zipOfMany(n) {
    const first = zipOf([{ name: '0000000', packed: Buffer.alloc(0) }]), local = 37, central = 53;
    first.writeUInt16LE(0, 8);                            // stored
    first.writeUInt16LE(0, local + 10);
    const out = Buffer.alloc(n * (local + central) + 22);
    for (let i = 0; i < n; i++) {
        const l = i * local, c = n * local + i * central, name = String(i).padStart(7, '0');
        first.copy(out, l, 0, local);
        first.copy(out, c, local, local + central);
        out.write(name, l + 30, 'latin1');
        out.write(name, c + 46, 'latin1');
        out.writeUInt32LE(l, c + 42);
    }
    const end = n * (local + central);
    first.copy(out, end, local + central);
    out.writeUInt16LE(Math.min(n, 65535), end + 8);
    out.writeUInt16LE(Math.min(n, 65535), end + 10);
    out.writeUInt32LE(n * central, end + 12);
    out.writeUInt32LE(n * local, end + 16);
    return out;
}

export const linkInZip = (name, to) => ({ name, bytes: Buffer.from(to), mode: UNIX_LINK });

/** 16 MiB of zeros as a stream of deflate, `times` times over: what it becomes is told with it. */
export function zeros(times) {
    const plain = Buffer.alloc(16 << 20), whole = zlib.deflateRawSync(plain, { level: 9 });
    const one = zlib.deflateRawSync(plain, { level: 9, finishFlush: zlib.constants.Z_FULL_FLUSH });
    let crc = 0;
    for (let i = 0; i < times; i++)
        crc = zlib.crc32(plain, crc);
    return { packed: Buffer.concat([...Array(times - 1).fill(one), whole]), size: times * plain.length, crc };
}

/** A tar of { name, bytes, kind, to }: kind 2 is a link by name, 1 a second name. */
export function tarOf(files) {
    const out = [];
    for (const f of files) {
        const bytes = f.bytes ?? Buffer.alloc(0), h = Buffer.alloc(512);
        h.write(f.name, 0, 100);
        h.write('0000644\0' + '0000000\0' + '0000000\0' + `${(f.size ?? bytes.length).toString(8).padStart(11, '0')} ` + '00000000000 ' + ' '.repeat(8) + String(f.kind ?? 0), 100, 'latin1');
        h.write(f.to ?? '', 157, 100);
        h.write('ustar\x0000', 257, 'latin1');
        h.write(`${h.reduce((a, b) => a + b, 0).toString(8).padStart(6, '0')}\0 `, 148, 'latin1');
        out.push(h, bytes, Buffer.alloc((512 - bytes.length % 512) % 512));
    }
    return Buffer.concat([...out, Buffer.alloc(1024)]);
}

/* A number as 7z writes it: as many leading ones in the first byte as bytes follow. */
function number(n) {
    for (let more = 0; more < 4; more++)
        if (n < 2 ** (7 * (more + 1))) {
            const high = Math.floor(n / 2 ** (8 * more));
            return Buffer.concat([Buffer.from([(0xff00 >> more & 0xff) | high]), le(n % 2 ** (8 * more), Math.max(more, 1)).subarray(0, more)]);
        }
    return Buffer.concat([Buffer.from([0xff]), le(n, 8)]);
}

/** A 7z of files without bytes, or of one with `bytes`, by name; `attributes` of each as a Unix program writes them; `claimed` is how
 *  many it says it has. */
export function sevenZipOf(names, { attributes, bytes, claimed = names.length } = {}) {
    const text = Buffer.concat([Buffer.from([0]), ...names.map((n) => Buffer.from(`${n}\0`, 'utf16le'))]);
    const empty = Buffer.alloc(Math.ceil(claimed / 8), 0xff);
    if (claimed % 8) empty[empty.length - 1] = 0xff00 >> claimed % 8 & 0xff;
    const property = (id, data) => [Buffer.from([id]), number(data.length), data];
    const stream = bytes ? [Buffer.from([0x04, 0x06, 0, 1, 0x09]), number(bytes.length), Buffer.from([0, 0x07, 0x0b, 1, 0, 1, 1, 0, 0x0c]), number(bytes.length), Buffer.from([0, 0x08, 0, 0])] : [];
    const header = Buffer.concat([Buffer.from([0x01]), ...stream, Buffer.from([0x05]), number(claimed), ...(bytes ? [] : [...property(0x0e, empty), ...property(0x0f, empty)]), ...property(0x11, text),
        ...(attributes ? property(0x15, Buffer.concat([Buffer.from([1, 0]), ...attributes.map((a) => le(a, 4))])) : []), Buffer.from([0, 0])]);
    const start = Buffer.concat([le(bytes?.length ?? 0, 8), le(header.length, 8), le(zlib.crc32(header), 4)]);
    return Buffer.concat([Buffer.from([0x37, 0x7a, 0xbc, 0xaf, 0x27, 0x1c, 0, 4]), le(zlib.crc32(start), 4), start, bytes ?? Buffer.alloc(0), header]);
}

export const linkIn7z = UNIX_LINK * 65536 + 0x8000;

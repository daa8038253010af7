// Files as phones, cameras and offices make them, with what they write beside the picture: where it was taken, when, by whom.
import { randomBytes } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import zlib from 'node:zlib';

const corpus = (name) => fs.readFileSync(path.join(import.meta.dirname, '../pictures', name));
const be32 = (n) => Buffer.from([n >>> 24, (n >>> 16) & 255, (n >>> 8) & 255, n & 255]);
const be16 = (n) => Buffer.from([n >>> 8, n & 255]);

const crc32 = (b) => be32(zlib.crc32(b));
const chunk = (type, data) => {
    const body = Buffer.concat([Buffer.from(type), data]);
    return Buffer.concat([be32(data.length), body, crc32(body)]);
};

/** Pixels of noise, so that it has the bytes of a photo; `head` says another size than there is, `more` are further chunks. */
export function png(width = 300, height = 230, { head = [width, height], more = [], colour } = {}) {
    const rows = Buffer.alloc(height * (1 + 3 * width));
    for (let y = 0; y < height; y++)
        if (colour)
            rows.fill(Buffer.from(colour), y * (1 + 3 * width) + 1, (y + 1) * (1 + 3 * width));
        else
            randomBytes(3 * width).copy(rows, y * (1 + 3 * width) + 1);
    return Buffer.concat([Buffer.from('89504e470d0a1a0a', 'hex'), chunk('IHDR', Buffer.concat([be32(head[0]), be32(head[1]), Buffer.from([8, 2, 0, 0, 0])])),
        ...more.map(([type, data]) => chunk(type, data)), chunk('IDAT', zlib.deflateSync(rows, { level: colour ? 9 : 0 })), chunk('IEND', Buffer.alloc(0))]);
}

/** Exif of a camera: which way up, a maker's name, a place. All of it is text that can be looked for. */
export function exif({ orientation = 1, maker = 'KURASHINA-CAM', place = 'GPS-35.3192N-139.5467E' } = {}) {
    const text = (s) => Buffer.from(`${s}\0`);
    const entries = [[0x010f, 2, text(maker)], [0x0112, 3, orientation], [0x8825, 4, null]];
    const ifd = 8, gps = ifd + 2 + 12 * entries.length + 4, strings = gps + 2 + 12 + 4;
    const data = [], tail = [];
    let at = strings;
    const entry = (tag, type, value) => {
        if (Buffer.isBuffer(value)) {
            data.push(be16(tag), be16(type), be32(value.length), be32(at));
            tail.push(value);
            at += value.length;
        } else if (type === 3) {
            data.push(be16(tag), be16(3), be32(1), be16(value), be16(0));
        } else {
            data.push(be16(tag), be16(4), be32(1), be32(value ?? gps));
        }
    };
    data.push(be16(entries.length));
    entries.forEach((e) => entry(...e));
    data.push(be32(0), be16(1));
    entry(0x001b, 7, text(place));
    data.push(be32(0));
    return Buffer.concat([Buffer.from('Exif\0\0MM\0*\0\0\0\x08', 'latin1'), ...data, ...tail]);
}

const segment = (marker, data) => Buffer.concat([Buffer.from([0xff, marker]), be16(data.length + 2), data]);

/** A JPEG of a phone: Exif, XMP, a comment, and a short film behind its end. */
export function jpeg(options = {}) {
    const plain = corpus('jpeg-baseline');
    return Buffer.concat([plain.subarray(0, 2), segment(0xe1, exif(options)), segment(0xe1, Buffer.from(`http://ns.adobe.com/xap/1.0/\0<x>${options.place ?? 'XMP-KAMAKURA'}</x>`)),
        segment(0xfe, Buffer.from('COMMENT-OF-KURASHINA')), plain.subarray(2), Buffer.from('TRAILER-KAMAKURA'.repeat(40))]);
}

/** A JPEG of a camera's size in few bytes: grey, white in its first `light` columns (or rows, `across` false) of points, black in the others;
 * all of them multiples of 8. */
export function flatJpeg(width, height, light, { across = true, head = [] } = {}) {
    const bits = [];
    const put = (n, length) => { for (let i = length - 1; i >= 0; i--) bits.push((n >> i) & 1); };
    let before = 0;
    for (let y = 0; y < height; y += 8)
        for (let x = 0; x < width; x += 8) {
            const level = (across ? x : y) < light ? 127 : -128, d = level - before, size = 32 - Math.clz32(Math.abs(d));
            before = level;
            if (size === 0)
                put(0, 1);
            else {
                put(size === 8 ? 0b10 : 0b110, size === 8 ? 2 : 3);
                put(d < 0 ? d + 2 ** size - 1 : d, size);
            }
            put(0, 1);                                    // no more in this block
        }
    while (bits.length % 8)
        bits.push(1);
    const scan = [];
    for (let i = 0; i < bits.length; i += 8) {
        const b = bits.slice(i, i + 8).reduce((n, bit) => n << 1 | bit, 0);
        scan.push(b, ...b === 255 ? [0] : []);
    }
    const codes = (...counts) => Buffer.from([...counts, ...Array(16 - counts.length).fill(0)]);
    return Buffer.concat([Buffer.from([0xff, 0xd8]), ...head, segment(0xdb, Buffer.concat([Buffer.from([0]), Buffer.alloc(64, 8)])),
        segment(0xc0, Buffer.concat([Buffer.from([8]), be16(height), be16(width), Buffer.from([1, 1, 0x11, 0])])),
        segment(0xc4, Buffer.concat([Buffer.from([0x00]), codes(1, 1, 1), Buffer.from([0, 8, 7])])),
        segment(0xc4, Buffer.concat([Buffer.from([0x10]), codes(1), Buffer.from([0])])),
        segment(0xda, Buffer.from([1, 1, 0, 0, 63, 0])), Buffer.from(scan), Buffer.from([0xff, 0xd9])]);
}
export const exifSegment = (options) => segment(0xe1, exif(options));

export function webp(place = 'EXIF-KAMAKURA') {
    const plain = corpus('webp-lossy');
    const le32 = (n) => Buffer.from([n & 255, (n >>> 8) & 255, (n >>> 16) & 255, n >>> 24]);
    const part = (type, data) => Buffer.concat([Buffer.from(type), le32(data.length), data, Buffer.alloc(data.length & 1)]);
    const picture = plain.subarray(12), width = plain.readUInt16LE(26) & 0x3fff, height = plain.readUInt16LE(28) & 0x3fff;
    const le24 = (n) => le32(n).subarray(0, 3);
    const body = Buffer.concat([part('VP8X', Buffer.concat([Buffer.from([12, 0, 0, 0]), le24(width - 1), le24(height - 1)])), picture,
        part('EXIF', Buffer.from(place)), part('XMP ', Buffer.from(place))]);
    return Buffer.concat([Buffer.from('RIFF'), le32(body.length + 4), Buffer.from('WEBP'), body]);
}

export function gif(place = 'COMMENT-KAMAKURA') {
    const palette = Buffer.from([0, 0, 0, 255, 255, 255]), block = (b) => Buffer.concat([Buffer.from([b.length]), b]);
    return Buffer.concat([Buffer.from('GIF89a'), Buffer.from([2, 0, 2, 0, 0x80, 0, 0]), palette, Buffer.from([0x21, 0xfe]), block(Buffer.from(place)), Buffer.from([0]),
        Buffer.from([0x2c, 0, 0, 0, 0, 2, 0, 2, 0, 0, 2]), block(Buffer.from([0x44, 0x0a])), Buffer.from([0, 0x3b])]);
}

/** A GIF of any size in one colour. Its codes are of 8 bits, begun anew before they would be longer. */
export function flatGif(width, height) {
    const codes = [];
    for (let left = width * height; left > 0; left -= 100)
        codes.push(0x80, ...Array.from({ length: Math.min(left, 100) }, () => 64));
    codes.push(0x81);
    const data = Buffer.from(codes), blocks = [];
    for (let at = 0; at < data.length; at += 255)
        blocks.push(Buffer.from([Math.min(255, data.length - at)]), data.subarray(at, at + 255));
    const palette = Buffer.from(Array.from({ length: 128 }, (_, i) => [2 * i, 2 * i, 2 * i]).flat()), le = (n) => [n & 255, n >> 8];
    return Buffer.concat([Buffer.from('GIF89a'), Buffer.from([...le(width), ...le(height), 0xe6, 0, 0]), palette, Buffer.from([0x2c, 0, 0, 0, 0, ...le(width), ...le(height), 0, 7]), ...blocks, Buffer.from([0, 0x3b])]);
}

/** A GIF of n pictures of 2 × 2; where `torn`, no decoder gets through the first. */
export function gifOf(n, { torn = false } = {}) {
    const frame = (code) => Buffer.from([0x2c, 0, 0, 0, 0, 2, 0, 2, 0, 0, 2, 2, ...code, 0]);
    return Buffer.concat([Buffer.from('GIF89a'), Buffer.from([2, 0, 2, 0, 0x80, 0, 0, 0, 0, 0, 255, 255, 255]), ...Array.from({ length: n }, (_, i) => frame(torn && !i ? [0xff, 0xff] : [0x44, 0x0a])), Buffer.from([0x3b])]);
}

/** A WebP that moves, of n pictures that are the same. */
export function webpOf(n) {
    const plain = corpus('webp-moving'), at = plain.indexOf('ANMF'), frame = plain.subarray(at, at + 8 + plain.readUInt32LE(at + 4));
    const out = Buffer.concat([plain.subarray(0, at), ...Array(n).fill(frame)]);
    out.writeUInt32LE(out.length - 8, 4);
    return out;
}

/** A Photoshop file and a TIFF that say that they are `width` × `height`, and have no bytes for it. */
export const psd = (width, height) => Buffer.concat([Buffer.from('8BPS\0\x01\0\0\0\0\0\0\0\x03', 'latin1'), be32(height), be32(width), be16(8), be16(3), be32(0), be32(0), be32(0), be16(1)]);
export function tiff(width, height) {
    const entry = (tag, value) => Buffer.concat([be16(tag), be16(4), be32(1), be32(value)]);
    return Buffer.concat([Buffer.from('MM\0*\0\0\0\x08', 'latin1'), be16(6), entry(256, width), entry(257, height), entry(258, 8), entry(273, 0xfffffff0), entry(278, height), entry(279, 0xfffffff0), be32(0)]);
}

const box = (type, ...data) => {
    const body = Buffer.concat(data);
    return Buffer.concat([be32(body.length + 8), Buffer.from(type, 'latin1'), body]);
};

/** The boxes of a film with a place, times and a track of measurements; `bytes` stand in its data. */
export function mp4(bytes = randomBytes(1000), place = '+35.3192+139.5467/') {
    const times = Buffer.from('TIMETIME');
    const track = (handler) => box('trak', box('tkhd', Buffer.alloc(4), times, Buffer.alloc(72)),
        box('mdia', box('mdhd', Buffer.alloc(4), times, Buffer.alloc(12)), box('hdlr', Buffer.alloc(8), Buffer.from(handler), Buffer.alloc(13))), box('udta', Buffer.from(place)));
    return Buffer.concat([box('ftyp', Buffer.from('mp42\0\0\0\0mp42isom', 'latin1')), box('mdat', bytes),
        box('moov', box('mvhd', Buffer.alloc(4), times, Buffer.alloc(88)), track('vide'), track('meta'), box('udta', box('\xa9xyz', Buffer.from(place))), box('meta', Buffer.from(place))),
        box('uuid', Buffer.from(place))]);
}

/** A document of pages, each with a line of text. */
export function pdf(lines = ['first page', 'second page'], { width = 300, height = 400 } = {}) {
    const objects = ['<< /Type /Catalog /Pages 2 0 R >>',
        `<< /Type /Pages /Count ${lines.length} /Kids [${lines.map((_, i) => `${4 + 2 * i} 0 R`).join(' ')}] >>`, '<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>'];
    lines.forEach((line, i) => {
        const text = `BT /F1 24 Tf 20 ${height / 2} Td (${line}) Tj ET`;
        objects.push(`<< /Type /Page /Parent 2 0 R /MediaBox [0 0 ${width} ${height}] /Resources << /Font << /F1 3 0 R >> >> /Contents ${5 + 2 * i} 0 R >>`,
            `<< /Length ${text.length} >>\nstream\n${text}\nendstream`);
    });
    let out = '%PDF-1.4\n';
    const at = objects.map((o, i) => {
        const here = out.length;
        out += `${i + 1} 0 obj\n${o}\nendobj\n`;
        return here;
    });
    const xref = out.length;
    out += `xref\n0 ${objects.length + 1}\n0000000000 65535 f \n${at.map((n) => `${String(n).padStart(10, '0')} 00000 n \n`).join('')}`;
    out += `trailer\n<< /Size ${objects.length + 1} /Root 1 0 R >>\nstartxref\n${xref}\n%%EOF\n`;
    return Buffer.from(out, 'latin1');
}

const le16 = (n) => Buffer.from([n & 255, (n >>> 8) & 255]);
const le32 = (n) => Buffer.concat([le16(n & 0xffff), le16(n >>> 16)]);

/** A zip of [name, bytes]. */
export function zip(files) {
    const parts = [], central = [];
    let at = 0;
    for (const [name, bytes] of files) {
        const data = zlib.deflateRawSync(bytes), crc = crc32(bytes).reverse(), n = Buffer.from(name);
        const head = Buffer.concat([le16(20), le16(0x800), le16(8), le16(0), le16(0x21), crc, le32(data.length), le32(bytes.length), le16(n.length), le16(0)]);
        const local = Buffer.concat([Buffer.from('PK\x03\x04', 'latin1'), head, n, data]);
        central.push(Buffer.concat([Buffer.from('PK\x01\x02', 'latin1'), le16(20), head, le16(0), le16(0), le16(0), le32(0), le32(at), n]));
        parts.push(local);
        at += local.length;
    }
    const list = Buffer.concat(central);
    return Buffer.concat([...parts, list, Buffer.from('PK\x05\x06\0\0\0\0', 'latin1'), le16(files.length), le16(files.length), le32(list.length), le32(at), le16(0)]);
}

/** Width and height of a WebP. */
export function webpSize(b) {
    const kind = b.toString('latin1', 12, 16);
    if (kind === 'VP8 ')
        return [b.readUInt16LE(26) & 0x3fff, b.readUInt16LE(28) & 0x3fff];
    if (kind === 'VP8L') {
        const bits = b.readUInt32LE(21);
        return [(bits & 0x3fff) + 1, ((bits >>> 14) & 0x3fff) + 1];
    }
    return [b.readUIntLE(24, 3) + 1, b.readUIntLE(27, 3) + 1];
}

// Every byte that an installation keeps on disk, searched for what must not be readable there.
//     allBytes(house.dir).find(Buffer)          names of the files that hold these bytes
//     allBytes(house.dir).findText('word')      in UTF-8, UTF-16 of both orders, base64 at any offset, hex, percent
import fs from 'node:fs';
import path from 'node:path';

function* walk(dir) {
    for (const e of fs.readdirSync(dir, { withFileTypes: true })) {
        const file = path.join(dir, e.name);
        if (e.isDirectory())
            yield* walk(file);
        else if (e.isFile())
            yield file;
    }
}

/** Base64 of a text at offset 0, 1 and 2, without the characters that depend on what stands before and after. */
export function base64Cores(bytes) {
    return [0, 1, 2].map((at) => {
        const text = Buffer.concat([Buffer.alloc(at), bytes]).toString('base64').replace(/=+$/, '');
        const begin = at === 0 ? 0 : at + 1;
        const end = Math.floor(((at + bytes.length) * 8) / 6);
        return text.slice(begin, end);
    });
}

export function spellings(word) {
    const utf8 = Buffer.from(word);
    const le = Buffer.from(word, 'utf16le');
    const percent = [...utf8].map((b) => `%${b.toString(16).padStart(2, '0')}`).join('');
    const out = {
        'UTF-8': [utf8],
        'UTF-16LE': [le],
        'UTF-16BE': [Buffer.from(le).swap16()],
        base64: base64Cores(utf8).map((t) => Buffer.from(t)),
        base64url: base64Cores(utf8).map((t) => Buffer.from(t.replaceAll('+', '-').replaceAll('/', '_'))),
        hex: [Buffer.from(utf8.toString('hex')), Buffer.from(utf8.toString('hex').toUpperCase())],
        percent: [Buffer.from(percent), Buffer.from(percent.toUpperCase())],
    };
    if (encodeURIComponent(word) !== word)
        out.percent.push(Buffer.from(encodeURIComponent(word)));
    if (/[^\x20-\x7e]/.test(word))
        out.escaped = [Buffer.from(JSON.stringify(word).slice(1, -1).replace(/[^\x20-\x7e]/g, (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`))];
    return out;
}

export function allBytes(dir) {
    const files = [...walk(dir)].map((f) => [path.relative(dir, f), fs.readFileSync(f)]);
    return {
        files: files.map(([name, bytes]) => ({ name, size: bytes.length })),
        bytes: files.reduce((n, [, b]) => n + b.length, 0),
        find: (what) => files.filter(([, b]) => b.includes(what)).map(([name]) => name),
        findText(word) {
            const hits = [];
            for (const [spelling, forms] of Object.entries(spellings(word)))
                for (const form of forms)
                    for (const name of this.find(form))
                        hits.push(`${word} in ${name} (${spelling})`);
            return hits;
        },
    };
}

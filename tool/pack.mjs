// tool/pack: packs the built web client into one C file for src/role/web_pack.h.
// Usage: tool/pack build/web build/gen/web_pack.c
// The bytes are not written as C: each file lies beside the C file as it is (and gzipped where that is smaller) and is
// taken in by the assembler's .incbin, so that the compiler has nothing to parse.
import crypto from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import zlib from 'node:zlib';
import { fileURLToPath } from 'node:url';

const TYPES = {
  '.css': 'text/css; charset=utf-8',
  '.html': 'text/html; charset=utf-8',
  '.ico': 'image/x-icon',
  '.js': 'text/javascript; charset=utf-8',
  '.json': 'application/json',
  '.png': 'image/png',
  '.svg': 'image/svg+xml',
  '.txt': 'text/plain; charset=utf-8',
  '.webmanifest': 'application/manifest+json',
  '.woff2': 'font/woff2',
};

function walk(folder, base = '') {
  return fs.readdirSync(path.join(folder, base), { withFileTypes: true }).flatMap((e) => {
    const name = path.posix.join(base, e.name);
    return e.isDirectory() ? walk(folder, name) : [name];
  });
}

/** Byte order, as strcmp sees it: the server searches this table by bisection. */
const byBytes = (a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b));

export function describe(folder) {
  return walk(folder).sort(byBytes).map((name) => {
    const data = fs.readFileSync(path.join(folder, name));
    const type = TYPES[path.extname(name)];
    if (!type) throw new Error(`${name}: no content type for this kind of file`);
    const gzip = zlib.gzipSync(data, { level: 9 });
    return {
      path: `/${name}`,
      type,
      etag: `"${crypto.createHash('sha256').update(data).digest('hex').slice(0, 32)}"`,
      data,
      gzip: gzip.length < data.length ? gzip : null,
      immutable: /^assets\/.*-[A-Za-z0-9_-]{8,}\.\w+$/.test(name),
    };
  });
}

const string = (s) => JSON.stringify(s);

function blob(label, file) {
  return `__asm__(".section .rodata\\n.balign 16\\n${label}: .incbin ${string(file).replaceAll('"', '\\"')}\\n.byte 0\\n.previous\\n");\n`
    + `extern const unsigned char ${label}[];\n`;
}

function main([folder, out]) {
  if (!folder || !out) throw new Error('usage: tool/pack build/web build/gen/web_pack.c');
  const files = describe(folder);
  if (!files.some((f) => f.path === '/index.html')) throw new Error(`${folder} holds no index.html`);
  const blobs = `${out.replace(/\.c$/, '')}.d`;
  fs.rmSync(blobs, { recursive: true, force: true });
  fs.mkdirSync(blobs, { recursive: true });
  const keep = (label, bytes) => {
    const file = path.resolve(blobs, label);
    fs.writeFileSync(file, bytes);
    return blob(label, file);
  };
  const rows = [];
  let text = '/* Made by tool/pack: the files of the web client, sorted by path. Do not edit. */\n#include "role/web_pack.h"\n\n';
  files.forEach((f, i) => {
    text += keep(`web_data_${i}`, f.data);
    if (f.gzip) text += keep(`web_gzip_${i}`, f.gzip);
    rows.push(`    {${string(f.path)}, ${string(f.type)}, ${string(f.etag)}, web_data_${i}, ${f.data.length},\n`
      + `     ${f.gzip ? `web_gzip_${i}, ${f.gzip.length}` : 'NULL, 0'}, ${f.immutable}},\n`);
  });
  text += `\nconst struct web_file web_files[] = {\n${rows.join('')}};\n\nconst size_t web_file_count = ${files.length};\n`;
  fs.writeFileSync(out, text);
}

if (process.argv[1] && fileURLToPath(import.meta.url) === fs.realpathSync(process.argv[1])) main(process.argv.slice(2));

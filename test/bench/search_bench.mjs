// Searching 1,000,000 messages of real Japanese: build/bench/search over the sentences of Debian's package manpages-ja, which
// is fetched and unpacked under build/ here; nothing of it is kept in the repository.
// usage: make bench, or node test/bench/search_bench.mjs
import { execFileSync, spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import zlib from 'node:zlib';
import { ROOT } from '../lib/house.mjs';

const folder = path.join(ROOT, 'build/manpages-ja');
const sentences = path.join(folder, 'sentences.txt');

function unpacked() {
    fs.mkdirSync(folder, { recursive: true });
    execFileSync('apt-get', ['-qq', 'download', 'manpages-ja'], { cwd: folder, stdio: ['ignore', 'ignore', 'inherit'] });
    const deb = fs.readdirSync(folder).find((f) => f.endsWith('.deb'));
    execFileSync('dpkg-deb', ['-x', deb, 'root'], { cwd: folder });
}

/** Words as they are read: without the requests and escapes of the page's language. */
function plain(page) {
    return page.split('\n').filter((l) => !/^['.]\\"/.test(l)).map((l) => l.replace(/^\.[A-Za-z]+ ?/, ''))
        .join('\n').replace(/\\f[A-Z]|\\&|\\\||\\f\(..|\\s[-+]?\d/g, '').replace(/\\-/g, '-').replace(/\\\(..|\\\*\(..|\\./g, ' ');
}

function made() {
    const out = new Set();
    const walk = (dir) => {
        for (const e of fs.readdirSync(dir, { withFileTypes: true })) {
            const file = path.join(dir, e.name);
            if (e.isDirectory())
                walk(file);
            else if (e.isFile() && file.endsWith('.gz'))
                for (const s of plain(zlib.gunzipSync(fs.readFileSync(file)).toString('utf8')).split(/\n\n|(?<=。)/)) {
                    const line = s.replace(/\s+/g, ' ').replace(/[^\P{C}]/gu, '').trim();
                    if (/[぀-ヿ]/.test(line) && line.length >= 8 && line.length <= 120)
                        out.add(line);
                }
        }
    };
    walk(path.join(folder, 'root/usr/share/man'));
    fs.writeFileSync(sentences, [...out].join('\n') + '\n');
}

try {
    if (!fs.existsSync(sentences)) {
        unpacked();
        made();
    }
} catch (e) {
    console.log(`search: no texts of manpages-ja here: ${e.message.split('\n')[0]}`);
    process.exit(0);
}
process.exit(spawnSync(path.join(ROOT, 'build/bench/search'), [sentences, ...process.argv.slice(2)], { cwd: ROOT, stdio: 'inherit' }).status ?? 1);

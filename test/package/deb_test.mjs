// The Debian package as an administrator meets it: what is in it, installed into a root of its own, serving from there
// and gone without traces. dpkg runs for that root alone (--root), its scripts know it by DPKG_ROOT.
import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import fs from 'node:fs';
import https from 'node:https';
import path from 'node:path';
import test from 'node:test';
import { House, ROOT } from '../lib/house.mjs';

const OUT = path.join(ROOT, 'build/package');
const deb = () => {
    const all = fs.readdirSync(OUT).filter((n) => n.endsWith('.deb'));
    assert.equal(all.length, 1, 'make package leaves one package');
    return path.join(OUT, all[0]);
};
const run = (program, args) => execFileSync(program, args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });

/** A root that holds nothing but dpkg's books. */
function emptyRoot() {
    const root = fs.mkdtempSync(path.join(ROOT, 'build/root-'));
    for (const d of ['updates', 'info', 'triggers']) fs.mkdirSync(path.join(root, 'var/lib/dpkg', d), { recursive: true });
    for (const f of ['status', 'available']) fs.writeFileSync(path.join(root, 'var/lib/dpkg', f), '');
    return root;
}

function dpkg(root, ...args) {
    const all = [`--root=${root}`, '--force-script-chrootless', '--force-not-root', '--force-depends', '--log=/dev/null', ...args];
    const r = spawnSync('dpkg', all, { encoding: 'utf8' });
    assert.equal(r.status, 0, `dpkg ${args[0]}: ${r.stdout}${r.stderr}`);
    return r.stdout + r.stderr;
}

/** Files below the root, without dpkg's own. */
function left(root) {
    return fs.readdirSync(root, { recursive: true, withFileTypes: true })
        .filter((e) => !e.isDirectory())
        .map((e) => path.relative(root, path.join(e.parentPath ?? e.path, e.name)))
        .filter((n) => !n.startsWith('var/lib/dpkg/'))
        .sort();
}

function get(house, where) {
    return new Promise((resolve, reject) => {
        https.get(`${house.origin}${where}`, { ca: house.ca }, (r) => {
            let text = '';
            r.on('data', (d) => (text += d));
            r.on('end', () => resolve({ status: r.statusCode, text }));
        }).on('error', reject);
    });
}

test('the package holds the programs, the unit and the papers, all root\'s and nothing writable by others', () => {
    const rows = run('dpkg-deb', ['-c', deb()]).trim().split('\n').map((l) => l.split(/\s+/));
    const mode = new Map(rows.map((r) => [r[5], r[0]]));
    for (const p of ['usr/bin/engawactl', 'usr/bin/auditverify', 'usr/sbin/engawad', 'usr/sbin/engawa-media', 'usr/sbin/engawa-fetch', 'usr/sbin/engawa-store', 'usr/share/engawa/devca']) assert.equal(mode.get(`./${p}`), '-rwxr-xr-x', p);
    for (const p of ['lib/systemd/system/engawa.service', 'lib/systemd/system/engawa-status.service', 'lib/systemd/system/engawa-status.timer', 'usr/lib/tmpfiles.d/engawa.conf', 'usr/share/doc/engawa/operations.md', 'usr/share/doc/engawa/copyright'])
        assert.equal(mode.get(`./${p}`), '-rw-r--r--', p);
    for (const [m, owner, , , , name] of rows) {
        assert.equal(owner, 'root/root', name);
        assert.match(m, /^[d-]rw[x-]r-[x-]r-[x-]$/, `${name}: ${m}`);
    }
    assert.match(run('dpkg-deb', ['-f', deb(), 'Depends']), /libc6 \(>= 2\.\d+\), libssl3 \| /);
});

test('it names every library that its programs are linked with', () => {
    const root = fs.mkdtempSync(path.join(ROOT, 'build/root-'));
    try {
        run('dpkg-deb', ['-x', deb(), root]);
        const depends = run('dpkg-deb', ['-f', deb(), 'Depends']);
        const of = { 'libc.so.6': 'libc6', 'libm.so.6': 'libc6', 'libssl.so.3': 'libssl3', 'libcrypto.so.3': 'libssl3', 'libsodium.so.23': 'libsodium23',
            'libseccomp.so.2': 'libseccomp2', 'liboath.so.0': 'liboath0', 'libarchive.so.13': 'libarchive13', 'libvips.so.42': 'libvips42', 'libpoppler-glib.so.8': 'libpoppler-glib8',
            'libcairo.so.2': 'libcairo2', 'libgobject-2.0.so.0': 'libglib2.0-0', 'libglib-2.0.so.0': 'libglib2.0-0', 'libxml2.so.2': 'libxml2', 'libcurl.so.4': 'libcurl4', 'ld-linux-x86-64.so.2': 'libc6', 'ld-linux-aarch64.so.1': 'libc6' };
        for (const p of ['usr/bin/engawactl', 'usr/bin/auditverify', 'usr/sbin/engawad', 'usr/sbin/engawa-media', 'usr/sbin/engawa-fetch', 'usr/sbin/engawa-store']) {
            const text = run('readelf', ['-dW', path.join(root, p)]);
            const needed = [...text.matchAll(/\(NEEDED\).*\[(.*)\]/g)].map((m) => m[1]);
            assert.ok(needed.length > 0, p);
            for (const lib of needed) assert.ok(of[lib] && depends.includes(of[lib]), `${p} needs ${lib}`);
            assert.doesNotMatch(run('readelf', ['-SW', path.join(root, p)]), /\.debug_info/, `${p} is stripped`);
        }
    } finally {
        fs.rmSync(root, { recursive: true });
    }
});

test('installed, it serves; removed, the data stay; purged with the marker, nothing is left', async () => {
    const root = emptyRoot();
    let house;
    try {
        assert.match(dpkg(root, '--install', deb()), /engawactl --data \/var\/lib\/engawa init/);
        const data = path.join(root, 'var/lib/engawa');
        assert.equal(fs.statSync(data).mode & 0o777, 0o711);
        fs.symlinkSync('../bin/engawactl', path.join(root, 'usr/sbin/engawactl'));   // House looks beside engawad
        house = await House.start({ program: path.join(root, 'usr/sbin/engawad'), dir: data });
        const health = run(path.join(root, 'usr/bin/engawactl'), ['--data', data, 'health']);
        assert.match(health, /keyd/);
        const page = await get(house, '/');
        assert.equal(page.status, 200);
        assert.match(page.text, /<html/i);
        await house.stop();
        house = undefined;
        fs.unlinkSync(path.join(root, 'usr/sbin/engawactl'));
        fs.mkdirSync(data, { recursive: true });
        fs.writeFileSync(path.join(data, 'written'), 'by people');

        dpkg(root, '--remove', 'engawa');
        assert.ok(!fs.existsSync(path.join(root, 'usr/sbin/engawad')));
        assert.ok(fs.existsSync(path.join(data, 'written')), 'apt remove keeps the data');

        dpkg(root, '--install', deb());
        assert.match(dpkg(root, '--purge', 'engawa'), /is left as it is/);
        assert.ok(fs.existsSync(path.join(data, 'written')), 'apt purge alone keeps them too');

        dpkg(root, '--install', deb());
        fs.writeFileSync(path.join(data, 'remove-everything'), '');
        dpkg(root, '--purge', 'engawa');
        assert.deepEqual(left(root), []);
        assert.ok(!fs.existsSync(data));
    } finally {
        await house?.stop();
        fs.rmSync(root, { recursive: true, force: true });
    }
});

// Files that were made to hurt who opens them: what is refused, and within which limits; and that nobody else notices.
import fs from 'node:fs';
import path from 'node:path';
import zlib from 'node:zlib';
import { House, until } from '../lib/house.mjs';
import { Client, newAddress } from '../lib/http.mjs';
import { newKey, twoInARoom } from '../lib/people.mjs';
import { gifOf, png, psd, tiff, webp, webpOf } from '../lib/pictures.mjs';
import { linkIn7z, linkInZip, sevenZipOf, tarOf, zeros, zipOf, zipOfMany } from '../lib/packed.mjs';
import { after, assert, before, proves, test } from '../lib/test.mjs';

let house, acme, chief, ann, ben, room;

before(async () => {
    house = await House.start({ config: { edge_rate: '1000000', edge_burst: '1000000' } });
    ({ acme, chief, ann, ben, room } = await twoInARoom(house));
});
after(() => house.remove());

const code = (r) => `${r.status} ${r.json?.error?.code ?? ''}`.trim();
const one = { name: 'a.txt', bytes: Buffer.from('x') };

/* Why the last file was not let through and what that took, as the house's log has it: ms of the processor, KiB of memory. */
const lastLook = () => {
    const line = house.logText().split('\n').filter((l) => l.includes(' was not read: ')).at(-1);
    const [, why, ms, kib] = line.match(/ was not read: (.*) \((\d+) ms, (\d+) KiB\)$/);
    return { why, ms: Number(ms), kib: Number(kib) };
};
const inspect = (value) => chief.put('/console/settings/file.type.inspect_archives', { value });
const media = () => fs.readdirSync('/proc').filter((d) => {
    try {
        return /^\d+$/.test(d) && fs.readFileSync(`/proc/${d}/cmdline`, 'latin1').includes('engawa-media') && fs.readFileSync(`/proc/${d}/stat`, 'latin1').split(' ')[3] === String(house.process.pid);
    } catch {
        return false;
    }
});
const everyName = (dir) => fs.readdirSync(dir, { recursive: true }).map((n) => path.basename(n));

/** 42.zip in small: `wide` archives in each, `deep` of them in one another, and zeros at the bottom. */
function nested(deep, wide, bottom) {
    let inner = zipOf([{ name: '0.dll', ...bottom }]);
    for (let i = 0; i < deep; i++)
        inner = zipOf(Array.from({ length: wide }, (_, k) => ({ name: `lib ${k}.zip`, bytes: inner })));
    return inner;
}

/* Where the list says that the second file is there is none. */
const broken = zipOf([one, one]);
broken[broken.indexOf('PK\x03\x04', 4, 'latin1') + 2] = 9;

const flat = zeros(80), mark = `escape-${process.pid}`;
const hostile = [
    ['flat.zip', 'becomes far more', zipOf([{ name: '0', ...flat }])],
    ['flat64.zip', 'becomes far more', zipOf(Array.from({ length: 16 }, (_, i) => ({ name: String(i), packed: Buffer.from([3, 0]), size: 0xfffffff0 })))],
    ['42.zip', 'becomes far more', nested(4, 16, flat)],
    ['sparse.tar', 'becomes far more', tarOf([{ name: 'a', size: 8 ** 11 - 1 }])],
    ['overlap.zip', 'share bytes', zipOf([{ name: 'a', bytes: Buffer.from('x'.repeat(99)) }, { name: 'b', bytes: Buffer.from('x'.repeat(99)), at: 0 }])],
    ['quoted.zip', 'share bytes', zipOf([{ name: 'a', packed: Buffer.alloc(400) }, { name: 'b', packed: Buffer.alloc(100), at: 60 }])],
    ['million.zip', 'too many files', zipOfMany(1_000_000)],
    ['million.7z', 'more memory|too many files', sevenZipOf(['a'], { claimed: 1_000_000 })],
    ['million.tar', 'too many files', Buffer.concat([...Array(100_001).fill(tarOf([{ name: 'a' }]).subarray(0, 512)), Buffer.alloc(1024)])],
    ['link.zip', 'with links', zipOf([one, linkInZip('b', '/etc/passwd')])],
    ['link.tar', 'with links', tarOf([one, { name: 'b', kind: 2, to: '/etc' }, { name: `b/${mark}` }])],
    ['link.7z', 'with links', sevenZipOf(['b'], { attributes: [linkIn7z], bytes: Buffer.from('/etc/passwd') })],
    ['second.tar', 'with links', tarOf([{ name: 'b', kind: 1, to: '../../etc/passwd' }])],
    ['list.zip', 'leads nowhere', broken],
];
for (const [what, name] of [['up', `../../${mark}`], ['in', `a/../../${mark}`], ['windows', `a\\..\\..\\${mark}`], ['absolute', `/tmp/${mark}`], ['drive', `C:\\${mark}`], ['root', `\\${mark}`]])
    hostile.push([`${what}.zip`, 'leaves its folder', zipOf([one, { name, bytes: Buffer.from('x') }])], [`${what}.tar`, 'leaves its folder', tarOf([one, { name, bytes: Buffer.from('x') }])],
        [`${what}.7z`, 'leaves its folder', sevenZipOf([name])]);
hostile.push(['beside.zip', 'leaves its folder', zipOf([{ name: 'a', local: `../${mark}` }])]);

test('archives that no honest program makes are refused within hard limits, and nothing of them is written anywhere', async (t) => {
    proves('B7.03');
    const before = (await ben.get(`/rooms/${room}/messages`)).json.messages.length;
    let most = { ms: 0, kib: 0 };
    for (const [name, why, bytes] of hostile) {
        assert.equal(code(await ann.upload(room, name, bytes)), '403 file_type', name);
        const look = lastLook();
        assert.match(look.why, new RegExp(why), name);
        most = { ms: Math.max(most.ms, look.ms), kib: Math.max(most.kib, look.kib) };
    }
    t.diagnostic(`at most ${most.ms} ms of the processor, ${most.kib} KiB of memory`);
    assert.equal((await ben.get(`/rooms/${room}/messages`)).json.messages.length, before, 'nobody has them');
    for (const dir of [house.dir, path.dirname(house.dir), '/tmp'])
        assert.ok(!fs.readdirSync(dir).includes(mark), dir);
    assert.ok(!everyName(house.dir).some((n) => [mark, '0.dll', 'a.txt'].includes(n)), 'nothing was unpacked');
    const rows = await chief.audit();
    assert.ok(rows.filter((r) => r.act === 'file.uploaded' && r.result === 'file_type' && r.actor === ann.id).length >= 1, 'a refusal has its row');
});

test('their honest twins pass', async () => {
    const small = zeros(1), inner = zipOf([one]);
    for (const [name, bytes] of [['flat.zip', zipOf([{ name: '0', ...small }])], ['two.zip', zipOf([{ name: 'a.zip', bytes: inner }, { name: 'b.zip', bytes: inner }])], ['many.zip', zipOfMany(100_000)],
        ['some.tar', tarOf([one, { name: 'b', kind: 1, to: 'a.txt' }, { name: 'c..d/..e', bytes: Buffer.from('x') }])], ['some.7z', sevenZipOf(['a.txt', '写真/見積.txt'])], ['dots.zip', zipOf([{ name: 'a/..b/c..' }, { name: 'xx:y' }])],
        ['cp932.zip', zipOf([{ name: Buffer.from('93fa967b2e747874', 'hex') }])], ['neither.zip', zipOf([{ name: Buffer.from('ff80fe2e747874', 'hex') }])], ['before.zip', Buffer.concat([inner.subarray(0, 4), Buffer.alloc(60), inner])]])
        assert.equal((await ann.upload(room, name, bytes)).status, 200, name);
    assert.equal(code(await ann.upload(room, 'one.zip', zipOfMany(100_001))), '403 file_type', 'one too many');
    await inspect('false');
    assert.equal((await ann.upload(room, 'link.zip', zipOf([linkInZip('b', '/etc/passwd')]))).status, 200, 'where nobody asked to look into it');
    await inspect('true');
});

test('a limited extension is found by each name that an archive has for it, in its list and beside the bytes', async () => {
    for (const [name, bytes] of [['list.zip', zipOf([{ name: 'b.exe', local: 'b.txt' }])], ['beside.zip', zipOf([{ name: 'b.txt', local: 'b.exe' }])], ['no.zip', zipOf([{ name: 'b.exe', bytes: Buffer.from('x') }], { list: false })],
        ['b.7z', sevenZipOf(['写真/見積.exe'])], ['cp932.zip', zipOf([{ name: Buffer.from('93fa967b2e657865', 'hex') }])], ['wide932.zip', zipOf([{ name: Buffer.from('93fa967b2e828582988285', 'hex') }])],
        ['neither.zip', zipOf([{ name: Buffer.from('ff80fe2e657865', 'hex') }])], ['nul.zip', zipOf([{ name: 'b.exe\0.txt' }])], ['c.7z', sevenZipOf(['b.ｅｘｅ . '])], ['b.tar', tarOf([{ name: 'd/b.EXE', bytes: Buffer.from('x') }])], ['c.tar', tarOf([{ name: 'd/b.exe::$DATA', bytes: Buffer.from('x') }])]])
        assert.equal(code(await ann.upload(room, name, bytes)), '403 file_type', name);
});

test('who looks into an archive without end is ended by its own limits, and others talk on meanwhile', async () => {
    for (let talked = false, times = 0; !talked; times++) {
        assert.ok(times < 5, 'a message was answered while it worked');
        let over = false;
        const upload = ann.upload(room, 'endless.zip', zipOf([{ name: 'engawa-spin' }])).finally(() => { over = true; });
        await until('somebody looks into it', async () => media().length > 0 || over);
        const r = await ben.post(`/rooms/${room}/messages`, { key: newKey(), text: 'また明日' });
        assert.equal(r.status, 200, r.text);
        talked = !over;
        assert.equal(code(await upload), '403 file_type');
        const look = lastLook();
        assert.equal(look.why, 'it took more than there is for it');
        assert.ok(look.ms <= 2000 && look.kib <= 65536, `${look.ms} ms, ${look.kib} KiB`);
    }
    assert.equal(code(await ann.upload(room, 'large.7z', sevenZipOf(['a'], { claimed: 8_000_000 }))), '403 file_type');
    assert.match(lastLook().why, /more memory than there is/);
    assert.equal((await ann.send(room, [['a.zip', zipOf([one])]])).status, 200, 'the next one is looked into');
});

/* Sent, saved as it is, and shown by nobody. */
async function plainFile(name, bytes) {
    const r = await ann.send(room, [[name, bytes]]);
    assert.equal(r.status, 200, `${name}: ${r.text}`);
    const f = r.json.content.files[0];
    assert.deepEqual([f.width, f.height, f.pages], [undefined, undefined, undefined], name);
    for (const use of ['show', 'small', 'large'])
        assert.match(code(await ben.post(`/files/${f.id}/ticket`, { use })), /^40[34] /, `${name} ${use}`);
    const had = await new Client(house, { address: newAddress() }).get(await ben.fileUrl(f.id, 'save'));
    assert.equal(had.status, 200);
    assert.match(had.header('Content-Disposition'), /^attachment/, name);
    assert.equal(had.header('X-Content-Type-Options'), 'nosniff', name);
    assert.match(had.header('Content-Security-Policy'), /sandbox/, name);
    assert.ok(had.body.equals(bytes), name);
    return { type: f.type, sent: had.header('Content-Type') };
}

test('pictures of too many pixels or frames, and those that lie about their size, are refused before anything is decoded', async () => {
    proves('B7.04');
    /* None could be decoded: were it tried, that would be the reason. */
    for (const [name, why, bytes] of [['bomb.png', 'too many pixels', png(20, 20, { head: [50_000, 50_000] })], ['wide.png', 'too many pixels', png(20, 20, { head: [10_000, 10_000] })],
        ['bomb.gif', 'too many frames', gifOf(100_000, { torn: true })], ['bomb.webp', 'too many frames', webpOf(100_000)]]) {
        assert.equal((await plainFile(name, bytes)).type, 'application/octet-stream', name);
        assert.equal(lastLook().why, why, name);
    }
    /* For these nobody has a decoder, and nobody is asked: who looked at one would have its size, or a reason why not. */
    const looks = () => house.logText().split(' was not read: ').length, before = looks();
    for (const [name, type, bytes] of [['a.psd', 'image/vnd.adobe.photoshop', psd(300_000, 300_000)], ['b.psd', 'image/vnd.adobe.photoshop', psd(0xffffffff, 0xffffffff)], ['psd.png', 'image/vnd.adobe.photoshop', psd(2 ** 31, 1)],
        ['a.tif', 'image/tiff', tiff(0xffffffff, 0xffffffff)], ['b.tif', 'image/tiff', tiff(60_000, 60_000)], ['tiff.jpg', 'image/tiff', tiff(1, 2 ** 31)]])
        assert.deepEqual(await plainFile(name, bytes), { type, sent: type }, name);
    assert.equal(looks(), before);
    const svg = '<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"><script>alert(1)</script></svg>';
    for (const [name, bytes] of [['a.svg', Buffer.from(svg)], ['b.svg', Buffer.from(`﻿<?xml version="1.0"?>\n${svg}`)], ['c.svgz', zlib.gzipSync(svg)], ['svg.png', Buffer.from(svg)], ['page.html', Buffer.from(`<!doctype html>${svg}`)]]) {
        const { type, sent } = await plainFile(name, bytes);
        assert.ok(!/svg|html|xml/.test(`${type} ${sent}`), `${name}: ${type} ${sent}`);
    }
    /* Their honest twins are shown. */
    for (const [name, type, bytes] of [['a.gif', 'image/gif', gifOf(5000)], ['a.webp', 'image/webp', webpOf(50)], ['b.webp', 'image/webp', webp()], ['a.png', 'image/png', png(20, 20)]]) {
        const f = (await ann.send(room, [[name, bytes]])).json.content.files[0];
        assert.equal(f.type, type, name);
        for (const use of ['show', 'small', 'large'])
            assert.equal((await ben.post(`/files/${f.id}/ticket`, { use })).status, 200, `${name} ${use}`);
    }
    assert.equal((await ann.send(room, [['one.gif', gifOf(5001)]])).json.content.files[0].type, 'application/octet-stream', 'one too many');
});

/* One extension however it is written: as people, systems and those who want past a list do. */
const spellings = ['a.exe', 'a.EXE', 'a.eXe', 'a.exe.', 'a.exe...', 'a.exe ', 'a.exe . .', 'a.exe\u3000', 'a.exe\u00a0', 'a.exe%00', 'a.exe%00.png', 'a.exe::$DATA', 'a.exe::$data', 'a.exe:$I30:x.png', 'a.exe;.png',
    'a\u202egnp.exe', 'a.\u202eexe', 'a.exe\u202c', 'a.e\u200bx\u2060e', 'a.e\u00adxe', 'a.ｅｘｅ', 'ａ．ＥＸＥ', 'a。exe', 'a｡exe', 'a.exe\uff0e', 'a.pdf.exe', 'a.exe\u2028'];
const innocent = ['a.exe.txt', 'exe', 'a.exex', 'a.ex', 'exe.png', '実行.txt', 'a exe'];

test('a limited extension is refused however it is written, alone and in an archive', async () => {
    for (const name of spellings) {
        assert.equal(code(await ann.upload(room, name, Buffer.from('x'))), '403 file_type', JSON.stringify(name));
        assert.equal(code(await ann.upload(room, 'a.zip', zipOf([one, { name: `d/${name}`, bytes: Buffer.from('x') }]))), '403 file_type', `${JSON.stringify(name)} in a zip`);
    }
    for (const name of innocent)
        assert.equal((await ann.upload(room, name, Buffer.from('x'))).status, 200, name);
    assert.equal((await ann.upload(room, 'a.zip', zipOf(innocent.map((name) => ({ name, bytes: Buffer.from('x') }))))).status, 200, 'in a zip');
    for (const name of ['a.png', 'a.pdf', 'a'])
        assert.equal(code(await ann.upload(room, name, Buffer.from('MZ\x90\0\x03\0\0\0', 'latin1'))), '403 file_type', `a program called ${name}`);
});

test('the list takes 200 extensions and not one more, and each of them counts', async () => {
    const list = (n) => Array.from({ length: n }, (_, i) => `x${i}`).join('|'), put = (value) => chief.put('/console/settings/file.type.extensions', { value });
    assert.equal((await put(list(200))).status, 200);
    assert.equal((await put(list(201))).status, 400);
    for (const name of ['a.x0', 'a.X199 .'])
        assert.equal(code(await ann.upload(room, name, Buffer.from('x'))), '403 file_type', name);
    for (const name of ['a.x200', 'a.exe'])
        assert.equal((await ann.upload(room, name, Buffer.from('x'))).status, 200, name);
    assert.equal((await put('exe|bat|cmd|com|scr|msi|js|vbs|ps1|jar|lnk')).status, 200);
});

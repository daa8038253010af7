// Files in talk: uploaded in parts, sent with a message, had by a ticket; by whom, for how long, and what is written of it.
import { createHash, randomBytes } from 'node:crypto';
import { execFile } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { Client, newAddress } from '../lib/http.mjs';
import { House } from '../lib/house.mjs';
import { photo } from '../lib/calls.mjs';
import { mp4, pdf, png } from '../lib/pictures.mjs';
import { newKey, openTenant } from '../lib/people.mjs';
import { after, assert, before, proves, test, until } from '../lib/test.mjs';

const CHUNK = 65536, PART = 1 << 20, MB = 1 << 20, DAY = 86_400_000;
const PNG = png(300, 230);                                // more than three chunks of noise
let house, acme, rival, chief, ann, ben, out, room;
let number = 0;

before(async () => {
    house = await House.start({ config: { edge_rate: '1000000', edge_burst: '1000000' } });
    acme = await openTenant(house, 'acme');
    rival = await openTenant(house, 'rival');
    chief = await (await acme.chief.signIn()).openConsole();
    [ann, ben, out] = await Promise.all(['ann', 'ben', 'out'].map(async (n) => (await acme.add(n)).signIn()));
    await rival.chief.signIn();
    room = await acme.room('間', ann, ben);
});
after(() => house.remove());

const set = async (key, value) => {
    const r = await chief.put(`/console/settings/${key}`, { value });
    assert.equal(r.status, 200, `${key}: ${r.text}`);
};
async function withSetting(key, value, then, usual) {
    await set(key, value);
    try {
        return await then();
    } finally {
        await set(key, usual);
    }
}
const code = (r) => `${r.status} ${r.json?.error?.code ?? ''}`.trim();
const sent = async (name, bytes, p = ann, to = room) => {
    const r = await p.send(to, [[name, bytes]]);
    assert.equal(r.status, 200, r.text);
    return r.json;
};
const fileOf = (message) => message.content.files[0].id;
/** Whoever has the address, at another machine, without a cookie. */
const stranger = () => new Client(house, { address: newAddress() });
const fetch = (url, options) => stranger().get(url, options);
const blobs = (t = acme) => {
    const dir = path.join(house.dir, 'tenants', t.number, 'blobs');
    return fs.existsSync(dir) ? fs.readdirSync(dir, { recursive: true, withFileTypes: true }).filter((e) => e.isFile()).map((e) => path.join(e.parentPath ?? e.path, e.name)) : [];
};

test('what is uploaded in parts, sent and fetched is the same, and the message says name, type and size', async () => {
    const bytes = randomBytes(2 * PART + 12345);
    const ws = await ben.socket();
    const begun = await ann.beginUpload(room, '見積書 2026.bin', bytes);
    assert.equal(begun.status, 200, begun.text);
    assert.deepEqual([begun.json.stored, begun.json.part_max, begun.json.ready], [0, PART, false]);
    const { id } = begun.json;
    for (let at = 0; at < bytes.length; at += PART) {
        const r = await ann.part(id, at, bytes.subarray(at, at + PART));
        assert.equal(r.status, 200, r.text);
        assert.equal(r.json.stored, Math.min(at + PART, bytes.length));
        assert.equal(r.json.ready, at + PART >= bytes.length);
    }
    const key = newKey();
    const body = { key, kind: 'file', files: [id], text: 'ご確認ください' };
    const posted = await ann.post(`/rooms/${room}/messages`, body);
    assert.equal(posted.status, 200, posted.text);
    const want = [{ id, name: '見積書 2026.bin', type: 'application/octet-stream', size: bytes.length, check: 'none' }];
    assert.deepEqual(posted.json.content.files, want);
    const event = await ws.event('talk.message.posted');
    assert.deepEqual(event.data.content.files, want);
    assert.equal(event.data.kind, 'file');
    assert.deepEqual((await ben.get(`/rooms/${room}/messages`)).json.messages[0].content.files, want);
    assert.equal((await ann.post(`/rooms/${room}/messages`, body)).json.id, posted.json.id, 'a retry is the same message');
    assert.equal(code(await ann.post(`/rooms/${room}/messages`, { ...body, key: newKey() })), '409 upload_state', 'a file is in one message');
    const r = await fetch(await ben.fileUrl(id));
    assert.equal(r.status, 200);
    assert.ok(r.body.equals(bytes));
    ws.end();
});

test('an album of twenty files; one more, none, or one twice is refused', async () => {
    const files = Array.from({ length: 20 }, (_, i) => [`写真${i}.png`, png(8, 8)]);
    const r = await ann.send(room, files);
    assert.equal(r.status, 200, r.text);
    assert.deepEqual(r.json.content.files.map((f) => f.name), files.map(([n]) => n));
    assert.ok(r.json.content.files.every((f) => f.type === 'image/png'));
    const ids = [];
    for (let i = 0; i < 2; i++)
        ids.push((await ann.upload(room, `${i}.txt`, Buffer.from('x'))).json.id);
    const post = (more) => ann.post(`/rooms/${room}/messages`, { key: newKey(), kind: 'file', ...more });
    assert.equal((await post({ files: [] })).status, 400);
    assert.equal((await post({})).status, 400);
    assert.equal((await post({ kind: 'text', text: 'x', files: [ids[0]] })).status, 400);
    assert.equal((await post({ files: [ids[0], ids[0]] })).status, 400);
    assert.equal((await post({ files: Array.from({ length: 21 }, () => ids[0]) })).status, 400);
    assert.equal((await post({ files: ids })).status, 200, 'what was refused left them as they were');
});

test('an upload goes on where the server says, after a line that broke', async () => {
    const bytes = randomBytes(PART + 5 * CHUNK + 1);
    const { id } = (await ann.beginUpload(room, 'r.bin', bytes)).json;
    assert.equal((await ann.part(id, 0, bytes.subarray(0, 2 * CHUNK))).json.stored, 2 * CHUNK);
    // Half a part, and the line is gone.
    const c = new Client(house, { address: ann.client.address });
    c.cookies = ann.client.cookies;
    const whole = c.bytes('PUT', ann.path(`/uploads/${id}?at=${2 * CHUNK}`), { body: bytes.subarray(2 * CHUNK, 2 * CHUNK + PART), headers: { 'Content-Type': 'application/octet-stream' } });
    c.wire = await (await import('../lib/http.mjs')).Wire.connect(house, { address: c.address });
    await new Promise((r) => c.wire.socket.write(whole.subarray(0, whole.length - 1000), r));
    c.close();
    let at = (await ann.get(`/uploads/${id}`)).json.stored;
    assert.equal(at, 2 * CHUNK, 'what was not answered is not counted');
    for (;;) {
        const r = await ann.part(id, at, bytes.subarray(at, at + PART));
        if (r.status === 409)
            continue;                                     // the broken one is not gone yet
        assert.equal(r.status, 200, r.text);
        at = r.json.stored;
        if (r.json.ready)
            break;
    }
    const m = await ann.post(`/rooms/${room}/messages`, { key: newKey(), kind: 'file', files: [id] });
    assert.ok((await fetch(await ben.fileUrl(fileOf(m.json)))).body.equals(bytes));
});

test('foreign ids, gaps, lies about size and hash are refused; a cancelled upload leaves nothing', async () => {
    proves('B7.10');
    const bytes = randomBytes(3 * CHUNK);
    const { id } = (await ann.beginUpload(room, 'x.bin', bytes)).json;
    for (const who of [ben, out]) {
        assert.equal((await who.get(`/uploads/${id}`)).status, 404);
        assert.equal((await who.part(id, 0, bytes)).status, 404);
        assert.equal((await who.delete(`/uploads/${id}`)).status, 404);
        assert.equal((await who.post(`/rooms/${room}/messages`, { key: newKey(), kind: 'file', files: [id] })).status, 404);
    }
    assert.equal(code(await ann.part(id, CHUNK, bytes.subarray(CHUNK))), '409 upload_state', 'a gap');
    assert.equal((await ann.part(id, 0, bytes.subarray(0, 1000))).status, 400, 'no whole chunks');
    assert.equal((await ann.part(id, 0, Buffer.alloc(0))).status, 400);
    assert.equal((await ann.part(id, 0, Buffer.concat([bytes, bytes]))).status, 413, 'more than was declared');
    assert.equal((await ann.part(id, 0, Buffer.alloc(PART + CHUNK))).status, 413);
    assert.equal((await ann.part(id, 0, bytes, { headers: { 'Content-Type': 'text/plain' } })).status, 403);
    assert.equal((await ann.part(id, 0, bytes, { headers: { 'X-Engawa': null } })).status, 403);
    assert.equal(code(await ann.post(`/rooms/${room}/messages`, { key: newKey(), kind: 'file', files: [id] })), '409 upload_state');
    const before = blobs().length;
    assert.equal((await ann.part(id, 0, bytes.subarray(0, CHUNK))).status, 200);
    assert.equal(blobs().length, before + 1);
    assert.equal((await ann.delete(`/uploads/${id}`)).status, 200);
    assert.equal((await ann.get(`/uploads/${id}`)).status, 404);
    assert.equal(blobs().length, before);
    const lie = (await ann.beginUpload(room, 'y.bin', bytes, { sha256: createHash('sha256').update('else').digest('hex') })).json.id;
    const r = await ann.part(lie, 0, bytes);
    assert.deepEqual([r.status, r.json.error.field], [400, 'sha256']);
    assert.equal((await ann.get(`/uploads/${lie}`)).json.ready, false);
    assert.equal((await out.beginUpload(room, 'x', bytes)).status, 404, 'no member of the room');
    for (const bad of [{ size: 0 }, { size: -1 }, { sha256: 'zz'.repeat(32) }, { sha256: 'ab' }, { name: '' }])
        assert.equal((await ann.beginUpload(room, 'x', bytes, bad)).status, 400, JSON.stringify(bad));
});

test('who has the answer to a part may send the next one at once', async () => {
    const { id } = (await ann.beginUpload(room, 'next.bin', Buffer.alloc(CHUNK))).json;
    for (let i = 0; i < 1500; i++)
        assert.equal(code(await ann.part(id, 0, Buffer.from('x'))), '400 invalid_value', `part ${i}`);
});

test('the size of a file: one byte below the limit passes, the limit itself does not', async () => {
    proves('TLK-08');
    await withSetting('talk.file_max_size', '1MB', async () => {
        assert.equal((await ann.upload(room, 'a.bin', Buffer.alloc(MB - 1))).json.ready, true);
        assert.equal(code(await ann.upload(room, 'b.bin', Buffer.alloc(MB))), '413 too_large');
    }, '100MB');
    assert.equal((await ann.upload(room, 'b.bin', Buffer.alloc(MB))).json.ready, true);
});

test('limited extensions, however they are written, and programs under another name', async () => {
    proves('FIL-05');
    const names = ['a.exe', 'a.EXE', 'a.EXE .', 'a.exe..', 'a.ｅｘｅ', 'a．exe', 'a.pdf.exe', 'a.exe%00.png', 'a.exe::$DATA', 'a.exe:x.png', 'a.\u200bexe',
        'a.e\u202exe', '\u202egnp.exe', 'b/a.exe', 'a.bat', 'a.exe;.jpg'];
    for (const name of names)
        assert.equal(code(await ann.upload(room, name, Buffer.from('x'))), '403 file_type', name);
    for (const [name, head] of [['a.png', 'MZ\x90\0'], ['a', '\x7fELF'], ['b.pdf', 'MZ']])
        assert.equal(code(await ann.upload(room, name, Buffer.from(head, 'latin1'))), '403 file_type', name);
    for (const name of ['exe', 'a.exe.txt', 'exe.png', 'a.exex', '実行.txt'])
        assert.equal((await ann.upload(room, name, Buffer.from('x'))).json.ready, true, name);
    const rows = await chief.audit();
    assert.ok(rows.some((r) => r.act === 'file.upload' && r.result === 'file_type' && r.actor === ann.id), 'a refusal has its row');
    await withSetting('file.type.services', 'board', async () =>
        assert.equal((await ann.upload(room, 'c.exe', Buffer.from('MZ'))).json.ready, true), 'board|talk|calendar|addressbook|drive|task|survey');
});

test('a file that was sent before its extension was limited cannot be had, sent or passed on any more', async () => {
    proves('FIL-04');
    const m = await sent('a.xyz', Buffer.from('x'));
    const waiting = (await ann.upload(room, 'b.xyz', Buffer.from('x'))).json.id;
    const url = await ben.fileUrl(fileOf(m));
    await withSetting('file.type.extensions', 'exe|xyz', async () => {
        assert.equal(code(await ben.post(`/files/${fileOf(m)}/ticket`, { use: 'save' })), '403 file_type');
        assert.equal(code(await fetch(url)), '403 file_type');
        assert.equal(code(await ann.upload(room, 'c.xyz', Buffer.from('x'))), '403 file_type');
        assert.equal(code(await ann.post(`/rooms/${room}/messages`, { key: newKey(), kind: 'file', files: [waiting] })), '403 file_type');
        assert.equal(code(await ben.post(`/messages/${m.id}/forward`, { to: [{ room, key: newKey() }] })), '403 file_type');
        await withSetting('file.type.services', 'board', async () => assert.equal((await fetch(await ben.fileUrl(fileOf(m)))).status, 200),
            'board|talk|calendar|addressbook|drive|task|survey');
    }, 'exe|bat|cmd|com|scr|msi|js|vbs|ps1|jar|lnk');
});

test('names are cleaned, and no path holds one', async () => {
    proves('B7.06');
    const names = [['../../etc/passwd', 'passwd'], ['..\\..\\boot.ini', 'boot.ini'], ['a\u202egnp.txt', 'agnp.txt'], ['CON', '_CON'], ['com1.txt', '_com1.txt'],
        ['a<b>|c?.txt', 'a_b__c_.txt'], ['...', 'file'], ['.htaccess', 'htaccess'], ['が.txt', 'が.txt'], ['か\u3099.txt', 'か\u3099.txt']];
    for (const [name, shown] of names) {
        const r = await ann.upload(room, name, Buffer.from(name));
        assert.equal(r.json.name, shown, name);
    }
    for (const f of blobs())
        assert.match(path.basename(f), /^\d+(\.part)?$/);
    const long = await ann.upload(room, `${'長'.repeat(500)}.pdf`, Buffer.from('%PDF-1'));
    assert.ok(long.json.name.endsWith('.pdf') && [...long.json.name].length <= 200);
    assert.equal(long.json.type, 'application/pdf');
});

test('who is not in the room, or came later, gets 404, as for a file that never was', async () => {
    const mine = await acme.room('秘', ann);
    const m = await sent('s.txt', Buffer.from('geheim'), ann, mine);
    const id = fileOf(m);
    for (const who of [ben, out, chief])
        assert.equal((await who.post(`/files/${id}/ticket`, { use: 'save' })).status, 404);
    assert.equal((await rival.chief.post(`/files/${id}/ticket`, { use: 'save' })).status, 404);
    await acme.op('room.join', { room: mine, member: ben.id });
    assert.equal((await ben.post(`/files/${id}/ticket`, { use: 'save' })).status, 404, 'said before it came');
    const later = fileOf(await sent('t.txt', Buffer.from('offen'), ann, mine));
    const url = await ben.fileUrl(later);
    assert.equal((await fetch(await ben.fileUrl(later))).text, 'offen');
    await acme.op('room.leave', { room: mine, member: ben.id });
    assert.equal((await fetch(url)).status, 404, 'the ticket asks again');
    assert.equal((await ann.post(`/files/${(await ann.upload(mine, 'u', Buffer.from('x'))).json.id}/ticket`, { use: 'save' })).status, 404, 'in no message yet');
});

test('a ticket: one use of an attachment, its end, its session, every byte of it', async () => {
    proves('FIL-11');
    const id = fileOf(await sent('v.png', PNG));
    const one = await ben.fileUrl(id);
    assert.equal((await stranger().request('HEAD', one)).status, 200);
    assert.equal((await fetch(one)).status, 200);
    assert.equal(code(await fetch(one)), '410 ticket_ended', 'a second use');
    const [show, save] = [await ben.fileUrl(id, 'show'), await ben.fileUrl(id)];
    for (let i = 0; i < 3; i++)
        assert.equal((await fetch(show)).status, 200);
    const at = show.lastIndexOf('/') + 1;
    for (const i of [at, at + 1, at + 5, at + 20, at + 40, show.length - 30, show.length - 2]) {
        const bent = show.slice(0, i) + (show[i] === 'A' ? 'B' : 'A') + show.slice(i + 1);
        assert.equal((await fetch(bent)).status, 404, `character ${i}`);
    }
    assert.equal((await fetch(`${show}A`)).status, 404);
    assert.equal((await fetch(show.replace(`/t/${acme.number}/`, `/t/${rival.number}/`))).status, 404, 'of another tenant');
    const film = mp4(randomBytes(3 * CHUNK));
    const seek = await ben.fileUrl(fileOf(await sent('f.mp4', film)), 'show');
    await acme.clock(61_000);
    assert.equal(code(await fetch(save)), '410 ticket_ended');
    assert.equal((await fetch(show)).status, 200);
    await acme.clock(9 * 60_000);
    for (const from of [2 * CHUNK, 10, CHUNK - 1]) {
        const r = await fetch(seek, { headers: { Range: `bytes=${from}-${from + 999}` } });
        assert.deepEqual([r.status, r.body.equals(film.subarray(from, from + 1000))], [206, true], `a film seeks to ${from}`);
    }
    await acme.clock(601_000);
    assert.equal(code(await fetch(show)), '410 ticket_ended');
    await acme.clock(0);
    const other = await ben.elsewhere().signIn();
    const theirs = await other.fileUrl(id, 'show');
    assert.equal((await fetch(theirs)).status, 200);
    await other.delete('/session');
    assert.equal((await fetch(theirs)).status, 404, 'the session has ended');
    assert.equal((await fetch(await ben.fileUrl(id, 'show'))).status, 200);
});

test('what runs is never shown in place; the head says what a browser may do', async () => {
    const kinds = [['p.html', '<html><script>alert(1)</script>', 'text/plain'], ['s.svg', '<svg xmlns="http://www.w3.org/2000/svg" onload="x()"/>', 'text/plain'],
        ['d.pdf', '%PDF-1.7', 'application/pdf'], ['n', '\0\x01\x02', 'application/octet-stream']];
    for (const [name, text, type] of kinds) {
        const m = await sent(name, Buffer.from(text, 'latin1'));
        assert.equal(m.content.files[0].type, type);
        assert.equal(code(await ben.post(`/files/${fileOf(m)}/ticket`, { use: 'show' })), '403 denied', name);
        const r = await fetch(await ben.fileUrl(fileOf(m)));
        assert.match(r.header('Content-Disposition'), /^attachment; /);
        assert.equal(r.header('Content-Type'), type);
        assert.equal(r.header('Cache-Control'), 'no-store');
    }
    const r = await fetch(await ben.fileUrl(fileOf(await sent('写真 "1".png', PNG)), 'show'));
    assert.match(r.header('Content-Disposition'), /^inline; .*filename\*=UTF-8''%E5%86%99/);
    assert.match(r.header('Cache-Control'), /^private, max-age=(5\d\d|600)$/);
    assert.equal(r.header('X-Content-Type-Options'), 'nosniff');
    assert.equal(r.header('Cross-Origin-Resource-Policy'), 'cross-origin', 'to the client it comes from elsewhere');
    assert.ok(r.headers.filter(([n]) => n === 'Content-Security-Policy').some(([, v]) => v === "default-src 'none'; sandbox"));
    assert.equal(r.header('Set-Cookie'), undefined);
});

test('ranges: one part, its end, beyond it, several; HEAD', async () => {
    proves('B7.09');
    const id = fileOf(await sent('w.png', PNG)), n = PNG.length;
    const url = await ben.fileUrl(id, 'show');
    const get = (Range) => fetch(url, { headers: { Range } });
    for (const [range, from, to] of [['bytes=0-0', 0, 0], ['bytes=0-', 0, n - 1], ['bytes=65530-65545', 65530, 65545], ['bytes=-8', n - 8, n - 1],
        [`bytes=${n - 1}-${n + 100}`, n - 1, n - 1], [`bytes=100-${n - 100}`, 100, n - 100]]) {
        const r = await get(range);
        assert.equal(r.status, 206, range);
        assert.equal(r.header('Content-Range'), `bytes ${from}-${to}/${n}`);
        assert.ok(r.body.equals(PNG.subarray(from, to + 1)), range);
    }
    for (const range of [`bytes=${n}-`, 'bytes=-0', 'bytes=0-1,2-3', `bytes=${'0-,'.repeat(9)}0-`]) {
        const r = await get(range);
        assert.equal(r.status, 416, range);
        assert.equal(r.header('Content-Range'), `bytes */${n}`);
        assert.equal(r.body.length, 0);
    }
    assert.equal((await get(`bytes=${Array.from({ length: 1000 }, () => '0-').join(',')}`)).body.length, n, 'longer than any range: as none');
    assert.equal((await get('bytes=5-2')).status, 200);
    const head = await stranger().request('HEAD', url);
    assert.deepEqual([head.status, head.header('Content-Length'), head.header('Accept-Ranges')], [200, `${n}`, 'bytes']);
    assert.equal((await fetch(await ben.fileUrl(id), { headers: { Range: 'bytes=0-0' } })).body.length, n, 'an attachment comes whole');
    assert.equal((await ben.client.request('HEAD', ben.path('/me'))).status, 405);
});

test('files go with their message: taken back, beyond its period, and never without it', async () => {
    proves('TLK-07');
    const [before, bytes] = [blobs().length, randomBytes(1000)];
    const m = await sent('back.bin', bytes);
    const url = await ben.fileUrl(fileOf(m));
    assert.equal(blobs().length, before + 1);
    assert.equal((await ann.post(`/messages/${m.id}/take-back`)).status, 200);
    assert.equal((await fetch(url)).status, 404);
    assert.equal((await ben.post(`/files/${fileOf(m)}/ticket`, { use: 'save' })).status, 404);
    assert.equal(blobs().length, before, 'nothing is left of it');
    const old = await sent('old.bin', bytes);
    assert.equal((await chief.put('/console/settings/talk.retention', { value: 'P6M' })).status, 200);
    const longer = await chief.put('/console/settings/talk.file_retention', { value: 'P1Y' });
    assert.deepEqual([longer.status, longer.json.error.field], [400, 'value']);
    await set('talk.file_retention', 'P7D');
    assert.equal((await fetch(await ben.fileUrl(fileOf(old)))).status, 200);
    await acme.clock(8 * DAY);
    await Promise.all([ben.signIn(), ann.signIn()]);
    assert.equal((await ben.post(`/files/${fileOf(old)}/ticket`, { use: 'save' })).status, 404);
    assert.equal((await ben.get(`/messages/${old.id}`)).json.content.files[0].name, 'old.bin', 'the message stays');
    assert.equal(code(await ben.post(`/messages/${old.id}/forward`, { to: [{ room, key: newKey() }] })), '404 not_found');
    await acme.clock(0);
    await set('talk.file_retention', 'none');
    await set('talk.retention', 'none');
});

test('a shorter period of talk takes that of files with it', async () => {
    proves('TLK-07');
    await set('talk.file_retention', 'P1Y');
    await set('talk.retention', 'P1M');
    const now = (await chief.get('/console/settings')).json.settings.find((s) => s.key === 'talk.file_retention');
    assert.equal(now.value, 'P30D');
    await set('talk.retention', 'none');
    await set('talk.file_retention', 'none');
});

test('passed on, a file is another one: it outlives the first message', async () => {
    const other = await acme.room('別', ben, out);
    const m = await sent('weiter.txt', Buffer.from('weiter'));
    const key = newKey();
    const to = { to: [{ room: other, key }] };
    const r = await ben.post(`/messages/${m.id}/forward`, to);
    assert.equal(r.status, 200, r.text);
    const copy = r.json.messages[0];
    assert.notEqual(fileOf(copy), fileOf(m));
    assert.equal((await ben.post(`/messages/${m.id}/forward`, to)).json.messages[0].id, copy.id);
    await ann.post(`/messages/${m.id}/take-back`);
    assert.equal((await fetch(await out.fileUrl(fileOf(copy)))).text, 'weiter');
    assert.equal((await ann.post(`/files/${fileOf(copy)}/ticket`, { use: 'save' })).status, 404, 'not in that room');
    const before = blobs().length;
    await ben.post(`/messages/${copy.id}/take-back`);
    assert.equal(blobs().length, before - 1, 'the last one takes the bytes with it');
});

test('search by the name of a file finds its message', async () => {
    await sent('御見積書-最終版.xlsx', Buffer.from('PK\x03\x04'));
    for (const q of ['見積', '最終版', 'xlsx']) {
        const { hits } = (await ben.get(`/search?q=${encodeURIComponent(q)}`)).json;
        assert.ok(hits.some((h) => h.message.content?.files?.some((f) => f.name === '御見積書-最終版.xlsx')), q);
        assert.equal((await out.get(`/search?q=${encodeURIComponent(q)}`)).json.hits.length, 0);
    }
});

test('the log says who took which file, by name and by member', async () => {
    proves('FIL-10');
    const name = `Kalkulation ${++number}.png`;
    const id = fileOf(await sent(name, PNG));
    const search = async (query) => (await chief.get(`/console/audit/file?${query}`)).json.rows.filter((r) => r.object === id);
    const show = await ben.fileUrl(id, 'show');
    await fetch(show);
    await fetch(show);
    await fetch(await ben.fileUrl(id));
    await stranger().request('HEAD', await ann.fileUrl(id));
    const rows = await search(`word=${encodeURIComponent(name)}`);
    const acts = (all) => all.map((r) => `${r.act} ${r.actor}`).sort();
    assert.deepEqual(acts(rows), [`file.download ${ben.id}`, `file.upload ${ann.id}`, `file.uploaded ${ann.id}`, `file.view ${ben.id}`]);
    assert.deepEqual(acts(await search(`actor=${ben.id}`)), [`file.download ${ben.id}`, `file.view ${ben.id}`]);
    assert.deepEqual(JSON.parse(rows.find((r) => r.act === 'file.view').detail), { service: 'talk', room, seq: JSON.parse(rows.find((r) => r.act === 'file.download').detail).seq, name, size: PNG.length });
    await withSetting('file.download_log', 'false', async () => {
        assert.equal((await fetch(await ben.fileUrl(id))).status, 200);
        assert.equal((await search(`actor=${ben.id}`)).length, 2);
    }, 'true');
});

test('the phone app gets no file of a limited service, and sees it as pictures; a browser gets it', async () => {
    proves('FIL-01');
    const app = await ben.phoneApp(), id = fileOf(await sent('p.png', PNG)), paper = fileOf(await sent('p.pdf', pdf()));
    const before = await app.fileUrl(id, 'show');
    assert.equal((await fetch(before)).status, 200);
    await withSetting('file.mobile.download_limited', 'talk', async () => {
        for (const use of ['save', 'show'])
            assert.equal(code(await app.post(`/files/${id}/ticket`, { use })), '403 denied');
        assert.equal(code(await fetch(before)), '403 denied', 'one that it had before');
        assert.equal(code(await app.post(`/files/${paper}/ticket`, { use: 'save' })), '403 denied');
        for (const use of ['small', 'large'])
            assert.equal((await fetch(await app.fileUrl(id, use))).status, 200, use);
        const page = await app.post(`/files/${paper}/page`, { page: 2 });
        assert.equal((await fetch(page.json.url)).status, 200, page.text);
        assert.equal((await fetch(await ben.fileUrl(id))).status, 200);
    }, '{}');
    await withSetting('file.mobile.download_limited', 'drive|mail', async () => assert.equal((await fetch(await app.fileUrl(id))).status, 200), '{}');
});

test('the phone app sends no file and no picture where it may not, by no way', async () => {
    const app = await ann.phoneApp(), bytes = Buffer.from('x');
    const [half, whole] = [(await app.beginUpload(room, 'a', bytes)).json.id, (await app.upload(room, 'b', bytes)).json.id];
    const there = await sent('c.txt', bytes), { upload: face } = await app.photoBody(photo);
    await withSetting('file.mobile.upload_limited', 'true', async () => {
        assert.equal(code(await app.beginUpload(room, 'd', bytes)), '403 denied');
        assert.equal(code(await app.part(half, 0, bytes)), '403 denied', 'one that it had begun');
        assert.equal(code(await app.post(`/rooms/${room}/messages`, { key: newKey(), kind: 'file', files: [whole] })), '403 denied');
        assert.equal(code(await app.post(`/messages/${there.id}/forward`, { to: [{ room, key: newKey() }] })), '403 denied');
        assert.equal(code(await app.uploadPhoto(photo)), '403 denied');
        assert.equal(code(await app.put('/me/photo', { upload: face })), '403 denied', 'one that it had sent before');
        assert.equal((await app.say(room, 'Wörter schon')).status, 200);
        assert.equal((await ann.upload(room, 'e', bytes)).json.ready, true);
        assert.equal((await ann.putPhoto('/me/photo', photo)).status, 200);
    }, 'false');
    assert.equal((await app.put('/me/photo', { upload: face })).status, 200);
});

test('an upload that nobody goes on with, and one that nobody sends, is gone after a day', { timeout: 150_000 }, async () => {
    proves('B7.10');
    const bytes = randomBytes(CHUNK + 1), before = blobs().length;
    const { id } = (await ann.beginUpload(room, 'h.bin', bytes)).json;
    assert.equal((await ann.part(id, 0, bytes.subarray(0, CHUNK))).status, 200);
    const ready = (await ann.upload(room, 'i.bin', bytes)).json.id;
    assert.equal(blobs().length, before + 2);
    await acme.clock(DAY + 1000);
    for (const x of [id, ready])
        assert.equal((await ann.get(`/uploads/${x}`)).status, 404);
    assert.equal((await ann.part(id, CHUNK, bytes.subarray(CHUNK))).status, 404);
    await until(async () => {
        await acme.clock(20 * DAY);                       // a night that has not been: 8 days of another test may be over
        return blobs().length <= before;
    }, 'the night to have swept', 90_000);
    await acme.clock(0);
    await ann.signIn();
    let n = 0;
    for (; n < 300; n++)
        if ((await ann.beginUpload(room, 'j', bytes)).status !== 200)
            break;
    assert.ok(n >= 150 && n <= 200, `${n} may be open`);
});

test('a file that lies there no more, or is shorter, is found by tenant check', async () => {
    const t = await openTenant(house, 'checked');
    await t.chief.signIn();
    const there = await t.room('間', t.chief);
    assert.equal((await t.chief.send(there, [['a', randomBytes(3 * CHUNK)]])).status, 200);
    const check = () => new Promise((resolve) => execFile(house.ctlProgram, ['--data', house.dir, '--json', 'tenant', 'check', 'checked'],
        (e, stdout) => resolve({ rc: e?.code ?? 0, findings: JSON.parse(stdout).findings })));
    assert.deepEqual(await check(), { rc: 0, findings: [] });
    const [file] = blobs(t);
    fs.truncateSync(file, 1000);
    const cut = await check();
    assert.equal(cut.rc, 1);
    assert.deepEqual(cut.findings.map((f) => f.check), ['files']);
    fs.unlinkSync(file);
    assert.deepEqual((await check()).findings.map((f) => f.check), ['files']);
});

test('the quota of the tenant is exact, however many come at once', async () => {
    proves('B7.11');
    const small = await openTenant(house, 'small');
    await (await small.chief.signIn()).openConsole();
    const there = await small.room('間', small.chief);
    await small.op('tenant.setting', { key: 'plan.storage_quota', value: '1GB' });
    const size = 99 * MB, people = [];
    for (let i = 0; i < 20; i++)
        people.push(small.chief.elsewhere());
    for (const p of people)
        await p.signIn();
    const all = await Promise.all(people.flatMap((p) => [1, 2, 3, 4, 5].map(() => p.beginUpload(there, 'x', Buffer.alloc(1), { size }))));
    assert.equal(all.length, 100);
    const taken = all.filter((r) => r.status === 200).length;
    assert.equal(taken, Math.floor(1024 / 99));
    assert.ok(all.filter((r) => r.status !== 200).every((r) => code(r) === '413 quota_exceeded'));
    const mine = all.find((r) => r.status === 200).json.id;
    const last = people.at(-1);
    assert.equal((await last.delete(`/uploads/${mine}`)).status, 200);
    assert.equal((await last.beginUpload(there, 'x', Buffer.alloc(1), { size })).status, 200, 'what is given back can be had');
});

test('files lie sealed: neither name nor content stands on the disk', async () => {
    const word = `kanarie-${randomBytes(8).toString('hex')}`;
    await sent(`${word}.txt`, Buffer.from(word.repeat(5000)), ben);
    const dir = path.join(house.dir, 'tenants', acme.number);
    const files = fs.readdirSync(dir, { recursive: true, withFileTypes: true }).filter((e) => e.isFile());
    assert.ok(files.some((e) => (e.parentPath ?? e.path).includes('blobs')));
    for (const e of files)
        assert.equal(fs.readFileSync(path.join(e.parentPath ?? e.path, e.name)).includes(word), false, e.name);
});

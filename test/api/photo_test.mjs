// Pictures that stand for members and rooms: sent as they come from the phone, by the way of files; the server makes the small one
// that is shown, and nothing else stays.
import { createHash, randomBytes } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { House, ROOT } from '../lib/house.mjs';
import { openTenant, twoInARoom } from '../lib/people.mjs';
import { exifSegment, flatGif, flatJpeg, gif, jpeg, pdf, png, psd, tiff, webp, webpSize, zip } from '../lib/pictures.mjs';
import { after, assert, before, proves, test, until } from '../lib/test.mjs';

let house, acme, chief, ann, ben, room;

before(async () => {
    house = await House.start({ config: { edge_rate: '1000000', edge_burst: '1000000' } });
    ({ acme, chief, ann, ben, room } = await twoInARoom(house));
});
after(() => house.remove());

const code = (r) => `${r.status} ${r.json?.error?.code ?? ''}`.trim();
const refused = (r, want, what) => {
    assert.equal(code(r), want, `${what}: ${r.text}`);
    return r.json.error;
};
const stored = (name) => fs.readFileSync(path.join(ROOT, 'test/pictures', name));
const blobs = (t = acme) => {
    const dir = path.join(house.dir, 'tenants', t.number, 'blobs');
    return fs.existsSync(dir) ? fs.readdirSync(dir, { recursive: true, withFileTypes: true }).filter((e) => e.isFile()).length : 0;
};
const face = async (who = ben, of = ann) => {
    const r = await who.get(`/members/${of.id}/photo`);
    assert.equal(r.status, 200, r.text);
    assert.equal(r.header('Content-Type'), 'image/webp');
    assert.ok(r.body.length <= 30 * 1024, `${r.body.length} bytes`);
    return r.body;
};
/** Put and fetched. */
const made = async (bytes, what) => {
    const r = await ann.putPhoto('/me/photo', bytes);
    assert.equal(r.status, 200, `${what}: ${r.text}`);
    return face();
};

test('a picture of any kind becomes a small square without a word in it, and nothing of it is left on the disk', async () => {
    proves('MEM-01');
    const left = blobs(), marks = ['KURASHINA', 'KAMAKURA', '35.3192', 'canary', 'Exif', 'EXIF', 'XMP ', 'ICCP'];
    const kinds = [['a phone\'s jpeg', jpeg(), null], ['jpeg', stored('jpeg-exif'), null], ['png', png(300, 230), [230, 230]], ['a tall png', png(200, 1000), [200, 200]],
        ['a photo of noise', png(1400, 1300), null], ['webp', webp(), null], ['webp that moves', stored('webp-moving'), null], ['gif', gif(), [2, 2]],
        ['a large gif', flatGif(900, 700), [512, 512]], ['see-through', stored('png-rgba'), null], ['heic', stored('heic'), null], ['avif', stored('avif'), null],
        ['12 megapixels', flatJpeg(4000, 3000, 1000, { head: [exifSegment()] }), [512, 512]], ['one point', png(1, 1), [1, 1]]];
    for (const [what, bytes, size] of kinds) {
        const got = await made(bytes, what), [w, h] = webpSize(got);
        assert.ok(w === h && w >= 1 && w <= 512, `${what}: ${w} × ${h}`);
        if (size)
            assert.deepEqual([w, h], size, what);
        for (const m of marks)
            assert.ok(!got.includes(m), `${what} says ${m}`);
        assert.equal(blobs(), left, `${what} is gone`);
    }
    for (const [path, who] of [[`/console/members/${ann.id}/photo`, chief], [`/rooms/${room}/photo`, ben]]) {
        const r = await who.putPhoto(path, flatGif(700, 600));
        assert.equal(r.status, 200, r.text);
        assert.deepEqual(webpSize((await who.get(path)).body), [512, 512], path);
        assert.equal(blobs(), left, path);
    }
    assert.equal((await ann.get('/me/photo')).header('ETag'), (await ben.get(`/members/${ann.id}/photo`)).header('ETag'));
});

test('a picture that was taken sideways stands upright; its middle is what is shown', async () => {
    for (const [w, h, light] of [[480, 320, 160], [4000, 3000, 1504]]) {
        const upright = await made(flatJpeg(h, w, light, { across: false }), 'as it is seen');
        const turned = await made(flatJpeg(w, h, light, { head: [exifSegment({ orientation: 6 })] }), 'turned');
        const lying = await made(flatJpeg(w, h, light), 'not turned');
        assert.ok(turned.equals(upright), `${w} × ${h}`);
        assert.ok(!lying.equals(upright), 'else nothing would be seen here');
    }
    const middle = await made(flatJpeg(320, 160, 80), 'the left quarter is white'), black = await made(flatJpeg(160, 160, 0), 'black');
    assert.ok(middle.equals(black), 'what is cut off is not seen');
});

test('what cannot be read as a picture, or lies, is refused with its reason; the one before stays, and nothing is left', async () => {
    const before = await made(png(40, 40)), left = blobs(), good = png(40, 30);
    const lies = [['a text', Buffer.from('x')], ['svg', Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"><script>x</script></svg>')], ['a page', Buffer.from('<!doctype html><img>')],
        ['pdf', pdf(['x'])], ['zip', zip([['a.png', good]])], ['psd', psd(300_000, 300_000)], ['tiff', tiff(10, 10)], ['cut', good.subarray(0, good.length - 30)],
        ['a head alone', good.subarray(0, 33)], ['noise behind a head', Buffer.concat([good.subarray(0, 8), randomBytes(500)])], ['a jpeg that is cut', jpeg().subarray(0, 200)],
        ['a webp that is none', Buffer.concat([Buffer.from('RIFF\x10\0\0\0WEBPVP8 ', 'latin1'), randomBytes(100)])], ['heic that is none', Buffer.concat([stored('heic').subarray(0, 60), randomBytes(200)])]];
    for (const [what, bytes] of lies) {
        const e = refused(await ann.putPhoto('/me/photo', bytes), '415 not_picture', what);
        assert.equal(e.field, 'upload', what);
        assert.match(e.message, /画像として読み取れません/);
        assert.equal(blobs(), left, `${what} leaves nothing`);
    }
    const bombs = [['png', png(20, 20, { head: [50_000, 50_000] })], ['flat png', png(20, 20, { head: [20_000, 20_000] })]];
    for (const [what, bytes] of bombs) {
        assert.equal(refused(await ann.putPhoto('/me/photo', bytes), '413 too_large', what).field, 'upload', what);
        assert.equal(blobs(), left, `${what} leaves nothing`);
    }
    assert.match((await ann.put('/me/photo', await ann.photoBody(Buffer.from('x')), { headers: { 'Accept-Language': 'en' } })).text, /not_picture/);
    assert.equal((await ann.put('/me/profile', { language: 'en' })).status, 200);
    assert.match(refused(await ann.putPhoto('/me/photo', Buffer.from('x')), '415 not_picture').message, /could not be read as a picture/);
    assert.equal((await ann.put('/me/profile', { language: 'ja' })).status, 200);
    refused(await ben.putPhoto(`/rooms/${room}/photo`, Buffer.from('x')), '415 not_picture');
    refused(await chief.putPhoto(`/console/members/${ann.id}/photo`, Buffer.from('x')), '415 not_picture');
    assert.ok((await face()).equals(before));
    assert.equal(blobs(), left);
});

test('an upload is its sender\'s alone, is used once, and is no file; one that is not whole is none yet', async () => {
    const bytes = png(60, 60), left = blobs();
    const { upload } = await ann.photoBody(bytes), path = `/rooms/${room}/photo`;
    for (const [who, at] of [[ben, '/me/photo'], [ben, path], [chief, `/console/members/${ann.id}/photo`], [chief, `/console/members/${ben.id}/photo`]])
        refused(await who.put(at, { upload }), '404 not_found', `another's at ${at}`);
    refused(await ann.post(`/rooms/${room}/messages`, { key: '0190a000-0000-7000-8000-000000000001', kind: 'file', files: [upload] }), '404 not_found', 'in a message');
    refused(await ann.post(`/files/${upload}/ticket`, { use: 'save' }), '404 not_found', 'a ticket for it');
    assert.equal((await ann.put(path, { upload })).status, 200);
    refused(await ann.put(path, { upload }), '404 not_found', 'once more');
    assert.equal((await ann.get(`/uploads/${upload}`)).status, 404);
    const file = (await ann.upload(room, 'a.png', bytes)).json.id;
    refused(await ann.put('/me/photo', { upload: file }), '404 not_found', 'an upload for a room');
    assert.equal((await ann.delete(`/uploads/${file}`)).status, 200);
    const half = await ann.post('/uploads', { name: 'b.png', size: bytes.length, sha256: createHash('sha256').update(bytes).digest('hex') });
    refused(await ann.put('/me/photo', { upload: half.json.id }), '409 upload_state', 'not whole');
    assert.equal((await ann.delete(`/uploads/${half.json.id}`)).status, 200);
    const twice = await ann.photoBody(bytes), both = await Promise.all(['/me/photo', path].map((at) => ann.put(at, twice)));
    assert.deepEqual(both.map((r) => r.status).sort(), [200, 404], 'two at once: one has it');
    for (const bad of [{}, { upload: 'x' }, { type: 'image/png', data: 'AAAA' }])
        assert.equal((await ann.put('/me/photo', bad)).status, 400);
    assert.equal(blobs(), left);
});

test('who may not change the picture changes nothing, and leaves nothing', async () => {
    const left = blobs(), cho = await (await acme.add('cho')).signIn(), sub = await (await acme.add('sub', { role: 'sub' })).signIn();
    await sub.openConsole();
    refused(await cho.putPhoto(`/rooms/${room}/photo`, png(30, 30)), '404 not_found', 'a room of others');
    refused(await cho.putPhoto(`/console/members/${ann.id}/photo`, png(30, 30)), '403 forbidden', 'the console');
    refused(await sub.putPhoto(`/console/members/${chief.id}/photo`, png(30, 30)), '403 denied', 'who stands above');
    await until(async () => {
        for (const p of [cho, sub])
            await p.signIn();
        return true;
    }, 'both are there still');
    // Where the operation itself is refused the upload waits for its end; those are theirs, and the night has them.
    assert.ok(blobs() - left <= 1, `${blobs() - left} are left`);
    const rows = (await Promise.all(['adm/me.photo', 'adm/member.photo', 'talk/talk.room.photo'].map(async (w) => {
        const [log, act] = w.split('/');
        return (await chief.get(`/console/audit/${log === 'adm' ? 'console' : log}?act=${act}&limit=200`)).json.rows;
    }))).flat();
    for (const [actor, act, result] of [[ann.id, 'me.photo', 'ok'], [chief.id, 'member.photo', 'ok'], [ben.id, 'talk.room.photo', 'ok'], [cho.id, 'talk.room.photo', 'not_found'],
        [sub.id, 'member.photo', 'denied']])
        assert.ok(rows.some((r) => r.actor === actor && r.act === act && r.result === result), `${act} ${result}`);
    const uploads = (await chief.get('/console/audit/file?act=file.uploaded&limit=200')).json.rows.filter((r) => JSON.parse(r.detail).service === 'photo');
    assert.ok(uploads.length > 10 && uploads.every((r) => JSON.parse(r.detail).room === undefined));
});

test('limits: of one picture, of the tenant, and of time', { timeout: 150_000 }, async () => {
    const small = await openTenant(house, 'small');
    await (await small.chief.signIn()).openConsole();
    const begin = (size) => small.chief.post('/uploads', { name: 'a', size, sha256: '0'.repeat(64) });
    refused(await begin(33 * 1024 * 1024), '413 too_large', 'of one picture');
    refused(await begin(0), '400 invalid_value', 'none');
    const open = (await begin(32 * 1024 * 1024)).json;
    assert.ok(Date.parse(open.until) - Date.now() < 3_700_000, 'for an hour');
    await small.op('tenant.setting', { key: 'plan.storage_quota', value: '1GB' });
    const more = [];
    for (let i = 0; i < 31; i++)
        more.push((await begin(32 * 1024 * 1024)).json.id);
    assert.ok(more.every(Boolean), 'up to the last byte');
    refused(await begin(1), '413 quota_exceeded', 'of the tenant');
    for (const id of more)
        assert.equal((await small.chief.delete(`/uploads/${id}`)).status, 200);
    assert.equal((await small.chief.put('/console/settings/talk.file_max_size', { value: '1MB' })).status, 200);
    refused(await begin(1024 * 1024), '413 too_large', 'the company\'s own limit');
    const whole = await small.chief.photoBody(png(20, 20));
    assert.equal(blobs(small), 1);
    await small.clock(3_600_000 + 1000);
    refused(await small.chief.put('/me/photo', whole), '404 not_found', 'after its hour');
    await until(async () => {
        await small.clock(20 * 86_400_000);
        return blobs(small) === 0;
    }, 'the night to have swept', 90_000);
});

test('a server that is killed between the upload and its use, or as it is used, loses neither and leaves nothing', async () => {
    const bytes = png(90, 90), left = blobs();
    const body = await ann.photoBody(bytes);
    process.kill(await acme.pid(), 'SIGKILL');
    const before = await until(async () => {
        const r = await ann.get('/me/photo').catch(() => ({}));
        return r.status === 200 ? r.header('ETag') : null;
    }, 'the tenant to be back');
    assert.equal((await until(async () => (await ann.put('/me/photo', body).catch(() => null)) ?? null, 'an answer')).status, 200);
    assert.notEqual((await ann.get('/me/photo')).header('ETag'), before);
    assert.equal(blobs(), left);

    const next = await ann.photoBody(bytes);
    await acme.op('test.fault', { name: 'writer.after_commit', n: 1, action: 'kill' });
    const cut = await ann.put('/me/photo', next).catch(() => ({ status: 0 }));
    assert.notEqual(cut.status, 200, 'nobody was told');
    await until(async () => (await ann.get('/me/photo').catch(() => ({}))).status === 200, 'the tenant to be back');
    const again = await until(async () => (await ann.put('/me/photo', next).catch(() => null)) ?? null, 'an answer');
    assert.ok([200, 404].includes(again.status), again.text);
    await until(async () => {
        await acme.clock(20 * 86_400_000);
        return blobs() <= left;
    }, 'the night to have swept', 90_000);
    await acme.clock(0);
});

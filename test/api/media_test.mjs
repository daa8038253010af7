// What is made of files by the process that reads them: pictures for the room and the screen, pages of documents, what an archive
// holds; and what is taken out of them: where and when they were made, and by whom.
import { House } from '../lib/house.mjs';
import { Client, newAddress } from '../lib/http.mjs';
import { newKey, twoInARoom } from '../lib/people.mjs';
import { gif, jpeg, mp4, pdf, png, webp, webpSize, zip } from '../lib/pictures.mjs';
import { after, assert, before, proves, test } from '../lib/test.mjs';

let house, acme, chief, ann, ben, room;

before(async () => {
    house = await House.start({ config: { edge_rate: '1000000', edge_burst: '1000000' } });
    ({ acme, chief, ann, ben, room } = await twoInARoom(house));
});
after(() => house.remove());

const code = (r) => `${r.status} ${r.json?.error?.code ?? ''}`.trim();
const sent = async (name, bytes) => {
    const r = await ann.send(room, [[name, bytes]]);
    assert.equal(r.status, 200, r.text);
    return r.json.content.files[0];
};
const fetch = (url) => new Client(house, { address: newAddress() }).get(url);
const had = async (file, use) => {
    const r = await fetch(await ben.fileUrl(file.id, use));
    assert.equal(r.status, 200, `${use}: ${r.text}`);
    return r;
};

test('a photo stands in the room as a small picture and fills the screen as a large one', async () => {
    const f = await sent('写真.png', png(1200, 600));
    assert.deepEqual([f.type, f.width, f.height, f.pages], ['image/png', 1200, 600, undefined]);
    for (const [use, size] of [['small', [480, 240]], ['large', [1200, 600]]]) {
        const r = await had(f, use);
        assert.equal(r.header('Content-Type'), 'image/webp');
        assert.match(r.header('Content-Disposition'), /^inline/);
        assert.deepEqual(webpSize(r.body), size);
    }
});

test('where a photo was taken, when, with what and by whom is taken out of every kind; the picture stays bit for bit', async () => {
    const marks = ['KURASHINA', 'KAMAKURA', '35.3192', 'TIMETIME'];
    const kinds = [['a.jpg', jpeg()], ['b.png', png(40, 30, { more: [['tEXt', Buffer.from('Place\0KAMAKURA')], ['eXIf', Buffer.from('MM\0*KAMAKURA', 'latin1')], ['tIME', Buffer.from('TIMETIM')]] })],
        ['c.webp', webp()], ['d.gif', gif()], ['e.mp4', mp4()]];
    for (const [name, bytes] of kinds) {
        assert.ok(marks.some((m) => bytes.includes(m)), `${name} has what is to go`);
        const f = await sent(name, bytes);
        assert.notEqual(f.type, 'application/octet-stream', name);
        for (const use of ['save', 'show']) {
            const got = (await had(f, use)).body;
            assert.equal(got.length, bytes.length, name);
            for (const m of marks)
                assert.ok(!got.includes(m), `${name} as ${use} says ${m}`);
        }
    }
    for (const [name, bytes] of [['g.jpg', jpeg()], ['h.webp', webp()], ['i.png', png(40, 30, { more: [['eXIf', Buffer.from('MM\0*KAMAKURA', 'latin1')]] })]])
        for (const use of ['small', 'large']) {
            const { body } = await had(await sent(name, bytes), use);
            assert.ok(!['ICCP', 'XMP '].some((c) => body.includes(c)) && !marks.some((m) => body.includes(m)), `${name} as a ${use} picture is pixels alone`);
        }
    const f = await sent('f.jpg', jpeg());
    const [before, after] = [jpeg(), (await had(f, 'save')).body];
    const scan = before.indexOf(Buffer.from([0xff, 0xdb]));
    assert.ok(after.subarray(scan, before.indexOf('TRAILER')).equals(before.subarray(scan, before.indexOf('TRAILER'))));
});

test('a photo that was taken sideways stands upright, as a picture and as a file', async () => {
    const plain = await sent('a.jpg', jpeg()), turned = await sent('b.jpg', jpeg({ orientation: 6 }));
    assert.deepEqual([turned.width, turned.height], [plain.height, plain.width]);
    assert.deepEqual(webpSize((await had(turned, 'large')).body), webpSize((await had(plain, 'large')).body).reverse());
    assert.ok((await had(turned, 'save')).body.includes(Buffer.from('\x01\x12\0\x03\0\0\0\x01\0\x06', 'latin1')), 'the file still says which way up');
});

test('a document: its first page in the room, each page when it is looked at, and no other', async () => {
    const f = await sent('契約書.pdf', pdf(['one', 'two', 'three']));
    assert.deepEqual([f.type, f.pages, f.width], ['application/pdf', 3, undefined]);
    assert.deepEqual(webpSize((await had(f, 'small')).body), [360, 480]);
    assert.equal(code(await ben.post(`/files/${f.id}/ticket`, { use: 'large' })), '404 not_found');
    const seen = [];
    for (const page of [3, 1, 3]) {
        const r = await ben.post(`/files/${f.id}/page`, { page });
        assert.equal(r.status, 200, r.text);
        const got = await fetch(r.json.url);
        assert.deepEqual([got.status, webpSize(got.body)], [200, [1536, 2048]]);
        seen.push(got.body);
    }
    assert.ok(seen[0].equals(seen[2]) && !seen[0].equals(seen[1]));
    const g = await sent('g.pdf', pdf(['one', 'two', 'three'])), people = await Promise.all([1, 2, 3, 2].map(() => ben.elsewhere().signIn()));
    const all = await Promise.all(people.map((p, i) => p.post(`/files/${g.id}/page`, { page: [1, 2, 3, 2][i] })));
    assert.deepEqual(all.map((r) => r.status), [200, 200, 200, 200], 'several at once');
    assert.ok((await fetch(all[1].json.url)).body.equals((await fetch(all[3].json.url)).body));
    assert.equal(code(await ben.post(`/files/${f.id}/page`, { page: 4 })), '404 not_found');
    assert.equal((await ben.post(`/files/${f.id}/page`, { page: 0 })).status, 400);
    const rows = (await chief.get('/console/audit/file')).json.rows.filter((r) => r.object === f.id && r.act === 'file.view');
    assert.equal(rows.length, 3, 'one row each time a page is looked at');
});

test('what lies about itself is sent as a file and never shown: too many pixels, other bytes, an end too early', async () => {
    const good = png(20, 20);
    for (const [name, bytes] of [['bomb.png', png(20, 20, { head: [50_000, 50_000] })], ['cut.png', good.subarray(0, good.length - 30)], ['noise.png', Buffer.concat([good.subarray(0, 8), Buffer.alloc(500, 7)])],
        ['cut.jpg', jpeg().subarray(0, 200)], ['cut.mp4', mp4().subarray(0, 700)]]) {
        const f = await sent(name, bytes);
        assert.deepEqual([f.type, f.width], ['application/octet-stream', undefined], name);
        for (const use of ['show', 'small', 'large'])
            assert.match(code(await ben.post(`/files/${f.id}/ticket`, { use })), /^40[34] /, `${name} ${use}`);
        assert.ok((await had(f, 'save')).body.equals(bytes), name);
    }
    const odd = await sent('odd.png', png(20, 20, { head: [50_000, 50_000], more: [['tEXt', Buffer.from('Place\0KAMAKURA')]] }));
    assert.equal(odd.type, 'application/octet-stream');
    assert.ok(!(await had(odd, 'save')).body.includes('KAMAKURA'), 'what cannot be shown keeps no place either');
    for (const [name, head] of [['a.svg', '<svg xmlns="http://www.w3.org/2000/svg"/>'], ['a.psd', '8BPS\0\x01'], ['a.tif', 'II*\0']]) {
        const f = await sent(name, Buffer.from(head, 'latin1'));
        assert.equal(code(await ben.post(`/files/${f.id}/ticket`, { use: 'show' })), '403 denied', name);
        assert.equal(f.width, undefined, name);
    }
});

test('a limited extension is found in an archive, one level deep', async () => {
    proves('FIL-07');
    const bad = [zip([['a.txt', Buffer.from('x')], ['d/b.exe', Buffer.from('MZ')]]), zip([['B.EXE .', Buffer.from('x')]])];
    for (const bytes of bad)
        assert.equal(code(await ann.upload(room, 'a.zip', bytes)), '403 file_type');
    assert.equal((await ann.upload(room, 'a.zip', zip([['a.txt', Buffer.from('x')], ['exe', Buffer.from('x')]]))).status, 200);
    assert.equal((await chief.put('/console/settings/file.type.inspect_archives', { value: 'false' })).status, 200);
    assert.equal((await ann.upload(room, 'a.zip', bad[0])).status, 200);
    assert.equal((await chief.put('/console/settings/file.type.inspect_archives', { value: 'true' })).status, 200);
    const many = zip(Array.from({ length: 100_001 }, (_, i) => [`${i}`, Buffer.alloc(0)]));
    assert.equal(code(await ann.upload(room, 'many.zip', many)), '403 file_type', 'nobody knows what is behind so many');
    for (const [name, bytes] of [['no.zip', Buffer.from('PK\x03\x04')],
        ['bomb.zip', zip([['zeros', Buffer.alloc(32 << 20)]])]])
        assert.equal((await ann.upload(room, name, bytes)).json?.type, 'application/zip', `${name}: nothing of it is unpacked`);
    const rows = await chief.audit();
    assert.ok(rows.some((r) => r.act === 'file.uploaded' && r.result === 'file_type' && r.actor === ann.id), 'a refusal has its row');
});

test('pictures go with the last message that has their file', async () => {
    const f = await sent('x.png', png(600, 400)), small = await ben.fileUrl(f.id, 'small');
    const m = (await ben.get(`/rooms/${room}/messages`)).json.messages.find((x) => x.content?.files?.[0]?.id === f.id);
    const other = await acme.room('別', ben);
    const copy = (await ben.post(`/messages/${m.id}/forward`, { to: [{ room: other, key: newKey() }] })).json.messages[0];
    assert.deepEqual([copy.content.files[0].width, copy.content.files[0].height], [600, 400]);
    assert.equal((await ann.post(`/messages/${m.id}/take-back`)).status, 200);
    assert.equal((await fetch(small)).status, 404);
    assert.equal((await had(copy.content.files[0], 'small')).status, 200);
    const before = (await house.op('tenant.check', { name: 'acme' }).catch(() => null));
    assert.ok(before === null || before, 'whole');
    assert.equal((await ben.post(`/messages/${copy.id}/take-back`)).status, 200);
    assert.equal(code(await ben.post(`/files/${copy.content.files[0].id}/ticket`, { use: 'small' })), '404 not_found');
});

test('what is written in a document, a table, slides or a text is found by search, by who may see it alone', async () => {
    const xml = (s) => Buffer.from(`<?xml version="1.0" encoding="UTF-8"?>${s}`);
    const files = [['a.pdf', pdf(['Suzumushi lives here']), 'suzumushi'], ['b.docx', zip([['word/document.xml', xml('<w:document xmlns:w="w"><w:p><w:r><w:t>棚卸の</w:t></w:r><w:r><w:t>手順書</w:t></w:r></w:p></w:document>')]]), '棚卸の手順'],
        ['c.xlsx', zip([['xl/sharedStrings.xml', xml('<sst><si><t>仕入先一覧表</t></si></sst>')]]), '仕入先'], ['d.pptx', zip([['ppt/slides/slide1.xml', xml('<p:sld xmlns:p="p" xmlns:a="a"><a:p><a:t>来期の計画</a:t></a:p></p:sld>')]]), '来期'],
        ['e.odt', zip([['content.xml', xml('<o:d xmlns:o="o" xmlns:text="t"><text:p>朝礼の司会</text:p></o:d>')]]), '朝礼'], ['f.txt', Buffer.from('忘れ物は\n事務所に\0あります'.replace('\0', '')), '事務所']];
    const alone = await (await acme.add('alone')).signIn();
    for (const [name, bytes, word] of files) {
        const f = await sent(name, bytes);
        const hits = async (p) => (await p.get(`/search?q=${encodeURIComponent(word)}`)).json.hits.filter((h) => h.message.content?.files?.[0]?.id === f.id).length;
        assert.equal(await hits(ben), 1, `${name}: ${word}`);
        assert.equal(await hits(alone), 0);
        const m = (await ben.get(`/rooms/${room}/messages`)).json.messages.find((x) => x.content?.files?.[0]?.id === f.id);
        assert.equal((await ann.post(`/messages/${m.id}/take-back`)).status, 200);
        assert.equal(await hits(ben), 0, 'taken back');
    }
    const bomb = await sent('bomb.docx', zip([['word/document.xml', xml(`<!DOCTYPE l [<!ENTITY a "lol"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]><l>&b;</l>`)]]));
    assert.equal(bomb.type, 'application/zip');
    assert.equal((await ben.get('/search?q=lollol')).json.hits.length, 0, 'no rules of its own are followed');
});

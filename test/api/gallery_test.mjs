// The gallery of a room: photos, files and links, by whom and when; what is not read in the room is not there either.
import { randomBytes } from 'node:crypto';
import { House } from '../lib/house.mjs';
import { newKey, openTenant } from '../lib/people.mjs';
import { mp4, png } from '../lib/pictures.mjs';
import { after, assert, before, proves, test } from '../lib/test.mjs';

const DAY = 86_400_000;
const PNG = png(8, 8), MP4 = mp4(randomBytes(100));
const PDF = Buffer.from('%PDF-1.7 x');
let house, acme, rival, chief, ann, ben, cho, room;

before(async () => {
    house = await House.start();
    acme = await openTenant(house, 'acme');
    rival = await openTenant(house, 'rival');
    chief = await (await acme.chief.signIn()).openConsole();
    [ann, ben, cho] = await Promise.all(['ann', 'ben', 'cho'].map(async (n) => (await acme.add(n)).signIn()));
    await rival.chief.signIn();
    room = await acme.room('間', ann, ben);
});
after(() => house.remove());

const ok = (r) => {
    assert.equal(r.status, 200, r.text);
    return r.json;
};
const ask = (p, kind, more = {}, r = room) => p.get(`/rooms/${r}/gallery?${new URLSearchParams({ kind, ...more })}`);
const items = async (...args) => ok(await ask(...args)).items;
const names = async (...args) => (await items(...args)).map((i) => i.file.name);
const urls = async (...args) => (await items(...args)).map((i) => i.url);
const say = async (p, text, r = room, more = {}) => ok(await p.post(`/rooms/${r}/messages`, { key: newKey(), text, ...more }));
const send = async (p, files, r = room, more = {}) => ok(await p.send(r, files, more));
const day = (ms) => new Date(ms + 9 * 3_600_000).toISOString().slice(0, 10);

test('photos and videos, other files and links each stand in their place, newest first, as their message says them', async () => {
    const there = await acme.room('三種', ann, ben);
    const album = await send(ann, [['い.png', PNG], ['契約.pdf', PDF], ['ろ.mp4', MP4]], there, { text: '資料 https://a.example/x。' });
    const text = await say(ben, 'https://b.example と (http://c.example/d)、もう一度 https://b.example', there);
    await say(ann, 'ただの言葉 http は無し', there);
    const list = await send(ben, [['一覧.txt', Buffer.from('ok')]], there);
    assert.deepEqual(await items(ben, 'photo', {}, there), [0, 2].map((i) => ({
        message: album.id, seq: album.seq, author: ann.id, author_name: '', sent: album.sent, file: album.content.files[i],
    })));
    assert.deepEqual(await names(ben, 'file', {}, there), ['一覧.txt', '契約.pdf']);
    assert.equal((await items(ben, 'file', {}, there))[0].message, list.id);
    assert.deepEqual(await items(ann, 'link', {}, there), [
        ...['https://b.example', 'http://c.example/d'].map((url) => ({ message: text.id, seq: text.seq, author: ben.id, author_name: '', sent: text.sent, url })),
        { message: album.id, seq: album.seq, author: ann.id, author_name: '', sent: album.sent, url: 'https://a.example/x' },
    ]);
    const ws = await ben.socket();
    const answer = await ws.call('talk.gallery', { room: there, kind: 'file' });
    assert.deepEqual(answer.body.items.map((i) => i.file.name), ['一覧.txt', '契約.pdf']);
    ws.end();
    for (const bad of ['kind=all', '', 'kind=photo&from=gestern', 'kind=photo&limit=101', 'kind=photo&limit=0', 'kind=photo&before=0', 'kind=link&by=x'])
        assert.equal((await ben.get(`/rooms/${there}/gallery?${bad}`)).status, 400, bad);
});

test('who is not in the room, in another tenant or came later sees nothing of it', async () => {
    const mine = await acme.room('秘', ann);
    const first = await send(ann, [['秘.png', PNG]], mine);
    await send(ann, [['秘.pdf', PDF]], mine);
    await say(ann, 'https://secret.example', mine);
    for (const kind of ['photo', 'file', 'link']) {
        assert.equal((await items(ann, kind, {}, mine)).length, 1);
        for (const p of [ben, cho, chief])
            assert.deepEqual([(await ask(p, kind, {}, mine)).status, (await ask(p, kind, {}, '99999')).status], [404, 404]);
        assert.equal((await ask(rival.chief, kind, {}, mine)).status, 404);
    }
    await acme.op('room.join', { room: mine, member: ben.id });
    await send(ann, [['公.png', PNG]], mine);
    await say(ann, 'https://open.example', mine);
    assert.deepEqual(await names(ben, 'photo', {}, mine), ['公.png'], 'said before it came');
    assert.deepEqual(await names(ben, 'photo', { before: '4294967295' }, mine), ['公.png']);
    assert.deepEqual(await items(ben, 'photo', { before: `${first.seq + 1}` }, mine), []);
    assert.deepEqual(await names(ben, 'file', {}, mine), []);
    assert.deepEqual(await urls(ben, 'link', {}, mine), ['https://open.example']);
    assert.deepEqual(await names(ann, 'photo', {}, mine), ['公.png', '秘.png']);
    await acme.op('room.leave', { room: mine, member: ben.id });
    assert.equal((await ask(ben, 'photo', {}, mine)).status, 404);
    // Another room of both holds nothing of this one.
    assert.deepEqual(await items(ann, 'photo', {}, await acme.room('空', ann, ben)), []);
});

test('pages hold what was asked for, each thing once; what came in one message is never parted', async () => {
    const there = await acme.room('頁', ann, ben), want = [], links = [];
    for (let i = 0; i < 7; i++) {
        await send(ann, [[`${i}a.png`, PNG], [`${i}b.png`, PNG], [`${i}.pdf`, PDF]], there);
        await say(ann, `https://${i}.example https://${i}.test`, there);
        want.unshift(`${i}a.png`, `${i}b.png`);
        links.unshift(`https://${i}.example`, `https://${i}.test`);
    }
    for (const limit of [1, 3, 4, 13, 14, 15]) {
        for (const [kind, of, all] of [['photo', (i) => i.file.name, want], ['link', (i) => i.url, links]]) {
            const got = [];
            let next;
            do {
                const page = ok(await ask(ben, kind, { limit: `${limit}`, ...(next ? { before: `${next}` } : {}) }, there));
                assert.ok(page.items.length >= Math.min(limit, all.length - got.length) && page.items.length <= limit + 1, `${limit}: ${page.items.length}`);
                got.push(...page.items.map(of));
                next = page.next;
            } while (next);
            assert.deepEqual(got, all, `${kind} by ${limit}`);
        }
    }
    const many = Array.from({ length: 30 }, (_, i) => `https://n${i}.example`);
    await say(ben, many.join(' '), there);
    assert.deepEqual(await urls(ann, 'link', { by: ben.id }, there), many.slice(0, 20));
});

test('by person and by day', async () => {
    const there = await acme.room('誰', ann, ben, cho), now = Date.now();
    await send(ann, [['a.png', PNG]], there);
    await say(ann, 'https://a.example', there);
    await acme.clock(40 * DAY);
    await Promise.all([ann, ben, cho].map((p) => p.signIn()));
    await send(ben, [['b.png', PNG]], there);
    await say(ben, 'https://b.example', there);
    await acme.clock(80 * DAY);
    await Promise.all([ann, ben, cho].map((p) => p.signIn()));
    await send(ann, [['c.png', PNG]], there);
    const shown = async (more) => [await names(cho, 'photo', more, there), await urls(cho, 'link', more, there)];
    assert.deepEqual(await shown({ by: ann.id }), [['c.png', 'a.png'], ['https://a.example']]);
    assert.deepEqual(await shown({ by: ben.id }), [['b.png'], ['https://b.example']]);
    assert.deepEqual(await shown({ by: cho.id }), [[], []]);
    const [first, second] = [day(now), day(now + 40 * DAY)];
    assert.deepEqual(await shown({ from: second }), [['c.png', 'b.png'], ['https://b.example']]);
    assert.deepEqual(await shown({ to: day(now + 39 * DAY) }), [['a.png'], ['https://a.example']]);
    assert.deepEqual(await shown({ from: first, to: first }), [['a.png'], ['https://a.example']]);
    assert.deepEqual(await shown({ from: second, to: second, by: ann.id }), [[], []]);
    assert.deepEqual(await shown({ from: day(now + 81 * DAY) }), [[], []]);
    await acme.clock(0);
    await Promise.all([ann, ben, cho, chief].map((p) => p.signIn()));
    await chief.openConsole();
});

test('what is taken back, changed or deleted for oneself is gone at once', async () => {
    const there = await acme.room('消', ann, ben);
    const [p1, f1, l1, l2] = [await send(ann, [['1.png', PNG]], there), await send(ann, [['1.pdf', PDF]], there),
        await say(ann, 'https://one.example', there), await say(ann, 'リンクはまだ', there)];
    const keep = await send(ann, [['2.png', PNG], ['2.pdf', PDF]], there);
    assert.deepEqual([await names(ben, 'photo', {}, there), await names(ben, 'file', {}, there), await urls(ben, 'link', {}, there)],
        [['2.png', '1.png'], ['2.pdf', '1.pdf'], ['https://one.example']]);
    ok(await ann.put(`/messages/${l2.id}`, { text: 'こちら https://two.example' }));
    ok(await ann.put(`/messages/${l1.id}`, { text: '間違いでした' }));
    assert.deepEqual(await urls(ben, 'link', {}, there), ['https://two.example']);
    for (const m of [p1, f1, l2])
        ok(await ann.post(`/messages/${m.id}/take-back`));
    assert.deepEqual([await names(ben, 'photo', {}, there), await names(ben, 'file', {}, there), await urls(ben, 'link', {}, there)], [['2.png'], ['2.pdf'], []]);
    ok(await ben.post(`/messages/${keep.id}/hide`));
    assert.deepEqual([await names(ben, 'photo', {}, there), await names(ben, 'file', {}, there)], [[], []]);
    assert.deepEqual(await names(ann, 'photo', {}, there), ['2.png'], 'the others keep it');
});

test('passed on, a thing stands in the other room, as of who passed it on', async () => {
    const [from, to] = [await acme.room('元', ann, ben), await acme.room('先', ben, cho)];
    const [m, l] = [await send(ann, [['渡.png', PNG]], from), await say(ann, 'https://pass.example', from)];
    for (const x of [m, l])
        ok(await ben.post(`/messages/${x.id}/forward`, { to: [{ room: to, key: newKey() }] }));
    const [photo] = await items(cho, 'photo', {}, to), [link] = await items(cho, 'link', { by: ben.id }, to);
    assert.deepEqual([photo.file.name, photo.author, link.url, link.author], ['渡.png', ben.id, 'https://pass.example', ben.id]);
    assert.notEqual(photo.file.id, m.content.files[0].id);
    assert.equal((await ben.post(`/files/${photo.file.id}/ticket`, { use: 'show' })).status, 200);
    assert.equal((await ann.post(`/files/${photo.file.id}/ticket`, { use: 'show' })).status, 404);
});

test('beyond the period of files no file is shown; beyond that of talk nothing is', async () => {
    proves('TLK-06');
    const there = await acme.room('期', ann, ben);
    await send(ann, [['古.png', PNG], ['古.pdf', PDF]], there);
    await say(ann, 'https://old.example', there);
    const set = async (key, value) => ok(await chief.put(`/console/settings/${key}`, { value }));
    await set('talk.file_retention', 'P7D');
    const shown = async () => [await names(ben, 'photo', {}, there), await names(ben, 'file', {}, there), await urls(ben, 'link', {}, there)];
    assert.deepEqual(await shown(), [['古.png'], ['古.pdf'], ['https://old.example']]);
    await acme.clock(8 * DAY);
    await ben.signIn();
    assert.deepEqual(await shown(), [[], [], ['https://old.example']]);
    await (await chief.signIn()).openConsole();
    await set('talk.retention', 'P1M');
    await acme.clock(40 * DAY);
    await ben.signIn();
    assert.deepEqual(await shown(), [[], [], []]);
});

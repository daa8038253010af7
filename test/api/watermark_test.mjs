// The watermark of the phone app (FIL-03): what it sees of pictures and documents has its member's name, ID and time drawn in by the
// server, by whatever way it is fetched; a browser sees them as they are.
import fs from 'node:fs';
import path from 'node:path';
import { House } from '../lib/house.mjs';
import { Client, newAddress } from '../lib/http.mjs';
import { newKey, openTenant } from '../lib/people.mjs';
import { flatGif, jpeg, mp4, pdf, png, webpSize, zip } from '../lib/pictures.mjs';
import { after, assert, before, proves, test } from '../lib/test.mjs';

let house, acme, chief, ann, ben, room;

before(async () => {
    house = await House.start({ config: { edge_rate: '1000000', edge_burst: '1000000' } });
    acme = await openTenant(house, 'acme');
    chief = await (await acme.chief.signIn()).openConsole();
    ann = await (await acme.add('ann', { family: '森下', given: '真由' })).signIn();
    ben = await (await acme.add('ben', { family: '<柳&', given: '"さつき"' })).signIn();
    room = await acme.room('間', ann, ben);
});
after(() => house.remove());

const code = (r) => `${r.status} ${r.json?.error?.code ?? ''}`.trim();
const set = async (value) => {
    const r = await chief.put('/console/settings/file.mobile.watermark', { value });
    assert.equal(r.status, 200, r.text);
};
const sent = async (name, bytes) => {
    const r = await ann.send(room, [[name, bytes]]);
    assert.equal(r.status, 200, r.text);
    return r.json.content.files[0];
};
const fetch = (url, options) => new Client(house, { address: newAddress() }).get(url, options);
/** A picture of the file by every way there is to one. */
const ways = (f) => (f.pages ? ['small', 1] : ['small', 'large']);
async function ticket(p, f, way) {
    const r = typeof way === 'number' ? await p.post(`/files/${f.id}/page`, { page: way }) : await p.post(`/files/${f.id}/ticket`, { use: way });
    assert.equal(r.status, 200, `${way}: ${r.text}`);
    return r.json;
}
async function seen(p, f, way) {
    const r = await fetch((await ticket(p, f, way)).url);
    assert.equal(r.status, 200, `${way}: ${r.text}`);
    assert.equal(r.header('Content-Type'), 'image/webp');
    return r;
}

const on = async (then) => {
    await set('true');
    try {
        return await then();
    } finally {
        await set('false');
    }
};

test('two members see the same picture with different texts in the phone app, and a browser sees it as it is', async () => {
    proves('FIL-03');
    const files = [await sent('a.png', png(1200, 600, { colour: [255, 255, 255] })), await sent('b.pdf', pdf()), await sent('c.gif', flatGif(300, 200)), await sent('d.webp', png(60, 2000))];
    const [mayu, satsuki] = [await ann.phoneApp(), await ben.phoneApp()];
    for (const f of files)
        for (const way of ways(f)) {
            const plain = (await seen(ann, f, way)).body;
            assert.ok((await seen(mayu, f, way)).body.equals(plain), `${way}: as it is before`);
            const [one, other] = await on(async () => {
                const both = [(await seen(mayu, f, way)).body, (await seen(satsuki, f, way)).body];
                assert.ok((await seen(ann, f, way)).body.equals(plain), `${way}: the browser of the same member`);
                return both;
            });
            assert.deepEqual([webpSize(one), webpSize(other)], [webpSize(plain), webpSize(plain)], 'of the same size');
            assert.ok(!one.equals(plain) && !other.equals(plain) && !one.equals(other), `${f.name} ${way}: three pictures`);
            assert.ok((await seen(mayu, f, way)).body.equals(plain), `${way}: as it is again`);
        }
});

test('the text is the name, the ID and the minute of the session, and each answer of the viewer says it', async () => {
    proves('FIL-03');
    const app = await ann.phoneApp(), f = await sent('a.png', png(600, 400, { colour: [10, 10, 10] }));
    const others = [await sent('b.mp4', mp4()), await sent('c.pdf', pdf()), await sent('d.txt', Buffer.from('text'))];
    const all = [[f, 'small'], [f, 'large'], [others[0], 'show'], [others[1], 1], [others[2], 'save']];
    for (const [file, way] of all)
        assert.equal((await ticket(app, file, way)).mark, undefined, 'switched off');
    await on(async () => {
        const tokyo = () => new Date(Date.now() + 9 * 3_600_000).toISOString().replace('T', ' ').slice(0, 16);
        for (const [file, way] of all) {
            const from = tokyo(), { mark } = await ticket(app, file, way);
            assert.deepEqual({ name: mark.name, id: mark.id }, { name: '森下 真由', id: 'ann@acme' }, way);
            assert.ok(from <= mark.time && mark.time <= tokyo(), mark.time);
            assert.equal((await ticket(ann, file, way)).mark, undefined, 'a browser');
        }
        const ws = await app.socket();
        assert.equal((await ws.call('file.ticket', { stored: f.id }, { use: 'small' })).body.mark.id, 'ann@acme');
        const { url } = await ticket(app, f, 'small'), first = (await fetch(url)).body;
        await acme.clock(60_000);
        assert.ok(!(await fetch(url)).body.equals(first), 'another minute is another text');
    });
});

test('no way that the phone app has leads to a picture or a document without the text', { timeout: 120_000 }, async () => {
    proves('FIL-03', 'B7.12');
    const marks = ['KURASHINA', '35.3192'];
    const files = [await sent('a.jpg', jpeg()), await sent('b.png', png(900, 700)), await sent('c.gif', flatGif(300, 200)), await sent('d.pdf', pdf())];
    const app = await ben.phoneApp(), elsewhere = await acme.room('別', ben);
    const before = new Map();
    for (const f of files)
        before.set(f, { save: await app.fileUrl(f.id), show: f.pages ? null : await app.fileUrl(f.id, 'show'), made: await Promise.all(ways(f).map(async (way) => [way, (await ticket(app, f, way)).url])) });
    await on(async () => {
        for (const f of files) {
            const plain = new Map();
            for (const way of ways(f))
                plain.set(way, (await seen(ben, f, way)).body);
            const original = (await fetch(await ben.fileUrl(f.id))).body;
            /** Whatever is answered to it is neither the file nor a picture of it as it is. */
            const bare = (r, why) => {
                for (const b of [original, ...plain.values()])
                    assert.ok(!r.body.equals(b) && !b.includes(r.body.subarray(0, 400)), `${f.name}: ${why}`);
            };
            // The file itself: by no ticket, new or old.
            for (const use of ['save', 'show'])
                assert.equal(code(await app.post(`/files/${f.id}/ticket`, { use })), '403 denied', `${f.name} ${use}`);
            const { save, show, made } = before.get(f);
            for (const url of [save, show].filter(Boolean))
                for (const headers of [{}, { Range: 'bytes=0-99' }])
                    assert.equal(code(await fetch(url, { headers })), '403 denied', `${f.name}: a ticket of before`);
            // Pictures: old tickets and new ones, in parts, by other words, in the name of another client, with the cookie of a browser.
            for (const [way, old] of made) {
                const { url } = await ticket(app, f, way);
                const was = await fetch(old);
                assert.equal(was.status, 200, was.text);
                bare(was, `${way} by a ticket of before`);
                const r = await fetch(url);
                assert.equal(r.status, 200, r.text);
                bare(r, `${way} by ticket`);
                assert.ok(marks.every((m) => !r.body.includes(m)), 'nor where it was taken');
                const part = await fetch(url, { headers: { Range: 'bytes=0-199', 'If-None-Match': '*' } });
                assert.deepEqual([part.status, webpSize(part.body)], [200, webpSize(plain.get(way))], 'all of it, marked');
                bare(part, `${way} in parts`);
                const as = await fetch(url, { headers: { 'User-Agent': 'Mozilla/5.0 (Windows NT 10.0; Win64; x64)', 'X-Channel': 'W', 'X-Engawa-Client': 'web', Origin: house.origin } });
                bare(as, `${way} as another client`);
                const own = url.startsWith('http') ? new URL(url).pathname : url;
                for (const r of [await fetch(`${url}?mark=false`), await fetch(`${url}?use=show&watermark=off`), await ben.client.get(own)])
                    bare(r, `${way} asked otherwise`);
                const head = await new Client(house, { address: newAddress() }).request('HEAD', url);
                assert.deepEqual([head.status, head.body.length, head.header('Content-Type')], [200, 0, 'image/webp']);
            }
            for (const more of [{ mark: false }, { watermark: 'off' }, { channel: 'W' }])
                assert.equal((await app.post(`/files/${f.id}/ticket`, { use: 'small', ...more })).status, 400, 'no word of it');
            // The same file in another room, sent on from the phone.
            const m = (await ben.get(`/rooms/${room}/messages`)).json.messages.find((x) => x.content?.files?.[0]?.id === f.id);
            const copy = (await app.post(`/messages/${m.id}/forward`, { to: [{ room: elsewhere, key: newKey() }] })).json.messages[0].content.files[0];
            for (const way of ways(copy))
                bare(await seen(app, copy, way), `${way} of a copy`);
            assert.equal(code(await app.post(`/files/${copy.id}/ticket`, { use: 'save' })), '403 denied');
        }
        // What is no picture and no document is not kept from it by this setting.
        const packed = await sent('e.zip', zip([['a.txt', Buffer.from('x')]]));
        assert.equal((await fetch(await app.fileUrl(packed.id))).status, 200);
        // A member of the phone app changes no setting.
        assert.equal(code(await app.put('/console/settings/file.mobile.watermark', { value: 'false' })), '403 forbidden');
    });
});

test('it is kept by nobody but the one who saw it, and not from before the setting', async () => {
    const app = await ann.phoneApp(), f = await sent('a.png', png(700, 500)), dir = path.join(house.dir, 'tenants', acme.number, 'blobs'), blobs = () => fs.readdirSync(dir, { recursive: true }).sort();
    const kept = (r) => Number(/^private, max-age=(\d+)$/.exec(r.header('Cache-Control'))[1]);
    assert.ok(kept(await seen(ann, f, 'small')) > 60);
    assert.ok(kept(await seen(app, f, 'small')) <= 60, 'one that may have to be marked soon');
    assert.ok(kept(await fetch(await app.fileUrl(f.id, 'show'))) <= 60);
    const rows = async () => (await chief.get('/console/audit/file')).json.rows.filter((r) => r.object === f.id && r.act === 'file.view' && r.channel === 'MP').length;
    await on(async () => {
        const files = blobs(), r = await seen(app, f, 'small'), views = await rows();
        assert.ok(kept(r) > 60 && !r.header('ETag'), 'a marked one stays as it is');
        const { url } = await ticket(app, f, 'large');
        assert.equal((await fetch(url)).status, 200);
        assert.equal((await fetch(url)).status, 200);
        assert.equal(await rows(), views + 1, 'one row, as ever');
        assert.equal((await app.delete('/session')).status, 200);
        assert.equal((await fetch(url)).status, 404, 'it ends with the session');
        assert.deepEqual(blobs(), files, 'nothing of it was stored');
    });
});

test('a room full of pictures comes one by one, and takes no minutes', { timeout: 120_000 }, async (t) => {
    const app = await ann.phoneApp(), N = 30, f = await sent('a.png', png(1600, 1200));
    await on(async () => {
        const urls = await Promise.all(Array.from({ length: N }, async () => (await ticket(app, f, 'small')).url));
        const large = (await ticket(app, f, 'large')).url;
        let from = performance.now();
        const all = await Promise.all(urls.map((u) => fetch(u)));
        const each = (performance.now() - from) / N;
        assert.deepEqual(new Set(all.map((r) => r.status)), new Set([200]));
        from = performance.now();
        assert.equal((await fetch(large)).status, 200);
        console.log(`# marked: ${each.toFixed(0)} ms a small picture of ${N} at once, ${(performance.now() - from).toFixed(0)} ms a large one`);
    });
});

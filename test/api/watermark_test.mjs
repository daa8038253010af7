// The watermark of the phone app (FIL-03): what it sees of pictures and documents has its member's name, ID and time drawn in by the
// server, by whatever way it is fetched; a browser sees them as they are.
import { createSign, generateKeyPairSync } from 'node:crypto';
import { House } from '../lib/house.mjs';
import { Client, newAddress } from '../lib/http.mjs';
import { openTenant } from '../lib/people.mjs';
import { gif, jpeg, mp4, pdf, png, webpSize, zip } from '../lib/pictures.mjs';
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

/** The same person in the installed phone app. */
async function phone(p) {
    const pair = generateKeyPairSync('ec', { namedCurve: 'P-256' }), jwk = pair.publicKey.export({ format: 'jwk' });
    const point = Buffer.concat([Buffer.from([4]), Buffer.from(jwk.x, 'base64url'), Buffer.from(jwk.y, 'base64url')]);
    const installing = await p.elsewhere().signIn(), app = p.elsewhere();
    const { device } = (await installing.post('/devices', { key: point.toString('base64url') })).json;
    const time = Date.now(), sign = createSign('SHA256');
    sign.update(`engawa device session 1\n${p.tenant.number}\n${device}\n${time}\n`);
    const r = await app.post('/device-session', { device, time, signature: sign.sign({ key: pair.privateKey, dsaEncoding: 'ieee-p1363' }).toString('base64url') });
    assert.equal(r.status, 200, r.text);
    assert.equal((await app.get('/me')).json.channel, 'MP');
    return app;
}

test('two members see the same picture with different texts in the phone app, and a browser sees it as it is', async () => {
    const files = [await sent('a.png', png(1200, 600, { colour: [255, 255, 255] })), await sent('b.pdf', pdf())];
    const [mayu, satsuki] = [await phone(ann), await phone(ben)];
    for (const f of files)
        for (const way of ways(f)) {
            const plain = (await seen(ann, f, way)).body;
            assert.ok((await seen(mayu, f, way)).body.equals(plain), `${way}: as it is before`);
            await set('true');
            const one = (await seen(mayu, f, way)).body, other = (await seen(satsuki, f, way)).body;
            assert.deepEqual([webpSize(one), webpSize(other)], [webpSize(plain), webpSize(plain)], 'of the same size');
            assert.ok(!one.equals(plain) && !other.equals(plain) && !one.equals(other), `${way}: three pictures`);
            assert.ok((await seen(ann, f, way)).body.equals(plain), `${way}: the browser of the same member`);
            await set('false');
            assert.ok((await seen(mayu, f, way)).body.equals(plain), `${way}: as it is again`);
        }
});

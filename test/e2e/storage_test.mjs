// B8.12: what a page's own memory on the disk holds: no password, no token, no key that opens a session; scripts see no cookie.
import { Browser } from '../lib/browser.mjs';
import { House } from '../lib/house.mjs';
import { newKey, openTenant } from '../lib/people.mjs';
import { after, assert, before, proves, test } from '../lib/test.mjs';

let house, browser, acme, room;
before(async () => {
    house = await House.start();
    acme = await openTenant(house, 'acme', { password: 'engawa no hidamari' });
    const ann = await (await acme.add('ann')).signIn();
    room = await acme.room('間', ann, acme.chief);
    assert.equal((await ann.post(`/rooms/${room}/messages`, { key: newKey(), text: '縁側の言葉' })).status, 200);
    browser = await Browser.start(house);
});
after(async () => {
    await browser?.stop();
    await house?.remove();
});

/** All that a script of the page can read that outlives it: names and values, those of every database too. */
const kept = () => Promise.all([
    ...[localStorage, sessionStorage].map((s) => JSON.stringify(s)),
    document.cookie,
    indexedDB.databases().then((all) => Promise.all(all.map(({ name }) => new Promise((resolve) => {
        const open = indexedDB.open(name);
        open.onsuccess = () => {
            const db = open.result, out = [];
            const stores = [...db.objectStoreNames];
            if (!stores.length)
                return resolve(name);
            const t = db.transaction(stores);
            for (const s of stores)
                t.objectStore(s).getAll().onsuccess = (e) => out.push(...e.target.result.map((v) => JSON.stringify(v, (k, x) => (x instanceof CryptoKey ? `key ${x.extractable ? 'that can be read out' : 'that stays'}`
                    : x instanceof ArrayBuffer || ArrayBuffer.isView(x) ? String.fromCharCode(...new Uint8Array(x.buffer ?? x)) : x))));
            t.oncomplete = () => resolve(`${name} ${out.join(' ')}`);
        };
    })))).then((all) => all.join('\n')),
]);

test('B8.12: no secret in web storage, and no cookie for a script', { timeout: 120_000 }, async () => {
    proves('B8.12');
    const page = await browser.page();
    await browser.signIn(page, 'chief@acme', 'engawa no hidamari');
    await page.getByText('縁側の言葉').first().waitFor();
    const cookies = await page.context().cookies();
    const sid = cookies.find((c) => c.name === `__Host-sid-${acme.number}`);
    assert.ok(sid?.httpOnly && sid.secure && sid.value.length >= 40, 'there is a session');
    const [local, session, visible, databases] = await page.evaluate(kept);
    assert.equal(visible, '', 'no cookie for a script');
    assert.ok(local.length > 10, 'the search sees what is kept');
    for (const [what, text] of Object.entries({ local, session, databases }))
        for (const secret of ['engawa no hidamari', ...cookies.map((c) => c.value).filter((v) => v.length >= 16)])
            assert.equal(text.includes(secret), false, `${what} holds a secret`);
    assert.doesNotMatch(databases, /key that can be read out/);
    assert.deepEqual(page.faults, []);
    await page.context().close();
});

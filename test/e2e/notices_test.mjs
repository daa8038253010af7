// A message is heard, the icon shows it, quiet hours and muted talks are kept; in the settings as a person sets them.
import path from 'node:path';
import { axeSource, Browser } from '../lib/browser.mjs';
import { House, ROOT } from '../lib/house.mjs';
import { openTenant } from '../lib/people.mjs';
import { after, assert, before, test } from '../lib/test.mjs';

let house, acme, ann, ben, room, browser;

before(async () => {
    house = await House.start();
    acme = await openTenant(house, 'acme');
    ann = await acme.add('ann', { family: '\u68ee\u4e0b', given: '\u771f\u7531' });
    ben = await acme.add('ben', { family: '\u67f3', given: '\u3055\u3064\u304d' });
    for (const p of [ann, ben])
        await p.signIn();
    room = (await ann.post('/rooms', { kind: 'several', name: '\u65e9\u756a', members: [ben.id] })).json.id;
    await ann.put(`/rooms/${room}/read`, { seq: (await ann.get('/rooms')).json.rooms.find((r) => r.id === room).last_seq });
    browser = await Browser.start(house);
});
after(async () => {
    await browser?.chromium.close();
    await house?.remove();
});

test('what arrives sounds and stands on the icon; not in quiet hours, not from a muted talk', { timeout: 90_000 }, async () => {
    const page = await browser.page({ width: 390, height: 800, locale: 'ja-JP' });
    // The sound as the page makes it: every note that is begun.
    await page.addInitScript(() => {
        globalThis.notes = 0;
        const start = OscillatorNode.prototype.start;
        OscillatorNode.prototype.start = function begin(...a) {
            globalThis.notes += 1;
            return start.apply(this, a);
        };
    });
    await browser.signIn(page, 'ann@acme', ann.password);
    await page.waitForURL(/app/);
    const icon = () => page.locator('link[rel="icon"]').getAttribute('href');
    const row = page.getByRole('link', { name: /\u65e9\u756a/ });
    await row.waitFor();
    assert.equal(await icon(), '/mark.svg');
    await ben.say(room, '\u4e00');
    await page.waitForFunction(() => globalThis.notes === 2);
    await page.waitForFunction(() => document.querySelector('link[rel="icon"]').getAttribute('href') === '/mark-unread.svg');
    assert.equal(await page.evaluate(() => fetch('/mark-unread.svg').then((r) => r.status)), 200);

    await page.goto(`${house.origin}/t/${acme.number}/app/settings`);
    const part = page.locator('section', { has: page.getByRole('heading', { name: '\u901a\u77e5', exact: true }) });
    await part.getByRole('button', { name: '\u97f3\u3092\u78ba\u304b\u3081\u308b' }).click();
    assert.equal(await page.evaluate(() => globalThis.notes), 2, 'tried');
    await part.locator('input[name=quiet]').last().check({ force: true });
    await part.locator('input[type=time]').first().fill('00:00');
    await part.locator('input[type=time]').last().fill('23:59');
    await page.evaluate(axeSource());
    const { violations } = await page.evaluate(() => window.axe.run(document, { runOnly: ['wcag2a', 'wcag2aa'] }));
    assert.deepEqual(violations.map((v) => `${v.id}: ${v.nodes[0]?.html}`), []);
    await part.scrollIntoViewIfNeeded();
    await page.screenshot({ path: path.join(ROOT, 'build/e2e/notices-settings-390.png') });
    assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= window.innerWidth), 'nothing overflows');

    const heard = async (text) => {
        await ben.say(room, text);
        await row.getByText(text).waitFor();
        return page.evaluate(() => globalThis.notes);
    };
    await page.goto(`${house.origin}/t/${acme.number}/app/talk`);
    assert.equal(await heard('\u4e8c'), 0, 'quiet hours');
    await page.evaluate(() => localStorage.setItem('engawa.prefs', JSON.stringify({ ...JSON.parse(localStorage.getItem('engawa.prefs')), quiet: false })));
    await page.reload();
    await row.waitFor();
    assert.equal((await ann.put(`/rooms/${room}/prefs`, { muted: true, pinned: false })).status, 200);
    await row.locator('.row-sign').waitFor();
    assert.equal(await heard('\u4e09'), 0, 'a muted talk');
    await page.waitForFunction(() => document.querySelector('link[rel="icon"]').getAttribute('href') === '/mark.svg');
    assert.equal((await ann.put(`/rooms/${room}/prefs`, { muted: false, pinned: false })).status, 200);
    await row.locator('.row-sign').waitFor({ state: 'detached' });
    await ben.say(room, '\u56db');
    await page.waitForFunction(() => globalThis.notes === 2);
    assert.deepEqual(page.faults, []);
    await page.context().close();
});

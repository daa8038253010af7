// Engawa as an installed app: what a browser needs to install it, the shell that opens without a network, and a new version
// that waits until it is taken.
import fs from 'node:fs';
import path from 'node:path';
import { Browser, healthy } from '../lib/browser.mjs';
import { Front } from '../lib/front.mjs';
import { House, ROOT, until } from '../lib/house.mjs';
import { openTenant } from '../lib/people.mjs';
import { after, assert, before, proves, test } from '../lib/test.mjs';

const shots = path.join(ROOT, 'build/e2e');
let house, browser, acme, mayu, satsuki, room;

const shot = (page, name) => page.screenshot({ path: path.join(shots, `${name}.png`) });

/** The worker has the whole shell and the page is its own. */
const shellReady = (page) => page.evaluate(async () => {
    await navigator.serviceWorker.ready;
    if (!navigator.serviceWorker.controller) await new Promise((done) => navigator.serviceWorker.addEventListener('controllerchange', done, { once: true }));
});

async function home(person, options = {}, origin = house.origin) {
    const page = await browser.page({ worker: true, width: 390, height: 844, ...options });
    await browser.signIn(page, `${person.login}@acme`, person.password, origin);
    await page.getByRole('heading', { name: options.locale === 'en-GB' ? 'Talk' : 'トーク', exact: true }).waitFor();
    return page;
}

before(async () => {
    fs.mkdirSync(shots, { recursive: true });
    house = await House.start();
    acme = await openTenant(house, 'acme');
    mayu = await acme.add('morishita', { family: '森下', given: '真由' });
    satsuki = await acme.add('yanagi', { family: '柳', given: 'さつき' });
    room = await acme.room('大船店', mayu, satsuki);
    browser = await Browser.start(house);
});
after(async () => {
    await browser?.stop();
    await house?.remove();
});

test('a browser finds nothing that would keep it from installing', async () => {
    const page = await browser.profile({ width: 390, height: 844 });
    await page.goto(house.origin);
    await shellReady(page);
    const cdp = await page.context().newCDPSession(page);
    const { installabilityErrors } = await until('the manifest to be read', () => cdp.send('Page.getInstallabilityErrors'));
    assert.deepEqual(installabilityErrors, []);
    const { errors, data } = await cdp.send('Page.getAppManifest');
    assert.deepEqual(errors, []);
    const manifest = JSON.parse(data);
    assert.deepEqual([manifest.name, manifest.lang, manifest.display, manifest.id], ['縁側', 'ja', 'standalone', '/']);
    for (const icon of manifest.icons) {
        const [width, height] = icon.sizes.split('x').map(Number);
        const size = await page.evaluate(async (src) => {
            const picture = await createImageBitmap(await (await fetch(src)).blob());
            return [picture.width, picture.height];
        }, icon.src);
        assert.deepEqual(size, [width, height], icon.src);
    }
    assert.deepEqual(new Set(manifest.icons.map((i) => i.purpose)), new Set(['any', 'maskable', 'monochrome']));
    await page.getByRole('button', { name: 'English' }).click();
    const english = await until('the English manifest', async () => {
        const found = JSON.parse((await cdp.send('Page.getAppManifest')).data);
        return found.lang === 'en' && found;
    });
    assert.deepEqual([english.name, english.id, english.start_url], ['Engawa', manifest.id, manifest.start_url], 'the same app by another name');
    assert.deepEqual(page.faults, []);
    await page.context().close();
});

test('the manifest and its icons have their types', async () => {
    const types = {
        '/engawa.webmanifest': 'application/manifest+json', '/engawa.en.webmanifest': 'application/manifest+json',
        '/icon-192.png': 'image/png', '/icon-maskable-512.png': 'image/png', '/sw.js': 'text/javascript; charset=utf-8',
    };
    for (const [file, type] of Object.entries(types)) {
        const r = await mayu.client.get(file);
        assert.equal(r.status, 200, file);
        assert.equal(r.header('Content-Type'), type, file);
        assert.equal(r.header('Cache-Control'), 'no-cache', file);
        assert.match(r.header('Content-Security-Policy'), /worker-src 'self'; manifest-src 'self'/);
    }
});

test('the cache holds the shell of one version and nothing that anybody said', async () => {
    await satsuki.signIn();
    await satsuki.say(room, '冷蔵庫2番が7℃です');
    const page = await home(mayu);
    await shellReady(page);
    await page.getByRole('link', { name: /大船店/ }).first().click();
    await page.locator('article', { hasText: '7℃' }).waitFor();
    await page.reload();
    await page.locator('article', { hasText: '7℃' }).waitFor();
    const kept = await page.evaluate(async () => {
        const names = await caches.keys();
        const cache = await caches.open(names[0]);
        const answers = await Promise.all((await cache.keys()).map(async (k) => [new URL(k.url).pathname, await (await cache.match(k)).text()]));
        return { names, answers };
    });
    assert.equal(kept.names.length, 1);
    for (const [file, text] of kept.answers) {
        assert.match(file, /^\/(assets\/[\w.-]+|index\.html|mark\.svg|mark-unread\.svg)$/, 'a file of the client');
        assert.ok(!text.includes('7℃'), file);
    }
    assert.ok(kept.answers.length > 20, 'all of the client is there');
    assert.deepEqual(page.faults, []);
    await page.context().close();
});

test('a new version says so quietly, waits, and is taken whole by every page', async () => {
    proves('PLT-27');
    const front = await Front.start(house);
    const page = await home(mayu, {}, front.origin);
    await shellReady(page);
    const second = await page.context().newPage();
    await second.goto(`${front.origin}/settings`);
    await second.getByRole('heading', { name: '設定' }).waitFor();
    await page.clock.install();
    await page.reload();
    await page.getByRole('heading', { name: 'トーク', exact: true }).waitFor();
    const version = (p) => p.evaluate(() => document.documentElement.dataset.version ?? 'first');
    const cached = () => page.evaluate(() => caches.keys());
    const [before] = await cached();
    front.update();
    front.asked.length = 0;
    assert.equal(await page.locator('.version-bar').count(), 0);
    await page.clock.runFor(10 * 60_000);
    const bar = page.getByText('新しい版があります');
    await bar.waitFor();
    assert.ok(front.asked.some((a) => a === 'GET /sw.js'), 'the page asked by itself');
    await healthy(page, 'with the notice');
    await shot(page, 'version-390');

    // Until it is taken, everything is of the version that was opened: what loads later, and a page that is loaded anew.
    await page.reload();
    await bar.waitFor();
    assert.equal(await version(page), 'first');
    front.asked.length = 0;
    await page.getByRole('link', { name: 'その他' }).click();
    await page.getByRole('heading', { name: 'その他' }).waitFor();
    assert.deepEqual(front.asked.filter((a) => a.includes('/assets/')), [], 'the files of its version come from the shell');

    await page.getByRole('button', { name: '再読み込み' }).click();
    await until('both pages to be the new version', async () => (await version(page)) === 'next' && (await version(second)) === 'next');
    await second.getByRole('heading', { name: '設定' }).waitFor();
    await page.getByRole('heading', { name: 'その他' }).waitFor();
    assert.equal(await page.locator('.version-bar').count(), 0);
    const names = await cached();
    assert.equal(names.length, 1, 'the old shell is gone');
    assert.notEqual(names[0], before);
    const scripts = await page.evaluate(() => [...document.querySelectorAll('script[src], link[rel=stylesheet], link[rel=modulepreload]')].map((e) => e.getAttribute('src') ?? e.getAttribute('href')));
    assert.ok(scripts.length > 0 && scripts.every((s) => s.includes('-Next')), `of one version: ${scripts}`);
    assert.deepEqual(page.faults, []);
    await page.context().close();
    await front.stop();
});

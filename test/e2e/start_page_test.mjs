// The page behind the QR code of `make run`, on a phone that trusts nothing yet.
import { spawn } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { Browser, healthy } from '../lib/browser.mjs';
import { House, ROOT } from '../lib/house.mjs';
import { after, assert, before, test } from '../lib/test.mjs';

const shots = path.join(ROOT, 'build/e2e');
let house, browser, server, origin;

before(async () => {
    fs.mkdirSync(shots, { recursive: true });
    house = await House.start();
    browser = await Browser.start(house);
    server = spawn('node', [path.join(ROOT, 'tool/start_page.mjs'), '0', path.join(house.dir, 'tls/ca.crt'), house.origin], { stdio: ['ignore', 'pipe', 'inherit'] });
    origin = `http://127.0.0.1:${await new Promise((resolve) => server.stdout.once('data', (d) => resolve(`${d}`.trim())))}`;
});
after(async () => {
    server?.kill();
    await browser?.stop();
    await house?.remove();
});

for (const [width, locale, dark, get, other] of [[360, 'ja-JP', false, '証明書を受け取る', 'English'], [390, 'en-US', true, 'Get the certificate', '日本語'], [1280, 'ja-JP', true, '証明書を受け取る', 'English']])
    test(`in the phone's language, two pictures, the certificate, the way to the app: ${width} px, ${locale}`, async () => {
        const page = await browser.page({ width, height: 844, locale, dark });
        await page.goto(`${origin}/`);
        await page.getByRole('heading', { level: 1 }).waitFor();
        await healthy(page, `start page ${width}`);
        for (const picture of await page.getByRole('img').all()) {
            const within = await picture.evaluate((s) => [...s.querySelectorAll('text')].every((t) => t.getBoundingClientRect().right <= s.getBoundingClientRect().right));
            assert.ok(within, `${await picture.getAttribute('aria-label')}: its words stay inside`);
        }
        assert.equal(await page.getByRole('img').count(), 2);
        for (const link of await page.getByRole('link').all()) assert.ok((await link.boundingBox()).height >= 44, await link.innerText());
        await page.screenshot({ path: path.join(shots, `start-${width}-${locale.slice(0, 2)}.png`), fullPage: true });
        const there = await page.getByRole('link', { name: get }).getAttribute('href');
        const r = await fetch(`${origin}${there}`);
        assert.equal(r.headers.get('content-type'), 'application/x-x509-ca-cert');
        assert.deepEqual(Buffer.from(await r.arrayBuffer()), fs.readFileSync(path.join(house.dir, 'tls/ca.crt')));
        assert.equal(await page.locator('a.second').getAttribute('href'), house.origin);
        await page.getByRole('link', { name: other, exact: true }).click();
        await page.getByRole('link', { name: locale === 'ja-JP' ? 'Get the certificate' : '証明書を受け取る' }).waitFor();
        assert.deepEqual(page.faults, []);
        await page.context().close();
    });

test('nothing else is served', async () => {
    for (const where of ['/ca.key', '/../data/tls/ca.key', '/%2e%2e/ca.key', '/engawa.conf']) assert.equal((await fetch(`${origin}${where}`)).status, 404, where);
    assert.equal((await fetch(`${origin}/`, { method: 'POST', body: 'x' })).status, 405);
    assert.doesNotMatch(await (await fetch(`${origin}/engawa-ca.crt`)).text(), /PRIVATE KEY/);
});

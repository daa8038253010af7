// 監査 in a browser: who changed a setting is found in four clicks, a row opens with both values, a log is taken away as
// a file, without a finding of axe.
import path from 'node:path';
import { axeSource, Browser } from '../lib/browser.mjs';
import { House, ROOT } from '../lib/house.mjs';
import { openTenant } from '../lib/people.mjs';
import { after, assert, before, proves, test } from '../lib/test.mjs';

let house, acme, browser;

before(async () => {
    house = await House.start();
    acme = await openTenant(house, 'acme');
    await acme.chief.signIn();
    await acme.chief.openConsole();
    assert.equal((await acme.chief.put('/console/settings/account.password.min_length', { value: '14' })).status, 200);
    const people = [];
    for (const [login, family, given] of [['a1', '\u6d45\u91ce', '\u6d0b\u5b50'], ['a2', '\u67f3', '\u3055\u3064\u304d'], ['a3', '\u68ee\u4e0b', '\u771f\u7531'],
        ['a4', '\u5c0f\u65e9\u5ddd', '\u6075'], ['a5', '\u7530\u53e3', '\u5065'], ['a6', '\u4e2d\u6751', '\u8aa0']])
        people.push(await acme.add(login, { family, given }));
    const room = (await acme.chief.post('/rooms', { kind: 'several', name: '\u5168\u54e1\u306e\u90e8\u5c4b', members: people.map((p) => p.id) })).json.id;
    await acme.chief.say(room, '\u304a\u306f\u3088\u3046\u3054\u3056\u3044\u307e\u3059');
    browser = await Browser.start(house);
});
after(async () => {
    await browser?.chromium.close();
    await house?.remove();
});

async function axe(page, where) {
    await page.evaluate(axeSource());
    const { violations } = await page.evaluate(() => window.axe.run(document, { runOnly: ['wcag2a', 'wcag2aa'] }));
    assert.deepEqual(violations.map((v) => `${where}: ${v.id}: ${v.nodes[0]?.html}`), []);
}

for (const { locale, width, words } of [
    { locale: 'ja-JP', width: 1280, words: { act: '操作', change: '設定の変更', filters: '条件を変える', download: 'ダウンロード', make: 'ファイルを作る', fetch: '受け取る', old: '変更前' } },
])
    test(`the audit pages at ${width} px, ${locale}`, async () => {
        proves('AUD-04', 'AUD-05', 'AUD-08');
        const page = await browser.page({ width, locale });
        const shot = (name) => page.screenshot({ path: path.join(ROOT, `build/e2e/audit-${name}-${width}.png`), fullPage: true });
        const fits = async () => assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= window.innerWidth), 'nothing overflows');
        await browser.signIn(page, `${acme.chief.login}@acme`, acme.chief.password);
        await page.waitForURL(/app/);
        await page.goto(`${house.origin}/t/${acme.number}/app/console/audit-console`);
        await page.locator('input[type=password]').fill(acme.chief.password);
        await page.keyboard.press('Enter');
        await page.locator('table.audit-table tbody tr').first().waitFor();
        await axe(page, 'list');
        await shot('list');
        await fits();
        // Conditions, the act, the row: the setting's change with both values.
        await page.getByRole('button', { name: words.filters }).click();
        await page.getByLabel(words.act, { exact: true }).selectOption({ label: words.change });
        await page.waitForFunction((n) => document.querySelectorAll('table.audit-table tbody tr').length === n, 1);
        await page.locator('table.audit-table tbody th button').click();
        const row = page.getByRole('dialog');
        await row.getByText(words.old).waitFor();
        assert.match(await row.innerText(), /account\.password\.min_length[\s\S]*12[\s\S]*14/);
        await axe(page, 'row');
        await shot('row');
        await page.keyboard.press('Escape');
        await row.waitFor({ state: 'detached' });
        await page.getByRole('button', { name: words.download, exact: true }).click();
        await page.getByRole('dialog').getByRole('button', { name: words.make }).click();
        await page.getByRole('dialog').waitFor({ state: 'detached' });
        await page.goto(`${house.origin}/t/${acme.number}/app/console/audit-download`);
        await page.getByRole('button', { name: words.fetch, exact: true }).first().click();
        await axe(page, 'files');
        await shot('files');
        const saved = page.waitForEvent('download');
        await page.getByRole('dialog').getByRole('button', { name: words.fetch, exact: true }).click();
        assert.match((await saved).suggestedFilename(), /\.csv$/);
        await fits();
        assert.deepEqual(page.faults, []);
        await page.context().close();
    });

for (const width of [390, 1280])
    test(`who received a message is found from its row at ${width} px`, async () => {
        proves('AUD-10');
        const page = await browser.page({ width, locale: 'ja-JP' });
        const shot = (name) => page.screenshot({ path: path.join(ROOT, `build/e2e/audit-${name}-${width}.png`), fullPage: true });
        await browser.signIn(page, `${acme.chief.login}@acme`, acme.chief.password);
        await page.waitForURL(/app/);
        await page.goto(`${house.origin}/t/${acme.number}/app/console/audit-talk`);
        await page.locator('input[type=password]').fill(acme.chief.password);
        await page.keyboard.press('Enter');
        const row = page.locator('table.audit-table tbody tr', { hasText: '\u5168\u54e1\u306e\u90e8\u5c4b' }).first();
        await row.waitFor();
        await axe(page, 'talk');
        await shot('talk');
        await row.locator('th button').click();
        await page.getByRole('heading', { name: '\u53d7\u4fe1\u3057\u305f\u4eba (6\u4eba)' }).waitFor();
        await page.locator('.audit-receivers li').nth(5).waitFor();
        await axe(page, 'talk row');
        assert.ok(await page.getByRole('dialog').evaluate((d) => [...d.querySelectorAll('dd')].every((e) => e.getBoundingClientRect().right <= d.getBoundingClientRect().right)), 'nothing of the row is cut off');
        await shot('talk-row');
        await page.locator('.audit-receivers li button').first().click();
        await page.getByText('\u3055\u3093\u304c\u53d7\u4fe1\u3057\u305f\u30e1\u30c3\u30bb\u30fc\u30b8\u3060\u3051').waitFor();
        await page.locator('table.audit-table').getByText('\u30e1\u30c3\u30bb\u30fc\u30b8\u306e\u53d7\u4fe1', { exact: true }).first().waitFor();
        await shot('talk-received');
        assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= window.innerWidth), 'nothing overflows');
        assert.deepEqual(page.faults, []);
        await page.context().close();
    });

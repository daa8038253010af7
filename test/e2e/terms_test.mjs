// The public texts as people meet them: at the log-in screen, as the first step of a new member, in the settings, in the console.
import fs from 'node:fs';
import path from 'node:path';
import { Browser } from '../lib/browser.mjs';
import { House, ROOT } from '../lib/house.mjs';
import { openTenant } from '../lib/people.mjs';
import { after, assert, before, proves, test } from '../lib/test.mjs';

const axe = fs.readFileSync(path.join(ROOT, 'web/node_modules/axe-core/axe.min.js'), 'utf8');
const shots = process.env.TERMS_SHOTS;
let house, t, browser, shown = '';

before(async () => {
    house = await House.start({ config: { terms_version: '3', operator_name: 'ひよどり情報サービス', operator_contact: 'help@example.com' } });
    t = await openTenant(house, 'hiyodori', { company: '株式会社ひよどり製パン', family: '柏木' });
    browser = await Browser.start(house);
});
after(async () => {
    await browser?.stop();
    await house?.remove();
});

/** Axe finds nothing, nothing is wider than the screen. */
async function look(page, name) {
    const seen = await page.evaluate(async (source) => {
        if (!window.axe) (0, eval)(source);
        const found = (await window.axe.run()).violations.map((v) => `${v.id}: ${v.nodes.map((n) => n.target).join(' ')}`);
        const low = [...document.querySelectorAll('.legal a, nav a')].filter((a) => a.getBoundingClientRect().height > 0 && a.getBoundingClientRect().height < 43.5).length;
        return { found, low, wide: document.documentElement.scrollWidth - window.innerWidth };
    }, axe);
    assert.deepEqual(seen, { found: [], low: 0, wide: Math.min(seen.wide, 0) }, name);
    if (shots) await page.screenshot({ path: path.join(shots, `${shown}-${name}.png`), fullPage: true });
}

for (const [width, lang, dark] of [[390, 'ja', false], [1280, 'en', true]])
    test(`the first login of a new member at ${width} px in ${lang}: the terms, then the app`, { timeout: 120_000 }, async () => {
        proves('PLT-28');
        shown = `${width}-${lang}`;
        const ja = lang === 'ja';
        const who = await t.add(`new-${lang}`, { family: '堀', role: 'sub' });
        const page = await browser.page({ width, height: 844, locale: ja ? 'ja-JP' : 'en-US', colorScheme: dark ? 'dark' : 'light', bypassCSP: true, worker: ja });
        await page.addInitScript((l) => localStorage.getItem('engawa.prefs') ?? localStorage.setItem('engawa.prefs', JSON.stringify({ lang: l })), lang);
        await page.goto(`${house.origin}/`);
        const link = page.getByRole('link', { name: ja ? '利用規約' : 'Terms of use' });
        await link.waitFor();
        await look(page, 'sign-in');
        const [text] = await Promise.all([page.context().waitForEvent('page'), link.click()]);
        await text.getByRole('heading', { level: 1, name: ja ? '利用規約' : 'Terms of use' }).waitFor();
        assert.equal(await text.locator('.version').innerText(), ja ? '版: 3' : 'Version 3');
        await look(text, 'terms');
        await text.getByRole('link', { name: ja ? 'プライバシーポリシー' : 'Privacy policy' }).first().click();
        await text.getByRole('heading', { level: 1, name: ja ? 'プライバシーポリシー' : 'Privacy policy' }).waitFor();
        assert.ok((await text.locator('footer').innerText()).includes('ひよどり情報サービス'));
        await look(text, 'privacy');
        await text.close();
        const signIn = () => browser.signIn(page, `${who.login}@hiyodori`, who.password);
        await signIn();
        const accept = page.getByRole('button', { name: ja ? '同意して始める' : 'Accept and start' });
        await accept.waitFor();
        await look(page, 'accept');
        await page.reload();
        await accept.waitFor();
        await page.getByRole('button', { name: ja ? '同意せずにログアウト' : 'Log out without accepting' }).click();
        await page.locator('input[type=password]').waitFor();
        assert.equal(await page.locator('.rail, .bottom-bar').count(), 0);
        await signIn();
        await accept.click();
        await page.waitForURL(/\/app/);
        await page.locator('nav').first().waitFor();
        assert.equal(await accept.count(), 0);
        await page.goto(`${house.origin}/t/${t.number}/app/settings`);
        await page.locator('#part-legal').scrollIntoViewIfNeeded();
        await page.getByText(ja ? '利用規約(版: 3)に' : 'You accepted the terms of use (version 3)').waitFor();
        await look(page, 'settings');
        await page.goto(`${house.origin}/t/${t.number}/app/console`);
        await page.locator('input[type=password]').fill(who.password);
        await page.keyboard.press('Enter');
        await page.locator('.page-title').waitFor();
        if (width < 800) await page.getByRole('button', { name: 'メニューを開く' }).click();
        await page.locator('.console-menu .legal a').last().scrollIntoViewIfNeeded();
        await look(page, 'console');
        if (ja) {
            /* The worker, which answers for pages of the client, leaves these to the server. */
            await page.evaluate(() => navigator.serviceWorker.ready.then(() => true));
            await page.goto(`${house.origin}/sending/ja`);
            await page.getByRole('heading', { level: 1, name: '外部送信について' }).waitFor();
        }
        assert.deepEqual(page.faults, []);
        await page.context().close();
    });

// The console's settings as an admin uses them: found by a word, changed, their past read, a preset looked at; and every
// page made of the table at two widths in two languages.
import fs from 'node:fs';
import path from 'node:path';
import { Browser, healthy, looks } from '../lib/browser.mjs';
import { tables } from '../lib/calls.mjs';
import { House, ROOT } from '../lib/house.mjs';
import { after, assert, before, proves, test } from '../lib/test.mjs';

const PASSWORD = 'engawa no hidamari';
const shots = path.join(ROOT, 'build/e2e');
let house, browser, number;

before(async () => {
    fs.mkdirSync(shots, { recursive: true });
    house = await House.start();
    const open = await house.op('tenant.open', {
        workgroup: 'hiyodori', company: '株式会社ひよどり製パン',
        admin: { login: 'kashiwagi', family: '柏木', given: '修一', family_reading: 'かしわぎ', given_reading: 'しゅういち', password: PASSWORD },
    });
    number = open.tenant;
    browser = await Browser.start(house);
});
after(async () => {
    await browser?.stop();
    await house?.remove();
});

async function enter(options) {
    const page = await browser.page(options);
    const lang = options?.locale === 'en-US' ? 'en' : 'ja';
    await page.addInitScript((chosen) => {                // in this browser, whatever the account spoke before
        if (!localStorage.getItem('engawa.prefs'))
            localStorage.setItem('engawa.prefs', JSON.stringify({ lang: chosen }));
    }, lang);
    await browser.signIn(page, 'kashiwagi@hiyodori', PASSWORD);
    await page.waitForURL(/\/app/);
    await page.goto(`${house.origin}/t/${number}/app/console`);
    await page.locator('input[type=password]').fill(PASSWORD);
    await page.keyboard.press('Enter');
    await page.locator('.page-title').waitFor();
    return page;
}

async function look(page, name) {
    await healthy(page, name);
}

const shot = (page, name) => page.screenshot({ path: path.join(shots, `${name}.png`) });
const item = (page, key) => page.locator(`#setting-${key.replaceAll('.', '-')}`);

/** To a page of the client without loading it anew. */
async function go(page, to) {
    await page.evaluate((url) => {
        window.history.pushState(null, '', url);
        window.dispatchEvent(new PopStateEvent('popstate'));
    }, `/t/${number}/app${to}`);
}

test('a new admin sees the guide; a setting is found by another word for it, changed, and its past read', async () => {
    proves('AUD-08', 'OVR-09');
    const page = await enter();
    await page.getByText('対応が必要なことはありません').waitFor();
    await page.getByRole('heading', { name: 'はじめの一日' }).waitFor();
    await look(page, 'console-home-1280');
    await shot(page, 'console-home-1280');

    await page.keyboard.press('Control+k');
    const search = page.getByRole('dialog').getByRole('searchbox');
    for (const [word, label] of [['既読', 'プッシュ通知に表示する内容'], ['IP', 'アクセス IP 制限'], ['ﾛｸﾞｱｳﾄ', '無操作によるログアウト (管理者画面)'], ['account.password.min', 'パスワードの長さ (最小)']]) {
        await search.fill(word);
        await page.getByRole('dialog').getByRole('link', { name: label }).first().waitFor();
    }
    await shot(page, 'console-find-1280');
    await look(page, 'console-find-1280');
    await page.keyboard.press('Enter');
    const box = item(page, 'account.password.min_length');
    await box.waitFor();
    assert.match(page.url(), /settings\/account-password-min_length$/);
    await page.waitForFunction(() => document.activeElement?.id === 'setting-account-password-min_length');

    await box.getByRole('textbox').fill('10');
    const bar = page.getByRole('region', { name: '保存していない変更' });
    await bar.getByText('12文字 → 10文字 (弱くなります)').waitFor();
    await shot(page, 'console-settings-weaker-1280');
    await look(page, 'console-settings-weaker-1280');
    await box.getByRole('textbox').fill('7');
    await bar.getByRole('button', { name: '保存', exact: true }).click();
    await bar.getByText('「パスワードの長さ (最小)」を保存できませんでした').waitFor();
    await box.getByRole('textbox').fill('15');
    await bar.getByRole('button', { name: '保存', exact: true }).click();
    await bar.waitFor({ state: 'detached' });
    await box.getByText('柏木 修一').waitFor();

    // From the first page: the menu, the history. Two clicks.
    await go(page, '/console');
    await page.getByRole('navigation', { name: '管理者画面のメニュー' }).getByRole('link', { name: 'アカウント管理' }).click();
    const view = page.getByRole('link', { name: '設定', exact: true });
    if (await view.count())
        await view.click();
    await page.getByRole('button', { name: 'パスワードの長さ (最小)の変更の履歴' }).click();
    await page.getByRole('dialog').getByText('12文字 → 15文字').waitFor();
    await page.getByRole('dialog').getByText('柏木 修一').waitFor();
    await shot(page, 'console-history-1280');
    await look(page, 'console-history-1280');
    assert.deepEqual(page.faults, []);
    await page.context().close();
});

test('what nothing obeys yet is shown without a control, and says so', async () => {
    proves('OVR-02');
    const page = await enter();
    const { key, menus } = tables.settings.find((s) => !s.obeyed && s.menus.length);
    await go(page, `/console/${menus[0].replaceAll('.', '-')}/settings`);
    const box = item(page, key);
    await box.getByText('この版ではまだ働きません').waitFor();
    assert.equal(await box.locator('input, textarea, select').count(), 0);
    assert.deepEqual(page.faults, []);
    await page.context().close();
});

test('a preset is looked at on a phone, applied in one step, and brought back', async () => {
    proves('OVR-11');
    const page = await enter({ width: 390, height: 844 });
    await page.locator('.find-row').getByRole('button', { name: '設定を探す' }).waitFor();
    await look(page, 'console-home-390');
    await shot(page, 'console-home-390');
    await go(page, '/console/presets');
    await page.getByRole('radio', { name: '厳しめ' }).check();
    await page.getByText('無操作によるログアウト (管理者画面)').first().waitFor();
    await look(page, 'console-presets-390');
    await shot(page, 'console-presets-390');
    for (const [preset, value] of [['厳しめ', '15分'], ['標準', '30分']]) {
        await page.getByRole('radio', { name: preset }).check();
        await page.getByRole('button', { name: /^\d+件の設定を変更$/ }).click();
        await page.getByRole('dialog').getByRole('button', { name: /^\d+件の設定を変更$/ }).click();
        await page.getByRole('dialog').waitFor({ state: 'detached' });
        await go(page, '/console/security-account/settings/account-idle_logout-console');
        await item(page, 'account.idle_logout.console').waitFor();
        assert.equal(await item(page, 'account.idle_logout.console').locator('input').first().inputValue(), value.replace('分', ''));
        await go(page, '/console/presets');
    }
    await page.getByText('すべての設定が、すでにこのプリセットの値です').waitFor();
    assert.deepEqual(page.faults, []);
    await page.context().close();
});

const PICTURED = ['security.account', 'basic.company', 'member.unit', 'service.talk'];

test('every page made of the table fits and is sound, at two widths in two languages', { timeout: 240_000 }, async () => {
    const menus = [...new Set(tables.settings.flatMap((s) => s.menus))];
    assert.ok(menus.length >= 20);
    let pages = 0;
    // Every page in each width and each language; all four pairs for those with the most kinds of controls.
    for (const [width, locale, those] of looks([[390, 'ja-JP', menus], [1280, 'en-US', menus], [390, 'en-US', PICTURED], [1280, 'ja-JP', PICTURED]])) {
        const lang = locale.slice(0, 2);
        const page = await enter({ width, height: 844, locale });
        for (const menu of those) {
            const shown = tables.settings.filter((s) => s.menus.includes(menu));
            await go(page, `/console/${menu.replaceAll('.', '-')}/settings`);
            await item(page, shown[0].key).waitFor();
            const text = await page.locator('main').innerText();
            for (const s of shown) {
                assert.ok(text.includes(s[lang]), `${s.key}: its label`);
                assert.ok(text.includes(s[`text_${lang}`].help), `${s.key}: its sentence`);
            }
            const name = `console-settings-${menu}-${width}-${lang}`;
            await look(page, name);
            if (PICTURED.includes(menu))
                await shot(page, name);
            pages++;
        }
        assert.deepEqual(page.faults, []);
        await page.context().close();
    }
    console.log(`pages of settings: ${pages}`);
});

// The first day of a new company without a mouse: from the log-in to units, members with their slip, the rule for
// passwords and a sub admin. Every step is Tab, arrows, Enter and typing; the pointer is never moved.
import fs from 'node:fs';
import path from 'node:path';
import { Browser } from '../lib/browser.mjs';
import { digits } from '../lib/calls.mjs';
import { House, ROOT, until } from '../lib/house.mjs';
import { after, assert, before, proves, test } from '../lib/test.mjs';

const PASSWORD = 'engawa no hidamari';
const TABS = 160;
const shots = path.join(ROOT, 'build/e2e');
let house, browser, page;

const shot = (name) => page.screenshot({ path: path.join(shots, `${name}.png`) });
const key = (...keys) => keys.reduce((before_, k) => before_.then(() => page.keyboard.press(k)), Promise.resolve());
const isFocused = (what) => what.evaluate((e) => e === document.activeElement || (e.tagName === 'LABEL' && e.control === document.activeElement));

/** Tab until `what` has the focus: it can be reached, and in how many steps. */
async function reach(what) {
    await what.waitFor();
    for (let i = 0; i < TABS; i++) {
        if (await isFocused(what))
            return;
        await key('Tab');
    }
    throw new Error(`${TABS} tabs do not reach ${what}`);
}

async function press(what) {
    await reach(what);
    await key('Enter');
}

async function write(what, text) {
    await reach(what);
    await key('Control+a');
    await page.keyboard.type(text);
}

const menu = (name) => page.locator('.console-menu').getByRole('link', { name, exact: true });
const button = (name) => page.getByRole('button', { name, exact: true });
const inDialog = (name) => page.getByRole('dialog').getByRole('button', { name, exact: true });

before(async () => {
    fs.mkdirSync(shots, { recursive: true });
    house = await House.start();
    await house.op('tenant.open', {
        workgroup: 'hiyodori', company: '株式会社ひよどり製パン',
        admin: { login: 'kashiwagi', family: '柏木', given: '修一', family_reading: 'かしわぎ', given_reading: 'しゅういち', password: PASSWORD },
    });
    browser = await Browser.start(house);
    page = await browser.page();
});
after(async () => {
    await browser?.stop();
    await house?.remove();
});

test('the log-in and the console open by keyboard, and the guide of the first day is the first page', async () => {
    proves('OVR-01');
    await page.goto(`${house.origin}/`);
    await write(page.locator('input').first(), 'kashiwagi@hiyodori');
    await write(page.locator('input[type=password]'), PASSWORD);
    await key('Enter');
    await page.locator('.second-key').waitFor();          // an admin's first login: the app is registered
    await write(page.locator('#second-code'), digits((await page.locator('.second-key').innerText()).replaceAll(' ', '')));
    await key('Enter');
    await press(button('保管しました。続ける'));
    await press(page.getByRole('link', { name: '管理者画面' }).first());
    await write(page.locator('input[type=password]'), PASSWORD);
    await key('Enter');
    await page.getByRole('heading', { name: 'ホーム', level: 1 }).waitFor();
    assert.equal(await page.locator('.step-list .done').count(), 0, 'nothing is done yet');
    await shot('setup-home');
});

test('a unit is made', async () => {
    proves('MEM-16');
    await press(menu('組織'));
    await press(button('組織を追加').first());
    await write(page.getByRole('dialog').getByLabel('組織名'), '大船店');
    await write(page.getByRole('dialog').getByLabel('組織 ID'), 'ofuna');
    await key('Enter');
    await page.getByRole('treeitem', { name: /^大船店/ }).waitFor();
    assert.equal(await page.getByRole('dialog').count(), 0);
    await shot('setup-unit');
});

test('a member is added, and the slip of the first log-in is there', async () => {
    proves('MEM-08', 'MEM-11');
    await press(menu('メンバー'));
    await press(button('メンバーを追加'));
    const dialog = page.getByRole('dialog');
    await write(dialog.getByRole('textbox', { name: /^姓( \*)?$/ }), '森下');
    await write(dialog.getByRole('textbox', { name: /^名( \*)?$/ }), '真由');
    await write(dialog.getByLabel('Engawa ID'), 'morishita');
    await press(inDialog('追加'));
    await page.getByText('森下 真由さんの初回ログインのご案内').waitFor();
    assert.match(await page.locator('.slip').innerText(), /morishita@hiyodori/);
    await shot('setup-slip');
    await press(button('閉じる'));
    await until('the member in the list', async () => (await page.getByRole('link', { name: '森下 真由' }).count()) === 1);
});

test('the rule for passwords is changed, and the bar says from what to what', async () => {
    proves('ACC-14');
    await press(menu('アカウント管理'));
    const length = page.locator('#setting-account-password-min_length').getByRole('textbox');
    await write(length, '15');
    const bar = page.locator('.save-bar');
    await bar.waitFor();
    assert.match(await bar.innerText(), /12.*→.*15/s);
    await shot('setup-password');
    await press(bar.getByRole('button', { name: '保存', exact: true }));
    await bar.waitFor({ state: 'detached' });
    assert.equal(await length.inputValue(), '15');
});

test('a sub admin is named, with the danger said and the role typed', async () => {
    proves('ACC-05', 'OVR-04');
    await press(menu('管理者権限'));
    await press(button('権限を付ける'));
    const dialog = page.getByRole('dialog');
    await write(dialog.getByRole('searchbox'), '森下');
    await press(dialog.getByRole('button', { name: /森下 真由/ }));
    const sub = dialog.getByRole('radio', { name: /副管理者/ });
    await reach(dialog.getByRole('radio', { checked: true }));
    for (let i = 0; i < 3 && !(await sub.isChecked()); i++)
        await key('ArrowDown');
    await write(dialog.getByRole('textbox', { name: /と入力/ }), '副管理者');
    await shot('setup-grant');
    await press(dialog.locator('button[type=submit]'));
    await until('the holder', async () => (await page.getByRole('row', { name: /森下 真由/ }).count()) === 1);
    assert.match(await page.getByRole('row', { name: /森下 真由/ }).innerText(), /副管理者/);
});

test('the guide knows what is done', async () => {
    await press(page.locator('.console-menu').getByRole('link', { name: 'ホーム', exact: true }));
    await until('four steps done', async () => (await page.locator('.step-list .done').count()) >= 4);
    await shot('setup-done');
    assert.deepEqual(page.faults, []);
});

// What every dialog does: the focus comes back, Escape and the input method, what was begun, toasts over sheets; and what is
// asked for in one account is seen in no other.
import fs from 'node:fs';
import path from 'node:path';
import { Browser, healthy } from '../lib/browser.mjs';
import { House, ROOT, until } from '../lib/house.mjs';
import { newKey } from '../lib/people.mjs';
import { after, assert, before, test } from '../lib/test.mjs';

const PASSWORD = 'engawa no hidamari';
const shots = path.join(ROOT, 'build/e2e');
let house, browser, room;

const article = (page, text) => page.locator('article', { hasText: text });
const shot = (page, name) => page.screenshot({ path: path.join(shots, `${name}.png`) });
const focused = (page, locator, what) => until(`${what} to have the focus`, () => locator.evaluate((e) => e === document.activeElement));

before(async () => {
    fs.mkdirSync(shots, { recursive: true });
    house = await House.start();
    await house.op('tenant.open', {
        workgroup: 'hiyodori', company: '株式会社ひよどり製パン', admin: { login: 'kashiwagi', family: '柏木', given: '修一', password: PASSWORD },
    });
    const add = (login, family, given) => house.op('member.add', { login, family, given, password: PASSWORD }, 'hiyodori');
    const mayu = await add('morishita', '森下', '真由');
    const satsuki = await add('yanagi', '柳', 'さつき');
    const kenichi = await add('osawa', '大沢', '健一');
    room = (await house.op('room.add', { name: '大船店', members: [mayu.id, satsuki.id, kenichi.id] }, 'hiyodori')).id;
    const messages = ['冷蔵庫2番を見てください。', '見ました。', '助かります。'].map((text, i) => ({ key: newKey(), sender: i === 1 ? mayu.id : satsuki.id, kind: 'text', text, sent: Date.now() - 60_000 + i }));
    await house.op('talk.import', { room, messages }, 'hiyodori');
    browser = await Browser.start(house);
});
after(async () => {
    await browser?.stop();
    await house?.remove();
});

async function openRoom({ english = false, ...options } = {}) {
    const page = await browser.page(options);
    await page.goto(`${house.origin}/`);
    if (english)
        await page.getByRole('button', { name: 'English', exact: true }).click();
    await page.locator('input').first().fill(`${english ? 'osawa' : 'morishita'}@hiyodori`);   // the language chosen is the account's
    await page.locator('input[type=password]').fill(PASSWORD);
    await browser.submit(page, `${english ? 'osawa' : 'morishita'}@hiyodori`);
    await page.getByRole('link', { name: /大船店/ }).click();
    await article(page, '助かります').waitFor();
    return page;
}

test('the focus comes back to where a dialog was opened; what takes the focus on purpose keeps it', { timeout: 60_000 }, async () => {
    const page = await openRoom();
    const add = page.getByRole('button', { name: '新しいトーク' });
    await add.click();
    await page.getByRole('dialog').waitFor();
    await page.keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    await focused(page, add, 'the button of the new talk');
    await article(page, '助かります').focus();
    await page.keyboard.press('Enter');
    await page.getByRole('dialog').getByRole('button', { name: '既読・未読のメンバー' }).click();
    await page.keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    await focused(page, article(page, '助かります'), 'the message of the menu');
    await page.keyboard.press('Enter');
    await page.getByRole('dialog').getByRole('button', { name: '返信', exact: true }).click();
    await focused(page, page.locator('#composer'), 'the composer');
    await article(page, '見ました').focus();
    await page.keyboard.press('Enter');
    await page.getByRole('dialog').getByRole('button', { name: '選択', exact: true }).click();
    await focused(page, article(page, '見ました'), 'the message with which the choice begins');
    assert.deepEqual(page.faults, []);
    await page.context().close();
});

for (const [width, english] of [[1280, false], [390, true]])
    test(`what was begun in a dialog is not lost by a click beside it or by Escape, and Escape closes only the top, ${width} px`, { timeout: 60_000 }, async () => {
        const page = await openRoom({ english, width, height: width < 768 ? 844 : 800 });
        const word = (ja, en) => (english ? en : ja);
        const more = page.getByRole('button', { name: word('ほかに送る', 'Send something else') });
        await more.click();
        const dialog = page.getByRole('dialog');
        await dialog.getByRole('button', { name: word('場所を送る', 'Send a place') }).click();
        const field = dialog.getByLabel(word('場所の名前', 'Name of the place'));
        await field.fill('裏口');
        await page.mouse.click(5, 5);
        await dialog.getByText(word('入力した内容を破棄しますか？', 'Discard what you entered?')).waitFor();
        await shot(page, `dialog-leave-${width}`);
        await healthy(page, 'the question');
        await page.keyboard.press('Escape');
        await field.waitFor();
        assert.equal(await field.inputValue(), '裏口');
        await focused(page, field, 'the field');
        const cdp = await page.context().newCDPSession(page);
        await cdp.send('Input.imeSetComposition', { text: 'うら', selectionStart: 2, selectionEnd: 2 });
        await cdp.send('Input.dispatchKeyEvent', { type: 'rawKeyDown', key: 'Escape', code: 'Escape', windowsVirtualKeyCode: 229 });
        await cdp.send('Input.dispatchKeyEvent', { type: 'keyUp', key: 'Escape', code: 'Escape', windowsVirtualKeyCode: 229 });
        await cdp.send('Input.insertText', { text: '' });
        assert.ok(await field.isVisible(), 'the input method had that key');
        await page.evaluate(() => new Promise((done) => { setTimeout(done, 0); }));
        await page.keyboard.press('Escape');
        await dialog.getByRole('button', { name: word('入力を続ける', 'Keep editing') }).click();
        await page.keyboard.press('Escape');
        await dialog.getByRole('button', { name: word('入力を破棄', 'Discard entry') }).click();
        await dialog.waitFor({ state: 'detached' });
        await focused(page, more, 'the button that opened it');
        await more.click();
        await page.mouse.click(5, 5);
        await dialog.waitFor({ state: 'detached' });
        assert.deepEqual(page.faults, []);
        await page.context().close();
    });

test('on a phone a toast leaves the foot of a sheet free', { timeout: 60_000 }, async () => {
    const page = await openRoom({ width: 390, height: 844 });
    await page.context().grantPermissions(['clipboard-read', 'clipboard-write'], { origin: house.origin });
    const menu = () => article(page, '助かります').getByRole('button', { name: 'メッセージのメニュー' }).click({ force: true });
    await menu();
    await page.getByRole('dialog').getByRole('button', { name: 'リンクをコピー' }).click();
    await page.locator('.toast').waitFor();
    await menu();
    await page.getByRole('dialog').getByRole('button', { name: '自分の画面から削除' }).click();
    const sheet = await page.getByRole('dialog').boundingBox();
    const toast = await page.locator('.toast').boundingBox();
    await shot(page, 'dialog-toast-390');
    assert.ok(toast && sheet && toast.y + toast.height <= sheet.y, `toast ${toast.y}..${toast.y + toast.height}, sheet from ${sheet.y}`);
    assert.deepEqual(page.faults, []);
    await page.context().close();
});

test('who signs in after another sees nothing that was asked for before, not even for a moment', { timeout: 60_000 }, async () => {
    const page = await openRoom();
    await article(page, '冷蔵庫2番').getByRole('button', { name: 'メッセージのメニュー' }).click({ force: true });
    await page.getByRole('dialog').getByRole('button', { name: '保存', exact: true }).click();
    await page.getByText('保存しました').waitFor();
    await page.getByRole('button', { name: '保存と予約' }).click();
    await page.locator('.kept', { hasText: '冷蔵庫2番' }).waitFor();
    await page.keyboard.press('Escape');
    await page.evaluate(() => { globalThis.samePage = true; });
    await page.getByRole('button', { name: /^アカウント/ }).click();
    await page.getByRole('button', { name: /からログアウト$/ }).click();
    await page.getByRole('button', { name: 'ログアウト', exact: true }).click();
    await page.locator('input[type=password]').waitFor();
    const held = [];
    await page.route((url) => url.pathname.endsWith('/saved'), (route) => held.push(route));
    await page.locator('input').first().fill('yanagi@hiyodori');
    await page.locator('input[type=password]').fill(PASSWORD);
    await browser.submit(page, 'yanagi@hiyodori');
    await page.getByRole('button', { name: '保存と予約' }).click();
    await until('the list to be asked for', () => held.length > 0);
    await page.getByRole('dialog').getByRole('status', { name: '読み込んでいます' }).waitFor();
    assert.ok(await page.evaluate(() => globalThis.samePage), 'the page was not loaded anew');
    assert.equal(await page.locator('.kept').count(), 0);
    await Promise.all(held.map((r) => r.continue()));
    await page.getByText('保存したメッセージはありません', { exact: false }).waitFor();
    assert.deepEqual(page.faults, []);
    await page.context().close();
});

test('a list that is asked for again and cannot be had stays as it was', { timeout: 60_000 }, async () => {
    const page = await openRoom();
    await page.goto(`${house.origin}/settings`);
    await page.getByRole('heading', { name: '登録されている情報' }).waitFor();
    let failed = 0;
    await page.route((url) => url.pathname.endsWith('/me/data'), (route) => {
        failed += 1;
        return route.fulfill({ status: 500, contentType: 'application/json', body: '{"error":{"code":"internal","message":"x","ref":"r"}}' });
    });
    await page.getByRole('button', { name: '会議中', exact: true }).click();
    const answered = page.waitForResponse((r) => r.url().endsWith('/me/data'));
    await page.getByRole('button', { name: '表示する', exact: true }).click();
    await (await answered).finished();
    await page.evaluate(() => new Promise((done) => { requestAnimationFrame(() => requestAnimationFrame(done)); }));
    assert.ok(failed > 0 && await page.getByRole('heading', { name: '登録されている情報' }).isVisible());
    await page.unrouteAll({ behavior: 'ignoreErrors' });
    await page.goto(`${house.origin}/talk/${room}`);
    await article(page, '助かります').waitFor();
    assert.deepEqual(page.faults, []);
    await page.context().close();
});

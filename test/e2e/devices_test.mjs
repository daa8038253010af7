// A member's devices as an admin sees them: apps stopped, a device removed, one logged out; the page for a lost device, with the result
// of each step and the record for paper; and the own access records. In both languages, wide and narrow, without a violation of axe.
import fs from 'node:fs';
import path from 'node:path';
import { Browser, healthy } from '../lib/browser.mjs';
import { House, ROOT } from '../lib/house.mjs';
import { openTenant } from '../lib/people.mjs';
import { after, assert, before, test } from '../lib/test.mjs';

const shots = path.join(ROOT, 'build/e2e');
const DESK = 'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36';
let house, acme, browser, desk, english;

/** The console scrolls inside: the window is as high as the page for a moment. */
async function shot(page, name) {
    const size = page.viewportSize();
    await page.setViewportSize({ ...size, height: 2400 });
    await page.screenshot({ path: path.join(shots, `devices-${name}.png`) });
    await page.setViewportSize(size);
}

async function openConsole(page, person) {
    await browser.signIn(page, `${person.login}@${acme.workgroup}`, person.password);
    await page.getByRole('link', { name: /管理者画面|Admin console/ }).first().click();
    await page.locator('input[type=password]').fill(person.password);
    await page.keyboard.press('Enter');
    await page.locator('.console-menu').waitFor({ state: 'attached' });
    return page;
}

/** A member with the app on a phone and a browser on a computer. */
async function member(login, family, given) {
    const person = await acme.add(login, { family, given });
    person.client.headers = { 'User-Agent': DESK };
    await person.signIn();
    const app = await person.phoneApp();
    return { person, app };
}

const view = (page, id, part = '') => page.goto(`${house.origin}/console/member-member/${id}${part}`);
const card = (page, name) => page.getByRole('region', { name, exact: true });
const step = (page, name) => page.locator('.lost-steps li', { hasText: name });

before(async () => {
    fs.mkdirSync(shots, { recursive: true });
    house = await House.start();
    acme = await openTenant(house, 'acme');
    const sub = await acme.add('kosaka', { role: 'sub', family: '香坂', given: '由紀子', language: 'en' });
    browser = await Browser.start(house);
    desk = await openConsole(await browser.page({ width: 1280, height: 900 }), acme.chief);
    english = await openConsole(await browser.page({ locale: 'en-US', touch: true }), sub);
    await english.setViewportSize({ width: 390, height: 844 });
});
after(async () => {
    await browser?.stop();
    await house?.remove();
});

test('an admin sees what a member works with, logs a device out, removes one, and stops the apps', async () => {
    const { person, app } = await member('yanagi', '柳', 'さつき');
    await view(desk, person.id);
    const access = card(desk, 'アクセス状況');
    await access.locator('li', { hasText: 'Chrome · Windows' }).waitFor();
    assert.match(await access.locator('li', { hasText: 'Chrome · Windows' }).innerText(), new RegExp(`ブラウザ · 接続元 ${person.client.address} · \\d{4}/`));
    await healthy(desk, 'member 1280 ja');
    await shot(desk, 'member-1280-ja');
    await access.getByRole('button', { name: 'Chrome · Windowsをログアウト' }).click();
    await desk.getByRole('dialog').getByRole('button', { name: 'ログアウト', exact: true }).click();
    await desk.getByRole('dialog').waitFor({ state: 'detached' });
    await access.locator('li', { hasText: 'Chrome · Windows' }).getByText('ログアウト済み').waitFor();
    assert.equal((await person.get('/me')).status, 401);
    assert.equal((await app.get('/me')).status, 200);

    const again = await person.elsewhere().signIn();
    await access.getByRole('button', { name: 'すべての端末をログアウト' }).click();
    await desk.getByRole('dialog').getByRole('button', { name: '強制ログアウト' }).click();
    await desk.getByRole('dialog').waitFor({ state: 'detached' });
    for (const p of [again, app])
        assert.equal((await p.get('/me')).status, 401);
    await person.signIn();
    const phone = await person.phoneApp();
    await view(desk, person.id);

    await card(desk, 'アプリの利用').getByText('使えます', { exact: true }).waitFor();
    await card(desk, 'アプリの利用').getByRole('button', { name: 'アプリの利用を停止' }).click();
    await healthy(desk, 'the question');
    await desk.getByRole('dialog').getByRole('button', { name: 'アプリの利用を停止' }).click();
    await card(desk, 'アプリの利用').getByText('止めています').waitFor();
    await card(desk, '状態とアクセス').getByText('止めています').waitFor();
    assert.equal((await phone.get('/me')).status, 401);
    assert.equal((await person.get('/me')).status, 200, 'the browser goes on');

    // The same on a phone, in English.
    await view(english, person.id);
    await card(english, 'Use of the apps').getByText('Stopped').waitFor();
    await card(english, 'Enrolled devices').getByRole('button', { name: /^Remove/ }).waitFor();
    await healthy(english, 'member 390 en');
    await shot(english, 'member-390-en');
    await card(english, 'Enrolled devices').getByRole('button', { name: /^Remove/ }).click();
    await english.getByRole('dialog').getByRole('button', { name: 'Remove', exact: true }).click();
    await card(english, 'Enrolled devices').getByText('There are no enrolled devices.').waitFor();
    await card(english, 'Use of the apps').getByRole('button', { name: 'Allow the apps again' }).click();
    await english.getByRole('dialog').getByRole('button', { name: 'Allow the apps again' }).click();
    await card(english, 'Use of the apps').getByText('In use').waitFor();
});

test('a lost phone: one press, each step with its result, and the record for paper that is there when one comes back', async () => {
    const { person, app } = await member('tanoue', '田之上', '亮');
    await view(desk, person.id);
    await desk.getByRole('link', { name: '端末をなくしたとき' }).click();
    await desk.getByRole('heading', { name: '端末をなくしたとき' }).waitFor();
    await desk.getByText('まだ記録はありません。').waitFor();
    assert.equal(await desk.locator('.lost-steps .state-todo').count(), 4);
    await healthy(desk, 'lost 1280 ja');
    await desk.getByRole('button', { name: 'まとめて実行する' }).click();
    await desk.getByText('すべて終わりました。').waitFor();
    assert.equal(await desk.locator('.lost-steps .state-done').count(), 4);
    for (const p of [person, app])
        assert.equal((await p.get('/me')).status, 401);
    const record = desk.locator('.lost-record');
    await record.getByText('すべての端末をログアウト').waitFor();
    assert.deepEqual(await record.locator('li span:nth-child(2)').allInnerTexts(), ['端末の紛失の対応を開始', 'アプリの利用を停止', '登録した端末を削除', 'すべての端末をログアウト']);
    await healthy(desk, 'lost, done');
    await shot(desk, 'lost-1280-ja');
    await view(desk, person.id, '/lost');
    await record.getByText('登録した端末を削除').waitFor();
    await record.getByText('スマートフォン・タブレット').waitFor();
    // On paper there is the record and nothing else.
    await desk.emulateMedia({ media: 'print' });
    assert.equal(await record.isVisible(), true);
    for (const gone of ['.lost-steps', '.console-menu', 'h1'])
        assert.equal(await desk.locator(gone).first().isVisible(), false, gone);
    await shot(desk, 'lost-paper');
    await desk.emulateMedia({ media: 'screen' });
    assert.deepEqual(desk.faults, []);
});

test('a lost computer: a step that fails says so, the others are done, and it is done again by itself', async () => {
    const { person, app } = await member('hasebe', '長谷部', '剛');
    await view(english, person.id, '/lost');
    await english.getByRole('radio', { name: 'Computer' }).check();
    const drop = '**/device-drop';
    await english.route(drop, (route) => route.fulfill({ status: 503, contentType: 'application/json', body: '{"error":{"code":"retry","message":"This could not be done just now. Please try again."}}' }));
    await english.getByRole('button', { name: 'Do all of it' }).click();
    await english.getByText('Something is not done yet.').waitFor();
    await step(english, 'Remove enrolled devices').getByText('Not done').waitFor();
    await step(english, 'Remove enrolled devices').getByText('This could not be done just now.').waitFor();
    for (const name of ['Begin the record', 'Set a new password', 'Log out all devices'])
        await step(english, name).getByText('Done', { exact: true }).waitFor();
    for (const p of [person, app])
        assert.equal((await p.get('/me')).status, 401);
    const password = await english.locator('.lost-password').innerText();
    assert.equal((await person.elsewhere().trySignIn()).json.error.code, 'sign_in');
    assert.equal((await person.elsewhere().trySignIn({ password })).json.must_change, 'forced');
    await healthy(english, 'lost 390 en');
    await shot(english, 'lost-390-en');
    await english.unroute(drop);
    await english.getByRole('button', { name: 'Try again: Remove enrolled devices' }).click();
    await english.getByText('Everything is done.').waitFor();
    await english.locator('.lost-record').getByText('Enrolled devices removed').waitFor();
});

test('a member looks at the own access records and logs out what is not known', async () => {
    const { person, app } = await member('ise', '伊勢', '翔太');
    const page = await browser.page({ width: 390, height: 844 });
    await browser.signIn(page, `ise@${acme.workgroup}`, person.password);
    await page.locator('.rail').waitFor();
    await page.goto(`${house.origin}/settings`);
    await page.getByRole('button', { name: 'アクセスの記録を見る' }).click();
    const list = page.getByRole('region', { name: 'アクセスの記録', exact: true });
    const mine = list.locator('li', { hasText: 'インストールしたアプリ' });
    await mine.waitFor();
    await list.locator('li').getByText('この端末').waitFor();
    await healthy(page, 'records 390 ja');
    await shot(page, 'own-390-ja');
    await mine.getByRole('button').click();
    await mine.getByText('ログアウト済み').waitFor();
    assert.equal((await app.get('/me')).status, 401);
    assert.deepEqual(page.faults, []);
});

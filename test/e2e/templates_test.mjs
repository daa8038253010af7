// サービス利用設定 in a browser: a template is made, bound to a member and to a type, changed and deleted; and what people feel of it in
// what they have open. In both languages, wide and narrow, without a violation of axe.
import fs from 'node:fs';
import path from 'node:path';
import { deviceKey } from '../lib/device.mjs';
import { Browser, healthy } from '../lib/browser.mjs';
import { House, ROOT } from '../lib/house.mjs';
import { openTenant } from '../lib/people.mjs';
import { after, assert, before, test } from '../lib/test.mjs';

const shots = path.join(ROOT, 'build/e2e');
let house, acme, browser, desk, english, mayu, room;

async function shot(page, name) {
    const size = page.viewportSize();
    await page.setViewportSize({ ...size, height: 1600 });
    await page.screenshot({ path: path.join(shots, `templates-${name}.png`) });
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

const view = (page, ...sub) => page.goto(`${house.origin}/console/${['security-service', ...sub].join('/')}`);
const card = (page, name) => page.getByRole('region', { name, exact: true });
const dialog = (page) => page.getByRole('dialog');
const gone = (page) => dialog(page).waitFor({ state: 'detached' });

before(async () => {
    fs.mkdirSync(shots, { recursive: true });
    house = await House.start();
    acme = await openTenant(house, 'acme');
    const sub = await acme.add('kosaka', { role: 'sub', family: '香坂', given: '由紀子', language: 'en' });
    mayu = await acme.add('mayu', { family: '森', given: '真由', family_reading: 'もり', given_reading: 'まゆ' });
    await mayu.signIn();
    room = await acme.room('売り場', mayu, await acme.chief.signIn());
    await mayu.say(room, '今日の入荷は10箱です');
    browser = await Browser.start(house);
    desk = await openConsole(await browser.page({ width: 1280, height: 900 }), acme.chief);
    english = await openConsole(await browser.page({ locale: 'en-US', touch: true }), sub);
    await english.setViewportSize({ width: 390, height: 844 });
});
after(async () => {
    await browser?.stop();
    await house?.remove();
});

test('a template that forbids talk in the browser is made and given to a member, who sees it at once and goes on when it is taken back', async () => {
    const phone = await browser.page({ touch: true });
    await phone.setViewportSize({ width: 390, height: 844 });
    await browser.signIn(phone, `mayu@${acme.workgroup}`, mayu.password);
    await phone.getByText('今日の入荷は10箱です').first().waitFor();

    await view(desk);
    await card(desk, '基本設定').getByText('適用中: 3人').waitFor();
    await card(desk, '利用権限タイプへの割り当て').getByText('利用権限タイプがありません。').waitFor();
    await healthy(desk, 'no template yet');
    await shot(desk, 'empty-1280-ja');
    await desk.getByRole('button', { name: '権限テンプレートを作成' }).click();
    await dialog(desk).getByRole('button', { name: '作成', exact: true }).click();
    await dialog(desk).getByText('名前を入力してください。').waitFor();
    await dialog(desk).getByRole('textbox', { name: '名前' }).fill('アルバイト');
    const mobile = dialog(desk).getByRole('switch', { name: 'トーク モバイルアプリ: 許可' }), web = dialog(desk).getByRole('switch', { name: /^トーク ブラウザ/ });
    assert.equal(await mobile.getAttribute('aria-disabled'), 'true', 'an allowed mobile app has talk');
    await mobile.focus();
    await desk.keyboard.press('ArrowRight');
    assert.equal(await web.evaluate((e) => e === document.activeElement), true, 'the arrows lead through the grid');
    await desk.keyboard.press('Space');
    assert.equal(await web.getAttribute('aria-label'), 'トーク ブラウザ: 禁止');
    await healthy(desk, 'the form');
    await shot(desk, 'form-1280-ja');
    await dialog(desk).getByRole('button', { name: '作成', exact: true }).click();
    await gone(desk);
    await card(desk, 'アルバイト').getByText('トーク: ブラウザでの利用を禁止').waitFor();

    await desk.getByRole('button', { name: '「アルバイト」を割り当てるメンバー' }).click();
    await dialog(desk).getByText('まだいません。', { exact: false }).waitFor();
    await dialog(desk).getByRole('searchbox').fill('もり');
    await dialog(desk).getByRole('button', { name: '森 真由さんに割り当てる' }).click();
    await dialog(desk).getByRole('button', { name: '森 真由さんから外す' }).waitFor();
    await healthy(desk, 'the people');
    await shot(desk, 'people-1280-ja');
    await phone.getByRole('heading', { name: 'ここではトークを利用できません' }).waitFor();
    assert.equal(await phone.getByText('今日の入荷は10箱です').count(), 0, 'what was shown is gone');
    await healthy(phone, 'talk refused');
    await shot(phone, 'refused-390-ja');
    await phone.getByRole('link', { name: 'メンバー' }).first().click();
    await phone.getByText('香坂').first().waitFor();
    await healthy(phone, 'members without talk');
    await phone.reload();
    await phone.goto(`${house.origin}/talk`);
    await phone.getByRole('heading', { name: 'ここではトークを利用できません' }).waitFor();

    await dialog(desk).getByRole('button', { name: '森 真由さんから外す' }).click();
    await dialog(desk).getByText('まだいません。', { exact: false }).waitFor();
    await dialog(desk).getByRole('button', { name: '閉じる' }).click();
    await phone.getByRole('button', { name: 'もう一度確認する' }).click();
    await phone.getByText('今日の入荷は10箱です').first().waitFor();
    await phone.context().close();
});

test('in English on a phone: a type gets a template, another one is asked about, and a template in use is deleted with its number', async () => {
    const part = (await acme.chief.openConsole()).post('/console/labels', { kind: 'permtype', name: 'パート' });
    const type = (await part).json.id;
    assert.equal((await acme.chief.put('/console/settings/member.permtype.enabled', { value: 'true' })).status, 200);
    assert.equal((await acme.chief.put(`/console/members/${mayu.id}`, { permtype: type })).status, 200);
    await view(english);
    await english.getByRole('button', { name: 'New permission template' }).click();
    await dialog(english).getByRole('textbox', { name: 'Name' }).fill('No app');
    await dialog(english).getByRole('switch', { name: 'Use of the mobile app: Allowed' }).click();
    await dialog(english).getByText('The app added to a phone cannot be used.', { exact: false }).waitFor();
    await healthy(english, 'the form on a phone');
    await shot(english, 'form-390-en');
    await dialog(english).getByRole('button', { name: 'Create', exact: true }).click();
    await gone(english);
    await card(english, 'No app').getByText('No mobile app').waitFor();
    const choice = card(english, 'By permission type').getByRole('combobox', { name: 'パート' });
    await choice.selectOption({ label: 'No app' });
    await card(english, 'No app').getByText('Applies to 1 member').waitFor();
    await shot(english, 'page-390-en');
    await healthy(english, 'the page on a phone');
    assert.equal((await mayu.post('/devices', { key: (await deviceKey()).point })).json.error.code, 'service_disabled');

    await choice.selectOption({ label: 'アルバイト' });
    await dialog(english).getByText('for 1 member', { exact: false }).waitFor();
    await dialog(english).getByRole('button', { name: 'Cancel' }).click();
    await card(english, 'No app').getByText('Applies to 1 member').waitFor();
    await choice.selectOption({ label: 'アルバイト' });
    await dialog(english).getByRole('button', { name: 'Replace', exact: true }).click();
    await gone(english);
    await card(english, 'アルバイト').getByText('Applies to 1 member').waitFor();

    await english.goto(`${house.origin}/console/member-member/${mayu.id}`);
    const own = card(english, 'Permission template');
    await own.getByText('“アルバイト” applies by the permission type.').waitFor();
    await own.getByRole('combobox').selectOption({ label: 'No app' });
    await own.getByText('“No app” is chosen for this member.').waitFor();
    await healthy(english, 'the member');

    await view(english);
    await english.getByRole('button', { name: 'Delete “No app”' }).click();
    await dialog(english).getByText('It applies to 1 member and 0 permission types.', { exact: false }).waitFor();
    await dialog(english).getByRole('button', { name: 'Delete', exact: true }).click();
    await gone(english);
    await card(english, 'No app').waitFor({ state: 'detached' });
});

// The console's members as an admin uses them: adding with the slip, finding, suspending the owner of a lost phone, changing
// the record, deleting and restoring; in both languages, wide and narrow, without a violation that axe finds.
import fs from 'node:fs';
import path from 'node:path';
import { axeSource, Browser } from '../lib/browser.mjs';
import { House, ROOT } from '../lib/house.mjs';
import { after, assert, before, proves, test } from '../lib/test.mjs';

const PASSWORD = 'engawa no hidamari';
const shots = path.join(ROOT, 'build/e2e');
let house, browser, desk;

const shot = (page, name) => page.screenshot({ path: path.join(shots, `members-${name}.png`), fullPage: true });

async function violations(page) {
    await page.evaluate(axeSource());
    return page.evaluate(async () => (await window.axe.run(document, { resultTypes: ['violations'] })).violations
        .map((v) => `${v.id}: ${v.nodes.map((n) => n.target.join(' ')).slice(0, 3).join(' | ')}`));
}

const overflow = (page) => page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);

/** Into the console, at the menu's メンバー. */
async function openConsole(page, id = 'kashiwagi@hiyodori') {
    await browser.signIn(page, id, PASSWORD);
    await page.getByRole('link', { name: /管理者画面|Admin console/ }).first().click();
    await page.locator('input[type=password]').fill(PASSWORD);
    await page.keyboard.press('Enter');
    await page.locator('.console-menu').waitFor({ state: 'attached' });
}

const row = (page, name) => page.locator('.console-table tbody tr', { hasText: name });

before(async () => {
    fs.mkdirSync(shots, { recursive: true });
    house = await House.start();
    await house.op('tenant.open', {
        workgroup: 'hiyodori', company: '株式会社ひよどり製パン',
        admin: { login: 'kashiwagi', family: '柏木', given: '修一', family_reading: 'かしわぎ', given_reading: 'しゅういち', password: PASSWORD },
    });
    const people = [['morishita', '森下', '真由', 'もりした', 'まゆ'], ['yanagi', '柳', 'さつき', 'やなぎ', 'さつき'], ['kobayakawa', '小早川', '恵', 'こばやかわ', 'めぐみ'],
        ['tanoue', '田之上', '亮', 'たのうえ', 'りょう'], ['hasebe', '長谷部', '剛', 'はせべ', 'つよし']];
    for (const [login, family, given, family_reading, given_reading] of people)
        await house.op('member.add', { login, family, given, family_reading, given_reading, password: PASSWORD }, 'hiyodori');
    await house.op('member.add', { login: 'kosaka', family: '香坂', given: '由紀子', family_reading: 'こうさか', given_reading: 'ゆきこ', role: 'sub', language: 'en', password: PASSWORD }, 'hiyodori');
    browser = await Browser.start(house);
    desk = await browser.page();
    await openConsole(desk);
});
after(async () => {
    await browser?.stop();
    await house?.remove();
});

test('a member is added with the slip in six clicks at most, and found', async () => {
    proves('MEM-08', 'MEM-11', 'MEM-35');
    let clicks = 0;
    const click = async (locator) => {
        clicks++;
        await locator.click();
    };
    await click(desk.locator('.console-menu').getByRole('link', { name: 'メンバー', exact: true }));
    await row(desk, '森下').waitFor();
    assert.deepEqual(await violations(desk), []);
    await shot(desk, 'list-1280-ja');
    await click(desk.getByRole('button', { name: 'メンバーを追加' }));
    await desk.getByLabel('姓', { exact: false }).first().fill('伊勢');
    await desk.keyboard.press('Tab');
    await desk.keyboard.type('翔太');
    await desk.keyboard.press('Tab');
    await desk.keyboard.type('いせ');
    await desk.keyboard.press('Tab');
    await desk.keyboard.type('しょうた');
    await desk.keyboard.press('Tab');
    assert.deepEqual(await violations(desk), []);
    await shot(desk, 'add-1280-ja');
    const add = desk.getByRole('dialog').getByRole('button', { name: '追加', exact: true });
    await click(add);
    await desk.getByText('Engawa ID は、英小文字か数字で始め').waitFor();
    await desk.getByRole('dialog').getByLabel('Engawa ID').fill('ise');
    await click(add);
    await desk.locator('.slip').waitFor();
    assert.ok(clicks <= 6, `${clicks} clicks`);
    assert.match(await desk.locator('.slip').innerText(), /ise@hiyodori[\s\S]*\/setup#/);
    await shot(desk, 'slip-1280-ja');
    await desk.getByRole('button', { name: '閉じる', exact: true }).click();
    await desk.getByRole('searchbox').fill('いせ しょう');
    await row(desk, '森下').waitFor({ state: 'detached' });
    await row(desk, '伊勢 翔太').waitFor();
    assert.equal(await desk.locator('.console-table tbody tr').count(), 1);
    await desk.getByRole('searchbox').fill('だれでもない');
    await desk.getByText('条件に一致するメンバーはいません').waitFor();
    await desk.getByRole('searchbox').fill('');
    await row(desk, '森下').waitFor();
});

test('the owner of a lost phone is suspended in four clicks at most, and can be found so', async () => {
    proves('MEM-41');
    let clicks = 0;
    const click = async (locator) => {
        clicks++;
        await locator.click();
    };
    await desk.goto(`${house.origin}/console`);
    await click(desk.locator('.console-menu').getByRole('link', { name: 'メンバー', exact: true }));
    await click(desk.getByRole('button', { name: '柳 さつきさんを一時停止' }));
    await desk.getByText('柳 さつきさんを一時停止しますか？').waitFor();
    await click(desk.getByRole('dialog').getByRole('button', { name: '一時停止', exact: true }));
    await row(desk, '柳').locator('.status-suspended').waitFor();
    assert.ok(clicks <= 4, `${clicks} clicks`);
    await desk.getByLabel('状態').selectOption('suspended');
    await row(desk, '森下').waitFor({ state: 'detached' });
    assert.equal(await desk.locator('.console-table tbody tr').count(), 1);
    await desk.getByRole('button', { name: '柳 さつきさんを再開' }).click();
    await desk.getByRole('dialog').getByRole('button', { name: '再開', exact: true }).click();
    await desk.getByText('条件に一致するメンバーはいません').waitFor();
    await desk.getByLabel('状態').selectOption('');
    // Several at once.
    for (const name of ['森下 真由', '小早川 恵'])
        await desk.getByRole('checkbox', { name: new RegExp(name) }).check();
    await desk.getByText('2人を選択中').waitFor();
    await desk.locator('.bulk-bar').getByRole('button', { name: '強制ログアウト' }).click();
    await desk.getByRole('dialog').getByRole('button', { name: '2人を強制ログアウト' }).click();
    await desk.locator('.bulk-bar').waitFor({ state: 'detached' });
});

test('one member: the record is changed, an error stands beside its field, and a leave shows', async () => {
    proves('MEM-01', 'MEM-02', 'MEM-40');
    await desk.getByRole('link', { name: '田之上 亮' }).click();
    await desk.getByRole('heading', { name: '田之上 亮' }).waitFor();
    assert.deepEqual(await violations(desk), []);
    await desk.getByRole('button', { name: '情報を変更' }).click();
    const dialog = desk.getByRole('dialog');
    await dialog.getByLabel('担当業務').fill('早番');
    await dialog.getByLabel('携帯番号', { exact: false }).fill('090-1234');
    await dialog.getByLabel('個人メールアドレス', { exact: false }).fill('ryo');
    await dialog.getByRole('button', { name: '保存' }).click();
    await dialog.getByText('メールアドレスの形を確認してください').waitFor();
    await dialog.getByLabel('個人メールアドレス', { exact: false }).fill('ryo@example.jp');
    await dialog.getByRole('button', { name: '保存' }).click();
    await dialog.waitFor({ state: 'detached' });
    await desk.getByText('+81901234', { exact: true }).waitFor();
    await desk.getByText('早番', { exact: true }).waitFor();
    await desk.getByRole('button', { name: '休職を設定' }).click();
    await dialog.getByRole('button', { name: '設定', exact: true }).click();
    await desk.locator('.status-on_leave').waitFor();
    await desk.locator('.status-suspended').waitFor();
    await shot(desk, 'one-1280-ja');
    await desk.getByRole('button', { name: '休職を終了' }).click();
    await dialog.getByRole('button', { name: '休職を終了' }).click();
    await desk.locator('.status-on_leave').waitFor({ state: 'detached' });
});

test('a deleted member leaves the list and comes back from the list of the deleted', async () => {
    proves('MEM-42');
    await desk.getByRole('button', { name: '田之上 亮さんを削除' }).click();
    await desk.getByRole('dialog').getByRole('button', { name: '田之上 亮さんを削除' }).click();
    await desk.getByText('田之上 亮さんを削除しました').waitFor();
    await desk.getByRole('link', { name: 'メンバーの一覧' }).click();
    await row(desk, '森下').waitFor();
    await row(desk, '田之上').waitFor({ state: 'detached' });
    await desk.getByRole('link', { name: '削除済み' }).click();
    await row(desk, '田之上').waitFor();
    assert.deepEqual(await violations(desk), []);
    await desk.getByRole('button', { name: '田之上 亮さんを復元' }).click();
    await desk.getByRole('dialog').getByRole('button', { name: '復元', exact: true }).click();
    await desk.getByText('削除したメンバーはいません').waitFor();
});

test('fields: who fills them and who sees them, saved with old and new before one\'s eyes', async () => {
    proves('MEM-05', 'MEM-06');
    await desk.locator('.console-menu').getByRole('link', { name: 'メンバー情報の項目管理' }).click();
    await desk.getByLabel('SNS: 入力する人').selectOption('unused');
    await desk.getByLabel('社員番号: 表示').selectOption('yes');
    await desk.getByText('管理者だけ → 使わない').waitFor();
    assert.deepEqual(await violations(desk), []);
    await shot(desk, 'fields-1280-ja');
    await desk.getByRole('button', { name: '保存', exact: true }).click();
    await desk.locator('.save-bar').waitFor({ state: 'detached' });
    await desk.reload();
    assert.equal(await desk.getByLabel('SNS: 入力する人').inputValue(), 'unused');
    assert.equal(await desk.getByLabel('社員番号: 表示').inputValue(), 'yes');
});

test('in English and on a phone: the same pages, nothing overflows', async () => {
    proves('OVR-05');
    const phone = await browser.page({ width: 390, height: 844, locale: 'en-US' });
    await browser.signIn(phone, 'kosaka@hiyodori', PASSWORD);
    await phone.getByRole('navigation').first().waitFor();
    await phone.goto(`${house.origin}/console/member-member`);
    await phone.locator('input[type=password]').fill(PASSWORD);
    await phone.keyboard.press('Enter');
    await row(phone, '森下').waitFor();
    await phone.getByRole('button', { name: 'Add a member' }).waitFor();
    assert.equal(await overflow(phone), 0);
    assert.deepEqual(await violations(phone), []);
    await shot(phone, 'list-390-en');
    await phone.getByRole('link', { name: '森下 真由' }).click();
    await phone.getByRole('heading', { name: '森下 真由' }).waitFor();
    assert.equal(await overflow(phone), 0);
    assert.deepEqual(await violations(phone), []);
    await shot(phone, 'one-390-en');
    assert.deepEqual([...desk.faults, ...phone.faults], []);
});

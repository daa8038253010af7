// The member's own side in a browser: photo, status, own data and corrections; and colleagues found and looked at.
import fs from 'node:fs';
import path from 'node:path';
import { Browser, healthy } from '../lib/browser.mjs';
import { House, ROOT, until } from '../lib/house.mjs';
import { Person } from '../lib/people.mjs';
import { after, assert, before, proves, test } from '../lib/test.mjs';

const PASSWORD = 'engawa no hidamari';
const shots = path.join(ROOT, 'build/e2e');
let house, browser, mayu, chief;

const PEOPLE = [
    ['aizawa', '相沢', '蓮', 'あいざわ', 'れん'], ['anzai', '安西', '彩', 'あんざい', 'あや'], ['enomoto', '榎本', '澄江', 'えのもと', 'すみえ'],
    ['kajiwara', '梶原', '直樹', 'かじわら', 'なおき'], ['kanda', '神田', '優子', 'かんだ', 'ゆうこ'], ['saegusa', '三枝', '瞳', 'さえぐさ', 'ひとみ'],
    ['shoji', '東海林', '楓', 'しょうじ', 'かえで'], ['tanoue', '田之上', '亮', 'たのうえ', 'りょう'], ['nishiwaki', '西脇', '美和', 'にしわき', 'みわ'],
    ['hirano', '平野', '千夏', 'ひらの', 'ちなつ'], ['maruyama', '丸山', '隆', 'まるやま', 'たかし'], ['lan', 'グエン', 'ティ ラン', 'グエン', 'ティ ラン'],
];

before(async () => {
    fs.mkdirSync(shots, { recursive: true });
    house = await House.start();
    const open = await house.op('tenant.open', {
        workgroup: 'hiyodori', company: '株式会社ひよどり製パン',
        admin: { login: 'kashiwagi', family: '柏木', given: '修一', family_reading: 'かしわぎ', given_reading: 'しゅういち', password: PASSWORD },
    });
    const add = (login, family, given, family_reading, given_reading) =>
        house.op('member.add', { login, family, given, family_reading, given_reading, password: PASSWORD }, 'hiyodori');
    mayu = await add('morishita', '森下', '真由', 'もりした', 'まゆ');
    await add('yanagi', '柳', 'さつき', 'やなぎ', 'さつき');
    for (const p of PEOPLE)
        await add(...p);
    chief = new Person({ house, number: open.tenant, workgroup: 'hiyodori' }, 'kashiwagi', PASSWORD, open.admin);
    await chief.signIn();
    await chief.openConsole();
    const unit = async (name, code, parent) => (await chief.post('/console/units', { name, code, ...(parent ? { parent } : {}) })).json.id;
    const shops = await unit('店舗', 'shops');
    const ofuna = await unit('大船店', 'ofuna', shops);
    assert.equal((await chief.put(`/console/members/${mayu.id}/units`, { units: [{ unit: ofuna, main: true }] })).status, 200);
    browser = await Browser.start(house);
});
after(async () => {
    await browser?.stop();
    await house?.remove();
});

async function look(page, name) {
    await healthy(page, name);
    await page.screenshot({ path: path.join(shots, `${name}.png`) });
}

async function enter(id, options, english = false) {
    const page = await browser.page(options);
    await page.goto(`${house.origin}/`);
    await page.locator('input[type=password]').waitFor();
    await page.getByRole('button', { name: english ? 'English' : '日本語', exact: true }).click();
    await page.locator('input').first().fill(id);
    await page.locator('input[type=password]').fill(PASSWORD);
    await browser.submit(page, id);
    await page.locator('.rail').waitFor();
    return page;
}

test('photo, status, a field and a correction at a desk; colleagues and admins see what they are to see', { timeout: 120_000 }, async () => {
    proves('MEM-05', 'MEM-07');
    const page = await enter('morishita@hiyodori', { width: 1280, height: 900 });
    await page.goto(`${house.origin}/settings`);
    await page.getByRole('button', { name: '写真を選ぶ' }).waitFor();
    await page.locator('input[type=file]').setInputFiles(path.join(ROOT, 'doc/screens/room-desktop.png'));
    const dialog = page.getByRole('dialog', { name: '写真の範囲を選ぶ' });
    await dialog.getByLabel('大きさ').fill('2');
    await dialog.getByLabel('左右の位置').fill('0.4');
    await look(page, 'photo-crop-1280-ja');
    await dialog.getByRole('button', { name: 'この範囲で保存' }).click();
    await page.locator('.own-photo img.face').waitFor();
    await page.getByRole('button', { name: '会議中', exact: true }).click();
    await page.getByLabel('表示する期間').selectOption('today');
    await page.getByRole('button', { name: '表示する', exact: true }).click();
    await page.getByText(/表示中: 会議中/).waitFor();
    await page.getByRole('button', { name: 'ニックネームを変更' }).click();
    await page.getByRole('dialog').getByLabel('ニックネーム').fill('まゆまゆ');
    await page.keyboard.press('Enter');
    await page.locator('.own-field', { hasText: 'まゆまゆ' }).waitFor();
    assert.equal(await page.getByRole('button', { name: '電話番号を変更' }).count(), 0, 'what admins fill has no way to change it');
    await page.getByRole('button', { name: '電話番号の修正を依頼' }).click();
    await page.getByRole('dialog').getByLabel('直してほしい内容').fill('内線が変わりました。');
    await look(page, 'correction-1280-ja');
    await page.getByRole('dialog').getByRole('button', { name: '依頼する' }).click();
    await page.getByText('修正を依頼しました').waitFor();
    await look(page, 'own-data-1280-ja');

    const admin = await enter('kashiwagi@hiyodori', { width: 1280, height: 800 });
    await admin.locator('.row', { hasText: '電話番号' }).first().waitFor();
    await admin.getByRole('link', { name: 'メンバー', exact: true }).click();
    await admin.getByRole('button', { name: '「ま」の行へ' }).click();
    const row = admin.locator('.members-list .row', { hasText: '森下 真由' });
    await row.locator('img.face').waitFor();
    await row.getByText(/会議中/).waitFor();
    await row.click();
    await admin.locator('.profile img.face-large').waitFor();
    await admin.getByText('ニックネーム: まゆまゆ').waitFor();
    await admin.locator('.profile').getByText('大船店').waitFor();
    await look(admin, 'members-1280-ja');
    await admin.locator('.profile').getByRole('button', { name: 'トークする' }).click();
    await admin.waitForURL(/\/talk\/\d+$/);
    const talk = admin.url();
    await admin.goBack();
    await admin.locator('.profile').getByRole('button', { name: 'トークする' }).click();
    await admin.waitForURL(/\/talk\/\d+$/);
    assert.equal(admin.url(), talk, 'a pair has one talk, whoever asks for it');
    await admin.goBack();
    await admin.locator('.profile').waitFor();
    await admin.getByLabel('組織で絞り込む').selectOption({ label: '　大船店' });
    await until('only the unit to be left', async () => (await admin.locator('.members-list .row').count()) === 1);
    await admin.getByLabel('組織で絞り込む').selectOption({ label: 'すべての組織' });
    await admin.keyboard.press('/');
    await admin.keyboard.type('もり');
    await until('the others to go', async () => (await admin.locator('.members-list .row').count()) === 1);
    await admin.keyboard.press('Control+a');
    await admin.keyboard.type('zzzz');
    await admin.getByText('一致するメンバーはいません', { exact: false }).waitFor();

    // One removes it again.
    await page.getByRole('button', { name: '写真を削除' }).click();
    await page.getByRole('dialog').getByRole('button', { name: '写真を削除' }).click();
    await until('the photo to go', async () => (await page.locator('.own-photo img.face').count()) === 0);
    for (const p of [page, admin]) {
        assert.deepEqual(p.faults, []);
        await p.context().close();
    }
});

test('the language chosen in the settings is the account\'s, in every browser', async () => {
    proves('OVR-05');
    const page = await enter('yanagi@hiyodori', { width: 390, height: 844 });
    await page.goto(`${house.origin}/settings`);
    await page.getByRole('radio', { name: 'English' }).check({ force: true });
    await page.getByRole('heading', { name: 'Settings', level: 1 }).waitFor();
    await page.getByText('What is kept about you').waitFor();
    await look(page, 'own-data-390-en');
    const other = await browser.page({ width: 390, height: 844 });
    await browser.signIn(other, 'yanagi@hiyodori', PASSWORD);
    await other.getByRole('link', { name: 'More', exact: true }).click();
    await other.getByRole('link', { name: 'Members', exact: true }).click();
    await other.locator('.members-list .row').first().waitFor();
    await look(other, 'members-390-en');
    await other.getByRole('button', { name: 'To the row や' }).click();
    await other.locator('.members-list .row', { hasText: '柳' }).click();
    await other.getByRole('heading', { name: '柳 さつき', level: 1 }).waitFor();
    await look(other, 'profile-390-en');
    await other.getByRole('button', { name: 'Back' }).click();
    await other.locator('.members-list').waitFor();
    for (const p of [page, other]) {
        assert.deepEqual(p.faults, []);
        await p.context().close();
    }
});

test('members and own data on a small phone, in the dark, and without a connection', async () => {
    const page = await enter('anzai@hiyodori', { width: 360, height: 740, dark: true });
    await page.goto(`${house.origin}/members`);
    await page.locator('.members-list .row').first().waitFor();
    await look(page, 'members-360-ja-dark');
    await page.goto(`${house.origin}/members/${mayu.id}`);
    await page.getByRole('heading', { name: '森下 真由', level: 1 }).waitFor();
    await look(page, 'profile-360-ja-dark');
    await page.goto(`${house.origin}/members/4611686018427387905`);
    await page.getByText('見つかりませんでした', { exact: false }).first().waitFor();
    await page.goto(`${house.origin}/settings`);
    await page.locator('.own-field').first().waitFor();
    await look(page, 'own-data-360-ja-dark');
    await page.context().setOffline(true);
    await page.getByRole('button', { name: '会議中', exact: true }).click();
    await page.getByRole('button', { name: '表示する', exact: true }).click();
    await page.getByText('サーバーに接続できませんでした', { exact: false }).first().waitFor();
    await page.context().setOffline(false);
    await page.getByRole('button', { name: '表示する', exact: true }).click();
    await page.getByText(/表示中: 会議中/).waitFor();
    assert.deepEqual(page.faults, []);
    await page.context().close();
});

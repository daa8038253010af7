// 管理者権限 in the browser: a role is given with its danger typed, taken away, and the super admin's role changes hands.
import fs from 'node:fs';
import path from 'node:path';
import { Browser, healthy } from '../lib/browser.mjs';
import { House, ROOT } from '../lib/house.mjs';
import { after, assert, before, proves, test } from '../lib/test.mjs';

const PASSWORD = 'ein langes Kennwort 7';
const shots = path.join(ROOT, 'build/e2e');
let house, browser;

before(async () => {
    fs.mkdirSync(shots, { recursive: true });
    house = await House.start();
    await house.op('tenant.open', {
        workgroup: 'hiyodori', company: '株式会社ひよどり製パン',
        admin: { login: 'kashiwagi', family: '柏木', given: '修一', family_reading: 'かしわぎ', given_reading: 'しゅういち', password: PASSWORD },
    });
    for (const [login, family, given, family_reading, given_reading, role] of [
        ['kousaka', '香坂', '由紀子', 'こうさか', 'ゆきこ', 'member'], ['asano', '浅野', '大輔', 'あさの', 'だいすけ', 'sub'],
    ])
        await house.op('member.add', { login, family, given, family_reading, given_reading, role, password: PASSWORD }, 'hiyodori');
    browser = await Browser.start(house);
});
after(async () => {
    await browser?.stop();
    await house?.remove();
});

async function enter(page, login, en = false) {
    if (en) {
        await page.goto(`${house.origin}/`);
        await page.getByRole('button', { name: 'English', exact: true }).click();
        await page.getByRole('button', { name: 'Log in', exact: true }).waitFor();
    }
    await browser.signIn(page, `${login}@hiyodori`, PASSWORD);
    await page.getByRole('link', { name: en ? /Talk/ : /トーク/ }).first().waitFor();
    await page.goto(`${house.origin}/console/security-admins`);
    await page.locator('input[type=password]').fill(PASSWORD);
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { level: 1, name: en ? 'Admin rights' : '管理者権限' }).waitFor();
    await page.getByText('asano', { exact: true }).waitFor();
}

async function look(page, name) {
    await healthy(page, name);
    await page.screenshot({ path: path.join(shots, `${name}.png`) });
}

test('the super admin gives a role, takes it away and hands over; the new holder confirms', { timeout: 120_000 }, async () => {
    proves('ACC-02', 'ACC-05', 'ACC-07', 'ACC-09');
    const page = await browser.page();
    await enter(page, 'kashiwagi');
    await look(page, 'admins-1280');
    await page.getByRole('button', { name: '権限を付ける' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByRole('searchbox').fill('こうさか');
    await dialog.getByRole('button', { name: /香坂 由紀子/ }).click();
    await dialog.getByText(/本当に必要な人だけに付けてください/).waitFor();
    await dialog.getByRole('button', { name: '権限を付ける' }).click();
    await dialog.getByText('「運用担当者」と入力してください。').waitFor();
    await look(page, 'admins-grant-1280');
    await dialog.getByRole('textbox', { name: /と入力/ }).fill('運用担当者');
    await dialog.getByRole('button', { name: '権限を付ける' }).click();
    await page.getByText('kousaka', { exact: true }).waitFor();
    await page.getByRole('button', { name: '浅野 大輔さんの権限を外す' }).click();
    await page.getByRole('dialog').getByRole('button', { name: '権限を外す', exact: true }).click();
    await page.getByText('asano', { exact: true }).waitFor({ state: 'detached' });
    await page.getByRole('link', { name: '権限の範囲' }).click();
    await page.getByRole('region', { name: '権限の範囲' }).getByText('ログダウンロード').waitFor();
    await look(page, 'admins-matrix-1280');
    await page.getByRole('link', { name: '権限を持つ人' }).click();
    await page.getByRole('button', { name: '引き継ぎを始める' }).click();
    await page.getByRole('dialog').getByRole('searchbox').fill('香坂');
    await page.getByRole('dialog').getByRole('button', { name: /香坂 由紀子/ }).click();
    await page.getByRole('dialog').getByRole('button', { name: '引き継ぎを頼む' }).click();
    await page.getByText('香坂 由紀子さんの確認を待っています').first().waitFor();

    const phone = await browser.page({ width: 390, height: 844 });
    await browser.signIn(phone, 'kousaka@hiyodori', PASSWORD);
    await phone.getByRole('link', { name: /トーク/ }).first().waitFor();
    await phone.goto(`${house.origin}/settings`);
    await phone.getByText(/柏木 修一さんから、最高管理者の引き継ぎを頼まれています/).waitFor();
    await look(phone, 'handover-390');
    await phone.getByRole('button', { name: '引き継ぐ' }).click();
    await phone.getByRole('dialog').locator('input[type=password]').fill(PASSWORD);
    await phone.getByRole('dialog').getByRole('button', { name: '引き継ぐ' }).click();
    await phone.getByText('最高管理者を引き継ぎました').first().waitFor();
    await phone.goto(`${house.origin}/console/security-admins`);
    await phone.locator('input[type=password]').fill(PASSWORD);
    await phone.keyboard.press('Enter');
    await phone.getByText('kashiwagi', { exact: true }).waitFor();
    await look(phone, 'admins-390');
    for (const p of [page, phone]) {
        assert.deepEqual(p.faults, []);
        await p.context().close();
    }
});

test('a sub admin reads the list, in English and at 360 px', async () => {
    proves('ACC-05', 'ACC-09');
    const { members } = await house.op('member.all', { limit: 50 }, 'hiyodori');
    await house.op('member.role', { member: members.find((m) => m.login === 'asano').id, role: 'sub' }, 'hiyodori');
    const page = await browser.page({ width: 360, height: 780, locale: 'en-US' });
    await enter(page, 'asano', true);
    assert.equal(await page.getByRole('button', { name: 'Give a role' }).count(), 0);
    assert.equal(await page.getByRole('button', { name: /Change the role/ }).count(), 0);
    await look(page, 'admins-360-en');
    assert.deepEqual(page.faults, []);
    await page.context().close();
});

/** A dialog's checkbox, by the whole of its label. */
const tick = (dialog, name) => dialog.getByRole('checkbox', { name, exact: true });

test('a custom role is made with its danger confirmed, given, and opens its submenus alone; a sub admin reads what is held', { timeout: 180_000 }, async () => {
    proves('ACC-05', 'ACC-07');
    // The first test handed the super admin's role over.
    const { members } = await house.op('member.all', { limit: 50 }, 'hiyodori');
    const chief = members.find((m) => m.role === 'super').login;
    await house.op('member.role', { member: members.find((m) => m.login === 'asano').id, role: 'sub' }, 'hiyodori');
    await house.op('member.add', { login: 'hirose', family: '広瀬', given: '楓', family_reading: 'ひろせ', given_reading: 'かえで', password: PASSWORD }, 'hiyodori');
    const page = await browser.page();
    await enter(page, chief);
    await page.getByRole('link', { name: '独自の権限' }).click();
    await page.getByText('独自の権限はまだありません。').waitFor();
    await page.getByRole('button', { name: '独自の権限を作成' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByRole('textbox', { name: '権限の名前' }).fill('受付係');
    assert.equal(await dialog.getByRole('checkbox', { name: /管理者権限|解約/ }).count(), 0);
    await tick(dialog, '統計のすべて').focus();
    await page.keyboard.press('Space');
    assert.equal(await tick(dialog, '共有ストレージ').isChecked(), true);
    await tick(dialog, '統計のすべて').click();
    await tick(dialog, '共有ストレージ').click();
    await tick(dialog, 'メンバー 強い権限').click();
    await dialog.getByText('メンバーの追加・一時停止・削除と、パスワードの再設定ができます。').waitFor();
    await dialog.getByRole('button', { name: '作成', exact: true }).click();
    await dialog.getByText('内容を確認して、チェックを付けてください。').waitFor();
    await look(page, 'roles-form-1280');
    await tick(dialog, '危険性を確認しました').click();
    await dialog.getByRole('button', { name: '作成', exact: true }).click();
    const table = page.getByRole('region', { name: '独自の権限' });
    await table.getByText('なし (下書き)').waitFor();
    await look(page, 'roles-1280');
    await page.getByRole('link', { name: '権限を持つ人' }).click();
    await page.getByRole('button', { name: '権限を付ける' }).click();
    await dialog.getByRole('searchbox').fill('ひろせ');
    await dialog.getByRole('button', { name: /広瀬 楓/ }).click();
    await dialog.getByRole('radio', { name: '受付係' }).click();
    await dialog.getByRole('textbox', { name: /と入力/ }).fill('受付係');
    await dialog.getByRole('button', { name: '権限を付ける' }).click();
    await page.getByRole('region', { name: '管理者権限' }).getByText('受付係').waitFor();
    await page.getByRole('link', { name: '独自の権限' }).click();
    await table.getByText('1人').waitFor();
    await page.getByRole('button', { name: '「受付係」を削除' }).click();
    await dialog.getByText(/持っている人が1人います/).waitFor();
    await dialog.getByRole('button', { name: '閉じる', exact: true }).last().click();
    await page.getByRole('link', { name: '権限の範囲' }).click();
    await page.getByRole('columnheader', { name: '受付係' }).waitFor();

    const phone = await browser.page({ width: 390, height: 844 });
    await browser.signIn(phone, 'hirose@hiyodori', PASSWORD);
    await phone.getByRole('link', { name: /トーク/ }).first().waitFor();
    await phone.goto(`${house.origin}/console/member-member`);
    await phone.locator('input[type=password]').fill(PASSWORD);
    await phone.keyboard.press('Enter');
    await phone.getByText('asano', { exact: true }).waitFor();
    await phone.getByRole('button', { name: /メニュー/ }).first().click();
    assert.deepEqual(await phone.locator('.console-menu h2').allInnerTexts(), ['メンバー', '統計']);
    await look(phone, 'roles-holder-390');

    const sub = await browser.page({ width: 390, height: 844, locale: 'en-US' });
    await enter(sub, 'asano', true);
    await sub.getByRole('link', { name: 'Custom roles' }).click();
    await sub.getByText('Somebody holds it, so only the super admin can change it.').waitFor();
    assert.equal(await sub.getByRole('button', { name: /^(Change|Delete) "/ }).count(), 0);
    await sub.getByRole('button', { name: 'Duplicate "受付係"' }).click();
    const copy = sub.getByRole('dialog');
    await tick(copy, 'I have read what can be done with them').click();
    await look(sub, 'roles-form-390-en');
    await copy.getByRole('button', { name: 'Make the role' }).click();
    await sub.getByRole('button', { name: 'Change "Copy of 受付係"' }).waitFor();
    await sub.getByRole('button', { name: 'Delete "Copy of 受付係"' }).click();
    await copy.getByRole('button', { name: 'Delete', exact: true }).click();
    await sub.getByRole('button', { name: 'Delete "Copy of 受付係"' }).waitFor({ state: 'detached' });
    await look(sub, 'roles-390-en');
    for (const p of [page, phone, sub]) {
        assert.deepEqual(p.faults, []);
        await p.context().close();
    }
});

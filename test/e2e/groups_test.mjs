// Groups on the console's page and in the member's app: make, change, delete, restore; the room, and what notices say.
import fs from 'node:fs';
import path from 'node:path';
import { Browser, healthy, looks } from '../lib/browser.mjs';
import { House, ROOT } from '../lib/house.mjs';
import { openTenant } from '../lib/people.mjs';
import { after, assert, before, proves, test } from '../lib/test.mjs';

const shots = path.join(ROOT, 'build/e2e');
let house, browser, acme, mayu, satsuki;

before(async () => {
    fs.mkdirSync(shots, { recursive: true });
    house = await House.start();
    acme = await openTenant(house, 'hiyodori', { company: '株式会社ひよどり製パン', login: 'kashiwagi', family: '柏木' });
    const add = (login, family, given, family_reading) => acme.add(login, { family, given, family_reading });
    mayu = await add('morishita', '森下', '真由', 'もりした');
    satsuki = await add('yanagi', '柳', 'さつき', 'やなぎ');
    await add('kanda', '神田', '優子', 'かんだ');
    await acme.group('配送連絡', { masters: [mayu], members: [satsuki], description: '毎朝の便の連絡' });
    browser = await Browser.start(house);
});
after(async () => {
    await browser?.stop();
    await house?.remove();
});

async function look(page, name) {
    await page.screenshot({ path: path.join(shots, `${name}.png`) });
    await healthy(page, name);
}

const row = (page, name) => page.locator('a.row', { has: page.locator('.row-name', { hasText: new RegExp(`^${name}$`) }) });
const button = (page, name) => page.getByRole('button', { name, exact: true });

async function console_(page) {
    await browser.signIn(page, 'kashiwagi@hiyodori', acme.chief.password);
    await page.locator('.list-pane').waitFor();
    await page.goto(`${house.origin}/console/member-group`);
    await page.locator('input[type=password]').fill(acme.chief.password);
    await page.keyboard.press('Enter');
    await page.getByRole('link', { name: '配送連絡' }).waitFor();
}

test('an admin makes a group by search, changes it, deletes it and brings it back; members see each step', { timeout: 120_000 }, async () => {
    proves('MEM-27', 'MEM-29', 'MEM-30', 'MEM-31', 'OVR-06');
    const desk = await browser.page(), phone = await browser.page({ width: 390, height: 844 });
    await browser.signIn(phone, 'yanagi@hiyodori', satsuki.password);
    await row(phone, '配送連絡').waitFor();
    await console_(desk);
    await look(desk, 'groups-1280-ja');

    await button(desk, 'グループを作成').click();
    await button(desk, '作成').click();
    await desk.getByText('グループ名を入力してください。').waitFor();
    await desk.getByLabel('グループ名', { exact: false }).last().fill('店長会');
    await button(desk, '作成').click();
    await desk.getByText('グループマスターを1人以上選んでください。').waitFor();
    await desk.getByRole('searchbox', { name: '氏名・読みで検索' }).fill('もりした');
    await button(desk, '森下 真由さんを追加').click();
    await desk.getByRole('searchbox', { name: '氏名・読みで検索' }).fill('柳');
    await button(desk, '柳 さつきさんを追加').click();
    await look(desk, 'groups-create-1280-ja');
    await button(desk, '作成').click();
    await desk.getByRole('heading', { name: '店長会', level: 1 }).waitFor();
    await row(phone, '店長会').waitFor();                     // the room is there, live
    await desk.getByRole('row', { name: /森下 真由.*グループマスター/ }).waitFor();

    // The last master stays; another one first.
    await button(desk, '森下 真由さんをグループマスターから外す').click();
    await desk.getByText('グループマスターが1人もいなくなるため').waitFor();
    await button(desk, '柳 さつきさんをグループマスターにする').click();
    await desk.getByRole('row', { name: /柳 さつき.*グループマスター/ }).waitFor();
    await button(desk, 'メンバーを追加').click();
    await desk.getByRole('searchbox', { name: '氏名・読みで検索' }).fill('神田');
    await button(desk, '神田 優子さんを追加').click();
    await button(desk, '追加する').click();
    await desk.getByRole('row', { name: /神田 優子/ }).waitFor();
    await look(desk, 'group-1280-ja');
    await button(desk, '修正').click();
    await desk.getByRole('dialog').getByLabel('グループ名', { exact: false }).fill('店長会議');
    await button(desk, '保存').click();
    await desk.getByRole('heading', { name: '店長会議', level: 1 }).waitFor();
    await row(phone, '店長会議').waitFor();

    // What the member got to know, in a room without a composer.
    await row(phone, 'サービス通知').click();
    await phone.locator('article', { hasText: 'グループ「店長会議」が変更されました。変更した項目: 名前' }).waitFor();
    await phone.getByText('サービス通知には返信できません。').waitFor();
    assert.equal(await phone.locator('#composer').count(), 0);
    await look(phone, 'notices-390-ja');
    await button(phone, '戻る').click();
    await row(phone, '配送連絡').click();
    await button(phone, 'メンバーを表示').click();
    await phone.getByText('毎朝の便の連絡').waitFor();
    await phone.getByText('グループマスター: 森下 真由').waitFor();
    await look(phone, 'group-info-390-ja');
    await button(phone, '閉じる').click();
    await button(phone, '戻る').click();

    await button(desk, '削除').click();
    await desk.getByText('メンバー3人全員が、すぐにこのグループを使えなくなります。').waitFor();
    await look(desk, 'group-delete-1280-ja');
    await button(desk, '3人のグループを削除').click();
    await desk.getByRole('link', { name: '配送連絡' }).waitFor();
    assert.equal(await desk.getByRole('link', { name: '店長会議' }).count(), 0);
    await row(phone, '店長会議').waitFor({ state: 'detached' });
    await desk.getByRole('link', { name: '削除したグループ' }).click();
    await button(desk, '「店長会議」を復元').click();
    await look(desk, 'groups-gone-1280-ja');
    await button(desk, '復元').last().click();
    await desk.getByText('復元できるグループはありません。').waitFor();
    await row(phone, '店長会議').waitFor();
    for (const page of [desk, phone]) {
        assert.deepEqual(page.faults, []);
        await page.context().close();
    }
});

test('the pages of groups fit a phone and a desk in both languages', { timeout: 90_000 }, async () => {
    for (const [width, locale] of looks([[360, 'ja-JP'], [1280, 'en-US'], [390, 'en-US']])) {
        const page = await browser.page({ width, height: 800, locale });
        const en = locale === 'en-US', tag = `${width}-${en ? 'en' : 'ja'}`;
        await page.goto(`${house.origin}/`);
        await button(page, en ? 'English' : '日本語').click();
        await console_(page);
        await look(page, `groups-${tag}`);
        await button(page, en ? 'Make a group' : 'グループを作成').click();
        await page.getByRole('searchbox').last().fill('柳');
        await button(page, en ? 'Add 柳 さつき' : '柳 さつきさんを追加').click();
        await look(page, `groups-create-${tag}`);
        await button(page, en ? 'Cancel' : 'キャンセル').click();
        await page.getByRole('link', { name: '配送連絡' }).click();
        await page.getByRole('heading', { name: '配送連絡', level: 1 }).waitFor();
        await look(page, `group-${tag}`);
        assert.deepEqual(page.faults, []);
        await page.context().close();
    }
});

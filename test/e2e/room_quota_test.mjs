// A room that is full, as people see it: who sends reads how much is there and what to do; the admin sees which rooms hold how much.
import { randomBytes } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { Browser, healthy } from '../lib/browser.mjs';
import { Person } from '../lib/people.mjs';
import { House, ROOT } from '../lib/house.mjs';
import { after, assert, before, test } from '../lib/test.mjs';

const PASSWORD = 'engawa no hidamari', MB = 1 << 20;
const shots = path.join(ROOT, 'build/e2e');
let house, browser, app;

before(async () => {
    fs.mkdirSync(shots, { recursive: true });
    house = await House.start();
    await house.op('tenant.open', { workgroup: 'hiyodori', company: '株式会社ひよどり製パン',
        admin: { login: 'kashiwagi', family: '柏木', given: '修一', family_reading: 'かしわぎ', given_reading: 'しゅういち', password: PASSWORD } });
    const add = (login, family, given, language = 'ja') => house.op('member.add', { login, family, given, language, password: PASSWORD }, 'hiyodori');
    const members = [await add('morishita', '森下', '真由'), await add('ise', '伊勢', '翔太', 'en')].map((m) => m.id);
    await house.op('room.add', { name: '大船店', members }, 'hiyodori');
    const { number } = (await house.op('tenant.list')).tenants.find((x) => x.workgroup === 'hiyodori');
    app = `${house.origin}/t/${number}/app`;
    const admin = await (await new Person({ house, number, workgroup: 'hiyodori' }, 'kashiwagi', PASSWORD).signIn()).openConsole();
    assert.equal((await admin.put('/console/settings/talk.room_storage_quota', { value: '10MB' })).status, 200);
    browser = await Browser.start(house);
});
after(async () => {
    await browser?.stop();
    await house?.remove();
});

async function opened(login, options) {
    const page = await browser.page(options);
    await browser.signIn(page, `${login}@hiyodori`, PASSWORD);
    await page.getByRole('link', { name: /^大船店/ }).click();
    await page.locator('#composer').waitFor();
    return page;
}
async function choose(page, act, name, size) {
    await page.getByRole('button', { name: act }).click();
    await page.getByRole('dialog').locator('input[type=file]').last().setInputFiles([{ name, mimeType: 'application/octet-stream', buffer: randomBytes(size) }]);
}

test('who sends into a full room reads how much is there and what to do; what is taken back makes room', { timeout: 120_000 }, async () => {
    const phone = await opened('morishita', { width: 390, height: 844 });
    await choose(phone, 'ほかに送る', '棚卸.bin', 8 * MB);
    await phone.getByText('1件を送信できます').waitFor();
    await phone.getByRole('button', { name: '送信', exact: true }).click();
    await phone.getByRole('button', { name: /棚卸/ }).waitFor();
    await choose(phone, 'ほかに送る', '研修.bin', 3 * MB);
    const told = phone.locator('.tray-file [role=alert]');
    await told.waitFor();
    assert.match(await told.textContent(), /トークルームの保存容量がいっぱい.*削除するか、管理者に連絡.*使用中 8 MB、残り 2 MB、このファイル 3 MB/);
    const desk = await opened('ise', { width: 1280, height: 800, locale: 'en-US', dark: true });
    await choose(desk, 'Send something else', 'training.bin', 3 * MB);
    const said = desk.locator('.tray-file [role=alert]');
    await said.waitFor();
    assert.match(await said.textContent(), /storage of this room is full.*delete files.*8 MB are used, 2 MB are left; this file has 3 MB/);
    for (const [page, size] of [[phone, 390], [desk, 1280]]) {
        await healthy(page, `room quota, ${size}`);
        await page.screenshot({ path: path.join(shots, `room-quota-${size}.png`) });
    }
    await phone.locator('article', { hasText: '棚卸' }).first().getByRole('button', { name: 'メッセージのメニュー' }).click({ force: true });
    const menu = phone.getByRole('dialog');
    await menu.getByRole('button', { name: '送信取消', exact: true }).click();
    await menu.getByRole('button', { name: '送信取消', exact: true }).click();
    await phone.getByRole('button', { name: /棚卸/ }).waitFor({ state: 'detached' });
    await phone.getByRole('button', { name: '再送' }).click();
    await phone.getByText('1件を送信できます').waitFor();
    assert.deepEqual([...phone.faults, ...desk.faults], []);
});

test('the admin sees which rooms hold how much, and how much is left', { timeout: 120_000 }, async () => {
    for (const [width, height, locale, dark, words] of [[390, 844, 'ja-JP', true, /100 GBのうち/], [1280, 800, 'en-US', false, /of 100 GB are in use/]]) {
        const page = await browser.page({ width, height, locale, dark });
        await page.addInitScript((lang) => localStorage.setItem('engawa.prefs', JSON.stringify({ lang })), locale.slice(0, 2));
        await browser.signIn(page, 'kashiwagi@hiyodori', PASSWORD);
        await page.waitForURL(/\/app/);
        await page.goto(`${app}/console/stats-storage`);
        await page.locator('input[type=password]').fill(PASSWORD);
        await page.keyboard.press('Enter');
        await page.getByText(words).waitFor();
        await page.getByText(locale === 'ja-JP' ? '2人のトークルーム' : 'Room of 2 people').waitFor();
        assert.equal(await page.getByText('大船店').count(), 0, 'what people call their room is theirs');
        await healthy(page, `storage, ${width}`);
        await page.screenshot({ path: path.join(shots, `console-storage-${width}.png`) });
        assert.deepEqual(page.faults, []);
    }
});

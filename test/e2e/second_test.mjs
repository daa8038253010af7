// 2段階認証 as people meet it: an admin's first login, a second phone that the first one approves, a code from the admin, the own settings.
import fs from 'node:fs';
import path from 'node:path';
import { Browser, healthy, looks } from '../lib/browser.mjs';
import { digits } from '../lib/calls.mjs';
import { House, ROOT } from '../lib/house.mjs';
import { after, assert, before, test } from '../lib/test.mjs';

const PASSWORD = 'engawa no hidamari';
const shots = path.join(ROOT, 'build/e2e');
let house, browser;

before(async () => {
    fs.mkdirSync(shots, { recursive: true });
    house = await House.start();
    browser = await Browser.start(house);
});
after(async () => {
    await browser?.stop();
    await house?.remove();
});

async function company(workgroup) {
    const open = await house.op('tenant.open', {
        workgroup, company: '株式会社かわせみ薬局',
        admin: { login: 'mizuno', family: '水野', given: '千代', family_reading: 'みずの', given_reading: 'ちよ', password: PASSWORD },
    });
    const { id } = await house.op('member.add', { login: 'hara', family: '原', given: '直人', family_reading: 'はら', given_reading: 'なおと', password: PASSWORD }, workgroup);
    await house.op('room.add', { name: '窓口', members: [id, open.admin] }, workgroup);
    return { workgroup, number: open.tenant, hara: id };
}

const door = (lang, options) => browser.page({ ...options, lang });

async function password(page, t, login) {
    await page.goto(`${house.origin}/`);
    await page.locator('input').first().fill(`${login}@${t.workgroup}`);
    await page.locator('input[type=password]').fill(PASSWORD);
    await page.keyboard.press('Enter');
}

const shot = (page, name) => page.screenshot({ path: path.join(shots, `second-${name}.png`), fullPage: true });
const button = (page, name) => page.getByRole('button', { name, exact: true });

const W = {
    ja: {
        wrong: /コードが正しくないか/, verify: '確認する', kept: '保管しました。続ける', title: '2段階認証', remember: '90日間、確認を省く', approve: '別の端末で承認する', asked: '別の端末からのログイン',
        two: '2桁の数字', yes: '承認する', no: '自分ではない', refused: /承認されませんでした/, talk: /トーク/, again: 'もう一度、承認を頼む', make: '1回限りのコードを発行', code: 'コード',
        add: '認証アプリを登録する', next: '次へ', newCodes: '予備コードを作り直す', remove: '登録を解除する', none: '登録されていません', left: '残り10個',
    },
    en: {
        wrong: /The code is not right/, verify: 'Verify', kept: 'I have kept them. Continue', title: 'Two-step verification', remember: 'for 90 days', approve: 'Approve on another device', asked: 'Login on another device',
        two: 'Two digits', yes: 'Approve', no: 'It is not me', refused: /It was not approved/, talk: /Talk/, again: 'Ask again', make: 'Make a one-time code', code: 'Code',
        add: 'Register an authenticator app', next: 'Next', newCodes: 'Make new backup codes', remove: 'Remove the app', none: 'Not registered', left: '10 left',
    },
};

for (const [i, [lang, options]] of looks([['ja', { width: 390, height: 844 }], ['en', { width: 1280, height: 800 }], ['en', { width: 390, height: 844, dark: true }], ['ja', { width: 1280, height: 800 }]]).entries()) {
    const look = `${lang}-${options.width}`;

    test(`an admin registers an app at the first login and keeps the codes (${lang}, ${options.width} px)`, async () => {
        const w = W[lang], t = await company(`kawasemi${i}`), page = await door(lang, options);
        await password(page, t, 'mizuno');
        const key = page.locator('.second-key');
        await key.waitFor();
        await healthy(page, `second-enrol-${look}`);
        await shot(page, `enrol-${look}`);
        await button(page, w.verify).click();
        await page.locator('#second-code[aria-invalid=true]').waitFor();
        await page.locator('#second-code').fill('000000');
        await button(page, w.verify).click();
        await page.getByText(w.wrong).waitFor();
        await shot(page, `wrong-${look}`);
        await page.locator('#second-code').fill(digits((await key.innerText()).replaceAll(' ', '')));
        await button(page, w.verify).click();
        await page.locator('.second-codes li').nth(9).waitFor();
        await healthy(page, `second-codes-${look}`);
        await shot(page, `codes-${look}`);
        const codes = await page.locator('.second-codes li').allInnerTexts();
        await button(page, w.kept).click();
        await page.waitForURL(/\/app/);
        await page.getByRole('link', { name: w.talk }).first().waitFor();
        const other = await door(lang, options);
        await password(other, t, 'mizuno');
        await other.locator('#second-code').fill(codes[4].toLowerCase());
        await shot(other, `ask-${look}`);
        await other.keyboard.press('Enter');
        await other.getByRole('link', { name: w.talk }).first().waitFor();
        assert.deepEqual([...page.faults, ...other.faults], []);
    });

    test(`a new phone is approved by the one that is signed in; somebody else's login is refused (${lang}, ${options.width} px)`, async () => {
        const w = W[lang], t = await company(`sekirei${i}`), mine = await door(lang, options), other = await door(lang, options);
        await password(mine, t, 'hara');
        await mine.getByRole('link', { name: w.talk }).first().waitFor();
        await password(other, t, 'hara');
        await button(other, w.approve).waitFor();
        await other.getByText(w.remember).waitFor();
        await healthy(other, `second-device-${look}`);
        await button(other, w.approve).click();
        const dialog = mine.getByRole('dialog', { name: w.asked });
        await dialog.waitFor();
        await healthy(mine, `second-answer-${look}`);
        await shot(mine, `answer-${look}`);
        await shot(other, `waiting-${look}`);
        await dialog.getByRole('button', { name: w.no }).click();
        await dialog.waitFor({ state: 'hidden' });
        await other.getByText(w.refused).waitFor();
        await button(other, w.again).click();
        await dialog.waitFor();
        await dialog.getByLabel(w.two).fill(await other.locator('.second-number').innerText());
        await dialog.getByRole('button', { name: w.yes, exact: true }).click();
        await other.waitForURL(/\/app/);
        await other.getByRole('link', { name: w.talk }).first().waitFor();
        assert.deepEqual([...mine.faults, ...other.faults], []);
    });

    test(`a member registers an app in the settings, and the admin hands out a code when it is lost (${lang}, ${options.width} px)`, async () => {
        const w = W[lang], t = await company(`mejiro${i}`), page = await door(lang, options);
        await password(page, t, 'hara');
        await page.getByRole('link', { name: w.talk }).first().waitFor();
        await page.goto(`${house.origin}/t/${t.number}/app/settings`);
        await page.getByText(w.none).waitFor();
        await button(page, w.add).click();
        await page.locator('[role=dialog] input[type=password]').fill(PASSWORD);
        await button(page, w.next).click();
        const secret = (await page.locator('.second-key').innerText()).replaceAll(' ', '');
        await healthy(page, `second-own-app-${look}`);
        await page.locator('#second-code').fill(digits(secret));
        await button(page, w.verify).click();
        await page.locator('.second-codes li').nth(9).waitFor();
        await button(page, w.kept).click();
        await page.getByText(w.left).waitFor();
        await page.locator('#part-second').scrollIntoViewIfNeeded();
        await healthy(page, `second-part-${look}`);
        await shot(page, `part-${look}`);

        const admin = await door(lang, options);
        await browser.signIn(admin, `mizuno@${t.workgroup}`, PASSWORD);
        await admin.getByRole('link', { name: w.talk }).first().waitFor();
        await admin.goto(`${house.origin}/t/${t.number}/app/console/member-member/${t.hara}`);
        await admin.locator('input[type=password]').fill(PASSWORD);
        await admin.keyboard.press('Enter');
        await button(admin, w.make).click();
        await admin.getByRole('dialog').getByRole('button', { name: w.make, exact: true }).click();
        const code = await admin.locator('.slip-code').innerText();
        await healthy(admin, `second-slip-${look}`);
        await shot(admin, `slip-${look}`);
        const other = await door(lang, options);
        await password(other, t, 'hara');
        await other.locator('#second-code').fill(code);
        await button(other, w.verify).click();
        await other.getByRole('link', { name: w.talk }).first().waitFor();
        assert.deepEqual([...page.faults, ...admin.faults, ...other.faults], []);
    });
}

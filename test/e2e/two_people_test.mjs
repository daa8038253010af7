// Two people in two browsers, and an admin in a third: what the product is for, as a person does it.
import fs from 'node:fs';
import path from 'node:path';
import { Browser, healthy, looks } from '../lib/browser.mjs';
import { House, ROOT, until } from '../lib/house.mjs';
import { newKey } from '../lib/people.mjs';
import { after, assert, before, proves, test } from '../lib/test.mjs';

const PASSWORD = 'engawa no hidamari';
const shots = path.join(ROOT, 'build/e2e');
let house, browser, room, mayu, satsuki;

const message = (page, text) => page.locator('article', { hasText: text });
const count = (page, text) => message(page, text).count();

async function shot(page, name) {
    await page.screenshot({ path: path.join(shots, `${name}.png`) });
}

async function say(page, text, touch) {
    await page.locator('#composer').fill(text);
    if (touch)
        await page.getByRole('button', { name: '送信', exact: true }).click();
    else
        await page.keyboard.press('Enter');
}

async function openRoom(page) {
    await page.getByRole('link', { name: /大船店/ }).first().click();
    await page.locator('#composer').waitFor();
}

before(async () => {
    fs.mkdirSync(shots, { recursive: true });
    house = await House.start();
    const open = await house.op('tenant.open', {
        workgroup: 'hiyodori', company: '株式会社ひよどり製パン',
        admin: { login: 'kashiwagi', family: '柏木', given: '修一', family_reading: 'かしわぎ', given_reading: 'しゅういち', password: PASSWORD },
    });
    const add = (login, family, given) => house.op('member.add', { login, family, given, password: PASSWORD }, 'hiyodori');
    mayu = await add('morishita', '森下', '真由');
    satsuki = await add('yanagi', '柳', 'さつき');
    room = await house.op('room.add', { name: '大船店', members: [mayu.id, satsuki.id, open.admin] }, 'hiyodori');
    const messages = [];
    for (let i = 1; i <= 120; i++)
        messages.push({ key: newKey(), sender: i % 2 ? mayu.id : satsuki.id, kind: 'text', text: `きのうの連絡 ${i}`, sent: Date.now() - 90_000_000 + i * 60_000 });
    await house.op('talk.import', { room: room.id, messages }, 'hiyodori');
    browser = await Browser.start(house);
});
after(async () => {
    await browser?.stop();
    await house?.remove();
});

test('two people talk live, the server is killed between, and nothing is lost', async () => {
    proves('TLK-02');
    const phone = await browser.page({ width: 390, height: 844 });
    const desk = await browser.page();
    await browser.signIn(phone, 'morishita@hiyodori', PASSWORD);
    await browser.signIn(desk, 'yanagi@hiyodori', PASSWORD);
    await openRoom(phone);
    await openRoom(desk);
    await say(phone, 'おはようございます。冷蔵庫2番、見てもらえますか。', true);
    await message(desk, '冷蔵庫2番、見てもらえますか').waitFor();
    await say(desk, '3℃まで下がりました。');
    await message(phone, '3℃まで下がりました').waitFor();
    await shot(phone, 'room-390');
    await shot(desk, 'room-1280');

    const { roles, supervisor } = await house.op('health');
    for (const pid of [supervisor, ...roles.map((r) => r.pid)])
        process.kill(pid, 'SIGKILL');
    await house.ended;
    await say(phone, '停電のあいだに書きました。', true);
    await message(phone, '停電のあいだに書きました').waitFor();
    await phone.locator('.pending').first().waitFor();
    await shot(phone, 'waiting-390');
    await house.boot();
    await message(desk, '停電のあいだに書きました').waitFor();
    await until('the message to be sent', async () => (await phone.locator('.pending').count()) === 0);
    await say(desk, '届きました。');
    await message(phone, '届きました').waitFor();

    for (const page of [phone, desk]) {
        await page.reload();
        await message(page, '届きました').waitFor();
        for (const text of ['冷蔵庫2番、見てもらえますか', '3℃まで下がりました', '停電のあいだに書きました', '届きました'])
            assert.equal(await count(page, text), 1, `${text} stands once`);
        assert.deepEqual(page.faults, []);
    }
    await desk.context().close();
    await phone.context().close();
});

test('older messages come while reading up', async () => {
    const desk = await browser.page();
    await browser.signIn(desk, 'yanagi@hiyodori', PASSWORD);
    await openRoom(desk);
    await message(desk, '届きました').waitFor();
    await desk.getByRole('log').hover();
    await until('the first message', async () => {
        await desk.mouse.wheel(0, -4000);
        return (await desk.locator('article').filter({ hasText: /きのうの連絡 1$/ }).count()) + (await desk.getByText('きのうの連絡 1', { exact: true }).count()) > 0;
    });
    await until('it to stand there once, when the log is at rest', async () => (await desk.getByText('きのうの連絡 1', { exact: true }).count()) === 1);
    assert.deepEqual(desk.faults, []);
    await desk.context().close();
});

test('composition: Enter sends nothing while a word is being converted', async () => {
    const desk = await browser.page();
    await browser.signIn(desk, 'yanagi@hiyodori', PASSWORD);
    await openRoom(desk);
    await desk.locator('#composer').focus();
    const cdp = await desk.context().newCDPSession(desk);
    await cdp.send('Input.imeSetComposition', { text: 'へんかんちゅう', selectionStart: 7, selectionEnd: 7 });
    await cdp.send('Input.dispatchKeyEvent', { type: 'rawKeyDown', key: 'Enter', code: 'Enter', windowsVirtualKeyCode: 229 });
    await desk.locator('#composer').evaluate((el) =>
        el.dispatchEvent(new KeyboardEvent('keydown', { key: 'Enter', keyCode: 229, bubbles: true, cancelable: true })));
    await cdp.send('Input.insertText', { text: '変換中' });
    assert.equal(await desk.locator('#composer').inputValue(), '変換中', 'nothing was sent');
    await desk.keyboard.press('Shift+Enter');
    await desk.keyboard.type('2');
    assert.equal(await desk.locator('#composer').inputValue(), '変換中\n2');
    await desk.keyboard.press('Enter');
    await message(desk, '変換中').waitFor();
    assert.equal(await count(desk, '変換中'), 1);
    assert.deepEqual(desk.faults, []);
    await desk.context().close();
});

test('a wrong password and an unknown workgroup give the same sentence; hostile text stays text', async () => {
    const page = await browser.page({ width: 390, height: 844 });
    const sentences = [];
    for (const [id, password] of [['yanagi@hiyodori', 'not the password'], ['yanagi@nowhere-at-all', PASSWORD]]) {
        await browser.signIn(page, id, password);
        sentences.push(await page.locator('[role=alert] .form-error').innerText());
    }
    assert.equal(sentences[0], sentences[1]);
    assert.match(sentences[0], /正しくありません/);
    await browser.signIn(page, 'yanagi@hiyodori', PASSWORD);
    await openRoom(page);
    await page.evaluate(() => { window.hurt = 0; window.alert = () => window.hurt++; });
    for (const text of ['<img src=x onerror=alert(1)>', '<script>alert(1)</script>', '"><svg onload=alert(1)>', 'javascript:alert(1)']) {
        await say(page, text, true);
        await message(page, text).waitFor();
    }
    assert.equal(await page.evaluate(() => window.hurt), 0);
    assert.equal(await page.locator('article img, article svg[onload], article script').count(), 0);
    assert.deepEqual(page.faults, []);
    await page.context().close();
});

test('the console lists members and the audit rows of it all; a suspended member is out at once', async () => {
    proves('OVR-01');
    const member = await browser.page({ width: 390, height: 844 });
    await browser.signIn(member, 'morishita@hiyodori', PASSWORD);
    await openRoom(member);
    const admin = await browser.page();
    await browser.signIn(admin, 'kashiwagi@hiyodori', PASSWORD);
    await openRoom(admin);
    await admin.goto(`${house.origin}/console/member-member`);
    await admin.locator('input[type=password]').fill(PASSWORD);
    await admin.getByRole('button', { name: '開く', exact: true }).click();
    for (const login of ['kashiwagi', 'morishita', 'yanagi'])
        await admin.getByText(login, { exact: true }).first().waitFor();
    await shot(admin, 'console-members-1280');
    await admin.getByRole('button', { name: '森下 真由さんを一時停止' }).click();
    await admin.getByRole('dialog').getByRole('button', { name: '一時停止', exact: true }).click();
    await member.getByRole('button', { name: 'ログイン', exact: true }).waitFor();
    await admin.getByRole('navigation', { name: '管理者画面のメニュー' }).getByRole('link', { name: '管理者画面' }).click();
    await admin.locator('table.audit-table').waitFor();
    for (const act of ['管理者画面を開く', 'メンバーの一時停止'])
        await admin.locator('table.audit-table').getByText(act, { exact: true }).first().waitFor();
    await shot(admin, 'console-audit-1280');

    const plain = await browser.page();
    await browser.signIn(plain, 'yanagi@hiyodori', PASSWORD);
    await openRoom(plain);
    await plain.goto(`${house.origin}/console`);
    await plain.getByText('管理者画面を使う権限がありません').first().waitFor();
    for (const page of [member, admin, plain]) {
        assert.deepEqual(page.faults, []);
        await page.context().close();
    }
});

test('every screen fits 360, 390 and 1280 px in both languages and themes; axe finds nothing', async () => {
    for (const [width, locale, dark] of looks([[360, 'ja-JP', false], [1280, 'en-US', false], [390, 'en-US', true], [1280, 'ja-JP', true]])) {
        const page = await browser.page({ width, height: width < 768 ? 780 : 800, locale, dark });
        const look = async (screen) => {
            const name = `${screen}-${width}-${locale.slice(0, 2)}${dark ? '-dark' : ''}`;
            await healthy(page, name);
            await shot(page, name);
        };
        await page.goto(`${house.origin}/`);
        await page.locator('input[type=password]').waitFor();
        await page.getByRole('button', { name: locale === 'en-US' ? 'English' : '日本語', exact: true }).click();
        await page.getByRole('button', { name: locale === 'en-US' ? 'Log in' : 'ログイン', exact: true }).waitFor();
        await look('sign-in');
        await browser.signIn(page, 'kashiwagi@hiyodori', PASSWORD);
        await page.getByRole('link', { name: /大船店/ }).first().waitFor();
        await look('list');
        await openRoom(page);
        await page.locator('article').first().waitFor();
        await look('room');
        await page.goto(`${house.origin}/settings`);
        await page.locator('.session').first().waitFor();
        await look('settings');
        await page.getByRole('heading', { name: locale === 'en-US' ? 'Settings' : '設定', level: 1 }).waitFor();
        await page.goto(`${house.origin}/console/member-member`);
        await page.locator('input[type=password]').fill(PASSWORD);
        await look('console-door');
        await page.keyboard.press('Enter');
        await page.getByText('morishita', { exact: true }).first().waitFor();
        await look('console-members');
        await page.goto(`${house.origin}/console/audit-console`);
        await page.locator('table.audit-table tbody tr').first().waitFor();
        await look('console-audit');
        assert.deepEqual(page.faults, []);
        await page.context().close();
    }
});

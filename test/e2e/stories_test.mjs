// Days at work as people live them, each in windows of two or more: a quarrel, a shift swapped, a shop without a network,
// a manager who waits to be read; and the keys of an input method in every field where messages are written.
import fs from 'node:fs';
import path from 'node:path';
import { Browser } from '../lib/browser.mjs';
import { House, ROOT, until } from '../lib/house.mjs';
import { openTenant } from '../lib/people.mjs';
import { after, assert, before, proves, test } from '../lib/test.mjs';

const shots = path.join(ROOT, 'build/e2e');
const STORY = { timeout: 20_000 };
let house, acme, mayu, satsuki, ryo, megumi, browser;

const article = (page, text) => page.locator('article', { hasText: text });
const shot = (page, name) => page.screenshot({ path: path.join(shots, `stories-${name}.png`) });

before(async () => {
    fs.mkdirSync(shots, { recursive: true });
    house = await House.start();
    acme = await openTenant(house, 'acme');
    const add = (login, family, given, family_reading, given_reading) => acme.add(login, { family, given, family_reading, given_reading });
    mayu = await add('morishita', '森下', '真由', 'もりした', 'まゆ');
    satsuki = await add('yanagi', '柳', 'さつき', 'やなぎ', 'さつき');
    ryo = await add('tanoue', '田之上', '亮', 'たのうえ', 'りょう');
    megumi = await add('kobayakawa', '小早川', '恵', 'こばやかわ', 'めぐみ');
    browser = await Browser.start(house);
});
after(async () => {
    await browser?.stop();
    await house?.remove();
});

/** A window of a person, in a room. */
async function at(person, room, look) {
    const page = await browser.page(look);
    await browser.signIn(page, `${person.login}@acme`, person.password);
    await page.waitForURL(/app/);
    await page.goto(`${house.origin}/t/${acme.number}/app/talk/${room}`);
    await page.locator('#composer').waitFor();
    return page;
}

async function say(page, text) {
    await page.locator('#composer').fill(text);
    await page.getByRole('button', { name: '送信', exact: true }).click();
    await article(page, text).first().waitFor();
}

/** Opens the menu of a message by its button, and an act of it. */
async function act(page, text, name) {
    await article(page, text).first().getByRole('button', { name: 'メッセージのメニュー' }).click({ force: true });
    const dialog = page.getByRole('dialog');
    await dialog.getByRole('button', { name, exact: true }).click();
    return dialog;
}

async function end(...pages) {
    for (const page of pages) {
        assert.deepEqual(page.faults, []);
        await page.context().close();
    }
}

test('a quarrel goes into a thread: the room keeps a line of each answer, and both agree', STORY, async () => {
    const room = await acme.room('大船店', mayu, satsuki);
    const [desk, phone] = await Promise.all([at(mayu, room), at(satsuki, room, { width: 390, height: 844 })]);
    await say(desk, '昨日の閉店作業、冷蔵庫2番の記録がありません。柳さんの担当でしたよね。');
    await article(phone, '冷蔵庫2番の記録').waitFor();
    await say(phone, '書きました。きちんと探してから言ってください。');
    await article(desk, 'きちんと探してから').waitFor();

    await act(desk, 'きちんと探してから', 'スレッドで返信');
    const answer = (page) => page.getByRole('textbox', { name: 'スレッドに返信' });
    await answer(desk).fill('言い方がきつくなってすみません。どこに書いてくれましたか?');
    await desk.keyboard.press('Enter');
    await desk.locator('.thread-entry', { hasText: 'どこに書いてくれましたか' }).locator('time').waitFor();
    const line = phone.locator('.threaded');
    await line.filter({ hasText: '↳ 森下 真由さんがスレッドに返信: 言い方がきつく' }).waitFor();
    assert.equal(await line.count(), 1, 'one answer, one line');
    assert.equal(await article(phone, '言い方がきつく').count(), 0, 'it is no bubble of the room');

    await phone.getByRole('button', { name: 'スレッドの返信 1件' }).click();
    await phone.locator('.thread-entry', { hasText: 'どこに書いてくれましたか' }).waitFor();
    await answer(phone).fill('裏面です。わたしもむきになりました。すみません。');
    await phone.getByRole('button', { name: 'スレッドに送信' }).click();
    await desk.locator('.thread-entry', { hasText: '裏面です' }).locator('time').waitFor();
    await answer(desk).fill('ありました。次から裏面も見ます。');
    await desk.keyboard.press('Enter');
    await phone.locator('.thread-entry', { hasText: '次から裏面も見ます' }).locator('time').waitFor();
    const order = ['きちんと探して', 'どこに書いて', '裏面です', '次から裏面も'];
    for (const page of [desk, phone]) {
        const said = await page.locator('.thread-entry').allInnerTexts();
        assert.equal(said.length, order.length);
        order.forEach((words, i) => assert.ok(said[i].includes(words), `${words} is number ${i + 1}`));
    }
    await shot(phone, 'quarrel-thread-390');
    await phone.keyboard.press('Escape');
    await act(phone, 'きちんと探してから', 'いいね');
    await article(desk, 'きちんと探してから').locator('.reaction', { hasText: '👍 1' }).waitFor();
    await article(desk, 'きちんと探してから').locator('.reaction').click();
    await article(phone, 'きちんと探してから').locator('.reaction', { hasText: '👍 2' }).waitFor();
    await phone.getByRole('button', { name: 'スレッドの返信 3件' }).waitFor();
    assert.equal(await phone.locator('article').count(), 2, 'the room holds the two messages of the quarrel');
    await shot(desk, 'quarrel-1280');
    await end(desk, phone);
});

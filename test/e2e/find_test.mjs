// Looking for messages by word, sender, room and days, in the address; and what is pinned in a room, live.
import fs from 'node:fs';
import path from 'node:path';
import { Browser, healthy } from '../lib/browser.mjs';
import { House, ROOT, until } from '../lib/house.mjs';
import { newKey } from '../lib/people.mjs';
import { after, assert, before, test } from '../lib/test.mjs';

const PASSWORD = 'engawa no hidamari';
const DAY = 86_400_000;
const shots = path.join(ROOT, 'build/e2e');
const noon = new Date(Date.now() - 10 * DAY).setUTCHours(3, 0, 0, 0);       // 12:00 in Tokyo
const day = (n) => new Date(noon + n * DAY).toISOString().slice(0, 10);
let house, browser, ofuna, meeting;

const article = (page, text) => page.locator('article', { hasText: text });
const shot = (page, name) => page.screenshot({ path: path.join(shots, `${name}.png`) });
const hits = (page) => page.locator('.hit').count();

before(async () => {
    fs.mkdirSync(shots, { recursive: true });
    house = await House.start();
    await house.op('tenant.open', {
        workgroup: 'hiyodori', company: '株式会社ひよどり製パン', admin: { login: 'kashiwagi', family: '柏木', given: '修一', password: PASSWORD },
    });
    const add = (login, family, given, family_reading) => house.op('member.add', { login, family, given, family_reading, password: PASSWORD }, 'hiyodori');
    const mayu = (await add('morishita', '森下', '真由', 'もりした')).id, satsuki = (await add('yanagi', '柳', 'さつき', 'やなぎ')).id, ryo = (await add('tanoue', '田之上', '亮', 'たのうえ')).id;
    ofuna = (await house.op('room.add', { name: '大船店', members: [mayu, satsuki, ryo] }, 'hiyodori')).id;
    meeting = (await house.op('room.add', { name: '店長会', members: [mayu, satsuki] }, 'hiyodori')).id;
    const message = (sender, text, sent) => ({ key: newKey(), sender, kind: 'text', text, sent });
    // In 大船店 30 by two people on ten days; in 店長会 one more.
    await house.op('talk.import', { room: ofuna, messages: Array.from({ length: 30 }, (_, i) => message(i % 3 ? satsuki : ryo, `シフトの相談 ${i + 1}`, noon + Math.floor(i / 3) * DAY + i * 1_000)) }, 'hiyodori');
    await house.op('talk.import', { room: meeting, messages: [message(satsuki, 'シフトは店長会で決めます。', noon + 2 * DAY)] }, 'hiyodori');
    browser = await Browser.start(house);
});
after(async () => {
    await browser?.stop();
    await house?.remove();
});

async function enter(login, { english = false, ...options } = {}) {
    const page = await browser.page(options);
    await page.goto(`${house.origin}/`);
    await page.locator('input[type=password]').waitFor();
    if (english)
        await page.getByRole('button', { name: 'English', exact: true }).click();
    await page.locator('input').first().fill(`${login}@hiyodori`);
    await page.locator('input[type=password]').fill(PASSWORD);
    await browser.submit(page, `${login}@hiyodori`);
    await page.getByRole('link', { name: /大船店/ }).waitFor();
    return page;
}

const words = {
    ja: { search: 'トークを検索', who: '送信者', room: 'トーク', days: '期間', yanagi: '柳 さつき', found: (n) => `${n}件見つかりました`, more: 'さらに表示', first: '新しい順に20件', from: '最初の日', to: '最後の日', set: 'この期間で探す',
        off: (n) => `${n}の条件を外す`, none: '「シフト」に一致するメッセージはありません。送信者、トーク、期間の条件を外してみてください。', needed: '検索することば、送信者、トークのどれかを指定してください。', open: 'トークを開く',
        info: 'メンバーを表示', here: 'このトークを検索', is: (a, b) => `${a}: ${b}` },
    en: { search: 'Search talk rooms', who: 'Sender', room: 'Talk room', days: 'Days', yanagi: '柳 さつき', found: (n) => `${n} found`, more: 'Show more', first: 'Showing the newest 20', from: 'First day', to: 'Last day', set: 'Search these days',
        off: (n) => `Remove the filter ${n}`, none: 'No message matches "シフト". Try without: Sender', needed: 'Enter a word, or choose a sender or a talk room.', open: 'Open the talk',
        info: 'Show members', here: 'Search in this talk', is: (a, b) => `${a}: ${b}` },
};

for (const [width, lang, login] of [[1280, 'ja', 'morishita'], [390, 'en', 'yanagi']])
    test(`messages are looked for by sender, room and days; the address keeps it, each filter goes again, ${width} px, ${lang}`, { timeout: 120_000 }, async () => {
        const w = words[lang];
        const page = await enter(login, { width, height: width < 768 ? 844 : 800, english: lang === 'en' });
        const field = page.getByRole('searchbox', { name: w.search });
        const chip = (name) => page.locator('.find-filters').getByRole('button', { name, exact: true });
        const dialog = page.getByRole('dialog');
        const count = (n) => until(`${n} hits`, async () => (await hits(page)) === n);
        await field.fill('シフト');
        await page.getByText(w.first, { exact: false }).waitFor();
        await page.getByRole('button', { name: w.more }).click();
        await page.getByText(w.found(31)).waitFor();
        await count(31);
        await chip(w.who).click();
        await shot(page, `find-who-${width}-${lang}`);
        await healthy(page, 'the senders');
        await dialog.getByRole('button', { name: w.yanagi }).click();
        await chip(w.is(w.who, w.yanagi)).waitFor();
        await page.getByText(w.first, { exact: false }).or(page.getByText(w.found(21))).waitFor();
        await chip(w.room).click();
        await dialog.getByRole('button', { name: '大船店' }).click();
        await page.getByText(w.found(20)).waitFor();
        await chip(w.days).click();
        await dialog.getByLabel(w.from).fill(day(2));
        await dialog.getByLabel(w.to).fill(day(3));
        await shot(page, `find-days-${width}-${lang}`);
        await dialog.getByRole('button', { name: w.set }).click();
        await page.getByText(w.found(4)).waitFor();
        await count(4);
        await shot(page, `find-${width}-${lang}`);
        await healthy(page, 'the hits');
        const there = page.url();
        assert.deepEqual([...new URL(there).searchParams.keys()], ['q', 'who', 'in', 'from', 'to']);

        await page.reload();
        await page.getByText(w.found(4)).waitFor();
        assert.equal(await field.inputValue(), 'シフト');
        await page.locator('.hit').first().click();
        await dialog.getByRole('button', { name: w.open }).click();
        await page.locator('article.flash').waitFor();
        await page.goBack();
        await page.getByText(w.found(4)).waitFor();
        assert.equal(page.url(), there, 'the way back leads to what was found');

        await chip(w.off(w.days)).click();
        await page.getByText(w.found(20)).waitFor();
        await page.goto(`${there.split('?')[0]}?${new URLSearchParams({ q: 'シフト', who: new URL(there).searchParams.get('who'), in: ofuna, from: '2020-01-01', to: '2020-01-02' })}`);
        await page.getByText(w.none, { exact: false }).waitFor();
        await shot(page, `find-none-${width}-${lang}`);
        await healthy(page, 'nothing found');
        await chip(w.off(w.who)).click();
        await chip(w.off(w.room)).click();
        await field.fill('');
        await page.getByText(w.needed).waitFor();
        await chip(w.off(w.days)).click();
        await page.getByRole('link', { name: /店長会/ }).waitFor();
        assert.equal(new URL(page.url()).search, '');

        await page.getByRole('link', { name: /店長会/ }).click();
        await page.getByRole('button', { name: w.info }).click();
        await page.getByRole('button', { name: w.here }).click();
        await chip(w.is(w.room, '店長会')).waitFor();
        await until('the field to have the focus', () => field.evaluate((e) => e === document.activeElement));
        await page.keyboard.type('シフト');
        await page.getByText(w.found(1)).waitFor();
        assert.deepEqual(page.faults, []);
        await page.context().close();
    });

test('what is pinned in a room stands in a list that is live; from there one goes to the message, or unpins it', { timeout: 120_000 }, async () => {
    const desk = await enter('morishita', { width: 1280, height: 800 });
    const phone = await enter('tanoue', { width: 390, height: 844, english: true });
    await desk.goto(`${house.origin}/talk/${ofuna}`);
    await desk.getByRole('button', { name: 'メンバーを表示' }).click();
    await desk.getByRole('button', { name: 'ピン留めしたメッセージ' }).click();
    await desk.getByText('ピン留めしたメッセージはありません', { exact: false }).waitFor();
    await healthy(desk, 'no pins');
    await phone.getByRole('link', { name: /大船店/ }).click();
    for (const n of [29, 30]) {
        await article(phone, `シフトの相談 ${n}`).getByRole('button', { name: 'Message menu' }).click({ force: true });
        await phone.getByRole('dialog').getByRole('button', { name: 'Pin', exact: true }).click();
        await phone.getByRole('dialog').waitFor({ state: 'detached' });
    }
    const list = desk.getByRole('list', { name: 'ピン留めしたメッセージ' });
    await desk.getByRole('dialog', { name: 'ピン留めしたメッセージ 2件' }).waitFor();
    assert.match(await list.locator('.kept').first().innerText(), /田之上 亮|柳 さつき/);
    await shot(desk, 'pins-1280-ja');
    await healthy(desk, 'pins');

    await phone.getByRole('button', { name: 'Show members' }).click();
    await phone.getByRole('button', { name: 'Pinned messages' }).click();
    await phone.getByRole('dialog', { name: 'Pinned messages: 2' }).waitFor();
    await shot(phone, 'pins-390-en');
    await healthy(phone, 'pins on the phone');
    await phone.getByRole('button', { name: /^Unpin .*シフトの相談 30/ }).click();
    await desk.getByRole('dialog', { name: 'ピン留めしたメッセージ 1件' }).waitFor();
    await list.locator('.kept', { hasText: 'シフトの相談 29' }).click();
    await desk.locator('article.flash', { hasText: 'シフトの相談 29' }).waitFor();
    assert.match(desk.url(), new RegExp(`/talk/${ofuna}/\\d+$`));
    for (const p of [desk, phone]) {
        assert.deepEqual(p.faults, []);
        await p.context().close();
    }
});

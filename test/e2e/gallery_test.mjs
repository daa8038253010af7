// 写真・ファイル・リンク of a room: found from its members, month by month, by person and days; seen one after the other, saved, and
// followed to the message; with the keyboard alone; gone as soon as the message is.
import { randomBytes } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { Browser, healthy, looks } from '../lib/browser.mjs';
import { House, ROOT } from '../lib/house.mjs';
import { newKey, openTenant, Person } from '../lib/people.mjs';
import { mp4 } from '../lib/pictures.mjs';
import { after, assert, before, test } from '../lib/test.mjs';

const PASSWORD = 'engawa no hidamari';
const DAY = 86_400_000;
const shots = path.join(ROOT, 'build/e2e');
let house, browser, hiyodori, mori, ise, room, empty, photos, last;

const shot = (page, name) => page.screenshot({ path: path.join(shots, `gallery-${name}.png`) });
const pane = (page) => page.locator('.gallery-pane');
const tiles = (page) => pane(page).locator('button.gallery-tile');
const tab = (page, name) => pane(page).getByRole('tab', { name, exact: true });
const PDF = Buffer.from('%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n');

async function person(login, family, given, reading, language = 'ja') {
    const { id } = await hiyodori.op('member.add', { login, family, given, family_reading: reading[0], given_reading: reading[1], language, password: PASSWORD });
    return new Person(hiyodori, login, PASSWORD, id);
}

async function opened(login, options, name = /大船店/) {
    const page = await browser.page(options);
    await browser.signIn(page, `${login}@hiyodori`, PASSWORD);
    await page.getByRole('link', { name }).first().click();
    await page.locator('#composer').waitFor();
    return page;
}

async function gallery(page, english = false) {
    await page.getByRole('button', { name: english ? 'Show members' : 'メンバーを表示' }).click();
    await page.getByRole('button', { name: english ? 'Photos, files and links' : '写真・ファイル・リンク' }).click();
    await pane(page).waitFor();
}

/** Every picture that has begun is there; two rows of them at least. */
const drawn = (page) => page.waitForFunction(() => {
    const all = [...document.querySelectorAll('.gallery-tile img')];
    return all.length >= 6 && all.every((i) => i.complete && i.naturalWidth > 0);
});

before(async () => {
    fs.mkdirSync(shots, { recursive: true });
    house = await House.start();
    hiyodori = await openTenant(house, 'hiyodori', { company: '株式会社ひよどり製パン', login: 'kashiwagi', family: '柏木', password: PASSWORD });
    mori = await person('morishita', '森下', '真由', ['もりした', 'まゆ']);
    ise = await person('ise', '伊勢', '翔太', ['いせ', 'しょうた']);
    const yanagi = await person('yanagi', '柳', 'さつき', ['やなぎ', 'さつき'], 'en');
    room = await hiyodori.room('大船店', mori, ise, yanagi);
    empty = await hiyodori.room('辻堂店 応援シフト', mori, ise);
    browser = await Browser.start(house);
    const scene = await browser.page({ width: 640, height: 480 });
    photos = [];
    for (const [name, sky, ground] of [['パン棚', '#9cc4e0', '#7a4b28'], ['食パン', '#f4dcb0', '#b3372a'], ['クロワッサン', '#dde8d6', '#3a5e2e'], ['冷蔵庫', '#dce6ef', '#274f77']]) {
        await scene.setContent(`<body style="margin:0;background:linear-gradient(${sky},#fff4dd 60%,${ground})"><h1 style="padding:40px;font-size:90px">${name}</h1></body>`);
        photos.push([`${name}.jpg`, await scene.screenshot({ type: 'jpeg' })]);
    }
    await scene.context().close();
    const ok = async (answer) => {
        const r = await answer;
        assert.equal(r.status, 200, r.text);
        return r.json;
    };
    const say = (p, text) => ok(p.post(`/rooms/${room}/messages`, { key: newKey(), text }));
    await Promise.all([mori.signIn(), ise.signIn()]);
    await say(ise, '衛生の手引きはこちら https://www.mhlw.example/hygiene/guide?lang=ja#temperature です。');
    await ok(ise.send(room, [['議事録 2026年度 第3回 店長会 議題と決定事項のまとめ(確定版).pdf', PDF]]));
    for (let i = 0; i < 70; i++)                          // most of a kind that nobody looks into: they cost no time
        await ok(ise.send(room, [[`${i + 1}日目.jpg`, i < 62 ? Buffer.concat([Buffer.from('II*\0'), randomBytes(300)]) : photos[i % 4][1]]]));
    for (let i = 0; i < 30; i++)
        await say(ise, `今日の連絡です (${i + 1})`);
    await hiyodori.clock(35 * DAY);
    await Promise.all([mori.signIn(), ise.signIn()]);
    await ok(mori.send(room, [['一覧.txt', Buffer.from('縁側')], ['館内放送.mp3', Buffer.concat([Buffer.from('ID3'), randomBytes(400)])]]));
    await say(mori, '棚卸しの表 https://docs.example/sheets/1 と、予備 https://b.example:8443/x をどうぞ。');
    last = await ok(mori.send(room, [...photos, ['開店.mp4', mp4(randomBytes(2000))],
        ['原本.tif', Buffer.concat([Buffer.from('II*\0'), randomBytes(300)])]], { text: '今朝の棚です' }));
    await hiyodori.clock(0);
});
after(async () => {
    await browser?.stop();
    await house?.remove();
});

test('photos month by month; the rest comes on scrolling; one after the other in the viewer, and on to the message', { timeout: 180_000 }, async () => {
    const desk = await opened('ise', { width: 1280, height: 800 });
    await gallery(desk);
    await drawn(desk);
    assert.equal(await pane(desk).locator('h3').count(), 2);
    assert.ok(await tiles(desk).locator('img').count() < 60, 'what is far away is not loaded');
    await healthy(desk, 'photos, 1280');
    await shot(desk, 'photos-1280');
    assert.ok(await tiles(desk).count() < 76);
    await pane(desk).locator('.gallery-scroll').evaluate((e) => e.scrollTo(0, e.scrollHeight));
    await tiles(desk).nth(75).waitFor({ state: 'attached' });
    assert.equal(await pane(desk).getByRole('button', { name: 'さらに表示' }).count(), 0);
    await pane(desk).locator('.gallery-scroll').evaluate((e) => e.scrollTo(0, 0));

    // With the keyboard alone: from tile to tile, open, on, back, to the message.
    await tiles(desk).first().focus();
    await desk.keyboard.press('ArrowRight');
    await desk.keyboard.press('ArrowDown');
    await desk.keyboard.press('ArrowUp');
    await desk.keyboard.press('Enter');
    const viewer = desk.getByRole('dialog');
    await desk.getByRole('dialog', { name: '食パン.jpg' }).locator('img').waitFor();
    await viewer.getByText(/^2 \/ 13/).waitFor();
    await healthy(desk, 'viewer, 1280');
    await shot(desk, 'viewer-1280');
    await desk.keyboard.press('ArrowRight');
    await desk.getByRole('dialog', { name: 'クロワッサン.jpg' }).locator('img').waitFor();
    await desk.keyboard.press('ArrowLeft');
    await viewer.getByRole('button', { name: '前のファイル' }).click();
    await desk.getByRole('dialog', { name: 'パン棚.jpg' }).locator('img').waitFor();
    assert.equal(await viewer.getByRole('button', { name: '前のファイル' }).count(), 0, 'nothing is before the first');
    const [saved] = await Promise.all([desk.waitForEvent('download'), viewer.getByRole('button', { name: '保存' }).click()]);
    assert.deepEqual(fs.readFileSync(await saved.path()), photos[0][1]);
    for (let i = 0; i < 10; i++) await desk.keyboard.press('ArrowRight');
    await viewer.getByText(/^11 \/ 13/).waitFor();
    const name = await viewer.locator('.mantine-Modal-title').innerText();
    await viewer.getByRole('button', { name: 'メッセージへ' }).click();
    await desk.locator('article.flash, .message.flash').first().waitFor();
    await viewer.waitFor({ state: 'detached' });
    await desk.locator('.message.flash').getByRole('button', { name: `${name}を表示` }).waitFor();
    assert.ok(await pane(desk).isVisible(), 'a wide screen has room for both');
    await desk.keyboard.press('Escape');
    assert.deepEqual(desk.faults, []);
    await desk.context().close();
});

test('files are saved and links followed; each leads to its message; by person and by days', { timeout: 180_000 }, async () => {
    const phone = await opened('ise', { width: 390, height: 844 });
    await gallery(phone);
    await drawn(phone);
    await healthy(phone, 'photos, 390');
    await shot(phone, 'photos-390');
    await tiles(phone).first().tap();
    await phone.getByRole('dialog', { name: 'パン棚.jpg' }).locator('img').waitFor();
    await healthy(phone, 'viewer, 390');
    await shot(phone, 'viewer-390');
    const cdp = await phone.context().newCDPSession(phone);
    const touch = (type, ...points) => cdp.send('Input.dispatchTouchEvent', { type, touchPoints: points.map(([x, y], id) => ({ x, y, id })) });
    const swipe = async (by) => {
        await touch('touchStart', [200, 400]);
        for (let k = 1; k <= 5; k++) await touch('touchMove', [200 + by * k * 20, 400]);
        await touch('touchEnd');
    };
    await swipe(-1);
    await phone.getByRole('dialog', { name: '食パン.jpg' }).locator('img').waitFor();
    await swipe(1);
    await phone.getByRole('dialog', { name: 'パン棚.jpg' }).locator('img').waitFor();
    await swipe(1);
    await phone.getByRole('dialog').getByText(/^1 \//).waitFor();
    await phone.getByRole('dialog').getByRole('button', { name: '閉じる' }).click();

    await tab(phone, '写真').focus();
    await phone.keyboard.press('ArrowRight');
    await pane(phone).getByText('一覧.txt').waitFor();
    assert.equal(await tab(phone, 'ファイル').getAttribute('aria-selected'), 'true');
    assert.deepEqual(await pane(phone).locator('.gallery-title').allInnerTexts(), ['一覧.txt', '館内放送.mp3', '議事録 2026年度 第3回 店長会 議題と決定事項のまとめ(確定版).pdf']);
    await healthy(phone, 'files, 390');
    await shot(phone, 'files-390');
    const [download] = await Promise.all([phone.waitForEvent('download'), pane(phone).getByRole('button', { name: '「一覧.txt」を保存' }).click()]);
    assert.equal(fs.readFileSync(await download.path(), 'utf8'), '縁側');

    await tab(phone, 'リンク').click();
    await pane(phone).getByText('docs.example', { exact: true }).waitFor();
    assert.deepEqual(await pane(phone).locator('.gallery-title').allInnerTexts(), ['docs.example', 'b.example:8443', 'www.mhlw.example']);
    const link = pane(phone).getByRole('link', { name: 'www.mhlw.example' });
    assert.deepEqual([await link.getAttribute('href'), await link.getAttribute('rel'), await link.getAttribute('target')],
        ['https://www.mhlw.example/hygiene/guide?lang=ja#temperature', 'noopener noreferrer nofollow', '_blank']);
    await healthy(phone, 'links, 390');
    await shot(phone, 'links-390');

    await pane(phone).getByRole('button', { name: '送信者', exact: true }).click();
    await phone.getByRole('dialog', { name: '送信者で絞り込む' }).getByRole('button', { name: '森下 真由' }).click();
    await pane(phone).getByText('www.mhlw.example', { exact: true }).waitFor({ state: 'detached' });
    assert.equal(await pane(phone).locator('.gallery-title').count(), 2);
    await tab(phone, '写真').click();
    await tiles(phone).nth(5).waitFor();
    assert.equal(await tiles(phone).count(), 6, 'the person stays chosen');
    await pane(phone).getByRole('button', { name: '期間', exact: true }).click();
    await phone.getByRole('dialog').getByRole('button', { name: '今日' }).click();
    await pane(phone).getByText('条件に合うものはありません').waitFor();
    await healthy(phone, 'nothing fits, 390');
    await shot(phone, 'nothing-fits-390');
    await pane(phone).getByRole('button', { name: '送信者の条件を外す' }).click();
    await drawn(phone);
    await pane(phone).getByRole('button', { name: '期間の条件を外す' }).click();
    await tab(phone, 'リンク').click();
    await pane(phone).getByRole('button', { name: '「www.mhlw.example」のメッセージへ' }).click();
    await pane(phone).waitFor({ state: 'detached' });
    await phone.locator('.message.flash', { hasText: '衛生の手引き' }).waitFor();
    assert.deepEqual(phone.faults, []);
    await phone.context().close();
});

test('what comes is there, what is taken back is gone; the way back leads where it came from; an empty one says what it is for', { timeout: 120_000 }, async () => {
    const desk = await opened('ise', { width: 1280, height: 800 });
    await gallery(desk);
    await tiles(desk).first().waitFor();
    const first = await mori.signIn().then(() => mori.send(room, [['臨時.jpg', photos[2][1]]]));
    assert.equal(first.status, 200, first.text);
    const tile = pane(desk).getByRole('button', { name: /「臨時\.jpg」を表示/ });
    await tile.waitFor();
    await tile.click();
    await desk.getByRole('dialog', { name: '臨時.jpg' }).waitFor();
    assert.equal((await mori.post(`/messages/${first.json.id}/take-back`)).status, 200);
    await desk.getByRole('dialog').waitFor({ state: 'detached' });
    await tile.waitFor({ state: 'detached' });
    await pane(desk).getByRole('button', { name: 'メンバーに戻る' }).click();
    await pane(desk).waitFor({ state: 'detached' });
    assert.equal(await desk.evaluate(() => document.activeElement.textContent), '写真・ファイル・リンク');
    await desk.keyboard.press('Enter');
    await pane(desk).waitFor();
    await desk.keyboard.press('Escape');
    await pane(desk).waitFor({ state: 'detached' });
    assert.equal(await desk.evaluate(() => document.activeElement.getAttribute('aria-label')), 'メンバーを表示');

    await desk.getByRole('link', { name: /辻堂店/ }).click();
    await desk.getByRole('heading', { name: '辻堂店 応援シフト' }).waitFor();
    await gallery(desk);
    for (const [name, text] of [['写真', '写真と動画が'], ['ファイル', '書類などのファイルが'], ['リンク', 'Web のアドレスが']]) {
        await tab(desk, name).click();
        await pane(desk).getByText(text).waitFor();
    }
    await healthy(desk, 'empty, 1280');
    await shot(desk, 'empty-1280');
    assert.deepEqual(desk.faults, []);
    await desk.context().close();
});

test('the gallery in both languages, sizes and themes', { timeout: 240_000 }, async () => {
    for (const { width, locale, dark } of looks([{ width: 390, locale: 'en-US', dark: true }, { width: 1280, locale: 'en-US' }, { width: 1280, locale: 'ja-JP', dark: true }, { width: 360, locale: 'ja-JP' }, { width: 800, locale: 'ja-JP' }], 2)) {
        const english = locale === 'en-US';
        const page = await opened(english ? 'yanagi' : 'ise', { width, height: 844, locale, dark });
        await gallery(page, english);
        await drawn(page);
        const where = `${width}-${locale}${dark ? '-dark' : ''}`;
        await healthy(page, `photos ${where}`);
        await shot(page, `photos-${where}`);
        for (const [kind, name] of [['files', english ? 'Files' : 'ファイル'], ['links', english ? 'Links' : 'リンク']]) {
            await tab(page, name).click();
            await pane(page).locator('.gallery-row').first().waitFor();
            await healthy(page, `${kind} ${where}`);
            await shot(page, `${kind}-${where}`);
        }
        assert.deepEqual(page.faults, []);
        await page.context().close();
    }
});

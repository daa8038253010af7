// The viewer: pictures are enlarged, moved and turned by hands, keys and buttons; films and sounds seek; text is text. It goes from file
// to file, and Escape, the way back and its buttons lead out of it.
import fs from 'node:fs';
import path from 'node:path';
import { Browser, film, healthy, looks } from '../lib/browser.mjs';
import { House, ROOT, until } from '../lib/house.mjs';
import { openTenant } from '../lib/people.mjs';
import { after, assert, before, test } from '../lib/test.mjs';

const shots = path.join(ROOT, 'build/e2e');
const STORY = { timeout: 240_000 };
let house, browser, acme, mayu, ise, room, photos;

const shot = (page, name) => page.screenshot({ path: path.join(shots, `${name}.png`) });
const tray = (page) => page.getByRole('region', { name: '送るファイル' });
const viewer = (page) => page.locator('[role=dialog]:has(.viewer)');
const press = (page, name) => viewer(page).getByRole('button', { name, exact: true }).click();
const article = (page, text) => page.locator('article', { hasText: text });

const SJIS = Buffer.from([0x93, 0xfa, 0x95, 0x74, 0x2c, 0x93, 0x58, 0x95, 0xdc, 0x2c, 0x8c, 0xc2, 0x90, 0x94, 0x0d, 0x0a]);   // 日付,店舗,個数
const ROWS = 5000;
const csv = Buffer.concat([SJIS, Buffer.from(Array.from({ length: 40 }, (_, i) => `2026-11-${i % 30 + 1},${i},${i * 3}\r\n`).join(''))]);
const log = Buffer.from(Array.from({ length: ROWS }, (_, i) => `2026-11-27 07:${String(i % 60).padStart(2, '0')} 冷蔵庫2番 ${(i * 7) % 12}℃ <script>globalThis.hit = 1</script>`).join('\n'));

/** A minute of a tone: long enough to be fetched in parts. */
function tone() {
    const rate = 16_000, n = rate * 60, b = Buffer.alloc(44 + n * 2);
    b.write('RIFF', 0); b.writeUInt32LE(36 + n * 2, 4); b.write('WAVEfmt ', 8); b.writeUInt32LE(16, 16); b.writeUInt16LE(1, 20); b.writeUInt16LE(1, 22);
    b.writeUInt32LE(rate, 24); b.writeUInt32LE(rate * 2, 28); b.writeUInt16LE(2, 32); b.writeUInt16LE(16, 34); b.write('data', 36); b.writeUInt32LE(n * 2, 40);
    for (let i = 0; i < n; i++) b.writeInt16LE(Math.round(3000 * Math.sin(i / 6)), 44 + i * 2);
    return b;
}

async function send(page, words, ...files) {
    await page.locator('.composer-line .icon-button').nth(1).click();
    await page.getByRole('dialog').locator('input[type=file]').last().setInputFiles(files.map(([name, mimeType, buffer]) => ({ name, mimeType, buffer })));
    await page.locator('#composer').fill(words);
    await page.locator('.composer-line .send').click();
    await article(page, words).waitFor();
}

async function opened(options, words = '大船店') {
    const page = await browser.page({ height: 844, ...options });
    await page.goto(house.origin);
    await page.getByRole('button', { name: options.locale === 'en-US' ? 'English' : '日本語', exact: true }).click();
    await browser.signIn(page, 'morishita@acme', mayu.password);
    await page.getByRole('link', { name: new RegExp(words) }).first().click();
    await page.locator('#composer').waitFor();
    return page;
}

/** What is written in the picture's style, and where it stands in the window. */
const lie = (page) => page.locator('.viewer-picture').evaluate((e) => {
    const box = e.getBoundingClientRect(), stage = e.parentElement.getBoundingClientRect();
    return { scale: Number(/scale\(([\d.]+)\)/.exec(e.style.transform)[1]), turn: Number(/rotate\((\d+)deg\)/.exec(e.style.transform)[1]),
        left: box.left - stage.left, right: stage.right - box.right, top: box.top - stage.top, bottom: stage.bottom - box.bottom, width: box.width, height: box.height };
});
const placed = async (page) => {
    await page.locator('.viewer-picture.placed').waitFor();
    return lie(page);
};

before(async () => {
    fs.mkdirSync(shots, { recursive: true });
    house = await House.start();
    acme = await openTenant(house, 'acme');
    mayu = await acme.add('morishita', { family: '森下', given: '真由' });
    ise = await acme.add('ise', { family: '伊勢', given: '翔太' });
    room = await acme.room('大船店', mayu, ise);
    await acme.room('店長会', mayu, ise);
    browser = await Browser.start(house);
    const scene = await browser.page({ width: 1600, height: 1200 });
    photos = [];
    for (const [name, sky] of [['朝', '#9cc4e0'], ['昼', '#f4dcb0'], ['夜', '#3a4a6a']]) {
        await scene.setContent(`<body style="margin:0;background:linear-gradient(${sky},#f4dcb0 60%,#7a4b28)"><h1 style="padding:80px;font-size:200px">パン棚 ${name}</h1></body>`);
        photos.push([`${name}.jpg`, 'image/jpeg', await scene.screenshot({ type: 'jpeg' })]);
    }
    const moving = await film(scene);
    await scene.context().close();
    const page = await opened({ width: 1280 });
    await send(page, '今日の棚', ...photos);
    await send(page, '記録です', ['集計.csv', 'text/csv', csv], ['温度.log', 'text/plain', log], ['鐘.wav', 'audio/wav', tone()], ['窯.webm', 'video/webm', moving]);
    await article(page, '記録です').locator('.file-card').nth(3).waitFor();
    await page.context().close();
});
after(async () => {
    await browser?.stop();
    await house?.remove();
});

test('a picture is enlarged, moved within its edges, turned and shown whole by keys and buttons; the focus goes back', STORY, async () => {
    const page = await opened({ width: 1280 });
    const second = article(page, '今日の棚').locator('.picture').nth(1);
    await second.click();
    const whole = await placed(page);
    assert.ok(Math.min(whole.left, whole.right, whole.top, whole.bottom) > -0.5, 'all of it is seen');
    await viewer(page).getByText('2 / 3').waitFor();
    await healthy(page, 'viewer, 1280');
    await shot(page, 'viewer-1280');
    for (const b of await viewer(page).getByRole('button').all()) {
        const box = await b.boundingBox();
        assert.ok(box.width >= 44 && box.height >= 44, await b.getAttribute('aria-label'));
    }

    await page.keyboard.press('+');
    await page.keyboard.press('+');
    const close = await lie(page);
    assert.ok(Math.abs(close.scale / whole.scale - 2.25) < 0.01, `${close.scale} of ${whole.scale}`);
    for (let i = 0; i < 40; i++) await page.keyboard.press('ArrowRight');
    assert.ok(Math.abs((await lie(page)).right) < 1, 'no further than its edge');
    await viewer(page).getByText('2 / 3').waitFor();
    await page.keyboard.press('0');
    assert.deepEqual(await lie(page), whole);
    await page.keyboard.press('r');
    const turned = await lie(page);
    assert.equal(turned.turn, 90);
    assert.ok(turned.height > turned.width && Math.min(turned.top, turned.bottom) > -0.5, 'turned, and all of it is seen');
    await press(page, '右に90度回す');
    await press(page, '右に90度回す');
    await press(page, '右に90度回す');
    assert.equal((await lie(page)).turn, 360);
    await press(page, '拡大');
    await press(page, '拡大');
    await shot(page, 'viewer-close-1280');
    await press(page, '縮小');
    await press(page, '縮小');
    assert.ok(Math.abs((await lie(page)).scale - whole.scale) < 1e-6);

    // A double click brings close what is under it; the wheel with Ctrl goes on there; the hand moves it.
    const box = await page.locator('.viewer-stage').boundingBox();
    await page.mouse.dblclick(box.x + box.width * 0.3, box.y + box.height * 0.3);
    assert.ok(Math.abs((await lie(page)).scale / whole.scale - 2.5) < 0.01);
    await page.keyboard.down('Control');
    await page.mouse.wheel(0, -60);
    await page.keyboard.up('Control');
    await until('the wheel to enlarge it', async () => (await lie(page)).scale > whole.scale * 3);
    const before = await lie(page);
    await page.mouse.move(box.x + 400, box.y + 300);
    await page.mouse.down();
    await page.mouse.move(box.x + 440, box.y + 330, { steps: 4 });
    await page.mouse.up();
    const after_ = await lie(page);
    assert.deepEqual([Math.round(after_.left - before.left), Math.round(after_.top - before.top)], [40, 30], 'under the hand');
    assert.equal(await page.evaluate(() => document.documentElement.scrollWidth), 1280, 'the page itself is not enlarged');

    await page.keyboard.press('0');
    await page.keyboard.press('ArrowRight');
    await viewer(page).getByText('3 / 3').waitFor();
    await page.keyboard.press('ArrowRight');
    await viewer(page).getByText('3 / 3').waitFor();
    await press(page, '前のファイル');
    await press(page, '前のファイル');
    await viewer(page).getByText('1 / 3').waitFor();
    assert.equal((await placed(page)).scale, whole.scale, 'the next one is seen whole');
    await page.keyboard.press('Escape');
    await viewer(page).waitFor({ state: 'detached' });
    await until('the focus to go back', () => second.evaluate((e) => e === document.activeElement));
    assert.deepEqual(page.faults, []);
    await page.context().close();
});

test('fingers: a pinch, a double tap, a swipe to the next file, and the way back of the phone', STORY, async () => {
    const page = await opened({ width: 390 });
    const here = page.url();
    await article(page, '今日の棚').locator('.picture').first().tap();
    const whole = await placed(page);
    await healthy(page, 'viewer, 390');
    await shot(page, 'viewer-390');
    const cdp = await page.context().newCDPSession(page);
    const touch = (type, ...points) => cdp.send('Input.dispatchTouchEvent', { type, touchPoints: points.map(([x, y], id) => ({ x, y, id })) });
    await touch('touchStart', [150, 400], [240, 400]);
    for (let i = 1; i <= 6; i++) await touch('touchMove', [150 - i * 15, 400], [240 + i * 15, 400]);
    await touch('touchEnd');
    const pinched = await lie(page);
    assert.ok(Math.abs(pinched.scale / whole.scale - 3) < 0.15, `${pinched.scale / whole.scale} times`);
    await shot(page, 'viewer-pinched-390');
    // What is close is moved by a finger and is no swipe.
    await touch('touchStart', [300, 400]);
    for (let i = 1; i <= 6; i++) await touch('touchMove', [300 - i * 40, 400]);
    await touch('touchEnd');
    await viewer(page).getByText('1 / 3').waitFor();
    assert.ok((await lie(page)).left < pinched.left);
    await page.touchscreen.tap(200, 400);
    await page.touchscreen.tap(200, 400);
    await until('all of it to be seen', async () => (await lie(page)).scale === whole.scale);

    const swipe = async (by) => {
        await touch('touchStart', [200, 400]);
        for (let i = 1; i <= 5; i++) await touch('touchMove', [200 + by * i * 20, 400]);
        await touch('touchEnd');
    };
    await swipe(-1);
    await viewer(page).getByText('2 / 3').waitFor();
    await placed(page);
    await swipe(1);
    await viewer(page).getByText('1 / 3').waitFor();
    await placed(page);
    await swipe(1);
    await viewer(page).getByText('1 / 3').waitFor();
    assert.ok((await lie(page)).left > -0.5, 'there is none before: it comes back');

    await page.goBack();
    await viewer(page).waitFor({ state: 'detached' });
    assert.equal(page.url(), here, 'the room is still there');
    await page.locator('#composer').waitFor();
    assert.deepEqual(page.faults, []);
    await page.context().close();
});

test('it is saved, forwarded and gone to from there', STORY, async () => {
    const page = await opened({ width: 390 });
    await article(page, '今日の棚').locator('.picture').first().tap();
    await placed(page);
    const [saved] = await Promise.all([page.waitForEvent('download'), press(page, '保存')]);
    assert.deepEqual(fs.readFileSync(await saved.path()), photos[0][2]);
    await press(page, '転送');
    const forward = page.getByRole('dialog', { name: '転送先' });
    await forward.getByRole('button', { name: '店長会' }).waitFor();
    await page.keyboard.press('r');
    assert.equal((await lie(page)).turn, 0, 'keys are for what lies on top');
    await healthy(page, 'forward, 390');
    await shot(page, 'viewer-forward-390');
    await forward.getByRole('button', { name: '店長会' }).click();
    await forward.waitFor({ state: 'detached' });
    await until('the other room to have it', async () => {
        await mayu.signIn();
        const other = (await mayu.get('/rooms')).json.rooms.find((r) => r.name === '店長会');
        return other.last?.content?.files?.length === 3;
    });
    await press(page, 'メッセージへ');
    await viewer(page).waitFor({ state: 'detached' });
    await article(page, '今日の棚').waitFor();
    assert.deepEqual(page.faults, []);
    await page.context().close();
});

test('text is read with its lines, in the encoding that it is in, and is never a page', STORY, async () => {
    const page = await opened({ width: 390 });
    await article(page, '記録です').locator('.file-card', { hasText: '集計.csv' }).tap();
    await viewer(page).getByText('日付,店舗,個数').waitFor();
    assert.deepEqual((await viewer(page).locator('.text-row').nth(1).locator('span').textContent()), '2');
    await healthy(page, 'csv, 390');
    await shot(page, 'viewer-csv-390');
    await until('keys to scroll it', () => page.evaluate(() => document.activeElement.classList.contains('viewer-text')));
    const cdp = await page.context().newCDPSession(page);
    const touch = (type, ...points) => cdp.send('Input.dispatchTouchEvent', { type, touchPoints: points.map(([x, y], id) => ({ x, y, id })) });
    await touch('touchStart', [300, 400]);
    for (let i = 1; i <= 5; i++) await touch('touchMove', [300 - i * 25, 400]);
    await touch('touchEnd');
    await viewer(page).getByText('2 / 4').waitFor();
    await page.keyboard.press('ArrowLeft');
    await viewer(page).getByText('1 / 4').waitFor();
    await press(page, '次のファイル');
    await viewer(page).locator('.text-row', { hasText: '<script>globalThis.hit = 1</script>' }).first().waitFor();
    const lines = viewer(page).locator('.viewer-text');
    assert.ok(await viewer(page).locator('.text-row').count() < 300, 'what is in view alone is drawn');
    await until('the last line', async () => {
        await lines.evaluate((e) => e.scrollTo(0, e.scrollHeight));
        return viewer(page).locator('.text-line', { hasText: new RegExp(`^${ROWS}$`) }).count();
    });
    assert.equal(await page.evaluate(() => globalThis.hit), undefined);
    await healthy(page, 'log, 390');
    await shot(page, 'viewer-log-390');
    const [saved] = await Promise.all([page.waitForEvent('download'), press(page, '保存')]);
    assert.ok(log.equals(fs.readFileSync(await saved.path())));
    assert.deepEqual(page.faults, []);
    await page.context().close();
});

test('a sound seeks by a part of its bytes, a film is loaded and played at another speed', STORY, async () => {
    const page = await opened({ width: 1280 });
    const parts = [];
    page.on('response', (r) => { if (/\/file\//.test(r.url())) parts.push([r.status(), r.headers()['content-range']]); });
    await article(page, '記録です').locator('.file-card', { hasText: '鐘.wav' }).click();
    const audio = viewer(page).locator('audio');
    await until('it to be there', () => audio.evaluate((a) => a.readyState >= 2));
    assert.equal(await audio.evaluate((a) => Math.round(a.duration)), 60);
    await audio.evaluate((a) => { a.currentTime = 50; });
    await until('the place', () => audio.evaluate((a) => !a.seeking && a.currentTime === 50 && a.readyState >= 2));
    assert.ok(await audio.evaluate((a) => a.seekable.length === 1 && a.seekable.end(0) > 59), 'anywhere in it');
    assert.ok(parts.some(([status, range]) => status === 206 && /^bytes 0-\d+\/\d+$/.test(range)), `in parts: ${parts}`);
    await healthy(page, 'sound, 1280');
    await shot(page, 'viewer-sound-1280');
    await viewer(page).getByRole('combobox', { name: '再生速度' }).selectOption('1.5');
    assert.equal(await audio.evaluate((a) => a.playbackRate), 1.5);
    await press(page, '次のファイル');
    const video = viewer(page).locator('video');
    await until('the film to be there', () => video.evaluate((v) => v.readyState >= 2 && v.videoWidth === 320));
    assert.equal(await viewer(page).getByText('読み込んでいます').count(), 0);
    await viewer(page).getByRole('combobox', { name: '再生速度' }).selectOption('2');
    await video.evaluate((v) => v.play());
    await until('it to run', () => video.evaluate((v) => v.currentTime > 0 && v.playbackRate === 2));
    await shot(page, 'viewer-film-1280');
    assert.deepEqual(page.faults, []);
    await page.context().close();
});

test('the viewer in both languages, sizes and themes', STORY, async () => {
    for (const { width, locale, dark } of looks([{ width: 360, locale: 'en-US', dark: true }, { width: 1280, locale: 'en-US', dark: true }, { width: 390, locale: 'ja-JP', dark: true }, { width: 1600, locale: 'ja-JP' }], 2)) {
        const page = await opened({ width, locale, dark });
        const where = `viewer-${width}-${locale}${dark ? '-dark' : ''}`;
        await article(page, '今日の棚').locator('.picture').first().click();
        await placed(page);
        await healthy(page, where);
        await shot(page, where);
        await page.keyboard.press('Escape');
        await viewer(page).waitFor({ state: 'detached' });
        await article(page, '記録です').locator('.file-card').nth(1).click();
        await viewer(page).locator('.text-row').first().waitFor();
        await healthy(page, `${where}: text`);
        await shot(page, `${where}-text`);
        assert.deepEqual(page.faults, []);
        await page.context().close();
    }
});

// The watermark in the installed app on a phone: who looks and when stands in every picture and page, over films, also where they fill
// the screen, and over texts; a tab of the same person shows none of it.
import fs from 'node:fs';
import path from 'node:path';
import { Browser, film, healthy, looks } from '../lib/browser.mjs';
import { House, ROOT, until } from '../lib/house.mjs';
import { Client, newAddress } from '../lib/http.mjs';
import { openTenant } from '../lib/people.mjs';
import { png } from '../lib/pictures.mjs';
import { after, assert, before, proves, test } from '../lib/test.mjs';

const shots = path.join(ROOT, 'build/e2e');
const STORY = { timeout: 240_000 };
const GRID = 4;
let house, browser, acme, chief, mayu, satsuki, room;

const shot = (page, name) => page.screenshot({ path: path.join(shots, `${name}.png`) });
const viewer = (page) => page.locator('[role=dialog]:has(.viewer)');
const article = (page, name) => page.locator('article', { has: page.locator(`[aria-label*="${name}"], .file-card:has-text("${name}")`) });
const set = (value) => chief.put('/console/settings/file.mobile.watermark', { value });
const bytes = async (url) => (await new Client(house, { address: newAddress() }).get(url)).body;
/** The first page of a profile of its own: the app in its window, a session of channel MP. */
async function app(person, options) {
    const page = await browser.profile({ width: 390, height: 844, app: house.origin, ...options });
    await page.goto(house.origin);
    await browser.signIn(page, `${person.login}@acme`, person.password);
    const link = page.getByRole('link', { name: /大船店/ }).first();
    await link.waitFor();
    assert.equal(await page.evaluate(async (url) => (await (await fetch(url)).json()).channel, `/t/${acme.number}/me`), 'MP');
    await link.click();
    await page.locator('#composer').waitFor();
    return page;
}

/** How much two pictures differ, in each cell of a grid: the share of their pixels that are not nearly the same. */
async function differing(page, one, other) {
    return page.evaluate(async ([a, b, grid]) => {
        const read = async (text) => {
            const picture = await createImageBitmap(new Blob([Uint8Array.from(atob(text), (c) => c.charCodeAt(0))], { type: 'image/webp' }));
            const c = new OffscreenCanvas(picture.width, picture.height).getContext('2d');
            c.drawImage(picture, 0, 0);
            return c.getImageData(0, 0, picture.width, picture.height);
        };
        const [p, q] = [await read(a), await read(b)], cells = Array.from({ length: grid * grid }, () => [0, 0]);
        if (p.width !== q.width || p.height !== q.height) return null;
        for (let y = 0; y < p.height; y++)
            for (let x = 0; x < p.width; x++) {
                const at = 4 * (y * p.width + x), cell = cells[Math.floor(y * grid / p.height) * grid + Math.floor(x * grid / p.width)];
                cell[0] += [0, 1, 2].some((i) => Math.abs(p.data[at + i] - q.data[at + i]) > 40) ? 1 : 0;
                cell[1] += 1;
            }
        return cells.map(([n, all]) => n / all);
    }, [one.toString('base64'), other.toString('base64'), GRID]);
}

before(async () => {
    fs.mkdirSync(shots, { recursive: true });
    house = await House.start({ config: { edge_rate: '1000000', edge_burst: '1000000' } });
    acme = await openTenant(house, 'acme');
    chief = await (await acme.chief.signIn()).openConsole();
    mayu = await acme.add('morishita', { family: '森下', given: '真由' });
    satsuki = await (await acme.add('yanagi', { family: '柳', given: 'さつき' })).signIn();
    room = await acme.room('大船店', mayu, satsuki);
    browser = await Browser.start(house);
    const scene = await browser.page({ width: 1200, height: 900 });
    await scene.setContent('<body style="margin:0;background:linear-gradient(#9cc4e0,#f4dcb0 60%,#2a1b10)"><h1 style="padding:80px;font-size:160px;font-family:\'Noto Sans CJK JP\'">新商品の棚</h1></body>');
    const shelf = await scene.screenshot({ type: 'jpeg' });
    await scene.setContent('<h1 style="font-family:\'Noto Sans CJK JP\'">衛生手順書</h1><p style="font-family:\'Noto Sans CJK JP\'">手洗いは始業の前に行います。</p>');
    const paper = await scene.pdf({ format: 'A4', margin: { top: '20mm', left: '20mm' } });
    const moving = await film(scene);
    await scene.context().close();
    for (const [name, b] of [['手順書.pdf', paper], ['窯.webm', moving], ['温度.txt', Buffer.from('冷蔵庫2番 7℃\n'.repeat(60))], ['棚.jpg', shelf], ['白.png', png(1200, 900, { colour: [255, 255, 255] })], ['黒.png', png(900, 1200, { colour: [0, 0, 0] })]])
        assert.equal((await satsuki.send(room, [[name, b]])).status, 200, name);
});
after(async () => {
    await browser?.stop();
    await house?.remove();
});

test('in the app on a phone every picture has the text of who looks drawn in, over all of it, on light and dark', STORY, async () => {
    proves('FIL-03');
    assert.equal((await set('true')).status, 200);
    await mayu.signIn();
    const page = await app(mayu);
    await page.locator('.picture img').nth(2).waitFor();
    await page.waitForFunction(() => [...document.querySelectorAll('.picture img')].every((i) => i.complete && i.naturalWidth > 0));
    await shot(page, 'watermark-room-390');
    await healthy(page, 'a room with marked pictures');
    const scratch = await browser.page();                 // of no house: it decodes
    for (const name of ['白.png', '黒.png', '棚.jpg']) {
        await page.getByRole('button', { name: new RegExp(name) }).click();
        await page.locator('.viewer-picture.placed').waitFor();
        const url = await page.locator('.viewer-picture').getAttribute('src');
        const { id } = (await mayu.get(`/rooms/${room}/messages`)).json.messages.flatMap((m) => m.content?.files ?? []).find((f) => f.name === name);
        for (const [seen, plain] of [[url, await mayu.fileUrl(id, 'large')]]) {
            const cells = await differing(scratch, await bytes(seen), await bytes(plain));
            assert.ok(cells.every((share) => share > 0.01 && share < 0.6), `${name}: ${cells.map((c) => c.toFixed(3))}`);
        }
        assert.equal(await viewer(page).getByRole('button', { name: '保存', exact: true }).count(), 0, 'it is not had as it is');
        await healthy(page, name);
        await shot(page, `watermark-${{ 白: 'light', 黒: 'dark', 棚: 'photo' }[name[0]]}-390`);
        await page.keyboard.press('Escape');
        await viewer(page).waitFor({ state: 'detached' });
    }
    await scratch.context().close();
    assert.deepEqual(page.faults, []);
    await page.context().close();
});

test('a document has it on its pages, a film over it and over the whole screen, a text over its lines; a tab has none', STORY, async () => {
    assert.equal((await set('true')).status, 200);
    await mayu.signIn();
    for (const [i, options] of looks([{}, { dark: true, locale: 'ja-JP', width: 360, height: 740 }], 2).entries()) {
        const page = await app(mayu, options), texts = () => page.locator('.mark-over span');
        const open = async (name) => page.locator('.file-card', { hasText: name }).click();
        const away = async () => {
            await page.keyboard.press('Escape');
            await viewer(page).waitFor({ state: 'detached' });
        };
        await open('手順書.pdf');
        await page.locator('.paper-page img').first().waitFor();
        await page.waitForFunction(() => [...document.querySelectorAll('.paper-page img')].every((x) => x.complete && x.naturalWidth > 0));
        await shot(page, `watermark-page-${i}`);
        await until('the save button to go', async () => (await viewer(page).getByRole('button', { name: '保存', exact: true }).count()) === 0);
        await away();

        await open('窯.webm');
        await texts().first().waitFor();
        const said = await texts().first().evaluate((e) => ({ ...e.dataset, drawn: getComputedStyle(e, '::before').content }));
        assert.deepEqual([said.name, said.id], ['森下 真由', 'morishita@acme']);
        assert.match(said.time, /^\d{4}-\d\d-\d\d \d\d:\d\d$/);
        assert.match(said.drawn, /森下 真由.*morishita@acme.*\d\d:\d\d/s);
        await healthy(page, 'a film with a mark');
        await shot(page, `watermark-film-${i}`);
        const full = page.getByRole('button', { name: '全画面で表示' });
        const { width, height } = await full.boundingBox();
        assert.ok(width >= 44 && height >= 44);
        await full.click();
        await until('the film to fill the screen', () => page.evaluate(() => document.fullscreenElement?.classList.contains('viewer-film') && document.fullscreenElement.querySelectorAll('.mark-over span').length > 0));
        await shot(page, `watermark-full-${i}`);
        // The film by itself is not let fill it.
        await full.click();
        await until('it to be small again', () => page.evaluate(() => !document.fullscreenElement));
        await page.locator('video').evaluate((v) => v.requestFullscreen().catch(() => {}));
        await until('it to give the screen back', () => page.evaluate(() => !document.fullscreenElement));
        assert.ok(await page.locator('video').evaluate((v) => v.controlsList.contains('nofullscreen') && v.disablePictureInPicture));
        await away();

        await open('温度.txt');
        await texts().first().waitFor();
        await page.getByText('冷蔵庫2番 7℃').first().waitFor();
        await healthy(page, 'a text with a mark');
        await shot(page, `watermark-text-${i}`);
        await away();
        assert.deepEqual(page.faults, []);
        await page.context().close();
    }
    const tab = await browser.page({ width: 390, height: 844 });
    await browser.signIn(tab, 'morishita@acme', mayu.password);
    await tab.getByRole('link', { name: /大船店/ }).first().click();
    await tab.locator('.file-card', { hasText: '温度.txt' }).click();
    await tab.getByText('冷蔵庫2番 7℃').first().waitFor();
    assert.equal(await tab.locator('.mark-over').count(), 0);
    assert.equal(await viewer(tab).getByRole('button', { name: '保存', exact: true }).count(), 1);
    await tab.context().close();
});

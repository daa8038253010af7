// Photos of members as people choose them, on a phone and at a desk: any picture of the phone, cut or whole; what is refused says why;
// a lost line costs nothing; and the administrator's way to the same.
import fs from 'node:fs';
import path from 'node:path';
import { Browser, healthy } from '../lib/browser.mjs';
import { House, ROOT, until } from '../lib/house.mjs';
import { openTenant } from '../lib/people.mjs';
import { exifSegment, flatJpeg } from '../lib/pictures.mjs';
import { after, assert, before, proves, test } from '../lib/test.mjs';

const shots = path.join(ROOT, 'build/e2e');
const heic = fs.readFileSync(path.join(ROOT, 'test/pictures/heic'));
/* 12 megapixels, its upper third white when it stands upright. */
const turned = flatJpeg(4000, 3000, 1336, { head: [exifSegment({ orientation: 6 })] });
let house, browser, acme, n = 0;

before(async () => {
    fs.mkdirSync(shots, { recursive: true });
    house = await House.start();
    acme = await openTenant(house, 'acme', { family: '柏木', given: '修一' });
    browser = await Browser.start(house);
});
after(async () => {
    await browser?.stop();
    await house?.remove();
});

const file = (name, buffer) => ({ name, mimeType: '', buffer });
async function look(page, name) {
    await healthy(page, name);
    await page.screenshot({ path: path.join(shots, `photo-${name}.png`) });
}
/** Light or dark in places of the picture that is shown, from 0 to 1. */
const shades = (img, ...places) => img.evaluate(async (e, all) => {
    await e.decode();
    const canvas = document.createElement('canvas'), [w, h] = [e.naturalWidth, e.naturalHeight];
    Object.assign(canvas, { width: w, height: h });
    const c = canvas.getContext('2d');
    c.drawImage(e, 0, 0);
    return [w, h, ...all.map(([x, y]) => (c.getImageData(Math.floor(x * (w - 1)), Math.floor(y * (h - 1)), 1, 1).data[0] > 128 ? 'light' : 'dark'))];
}, places);

const WORDS = {
    ja: { add: '写真を選ぶ', change: '写真を変更', save: 'この範囲で保存', whole: 'この写真を保存', cancel: 'キャンセル', down: '上下の位置', saved: '写真を保存しました', none: /画像として読み取れませんでした/,
        lost: /接続が切れています/, unseen: /表示できない形式です/, remove: '写真を削除' },
    en: { add: 'Choose a photo', change: 'Change photo', save: 'Save this part', whole: 'Save this photo', cancel: 'Cancel', down: 'Up or down', saved: 'Photo saved', none: /could not be read as a picture/,
        lost: /The connection is lost/, unseen: /cannot show/, remove: 'Remove photo' },
};

for (const [width, height, lang] of [[390, 844, 'ja'], [1280, 900, 'en'], [390, 844, 'en'], [1280, 900, 'ja']])
    test(`the own photo at ${width} in ${lang}: upright and cut, whole, refused, over a lost line, given up, removed`, { timeout: 180_000 }, async () => {
        proves('MEM-01');
        const w = WORDS[lang], me = await acme.add(`m${++n}`, { family: '森下', given: '真由' });
        await me.signIn();
        assert.equal((await me.put('/me/profile', { language: lang })).status, 200);
        const page = await browser.page({ width, height, dark: lang === 'en' });
        await browser.signIn(page, `${me.login}@acme`, me.password);
        await page.locator('.rail').waitFor();
        await page.goto(`${house.origin}/settings`);
        const dialog = page.getByRole('dialog'), input = page.locator('.own-photo input[type=file]'), face = page.locator('.own-photo img.face');
        const button = (name) => dialog.getByRole('button', { name, exact: true });
        await page.getByRole('button', { name: w.add }).waitFor();

        // A phone's picture, lying on its side: upright, and the part that was chosen by the keyboard.
        await input.setInputFiles(file('IMG_0001.JPG', turned));
        await dialog.getByLabel(w.down).focus();
        await page.keyboard.press('Home');
        await look(page, `crop-${width}-${lang}`);
        await button(w.save).click();
        await face.waitFor();
        assert.deepEqual(await shades(face, [0.5, 0.1], [0.5, 0.9]), [512, 512, 'light', 'dark']);
        await page.getByText(w.saved).first().waitFor();
        await look(page, `own-${width}-${lang}`);

        // What this browser cannot draw goes as it is.
        let before = await face.getAttribute('src');
        await page.getByRole('button', { name: w.change }).click();
        await input.setInputFiles(file('IMG_0002.HEIC', heic));
        await dialog.getByText(w.unseen).waitFor();
        await look(page, `whole-${width}-${lang}`);
        await button(w.whole).click();
        await until('the other photo', async () => (await face.getAttribute('src')) !== before);

        // No picture: its reason stands in the dialog, the photo stays.
        before = await face.getAttribute('src');
        await input.setInputFiles(file('memo.jpg', Buffer.from('no picture at all')));
        await button(w.whole).click();
        await dialog.getByRole('alert').getByText(w.none).waitFor();
        await look(page, `refused-${width}-${lang}`);
        await button(w.cancel).click();
        await dialog.waitFor({ state: 'detached' });
        assert.equal(await face.getAttribute('src'), before);

        // The line goes while it is sent, and comes back.
        await input.setInputFiles(file('a.jpg', flatJpeg(800, 800, 800)));
        await button(w.save).waitFor();
        await page.context().setOffline(true);
        await button(w.save).click();
        await dialog.getByText(w.lost).waitFor();
        await look(page, `lost-${width}-${lang}`);
        await page.context().setOffline(false);
        await until('the photo after the line is back', async () => (await face.getAttribute('src')) !== before);
        assert.deepEqual((await shades(face, [0.5, 0.5])).at(-1), 'light');

        // Given up in the middle: nothing is set, nothing is left of it.
        before = await face.getAttribute('src');
        await page.context().setOffline(true);
        await input.setInputFiles(file('b.jpg', flatJpeg(800, 800, 0)));
        await button(w.save).click();
        await dialog.getByText(w.lost).waitFor();
        await page.keyboard.press('Escape');
        await dialog.waitFor({ state: 'detached' });
        await page.context().setOffline(false);
        assert.equal(await face.getAttribute('src'), before);

        await page.getByRole('button', { name: w.remove }).click();
        await button(w.remove).click();
        await until('the photo to go', async () => (await face.count()) === 0);
        assert.deepEqual(page.faults.filter((f) => !/ERR_INTERNET_DISCONNECTED|415/.test(f)), []);
        await page.context().close();
    });

test('a picture that is dropped or pasted on the buttons; an administrator gives a member its photo and takes it away', { timeout: 180_000 }, async () => {
    const ise = await acme.add('ise', { family: '伊勢', given: '大輔' });
    await acme.chief.signIn();
    for (const [width, height] of [[1280, 900], [390, 844]]) {
        const page = await browser.page({ width, height });
        await browser.signIn(page, `${acme.chief.login}@acme`, acme.chief.password);
        await page.locator('.rail').waitFor();
        await page.goto(`${house.origin}/console/member-member/${ise.id}`);
        const password = page.locator('input[type=password]');
        await password.waitFor();
        await password.fill(acme.chief.password);
        await page.keyboard.press('Enter');
        const place = page.locator('.member-photo'), dialog = page.getByRole('dialog'), face = place.locator('img.face');
        await place.getByRole('button', { name: '写真を選ぶ' }).waitFor();
        const give = (kind, bytes) => place.locator('.button-row').evaluate((e, { type, data }) => {
            const t = new DataTransfer();
            t.items.add(new File([new Uint8Array(data)], 'a.jpg', { type: 'image/jpeg' }));
            e.dispatchEvent(type === 'drop' ? new DragEvent('drop', { dataTransfer: t, bubbles: true, cancelable: true }) : new ClipboardEvent('paste', { clipboardData: t, bubbles: true }));
        }, { type: kind, data: [...bytes] });
        let before = null;
        for (const [kind, shade] of [['drop', 'light'], ['paste', 'dark']]) {
            await give(kind, flatJpeg(160, 160, shade === 'light' ? 160 : 0));
            await dialog.getByRole('button', { name: 'この範囲で保存' }).waitFor();
            await look(page, `console-${kind}-${width}`);
            await dialog.getByRole('button', { name: 'この範囲で保存' }).click();
            await until(`the photo by ${kind}`, async () => (await face.count()) > 0 && (await face.getAttribute('src')) !== before);
            before = await face.getAttribute('src');
            assert.equal((await shades(face, [0.5, 0.5])).at(-1), shade);
        }
        await look(page, `console-${width}`);
        assert.equal((await acme.chief.get(`/members/${ise.id}/photo`)).header('Content-Type'), 'image/webp');
        await place.getByRole('button', { name: '写真を削除' }).click();
        await dialog.getByRole('button', { name: '写真を削除' }).click();
        await until('the photo to go', async () => (await face.count()) === 0);
        assert.deepEqual(page.faults, []);
        await page.context().close();
    }
});

// A document as people look at it: its first page in the room, its pages in the viewer, nothing saved; a photo that was taken upright
// keeps its shape; and what is written in the document is found.
import fs from 'node:fs';
import path from 'node:path';
import { Browser, healthy } from '../lib/browser.mjs';
import { House, ROOT } from '../lib/house.mjs';
import { after, assert, before, test } from '../lib/test.mjs';

const PASSWORD = 'engawa no hidamari';
const shots = path.join(ROOT, 'build/e2e');
const WORDS = { ja: { open: /衛生手順書/, page: (n) => `${n} / 3ページ`, larger: '拡大', pages: '3ページ' }, en: { open: /衛生手順書/, page: (n) => `Page ${n} of 3`, larger: 'Zoom in', pages: '3 pages' } };
let house, browser, paper, tall;

const shot = (page, name) => page.screenshot({ path: path.join(shots, `${name}.png`) });

before(async () => {
    fs.mkdirSync(shots, { recursive: true });
    house = await House.start();
    await house.op('tenant.open', { workgroup: 'hiyodori', company: '株式会社ひよどり製パン',
        admin: { login: 'kashiwagi', family: '柏木', given: '修一', family_reading: 'かしわぎ', given_reading: 'しゅういち', password: PASSWORD } });
    const add = (login, family, given, language = 'ja') => house.op('member.add', { login, family, given, language, password: PASSWORD }, 'hiyodori');
    const members = [await add('morishita', '森下', '真由'), await add('ise', '伊勢', '翔太', 'en')].map((m) => m.id);
    await house.op('room.add', { name: '大船店', members }, 'hiyodori');
    browser = await Browser.start(house);
    const scene = await browser.page({ width: 600, height: 900 });
    await scene.setContent(`<style>section{break-after:page;font-family:"Noto Sans CJK JP"}h1{font-size:30px;color:#1d4f73}li{font-size:17px;margin:14px 0}</style>
        ${['手洗い', '器具の洗浄', '温度の記録'].map((h, i) => `<section><h1>衛生手順書 第${i + 1}章　${h}</h1><ol>${Array.from({ length: 9 }, (_, k) => `<li>${h}は始業の前に行い、点検表の${k + 1}番に印を付けます。</li>`).join('')}</ol></section>`).join('')}`);
    paper = await scene.pdf({ format: 'A4', margin: { top: '20mm', left: '20mm', right: '20mm' }, printBackground: true });
    await scene.setContent('<body style="margin:0;background:linear-gradient(#33506b,#d9a25f 70%,#3a2a1c)"><h1 style="padding:40px;color:#fff;font-size:70px">食パン</h1></body>');
    tall = await scene.screenshot({ type: 'jpeg' });
    await scene.context().close();
});
after(async () => {
    await browser?.stop();
    await house?.remove();
});

async function opened(login, options) {
    const page = await browser.page(options);
    await browser.signIn(page, `${login}@hiyodori`, PASSWORD);
    await page.getByRole('link', { name: /大船店/ }).click();
    await page.locator('#composer').waitFor();
    return page;
}

test('a document is read in the room, page by page, on a phone and a desk, in both languages', { timeout: 180_000 }, async () => {
    const phone = await opened('morishita', { width: 390, height: 844 });
    await phone.getByRole('button', { name: 'ほかに送る' }).click();
    await phone.getByRole('dialog').locator('input[type=file]').last().setInputFiles([{ name: '衛生手順書.pdf', mimeType: 'application/pdf', buffer: paper }, { name: '食パン.jpg', mimeType: 'image/jpeg', buffer: tall }]);
    await phone.getByText('2件を送信できます').waitFor();
    await phone.getByRole('button', { name: '送信', exact: true }).click();
    await phone.locator('.paper-first img').waitFor();
    for (const [page, lang, size] of [[phone, 'ja', 390], [await opened('ise', { width: 1280, height: 800, locale: 'en-US' }), 'en', 1280]]) {
        const words = WORDS[lang];
        const card = page.locator('.file-card.paper');
        await card.locator('img').waitFor();
        await page.waitForFunction(() => [...document.querySelectorAll('.paper-first img, .picture img')].every((i) => i.complete && i.naturalWidth > 0));
        await card.getByText(words.pages).waitFor();
        const box = await page.locator('.picture.tall').boundingBox();
        assert.ok(box.height > box.width, 'it stands upright');
        await healthy(page, `document, ${size}`);
        await shot(page, `paper-room-${size}`);
        await card.click();
        const viewer = page.getByRole('dialog', { name: words.open });
        await viewer.locator('.paper-page img').first().waitFor();
        await page.waitForFunction(() => document.querySelector('.paper-page img')?.naturalHeight === 2048);
        await viewer.getByText(words.page(1)).waitFor();
        await healthy(page, `pages, ${size}`);
        await shot(page, `paper-pages-${size}`);
        await page.waitForFunction((said) => {
            const all = document.querySelector('.viewer-pages');
            all.scrollTo(0, all.scrollHeight);
            return document.querySelector('.paper-place').textContent === said;
        }, words.page(3));
        await viewer.locator('.paper-page').nth(2).locator('img').waitFor();
        const before = (await viewer.locator('.paper-page').first().boundingBox()).width;
        await viewer.getByRole('button', { name: words.larger }).click();
        await page.waitForFunction((w) => document.querySelector('.paper-page').getBoundingClientRect().width > 1.3 * w, before);
        await shot(page, `paper-larger-${size}`);
        await page.keyboard.press('Escape');
        await viewer.waitFor({ state: 'detached' });
        assert.deepEqual(page.faults, []);
    }
    await phone.context().close();
});

test('what is written in a document is found in the search of talk', { timeout: 60_000 }, async () => {
    const page = await opened('morishita', { width: 1280, height: 800 });
    const field = page.getByRole('searchbox', { name: 'トークを検索' });
    await field.fill('点検表');
    await field.press('Enter');
    await page.getByText('1件見つかりました').waitFor();
    await page.getByText('衛生手順書.pdf').first().waitFor();
    await shot(page, 'paper-found-1280');
    assert.deepEqual(page.faults, []);
    await page.context().close();
});

// Folders of the room list and the picture of a room, on a phone and at a desk, in both languages and both themes.
import path from 'node:path';
import { axeSource, Browser, looks } from '../lib/browser.mjs';
import { House, ROOT } from '../lib/house.mjs';
import { openTenant } from '../lib/people.mjs';
import { after, assert, before, proves, test, until } from '../lib/test.mjs';

let house, browser;

before(async () => {
    house = await House.start();
    browser = await Browser.start(house);
});
after(async () => {
    await browser?.chromium.close();
    await house?.remove();
});

const WORDS = {
    ja: { locale: 'ja-JP', manage: 'フォルダの作成・編集', name: '新しいフォルダの名前', make: '作成', close: '閉じる', rename: (n) => `「${n}」の名前を変更`,
        next: (n) => `「${n}」の新しい名前`, save: '保存', up: (n) => `「${n}」を前へ`, delete: (n) => `「${n}」を削除`, really: 'フォルダを削除', gone: /を削除しました/,
        put: 'フォルダに入れる', inside: (n) => `フォルダ: ${n}`, into: /に入れました/, info: 'メンバーを表示', none: /このフォルダに入っているトークは/, all: 'すべて', waiting: /店舗 未読 3件/,
        add: '写真を設定', change: '写真を変更', remove: '写真を削除', zoom: '大きさ', crop: 'この範囲で保存', line: /トークルームの写真を変更しました/, removed: /トークルームの写真を削除しました/,
        invite: 'メンバーを招待', folders: ['店舗', '取引先', '本部からのお知らせ', '週末のイベント', '試作'], renamed: 'お店' },
    en: { locale: 'en-US', manage: 'Make or edit folders', name: 'Name of a new folder', make: 'Make', close: 'Close', rename: (n) => `Rename "${n}"`,
        next: (n) => `New name of "${n}"`, save: 'Save', up: (n) => `Move "${n}" forward`, delete: (n) => `Delete "${n}"`, really: 'Delete the folder', gone: /was deleted/,
        put: 'Put into a folder', inside: (n) => `Folder: ${n}`, into: /^Put into "/, info: 'Show members', none: /No talk is in this folder/, all: 'All', waiting: /Shops, 3 unread/,
        add: 'Set a picture', change: 'Change the picture', remove: 'Remove the picture', zoom: 'Size', crop: 'Save this part', line: /changed the picture of the room/, removed: /removed the picture of the room/,
        invite: 'Invite members', folders: ['Shops', 'Partners', 'Headquarters', 'Weekend events', 'Trials'], renamed: 'Our shops' },
};

for (const [width, lang, dark] of looks([[390, 'ja', false], [1280, 'en', true], [360, 'ja', true]]))
    test(`rooms are sorted into folders, and a room gets a picture: ${width} px, ${lang}`, { timeout: 180_000 }, async () => {
        proves('TLK-01');
        const w = WORDS[lang];
        const acme = await openTenant(house, `acme${width}`);
        const ann = await acme.add('ann', { family: '森下', given: '真由', family_reading: 'もりした', given_reading: 'まゆ', language: lang });
        const ben = await acme.add('ben', { family: '柳', given: 'さつき', family_reading: 'やなぎ', given_reading: 'さつき' });
        for (const p of [ann, ben])
            await p.signIn();
        const make = async (name) => (await ben.post('/rooms', { kind: 'several', name, members: [ann.id] })).json.id;
        const [early, late, taste] = [await make('大船店 早番'), await make('大船店 遅番'), await make('新商品の試作')];
        await ben.say(early, '鍵は事務所です');
        await ben.say(taste, '試食は3時です');
        const page = await browser.page({ width, height: 800, locale: w.locale, dark });
        const look = async (what) => {
            assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= window.innerWidth), `${what}: nothing overflows`);
            await page.evaluate(axeSource());
            const { violations } = await page.evaluate(() => window.axe.run(document, { runOnly: ['wcag2a', 'wcag2aa'] }));
            assert.deepEqual(violations.map((v) => `${what}: ${v.id}: ${v.nodes[0]?.html}`), []);
            await page.screenshot({ path: path.join(ROOT, `build/e2e/folder-${what}-${width}-${lang}.png`) });
        };
        await browser.signIn(page, `ann@acme${width}`, ann.password);
        await page.locator('.row', { hasText: '早番' }).waitFor();
        const dialog = page.getByRole('dialog');
        const names = async () => (await ann.get('/talk-folders')).json.folders.map((f) => f.name);
        const chip = (name) => page.locator('.list-filters .folder-chip', { hasText: name });

        // Made by keyboard, one after the other.
        await page.getByRole('button', { name: w.manage }).click();
        await dialog.getByLabel(w.name).waitFor();
        await look('empty');
        for (const f of w.folders) {
            await dialog.getByLabel(w.name).fill(f);
            await page.keyboard.press('Enter');
            await dialog.locator('.folder-row', { hasText: f }).waitFor();
        }
        assert.deepEqual(await names(), w.folders);
        await dialog.getByLabel(w.name).fill(w.folders[1]);
        await dialog.getByRole('button', { name: w.make, exact: true }).click();
        await dialog.getByRole('alert').waitFor();
        assert.equal(await dialog.getByLabel(w.name).inputValue(), w.folders[1], 'what was refused stays to be changed');
        await dialog.getByRole('button', { name: w.up(w.folders[1]) }).click();
        await until(async () => (await names())[0] === w.folders[1], 'the order');
        await dialog.getByRole('button', { name: w.delete(w.folders[4]) }).click();
        await look('delete');
        await dialog.getByRole('button', { name: w.really }).click();
        await page.getByText(w.gone).waitFor();
        await until(async () => (await names()).length === 4, 'one less');
        await look('sheet');
        const small = await dialog.locator('.folder-row button').evaluateAll((all) => all.filter((b) => b.offsetHeight < 44).map((b) => b.textContent));
        assert.deepEqual(small, [], 'every button can be hit');
        await dialog.getByRole('button', { name: w.close, exact: true }).click();
        await dialog.waitFor({ state: 'detached' });

        // Rooms go into one, from the room and by another device.
        const [partners, shops] = (await ann.get('/talk-folders')).json.folders.map((f) => f.id);
        await page.locator('.row', { hasText: '遅番' }).click();
        await page.getByRole('button', { name: w.info }).click();
        await page.getByRole('button', { name: w.put, exact: true }).click();
        await dialog.getByText(w.folders[0], { exact: true }).waitFor();
        const lines = await dialog.locator('.folder-pick').evaluateAll((all) => all.map((b) => b.offsetHeight));
        assert.ok(lines.length === 5 && lines.every((h) => h >= 44 && h < 60), `a line each: ${lines}`);
        await look('choose');
        await dialog.getByText(w.folders[0], { exact: true }).click();
        await page.getByText(w.into).waitFor();
        await page.getByRole('button', { name: w.inside(w.folders[0]) }).waitFor();
        assert.equal((await ann.get('/rooms')).json.rooms.find((r) => r.id === late).folder, shops);
        await ann.put(`/rooms/${early}/folder`, { folder: shops });
        await ben.say(early, '明日は納品があります');

        // The picture of the room.
        await page.getByRole('button', { name: w.add }).waitFor();
        await page.locator('.info-pane input[type=file]').setInputFiles(path.join(ROOT, 'doc/screens/room-desktop.png'));
        await dialog.getByLabel(w.zoom).fill('3');
        await look('crop');
        await dialog.getByRole('button', { name: w.crop }).click();
        await page.locator('.info-face img.face').waitFor();
        await page.getByRole('button', { name: w.change }).waitFor();
        await look('info');
        await page.getByRole('button', { name: w.invite, exact: true }).click();
        assert.ok(await dialog.locator('.pick').first().evaluate((b) => b.offsetWidth > 200), 'what comes with the picture changes no other list');
        await page.keyboard.press('Escape');
        await dialog.waitFor({ state: 'detached' });
        assert.equal((await ben.get(`/rooms/${late}/photo`)).header('Content-Type'), 'image/webp');
        await page.locator('.info-pane').getByRole('button', { name: w.close, exact: true }).click();
        await page.locator('.room-head img.face').waitFor();
        await page.locator('.system-line', { hasText: w.line }).waitFor();
        await look('room');
        if (width < 768)
            await page.locator('.room-head button').first().click();
        await page.locator('.row img.face').waitFor();

        // What waits in a folder stands on its chip; the row scrolls within itself and goes nowhere else.
        await ann.put(`/rooms/${late}/read`, { seq: (await ann.get('/rooms')).json.rooms.find((r) => r.id === late).last_seq });
        await page.getByRole('button', { name: w.waiting }).waitFor();
        await chip(w.folders[0]).click();
        await until(async () => (await page.locator('.list-pane .row').count()) === 2, 'the two of the folder');
        await look('list');
        await chip(w.folders[1]).click();
        await page.getByText(w.none).waitFor();
        await look('none');
        const row = await page.locator('.list-filters').evaluate((e) => ({ inside: e.scrollWidth, wide: e.clientWidth, tall: e.scrollHeight <= e.clientHeight }));
        assert.ok(row.inside > row.wide && row.tall, JSON.stringify(row));
        await page.locator('.list-filters').evaluate((e) => { e.scrollLeft = 0; });
        await chip(w.folders[3]).focus();
        await until(async () => page.locator('.list-filters').evaluate((e) => e.scrollLeft > 0), 'the row to follow the focus');
        // Named anew on another device, then deleted there: the list shows everything again.
        await ann.put(`/talk-folders/${partners}`, { name: w.renamed });
        await chip(w.renamed).waitFor();
        await ann.delete(`/talk-folders/${partners}`);
        await page.getByRole('button', { name: w.all, exact: true, pressed: true }).waitFor();
        await page.locator('.row', { hasText: '試作' }).waitFor();

        // Another member changes the picture; it is there at once, and gone when it is removed.
        const before = await page.locator('.row img.face').getAttribute('src');
        await ben.putPhoto(`/rooms/${late}/photo`, (await import('../lib/calls.mjs')).photo);
        await until(async () => (await page.locator('.row img.face').getAttribute('src')) !== before, 'the other picture');
        await ben.delete(`/rooms/${late}/photo`);
        await until(async () => (await page.locator('.row img.face').count()) === 0, 'the picture to go');
        await page.locator('.row', { hasText: w.removed }).waitFor();
        assert.deepEqual(page.faults, []);
        await page.context().close();
    });

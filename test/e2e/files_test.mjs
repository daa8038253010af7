// Photos and files as people send them: chosen, dropped, pasted; seen by the other one, saved whole; a lost line, a refused kind,
// a file taken back; and the admin's answer to "who took that file?".
import fs from 'node:fs';
import net from 'node:net';
import path from 'node:path';
import { Browser, healthy, looks } from '../lib/browser.mjs';
import { House, ROOT, until } from '../lib/house.mjs';
import { after, assert, before, proves, test } from '../lib/test.mjs';

const PASSWORD = 'engawa no hidamari';
const shots = path.join(ROOT, 'build/e2e');
let house, browser, photo;

const shot = (page, name) => page.screenshot({ path: path.join(shots, `${name}.png`) });
const send = (page) => page.getByRole('button', { name: '送信', exact: true }).click();
const tray = (page) => page.getByRole('region', { name: '送るファイル' });
const PDF = Buffer.from('%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n');

async function opened(login, options) {
    const page = await browser.page(options);
    await browser.signIn(page, `${login}@hiyodori`, PASSWORD);
    await page.getByRole('link', { name: /大船店/ }).click();
    await page.locator('#composer').waitFor();
    return page;
}

/** As a person chooses: + and then 写真・ファイルを送る, on a phone ファイル. */
async function choose(page, ...files) {
    await page.getByRole('button', { name: 'ほかに送る' }).click();
    await page.getByRole('dialog').locator('input[type=file]').last().setInputFiles(files.map(([name, mimeType, buffer]) => ({ name, mimeType, buffer })));
}

/** A house at a port whose next one is free, too. */
async function withNextPort() {
    for (;;) {
        const h = await House.start();
        const free = await new Promise((resolve) => {
            const s = net.createServer().once('error', () => resolve(false)).listen(h.port + 1, '127.0.0.1', () => s.close(() => resolve(true)));
        });
        if (free) return h;
        await h.remove();
    }
}

before(async () => {
    fs.mkdirSync(shots, { recursive: true });
    house = await House.start();
    await house.op('tenant.open', { workgroup: 'hiyodori', company: '株式会社ひよどり製パン',
        admin: { login: 'kashiwagi', family: '柏木', given: '修一', family_reading: 'かしわぎ', given_reading: 'しゅういち', password: PASSWORD } });
    const add = (login, family, given) => house.op('member.add', { login, family, given, password: PASSWORD }, 'hiyodori');
    const members = [await add('morishita', '森下', '真由'), await add('ise', '伊勢', '翔太')].map((m) => m.id);
    await house.op('room.add', { name: '大船店', members }, 'hiyodori');
    browser = await Browser.start(house);
    const scene = await browser.page({ width: 800, height: 600 });
    await scene.setContent('<body style="margin:0;background:linear-gradient(#9cc4e0,#f4dcb0 60%,#7a4b28)"><h1 style="padding:40px;font-size:90px">パン棚</h1></body>');
    photo = await scene.screenshot({ type: 'jpeg' });
    await scene.context().close();
});
after(async () => {
    await browser?.stop();
    await house?.remove();
});

test('a photo and a file go with a word, are seen by the other one, and come out as they went in', { timeout: 120_000 }, async () => {
    const phone = await opened('morishita', { width: 390, height: 844 }), desk = await opened('ise', { width: 1280, height: 800 });
    await choose(phone, ['棚.jpg', 'image/jpeg', photo], ['発注書.pdf', 'application/pdf', PDF]);
    await tray(phone).getByText('2件を送信できます').waitFor();
    await healthy(phone, 'tray, 390');
    await shot(phone, 'files-tray-390');
    await phone.locator('#composer').fill('今日の棚です');
    await send(phone);
    await tray(phone).waitFor({ state: 'detached' });
    for (const page of [phone, desk]) {
        const message = page.locator('article', { hasText: '今日の棚です' });
        await message.locator('.picture img').waitFor();
        await page.waitForFunction(() => [...document.querySelectorAll('.picture img')].every((i) => i.naturalWidth === 480)); // the small one of it
        await message.getByText('発注書.pdf').waitFor();
    }
    await healthy(phone, 'photo, 390');
    await healthy(desk, 'photo, 1280');
    await shot(phone, 'files-photo-390');
    await shot(desk, 'files-photo-1280');

    const [download] = await Promise.all([desk.waitForEvent('download'), desk.locator('.file-card', { hasText: '発注書.pdf' }).click()]);
    assert.equal(download.suggestedFilename(), '発注書.pdf');
    assert.deepEqual(fs.readFileSync(await download.path()), PDF);

    await desk.getByRole('button', { name: '棚.jpgを表示' }).click();
    const viewer = desk.getByRole('dialog', { name: '棚.jpg' });
    await viewer.locator('img').waitFor();
    await healthy(desk, 'viewer');
    await shot(desk, 'files-viewer-1280');
    const [saved] = await Promise.all([desk.waitForEvent('download'), viewer.getByRole('button', { name: '保存' }).click()]);
    assert.deepEqual(fs.readFileSync(await saved.path()), photo);
    await desk.keyboard.press('Escape');

    // Without a text the list says what came.
    await choose(desk, ['朝.jpg', 'image/jpeg', photo], ['昼.jpg', 'image/jpeg', photo]);
    await tray(desk).getByText('2件を送信できます').waitFor();
    await send(desk);
    await desk.getByRole('link', { name: /大船店/ }).getByText('写真 2枚').waitFor();
    await desk.locator('.pictures.several .picture').nth(1).waitFor();
    await shot(desk, 'files-album-1280');
    assert.deepEqual([...phone.faults, ...desk.faults], []);
    await phone.context().close();
    await desk.context().close();

    const admin = await browser.page({ width: 1280, height: 800 });
    await browser.signIn(admin, 'kashiwagi@hiyodori', PASSWORD);
    await admin.waitForURL(/app/);
    await admin.goto(admin.url().replace(/\/app.*/u, '/app/console/audit-file'));
    await admin.locator('input[type=password]').fill(PASSWORD);
    await admin.keyboard.press('Enter');
    const rows = admin.locator('table.audit-table tbody tr');
    await rows.first().waitFor({ timeout: 8000 }).catch(async (e) => { await shot(admin, 'dbg-audit'); throw e; });
    await admin.getByRole('searchbox').fill('発注書');
    await rows.filter({ hasText: '伊勢' }).filter({ hasText: 'ファイルのダウンロード' }).first().waitFor();
    await healthy(admin, 'who took that file?');
    await shot(admin, 'files-audit-1280');
    await admin.context().close();
});

test('a page that somebody sends runs nowhere: its words are read, its bytes come from the origin of files without a cookie', { timeout: 120_000 }, async () => {
    proves('FIL-12');
    const RUNS = 'localStorage.setItem("ran", "1"); document.cookie = "ran=1; Secure"; alert(document.domain)';
    const HTML = Buffer.from(`<!doctype html>\n<script>${RUNS}</script>\n<img src=x onerror='${RUNS}'>見積のとおりです\n`);
    const SVG = Buffer.from(`<svg xmlns="http://www.w3.org/2000/svg"><script>${RUNS}</script></svg>`);
    const phone = await opened('morishita', { width: 390, height: 844 }), desk = await opened('ise', { width: 1280, height: 800 });
    const alerts = [], asked = [], tickets = [], answers = [];
    desk.context().on('dialog', (d) => { alerts.push(d.message()); void d.dismiss(); });
    desk.context().on('request', (r) => {
        const { pathname } = new URL(r.url());
        if (pathname.includes('/file/')) asked.push([r.url(), r.allHeaders().catch(() => null)]);    // of a download some are not told
        if (pathname.endsWith('/ticket')) tickets.push(pathname);
    });
    desk.context().on('response', (r) => { if (new URL(r.url()).origin === house.files) answers.push(r.headersArray().catch(() => [])); });
    await choose(phone, ['見積.html', 'text/html', HTML], ['印.svg', 'image/svg+xml', SVG]);
    await tray(phone).getByText('2件を送信できます').waitFor();
    await send(phone);

    for (const [name, bytes] of [['見積.html', HTML], ['印.svg', SVG]]) {
        await desk.locator('.file-card', { hasText: name }).last().click();
        const viewer = desk.getByRole('dialog', { name });
        await viewer.getByText('localStorage.setItem').first().waitFor();      // as text
        const [saved] = await Promise.all([desk.waitForEvent('download'), viewer.getByRole('button', { name: '保存' }).click()]);
        assert.equal(saved.suggestedFilename(), name);
        assert.deepEqual(fs.readFileSync(await saved.path()), bytes);
        assert.equal(new URL(saved.url()).origin, house.files);
        await desk.keyboard.press('Escape');

        // Whoever opens such an address in a window of its own gets a file to keep, and no page.
        const url = await desk.evaluate(async (path) => (await (await fetch(path, {
            method: 'POST', headers: { 'Content-Type': 'application/json', 'X-Engawa': '1' }, body: '{"use":"save"}' })).json()).url, tickets.at(-1));
        const alone = await desk.context().newPage();
        const [kept] = await Promise.all([alone.waitForEvent('download'), alone.goto(url).catch((e) => assert.match(e.message, /ERR_ABORTED|Download is starting/))]);
        assert.deepEqual(fs.readFileSync(await kept.path()), bytes);
        await alone.goto(url);                            // the ticket was used: what is said stands on that origin, and has nothing there
        assert.equal(await alone.evaluate(() => location.origin), house.files);
        assert.match(await alone.evaluate(() => document.body.textContent), /ticket_ended/);
        assert.equal(await alone.evaluate(() => { try { return document.cookie; } catch (e) { return e.name; } }), 'SecurityError', 'sandboxed');
        await alone.close();
    }
    for (const [url] of asked) assert.equal(new URL(url).origin, house.files);
    const heads = (await Promise.all(asked.map(([, h]) => h))).filter(Boolean);
    assert.ok(heads.length >= 2, `${heads.length} of ${asked.length}`);
    for (const h of heads) assert.equal(h.cookie, undefined);
    const told = (await Promise.all(answers)).filter((a) => a.length > 0);
    assert.ok(told.length >= 4, `${told.length} of ${answers.length} answers`);
    for (const a of told) assert.equal(a.some(({ name }) => name.toLowerCase() === 'set-cookie'), false);
    assert.deepEqual(alerts, []);
    assert.equal(await desk.evaluate(() => localStorage.getItem('ran')), null);
    assert.deepEqual([...phone.faults, ...desk.faults], []);
    await phone.context().close();
    await desk.context().close();
});

test('a phone that knows the server by its address alone has pictures from the next port', { timeout: 120_000 }, async () => {
    const h = await withNextPort(), { port } = h;
    let b;
    try {
        await h.stop();
        h.configure('origin', `https://127.0.0.1:${port}`);
        h.configure('listen', `127.0.0.1:${port}, 127.0.0.1:${port + 1}`);
        await h.boot();
        const { id } = await h.op('tenant.open', { workgroup: 'hiyodori', company: '株式会社ひよどり製パン', admin: { login: 'kashiwagi', family: '柏木', password: PASSWORD } })
            .then(() => h.op('member.add', { login: 'ise', family: '伊勢', given: '翔太', password: PASSWORD }, 'hiyodori'));
        await h.op('room.add', { name: '大船店', members: [id] }, 'hiyodori');
        b = await Browser.start(h);
        const page = await b.page({ width: 390, height: 844 });
        await b.signIn(page, 'ise@hiyodori', PASSWORD, `https://127.0.0.1:${port}`);
        await page.getByRole('link', { name: /大船店/ }).click();
        await choose(page, ['棚.jpg', 'image/jpeg', photo]);
        await tray(page).getByText('1件を送信できます').waitFor();
        await send(page);
        const picture = page.locator('.picture img');
        await picture.waitFor();
        assert.equal(new URL(await picture.getAttribute('src')).origin, `https://127.0.0.1:${port + 1}`);
        await page.waitForFunction(() => document.querySelector('.picture img').naturalWidth === 480);
        assert.deepEqual(page.faults, []);
    } finally {
        await b?.stop();
        await h.remove();
    }
});

test('files that are dropped or pasted wait above the field, can be taken back, and a refused kind says why', { timeout: 120_000 }, async () => {
    const desk = await opened('ise', { width: 1280, height: 800 });
    const give = (kind, name, type) => desk.evaluate(([k, n, t]) => {
        const data = new DataTransfer();
        data.items.add(new File(['縁側'], n, { type: t }));
        const event = k === 'paste' ? new ClipboardEvent('paste', { clipboardData: data, bubbles: true, cancelable: true })
            : new DragEvent('drop', { dataTransfer: data, bubbles: true, cancelable: true });
        document.querySelector('#composer').dispatchEvent(event);
    }, [kind, name, type]);
    await give('drop', '覚え書き.txt', 'text/plain');
    await give('paste', '写し.txt', 'text/plain');
    await give('drop', 'setup.exe', 'application/octet-stream');
    await tray(desk).getByRole('alert').waitFor();
    await healthy(desk, 'a refused file');
    await shot(desk, 'files-refused-1280');
    await desk.getByRole('button', { name: 'setup.exeを取り消す' }).click();
    await desk.getByRole('button', { name: '写し.txtを取り消す' }).click();
    await tray(desk).getByText('1件を送信できます').waitFor();
    await send(desk);
    await desk.locator('.file-card', { hasText: '覚え書き.txt' }).waitFor();
    assert.equal(await desk.getByText('写し.txt').count(), 0);
    assert.deepEqual(desk.faults, []);
    await desk.context().close();
});

test('a line that is lost in the middle of a large file costs no byte of it; the message goes when the file is whole', { timeout: 120_000 }, async () => {
    const phone = await opened('morishita', { width: 390, height: 844 }), desk = await opened('ise', { width: 1280, height: 800 });
    const large = Buffer.alloc(6 * 1024 * 1024 + 7, '縁側の大きなファイル。');
    let parts = 0;
    await phone.route(/\/uploads\/\d+\?at=/, (route) => {
        parts += 1;
        return parts === 3 ? route.abort() : route.continue();
    });
    await choose(phone, ['記録.txt', 'text/plain', large]);
    await phone.locator('#composer').fill('記録を送ります');
    await send(phone);
    await tray(phone).getByText('アップロードが終わりしだい送信します').waitFor();
    await desk.locator('article', { hasText: '記録を送ります' }).locator('.file-card').waitFor();
    assert.ok(parts >= 7, `${parts} parts`);
    await desk.locator('.file-card', { hasText: '記録.txt' }).click();
    const viewer = desk.getByRole('dialog', { name: '記録.txt' });
    await viewer.getByText('はじめの1 MBを表示しています').waitFor();
    await healthy(desk, 'the beginning of a long text');
    const [download] = await Promise.all([desk.waitForEvent('download'), viewer.getByRole('button', { name: '保存' }).click()]);
    assert.ok(large.equals(fs.readFileSync(await download.path())), 'byte for byte');
    await phone.context().close();
    await desk.context().close();
});

test('a phone offers the camera, its pictures and any file; a desk one dialog', { timeout: 120_000 }, async () => {
    for (const [width, ways] of [[390, [['カメラ', 'image/*', 'environment', false], ['写真とビデオ', 'image/*,video/*', null, true], ['ファイル', null, null, true]]], [1280, [['写真・ファイルを送る', null, null, true]]]]) {
        const page = await opened('morishita', { width, height: 844 });
        await page.getByRole('button', { name: 'ほかに送る' }).click();
        const inputs = page.getByRole('dialog').locator('label:has(input[type=file])');
        await inputs.first().waitFor();
        const found = await inputs.evaluateAll((all) => all.map((l) => [l.textContent, l.control.getAttribute('accept'), l.control.getAttribute('capture'), l.control.multiple]));
        assert.deepEqual(found, ways);
        for (const label of await inputs.all()) assert.ok((await label.boundingBox()).height >= 44);
        await healthy(page, `ways, ${width}`);
        await shot(page, `files-ways-${width}`);
        await inputs.first().locator('input').setInputFiles([{ name: 'camera.jpg', mimeType: 'image/jpeg', buffer: photo }]);
        await tray(page).getByText('1件を送信できます').waitFor();
        await page.getByRole('button', { name: 'camera.jpgを取り消す' }).click();
        await page.context().close();
    }
});

test('files answer in a thread, beside its words, and wait apart from those of the room', { timeout: 120_000 }, async () => {
    for (const [width, login, other] of [[1280, 'ise', 'morishita'], [390, 'morishita', 'ise']]) {
        const page = await opened(login, { width, height: 844 }), peer = await opened(other, { width: 1280, height: 800 });
        await peer.locator('#composer').fill(`棚の相談 ${width}`);
        await send(peer);
        const root = page.locator('article', { hasText: `棚の相談 ${width}` });
        await root.focus();
        await page.keyboard.press('Enter');
        await page.getByRole('button', { name: 'スレッドで返信' }).click();
        const pane = page.getByRole('complementary', { name: 'スレッド' });
        const waiting = pane.getByRole('region', { name: '送るファイル' });
        const one = [{ name: `案${width}.jpg`, mimeType: 'image/jpeg', buffer: photo }];
        if (width > 767) await pane.locator('input[type=file]').setInputFiles(one);
        else {
            await pane.getByRole('button', { name: '写真・ファイルを送る' }).click();
            await page.getByRole('dialog').getByText('写真とビデオ').waitFor();
            await healthy(page, 'ways in a thread');
            await page.getByRole('dialog').locator('input[type=file]').nth(1).setInputFiles(one);
        }
        await waiting.getByText('1件を送信できます').waitFor();
        if (width > 767) {
            await page.evaluate(() => {
                const data = new DataTransfer();
                data.items.add(new File(['縁側'], '落とした.txt', { type: 'text/plain' }));
                document.querySelector('.info-pane textarea').dispatchEvent(new DragEvent('drop', { dataTransfer: data, bubbles: true, cancelable: true }));
            });
            await waiting.getByText('2件を送信できます').waitFor();
            assert.equal(await tray(page).count(), 1, 'nothing of it in the room');
        }
        await pane.locator('textarea').fill(`案です ${width}`);
        await healthy(page, `thread with files, ${width}`);
        await shot(page, `files-thread-${width}`);
        await pane.getByRole('button', { name: 'スレッドに送信' }).click();
        await waiting.waitFor({ state: 'detached' });
        const reply = pane.locator('.reply-entry', { hasText: `案です ${width}` });
        await reply.locator('.picture img').waitFor();
        assert.equal(await pane.locator('textarea').inputValue(), '');
        assert.equal(await reply.locator('.file-card').count(), width > 767 ? 1 : 0);
        await reply.locator('.picture').click();
        await page.getByRole('dialog', { name: `案${width}.jpg` }).locator('.viewer-picture.placed').waitFor();
        if (width < 768) {                                // a finger that rests on the picture is none that rests on the message
            const cdp = await page.context().newCDPSession(page);
            const touch = (type, ...points) => cdp.send('Input.dispatchTouchEvent', { type, touchPoints: points.map(([x, y]) => ({ x, y })) });
            await touch('touchStart', [200, 400]);
            const from = await page.evaluate(() => performance.now());
            await page.waitForFunction((t) => performance.now() > t + 1500, from);
            await touch('touchEnd');
            assert.equal(await page.locator('[role=dialog]').count(), 1, 'the viewer alone');
        }
        await page.keyboard.press('Escape');
        assert.ok(await pane.isVisible(), 'Escape was the viewer\u2019s');
        await peer.getByText(/スレッド.*返信/).first().waitFor();
        assert.deepEqual([...page.faults, ...peer.faults], []);
        await page.context().close();
        await peer.context().close();
    }
});

/** What the browser's vaults hold: names of rows, and all of it as text. */
const stored = (page) => page.evaluate(async () => {
    const ask = (r) => new Promise((done, fail) => { r.onsuccess = () => done(r.result); r.onerror = () => fail(r.error); });
    const utf8 = new TextDecoder();
    const found = { names: [], text: '' };
    for (const { name } of await indexedDB.databases()) {
        if (!/^engawa-\d+-\d+$/.test(name)) continue;
        const db = await ask(indexedDB.open(name));
        const rows = db.transaction('rows').objectStore('rows');
        const [names, values] = await Promise.all([ask(rows.getAllKeys()), ask(rows.getAll())]);
        found.names.push(...names);
        for (const v of values) if (v.data) found.text += utf8.decode(v.data);
        db.close();
    }
    return found;
});
const waiting = (found) => found.names.filter((n) => n.startsWith('up'));

test('a page that is closed in the middle of a file goes on with it from where the server is; sealed until then, and gone when it is sent', { timeout: 240_000 }, async () => {
    for (const [width, locale, note] of [[390, 'ja-JP', '前に選んだファイルです'], [1280, 'en-US', 'chosen earlier']]) {
        const page = await browser.page({ width, height: 844, locale });
        await page.goto(house.origin);
        await page.getByRole('button', { name: locale === 'ja-JP' ? '日本語' : 'English', exact: true }).click();   // chosen: it stays after a reload
        await browser.signIn(page, 'morishita@hiyodori', PASSWORD);
        await page.getByRole('link', { name: /大船店/ }).click();
        await page.locator('#composer').waitFor();
        const name = `棚卸し${width}.txt`, words = '縁側の棚卸しの記録。', large = Buffer.alloc(6 * 1024 * 1024 + 11, words);
        const parts = [];
        let let_ = 3;                                     // so many parts come through
        await page.route(/\/uploads\/\d+\?at=/, (route) => {
            const at = Number(new URL(route.request().url()).searchParams.get('at'));
            if (let_ === 0) return route.abort();
            let_ -= 1;
            parts.push(at);
            return route.continue();
        });
        await page.locator('.composer-line .icon-button').nth(1).click();
        await page.getByRole('dialog').locator('input[type=file]').last().setInputFiles([{ name, mimeType: 'text/plain', buffer: large }]);
        const box = page.locator('.tray');
        await box.locator('progress').waitFor();
        await until('it to be kept', async () => waiting(await stored(page)).length === 1 + 2);
        await until('three parts', () => parts.length === 3);
        await page.locator('#composer').fill(`まとめました ${width}`);
        const kept = await stored(page);
        assert.ok(!kept.text.includes(words) && !kept.text.includes(name), 'nothing of it can be read');
        await until('the draft to be kept', async () => (await stored(page)).names.some((n) => n.startsWith('draft-')));

        // A second page of the same browser leaves it alone while this one is there.
        const second = await page.context().newPage();
        await second.goto(page.url());
        await second.locator('#composer').waitFor();
        await until('the second page to know the draft', async () => (await second.locator('#composer').inputValue()) !== '');
        assert.equal(await second.locator('.tray-file').count(), 0);
        await second.close();

        await page.reload();
        await box.getByText(note).waitFor();
        await healthy(page, `goes on, ${width}`);
        await shot(page, `files-earlier-${width}`);
        assert.equal(await page.locator('#composer').inputValue(), `まとめました ${width}`);
        let_ = 99;
        await page.evaluate(() => dispatchEvent(new Event('online')));
        await box.locator('progress').waitFor({ state: 'detached' });
        assert.deepEqual(parts.slice(0, 4), [0, 1, 2, 3].map((n) => n * 1024 * 1024), 'no part came twice');
        assert.equal(parts.length, 7);
        await page.locator('.composer-line .send').click();
        const card = page.locator('article', { hasText: `まとめました ${width}` }).locator('.file-card');
        await card.click();
        const [download] = await Promise.all([page.waitForEvent('download'), page.locator('.viewer-acts .icon-button').last().click()]);
        assert.ok(large.equals(fs.readFileSync(await download.path())), 'byte for byte');
        await page.keyboard.press('Escape');
        await until('nothing to be kept of it', async () => waiting(await stored(page)).length === 0);

        // One that is taken back goes from here, too; and at the log-out all there is goes.
        let_ = 0;
        for (const n of ['取り消す.txt', '残る.txt']) {
            await page.locator('.composer-line .icon-button').nth(1).click();
            await page.getByRole('dialog').locator('input[type=file]').last().setInputFiles([{ name: n, mimeType: 'text/plain', buffer: Buffer.from(words) }]);
            await page.getByRole('dialog').waitFor({ state: 'detached' });
        }
        await until('both to be kept', async () => waiting(await stored(page)).length === 4);
        await page.locator('.tray-file', { hasText: '取り消す.txt' }).locator('.icon-button').click();
        await until('one to be left', async () => waiting(await stored(page)).length === 2);
        // Whoever comes back to the list sees where something waits.
        await page.evaluate(() => { location.href = location.pathname.replace(/\/app.*/, '/app/talk'); });
        await page.locator('.row', { hasText: width < 768 ? '送っていないファイル 1件' : '1 file not sent' }).waitFor();
        await shot(page, `files-unsent-${width}`);
        await page.evaluate(() => { history.pushState(null, '', location.pathname.replace(/\/app.*/, '/app/more')); dispatchEvent(new PopStateEvent('popstate')); });
        await page.locator('.more-row.danger').click();
        await page.getByRole('dialog').getByText(/送っていないファイルが1件|1 file has not been sent/).waitFor();
        await page.getByRole('dialog').getByRole('button', { name: /^(ログアウト|Log out)$/ }).click();
        await page.locator('input[type=password]').waitFor();
        await until('the vault to be gone', async () => (await stored(page)).names.length === 0);
        assert.deepEqual(page.faults, []);
        await page.context().close();
    }
});

test('photos and files in both languages, sizes and themes', { timeout: 240_000 }, async () => {
    for (const { width, locale, dark } of looks([{ width: 390, locale: 'en-US', dark: true }, { width: 1280, locale: 'ja-JP', dark: true }, { width: 360, locale: 'ja-JP' }, { width: 1280, locale: 'en-US' }], 2)) {
        const page = await browser.page({ width, height: 844, locale, dark });
        await browser.signIn(page, 'ise@hiyodori', PASSWORD);
        await page.getByRole('link', { name: /大船店/ }).click();
        await page.locator('.picture img').first().waitFor();
        const where = `files ${width} ${locale}${dark ? ' dark' : ''}`;
        await healthy(page, where);
        await shot(page, `files-${width}-${locale}${dark ? '-dark' : ''}`);
        await page.locator('.composer-line .icon-button').nth(1).click();
        await page.getByRole('dialog').waitFor();
        await healthy(page, `${where}: what can be sent`);
        assert.deepEqual(page.faults, []);
        await page.context().close();
    }
});

// Engawa without a network: what was read before can be read again, what is written waits, and nothing of it lies readable
// in the browser, for no longer than the company allows.
import fs from 'node:fs';
import path from 'node:path';
import { Browser, healthy, looks } from '../lib/browser.mjs';
import { House, ROOT, until } from '../lib/house.mjs';
import { openTenant } from '../lib/people.mjs';
import { after, assert, before, proves, test } from '../lib/test.mjs';

const shots = path.join(ROOT, 'build/e2e');
const DAY = 86_400_000;
const STORY = { timeout: 240_000 };
let house, browser, acme, mayu, satsuki, room;

const shot = (page, name) => page.screenshot({ path: path.join(shots, `${name}.png`) });
const article = (page, text) => page.locator('article', { hasText: text });

const shellReady = (page) => page.evaluate(async () => {
    await navigator.serviceWorker.ready;
    if (!navigator.serviceWorker.controller) await new Promise((done) => navigator.serviceWorker.addEventListener('controllerchange', done, { once: true }));
});

/** Everything that a page of the client can find stored in its browser, as text. */
const dump = (page) => page.evaluate(async () => {
    const ask = (r) => new Promise((done, fail) => { r.onsuccess = () => done(r.result); r.onerror = () => fail(r.error); });
    const utf8 = new TextDecoder('utf-8');
    const utf16 = new TextDecoder('utf-16le');
    const found = { text: [], vaults: [], keys: [], rows: 0 };
    const take = (value) => {
        if (value instanceof CryptoKey) found.keys.push({ extractable: value.extractable, type: value.type });
        else if (value instanceof ArrayBuffer || ArrayBuffer.isView(value)) found.text.push(utf8.decode(value), utf16.decode(value));
        else if (value && typeof value === 'object') Object.entries(value).forEach(([k, v]) => { found.text.push(k); take(v); });
        else found.text.push(String(value));
    };
    for (const { name } of await indexedDB.databases()) {
        found.vaults.push(name);
        const request = indexedDB.open(name);
        request.onupgradeneeded = () => request.transaction.abort();   // it went meanwhile: looking brings none back
        const db = await ask(request);
        for (const store of db.objectStoreNames) {
            const rows = db.transaction(store).objectStore(store);
            const [names, values] = await Promise.all([ask(rows.getAllKeys()), ask(rows.getAll())]);
            found.rows += values.length;
            [...names, ...values].forEach(take);
        }
        db.close();
    }
    for (const store of [localStorage, sessionStorage]) for (let i = 0; i < store.length; i++) found.text.push(store.key(i), store.getItem(store.key(i)));
    for (const name of await caches.keys()) {
        const cache = await caches.open(name);
        for (const key of await cache.keys()) found.text.push(key.url, await (await cache.match(key)).text());
    }
    return { ...found, text: found.text.join('\n') };
});

/** The files of a browser's profile that hold one of the words, as bytes of UTF-8 or UTF-16. */
function onDisk(folder, words) {
    const wanted = words.flatMap((w) => [Buffer.from(w, 'utf8'), Buffer.from(w, 'utf16le')]);
    return fs.readdirSync(folder, { recursive: true, withFileTypes: true }).filter((e) => e.isFile())
        .map((e) => path.join(e.parentPath ?? e.path, e.name)).filter((f) => {
            const bytes = fs.readFileSync(f);
            return wanted.some((w) => bytes.includes(w));
        });
}

/** The rows of the account's vault whose names begin so. */
const kept = (page, prefix) => page.evaluate(async (begin) => {
    const ask = (r) => new Promise((done, fail) => { r.onsuccess = () => done(r.result); r.onerror = () => fail(r.error); });
    const vault = (await indexedDB.databases()).find((d) => /^engawa-\d+-\d+$/.test(d.name));
    if (!vault) return [];
    const db = await ask(indexedDB.open(vault.name));
    const names = await ask(db.transaction('rows').objectStore('rows').getAllKeys());
    db.close();
    return names.filter((n) => n.startsWith(begin));
}, prefix);

async function home(page, person) {
    await browser.signIn(page, `${person.login}@acme`, person.password);
    await page.getByRole('heading', { name: 'トーク', exact: true }).waitFor();
    await shellReady(page);
    return page;
}

const open = (page, name) => page.getByRole('link', { name: new RegExp(`^${name}`) }).first().click();

before(async () => {
    fs.mkdirSync(shots, { recursive: true });
    house = await House.start();
    acme = await openTenant(house, 'acme');
    mayu = await acme.add('morishita', { family: '森下', given: '真由' });
    satsuki = await acme.add('yanagi', { family: '柳', given: 'さつき' });
    room = await acme.room('大船店', mayu, satsuki);
    await acme.room('夜の棚卸', mayu, satsuki);
    await satsuki.signIn();
    await acme.chief.signIn();
    await acme.chief.openConsole();
    await mayu.signIn();
    const { json } = await mayu.post('/talk-folders', { name: '店舗の棚' });
    assert.equal((await mayu.put(`/rooms/${room}/folder`, { folder: json.folders[0].id })).status, 200);
    browser = await Browser.start(house);
});
after(async () => {
    await browser?.stop();
    await house?.remove();
});

test('without a network the app opens with what was read, what is written waits, and goes out once', STORY, async () => {
    const { json: said } = await satsuki.say(room, '冷蔵庫2番が7℃です。');
    await satsuki.say(room, '扉のパッキンを見てください。');
    const page = await home(await browser.page({ worker: true, width: 390, height: 844 }), mayu);
    await open(page, '大船店');
    await article(page, '7℃').waitFor();
    await until('the room is kept', async () => (await kept(page, `log-${room}`)).length === 1 && (await kept(page, 'members')).length === 1);

    const network = page.context();
    await network.setOffline(true);
    await page.reload();
    await article(page, '扉のパッキン').waitFor();
    await article(page, '7℃').waitFor();
    await page.getByText('オフラインです。送信はつながりしだい行います。').waitFor();
    await page.locator('.room-pane').getByText(/^最後に更新/).waitFor();
    await page.locator('#composer').fill('見ます。いま地下です。');
    await page.getByRole('button', { name: '送信', exact: true }).click();
    await page.locator('.pending', { hasText: '送信待ち' }).waitFor();
    await healthy(page, 'a room without a network');
    await shot(page, 'offline-room-390');
    await page.getByRole('button', { name: '戻る' }).click();
    await page.locator('.list-pane .offline-bar', { hasText: 'オフライン' }).waitFor();
    await page.getByText('夜の棚卸').waitFor();
    await healthy(page, 'the list without a network');
    await shot(page, 'offline-list-390');
    await page.getByRole('button', { name: '店舗の棚' }).click();
    await until('the folder shows its room alone', async () => (await page.locator('.list-pane .row').count()) === 1);
    assert.match(await page.locator('.list-pane .row').innerText(), /大船店/);
    await page.getByRole('button', { name: 'すべて', exact: true }).click();
    await open(page, '夜の棚卸');
    await page.getByText('メッセージを読み込めませんでした').waitFor();
    await page.getByRole('button', { name: '戻る' }).click();

    // Meanwhile others go on; the phone is opened anew before it is back.
    assert.equal((await satsuki.put(`/messages/${said.id}`, { text: '冷蔵庫2番が8℃です。' })).status, 200);
    await satsuki.say(room, '修理の人が来ました。');
    await page.reload();
    await open(page, '大船店');
    await page.locator('.pending', { hasText: 'いま地下です' }).waitFor();
    await article(page, '7℃').waitFor();
    await network.setOffline(false);
    await article(page, '修理の人が来ました').waitFor();
    await article(page, '8℃').waitFor();
    await until('what waited is sent', async () => (await page.locator('.pending').count()) === 0);
    assert.equal(await page.locator('.offline-bar').count(), 0);
    const { messages } = (await satsuki.get(`/rooms/${room}/messages?limit=50`)).json;
    assert.equal(messages.filter((m) => m.text === '見ます。いま地下です。').length, 1, 'once');
    assert.equal(await article(page, '7℃').count(), 0, 'what was kept is as it is now');
    await shot(page, 'back-room-390');
    assert.deepEqual(page.faults, []);
    await page.context().close();
});

test('nothing that anybody said lies readable in the browser: while it is used, after eight days, after logging out', STORY, async () => {
    proves('DEV-21');
    const words = ['KAWASEMI-4711', 'HIYODORI-0815', 'TSUBAME-2026'];
    const own = ['SEKIREI-77', 'KAWARAHIWA-31'];
    assert.equal((await mayu.put('/keywords', { words: [{ word: own[0] }] })).status, 200);
    assert.equal((await mayu.post('/talk-folders', { name: own[1] })).status, 200);
    await satsuki.say(room, `暗号は ${words[0]} です`);
    const page = await home(await browser.profile({ width: 390, height: 844 }), mayu);
    const network = page.context();
    const folder = browser.folder;
    await open(page, '大船店');
    await article(page, words[0]).waitFor();
    await network.setOffline(true);
    await page.locator('#composer').fill(`待っている ${words[1]}`);
    await page.getByRole('button', { name: '送信', exact: true }).click();
    await page.locator('.pending').waitFor();
    await page.locator('#composer').fill(`書きかけ ${words[2]}`);
    await until('all is kept', async () => (await kept(page, 'log-')).length > 0 && (await kept(page, 'out-')).length === 1 && (await kept(page, 'draft-')).length === 1);
    await page.reload();
    await page.getByRole('button', { name: own[1], includeHidden: true }).waitFor({ state: 'attached' });
    for (const word of words.slice(0, 2)) await article(page, word).waitFor();
    assert.match(await page.locator('#composer').inputValue(), /TSUBAME-2026/);
    const used = await dump(page);
    assert.ok(used.rows >= 6 && used.text.length > 100_000, 'there is something to look through');
    assert.deepEqual(used.keys, [{ extractable: false, type: 'secret' }]);
    for (const word of [...words, ...own, '暗号は', '夜の棚卸', '店舗の棚', 'さつき']) assert.ok(!used.text.includes(word), `${word} lies readable`);

    // Eight days without the server: what is kept is gone before anything of it is shown.
    await page.clock.install({ time: Date.now() + 8 * DAY });
    await page.reload();
    await page.getByText('サーバーに接続できませんでした').waitFor();
    await until('the vault to be gone', async () => (await dump(page)).vaults.length === 0);
    const late = await dump(page);
    assert.deepEqual([late.keys, late.rows], [[], 0]);
    for (const word of words) assert.ok(!late.text.includes(word), `${word} after eight days`);
    assert.equal(await article(page, words[0]).count(), 0);

    await network.setOffline(false);
    await article(page, words[0]).waitFor();
    await until('it is kept anew', async () => (await kept(page, 'log-')).length > 0);
    await page.getByRole('button', { name: '戻る' }).click();
    await page.getByRole('link', { name: 'その他' }).click();
    await page.getByRole('button', { name: 'ログアウト' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'ログアウト' }).click();
    await page.getByRole('heading', { name: 'ログイン' }).waitFor();
    const out = await dump(page);
    assert.deepEqual([out.vaults, out.keys, out.rows], [[], [], 0]);
    for (const word of words) assert.ok(!out.text.includes(word), `${word} after logging out`);
    assert.deepEqual(page.faults, []);
    await network.close();
    assert.ok(fs.readdirSync(folder, { recursive: true }).length > 50, 'a profile on the disk');
    assert.deepEqual(onDisk(folder, [...words, ...own]), [], 'nor in any file of the browser');
});

test('talk that a template forbids stays shut without a network, too; what waits to be sent is sent when it is allowed again', STORY, async () => {
    const page = await home(await browser.page({ worker: true, width: 390, height: 844 }), mayu), admin = await acme.admin();
    await shellReady(page);
    await open(page, '大船店');
    await article(page, '修理の人').waitFor();
    await until('it is kept', async () => (await kept(page, 'log-')).length > 0);
    const { id } = (await admin.post('/console/templates', { name: 'トークなし', restricts: [{ key: 'template.talk.browser' }] })).json;
    const put = async (body) => assert.equal((await admin.put(`/console/members/${mayu.id}/template`, body)).status, 200);
    await page.context().setOffline(true);
    await page.locator('#composer').fill('電波のないところで書きました');
    await page.getByRole('button', { name: '送信', exact: true }).click();
    await page.locator('.pending').waitFor();
    await put({ template: id });
    await page.context().setOffline(false);
    const shut = page.getByRole('heading', { name: 'ここではトークを利用できません' });
    await shut.waitFor();
    await page.context().setOffline(true);
    await page.reload();
    await shut.waitFor();
    assert.equal(await page.getByText('修理の人').count(), 0);
    await page.context().setOffline(false);
    await put({});
    await page.getByRole('button', { name: 'もう一度確認する' }).click();
    await article(page, '電波のないところで書きました').waitFor();
    await until('it is sent', async () => (await page.locator('.pending').count()) === 0);
    assert.deepEqual(page.faults, []);
    await page.context().close();
});

test('what is kept goes with a session that is ended elsewhere, and is not begun where the company allows no days', STORY, async () => {
    const page = await home(await browser.page({ worker: true, width: 390, height: 844 }), mayu);
    await open(page, '大船店');
    await article(page, '修理の人').waitFor();
    await until('it is kept', async () => (await kept(page, 'log-')).length > 0);
    await page.locator('#composer').fill('まだ送っていません');
    await page.context().setOffline(true);
    await page.getByRole('button', { name: '送信', exact: true }).click();
    await page.locator('.pending').waitFor();
    const ended = await acme.chief.post(`/console/members/${mayu.id}/logout`);
    assert.equal(ended.status, 200, ended.text);
    await page.context().setOffline(false);
    await page.getByRole('heading', { name: 'ログイン' }).waitFor();
    await until('the vault to be gone', async () => (await dump(page)).vaults.length === 0);

    // What this person wrote stays with the page and goes out after the next log-in.
    await page.locator('input[type=password]').fill(mayu.password);
    await page.keyboard.press('Enter');
    await article(page, 'まだ送っていません').waitFor();
    await until('it is sent', async () => (await page.locator('.pending').count()) === 0);

    const saved = await acme.chief.put('/console/settings/mobile.offline_days', { value: '0' });
    assert.equal(saved.status, 200, saved.text);
    await page.reload();
    await article(page, '修理の人').waitFor();
    await until('nothing is kept', async () => (await dump(page)).vaults.length === 0);
    await page.locator('#composer').fill('まだ書いています');
    await page.getByRole('button', { name: '戻る' }).click();
    await page.getByText('下書き: まだ書いています').waitFor();
    assert.deepEqual((await dump(page)).vaults, []);
    assert.deepEqual(page.faults, []);
    await page.context().close();
});

test('what is kept goes with an account that is logged out of from another one, and with a member who is suspended', STORY, async () => {
    assert.equal((await acme.chief.put('/console/settings/mobile.offline_days', { value: '7' })).status, 200);
    const beta = await openTenant(house, 'beta');
    const vaults = async () => (await dump(page)).vaults.filter((name) => /^engawa-\d+-\d+$/.test(name)).sort();
    const page = await home(await browser.page({ worker: true, width: 390, height: 844 }), mayu);
    const sheet = async () => {
        await page.getByRole('link', { name: 'その他', exact: true }).click();
        await page.getByRole('button', { name: /アカウントの切り替え/ }).click();
        return page.getByRole('dialog', { name: 'アカウントの切り替え' });
    };
    const [first, second] = [mayu, beta.chief].map((p) => `engawa-${p.tenant.number}-${p.id}`);
    await open(page, '大船店');
    await article(page, '修理の人').waitFor();
    await until('the first account is kept', async () => (await vaults()).length === 1 && (await kept(page, 'log-')).length > 0);
    assert.deepEqual(await vaults(), [first]);
    await page.getByRole('button', { name: '戻る' }).click();
    await (await sheet()).getByRole('button', { name: 'アカウントを追加' }).click();
    await page.locator('input').first().fill(`${beta.chief.login}@beta`);
    await page.locator('input[type=password]').fill(beta.chief.password);
    await browser.submit(page, `${beta.chief.login}@beta`);
    await page.getByRole('heading', { name: 'トーク', exact: true }).waitFor();
    await until('both accounts are kept', async () => (await vaults()).length === 2);
    await (await sheet()).getByRole('button', { name: `${mayu.login}@acme からログアウト` }).click();
    await page.getByRole('dialog').last().getByRole('button', { name: 'ログアウト', exact: true }).click();
    await until('the first account is gone', async () => (await vaults()).join() === second);
    await page.context().close();

    const other = await home(await browser.page({ worker: true, width: 390, height: 844 }), mayu);
    await open(other, '大船店');
    await until('it is kept', async () => (await kept(other, 'log-')).length > 0);
    assert.equal((await acme.chief.post(`/console/members/${mayu.id}/suspend`)).status, 200);
    await other.getByRole('heading', { name: 'ログイン' }).waitFor();
    await until('the vault to be gone', async () => (await dump(other)).vaults.length === 0);
    assert.deepEqual([page.faults, other.faults], [[], []]);
    await other.context().close();
});

test('the line that says so reads well in both languages and themes', STORY, async () => {
    const words = {
        ja: { room: 'オフラインです。送信はつながりしだい行います。', since: /^最後に更新/, back: '戻る' },
        en: { room: 'You are offline', since: /^Last updated/, back: 'Back' },
    };
    for (const [width, lang, dark] of looks([[360, 'ja', true], [390, 'en', false], [390, 'en', true], [1280, 'ja', false]])) {
        const w = words[lang];
        const page = await browser.page({ width, height: 844, locale: lang === 'ja' ? 'ja-JP' : 'en-US', dark });
        await page.goto(`${house.origin}/`);
        await page.getByRole('button', { name: lang === 'ja' ? '日本語' : 'English', exact: true }).click();
        await page.locator('input').first().fill(`${satsuki.login}@acme`);
        await page.locator('input[type=password]').fill(satsuki.password);
        await browser.submit(page, `${satsuki.login}@acme`);
        await open(page, '大船店');
        await article(page, '修理の人').waitFor();
        await page.context().setOffline(true);
        await page.locator('.room-pane .offline-bar', { hasText: w.room }).waitFor();
        await page.locator('.room-pane').getByText(w.since).waitFor();
        const name = `offline-${width}-${lang}${dark ? '-dark' : ''}`;
        assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= window.innerWidth), `${name} fits`);
        await healthy(page, name);
        await shot(page, `${name}-room`);
        if (width < 768) await page.getByRole('button', { name: w.back, exact: true }).click();
        await page.locator('.list-pane .offline-bar').getByText(w.since).waitFor();
        await healthy(page, `${name}, list`);
        await shot(page, `${name}-list`);
        assert.deepEqual(page.faults, []);
        await page.context().close();
    }
});

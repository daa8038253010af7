// Files of another app: the share menu of a phone posts them to the installed app, whose service worker hands them to the page. They wait
// for the log-in and for a talk to be chosen, and nothing is sent by itself.
import fs from 'node:fs';
import path from 'node:path';
import { Browser, healthy, looks } from '../lib/browser.mjs';
import { House, ROOT, until } from '../lib/house.mjs';
import { openTenant } from '../lib/people.mjs';
import { after, assert, before, test } from '../lib/test.mjs';

const shots = path.join(ROOT, 'build/e2e');
const STORY = { timeout: 240_000 };
const SECRET = '縁側の単価表、取扱注意。';
let house, browser, acme, mayu, satsuki, room;

const shot = (page, name) => page.screenshot({ path: path.join(shots, `${name}.png`) });
const shellReady = (page) => page.evaluate(async () => {
    await navigator.serviceWorker.ready;
    if (!navigator.serviceWorker.controller) await new Promise((done) => navigator.serviceWorker.addEventListener('controllerchange', done, { once: true }));
});

/** As the system does it: a form with words and files. */
const share = (page, { words = {}, files = [] }) => page.evaluate(([w, all]) => {
    const form = Object.assign(document.createElement('form'), { method: 'POST', action: '/share', enctype: 'multipart/form-data' });
    for (const [name, value] of Object.entries(w)) form.append(Object.assign(document.createElement('input'), { type: 'hidden', name, value }));
    const data = new DataTransfer();
    for (const [name, type, text] of all) data.items.add(new File([text], name, { type }));
    const input = Object.assign(document.createElement('input'), { type: 'file', name: 'files', multiple: true });
    input.files = data.files;
    form.append(input);
    document.body.append(form);
    form.submit();
}, [words, files]);

/** Names of the vaults, and all that lies in them as text. */
const stored = (page) => page.evaluate(async () => {
    const ask = (r) => new Promise((done, fail) => { r.onsuccess = () => done(r.result); r.onerror = () => fail(r.error); });
    const utf8 = new TextDecoder(), found = { vaults: [], rows: [], text: '' };
    for (const { name } of await indexedDB.databases()) {
        if (!/^engawa-\d+-\d+$/.test(name)) continue;
        const db = await ask(indexedDB.open(name));
        const rows = db.transaction('rows').objectStore('rows');
        const [names, values] = await Promise.all([ask(rows.getAllKeys()), ask(rows.getAll())]);
        found.vaults.push(name);
        found.rows.push(...names.map((n) => `${name} ${n}`));
        for (const v of values) if (v.data) found.text += utf8.decode(v.data);
        db.close();
    }
    for (const name of await caches.keys()) for (const k of await (await caches.open(name)).keys()) found.text += await (await caches.match(k)).text();
    return found;
});

async function fresh(options) {
    const page = await browser.page({ worker: true, height: 844, ...options });
    await page.goto(house.origin);
    await page.locator('input[type=password]').waitFor();
    await shellReady(page);
    return page;
}

async function logIn(page) {
    await page.locator('input').first().fill(`${mayu.login}@acme`);
    await page.locator('input[type=password]').fill(mayu.password);
    await browser.submit(page, `${mayu.login}@acme`);
}

before(async () => {
    fs.mkdirSync(shots, { recursive: true });
    house = await House.start();
    acme = await openTenant(house, 'acme');
    mayu = await acme.add('morishita', { family: '森下', given: '真由' });
    satsuki = await acme.add('yanagi', { family: '柳', given: 'さつき' });
    room = await acme.room('大船店', mayu, satsuki);
    browser = await Browser.start(house);
});
after(async () => {
    await browser?.stop();
    await house?.remove();
});

test('files and words of another app wait for the log-in, survive a reload unreadable, and go into the talk that is chosen', STORY, async () => {
    await mayu.signIn();
    const count = async () => (await mayu.get(`/rooms/${room}/messages?limit=50`)).json.messages.length;
    const before = await count();
    const page = await fresh({ width: 390 });
    await share(page, { words: { title: '単価表', text: '12月分です', url: '' }, files: [['単価.txt', 'text/plain', SECRET.repeat(500)], ['写し.txt', 'text/plain', '写し']] });
    await page.getByRole('heading', { name: 'ログイン' }).waitFor();
    await until('them to be kept', async () => (await stored(page)).rows.filter((r) => /^engawa-0-0 up-/.test(r)).length === 2);
    const kept = await stored(page);
    assert.ok(!kept.text.includes(SECRET) && !kept.text.includes('単価.txt'), 'nothing of it can be read');
    await page.reload();                                  // what the worker had was given once
    await logIn(page);
    await page.getByRole('heading', { name: 'トークに共有' }).waitFor();
    const list = page.getByRole('list', { name: '共有するファイル' });
    await list.getByText('単価.txt').waitFor();
    assert.equal(await list.locator('li').count(), 2);
    assert.equal(await page.locator('.share-words').textContent(), '単価表\n12月分です');
    await page.locator('.share-rooms li').first().waitFor();
    await healthy(page, 'share with files, 390');
    await shot(page, 'share-files-390');
    assert.equal(await count(), before);
    await page.locator('.share-rooms').getByRole('button', { name: '大船店' }).click();
    const tray = page.getByRole('region', { name: '送るファイル' });
    await tray.getByText('2件を送信できます').waitFor();
    await page.getByText('送信するまで相手には届きません').waitFor();
    await until('nothing to be left of the way', async () => !(await stored(page)).vaults.includes('engawa-0-0'));
    assert.equal(await page.locator('#composer').inputValue(), '単価表\n12月分です');
    assert.equal(await count(), before, 'nothing was sent');
    assert.equal(await page.evaluate(() => location.search), '');
    await page.getByRole('button', { name: '送信', exact: true }).click();
    await until('it to be there', async () => (await count()) === before + 1);
    const [message] = (await mayu.get(`/rooms/${room}/messages?limit=1`)).json.messages;
    assert.deepEqual(message.content.files.map((f) => [f.name, f.size]), [['単価.txt', Buffer.byteLength(SECRET) * 500], ['写し.txt', 6]]);
    assert.deepEqual(page.faults, []);
    await page.context().close();
});

test('a log-out and a refusal leave nothing of it behind; words alone go as before; too many are said', STORY, async () => {
    const page = await fresh({ width: 1280 });
    await logIn(page);
    await page.getByRole('heading', { name: 'トーク', exact: true }).waitFor();
    await share(page, { files: Array.from({ length: 23 }, (_, i) => [`${i + 1}枚目.txt`, 'text/plain', SECRET]) });
    await page.getByText('一度に共有できるのは20件までです。残りの3件は入っていません。').waitFor();
    assert.equal(await page.locator('.share-files li').count(), 20);
    await healthy(page, 'too many, 1280');
    await shot(page, 'share-many-1280');
    await until('them to be kept', async () => (await stored(page)).vaults.includes('engawa-0-0'));
    await page.getByRole('button', { name: 'キャンセル' }).click();
    await until('nothing to be left', async () => !(await stored(page)).vaults.includes('engawa-0-0'));

    await share(page, { words: { text: '文だけです' } });
    await page.locator('.share-words', { hasText: '文だけです' }).waitFor();
    assert.equal(await page.locator('.share-files').count(), 0);
    await share(page, {});
    await page.getByText('共有された内容がありません').waitFor();

    await share(page, { files: [['残り.txt', 'text/plain', SECRET]] });
    await page.locator('.share-files').getByText('残り.txt').waitFor();
    await until('it to be kept', async () => (await stored(page)).rows.some((r) => /^engawa-0-0 up-/.test(r)));
    await page.goto(`${house.origin}/t/${acme.number}/app/more`);
    await page.locator('.more-row.danger').click();
    await page.getByRole('dialog').getByRole('button', { name: 'ログアウト' }).click();
    await page.locator('input[type=password]').waitFor();
    await until('nothing to be left', async () => (await stored(page)).vaults.length === 0);
    assert.deepEqual(page.faults, []);
    await page.context().close();
});

test('the page with files in both languages and themes', STORY, async () => {
    for (const [width, lang, dark] of looks([[360, 'en', true], [1280, 'ja', true], [390, 'en', false]], 2)) {
        const page = await fresh({ width, dark });
        await page.getByRole('button', { name: lang === 'ja' ? '日本語' : 'English', exact: true }).click();
        await share(page, { words: { text: 'https://shiomi.example/prices' }, files: [['12月の単価表 (改訂2版、社内回覧用).txt', 'text/plain', SECRET], ['b.txt', 'text/plain', 'b']] });
        await page.locator('input[type=password]').waitFor();
        await logIn(page);
        await page.getByRole('heading', { name: lang === 'ja' ? 'トークに共有' : 'Share to a talk' }).waitFor();
        await page.locator('.share-files li').nth(1).waitFor();
        await page.locator('.share-rooms li').first().waitFor();
        await healthy(page, `share ${width} ${lang}`);
        await shot(page, `share-files-${width}-${lang}${dark ? '-dark' : ''}`);
        assert.deepEqual(page.faults, []);
        await page.context().close();
    }
});

// Engawa as an app on a phone: a session that hangs on a key of the device, and the invitation to install it.
import fs from 'node:fs';
import path from 'node:path';
import { axeSource, Browser } from '../lib/browser.mjs';
import { House, ROOT, until } from '../lib/house.mjs';
import { openTenant } from '../lib/people.mjs';
import { after, assert, before, proves, test } from '../lib/test.mjs';

const shots = path.join(ROOT, 'build/e2e');
/* A browser with a profile of its own, many pages and pictures. */
const STORY = { timeout: 240_000 };
let house, browser, acme, mayu, satsuki, room, axe;

const shot = (page, name) => page.screenshot({ path: path.join(shots, `${name}.png`) });

async function accessible(page, what) {
    await page.evaluate(axe);
    const { violations } = await page.evaluate(() => globalThis.axe.run(document, { resultTypes: ['violations'] }));
    assert.deepEqual(violations.map((v) => `${v.id}: ${v.nodes[0]?.html}`), [], what);
    assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= window.innerWidth), `${what} fits`);
}

/** The app in a window of its own, nobody signed in. */
async function app(options) {
    const page = await browser.profile({ width: 390, height: 844, app: house.origin, ...options });
    await page.goto(house.origin);
    assert.equal(await page.evaluate(() => window.matchMedia('(display-mode: standalone)').matches), true);
    return page;
}

const phone = (options) => browser.page({ width: 390, height: 844, ...options });

async function home(page, person, title = 'トーク') {
    await browser.signIn(page, `${person.login}@acme`, person.password);
    await page.getByRole('heading', { name: title, exact: true }).waitFor();
    return page;
}

/** As the server says it to the page itself. */
const asked = (page, what) => page.evaluate(async (url) => (await fetch(url)).json(), `/t/${acme.number}/${what}`);

const keys = (page) => page.evaluate(async () => {
    if (!(await indexedDB.databases()).some((d) => d.name === 'engawa-device')) return [];
    const db = await new Promise((done, fail) => {
        const r = indexedDB.open('engawa-device');
        r.onsuccess = () => done(r.result);
        r.onerror = () => fail(r.error);
    });
    const rows = await new Promise((done) => {
        const r = db.transaction('keys').objectStore('keys').getAll();
        r.onsuccess = () => done(r.result);
    });
    db.close();
    const tried = (key, form) => crypto.subtle.exportKey(form, key).then(() => 'exported', (e) => e.name);
    return Promise.all(rows.map(async ({ device, key }) => ({
        device, type: key.type, extractable: key.extractable, usages: key.usages,
        forms: [await tried(key, 'jwk'), await tried(key, 'pkcs8'), await tried(key, 'raw')],
    })));
});

before(async () => {
    fs.mkdirSync(shots, { recursive: true });
    house = await House.start();
    acme = await openTenant(house, 'acme');
    mayu = await acme.add('morishita', { family: '森下', given: '真由' });
    satsuki = await acme.add('yanagi', { family: '柳', given: 'さつき' });
    room = await acme.room('大船店', mayu, satsuki);
    await satsuki.signIn();
    axe = axeSource();
    browser = await Browser.start(house);
});
after(async () => {
    await browser?.stop();
    await house?.remove();
});

test('the installed app has a session of channel MP by a key that stays in the device; a tab has none', STORY, async () => {
    proves('OVR-07');
    const tab = await home(await phone(), mayu);
    assert.equal((await asked(tab, 'me')).channel, 'MW');
    assert.deepEqual(await keys(tab), []);
    await tab.context().close();

    const page = await home(await app(), mayu);
    assert.equal((await asked(page, 'me')).channel, 'MP');
    const { sessions } = await asked(page, 'sessions');
    assert.deepEqual(sessions.find((s) => s.current).channel, 'MP');
    assert.equal(sessions.filter((s) => s.channel === 'MW').length, 1, 'of the tab alone');
    const [key, ...more] = await keys(page);
    assert.deepEqual(more, []);
    assert.deepEqual([key.type, key.extractable, key.usages], ['private', false, ['sign']]);
    assert.deepEqual(key.forms, ['InvalidAccessError', 'InvalidAccessError', 'InvalidAccessError']);
    const admin = await acme.admin();
    const rows = await admin.audit();
    assert.ok(rows.some((r) => r.act === 'session.refresh' && r.channel === 'MP' && r.result === 'ok'), 'the log says so');

    const refused = await page.evaluate(async ({ url, device }) => {
        const r = await fetch(url, {
            method: 'POST', headers: { 'Content-Type': 'application/json', 'X-Engawa': '1' },
            body: JSON.stringify({ device, time: Date.now(), signature: 'A'.repeat(86) }),
        });
        return [r.status, (await r.json()).error.code];
    }, { url: `/t/${acme.number}/device-session`, device: key.device });
    assert.deepEqual(refused, [401, 'session_ended']);

    // The cookie goes: the key begins the next session, and what is open stays open.
    await page.getByRole('link', { name: /大船店/ }).first().click();
    await page.locator('#composer').fill('書きかけの文');
    await page.context().clearCookies();
    await page.getByRole('button', { name: '送信', exact: true }).click();
    await page.locator('article', { hasText: '書きかけの文' }).waitFor();
    await page.reload();
    await page.locator('article', { hasText: '書きかけの文' }).waitFor();
    assert.equal((await asked(page, 'me')).channel, 'MP');
    assert.equal((await keys(page))[0].device, key.device, 'the same key');
    assert.equal((await asked(page, 'sessions')).sessions.filter((s) => s.channel === 'MP').length, 1);
    await page.goto(`${house.origin}/settings`);
    await page.getByText(/^インストールしたアプリ · /).waitFor();
    assert.equal(await page.getByText('アプリとして使う').count(), 0, 'nobody is asked to install what is installed');
    await page.goto(`${house.origin}/install`);
    await page.getByText('追加は済んでいます').waitFor();
    assert.deepEqual(page.faults, []);
    await page.context().close();
});

test('logged out, ended elsewhere, or with its key lost the app shows the log-in, and asks no more', STORY, async () => {
    const page = await app();
    const asks = [];
    page.on('request', (r) => asks.push(new URL(r.url()).pathname.replace(/^\/t\/\d+/, '')));
    const restful = async (what) => {
        await page.getByRole('heading', { name: 'ログイン' }).waitFor();
        asks.length = 0;
        await page.evaluate(() => new Promise((done) => setTimeout(done, 700)));
        assert.deepEqual(asks, [], what);
    };
    const enter = async () => {
        await page.locator('input').first().fill(`${mayu.login}@acme`);
        await page.locator('input[type=password]').fill(mayu.password);
        await page.keyboard.press('Enter');
        await page.getByRole('heading', { name: 'トーク', exact: true }).waitFor();
        await until('the key is there', async () => (await keys(page)).length === 1);
    };
    await enter();
    assert.equal((await (await acme.admin()).post(`/console/members/${mayu.id}/logout`)).status, 200);
    await page.getByText('ログインの有効期間が過ぎたか、').waitFor();
    await restful('ended elsewhere');
    await until('the key is gone', async () => (await keys(page)).length === 0);
    await accessible(page, 'the log-in of the app');
    await shot(page, 'app-ended-390');

    await enter();
    await page.evaluate(() => new Promise((done) => {
        indexedDB.deleteDatabase('engawa-device').onsuccess = done;
    }));
    await page.reload();
    await page.getByRole('heading', { name: 'トーク', exact: true }).waitFor();
    await page.context().clearCookies();
    await page.reload();
    await page.getByText('ログインの有効期間が過ぎたか、').waitFor();
    await restful('a lost key');

    await enter();
    await page.getByRole('link', { name: 'その他', exact: true }).click();
    await page.getByRole('button', { name: 'ログアウト', exact: true }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'ログアウト', exact: true }).click();
    await restful('logged out');
    assert.deepEqual(await keys(page), []);
    await page.reload();
    await restful('and opened anew');
    assert.deepEqual(page.faults, []);
    await page.context().close();
});

const IPHONE = 'Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.5 Mobile/15E148 Safari/604.1';

test('after the first minutes the list invites to install, once; the browser is asked where it has a question', STORY, async () => {
    const page = await phone({ agent: IPHONE });
    await page.clock.install();
    await home(page, satsuki);
    const card = page.getByRole('complementary', { name: 'アプリとして使う' });
    assert.equal(await card.count(), 0, 'not at once');
    await page.clock.runFor(4 * 60_000);
    await card.waitFor();
    await accessible(page, 'the invitation');
    await shot(page, 'install-card-390');
    await card.getByRole('link', { name: '追加のしかたを見る' }).click();
    await page.getByRole('heading', { name: 'ホーム画面に追加する' }).waitFor();
    await page.getByRole('link', { name: '設定に戻る' }).click();
    await page.getByRole('heading', { name: 'アプリとして使う' }).waitFor();
    await page.getByRole('link', { name: 'トーク' }).click();
    await card.getByRole('button', { name: '今後は表示しない' }).click();
    await until('it is gone and the focus is on a talk', async () => (await card.count()) === 0 && page.evaluate(() => document.activeElement?.classList.contains('row')));
    await page.reload();
    await page.getByRole('link', { name: /大船店/ }).first().waitFor();
    await page.clock.runFor(10 * 60_000);
    assert.equal(await card.count(), 0, 'for good');

    await page.goto(`${house.origin}/settings`);
    await page.evaluate(() => {
        const e = new Event('beforeinstallprompt', { cancelable: true });
        Object.assign(e, { prompt: async () => { globalThis.prompted = (globalThis.prompted ?? 0) + 1; }, userChoice: Promise.resolve({ outcome: 'accepted' }) });
        window.dispatchEvent(e);
        globalThis.kept = e.defaultPrevented;
    });
    const install = page.getByRole('button', { name: 'インストール', exact: true });
    await install.waitFor();
    assert.equal(await page.evaluate(() => globalThis.prompted ?? 0), 0, 'not by itself');
    await install.click();
    await until('the question is asked and nothing more is said', async () => (await install.count()) === 0);
    assert.deepEqual(await page.evaluate(() => [globalThis.kept, globalThis.prompted]), [true, 1]);
    assert.equal(await page.getByText('アプリとして使う').count(), 0);
    assert.deepEqual(page.faults, []);
    await page.context().close();
});

test('the steps are drawn for an iPhone and for others, in both languages and themes', STORY, async () => {
    const words = { ja: ['ホーム画面に追加する', '共有ボタン', '縦の点3つ', 'トーク'], en: ['Add to your home screen', 'share button', 'three dots', 'Talk'] };
    for (const [width, lang, dark, agent] of [[390, 'en', true, IPHONE], [390, 'en', false, undefined], [360, 'ja', false, IPHONE], [390, 'ja', true, undefined]]) {
        const page = await phone({ width, dark, agent, locale: lang === 'ja' ? 'ja-JP' : 'en-GB' });
        const [title, apple, other, list] = words[lang];
        await page.goto(house.origin);
        await page.getByRole('button', { name: lang === 'ja' ? '日本語' : 'English', exact: true }).click();
        await home(page, satsuki, list);
        await page.goto(`${house.origin}/install`);
        await page.getByRole('heading', { name: title }).waitFor();
        await page.getByText(agent ? apple : other).first().waitFor();
        assert.equal(await page.locator('.install-drawing').count(), agent ? 3 : 1);
        await accessible(page, `install ${width} ${lang}`);
        const name = `install-${agent ? 'apple' : 'other'}-${width}-${lang}${dark ? '-dark' : ''}`;
        await page.locator('.install-steps').screenshot({ path: path.join(shots, `${name}.png`) });
        await page.goto(`${house.origin}/settings`);
        await page.locator('#part-install').waitFor();
        await accessible(page, `${name}, settings`);
        assert.deepEqual(page.faults, []);
        await page.context().close();
    }
    const wide = await browser.page();
    await home(wide, satsuki);
    await wide.goto(`${house.origin}/install`);
    await wide.getByText('このブラウザーからは追加できません').waitFor();
    assert.deepEqual(wide.faults, []);
    await wide.context().close();
});

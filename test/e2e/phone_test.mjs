// Engawa as an app on a phone: a session that hangs on a key of the device, the invitation to install it,
// a swipe that answers, the edges of the screen, and words that another app hands over.
import fs from 'node:fs';
import path from 'node:path';
import { Browser, healthy, looks } from '../lib/browser.mjs';
import { House, ROOT, until } from '../lib/house.mjs';
import { openTenant } from '../lib/people.mjs';
import { after, assert, before, proves, test } from '../lib/test.mjs';

const shots = path.join(ROOT, 'build/e2e');
/* A browser with a profile of its own, many pages and pictures. */
const STORY = { timeout: 240_000 };
let house, browser, acme, mayu, satsuki, room;

const shot = (page, name) => page.screenshot({ path: path.join(shots, `${name}.png`) });

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
    satsuki = await acme.add('yanagi', { family: '柳', given: 'さつき', family_reading: 'やなぎ', given_reading: 'さつき' });
    room = await acme.room('大船店', mayu, satsuki);
    await satsuki.signIn();
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

test('with the apps stopped the open app closes and says why, keeps nothing, and goes on by its key when they are let go again', STORY, async () => {
    const page = await home(await app(), mayu);
    assert.equal((await asked(page, 'me')).channel, 'MP');
    await page.getByRole('link', { name: /大船店/ }).first().click();
    await page.locator('#composer').waitFor();
    const [key] = await keys(page);
    const vaults = () => page.evaluate(async () => (await indexedDB.databases()).filter((d) => /^engawa-\d+-\d+$/.test(d.name)).length);
    await until('something to be kept', async () => await vaults() === 1);
    const admin = await acme.admin();
    assert.equal((await admin.put(`/console/members/${mayu.id}/app`, { suspended: true })).status, 200);
    await page.getByText('アプリの利用が止められています。', { exact: false }).waitFor();   // nobody touched it
    assert.equal(await page.locator('#composer').count(), 0);
    await until('nothing to be kept', async () => await vaults() === 0);
    await healthy(page, 'stopped');
    await shot(page, 'phone-app-stopped');
    await page.reload();
    await page.getByText('アプリの利用が止められています。', { exact: false }).waitFor();
    assert.equal((await admin.put(`/console/members/${mayu.id}/app`, { suspended: false })).status, 200);
    await page.reload();
    await page.locator('#composer').waitFor();
    assert.equal((await asked(page, 'me')).channel, 'MP');
    assert.equal((await keys(page))[0].device, key.device);
    assert.deepEqual(page.faults, []);
    await page.context().close();
});

test('with the mobile app forbidden by a template the open app closes and says why, and goes on when it is allowed', STORY, async () => {
    const page = await home(await app(), mayu);
    assert.equal((await asked(page, 'me')).channel, 'MP');
    await page.getByRole('link', { name: /大船店/ }).first().click();
    await page.locator('#composer').waitFor();
    const admin = await acme.admin();
    const { id } = (await admin.post('/console/templates', { name: '社外', restricts: [{ key: 'template.mobile_app' }] })).json;
    assert.equal((await admin.put(`/console/members/${mayu.id}/template`, { template: id })).status, 200);
    const says = page.getByText('会社の設定により、このサービスはここでは利用できません。', { exact: false });
    await says.waitFor();                                 // nobody touched it
    assert.equal(await page.locator('#composer').count(), 0);
    await healthy(page, 'forbidden');
    await shot(page, 'phone-app-forbidden');
    assert.equal((await admin.put(`/console/members/${mayu.id}/template`, {})).status, 200);
    await page.reload();
    await page.locator('#composer').waitFor();
    assert.equal((await asked(page, 'me')).channel, 'MP');
    assert.deepEqual(page.faults, []);
    await page.context().close();
});

test('logged out, ended elsewhere, or with its key lost the app shows the log-in, and asks no more', STORY, async () => {
    const page = await app();
    await page.clock.install();
    await page.reload();
    const asks = [];
    page.on('request', (r) => asks.push(new URL(r.url()).pathname.replace(/^\/t\/\d+/, '')));
    const restful = async (what) => {
        await page.getByRole('heading', { name: 'ログイン' }).waitFor();
        asks.length = 0;
        await page.clock.runFor(4 * 60_000); // the page's clock is soon far from the server's, as that of a phone may be
        assert.deepEqual(asks, [], what);
    };
    const enter = async () => {
        await page.locator('input').first().fill(`${mayu.login}@acme`);
        await page.locator('input[type=password]').fill(mayu.password);
        await browser.submit(page, `${mayu.login}@acme`);
        await page.getByRole('heading', { name: 'トーク', exact: true }).waitFor();
        await until('the key is there', async () => (await keys(page)).length === 1);
    };
    await enter();
    assert.equal((await (await acme.admin()).post(`/console/members/${mayu.id}/logout`)).status, 200);
    await page.getByText('ログインの有効期間が過ぎたか、').waitFor();
    await restful('ended elsewhere');
    await until('the key is gone', async () => (await keys(page)).length === 0);
    await healthy(page, 'the log-in of the app');
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
    await page.clock.runFor(60_000);
    assert.equal(await card.count(), 0, 'nor after a minute');
    await until('the invitation', async () => {
        await page.clock.runFor(60_000);
        return (await card.count()) === 1;
    });
    await healthy(page, 'the invitation');
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
    for (const [width, lang, dark, agent] of looks([[390, 'en', true, IPHONE], [390, 'ja', true, undefined], [360, 'ja', false, IPHONE], [390, 'en', false, undefined]])) {
        const page = await phone({ width, dark, agent, locale: lang === 'ja' ? 'ja-JP' : 'en-GB' });
        const [title, apple, other, list] = words[lang];
        await page.goto(house.origin);
        await page.getByRole('button', { name: lang === 'ja' ? '日本語' : 'English', exact: true }).click();
        await home(page, satsuki, list);
        await page.goto(`${house.origin}/install`);
        await page.getByRole('heading', { name: title }).waitFor();
        await page.getByText(agent ? apple : other).first().waitFor();
        assert.equal(await page.locator('.install-drawing').count(), agent ? 3 : 1);
        await healthy(page, `install ${width} ${lang}`);
        const name = `install-${agent ? 'apple' : 'other'}-${width}-${lang}${dark ? '-dark' : ''}`;
        await page.locator('.install-steps').screenshot({ path: path.join(shots, `${name}.png`) });
        await page.goto(`${house.origin}/settings`);
        await page.locator('#part-install').waitFor();
        await healthy(page, `${name}, settings`);
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

/** A finger that goes from a place by so many steps; `held` is called before it is lifted. */
async function finger(page, from, to, held = async () => undefined) {
    const cdp = await page.context().newCDPSession(page);
    const touch = (type, point) => cdp.send('Input.dispatchTouchEvent', { type, touchPoints: point ? [point] : [] });
    const at = (part) => ({ x: from.x + (to.x - from.x) * part, y: from.y + (to.y - from.y) * part });
    await touch('touchStart', from);
    for (let i = 1; i <= 8; i++) await touch('touchMove', at(i / 8));
    await held();
    await touch('touchEnd');
    await cdp.detach();
}

/** The middle of what is seen of a message, once nothing scrolls: until then a list takes no touch. */
async function middle(page, text) {
    const bubble = page.locator('article .bubble', { hasText: text }).last();
    return until('the message to lie still', async () => {
        const box = await bubble.boundingBox();
        const p = box && { x: box.x + Math.min(box.width / 2, 100), y: box.y + box.height / 2 };
        return p && (await bubble.evaluate((e, { x, y }) => e.closest('article').contains(document.elementFromPoint(x, y)), p)) && p;
    });
}

/** After a finger let go the log glides on, whatever else scrolls it: until nothing has moved for half a second's frames. */
const glidden = (page) => page.locator('.log').evaluate((e) => new Promise((done) => {
    let still = 0, at = e.scrollTop;
    const look = () => {
        still = e.scrollTop === at ? still + 1 : 0;
        at = e.scrollTop;
        if (still === 30) done();
        else requestAnimationFrame(look);
    };
    look();
}));

test('a swipe to the right on a message answers it; no other movement does', STORY, async () => {
    for (let i = 0; i < 30; i++) await satsuki.say(room, `棚の${i + 1}段目を確認しました`);
    const page = await phone({ motion: true });
    await home(page, mayu);
    await page.getByRole('link', { name: /大船店/ }).first().click();
    const last = '棚の30段目';
    await page.locator('article', { hasText: last }).waitFor();
    await page.locator('#composer').fill('承知しました');
    await page.getByRole('button', { name: '送信', exact: true }).click();
    await page.locator('article:not(.pending)', { hasText: '承知しました' }).waitFor();
    await page.locator('#composer').blur();
    const reply = page.locator('.reply-bar');
    const by = (p, x, y = 0) => ({ x: p.x + x, y: p.y + y });
    const p = await middle(page, last);

    await finger(page, p, by(p, 50), async () => {
        const at = () => page.locator('article.swiping').evaluate((e) => [getComputedStyle(e.querySelector('.message-main')).transform, e.dataset.far ?? 'near']);
        await until('it to follow the thumb', async () => (await at())[0] === 'matrix(1, 0, 0, 1, 50, 0)');
        assert.equal((await at())[1], 'near');
        await shot(page, 'swipe-near-390');
    });
    assert.deepEqual([await reply.count(), await page.locator('.swiping').count()], [0, 0], 'not far enough');
    await finger(page, { ...p, x: 12 }, { ...p, x: 120 });
    assert.equal(await reply.count(), 0, 'the edge is the way back');
    await finger(page, p, by(p, -90));
    assert.equal(await reply.count(), 0, 'to the left');
    const top = () => page.locator('.log').evaluate((e) => e.scrollTop);
    const before = await top();
    await finger(page, p, by(p, 40, 260));
    await until('the log is scrolled', async () => (await top()) < before - 100);
    assert.deepEqual([await reply.count(), await page.getByRole('dialog').count()], [0, 0], 'up and down');
    await glidden(page);
    await page.locator('.log').evaluate((e) => e.scrollTo(0, e.scrollHeight));
    await until('the end', async () => (await top()) >= before - 2);

    const q = await middle(page, last);
    await finger(page, q, by(q, 90), async () => {
        assert.equal(await page.locator('article.swiping').getAttribute('data-far'), '');
        const sign = await page.locator('.swipe-sign').boundingBox();
        assert.ok(sign.x >= 0 && sign.x + sign.width <= 390, 'the arrow is seen');
        await shot(page, 'swipe-far-390');
    });
    await reply.getByText(last).waitFor();
    assert.equal(await page.evaluate(() => document.activeElement?.id), 'composer');
    await page.locator('#composer').fill('ありがとうございます');
    await page.getByRole('button', { name: '送信', exact: true }).click();
    await page.locator('article:not(.pending)', { hasText: 'ありがとうございます' }).waitFor();
    const { messages } = await asked(page, `rooms/${room}/messages?limit=50`);
    const [asks, says] = [last, 'ありがとうございます'].map((text) => messages.find((m) => m.text?.includes(text)));
    assert.equal(says.reply, asks.seq);

    // The finger that rests opens the menu, and while messages are chosen a swipe does nothing.
    const own = await middle(page, '承知しました');
    await finger(page, own, by(own, 90), async () => shot(page, 'swipe-own-390'));
    await reply.getByText('承知しました').waitFor();
    await page.getByRole('button', { name: '返信をやめる' }).click();
    await page.locator('#composer').blur();
    const rest = await middle(page, '承知しました');
    await finger(page, rest, rest, async () => page.getByRole('dialog').waitFor());
    await page.getByRole('dialog').getByRole('button', { name: '選択', exact: false }).first().click();
    await page.locator('article.choosing').first().waitFor();
    const chosen = await middle(page, '棚の22段目'); // the rows have become higher
    await finger(page, chosen, by(chosen, 90), async () => assert.equal(await page.locator('.swiping').count(), 0));
    assert.equal(await reply.count(), 0);
    assert.deepEqual(page.faults, []);
    await page.context().close();

    const calm = await phone({ dark: true, width: 360 });
    await home(calm, mayu);
    await calm.getByRole('link', { name: /大船店/ }).first().click();
    await calm.locator('article', { hasText: '棚の29段目' }).waitFor();
    const c = await middle(calm, '棚の29段目');
    await finger(calm, c, by(c, 90), async () => {
        assert.equal(await calm.locator('article.swiping .message-main').evaluate((e) => getComputedStyle(e).transform), 'none', 'nothing moves where that is not wanted');
        const sign = await calm.locator('.swipe-sign').boundingBox();
        assert.ok(sign.x >= 0 && sign.x + sign.width <= 360);
        await shot(calm, 'swipe-calm-360-dark');
    });
    await calm.locator('.reply-bar').waitFor();
    await healthy(calm, 'a reply that was swiped');
    assert.deepEqual(calm.faults, []);
    await calm.context().close();
});

test('the field stays in view above the keyboard, and nothing lies under the edges of the screen', STORY, async () => {
    const page = await phone();
    await home(page, mayu);
    const cdp = await page.context().newCDPSession(page);
    const insets = (on) => cdp.send('Emulation.setSafeAreaInsetsOverride', { insets: on ? { top: 47, topMax: 47, bottom: 34, bottomMax: 34, left: 0, right: 0 } : {} });
    await insets(true);
    const bottom = async (what) => {
        const box = await page.locator(what).boundingBox();
        return Math.round(box.y + box.height);
    };
    await until('the bar keeps clear of the edge', async () => (await bottom('.rail-entry[aria-current]')) <= 844 - 34);
    assert.ok((await page.locator('h1').boundingBox()).y >= 47);
    await page.getByRole('link', { name: /大船店/ }).first().click();
    await page.locator('#composer').waitFor();
    assert.ok((await bottom('#composer')) <= 844 - 34, 'and so does the field');
    await shot(page, 'safe-area-390');

    // Android: the page becomes smaller.
    await insets(false);
    await page.locator('#composer').focus();
    await page.setViewportSize({ width: 390, height: 480 });
    await until('the field above the keyboard', async () => (await bottom('#composer')) <= 480 && (await bottom('#composer')) > 400);
    await page.setViewportSize({ width: 390, height: 844 });

    // iOS: the keyboard covers a part of it.
    await insets(true);
    const keyboard = (height) => page.evaluate((h) => {
        Object.defineProperty(window.visualViewport, 'height', { configurable: true, get: () => h });
        window.visualViewport.dispatchEvent(new Event('resize'));
    }, height);
    await keyboard(500);
    await until('the field above the keyboard', async () => (await bottom('#composer')) <= 500 && (await bottom('#composer')) > 480);
    await page.getByRole('button', { name: '戻る' }).click();
    await until('the bar makes room', async () => !(await page.locator('.rail').isVisible()));
    await keyboard(844);
    await page.locator('.rail').waitFor();
    assert.deepEqual(page.faults, []);
    await page.context().close();
});

const HOSTILE = '<img src=x onerror="globalThis.hit=1"><script>globalThis.hit=1</script>';

test('words of another app wait for the log-in, go into the chosen talk as a draft, and nothing is sent by itself', STORY, async () => {
    await mayu.signIn();
    const direct = (await mayu.post('/rooms', { kind: 'direct', members: [satsuki.id] })).json.id;
    const count = async () => (await mayu.get(`/rooms/${direct}/messages?limit=50`)).json.messages.length;
    const before = await count();
    const page = await phone();
    const words = new URLSearchParams({ title: '献立', text: HOSTILE, url: 'javascript:alert(1)' });
    await page.goto(`${house.origin}/share?${words}`);
    await page.getByRole('heading', { name: 'ログイン' }).waitFor();
    await page.locator('input').first().fill(`${mayu.login}@acme`);
    await page.locator('input[type=password]').fill(mayu.password);
    await browser.submit(page, `${mayu.login}@acme`);
    await page.getByRole('heading', { name: 'トークに共有' }).waitFor();
    const shared = `献立\n${HOSTILE}\njavascript:alert(1)`;
    assert.equal(await page.locator('.share-words').textContent(), shared);
    assert.equal(await page.locator('.share-words *').count(), 0, 'text alone');
    assert.match(await page.locator('.share-rooms li').first().textContent(), /大船店/, 'the talk used last comes first');
    await page.getByRole('searchbox', { name: '名前・読みで探す' }).fill('やなぎ');
    await until('the talk of two alone', async () => (await page.locator('.share-rooms li').count()) === 1);
    await page.locator('.share-rooms').getByRole('button', { name: '柳 さつき' }).click();
    await until('it is the draft', async () => (await page.locator('#composer').inputValue()) === shared);
    await page.getByText('下書きに入れました').waitFor();
    assert.equal(await page.evaluate(() => globalThis.hit), undefined);
    assert.equal(await page.evaluate(() => location.search), '');
    assert.equal(await count(), before, 'nothing was sent');

    // What was being written there stays above it; going back leads to no second share.
    await page.locator('#composer').fill('先に書いた文');
    await until('it is kept', async () => (await mayu.get('/drafts')).json.drafts.some((d) => d.text === '先に書いた文'));
    await page.goto(`${house.origin}/share?${new URLSearchParams({ text: 'あとから' })}`);
    await page.locator('.share-rooms').getByRole('button', { name: '柳 さつき' }).click();
    await until('both', async () => (await page.locator('#composer').inputValue()) === '先に書いた文\nあとから');
    assert.equal(await count(), before);
    await page.goto(`${house.origin}/share`);
    await page.getByText('共有された内容がありません').waitFor();
    await page.getByRole('button', { name: 'トークを開く' }).click();
    await page.getByRole('heading', { name: 'トーク', exact: true }).waitFor();
    assert.deepEqual(page.faults, []);
    await page.context().close();
});

test('the page that takes them reads well in both languages and themes', STORY, async () => {
    const words = new URLSearchParams({ title: '12月の単価表', text: '強力粉 25 kg の単価が変わります。', url: 'https://shiomi.example/prices/2026-12' });
    for (const [width, lang, dark] of looks([[390, 'en', true], [1280, 'ja', false], [360, 'ja', true]])) {
        const page = await browser.page({ width, height: 844, dark, locale: lang === 'ja' ? 'ja-JP' : 'en-GB' });
        await page.goto(`${house.origin}/share?${words}`);
        await page.getByRole('button', { name: lang === 'ja' ? '日本語' : 'English', exact: true }).click();
        await page.locator('input').first().fill(`${mayu.login}@acme`);
        await page.locator('input[type=password]').fill(mayu.password);
        await browser.submit(page, `${mayu.login}@acme`);
        await page.getByRole('heading', { name: lang === 'ja' ? 'トークに共有' : 'Share to a talk' }).waitFor();
        await page.locator('.share-rooms li').first().waitFor();
        const name = `share-${width}-${lang}${dark ? '-dark' : ''}`;
        await healthy(page, name);
        await shot(page, name);
        assert.deepEqual(page.faults, []);
        await page.context().close();
    }
});

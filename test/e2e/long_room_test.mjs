// A long room: read to its beginning and back without a jump, a gap or a double; a message by its address; many rooms.
import fs from 'node:fs';
import path from 'node:path';
import { Browser, healthy, turn } from '../lib/browser.mjs';
import { House, ROOT, until } from '../lib/house.mjs';
import { newKey } from '../lib/people.mjs';
import { after, assert, before, test } from '../lib/test.mjs';

const PASSWORD = 'engawa no hidamari';
const MANY = 2_000;
const MOST = 90;                                          // articles that may stand in the page at once
const AFTER = 50;                                         // frames that are watched behind a page: rows that are far away go then
const STILL = 2;                                          // px
const shots = path.join(ROOT, 'build/e2e');
let house, browser, room, mayu, satsuki;

const article = (page, n) => page.locator(`article[aria-posinset="${n}"]`);
const shot = (page, name) => page.screenshot({ path: path.join(shots, `${name}.png`) });
const text = (i) => `連絡 ${i}${' 冷蔵庫2番の温度を見てください。'.repeat(i % 7)}${i % 11 === 0 ? '\n二行目です。' : ''}`;

async function fill(to, n) {
    let sent = Date.now() - 20 * 86_400_000;
    for (let i = 1; i <= n; i += 100) {
        const messages = [];
        for (let k = i; k < i + 100 && k <= n; k++)
            messages.push({ key: newKey(), sender: k % 7 < 4 ? mayu.id : satsuki.id, kind: 'text', text: text(k), sent: sent += k % 40 < 20 ? 20_000 : 400_000 });
        await house.op('talk.import', { room: to, messages }, 'hiyodori');
    }
}

before(async () => {
    fs.mkdirSync(shots, { recursive: true });
    house = await House.start();
    await house.op('tenant.open', {
        workgroup: 'hiyodori', company: '株式会社ひよどり製パン',
        admin: { login: 'kashiwagi', family: '柏木', given: '修一', password: PASSWORD },
    });
    const add = (login, family, given) => house.op('member.add', { login, family, given, password: PASSWORD }, 'hiyodori');
    mayu = await add('morishita', '森下', '真由');
    satsuki = await add('yanagi', '柳', 'さつき');
    room = await house.op('room.add', { name: '大船店', members: [mayu.id, satsuki.id] }, 'hiyodori');
    await fill(room.id, MANY);
    browser = await Browser.start(house);
});
after(async () => {
    await browser?.stop();
    await house?.remove();
});

async function openRoom(page) {
    await browser.signIn(page, 'morishita@hiyodori', PASSWORD);
    await page.getByRole('link', { name: /大船店/ }).click();
    await page.locator('article').first().waitFor();
}

/** What stands in the page: numbers in their order, each with its own text. */
async function standing(page, seen) {
    await page.evaluate(() => new Promise((r) => { requestAnimationFrame(() => requestAnimationFrame(r)); }));
    const found = await page.evaluate(() => [...document.querySelectorAll('.log article')].map((a) => [Number(a.getAttribute('aria-posinset')), a.querySelector('.bubble-text').textContent]));
    assert.ok(found.length <= MOST, `${found.length} bubbles in the page`);
    // the row of the tab stop is kept in the page, wherever the others are
    const walk = found.filter(([n], i) => found.some(([m], k) => k !== i && Math.abs(m - n) === 1));
    assert.ok(found.length - walk.length <= 1, `apart: ${found.map(([n]) => n)}`);
    walk.forEach(([n, said], i) => {
        assert.equal(said, text(n), `message ${n}`);
        if (i > 0)
            assert.equal(n, walk[i - 1][0] + 1, 'no gap, no double');
        seen?.add(n);
    });
    return found;
}

/** Holds back the pages that are asked for, until `land` lets one in. */
async function gate(page, what) {
    const held = [];
    await page.route((url) => url.pathname.endsWith('/messages') && url.searchParams.has(what), (route) => held.push(route));
    return held;
}

/** Scrolls until a page is asked for, then lets it in: how far what stands in view moved meanwhile, in any frame. */
async function land(page, held, step) {
    await until('a page to be asked for', async () => {
        if (held.length === 0)
            await turn(page, step);
        return held.length > 0;
    });
    await page.evaluate(async () => {
        const log = document.querySelector('.log');
        const frame = () => new Promise((r) => { requestAnimationFrame(r); });
        for (let same = 0, was = -1; same < 6; was = log.scrollTop, await frame())
            same = log.scrollTop === was ? same + 1 : 0;
        const box = log.getBoundingClientRect();
        const seen = [...log.querySelectorAll('article')].map((a) => [a, a.getBoundingClientRect()]).filter(([, r]) => r.top >= box.top && r.bottom <= box.bottom);
        const tops = new Map(seen.map(([a, r]) => [a.getAttribute('aria-posinset'), r.top]));
        const state = { moved: 0, seen: tops.size, frames: 0, on: true, lost: 0, tallest: 0, shrunk: 0 };
        globalThis.probe = state;
        const look = () => {
            for (const [n, top] of tops) {
                const a = log.querySelector(`article[aria-posinset="${n}"]`);
                if (a) state.moved = Math.max(state.moved, Math.abs(a.getBoundingClientRect().top - top));
                else state.lost += 1;
            }
            state.frames += 1;
            state.tallest = Math.max(state.tallest, log.scrollHeight);
            state.shrunk = Math.max(state.shrunk, state.tallest - log.scrollHeight);
            if (state.on) requestAnimationFrame(look);
        };
        look();
    });
    const route = held.shift();
    const answered = page.waitForResponse((r) => r.url() === route.request().url());
    await route.continue();
    await (await answered).finished();
    await page.locator('.older, .later').waitFor({ state: 'detached' });
    return page.evaluate(async (AFTER) => {
        const at = globalThis.probe.frames;
        while (globalThis.probe.frames < at + AFTER) await new Promise((r) => { requestAnimationFrame(r); });
        globalThis.probe.on = false;
        return globalThis.probe;
    }, AFTER);
}

for (const width of [1280, 390])
    test(`what stands in view stays where it is while pages come and go, ${width} px`, { timeout: 180_000 }, async () => {
        const page = await browser.page({ width, height: width < 768 ? 844 : 800 });
        await openRoom(page);
        await article(page, MANY).waitFor();
        await page.locator('.log').hover();
        const moved = [], shrunk = { older: 0, later: 0 };
        const older = await gate(page, 'before');
        for (let i = 0; i < 14; i++) {
            const found = await land(page, older, -900);
            assert.ok(found.seen > 1 && found.lost === 0, JSON.stringify(found));
            moved.push(found.moved);
            shrunk.older += found.shrunk > 3_000;
        }
        await standing(page);
        await page.unrouteAll({ behavior: 'ignoreErrors' });
        const later = await gate(page, 'after');
        for (let i = 0; i < 3; i++) {
            const found = await land(page, later, 6_000);
            assert.ok(found.seen > 1 && found.lost === 0, JSON.stringify(found));
            moved.push(found.moved);
            shrunk.later += found.shrunk > 3_000;
        }
        await standing(page);
        assert.ok(shrunk.older > 0 && shrunk.later > 0, 'rows were dropped at both ends');
        assert.ok(Math.max(...moved) <= STILL, `moved by ${moved.map((m) => m.toFixed(1)).join(' ')} px`);
        assert.deepEqual(page.faults, []);
        await page.context().close();
    });

test('a long room is read to its beginning and back to its end: everything once, in its order, with few bubbles in the page', { timeout: 240_000 }, async () => {
    const page = await browser.page();
    await openRoom(page);
    await page.locator('.log').hover();
    const up = new Set(), down = new Set();
    const missing = (seen) => Array.from({ length: MANY }, (_, i) => i + 1).filter((n) => !seen.has(n));
    await standing(page, up);
    while (!up.has(1)) {                                  // the test's own deadline ends it
        await turn(page, -450);
        await standing(page, up);
    }
    assert.deepEqual(missing(up), []);
    await standing(page, down);
    while (!down.has(MANY)) {
        await turn(page, 450);
        await standing(page, down);
    }
    assert.deepEqual(missing(down), []);
    assert.deepEqual(page.faults, []);
    await page.context().close();
});

test('a message has an address: it opens there, on reload and on the way back and forward, and the way to the newest stays open', { timeout: 180_000 }, async () => {
    const page = await browser.page();
    await page.context().grantPermissions(['clipboard-read', 'clipboard-write'], { origin: house.origin });
    await openRoom(page);
    await article(page, MANY).waitFor();
    await article(page, MANY - 3).getByRole('button', { name: 'メッセージのメニュー' }).click({ force: true });
    await page.getByRole('dialog').getByRole('button', { name: 'リンクをコピー' }).click();
    await page.getByText('リンクをコピーしました').waitFor();
    const live = page.url();
    assert.equal(await page.evaluate(() => navigator.clipboard.readText()), `${live}/${MANY - 3}`);

    const inView = async (n) => {
        await page.locator(`article.flash[aria-posinset="${n}"]`).waitFor();
        await until(`message ${n} in the middle`, () => page.evaluate((k) => {
            const box = document.querySelector('.log').getBoundingClientRect(), r = document.querySelector(`article[aria-posinset="${k}"]`)?.getBoundingClientRect();
            return r !== undefined && r.top > box.top && r.bottom < box.bottom;
        }, n));
        await article(page, n).and(page.locator(':not(.flash)')).waitFor();
        await standing(page);
    };
    await page.goto(`${live}/700`);
    await inView(700);
    await shot(page, 'long-room-address-1280');
    await page.reload();
    await inView(700);
    await healthy(page, 'a message by its address');

    // What arrives meanwhile is only counted, and is not read.
    const top = () => article(page, 700).evaluate((a) => a.getBoundingClientRect().top);
    const before = await top();
    const other = await browser.page({ width: 390, height: 844 });
    await browser.signIn(other, 'yanagi@hiyodori', PASSWORD);
    await other.getByRole('link', { name: /大船店/ }).click();
    for (const said of ['ただいまのお知らせ', 'もうひとつ']) {
        await other.locator('#composer').fill(said);
        await other.getByRole('button', { name: '送信', exact: true }).click();
    }
    await page.locator('.jump-new', { hasText: '新着 2件' }).waitFor();
    assert.ok(Math.abs(await top() - before) <= STILL);
    assert.equal(await page.getByRole('article').filter({ hasText: 'ただいまのお知らせ' }).count(), 0);
    await page.locator('.jump-new').click();
    await page.locator('article', { hasText: 'もうひとつ' }).waitFor();
    assert.equal(page.url(), live);
    await other.locator('.read-count').first().waitFor();
    await page.goBack();
    await inView(700);
    await page.goForward();
    await page.locator('article', { hasText: 'もうひとつ' }).waitFor();

    // Own words are written at the end, wherever one reads.
    await page.goBack();
    await inView(700);
    await page.locator('#composer').fill('700番、確認しました');
    await page.keyboard.press('Enter');
    await page.locator('article.mine', { hasText: '700番、確認しました' }).locator('time').waitFor();
    assert.equal(page.url(), live);

    // An address that stands in a message is followed in the room, as often as one likes.
    await page.locator('#composer').fill(`${live}/456 を見てください`);
    await page.keyboard.press('Enter');
    for (let i = 0; i < 2; i++) {
        await page.locator('article.mine a', { hasText: '/456' }).click();
        await inView(456);
        assert.equal(page.url(), `${live}/456`);
        await page.goBack();
    }

    // A hit leads to its message, however far up it stands.
    await page.locator('#room-search').fill('連絡 123');
    await page.locator('.hit', { hasText: /連絡 123(?!\d)/ }).first().click();
    await page.getByRole('dialog').getByRole('button', { name: 'トークを開く' }).click();
    await inView(123);
    assert.equal(page.url(), `${live}/123?${new URLSearchParams({ q: '連絡 123' })}`, 'what was looked for stays in the address');

    // What is not there is said calmly, and the room stays usable; a room one may not see is not found.
    await page.goto(`${live}/999999`);
    await page.getByText('このメッセージは表示できません。削除されたか、見る権限がありません。').waitFor();
    await page.locator('article', { hasText: '700番、確認しました' }).waitFor();
    await healthy(page, 'a message that is not there');
    await shot(page, 'long-room-missing-1280');
    await page.locator('.lost').getByRole('button', { name: '閉じる' }).click();
    await page.locator('.lost').waitFor({ state: 'detached' });
    await page.goto(`${live.replace(/\d+$/, '123456789')}/5`);
    await page.getByText('見つかりませんでした').first().waitFor();
    assert.deepEqual(page.faults, []);
    await other.context().close();
    await page.context().close();
});

test('messages are chosen by keyboard, copied as text, forwarded in their order and deleted for oneself', { timeout: 120_000 }, async () => {
    const page = await browser.page();
    await page.context().grantPermissions(['clipboard-read', 'clipboard-write'], { origin: house.origin });
    const to = await house.op('room.add', { name: '控え', members: [mayu.id, satsuki.id] }, 'hiyodori');
    const from = await house.op('room.add', { name: '伝言板', members: [mayu.id, satsuki.id] }, 'hiyodori');
    await browser.signIn(page, 'morishita@hiyodori', PASSWORD);
    await page.getByRole('link', { name: /伝言板/ }).click();
    const say = async (said) => {
        await page.locator('#composer').fill(said);
        await page.keyboard.press('Enter');
        await page.locator('article.mine', { hasText: said }).locator('.bubble').waitFor();
    };
    for (const said of ['一つめ', '二つめ', '三つめ', '四つめ'])
        await say(said);
    const one = (said) => page.locator('article', { hasText: said });
    await one('四つめ').locator('time').waitFor();
    await one('三つめ').getByRole('button', { name: 'メッセージのメニュー' }).click({ force: true });
    await page.getByRole('dialog').getByRole('button', { name: '選択', exact: true }).click();
    await page.getByText('1件を選択中').waitFor();
    await page.locator('article:focus', { hasText: '三つめ' }).waitFor();
    await page.keyboard.press('ArrowUp');
    await page.locator('article:focus', { hasText: '二つめ' }).waitFor();
    await page.keyboard.press('ArrowUp');
    await page.locator('article:focus', { hasText: '一つめ' }).waitFor();
    await page.keyboard.press('Space');
    await page.getByText('2件を選択中').waitFor();
    assert.equal(await one('一つめ').getByRole('checkbox').isChecked(), true);
    assert.equal(await one('二つめ').getByRole('checkbox').isChecked(), false);
    assert.equal(await page.locator('#composer').isVisible(), false);
    await healthy(page, 'choosing');
    await shot(page, 'long-room-choosing-1280');

    await page.getByRole('toolbar').getByRole('button', { name: 'コピー' }).click();
    await page.getByText('2件をコピーしました').waitFor();
    const lines = (await page.evaluate(() => navigator.clipboard.readText())).split('\n');
    assert.deepEqual(lines.map((l) => l.replace(/\d{4}\/\d+\/\d+ \d+:\d\d/, 'T')), ['森下 真由 T 一つめ', '森下 真由 T 三つめ']);
    await page.locator('#composer').waitFor();

    // Escape ends the question first, then the choice.
    const choose = async (...said) => {
        await one(said[0]).getByRole('button', { name: 'メッセージのメニュー' }).click({ force: true });
        await page.getByRole('dialog').getByRole('button', { name: '選択', exact: true }).click();
        for (const more of said.slice(1))
            await one(more).locator('.bubble').click({ force: true });
        await page.getByText(`${said.length}件を選択中`).waitFor();
    };
    await choose('四つめ', '二つめ', '三つめ');
    await page.getByRole('toolbar').getByRole('button', { name: '自分の画面から削除' }).click();
    await page.getByRole('dialog').waitFor();
    await page.keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    await page.getByText('3件を選択中').waitFor();

    await page.getByRole('toolbar').getByRole('button', { name: '転送' }).click();
    await healthy(page, 'where to');
    await page.getByRole('dialog').getByRole('button', { name: '控え' }).click();
    await page.getByText('3件を転送しました').waitFor();
    await page.getByRole('toolbar').waitFor({ state: 'detached' });
    await page.getByRole('link', { name: /控え/ }).click();
    await one('四つめ').waitFor();
    assert.deepEqual(await page.locator('article .bubble-text').allTextContents(), ['二つめ', '三つめ', '四つめ']);

    await page.getByRole('link', { name: /伝言板/ }).click();
    await one('一つめ').waitFor();
    await choose('一つめ', '四つめ');
    await page.keyboard.press('Escape');
    await page.getByRole('toolbar').waitFor({ state: 'detached' });
    assert.equal(await page.getByRole('checkbox').count(), 0);
    await choose('一つめ', '四つめ');
    await page.getByRole('toolbar').getByRole('button', { name: '自分の画面から削除' }).click();
    await page.getByRole('dialog').getByRole('button', { name: '2件を削除' }).click();
    await page.getByText('2件を削除しました').waitFor();
    assert.deepEqual(await page.locator('article .bubble-text').allTextContents(), ['二つめ', '三つめ']);

    const phone = await browser.page({ width: 360, height: 780, dark: true });
    await browser.signIn(phone, 'yanagi@hiyodori', PASSWORD);
    await phone.getByRole('link', { name: /伝言板/ }).click();
    await phone.locator('article', { hasText: '四つめ' }).getByRole('button', { name: 'メッセージのメニュー' }).click({ force: true });
    await phone.getByRole('dialog').getByRole('button', { name: '選択', exact: true }).click();
    await phone.locator('article', { hasText: '一つめ' }).locator('.bubble').tap({ force: true });
    await phone.getByText('2件を選択中').waitFor();
    for (const target of await phone.locator('.choose, .chosen-bar button').all()) {
        const box = await target.boundingBox();
        assert.ok(box.width >= 44 && box.height >= 44, `${await target.textContent()} ${JSON.stringify(box)}`);
    }
    await healthy(phone, 'choosing on the phone');
    await shot(phone, 'long-room-choosing-360-dark');
    assert.deepEqual([...page.faults, ...phone.faults], []);
    assert.ok(from.id && to.id);
    await page.context().close();
    await phone.context().close();
});

test('a thousand rooms: only those in sight are drawn, and all of them are found', { timeout: 180_000 }, async () => {
    await house.op('member.add', { login: 'kousaka', family: '香坂', given: '由紀子', password: PASSWORD }, 'hiyodori').then(async (m) => {
        for (let i = 1; i <= 1_000; i++)
            await house.op('room.add', { name: `現場 ${i}`, members: [m.id, satsuki.id] }, 'hiyodori');
    });
    const page = await browser.page();
    await browser.signIn(page, 'kousaka@hiyodori', PASSWORD);
    await page.locator('.row').first().waitFor();
    await page.addInitScript(() => {
        globalThis.long = [];
        new PerformanceObserver((l) => globalThis.long.push(...l.getEntries().map((e) => Math.round(e.duration)))).observe({ type: 'longtask', buffered: true });
    });
    await page.reload();
    await page.locator('.row').first().waitFor();
    assert.ok(await page.locator('.row').count() < 40);
    const long = await page.evaluate(() => globalThis.long);
    console.log(`a thousand rooms: the page was held up for ${long.join(' ')} ms`); // a figure: a free machine has none above 50
    const names = new Set();
    await page.locator('.rows').hover();
    while (names.size < 1_000) {                           // the test's own deadline ends it
        for (const name of await page.locator('.row-name').allTextContents())
            names.add(name);
        assert.ok(await page.locator('.row').count() < 40);
        await turn(page, 500);
    }
    await healthy(page, 'a thousand rooms');
    await page.locator('#room-search').fill('現場 777');
    await page.getByRole('link', { name: '現場 777' }).click();
    await page.getByRole('heading', { name: '現場 777' }).waitFor();
    assert.deepEqual(page.faults, []);
    await page.context().close();
});

// A room opens where one left off, and is read only as far as it was seen; a thread beside it does all that a room does.
import fs from 'node:fs';
import path from 'node:path';
import { Browser, healthy } from '../lib/browser.mjs';
import { House, ROOT, until } from '../lib/house.mjs';
import { newKey, openTenant } from '../lib/people.mjs';
import { after, assert, before, test } from '../lib/test.mjs';

const shots = path.join(ROOT, 'build/e2e');
let house, acme, mayu, satsuki, browser;

const article = (page, text) => page.locator('article', { hasText: text });
const shot = (page, name) => page.screenshot({ path: path.join(shots, `${name}.png`) });
const focused = (locator, what) => until(`${what} to have the focus`, () => locator.evaluate((e) => e === document.activeElement));

before(async () => {
    fs.mkdirSync(shots, { recursive: true });
    house = await House.start();
    acme = await openTenant(house, 'acme');
    const add = (login, family, given, language) => acme.add(login, { family, given, language });
    mayu = await add('morishita', '森下', '真由', 'ja');
    satsuki = await add('yanagi', '柳', 'さつき', 'en');
    browser = await Browser.start(house);
});
after(async () => {
    await browser?.stop();
    await house?.remove();
});

async function at(person, room, look) {
    const page = await browser.page(look);
    await browser.signIn(page, `${person.login}@acme`, person.password);
    await page.locator('.row').first().waitFor();
    if (room) {
        await page.goto(`${house.origin}/t/${acme.number}/app/talk/${room}`);
        await page.locator('#composer').waitFor();
    }
    return page;
}

/** A room in which satsuki has said n things; mayu has read the first `read` of them: what is brought in from elsewhere is read. */
async function told(name, n, read) {
    const room = await acme.room(name, mayu, satsuki);
    const messages = Array.from({ length: read }, (_, i) => ({ key: newKey(), sender: satsuki.id, kind: 'text', text: `連絡 ${i + 1}`, sent: Date.now() - 86_400_000 + i * 60_000 }));
    await house.op('talk.import', { room, messages }, 'acme');
    for (let i = read + 1; i <= n; i++)
        assert.equal((await satsuki.say(room, `連絡 ${i}`)).status, 200);
    const first = (await mayu.get(`/rooms/${room}/messages?limit=1`)).json.messages[0].seq - n;
    return { room, first };
}
const readOf = async (room) => (await mayu.get('/rooms')).json.rooms.find((r) => r.id === room).read_seq;

/** How far from the top of the log the line stands, as a part of the log's height. */
const lineAt = (page) => page.evaluate(() => {
    const log = document.querySelector('.log').getBoundingClientRect(), line = document.querySelector('.unread-line')?.getBoundingClientRect();
    return line ? (line.top - log.top) / log.height : -1;
});

for (const [width, height] of [[1280, 800], [390, 844]])
    test(`a room opens at the first unread message, a quarter from the top, in the newest page and far above it, ${width} px`, { timeout: 120_000 }, async () => {
        await Promise.all([mayu, satsuki].map((p) => p.signIn()));
        const near = await told(`近い ${width}`, 100, 60), far = await told(`遠い ${width}`, 200, 80), few = await told(`少し ${width}`, 60, 58);
        const page = await at(mayu, null, { width, height });
        for (const [name, { room, first }, read] of [[`遠い ${width}`, far, 80], [`近い ${width}`, near, 60]]) {
            if (width < 768 && await page.locator('.room-pane').isVisible())
                await page.getByRole('button', { name: '戻る' }).click();
            await page.getByRole('link', { name: new RegExp(name) }).click();
            await page.locator('.unread-line').waitFor();
            await until('the line a quarter from the top', async () => Math.abs(await lineAt(page) - 0.25) < 0.03);
            await page.locator(`article[aria-label*="連絡 ${read + 1}"]`).first().waitFor();
            await page.getByRole('button', { name: /^最新へ、未読 \d+件$/ }).waitFor();
            await shot(page, `unread-${name.slice(0, 2) === '遠い' ? 'far' : 'near'}-${width}`);
            await healthy(page, name);
            await until('what was seen to be read', async () => (await readOf(room)) > first + read);
            const seen = await readOf(room);
            const last = first + (name.startsWith('遠い') ? 200 : 100);
            assert.ok(seen < last - 5, `${seen} of ${last}: what was not seen is not read`);
            assert.ok(Math.abs(await lineAt(page) - 0.25) < 0.03, 'reading moves nothing');
            await page.getByRole('button', { name: /^最新へ、未読 \d+件$/ }).click();
            await until('all to be read', async () => (await readOf(room)) === last);
            await article(page, name.startsWith('遠い') ? '連絡 200' : '連絡 100').waitFor();
        }
        if (width < 768)
            await page.getByRole('button', { name: '戻る' }).click();
        await page.getByRole('link', { name: new RegExp(`少し ${width}`) }).click();
        await page.locator('.unread-line').waitFor();
        await until('the end in view', () => page.evaluate(() => {
            const log = document.querySelector('.log');
            return log.scrollHeight - log.scrollTop - log.clientHeight < 4;
        }));
        await until('all to be read', async () => (await readOf(few.room)) === few.first + 60);
        assert.deepEqual(page.faults, []);
        await page.context().close();
    });

test('in a thread a message is marked, changed, forwarded and taken back; the field has the focus, and it goes back; all by keys', { timeout: 120_000 }, async () => {
    await mayu.signIn();
    const room = await acme.room('大船店', mayu, satsuki), other = await acme.room('店長会', mayu, satsuki);
    const desk = await at(mayu, room);
    const phone = await at(satsuki, room, { width: 390, height: 844 });
    await desk.locator('#composer').fill('冷蔵庫2番の件です');
    await desk.keyboard.press('Enter');
    await article(desk, '冷蔵庫2番の件').locator('time').waitFor();
    await article(desk, '冷蔵庫2番の件').focus();
    await desk.keyboard.press('Enter');
    await desk.getByRole('dialog').getByRole('button', { name: 'スレッドで返信' }).click();
    const field = desk.getByRole('textbox', { name: 'スレッドに返信' });
    await focused(field, 'the field of the thread');
    await desk.keyboard.type('業者を呼びます');
    await desk.keyboard.press('Enter');
    const entry = desk.locator('.thread-entry', { hasText: '業者' });
    await entry.locator('time').waitFor();
    await focused(field, 'the field, still');

    for (let i = 0; i < 3; i++) await desk.keyboard.press('Shift+Tab');   // over the way to files and the menu of the message
    await focused(entry, 'the last message of the thread');
    await desk.keyboard.press('ArrowUp');
    await focused(desk.locator('.thread-entry', { hasText: '冷蔵庫2番' }), 'the message above');
    await desk.keyboard.press('End');
    await focused(entry, 'the last message');
    await desk.keyboard.press('Enter');
    const menu = desk.getByRole('dialog');
    await menu.getByRole('button', { name: 'いいね' }).waitFor();
    await shot(desk, 'thread-menu-1280-ja');
    await healthy(desk, 'the menu in the thread');
    assert.equal(await menu.getByRole('button', { name: 'スレッドで返信' }).count(), 0);
    await menu.getByRole('button', { name: 'いいね' }).click();
    await entry.locator('.reaction', { hasText: '👍 1' }).waitFor();
    await focused(entry, 'the message of the menu');

    await article(phone, '冷蔵庫2番の件').getByRole('button', { name: /1/ }).filter({ hasText: '1' }).last().click();
    const there = phone.locator('.thread-entry', { hasText: '業者' });
    await there.locator('.reaction', { hasText: '👍 1' }).waitFor();
    await shot(phone, 'thread-390-en');
    await healthy(phone, 'the thread on the phone');

    await desk.keyboard.press('Enter');
    await menu.getByRole('button', { name: '編集', exact: true }).click();
    const edit = desk.getByRole('textbox', { name: '編集' });
    await edit.fill('業者を10時に呼びます');
    await desk.locator('.info-pane').getByRole('button', { name: '保存', exact: true }).click();
    await phone.locator('.thread-entry', { hasText: '10時に' }).waitFor();
    const act = async (name) => {
        await entry.getByRole('button', { name: 'メッセージのメニュー' }).click();
        await menu.getByRole('button', { name, exact: true }).click();
    };
    await act('転送');
    await menu.getByRole('button', { name: '店長会' }).click();
    await until('it to arrive', async () => (await mayu.get(`/rooms/${other}/messages`)).json.messages.some((m) => m.text === '業者を10時に呼びます'));
    await shot(desk, 'thread-1280-ja');
    await act('送信取消');
    await menu.getByRole('button', { name: '送信取消', exact: true }).click();
    await phone.locator('.thread-entry', { hasText: '業者' }).waitFor({ state: 'detached' });
    await desk.locator('.thread-entry', { hasText: 'メッセージの送信を取り消しました' }).waitFor();
    await menu.waitFor({ state: 'detached' });
    await until('the focus back in the thread', () => desk.evaluate(() => document.activeElement.closest('.info-pane') !== null));
    await desk.keyboard.press('Escape');
    await field.waitFor({ state: 'detached' });
    await focused(article(desk, '冷蔵庫2番の件'), 'the message whose thread it was');
    for (const p of [desk, phone]) {
        assert.deepEqual(p.faults, []);
        await p.context().close();
    }
});

test('a thread of 230 replies is read page by page, older ones above, and what is in view stays there', { timeout: 120_000 }, async () => {
    await Promise.all([mayu, satsuki].map((p) => p.signIn()));
    const room = await acme.room('秋の催し', mayu, satsuki);
    const root = newKey(), at0 = Date.now() - 86_400_000;
    const messages = [{ key: root, sender: satsuki.id, kind: 'text', text: '案をください', sent: at0 },
        ...Array.from({ length: 230 }, (_, i) => ({ key: newKey(), sender: satsuki.id, kind: 'text', text: `案 ${i + 1} 番`, sent: at0 + (i + 1) * 60_000, thread_key: root }))];
    for (let i = 0; i < messages.length; i += 100)
        await house.op('talk.import', { room, messages: messages.slice(i, i + 100) }, 'acme');
    for (const look of [{ width: 1280, height: 800 }, { width: 390, height: 844 }]) {
        const page = await at(mayu, room, look);
        await page.getByRole('button', { name: /スレッドに返信\d+件 .*案 230 番/ }).click();
        const entries = page.locator('.reply-entry'), older = page.getByRole('button', { name: '以前の返信を表示' });
        const count = (n) => until(`${n} messages`, async () => (await entries.count()) === n);
        const top = (text) => page.locator('.reply-entry', { hasText: text }).evaluate((e) => e.getBoundingClientRect().top);
        await count(101);
        await until('the newest in view', () => page.evaluate(() => {
            const list = document.querySelector('.thread-list');
            return list.scrollHeight - list.scrollTop - list.clientHeight < 4;
        }));
        await older.scrollIntoViewIfNeeded();
        const before = await top('案 131 番');
        await older.click();
        await count(201);
        assert.ok(Math.abs(await top('案 131 番') - before) < 3, 'what was in view has not moved');
        await older.scrollIntoViewIfNeeded();
        await shot(page, `thread-older-${look.width}`);
        await healthy(page, 'the thread with older replies');
        // From the end: gone up and asked for in one breath, before the browser has told of the movement.
        const there = await page.evaluate(async () => {
            const list = document.querySelector('.thread-list'), frame = () => new Promise((r) => { requestAnimationFrame(() => requestAnimationFrame(r)); });
            list.scrollTop = list.scrollHeight;
            await frame();
            list.scrollTop = 0;
            const top = [...list.querySelectorAll('.reply-entry')].find((e) => e.textContent.includes('案 31 番')).getBoundingClientRect().top;
            [...list.querySelectorAll('button')].find((b) => b.textContent === '以前の返信を表示').click();
            return top;
        });
        await count(231);
        /* the button above it went with the page */
        assert.ok(Math.abs(await top('案 31 番') - there) < 60, 'what was gone to is in view still');
        await older.waitFor({ state: 'detached' });
        await focused(entries.first(), 'the first message, for the button is gone');
        const texts = await entries.evaluateAll((all) => all.map((e) => /案 (\d+) 番/.exec(e.textContent)?.[1] ?? 'root'));
        assert.deepEqual(texts, ['root', ...Array.from({ length: 230 }, (_, i) => String(i + 1))]);
        assert.deepEqual(page.faults, []);
        await page.context().close();
    }
});

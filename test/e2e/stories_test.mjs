// Days at work as people live them, each in windows of two or more: a quarrel, a shift swapped, a shop without a network,
// a manager who waits to be read; and the keys of an input method in every field where messages are written.
import fs from 'node:fs';
import path from 'node:path';
import { Browser } from '../lib/browser.mjs';
import { House, ROOT, until } from '../lib/house.mjs';
import { openTenant } from '../lib/people.mjs';
import { after, assert, before, proves, test } from '../lib/test.mjs';

const shots = path.join(ROOT, 'build/e2e');
const STORY = { timeout: 60_000 };
let house, acme, mayu, satsuki, ryo, megumi, browser;

const article = (page, text) => page.locator('article', { hasText: text });
const shot = (page, name) => page.screenshot({ path: path.join(shots, `stories-${name}.png`) });

before(async () => {
    fs.mkdirSync(shots, { recursive: true });
    house = await House.start();
    acme = await openTenant(house, 'acme');
    const add = (login, family, given, family_reading, given_reading) => acme.add(login, { family, given, family_reading, given_reading, language: 'ja' });
    mayu = await add('morishita', '森下', '真由', 'もりした', 'まゆ');
    satsuki = await add('yanagi', '柳', 'さつき', 'やなぎ', 'さつき');
    ryo = await add('tanoue', '田之上', '亮', 'たのうえ', 'りょう');
    megumi = await add('kobayakawa', '小早川', '恵', 'こばやかわ', 'めぐみ');
    browser = await Browser.start(house);
});
after(async () => {
    await browser?.stop();
    await house?.remove();
});

/** A window of a person, at the list of talks. */
async function home(person, look) {
    const page = await browser.page(look);
    await browser.signIn(page, `${person.login}@acme`, person.password);
    await page.locator('.row').first().waitFor();
    return page;
}

/** A window of a person, in a room. */
async function at(person, room, look) {
    const page = await home(person, look);
    await page.goto(`${house.origin}/t/${acme.number}/app/talk/${room}`);
    await page.locator('#composer').waitFor();
    return page;
}

async function say(page, text) {
    await page.locator('#composer').fill(text);
    await page.getByRole('button', { name: '送信', exact: true }).click();
    await article(page, text).first().waitFor();
}

/** Opens the menu of a message by its button, and an act of it. */
async function act(page, text, name) {
    await article(page, text).first().getByRole('button', { name: 'メッセージのメニュー' }).click({ force: true });
    const dialog = page.getByRole('dialog');
    await dialog.getByRole('button', { name, exact: true }).click();
    return dialog;
}

async function end(...pages) {
    for (const page of pages) {
        assert.deepEqual(page.faults, []);
        await page.context().close();
    }
}

test('a quarrel goes into a thread: the room keeps one line of its answers, and both agree', STORY, async () => {
    const room = await acme.room('大船店', mayu, satsuki);
    const [desk, phone] = await Promise.all([at(mayu, room), at(satsuki, room, { width: 390, height: 844 })]);
    await say(desk, '昨日の閉店作業、冷蔵庫2番の記録がありません。柳さんの担当でしたよね。');
    await article(phone, '冷蔵庫2番の記録').waitFor();
    await say(phone, '書きました。きちんと探してから言ってください。');
    await article(desk, 'きちんと探してから').waitFor();

    await act(desk, 'きちんと探してから', 'スレッドで返信');
    const answer = (page) => page.getByRole('textbox', { name: 'スレッドに返信' });
    await answer(desk).fill('言い方がきつくなってすみません。どこに書いてくれましたか?');
    await desk.keyboard.press('Enter');
    await desk.locator('.thread-entry', { hasText: 'どこに書いてくれましたか' }).locator('time').waitFor();
    const line = phone.locator('.threaded');
    await line.filter({ hasText: '↳ 森下 真由さんがスレッドに返信: 言い方がきつく' }).waitFor();
    assert.equal(await line.count(), 1, 'one answer, one line');
    assert.equal(await article(phone, '言い方がきつく').count(), 0, 'it is no bubble of the room');

    await phone.getByRole('button', { name: 'スレッドの返信 1件' }).click();
    await phone.locator('.thread-entry', { hasText: 'どこに書いてくれましたか' }).waitFor();
    await answer(phone).fill('裏面です。わたしもむきになりました。すみません。');
    await phone.getByRole('button', { name: 'スレッドに送信' }).click();
    await desk.locator('.thread-entry', { hasText: '裏面です' }).locator('time').waitFor();
    await answer(desk).fill('ありました。次から裏面も見ます。');
    await desk.keyboard.press('Enter');
    await phone.locator('.thread-entry', { hasText: '次から裏面も見ます' }).locator('time').waitFor();
    const order = ['きちんと探して', 'どこに書いて', '裏面です', '次から裏面も'];
    for (const page of [desk, phone]) {
        const said = await page.locator('.thread-entry').allInnerTexts();
        assert.equal(said.length, order.length);
        order.forEach((words, i) => assert.ok(said[i].includes(words), `${words} is number ${i + 1}`));
    }
    await shot(phone, 'quarrel-thread-390');
    await line.filter({ hasText: '↳ スレッドに返信3件 · 最新 森下 真由さん: ありました。' }).waitFor();
    assert.equal(await line.count(), 1, 'three answers behind each other, one line');
    await phone.keyboard.press('Escape');
    await act(phone, 'きちんと探してから', 'いいね');
    await article(desk, 'きちんと探してから').locator('.reaction', { hasText: '👍 1' }).waitFor();
    await article(desk, 'きちんと探してから').locator('.reaction').click();
    await article(phone, 'きちんと探してから').locator('.reaction', { hasText: '👍 2' }).waitFor();
    await phone.getByRole('button', { name: 'スレッドの返信 3件' }).waitFor();
    assert.equal(await phone.locator('article').count(), 2, 'the room holds the two messages of the quarrel');
    await shot(desk, 'quarrel-1280');
    await end(desk, phone);
});

test('a shift is swapped by a poll: two vote, the author closes it, and nobody votes any more', STORY, async () => {
    const room = await acme.room('辻堂店 応援シフト', mayu, satsuki, ryo);
    const [desk, phone, other] = await Promise.all([at(mayu, room), at(satsuki, room, { width: 390, height: 844 }), at(ryo, room)]);
    await desk.getByRole('button', { name: 'ほかに送る' }).click();
    await desk.getByRole('button', { name: '投票を作成' }).click();
    await desk.getByRole('textbox', { name: '質問' }).fill('早番を代わってもらえる日はありますか?');
    const days = ['12月4日(金)', '12月5日(土)', '12月6日(日)'];
    for (const [i, day] of days.entries())
        await desk.getByRole('textbox', { name: `選択肢 ${i + 1}` }).fill(day);
    await desk.getByRole('button', { name: '投票を送信' }).click();
    const choice = (page, day) => page.locator('.poll-choice', { hasText: day });
    await choice(phone, days[0]).click();
    await choice(other, days[1]).click();
    await choice(phone, days[0]).and(phone.locator('[aria-pressed=true]')).waitFor();
    await choice(phone, days[1]).click();                   // thinks again: one choice only, so the other one is given back
    const pages = [desk, phone, other];
    const result = async (page) => {
        await choice(page, days[1]).filter({ hasText: '2票' }).filter({ hasText: '柳' }).filter({ hasText: '田之上' }).waitFor();
        await choice(page, days[0]).filter({ hasText: '0票' }).waitFor();
        await choice(page, days[2]).filter({ hasText: '0票' }).waitFor();
    };
    await Promise.all(pages.map(result));
    assert.equal(await other.getByRole('button', { name: '締め切る' }).count(), 0, 'only the author closes it');
    const [poll] = (await (await satsuki.signIn()).get(`/rooms/${room}/messages`)).json.messages.filter((m) => m.kind === 'poll');
    assert.equal((await satsuki.post(`/messages/${poll.id}/close`)).json.error.code, 'denied');

    await desk.getByRole('button', { name: '締め切る' }).click();
    for (const page of pages) {
        await page.getByText('締め切りました', { exact: true }).waitFor();
        for (const day of days)
            assert.ok(await choice(page, day).isDisabled(), `${day} takes no vote`);
        await result(page);
    }
    const before = await satsuki.get(`/messages/${poll.id}`);
    assert.equal((await satsuki.put(`/messages/${poll.id}/votes`, { votes: [{ choice: 2 }] })).json.error.code, 'denied');
    assert.deepEqual((await satsuki.get(`/messages/${poll.id}`)).json.votes, before.json.votes, 'the votes stand');
    await say(desk, '5日に田之上さんと代わります。柳さんもありがとうございます。');
    await article(other, '5日に田之上さんと代わります').waitFor();
    await shot(desk, 'shift-1280');
    await shot(phone, 'shift-390');
    await end(...pages);
});

test('a morning without a network: what is written waits, survives a reload, and arrives once and in order', STORY, async () => {
    const room = await acme.room('大船店 朝', mayu, megumi);
    const [phone, desk] = await Promise.all([at(megumi, room, { width: 360, height: 740 }), at(mayu, room)]);
    await say(phone, 'おはようございます。開けました。');
    await article(desk, '開けました').waitFor();
    const network = phone.context();
    await network.setOffline(true);
    const said = ['食パン20斤、届きました。', 'あんバターは34個です。2個足りません。', 'クロワッサンは48個、合っています。'];
    for (const text of said)
        await say(phone, text);
    const waiting = phone.locator('.pending', { hasText: '送信待ち' });
    await waiting.nth(2).waitFor();
    await phone.getByText('オフラインです。送信はつながりしだい行います。').waitFor();
    assert.deepEqual(await phone.locator('.pending .bubble').allInnerTexts(), said);
    assert.ok(await phone.evaluate(() => document.documentElement.scrollWidth <= window.innerWidth), 'it fits 360 px');
    for (const text of said)
        assert.equal(await article(desk, text).count(), 0, 'nothing has left the phone');
    await shot(phone, 'morning-waiting-360');

    // The page is closed by the phone meanwhile; back in the network it is opened again with what waited.
    await phone.goto('about:blank');
    await network.setOffline(false);
    await phone.goto(`${house.origin}/t/${acme.number}/app/talk/${room}`);
    await article(desk, said[2]).waitFor();
    await until('nothing waits', async () => (await phone.locator('article').count()) === 4 && (await phone.locator('.pending').count()) === 0);
    for (const page of [phone, desk])
        assert.deepEqual(await page.locator('article .bubble').allInnerTexts(), ['おはようございます。開けました。', ...said], 'once, in order');
    await say(desk, '2個は昼の便で送ってもらいます。');
    await article(phone, '昼の便で').waitFor();
    await shot(phone, 'morning-360');
    await end(phone, desk);
});

test('a manager waits to be read: the count rises, who has not read is reminded, and reads', STORY, async () => {
    proves('TLK-03');
    const room = await acme.room('年末の営業', mayu, satsuki, ryo, megumi);
    const [desk, first, second, phone] = await Promise.all([at(mayu, room), home(satsuki), home(megumi), home(ryo, { width: 390, height: 844 })]);
    const open = (page) => page.getByRole('link', { name: /^年末の営業/ }).click();
    const text = '31日は15時に閉店します。読んだら準備をお願いします。';
    await say(desk, text);
    const read = (n) => article(desk, '15時に閉店').locator('.read-count', { hasText: new RegExp(`^既読 ${n}$`) });
    assert.equal(await desk.locator('.read-count').count(), 0, 'nobody has read it yet');
    await open(first);
    await article(first, '15時に閉店').waitFor();
    await read(1).waitFor();
    await open(second);
    await read(2).waitFor();

    const readers = await act(desk, '15時に閉店', '既読・未読のメンバー');
    await readers.getByText('既読 2', { exact: true }).waitFor();
    const lists = readers.locator('.reader-list');
    assert.deepEqual((await lists.nth(0).locator('li').allInnerTexts()).map((t) => t.split('\n').at(-1)).sort(), ['小早川 恵', '柳 さつき'].sort());
    assert.deepEqual((await lists.nth(1).locator('li').allInnerTexts()).map((t) => t.split('\n').at(-1)), ['田之上 亮']);
    await readers.getByRole('button', { name: '未読のメンバーに通知する' }).click();
    await readers.getByText('1人に通知しました').waitFor();
    await shot(desk, 'chase-readers-1280');
    await desk.keyboard.press('Escape');

    await phone.getByRole('link', { name: /サービス通知/ }).click();
    await article(phone, 'まだ読んでいないメッセージがあります').filter({ hasText: '森下 真由さん (年末の営業): 31日は15時に閉店します' }).waitFor();
    await shot(phone, 'chase-notice-390');
    assert.equal(await read(2).count(), 1, 'the notice alone is not the message');
    await phone.getByRole('button', { name: '戻る' }).click();
    await open(phone);
    await article(phone, '15時に閉店').waitFor();
    await read(3).waitFor();
    const all = await act(desk, '15時に閉店', '既読・未読のメンバー');
    await all.getByText('既読 3', { exact: true }).waitFor();
    await all.getByText('未読 0', { exact: true }).waitFor();
    assert.equal(await all.getByRole('button', { name: '未読のメンバーに通知する' }).count(), 0, 'nobody is left to remind');
    await shot(desk, 'chase-1280');
    await end(desk, phone, first, second);
});

/** The keys and words of an input method in the field that has the focus, as the browser hears them. */
async function inputMethod(page) {
    const cdp = await page.context().newCDPSession(page);
    return {
        compose: (text) => cdp.send('Input.imeSetComposition', { text, selectionStart: text.length, selectionEnd: text.length }),
        commit: (text) => cdp.send('Input.insertText', { text }),
        /** Windows and macOS mark the keys that the input method takes with the code 229. */
        key: async (key) => {
            await cdp.send('Input.dispatchKeyEvent', { type: 'rawKeyDown', key, code: key, windowsVirtualKeyCode: 229 });
            await cdp.send('Input.dispatchKeyEvent', { type: 'keyUp', key, code: key, windowsVirtualKeyCode: 229 });
        },
    };
}

test('the Enter that ends a composition sends nothing; the next one sends once: composer, thread, edit', STORY, async () => {
    const room = await acme.room('変換', mayu, satsuki);
    const desk = await at(mayu, room);
    const ime = await inputMethod(desk);
    /** Composes かな, ends it as 漢字 with Enter; the field holds it and nothing is sent. */
    const write = async (field, kana, kanji) => {
        await field.focus();
        const before = await desk.locator('article').count();
        await ime.compose(kana);
        await ime.key('Enter');
        assert.equal(await field.inputValue(), kana, 'Enter was the input method\'s');
        await ime.commit(kanji);
        assert.equal(await field.inputValue(), kanji);
        await desk.evaluate(() => new Promise((done) => setTimeout(done, 0)));  // the key that ended it is past
        assert.equal(await desk.locator('article').count(), before);
    };
    const composer = desk.locator('#composer');
    await write(composer, 'れいぞうこ', '冷蔵庫');
    await desk.keyboard.press('Enter');
    await article(desk, '冷蔵庫').waitFor();
    assert.equal(await composer.inputValue(), '');

    await act(desk, '冷蔵庫', 'スレッドで返信');
    const answer = desk.getByRole('textbox', { name: 'スレッドに返信' });
    await desk.locator('.info-pane textarea:focus').waitFor();                    // the pane has taken the focus
    await write(answer, 'しゅうり', '修理');
    await desk.keyboard.press('Enter');
    await desk.locator('.thread-entry', { hasText: '修理' }).locator('time').waitFor();
    await answer.focus();
    await ime.compose('やめる');
    await ime.key('Escape');
    assert.equal(await answer.count(), 1, 'Escape during a composition does not close the thread');
    await ime.commit('');
    await answer.fill('');
    await desk.keyboard.press('Escape');
    await answer.waitFor({ state: 'detached' });

    await act(desk, '冷蔵庫', '編集');
    const edit = desk.getByRole('textbox', { name: '編集' });
    await edit.fill('');
    await write(edit, 'れいとうこ', '冷凍庫');
    await ime.compose('に');
    await ime.key('Escape');
    await ime.key('Enter');
    assert.equal(await edit.count(), 1, 'neither key ends the edit');
    await ime.commit('2番');
    await desk.getByRole('button', { name: '保存', exact: true }).click();
    await article(desk, '冷凍庫2番').waitFor();
    const held = (await (await mayu.signIn()).get(`/rooms/${room}/messages`)).json.messages.filter((m) => m.kind === 'text').map((m) => m.text);
    assert.deepEqual(held.sort(), ['修理', '冷凍庫2番'].sort(), 'each was sent once');
    await end(desk);
});

test('with the list of names open during a composition, arrows and Enter are the input method\'s', STORY, async () => {
    const room = await acme.room('名前の変換', mayu, satsuki, ryo, megumi);
    const desk = await at(mayu, room);
    const ime = await inputMethod(desk);
    const composer = desk.locator('#composer');
    await composer.focus();
    await desk.keyboard.type('@');
    const options = desk.getByRole('option');
    await options.nth(3).waitFor();
    const chosen = () => options.and(desk.locator('[aria-selected=true]')).innerText();
    await ime.compose('や');
    await desk.getByRole('option', { name: '柳 さつき' }).waitFor();
    assert.ok(await options.count() > 1, 'more than one name to walk through');
    const at0 = await chosen();
    for (const key of ['ArrowDown', 'ArrowUp', 'ArrowDown', 'Enter', 'Tab'])
        await ime.key(key);
    assert.equal(await chosen(), at0, 'the list did not move');
    assert.equal(await composer.inputValue(), '@や', 'and nothing was taken from it');
    assert.equal(await desk.locator('article').count(), 0);
    await shot(desk, 'ime-names-1280');
    await ime.commit('やな');
    assert.equal(await composer.inputValue(), '@やな');
    await options.nth(0).and(desk.locator('[aria-selected=true]')).filter({ hasText: '柳 さつき' }).waitFor();
    await desk.keyboard.press('Enter');                     // now it is the list's
    await desk.waitForFunction(() => document.getElementById('composer').value === '@柳 さつき ');
    assert.equal(await desk.locator('article').count(), 0, 'the Enter that takes a name sends nothing');
    await desk.keyboard.type('さん、お願いします');
    await desk.keyboard.press('Enter');
    await article(desk, 'お願いします').locator('.mention', { hasText: '@柳 さつき' }).waitFor();
    assert.equal(await desk.locator('article').count(), 1);
    await end(desk);
});

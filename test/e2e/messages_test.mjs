// Messages as people use them: a talk of two begun from the list, reply, reaction, stamp, poll, change, take back, 既読.
import fs from 'node:fs';
import path from 'node:path';
import { Browser, healthy, looks } from '../lib/browser.mjs';
import { House, ROOT } from '../lib/house.mjs';
import { after, assert, before, proves, test } from '../lib/test.mjs';

const PASSWORD = 'engawa no hidamari';
const shots = path.join(ROOT, 'build/e2e');
let house, browser;

const article = (page, text) => page.locator('article', { hasText: text });
const shot = (page, name) => page.screenshot({ path: path.join(shots, `${name}.png`) });

async function say(page, text, seen = text) {
    await page.locator('#composer').fill(text);
    await page.getByRole('button', { name: '送信', exact: true }).click();
    await article(page, seen).first().waitFor();
}

/** Opens the menu of a message by its button, and an act of it. */
async function act(page, text, name) {
    await article(page, text).first().getByRole('button', { name: 'メッセージのメニュー' }).click({ force: true });
    const dialog = page.getByRole('dialog');
    await dialog.getByRole('button', { name, exact: true }).click();
    return dialog;
}

before(async () => {
    fs.mkdirSync(shots, { recursive: true });
    house = await House.start();
    await house.op('tenant.open', {
        workgroup: 'hiyodori', company: '株式会社ひよどり製パン',
        admin: { login: 'kashiwagi', family: '柏木', given: '修一', family_reading: 'かしわぎ', given_reading: 'しゅういち', password: PASSWORD },
    });
    const add = (login, family, given, family_reading, given_reading) =>
        house.op('member.add', { login, family, given, family_reading, given_reading, password: PASSWORD }, 'hiyodori');
    await add('morishita', '森下', '真由', 'もりした', 'まゆ');
    await add('yanagi', '柳', 'さつき', 'やなぎ', 'さつき');
    browser = await Browser.start(house);
});
after(async () => {
    await browser?.stop();
    await house?.remove();
});

test('a talk of two is begun by a reading; what is said is answered, marked, changed, taken back, and seen as read', { timeout: 120_000 }, async () => {
    proves('TLK-03');
    const desk = await browser.page({ width: 1280, height: 800 });
    const phone = await browser.page({ width: 390, height: 844 });
    await browser.signIn(desk, 'morishita@hiyodori', PASSWORD);
    await browser.signIn(phone, 'yanagi@hiyodori', PASSWORD);

    await desk.locator('.list-new').click();
    await desk.getByRole('searchbox', { name: '名前・読みで探す' }).fill('ヤナギ');
    await desk.getByRole('button', { name: '柳 さつき' }).click();
    await healthy(desk, 'new talk');
    await desk.getByRole('button', { name: 'トークを始める' }).click();
    await desk.getByRole('heading', { name: '柳 さつき' }).waitFor();
    await say(desk, '明日の早番は *9時* からでお願いします', '明日の早番は');

    await phone.getByRole('link', { name: /森下 真由/ }).click();
    await phone.getByText('ここから未読').waitFor();
    await article(phone, '早番は').locator('strong', { hasText: '9時' }).waitFor();
    await desk.locator('.read-count', { hasText: '既読' }).waitFor();

    await act(phone, '早番は', '返信');
    await say(phone, '承知しました');
    await article(desk, '承知しました').locator('.quote', { hasText: '早番は' }).waitFor();
    await act(desk, '承知しました', 'いいね');
    await article(phone, '承知しました').locator('.reaction', { hasText: '👍 1' }).waitFor();
    await shot(phone, 'messages-reply-390');
    await healthy(phone, 'reply and reaction');

    await act(desk, '早番は', '編集');
    await desk.getByRole('textbox', { name: '編集' }).fill('明日の早番は10時からでお願いします');
    await desk.getByRole('button', { name: '保存', exact: true }).click();
    await article(phone, '10時から').locator('.meta', { hasText: '編集済み' }).waitFor();
    await say(phone, '送り先をまちがえました');
    await (await act(phone, '送り先をまちがえました', '送信取消')).getByRole('button', { name: '送信取消', exact: true }).click();
    await article(desk, 'メッセージの送信を取り消しました').waitFor();
    assert.equal(await article(desk, '送り先をまちがえました').count(), 0);

    await desk.getByRole('button', { name: 'スタンプ' }).click();
    await desk.getByRole('searchbox', { name: 'ことばで探す' }).fill('リョウカイ');
    await shot(desk, 'messages-stamps-1280');
    await healthy(desk, 'stamps');
    await desk.getByRole('button', { name: '了解です', exact: true }).click();
    await phone.getByRole('img', { name: '了解です' }).waitFor();

    await desk.getByRole('button', { name: 'ほかに送る' }).click();
    await desk.getByRole('button', { name: '投票を作成' }).click();
    await desk.getByRole('textbox', { name: '質問' }).fill('土曜はどちらに入れますか?');
    await desk.getByRole('textbox', { name: '選択肢 1' }).fill('早番');
    await desk.getByRole('textbox', { name: '選択肢 2' }).fill('遅番');
    await desk.getByRole('button', { name: '投票を送信' }).click();
    await phone.getByRole('button', { name: /遅番/ }).click();
    await desk.getByRole('button', { name: /遅番.*1票.*柳/ }).waitFor();
    await shot(desk, 'messages-room-1280');
    await shot(phone, 'messages-room-390');
    await healthy(desk, 'room');
    await healthy(phone, 'room on the phone');

    const readers = await act(desk, '10時から', '既読・未読のメンバー');
    await readers.getByText('既読 1').waitFor();
    await readers.getByText('柳 さつき').waitFor();
    await desk.keyboard.press('Escape');

    // A thread beside the room does not tear it apart.
    await act(phone, '10時から', 'スレッドで返信');
    await phone.getByRole('textbox', { name: 'スレッドに返信' }).fill('交通費はどうなりますか?');
    await phone.getByRole('button', { name: 'スレッドに送信' }).click();
    await phone.locator('.thread-entry', { hasText: '交通費は' }).locator('time').waitFor();
    await healthy(phone, 'thread on the phone');
    await shot(phone, 'messages-thread-390');
    await phone.keyboard.press('Escape');
    await desk.getByRole('button', { name: 'スレッドの返信 1件' }).click();
    await desk.getByRole('textbox', { name: 'スレッドに返信' }).fill('いつもどおりです');
    await desk.keyboard.press('Enter');
    await desk.locator('.thread-entry', { hasText: 'いつもどおりです' }).locator('time').waitFor();
    await phone.getByRole('button', { name: /スレッドに返信.*いつもどおりです/ }).waitFor();
    await shot(desk, 'messages-thread-1280');
    await healthy(desk, 'thread');
    await desk.keyboard.press('Escape');

    // The person writes to a room of three; who leaves it reads it no more.
    await desk.locator('.list-new').click();
    for (const name of ['柳 さつき', '柏木 修一'])
        await desk.getByRole('button', { name, exact: true }).click();
    await desk.getByRole('textbox', { name: 'トークルームの名前' }).fill('年末の相談');
    await desk.getByRole('button', { name: 'トークルームを作成' }).click();
    await desk.getByText('森下 真由さんがトークルーム「年末の相談」を作成しました').first().waitFor();
    // Named by a reading; the one who is named is told in the list.
    await desk.locator('#composer').click();
    await desk.keyboard.type('@やな');
    await desk.getByRole('option', { name: '柳 さつき' }).waitFor();
    await healthy(desk, 'names to mention');
    await shot(desk, 'messages-mention-1280');
    await desk.keyboard.press('Enter');
    await desk.keyboard.type('さん、31日は出られますか?');
    await desk.keyboard.press('Enter');
    await article(desk, '31日は出られますか').locator('.mention', { hasText: '@柳 さつき' }).waitFor();
    await phone.getByRole('button', { name: '戻る' }).click();
    await phone.getByRole('link', { name: /年末の相談/ }).locator('.row-mention').waitFor();
    await shot(phone, 'messages-list-390');
    await healthy(phone, 'list');
    await phone.getByRole('link', { name: /年末の相談/ }).click();
    await phone.getByRole('button', { name: 'メンバーを表示' }).click();
    await phone.getByRole('button', { name: '通知オフ' }).click();
    await phone.locator('[aria-pressed="true"]', { hasText: '通知オフ' }).waitFor();
    await shot(phone, 'messages-info-390');
    await healthy(phone, 'members of a room');
    await phone.getByRole('button', { name: '退出' }).click();
    await phone.getByRole('dialog').getByRole('button', { name: '退出' }).click();
    await desk.getByText('柳 さつきさんが退出しました').first().waitFor();
    // What was said is found from one character on, whatever the kana; what stands about it is shown.
    await desk.locator('#room-search').fill('コウツウ');
    await desk.getByText('に一致するメッセージはありません').waitFor();
    await desk.locator('#room-search').fill('費');
    await desk.locator('.hit mark', { hasText: '費' }).waitFor();
    await healthy(desk, 'search');
    await shot(desk, 'messages-search-1280');
    await desk.locator('.hit', { hasText: '交通費は' }).click();
    await desk.getByRole('dialog').locator('.hit-entry', { hasText: '交通費は' }).waitFor();
    await desk.getByRole('dialog').getByRole('button', { name: 'トークを開く' }).click();
    await desk.getByRole('heading', { name: '柳 さつき' }).waitFor();
    await desk.close();
    await phone.close();
});

for (const [width, locale, dark] of looks([[390, 'en-US', false], [1280, 'ja-JP', true], [1280, 'en-US', true], [360, 'ja-JP', true], [360, 'en-US', false]]))
    test(`what was said looks right, ${width} px, ${locale}${dark ? ', dark' : ''}`, { timeout: 120_000 }, async () => {
        const en = locale === 'en-US';
        const name = (what) => `messages-${what}-${width}-${locale.slice(0, 2)}${dark ? '-dark' : ''}`;
        const page = await browser.page({ width, height: width < 768 ? 780 : 800, locale, dark });
        await page.goto(`${house.origin}/`);
        await page.getByRole('button', { name: en ? 'English' : '日本語', exact: true }).click();
        await page.locator('input').first().fill('morishita@hiyodori');
        await page.locator('input[type=password]').fill(PASSWORD);
        await browser.submit(page, 'morishita@hiyodori');
        await page.getByRole('link', { name: /^柳 さつき/ }).click();
        const words = en ? { menu: 'Message menu', readers: 'Who has read', stamps: 'Stamps', poll: 'New poll', more: 'Send something else', start: 'New talk', members: 'Show members', thread: '2 replies in the thread', search: 'Search talk rooms' }
            : { menu: 'メッセージのメニュー', readers: '既読・未読のメンバー', stamps: 'スタンプ', poll: '投票を作成', more: 'ほかに送る', start: '新しいトーク', members: 'メンバーを表示', thread: 'スレッドの返信 2件', search: 'トークを検索' };
        await page.getByRole('button', { name: /遅番/ }).waitFor();
        const look = async (what) => {
            await healthy(page, name(what));
            await shot(page, name(what));
        };
        await look('room');
        const close = async () => {
            await page.keyboard.press('Escape');
            await page.getByRole('dialog').waitFor({ state: 'detached' });
        };
        await page.getByRole('button', { name: words.menu }).last().click({ force: true });
        await page.getByRole('dialog').getByRole('button', { name: words.readers, exact: true }).waitFor();
        await look('menu');
        await page.getByRole('dialog').getByRole('button', { name: words.readers, exact: true }).click();
        await page.getByRole('dialog').getByText('柳 さつき').waitFor();
        await look('readers');
        await close();
        await page.getByRole('button', { name: words.stamps, exact: true }).click();
        await page.locator('.stamp-choice').nth(40).waitFor();
        assert.ok(await page.locator('.stamp-choice').count() >= 40, 'stamps');
        await look('stamps');
        await close();
        await page.getByRole('button', { name: words.more, exact: true }).click();
        await page.getByRole('dialog').waitFor();
        await look('more');
        await page.getByRole('button', { name: words.poll, exact: true }).click();
        await page.getByRole('dialog').getByRole('textbox').first().waitFor();
        await look('poll');
        await close();
        await page.getByRole('button', { name: words.members, exact: true }).click();
        await page.locator('.info-pane .person').first().waitFor();
        await look('info');
        await page.keyboard.press('Escape');
        await page.locator('.log').hover();
        await page.mouse.wheel(0, -4000);
        await page.getByRole('button', { name: words.thread }).press('Enter');      // what is above still comes in: it moves
        await page.locator('.thread-entry').nth(2).waitFor();
        await look('thread');
        await page.keyboard.press('Escape');
        if (width < 768)
            await page.goto(`${house.origin}${new URL(page.url()).pathname.replace(/talk.*/, 'talk')}`);
        await page.getByRole('button', { name: words.start }).click();
        await page.locator('.pick').first().waitFor();
        await look('new');
        await close();
        await page.getByRole('searchbox', { name: words.search }).fill('費');
        await page.locator('.hit mark').waitFor();
        await look('search');
        await page.locator('.hit').first().click();
        await page.getByRole('dialog').locator('.hit-entry').waitFor();
        await look('about');
        if (en) {                                           // what the product says itself, apart from names and messages
            const said = await page.evaluate(() => [...document.querySelectorAll('button, h1, h2, h3, label, [aria-label], [title], [placeholder]')]
                .filter((e) => !e.closest('.hit, .thread-entry, article, .rows, .pick, .room-head, .room-pane') && !e.matches('.rail-account'))
                .flatMap((e) => [e.getAttribute('aria-label'), e.getAttribute('title'), e.getAttribute('placeholder')].filter(Boolean)));
            assert.deepEqual(said.filter((t) => /[\u3040-\u30ff\u4e00-\u9fff]/u.test(t) && !/柳|森下|柏木|年末/u.test(t)), []);
        }
        await page.close();
    });

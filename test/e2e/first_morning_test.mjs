// A new employee's first morning, from the slip that the admin hands over to coming back after signing out: at each step what is
// seen, where the focus is, that it fits, that axe finds nothing and that a thumb hits it. In full in Japanese on a phone; the
// first steps again at a desk, in English and in the dark. Before that: the admin who is alone in a new company.
import fs from 'node:fs';
import path from 'node:path';
import { axeSource, Browser, looks } from '../lib/browser.mjs';
import { House, ROOT, until } from '../lib/house.mjs';
import { newKey, newPassword, openTenant } from '../lib/people.mjs';
import { after, assert, before, test } from '../lib/test.mjs';

const PASSWORD = 'engawa no hidamari';
const OWN = 'suzume ga niwa ni kuru';
const PHONE = { width: 390, height: 844 };
const shots = path.join(ROOT, 'build/e2e');
const axe = axeSource();
let house, browser, acme, mayu, slip;

before(async () => {
    fs.mkdirSync(shots, { recursive: true });
    house = await House.start();
    acme = await openTenant(house, 'hiyodori', { company: '株式会社ひよどり製パン', login: 'kashiwagi', family: '柏木', password: PASSWORD });
    browser = await Browser.start(house);
});
after(async () => {
    await browser?.stop();
    await house?.remove();
});

const button = (page, name) => page.getByRole('button', { name, exact: true });
const article = (page, text) => page.locator('article', { hasText: text }).first();
const focused = (what) => what.evaluate((e) => e === document.activeElement);
const shot = (page, name) => (process.env.MORNING_SHOTS ? page.screenshot({ path: path.join(process.env.MORNING_SHOTS, `${name}.png`) }) : undefined);

/** What can be pressed and is smaller than a thumb needs, its hit area counted; in a dialog what stands in it. */
const small = (page) => page.evaluate(() => {
    const place = [...document.querySelectorAll('[role=dialog]')].at(-1) ?? document;
    return [...place.querySelectorAll('a[href], button, input, select, textarea')].flatMap((e) => {
        const target = e.closest('label, .mantine-Input-wrapper') ?? e;
        const { width, height } = target.getBoundingClientRect();
        if (!e.checkVisibility() || width < 2 || e.matches('.hidden-text, .skip-link')) return [];
        const more = getComputedStyle(e, '::after');
        const by = (side) => (more.content !== 'none' && more.position === 'absolute' ? Math.max(0, -Number.parseFloat(more[side]) || 0) : 0);
        const area = [width + by('left') + by('right'), height + by('top') + by('bottom')];
        return area.some((n) => n < 43.5) ? [`${e.tagName} ${e.className} ${e.textContent} ${area.map(Math.round).join(' x ')}`] : [];
    });
});

const fits = (page) => page.evaluate(() => document.documentElement.scrollWidth <= window.innerWidth);

/** The screen is as it has to be; on a phone also at the narrowest. */
async function healthy(page, name) {
    await shot(page, name);
    assert.ok(await fits(page), `${name} fits`);
    const found = await page.evaluate(async (source) => {
        if (!window.axe) (0, eval)(source);
        return (await window.axe.run({ resultTypes: ['violations'] })).violations.map((v) => `${v.id}: ${v.nodes.map((n) => n.target.join(' ')).slice(0, 3).join(' | ')}`);
    }, axe);
    assert.deepEqual(found, [], name);
    if (page.viewportSize().width >= 768) return;
    assert.deepEqual(await small(page), [], `${name}: targets`);
    await page.setViewportSize({ width: 360, height: 740 });
    assert.ok(await fits(page), `${name} fits 360 px`);
    await page.setViewportSize(PHONE);
}

async function end(page) {
    assert.deepEqual(page.faults, []);
    await page.context().close();
}

/** Opens the menu of a message by its button, and an act of it. */
async function act(page, text, name) {
    await article(page, text).getByRole('button', { name: 'メッセージのメニュー' }).click({ force: true });
    await page.getByRole('dialog').getByRole('button', { name, exact: true }).click();
}

test('who is alone in a new company is led to the next step from each page, up to the slip in the hand', { timeout: 60_000 }, async () => {
    const page = await browser.page(PHONE);
    await browser.signIn(page, 'kashiwagi@hiyodori', PASSWORD);
    const alone = page.getByText('まだほかのメンバーがいません。', { exact: false });
    await alone.waitFor();
    assert.equal(await page.getByRole('searchbox').count(), 0, 'nothing to look for, no field for it');
    await healthy(page, 'alone-talk');
    await button(page, '新しいトーク').click();
    await page.getByRole('dialog').getByText('まだほかのメンバーがいません。', { exact: false }).waitFor();
    assert.ok(await button(page, 'トークを始める').isDisabled());
    await healthy(page, 'alone-new');
    await page.keyboard.press('Escape');
    await page.getByRole('link', { name: 'メンバー', exact: true }).click();
    await page.getByRole('link', { name: /柏木/ }).waitFor();
    await alone.waitFor();
    await healthy(page, 'alone-members');
    await button(page, 'メンバーを追加する').click();
    await page.getByRole('heading', { name: '本人確認' }).waitFor();
    await page.locator('input[type=password]').fill(PASSWORD);
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'メンバー', level: 1 }).waitFor();
    await button(page, 'メンバーを追加').click();
    const dialog = page.getByRole('dialog');
    await dialog.getByRole('textbox', { name: /^姓( \*)?$/ }).fill('伊勢');
    await dialog.getByRole('textbox', { name: /^名( \*)?$/ }).fill('翔太');
    await dialog.getByLabel('Engawa ID').fill('ise');
    await dialog.getByRole('button', { name: '追加', exact: true }).click();
    await page.locator('.slip').waitFor();
    const said = await page.locator('.slip').innerText();
    for (const words of ['株式会社ひよどり製パン', '伊勢 翔太 さん', 'ise@hiyodori', 'スマートフォンのカメラで QR コードを読み取るか'])
        assert.ok(said.includes(words), words);
    await page.getByRole('img', { name: /QR コード/ }).waitFor();
    slip = said.match(/https:\S+\/setup#\S+/)[0];
    await shot(page, 'slip');
    await end(page);
});

test('the first morning, on a phone', { timeout: 120_000 }, async () => {
    const add = (login, family, given, family_reading, given_reading) => acme.add(login, { family, given, family_reading, given_reading, password: PASSWORD, language: 'ja' });
    mayu = await add('morishita', '森下', '真由', 'もりした', 'まゆ');
    const megumi = await add('kobayakawa', '小早川', '恵', 'こばやかわ', 'めぐみ');
    await Promise.all([mayu.signIn(), megumi.signIn()]);

    // The slip: whose it is, what the password must be, said before anything is typed.
    const page = await browser.page(PHONE);
    await page.goto(slip);
    const first = page.locator('input[name=new]');
    await first.waitFor();
    const card = await page.locator('form').innerText();
    for (const words of ['株式会社ひよどり製パン', '伊勢 翔太', 'ise@hiyodori', '12文字以上'])
        assert.ok(card.includes(words), words);
    await healthy(page, 'slip-password');
    await first.fill(OWN);
    await page.locator('.password-rules .holds').first().waitFor();
    await button(page, '設定して始める').click();

    // An empty list that says what to do; the boss is found by reading and greeted.
    await page.getByText('トークはまだありません。相手を選んで始めてみましょう。', { exact: false }).waitFor();
    await page.getByRole('link', { name: /サービス通知/ }).getByText('案内のリンクからパスワードが設定されました。', { exact: false }).waitFor();
    assert.ok(await page.locator('.list-pane .empty').getByRole('button', { name: '新しいトーク' }).isVisible());
    await healthy(page, 'list-empty');
    await page.getByRole('link', { name: 'メンバー', exact: true }).click();
    await page.getByRole('searchbox', { name: /名前・読み/ }).fill('もり');
    await until('one colleague', async () => (await page.locator('.members-list .row').count()) === 1);
    await page.locator('.members-list .row', { hasText: '森下 真由' }).click();
    await page.getByRole('heading', { name: '森下 真由', level: 1 }).waitFor();
    await healthy(page, 'profile');
    await button(page, 'トークする').click();
    await page.getByText('まだメッセージはありません。最初のひとことを送ってみましょう。').waitFor();
    const composer = page.locator('#composer');
    assert.equal(await focused(composer), false, 'no keyboard over what is to be read');
    await composer.fill('おはようございます。今日からお世話になります。');
    await button(page, '送信').click();
    await article(page, '今日からお世話になります').waitFor();
    assert.equal(await composer.inputValue(), '');
    assert.ok(await focused(composer), 'and the next one can be written at once');
    const { rooms } = (await mayu.get('/rooms')).json;
    const direct = rooms.find((r) => r.kind === 'direct');
    await mayu.put(`/rooms/${direct.id}/read`, { seq: direct.last_seq });
    await article(page, '今日からお世話になります').getByText('既読', { exact: true }).waitFor();
    await mayu.say(direct.id, 'おはようございます。困ったら何でも聞いてください。');
    await article(page, '何でも聞いてください').waitFor();
    await healthy(page, 'hello');

    // The shop's room: much to read, from where it is new.
    const { id: ise } = (await mayu.get('/members')).json.members.find((m) => m.login === 'ise' || m.family === '伊勢');
    const room = (await acme.op('room.add', { name: '大船店', members: [mayu.id, megumi.id, ise] })).id;
    for (let i = 1; i <= 12; i++)
        await (i % 2 ? mayu : megumi).say(room, `引き継ぎ ${i}: レジの前の棚を毎朝ひとつずつ確かめています。`);
    await mayu.say(room, '冷蔵庫2番の温度、だれか見てもらえますか?');
    await mayu.post(`/rooms/${room}/messages`, { key: newKey(), kind: 'poll', text: '土曜の早番、入れますか?', poll: { choices: [{ text: '入れます' }, { text: '休みたいです' }], many: false, closed: false } });
    await button(page, '戻る').click();
    const row = page.getByRole('link', { name: /^大船店/ });
    await row.getByText('未読 14件').waitFor();
    await healthy(page, 'list');
    await row.click();
    const line = page.locator('.unread-line');
    await line.getByText('ここから未読').waitFor();
    await article(page, '引き継ぎ 1:').waitFor();
    const at = await line.evaluate((e) => (e.getBoundingClientRect().top - document.querySelector('.log').getBoundingClientRect().top) / document.querySelector('.log').clientHeight);
    assert.ok(at >= 0 && at < 0.5, `the new begins in the upper half: ${at}`);
    await healthy(page, 'room');

    // A stamp, an answer in a thread, a vote.
    await button(page, 'スタンプ').click();
    const stamps = page.getByRole('dialog', { name: 'スタンプ' });
    await stamps.getByRole('button', { name: '了解です' }).waitFor();
    await page.waitForFunction(() => document.querySelector('[role=dialog]')?.contains(document.activeElement));
    assert.equal(await focused(stamps.getByRole('searchbox')), false, 'the stamps are seen, not a keyboard');
    await healthy(page, 'stamps');
    await stamps.getByRole('button', { name: '了解です' }).click();
    await page.locator('article').getByRole('img', { name: '了解です' }).waitFor();
    await act(page, '冷蔵庫2番', 'スレッドで返信');
    const thread = page.getByRole('complementary', { name: 'スレッド' });
    await thread.getByRole('textbox', { name: 'スレッドに返信' }).fill('見てきます。');
    await button(page, 'スレッドに送信').click();
    await thread.locator('.thread-entry', { hasText: '見てきます。' }).locator('time').waitFor();
    await healthy(page, 'thread');
    await thread.getByRole('button', { name: '閉じる' }).click();
    await button(page, 'スレッドの返信 1件').waitFor();
    const choice = page.getByRole('button', { name: /^入れます/ });
    await choice.click();
    await choice.and(page.locator('[aria-pressed=true]')).getByText('伊勢').waitFor();
    assert.match(await choice.innerText(), /1票/);

    // Kept for later: it is told above, so that what is being written stays in sight, and found again.
    await act(page, '冷蔵庫2番', '保存');
    const toast = page.locator('.toast', { hasText: '保存しました' });
    await toast.waitFor();
    const below = await toast.boundingBox();
    const head = await page.locator('.room-head').boundingBox();
    assert.ok(below.y >= head.y + head.height && below.y + below.height < 844 / 3, `below the head, far from the composer: ${below.y}`);
    await button(page, '戻る').click();
    await button(page, '保存と予約').click();
    await page.getByRole('dialog').locator('.kept', { hasText: '冷蔵庫2番の温度' }).waitFor();
    await healthy(page, 'kept');
    await page.keyboard.press('Escape');
    await until('the focus is back', () => focused(button(page, '保存と予約')));

    // A word is found; filters that hold nothing say what would stand there.
    await page.getByRole('searchbox', { name: 'トークを検索' }).fill('棚');
    await page.locator('.hit mark', { hasText: '棚' }).first().waitFor();
    assert.match(await page.locator('.search-hits').innerText(), /12件見つかりました/);
    await healthy(page, 'search');
    await page.getByRole('searchbox', { name: 'トークを検索' }).fill('存在しないことば');
    await page.getByText(/一致するメッセージはありません。ことばを短くするか/).waitFor();
    await button(page, '検索を消す').click();
    await button(page, '自分宛て').click();
    await page.getByText(/自分宛てのメッセージはありません。「@」で名前を呼ばれたトーク/).waitFor();

    // The own picture and nickname; then another language and the dark, and all of it is still there after signing out.
    await page.getByRole('link', { name: 'その他', exact: true }).click();
    await page.getByRole('link', { name: '設定' }).click();
    assert.equal(await page.getByText('送信キー', { exact: true }).count(), 0, 'keys are no matter of a phone');
    await page.getByRole('navigation', { name: '設定の項目' }).getByRole('button', { name: 'アカウント', exact: true }).click();
    const part = page.getByRole('heading', { name: 'アカウント', level: 2 });
    assert.ok(await focused(part), 'the part is gone to, for the keyboard too');
    assert.ok((await part.boundingBox()).y < 200, 'and stands at the top');
    await page.locator('input[type=file]').setInputFiles(path.join(ROOT, 'doc/screens/room-desktop.png'));
    await page.getByRole('dialog').getByRole('button', { name: 'この範囲で保存' }).click();
    await page.locator('.own-photo img.face').waitFor();
    await button(page, 'ニックネームを変更').click();
    await page.getByRole('dialog').getByLabel('ニックネーム').fill('いせっち');
    await page.getByRole('dialog').getByRole('button', { name: '保存', exact: true }).click();
    await page.locator('.own-field', { hasText: 'いせっち' }).waitFor();
    await healthy(page, 'settings');
    await page.getByRole('radio', { name: 'English' }).check({ force: true });
    await page.getByRole('heading', { name: 'Settings', level: 1 }).waitFor();
    await page.getByRole('radio', { name: 'Dark', exact: true }).check({ force: true });
    await page.locator('html[data-mantine-color-scheme=dark]').waitFor({ state: 'attached' });
    await healthy(page, 'settings-en-dark');
    await page.getByRole('link', { name: 'More', exact: true }).click();
    await button(page, 'Log out').click();
    await page.getByRole('dialog').getByRole('button', { name: 'Log out', exact: true }).click();
    await page.locator('input[type=password]').waitFor();
    await browser.signIn(page, 'ise@hiyodori', OWN);
    await page.getByRole('heading', { name: 'Talk', level: 1 }).waitFor();
    await page.getByRole('link', { name: /^大船店.*people/ }).waitFor();
    assert.equal(await page.evaluate(() => document.documentElement.lang), 'en');
    await healthy(page, 'back-en-dark');
    await page.getByRole('link', { name: /^大船店/ }).click();
    await page.getByRole('button', { name: '1 reply in the thread' }).waitFor();
    await page.getByRole('button', { name: /^入れます\s*1 vote\b/ }).waitFor();
    await end(page);
});

const FIRST = {
    ja: { locale: 'ja-JP', set: '設定して始める', empty: /^トークはまだありません。/, members: 'メンバー', search: /名前・読み/, talk: 'トークする', none: /^まだメッセージはありません。/, send: '送信' },
    en: { locale: 'en-US', set: 'Set it and start', empty: /^No talks yet\./, members: 'Members', search: /name, reading/, talk: 'Talk', none: /^No messages yet\./, send: 'Send' },
};
for (const [lang, look] of looks([['en', { width: 1280, height: 800, dark: true }], ['ja', { width: 1280, height: 800 }], ['en', PHONE]], 1))
    test(`the first steps, ${lang}, ${look.width} px`, { timeout: 60_000 }, async () => {
        const say = FIRST[lang];
        const name = `${lang}-${look.width}`;
        const newcomer = await acme.add(`new${lang}${look.width}`, { family: '野口', given: '智子', password: newPassword(), language: lang });
        const page = await browser.page({ ...look, locale: say.locale });
        await page.goto(`${house.origin}/t/${acme.number}/setup#${await acme.link(newcomer)}`);
        await page.locator('input[name=new]').fill(OWN);
        await button(page, say.set).click();
        await page.getByText(say.empty).waitFor();
        await healthy(page, `${name}-empty`);
        await page.getByRole('link', { name: say.members, exact: true }).click();
        await page.getByRole('searchbox', { name: say.search }).fill('もりした');
        await page.locator('.members-list .row', { hasText: '森下 真由' }).click();
        await button(page, say.talk).click();
        await page.getByText(say.none).waitFor();
        const composer = page.locator('#composer');
        assert.equal(await focused(composer), look.width > 768, 'the field has the focus at a desk, and no keyboard rises on a phone');
        await composer.fill('はじめまして。');
        await button(page, say.send).click();
        await article(page, 'はじめまして。').locator('time').waitFor();
        await healthy(page, `${name}-hello`);
        await end(page);
    });

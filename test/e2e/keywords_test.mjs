// Words of one's own: set on a phone, known at the desk; a muted talk sounds, marks them and stands among the mentions; what
// came while nothing was open is found when it is opened.
import path from 'node:path';
import { axeSource, Browser } from '../lib/browser.mjs';
import { House, ROOT } from '../lib/house.mjs';
import { openTenant } from '../lib/people.mjs';
import { after, assert, before, test, until } from '../lib/test.mjs';

let house, acme, ann, ben, room, browser;

before(async () => {
    house = await House.start();
    acme = await openTenant(house, 'acme');
    ann = await acme.add('ann', { family: '森下', given: '真由' });
    ben = await acme.add('ben', { family: '柳', given: 'さつき' });
    for (const p of [ann, ben])
        await p.signIn();
    room = (await ann.post('/rooms', { kind: 'several', name: '早番', members: [ben.id] })).json.id;
    assert.equal((await ann.put(`/rooms/${room}/prefs`, { muted: true, pinned: false })).status, 200);
    await ann.put(`/rooms/${room}/read`, { seq: (await ann.get('/rooms')).json.rooms.find((r) => r.id === room).last_seq });
    browser = await Browser.start(house);
});
after(async () => {
    await browser?.chromium.close();
    await house?.remove();
});

const shot = (page, name) => page.screenshot({ path: path.join(ROOT, `build/e2e/keywords-${name}.png`) });
const fits = async (page) => assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= window.innerWidth), 'nothing overflows');
async function axe(page) {
    await page.evaluate(axeSource());
    const { violations } = await page.evaluate(() => window.axe.run(document, { runOnly: ['wcag2a', 'wcag2aa'] }));
    assert.deepEqual(violations.map((v) => `${v.id}: ${v.nodes[0]?.html}`), []);
}
const settings = async (page) => {
    await page.goto(`${house.origin}/t/${acme.number}/app/settings`);
    return page.locator('section', { has: page.getByRole('heading', { name: /^(キーワード通知|Keyword alerts)$/ }) });
};
const signedIn = async (person, options) => {
    const page = await browser.page(options);
    // The sound as the page makes it: every note that is begun.
    await page.addInitScript(() => {
        globalThis.notes = 0;
        const start = OscillatorNode.prototype.start;
        OscillatorNode.prototype.start = function begin(...a) {
            globalThis.notes += 1;
            return start.apply(this, a);
        };
    });
    await browser.signIn(page, `${person.login}@acme`, person.password);
    await page.getByRole('link', { name: /早番/ }).waitFor();
    return page;
};

test('words are added and removed by keyboard and finger, known on the other device at once, and refused with a reason', { timeout: 120_000 }, async () => {
    const phone = await signedIn(ann, { width: 390, height: 844 });
    const desk = await signedIn(ann, { width: 1280, height: 800, locale: 'en-US' });
    await desk.evaluate(() => localStorage.setItem('engawa.prefs', JSON.stringify({ ...JSON.parse(localStorage.getItem('engawa.prefs')), lang: 'en' })));
    const [here, there] = [await settings(phone), await settings(desk)];
    await there.getByText('No keywords yet').waitFor();
    await there.scrollIntoViewIfNeeded();
    await shot(desk, 'empty-1280-en');
    const field = here.getByLabel('追加するキーワード');
    await here.getByText('キーワードはまだありません').waitFor();
    await here.evaluate((e) => e.scrollIntoView());
    await shot(phone, 'empty-390-ja');
    await axe(phone);

    // The Enter that ends a composition is the input method's.
    await field.focus();
    const cdp = await phone.context().newCDPSession(phone);
    await cdp.send('Input.imeSetComposition', { text: 'はっちゅう', selectionStart: 5, selectionEnd: 5 });
    await cdp.send('Input.dispatchKeyEvent', { type: 'keyDown', key: 'Enter', code: 'Enter', windowsVirtualKeyCode: 229, text: '\r' });
    await cdp.send('Input.insertText', { text: '発注' });
    assert.equal(await field.inputValue(), '発注');
    assert.equal(await here.locator('.keyword-chip').count(), 0, 'not added yet');
    await phone.keyboard.press('Enter');
    await here.getByRole('button', { name: '「発注」を削除' }).waitFor();
    assert.equal(await field.inputValue(), '');
    assert.ok(await field.evaluate((e) => e === document.activeElement), 'the next one can be typed');
    await there.locator('.keyword-chip', { hasText: '発注' }).waitFor();

    const refused = async (word, why) => {
        await field.fill(word);
        await phone.keyboard.press('Enter');
        await here.getByRole('alert').filter({ hasText: why }).waitFor();
    };
    await refused('', 'キーワードを入力してください。');
    await refused('あ'.repeat(41), '40文字までにしてください。いまは41文字です。');
    await refused('！？', '記号だけのキーワードは登録できません。');
    for (const word of ['カレーパン', '大船店', 'ABC商事', 'いちじくとくるみのライ麦パン二回目の試作の件です', 'レジ']) {
        await field.fill(word);
        await here.getByRole('button', { name: '追加' }).click();
        await here.getByRole('button', { name: `「${word}」を削除` }).waitFor();
    }
    await refused('ｶﾚｰﾊﾟﾝ', '同じキーワード「カレーパン」がすでにあります。');
    await here.evaluate((e) => e.scrollIntoView());
    await shot(phone, 'error-390-ja');
    await axe(phone);
    await fits(phone);
    await field.fill('');

    await here.getByRole('button', { name: '「大船店」を削除' }).click();
    await here.getByText('「大船店」を削除しました').waitFor();
    assert.equal(await phone.evaluate(() => document.activeElement.getAttribute('aria-label')), '「ABC商事」を削除', 'the focus is at the next one');
    await there.locator('.keyword-chip', { hasText: '大船店' }).waitFor({ state: 'detached' });
    await here.getByRole('button', { name: '元に戻す' }).click();
    await there.locator('.keyword-chip', { hasText: '大船店' }).waitFor();
    assert.deepEqual(await there.locator('.keyword-chip').allInnerTexts(), ['発注', 'カレーパン', '大船店', 'ABC商事', 'いちじくとくるみのライ麦パン二回目の試作の件です', 'レジ']);
    await there.scrollIntoViewIfNeeded();
    await shot(desk, 'list-1280-en');
    await fits(desk);
    await phone.setViewportSize({ width: 360, height: 800 });
    await fits(phone);
    const sizes = await here.locator('.keyword-chip .icon-button').evaluateAll((all) => all.map((e) => e.getBoundingClientRect()).map((r) => Math.min(r.width, r.height)));
    assert.ok(sizes.every((s) => s >= 44), `${sizes}`);
    for (const page of [phone, desk]) {
        assert.deepEqual(page.faults, []);
        await page.context().close();
    }
});

test('a muted talk sounds for a word of somebody else, marks it and stands among the mentions until it is read', { timeout: 120_000 }, async () => {
    const me = await signedIn(ann, { width: 390, height: 844 });
    const other = await signedIn(ben, { width: 1280, height: 800 });
    const row = me.getByRole('link', { name: /早番/ });
    await me.getByRole('button', { name: '自分宛て' }).click();
    await me.getByText('自分宛てのメッセージはありません。', { exact: false }).waitFor();
    await me.getByRole('button', { name: 'すべて' }).click();
    await other.getByRole('link', { name: /早番/ }).click();
    const say = async (text) => {
        await other.locator('#composer').fill(text);
        await other.keyboard.press('Enter');
        await row.getByText(text.slice(0, 8)).waitFor();
    };
    await say('おはようございます。');
    assert.equal(await me.evaluate(() => globalThis.notes), 0, 'the talk is muted');
    assert.equal(await row.getByText('キーワードを含むメッセージがあります').count(), 0);
    await say('強力粉のハッチュウではなく発注、*ｶﾚｰﾊﾟﾝ*は残り4です。report は abc商事 へ');
    await me.waitForFunction(() => globalThis.notes === 2);
    await row.getByText('キーワードを含むメッセージがあります').waitFor();
    assert.equal(await other.locator('mark.keyword').count(), 0, 'to the one who wrote it nothing is marked');
    await me.waitForFunction(() => document.querySelector('link[rel="icon"]').getAttribute('href') === '/mark-unread.svg');
    await me.getByRole('button', { name: '自分宛て' }).click();
    await row.waitFor();
    await axe(me);
    await shot(me, 'row-390-ja');
    await row.click();
    const marks = me.locator('article mark.keyword');
    await marks.first().waitFor();
    assert.deepEqual(await marks.allInnerTexts(), ['発注', 'ｶﾚｰﾊﾟﾝ', 'abc商事']);
    await axe(me);
    await fits(me);
    await shot(me, 'room-390-ja');
    await until(async () => (await ann.get('/rooms')).json.rooms.every((r) => r.id !== room || r.read_seq === r.last_seq), 'it has been in front long enough');
    await me.goBack();
    await me.getByText('自分宛てのメッセージはありません。', { exact: false }).waitFor();

    // Nothing is open: the word is found by search when it is opened again.
    await me.goto('about:blank');
    await other.locator('#composer').fill('レジの紙、予備ありますか');
    await other.keyboard.press('Enter');
    await other.locator('article', { hasText: 'レジの紙' }).waitFor();
    await other.waitForFunction(() => document.querySelectorAll('article.pending').length === 0);
    await me.goto(`${house.origin}/t/${acme.number}/app/talk`);
    await row.getByText('キーワードを含むメッセージがあります').waitFor();
    assert.equal(await me.evaluate(() => globalThis.notes), 0, 'what is past makes no sound');
    await me.emulateMedia({ colorScheme: 'dark' });
    await row.click();
    await me.locator('article mark.keyword', { hasText: 'レジ' }).waitFor();
    await axe(me);
    await shot(me, 'room-390-dark');
    for (const page of [me, other]) {
        assert.deepEqual(page.faults, []);
        await page.context().close();
    }
});

// What is sent besides words at once, kept at hand, or wanted at a moment, as people do it on a phone and at a desk.
import path from 'node:path';
import { axeSource, Browser } from '../lib/browser.mjs';
import { House, ROOT } from '../lib/house.mjs';
import { openTenant } from '../lib/people.mjs';
import { after, assert, before, test, until } from '../lib/test.mjs';

let house, acme, ann, ben, room, browser;

before(async () => {
    house = await House.start();
    acme = await openTenant(house, 'acme');
    ann = await acme.add('ann', { family: '森下', given: '真由', family_reading: 'もりした', given_reading: 'まゆ' });
    ben = await acme.add('ben', { family: '柳', given: 'さつき', family_reading: 'やなぎ', given_reading: 'さつき' });
    for (const p of [ann, ben])
        await p.signIn();
    room = (await ann.post('/rooms', { kind: 'several', name: '早番', members: [ben.id] })).json.id;
    await ben.say(room, '鍵は事務所の引き出しです');
    browser = await Browser.start(house);
});
after(async () => {
    await browser?.chromium.close();
    await house?.remove();
});

async function healthy(page, where) {
    assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= window.innerWidth), `${where}: nothing overflows`);
    await page.evaluate(axeSource());
    const { violations } = await page.evaluate(() => window.axe.run(document, { runOnly: ['wcag2a', 'wcag2aa'] }));
    assert.deepEqual(violations.map((v) => `${where}: ${v.id}: ${v.nodes[0]?.html}`), []);
}

for (const [width, dark] of [[390, false], [1280, true]])
    test(`sent later, saved, reminded, important, a place, a colleague: ${width} px`, { timeout: 120_000 }, async () => {
        const page = await browser.page({ width, height: 800, locale: 'ja-JP', dark });
        const look = async (what) => {
            await healthy(page, what);
            await page.screenshot({ path: path.join(ROOT, `build/e2e/later-${what}-${width}.png`) });
        };
        await browser.signIn(page, 'ann@acme', ann.password);
        await page.waitForURL(/app/);
        await page.goto(`${house.origin}/t/${acme.number}/app/talk/${room}`);
        const composer = page.locator('#composer');
        const more = async (act) => {
            await page.getByRole('button', { name: 'ほかに送る' }).click();
            await page.getByRole('dialog').getByRole('button', { name: act }).click();
        };
        const said = (text) => page.locator('article', { hasText: text }).first();
        await said('鍵は事務所').waitFor();

        // Nothing written yet: it says what to do first.
        await more('日時を指定して送る');
        await page.getByText('先にメッセージを入力して').waitFor();
        await page.keyboard.press('Escape');
        await page.getByRole('dialog').waitFor({ state: 'detached' });
        await composer.fill(`明日の朝は納品があります ${width}`);
        await more('日時を指定して送る');
        await look('when');
        await page.getByRole('button', { name: /明日の朝9時/ }).click();
        await page.getByText(/9:00 に送信します/).waitFor();
        assert.equal(await composer.inputValue(), '');
        assert.equal((await ann.get('/later')).json.items.filter((i) => i.text.endsWith(String(width))).length, 1);

        await composer.fill(`必ず読んでください ${width}`);
        await more('重要なメッセージとして送る');
        await look('important');
        await page.getByRole('button', { name: '期限なしで送信' }).click();
        await said(`必ず読んでください ${width}`).getByText('重要', { exact: true }).waitFor();
        await look('room');
        const sent = (await ben.get(`/rooms/${room}/messages`)).json.messages.find((m) => m.text === `必ず読んでください ${width}`);
        assert.equal(sent.important, true);

        await more('場所を送る');
        await page.getByLabel('緯度, 経度').fill('35.3387、139.4906');
        await page.getByLabel('場所の名前').fill('大船店');
        await look('place');
        await page.getByRole('button', { name: '場所を送信' }).click();
        await said('大船店').waitFor();
        await more('連絡先を送る');
        await page.getByPlaceholder('名前・読みで探す').fill('やな');
        await look('contact');
        await page.getByRole('dialog').getByRole('button', { name: '柳 さつき' }).click();
        await page.locator('article .sent-card', { hasText: '柳 さつき' }).first().waitFor();

        // Saved, and reminded of.
        const menu = async () => {
            await said('鍵は事務所').hover();
            await said('鍵は事務所').getByRole('button', { name: 'メッセージのメニュー' }).click({ force: true });
        };
        await menu();
        await page.getByRole('dialog').getByRole('button', { name: '保存', exact: true }).click();
        await page.getByText('保存しました').waitFor();
        await menu();
        await page.getByRole('dialog').getByRole('button', { name: '保存を外す' }).waitFor();
        await page.getByRole('dialog').getByRole('button', { name: 'リマインダー' }).click();
        await page.getByRole('button', { name: /次の月曜の朝9時/ }).click();
        await page.getByText(/9:00 にお知らせします/).waitFor();

        if (width < 768) await page.getByRole('button', { name: '戻る' }).click();
        await page.getByRole('button', { name: '保存と予約' }).click();
        const dialog = page.getByRole('dialog');
        await dialog.getByText('鍵は事務所の引き出しです').waitFor();
        await look('saved');
        await dialog.getByRole('button', { name: '送信予約・リマインダー' }).click();
        await dialog.getByText(`明日の朝は納品があります ${width}`).waitFor();
        await look('waiting');
        // Taken back into the composer, where it can be changed.
        await dialog.locator('li', { hasText: `納品があります ${width}` }).getByRole('button', { name: '編集' }).click();
        await page.waitForFunction((text) => document.getElementById('composer')?.value.includes(text), `納品があります ${width}`);
        assert.deepEqual((await ann.get('/later')).json.items.map((i) => i.kind), ['reminder']);
        assert.deepEqual(page.faults, []);
        await composer.fill('');
        await until(async () => (await ann.get('/drafts')).json.drafts.length === 0, 'nothing is left unsent');
        await ann.put(`/messages/${(await ann.get('/saved')).json.messages[0].id}/saved`, { on: false });
        await ann.delete(`/later/${(await ann.get('/later')).json.items[0].id}`);
        await page.context().close();
    });

test('what was begun on the phone is finished at the desk', { timeout: 60_000 }, async () => {
    const phone = await browser.page({ width: 390, height: 800, locale: 'ja-JP' });
    const desk = await browser.page({ width: 1280, height: 800, locale: 'ja-JP' });
    for (const page of [phone, desk]) {
        await browser.signIn(page, 'ben@acme', ben.password);
        await page.waitForURL(/app/);
        await page.getByRole('link', { name: /早番/ }).waitFor();
    }
    await phone.getByRole('link', { name: /早番/ }).click();
    await phone.locator('#composer').fill('在庫は棚の');
    await desk.locator('.row-draft', { hasText: '在庫は棚の' }).waitFor();
    await desk.getByRole('link', { name: /早番/ }).click();
    await desk.waitForFunction(() => document.getElementById('composer')?.value === '在庫は棚の');
    await desk.locator('#composer').fill('在庫は棚の奥です');
    await desk.keyboard.press('Enter');
    await phone.locator('article', { hasText: '在庫は棚の奥です' }).waitFor();
    await until(async () => (await ben.get('/drafts')).json.drafts.length === 0, 'sent is not kept');
    await phone.waitForFunction(() => document.getElementById('composer')?.value === '');
    assert.equal((await ben.get(`/rooms/${room}/messages`)).json.messages.filter((m) => m.text.startsWith('在庫')).length, 1);
    // Another browser that comes in later finds what was left.
    await desk.locator('#composer').fill('あとは');
    await until(async () => (await ben.get('/drafts')).json.drafts.some((d) => d.text === 'あとは'), 'it is kept');
    const later = await browser.page({ width: 1280, height: 800, locale: 'ja-JP' });
    await browser.signIn(later, 'ben@acme', ben.password);
    await later.locator('.row-draft', { hasText: 'あとは' }).waitFor();
    for (const page of [phone, desk, later])
        await page.context().close();
});

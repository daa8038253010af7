// The demo company as a visitor meets it, on a phone and at a desk, in light and dark: unread talk waits, a room, its thread
// and its poll open, and a colleague has a face and words of its own. DEMO_SHOTS=FOLDER keeps pictures of it.
import path from 'node:path';
import { Browser, looks, turn } from '../lib/browser.mjs';
import { House, until } from '../lib/house.mjs';
import { after, assert, before, test } from '../lib/test.mjs';
import { makeDemo } from '../../tool/demo_make.mjs';

const PASSWORD = 'kotatsu to mikan';
const POLL = '年末の最終日31日、何時まで入れますか?';
const ROOT_OF_THREAD = '乳製品はいったん1番へ移してください。';
let house, browser;

before(async () => {
    house = await House.start();
    await makeDemo(house.dir, new Map(['kashiwagi', 'morishita', 'ise', 'hiyori'].map((l) => [l, PASSWORD])));
    browser = await Browser.start(house);
});
after(async () => {
    await browser?.stop();
    await house.remove();
});

const shot = (page, name) => (process.env.DEMO_SHOTS ? page.screenshot({ path: path.join(process.env.DEMO_SHOTS, `${name}.png`) }) : undefined);

for (const [name, options] of looks(Object.entries({ phone: { width: 390, height: 844 }, 'desk-dark': { dark: true }, 'phone-dark': { width: 390, height: 844, dark: true }, desk: {} })))
    test(`a visitor looks around (${name})`, async () => {
        const page = await browser.page(options);
        await browser.signIn(page, 'morishita@hiyodori', PASSWORD);
        const link = page.getByRole('link', { name: /大船店/ }).first();
        await link.waitFor();
        assert.ok(await page.getByRole('link', { name: /未読/ }).count() > 2, 'unread talk waits');
        await shot(page, `${name}-list`);
        await link.click();
        await page.locator('article').last().waitFor();
        await shot(page, `${name}-room`);
        const seen = async (text) => {
            const article = page.locator('article', { hasText: text }).first();
            await page.locator('.log').hover();
            await until(text, async () => {
                if (await article.count()) return true;
                await turn(page, -300);
                await page.evaluate(() => new Promise((r) => { requestAnimationFrame(() => requestAnimationFrame(r)); }));
                return false;
            });
            await article.scrollIntoViewIfNeeded();
            return article;
        };
        const poll = await seen(POLL);
        assert.match(await poll.innerText(), /15時まで[\s\S]*小早川、柳/);
        await shot(page, `${name}-poll`);
        const thread = page.getByRole('complementary', { name: 'スレッド' });
        const reply = thread.getByText('庫内6℃です', { exact: false });
        await until('the thread', async () => {   // rows that are measured move the button
            await (await seen(ROOT_OF_THREAD)).getByRole('button', { name: /スレッドの返信/ }).click({ timeout: 3_000 });
            await reply.waitFor({ timeout: 3_000 });
            return true;
        });
        assert.equal(await thread.getByRole('listitem').count() >= 7, true);
        const fields = await page.locator('.composer textarea').evaluateAll((all) => all.map((e) => e.getBoundingClientRect().bottom - window.innerHeight));
        assert.ok(fields.length === 2 && fields.every((below) => below <= 0), `a long thread leaves the fields of room and thread in sight: ${fields}`);
        await shot(page, `${name}-thread`);
        await page.goto(`${page.url().split('/app/')[0]}/app/members`);
        await page.getByText('浅野 大輔').first().click();
        await page.getByText('困ったら相談トークへ').last().waitFor();
        await shot(page, `${name}-profile`);
        assert.deepEqual(page.faults, []);
        await page.context().close();
    });

// 一括追加 in the browser: 200 members whose list has two bad lines are in within ten clicks, with their slips.
import fs from 'node:fs';
import path from 'node:path';
import { Browser, healthy } from '../lib/browser.mjs';
import { House, ROOT } from '../lib/house.mjs';
import { after, assert, before, proves, test } from '../lib/test.mjs';

const PASSWORD = 'ein langes Kennwort 7';
const shots = path.join(ROOT, 'build/e2e');
let house, browser, tenant;

before(async () => {
    fs.mkdirSync(shots, { recursive: true });
    house = await House.start();
    ({ tenant } = await house.op('tenant.open', {
        workgroup: 'hiyodori', company: '株式会社ひよどり製パン', admin: { login: 'kashiwagi', family: '柏木', given: '修一', password: PASSWORD },
    }));
    browser = await Browser.start(house);
});
after(async () => {
    await browser?.stop();
    await house?.remove();
});

/** A list of 200 in Shift_JIS, as a spreadsheet saves it: 森下 and its ID but for two lines. */
function list() {
    const [family, given] = [Buffer.from([0x90, 0x58, 0x89, 0xba]), Buffer.from([0x90, 0x5e, 0x97, 0x52])];
    const comma = Buffer.from(','), end = Buffer.from('\r\n');
    const lines = [Buffer.concat([Buffer.from('Engawa ID,'), Buffer.from([0x90, 0xa9]), comma, Buffer.from([0x96, 0xbc]), end])];
    for (let i = 0; i < 200; i++)
        lines.push(Buffer.concat([Buffer.from(i === 6 ? 'm 6' : `m${i}`), comma, i === 120 ? Buffer.alloc(0) : family, comma, given, end]));
    return Buffer.concat(lines);
}

async function enter(page, en = false) {
    if (en) {
        await page.goto(`${house.origin}/`);
        await page.getByRole('button', { name: 'English', exact: true }).click();
        await page.getByRole('button', { name: 'Log in', exact: true }).waitFor();
    }
    await browser.signIn(page, 'kashiwagi@hiyodori', PASSWORD);
    await page.getByRole('link', { name: en ? /Talk/ : /トーク/ }).first().waitFor();
    await page.goto(`${house.origin}/console/member-member/import`);
    await page.locator('input[type=password]').fill(PASSWORD);
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { level: 1, name: en ? 'Add many members' : 'メンバーの一括追加' }).waitFor();
}

async function look(page, name) {
    await healthy(page, name);
    await page.screenshot({ path: path.join(shots, `${name}.png`) });
}

const file = (name) => ({ name, mimeType: 'text/csv', buffer: list() });

test('200 members with two bad lines are mended and added within ten clicks', { timeout: 120_000 }, async () => {
    proves('MEM-09', 'MEM-11');
    const page = await browser.page();
    await enter(page);
    await look(page, 'import-choose-1280');
    let clicks = 0;
    const click = async (name) => {
        clicks++;
        await page.getByRole('button', { name, exact: true }).click();
    };
    clicks++;
    await page.locator('input[type=file]').setInputFiles(file('名簿.csv'));
    await page.getByText('2件の誤り').first().waitFor();
    await page.getByText(/200人のうち198人/).waitFor();
    await look(page, 'import-errors-1280');
    const fields = page.locator('.bad-cells input');
    for (const [i, text] of [[0, 'm6'], [1, '柳']]) {
        clicks++;
        await fields.nth(i).fill(text);
    }
    await click('もう一度確認する');
    await page.getByText('追加できます').waitFor();
    await click('200人を追加');
    await page.getByRole('heading', { name: '200人を追加しました' }).waitFor();
    await click('初回ログインのご案内を作る');
    await page.getByRole('button', { name: '200人分を印刷する' }).waitFor();
    assert.equal(await page.locator('.slip').count(), 200);
    assert.match(await page.locator('.slip-address').first().textContent(), new RegExp(`/t/${tenant}/setup#`));
    assert.ok(clicks <= 10, `${clicks} clicks`);
    await look(page, 'import-slips-1280');
    assert.equal((await house.op('member.all', { limit: 200 }, 'hiyodori')).more, true, '200 and the super admin');
    assert.deepEqual(page.faults, []);
    await page.context().close();
});

test('on a phone and in English: a line is left out, a wrong file says what to do', { timeout: 120_000 }, async () => {
    proves('MEM-09');
    for (const [width, locale] of [[390, 'ja-JP'], [360, 'en-US']]) {
        const en = locale === 'en-US';
        const page = await browser.page({ width, height: 780, locale });
        await enter(page, en);
        await page.locator('input[type=file]').setInputFiles({ name: 'x.csv', mimeType: 'text/csv', buffer: Buffer.from('Engawa ID,姓,管理者権限\na,b,sub\n') });
        await page.getByText(en ? /Admin rights are not given/ : /管理者権限は一括追加では付けられません/).waitFor();
        await look(page, `import-refused-${width}`);
        await page.getByRole('button', { name: en ? 'Choose another file' : '別のファイルを選ぶ' }).click();
        await page.locator('input[type=file]').setInputFiles({ name: 'y.csv', mimeType: 'text/csv', buffer: Buffer.from(`Engawa ID,姓,名\nok${width},良,い\nNo Good,悪,い\n`) });
        await page.getByRole('button', { name: en ? 'Leave this line out' : 'この行を除く' }).click();
        await look(page, `import-errors-${width}`);
        await page.getByRole('button', { name: en ? 'Check again' : 'もう一度確認する' }).click();
        await page.getByRole('button', { name: en ? 'Add 1 member' : '1人を追加' }).click();
        await page.getByRole('heading', { name: en ? 'Members added: 1' : '1人を追加しました' }).waitFor();
        assert.deepEqual(page.faults, []);
        await page.context().close();
    }
});

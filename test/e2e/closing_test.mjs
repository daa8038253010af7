// Engawa の解約 in the browser: what stands in the way, the boxes, the name, the password once more, and the confirmation that can
// be printed, after which nobody can log in.
import fs from 'node:fs';
import path from 'node:path';
import { Browser, healthy, looks } from '../lib/browser.mjs';
import { House, ROOT } from '../lib/house.mjs';
import { after, assert, before, proves, test, until } from '../lib/test.mjs';

const PASSWORD = 'ein langes Kennwort 7';
const shots = path.join(ROOT, 'build/e2e');
let house, browser;
const WORDS = {
    ja: {
        cancel: 'Engawa を解約する', ask: 'Engawa を解約する', title: 'Engawa の解約', none: /最高管理者のほかに、メンバーはいません/, wait: /利用中のメンバー 1人/, tick: /チェックを付けてください/,
        boxes: [/セキュリティの担当部署/, /ほかの場所に保存/, /メンバーに伝えました/], name: /ワークグループ名/, done: 'Engawa を解約しました', print: '印刷する', away: '閉じる', proof: '確認する',
    },
    en: {
        cancel: 'Cancel Engawa', ask: 'End Engawa', title: 'Cancel Engawa', none: /Nobody but the super admin is left/, wait: /1 member in use/, tick: /tick the box/,
        boxes: [/security department/, /saved elsewhere/, /have been told/], name: /workgroup's name/, done: 'Engawa has been cancelled', print: 'Print', away: 'Close', proof: 'Confirm',
    },
};

before(async () => {
    fs.mkdirSync(shots, { recursive: true });
    house = await House.start();
    browser = await Browser.start(house);
});
after(async () => {
    await browser?.stop();
    await house?.remove();
});

async function look(page, name) {
    await healthy(page, name);
    await page.screenshot({ path: path.join(shots, `${name}.png`), fullPage: true });
}

async function cancels({ width, height, lang }) {
    const w = WORDS[lang], workgroup = `tsubame-${width}-${lang}`, name = (what) => `closing-${what}-${width}${lang === 'en' ? '-en' : ''}`;
    await house.op('tenant.open', { workgroup, company: '株式会社つばめ印刷', admin: { login: 'kuroda', family: '黒田', given: '節子', password: PASSWORD } });
    const { id } = await house.op('member.add', { login: 'asano', family: '浅野', given: '大輔', password: PASSWORD }, workgroup);
    const page = await browser.page({ width, height, touch: false, locale: lang === 'en' ? 'en-US' : 'ja-JP' });
    if (lang === 'en') {
        await page.goto(`${house.origin}/`);
        await page.getByRole('button', { name: 'English', exact: true }).click();
        await page.getByRole('button', { name: 'Log in', exact: true }).waitFor();
    }
    await browser.signIn(page, `kuroda@${workgroup}`, PASSWORD);
    await page.getByRole('link', { name: lang === 'en' ? /Talk/ : /トーク/ }).first().waitFor();
    await page.goto(`${house.origin}/console/basic-cancel`);
    await page.locator('input[type=password]').fill(PASSWORD);
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { level: 1, name: w.title }).waitFor();
    await page.getByText(w.wait).waitFor();
    assert.equal(await page.getByRole('button', { name: w.cancel, exact: true }).isDisabled(), true);
    await look(page, name('wait'));
    await house.op('member.delete', { member: id }, workgroup);
    await page.reload();
    await page.getByText(w.none).waitFor();
    const act = page.locator('.closing-form').getByRole('button', { name: w.cancel, exact: true });
    await act.click();
    await page.getByText(w.tick).first().waitFor();
    for (const b of w.boxes)
        await page.getByRole('checkbox', { name: b }).check();
    await page.getByRole('textbox', { name: w.name }).fill('tsubame');
    await act.click();
    await page.locator('[aria-invalid="true"]').waitFor();
    await look(page, name('name'));
    await page.getByRole('textbox', { name: w.name }).fill(workgroup);
    await act.click();
    await page.getByRole('dialog').waitFor();
    await look(page, name('ask'));
    // The proof of before is six minutes old.
    await house.op('test.clock', { value: 6 * 60_000 }, workgroup);
    await page.getByRole('dialog').getByRole('button', { name: w.ask, exact: true }).click();
    const proof = page.getByRole('dialog').last();
    await proof.locator('input[type=password]').fill(PASSWORD);
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { level: 1, name: w.done }).waitFor();
    await page.getByText(workgroup, { exact: true }).waitFor();
    await page.getByRole('button', { name: w.print }).waitFor();
    await look(page, name('done'));
    await until(async () => (await house.op('tenant.list')).tenants.find((t) => t.workgroup === workgroup).state === 'closing', 'it is closing');
    assert.equal(await page.getByRole('heading', { level: 1, name: w.done }).count(), 1, 'the page stays when the session is gone');
    await page.emulateMedia({ media: 'print' });
    assert.equal(await page.getByRole('button', { name: w.print }).count(), 0, 'no button is printed');
    await page.screenshot({ path: path.join(shots, `${name('print')}.png`) });
    await page.emulateMedia({ media: 'screen' });
    await page.getByRole('button', { name: w.away }).click();
    await page.locator('input[type=password]').waitFor();
    assert.equal(await page.getByText('つばめ印刷').count(), 0, 'this browser keeps nothing of it');
    assert.deepEqual(page.faults, []);
    await page.context().close();
}

test('on a phone the page says where it is done', async () => {
    proves('CON-12');
    await house.op('tenant.open', { workgroup: 'tsubame-phone', company: '株式会社つばめ印刷', admin: { login: 'kuroda', family: '黒田', password: PASSWORD } });
    const page = await browser.page({ width: 390, height: 844 });
    await browser.signIn(page, 'kuroda@tsubame-phone', PASSWORD);
    await page.getByRole('link', { name: /トーク/ }).first().waitFor();
    await page.goto(`${house.origin}/console/basic-cancel`);
    await page.locator('input[type=password]').fill(PASSWORD);
    await page.keyboard.press('Enter');
    await page.getByText(/パソコンのブラウザーでログインして/).waitFor();
    assert.equal(await page.getByRole('button', { name: 'Engawa を解約する' }).count(), 0);
    await look(page, 'closing-phone-390');
    assert.deepEqual(page.faults, []);
    await page.context().close();
});

for (const l of looks([{ width: 1280, height: 900, lang: 'ja' }, { width: 390, height: 844, lang: 'en' }, { width: 390, height: 844, lang: 'ja' }, { width: 1280, height: 900, lang: 'en' }]))
    test(`the super admin cancels, at ${l.width} px in ${l.lang}`, { timeout: 120_000 }, async () => {
        proves('CON-12');
        await cancels(l);
    });

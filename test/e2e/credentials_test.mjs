// The ways to a password as a person walks them: setup slip, forced change, forgotten, ending other sessions.
import fs from 'node:fs';
import path from 'node:path';
import { Browser, healthy } from '../lib/browser.mjs';
import { House, ROOT } from '../lib/house.mjs';
import { newPassword, openTenant } from '../lib/people.mjs';
import { after, assert, before, proves, test } from '../lib/test.mjs';

const shots = path.join(ROOT, 'build/e2e');
let house, browser, acme, chief;

before(async () => {
    fs.mkdirSync(shots, { recursive: true });
    house = await House.start();
    acme = await openTenant(house, 'hiyodori', { company: '株式会社ひよどり製パン' });
    chief = acme.chief;
    await chief.signIn();
    await chief.openConsole();
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

const slip = async (member) => (await chief.post(`/console/members/${member.id}/setup-link`)).json.link;
const visits = [['ja-JP', 390, false], ['en-US', 1280, true]];
const words = {
    'ja-JP': { set: '設定して始める', rules: '下の条件をすべて満たすパスワードにしてください。', forgot: 'パスワードを忘れた場合', tell: '管理者に知らせる', told: '管理者に知らせました', ended: 'このリンクは使えません', others: 'ほかの端末をすべてログアウトさせる', change: 'パスワードを変更する', changed: 'パスワードを変更しました', wrong: '現在のパスワードが正しくありません。', refused: /このパスワードは使えません/ },
    'en-US': { set: 'Set it and start', rules: 'Choose a password that meets every rule below.', forgot: 'Forgot your password?', tell: 'Tell the administrators', told: 'The administrators are told', ended: 'This link does not work', others: 'Log out all other devices', change: 'Change password', changed: 'Password changed', wrong: 'The current password is not right.', refused: /This password cannot be used/ },
};

for (const [locale, width, dark] of visits) {
    const say = words[locale];
    const at = (what) => `${what}-${width}-${locale.slice(0, 2)}${dark ? '-dark' : ''}`;
    const open = () => browser.page({ width, height: width < 768 ? 780 : 800, locale, dark });
    const button = (page, name) => page.getByRole('button', { name, exact: true });

    test(`a setup slip leads straight into the app, once (${locale}, ${width})`, async () => {
        proves('MEM-11', 'ACC-14');
        const member = await acme.add(`slip${width}`, { family: '森下', given: '真由', language: locale.slice(0, 2) });
        const link = await slip(member);
        const page = await open();
        await page.goto(link);
        const field = page.locator('input[name=new]');
        await field.waitFor();
        assert.equal(new URL(page.url()).hash, '', 'the token has left the address');
        assert.equal(await page.locator('.password-rules .holds').count(), 0);
        await look(page, at('setup'));
        await field.fill('kurz');
        await button(page, say.set).click();
        await page.getByText(say.rules).waitFor();
        await field.fill('ひよどり製パン20260401');
        await page.locator('.password-rules .holds').first().waitFor();
        await button(page, say.set).click();
        await page.getByText(say.refused).waitFor();
        await look(page, at('setup-refused'));
        const password = newPassword();
        await field.fill(password);
        await button(page, say.set).click();
        await page.waitForURL(`**/t/${acme.number}/app/talk`);
        assert.equal((await member.elsewhere().trySignIn({ password })).status, 200);
        assert.equal((await member.elsewhere().trySignIn()).status, 401);

        const again = await open();
        await again.goto(link);
        await again.getByRole('heading', { name: say.ended }).waitFor();
        await look(again, at('setup-ended'));
        for (const p of [page, again]) {
            assert.deepEqual(p.faults, []);
            await p.context().close();
        }
        assert.ok(!house.logText().includes(link.split('#')[1]), 'no log has met the token');
    });

    test(`after a forced change nothing opens before a new password is set (${locale}, ${width})`, async () => {
        proves('MEM-37', 'MEM-38');
        const member = await acme.add(`forced${width}`, { family: '柳', given: 'さつき', language: locale.slice(0, 2) });
        const given = newPassword();
        assert.equal((await chief.post(`/console/members/${member.id}/password`, { password: given })).status, 200);
        const page = await open();
        await browser.signIn(page, `${member.login}@hiyodori`, given);
        await page.locator('input[name=new]').waitFor();
        await look(page, at('must-change'));
        await page.goto(`${house.origin}/t/${acme.number}/app/settings`);
        await page.locator('input[name=new]').waitFor();
        await page.locator('input[name=old]').fill('nicht dieses');
        const next = newPassword();
        await page.locator('input[name=new]').fill(next);
        await button(page, say.set).click();
        await page.getByText(say.wrong).waitFor();
        await page.locator('input[name=old]').fill(given);
        await button(page, say.set).click();
        await page.locator('#part-password').waitFor();

        // Settings: the rules are said, the old one is refused as the new one, and other devices go.
        await look(page, at('settings-password'));
        const other = member.elsewhere();
        await other.signIn({ password: next });
        await page.reload();
        await button(page, say.others).click();
        await page.waitForFunction((name) => ![...document.querySelectorAll('button')].some((b) => b.textContent === name), say.others);
        assert.equal((await other.get('/me')).status, 401);
        await page.locator('input[name=old]').fill(next);
        await page.locator('input[name=new]').fill(next);
        await page.locator('button[type=submit]', { hasText: say.change }).click();
        await page.getByText(say.refused).waitFor();
        await page.locator('input[name=new]').fill(newPassword());
        await page.locator('button[type=submit]', { hasText: say.change }).click();
        await page.getByText(say.changed).first().waitFor();
        assert.deepEqual(page.faults, []);
        await page.context().close();
    });

    test(`a forgotten password is told to the admins, and so is one of nobody (${locale}, ${width})`, async () => {
        proves('ACC-41');
        const page = await open();
        await page.goto(`${house.origin}/`);
        await button(page, say.forgot).click();
        await look(page, at('forgot'));
        await page.locator('input[name=username]').fill('nobody.at.all@hiyodori');
        await button(page, say.tell).click();
        await page.getByRole('heading', { name: say.told }).waitFor();
        await look(page, at('forgot-told'));
        assert.deepEqual(page.faults, []);
        await page.context().close();
    });
}

// An invitation as people meet it: an admin makes a link and shows its code, somebody registers by it and waits, an admin lets them in;
// an end of a link, automatic approval with its warning; in both languages, wide and narrow.
import fs from 'node:fs';
import path from 'node:path';
import { Browser, healthy, looks } from '../lib/browser.mjs';
import { House, ROOT } from '../lib/house.mjs';
import { openTenant, Person } from '../lib/people.mjs';
import { after, assert, before, proves, test } from '../lib/test.mjs';

const PASSWORD = 'engawa no hidamari';
const OWN = 'komorebi to nekoyanagi';
const shots = path.join(ROOT, 'build/e2e');
let house, browser;

before(async () => {
    fs.mkdirSync(shots, { recursive: true });
    house = await House.start();
    browser = await Browser.start(house);
});
after(async () => {
    await browser?.stop();
    await house?.remove();
});

const W = {
    ja: {
        open: '招待', makes: 'メンバーを招待する', byMori: /森 楓さんから/,
        make: '招待リンクを作る', close: '閉じる', nobody: '承認を待っている人はいません。', none: /使える招待リンクはありません/, family: '姓', given: '名', id: 'Engawa ID', password: 'パスワード', submit: '登録する',
        need: '姓を80文字以内で入力してください。', taken: 'この Engawa ID は、ほかの人が使っています。別の ID にしてください。', waits: '承認を待っています', member: '登録しました', ended: 'この招待リンクは使えません',
        toLogin: 'ログイン画面へ', login: 'ログイン', not: /まだ承認されていないため/, approve: '承認', approveOf: (n) => `${n}さんを承認`, rejectOf: (n) => `${n}さんを却下`, reject: '却下', revoke: '取り消す', revoked: '招待リンクを取り消しました',
        views: '設定', on: 'オン', save: '保存', warn: /承認待ちの1人がすぐに利用を始めます/, confirm: '1人を承認して保存', auto: /自動承認/, qr: '招待リンクの QR コード', invites: /柏木 修一さんから「株式会社ひよどり製パン」への招待です/, terms: /利用規約への同意/,
    },
    en: {
        open: 'Invite', makes: 'Invite members', byMori: /森 楓 invites you/,
        make: 'Make an invitation link', close: 'Close', nobody: 'Nobody is waiting for approval.', none: /There is no invitation link/, family: 'Family name', given: 'Given name', id: 'Engawa ID', password: 'Password', submit: 'Register',
        need: 'Enter your family name, 80 characters at most.', taken: 'Somebody else uses this Engawa ID. Please choose another.', waits: 'Waiting for approval', member: 'You are registered', ended: 'This invitation cannot be used',
        toLogin: 'Go to the login page', login: 'Log in', not: /an administrator has not approved you/, approve: 'Approve', approveOf: (n) => `Approve ${n}`, rejectOf: (n) => `Reject ${n}`, reject: 'Reject', revoke: 'Revoke', revoked: 'The invitation link was revoked',
        views: 'Settings', on: 'On', save: 'Save', warn: /1 waiting person will start using Engawa at once/, confirm: 'Approve 1 person and save', auto: /Automatic approval/, qr: 'QR code of the invitation link', invites: /柏木 修一 invites you to 株式会社ひよどり製パン/, terms: /accept the terms of use/,
    },
};

const button = (page, name) => page.getByRole('button', { name, exact: true });
const inDialog = (page, name) => page.getByRole('dialog').getByRole('button', { name, exact: true });
const field = (page, label) => page.getByRole('textbox', { name: label, exact: true });

for (const [i, [lang, options]] of looks([['ja', { width: 390, height: 844 }], ['en', { width: 1280, height: 800 }], ['en', { width: 390, height: 844, dark: true }], ['ja', { width: 1280, height: 800, dark: true }]]).entries()) {
    const look = `${lang}-${options.width}`, w = W[lang];
    const shot = (page, name) => page.screenshot({ path: path.join(shots, `invite-${name}-${look}.png`), fullPage: true });

    /** The admin's page of invitations. */
    async function office(t) {
        const page = await browser.page({ ...options, lang });
        await browser.signIn(page, `kashiwagi@${t.workgroup}`, PASSWORD);
        await page.waitForURL(/\/app/);
        await page.goto(`${house.origin}/t/${t.number}/app/console/member-invite`);
        await page.locator('input[type=password]').fill(PASSWORD);
        await page.keyboard.press('Enter');
        await button(page, w.make).waitFor();
        return page;
    }

    /** A new link, as it is shown. */
    async function newLink(page, name) {
        await button(page, w.make).click();
        await page.getByRole('img', { name: w.qr }).waitFor();
        if (name) {
            await healthy(page, name);
            await shot(page, name);
        }
        const link = await page.locator('.invite-address').innerText();
        await inDialog(page, w.close).click();
        await page.getByRole('dialog').waitFor({ state: 'detached' });
        return link;
    }

    async function fill(page, { family = '三浦', given = '葵', login, password = OWN }) {
        await field(page, w.family).fill(family);
        await field(page, w.given).fill(given);
        await field(page, w.id).fill(login);
        await page.locator('input[name=password]').fill(password);
        await button(page, w.submit).click();
    }

    test(`somebody is invited, waits and is let in; a link ends; automatic approval warns (${look})`, { timeout: 240_000 }, async () => {
        proves('MEM-13', 'MEM-14', 'MEM-15');
        const t = await openTenant(house, `hiyodori${i}`, { company: '株式会社ひよどり製パン', login: 'kashiwagi', family: '柏木', password: PASSWORD });
        const chief = await (await t.chief.signIn()).openConsole();
        assert.equal((await chief.put(`/console/members/${chief.id}`, { given: '修一' })).status, 200);
        const desk = await office(t);
        await desk.getByText(w.nobody).waitFor();
        await desk.getByText(w.none).waitFor();
        await healthy(desk, 'empty');
        await shot(desk, 'empty');
        const link = await newLink(desk, 'made');

        const stranger = await browser.page({ ...options, lang });
        await stranger.goto(link);
        await stranger.getByText(w.invites).waitFor();
        assert.equal(new URL(stranger.url()).hash, '', 'the token has left the address');
        await stranger.getByText(w.terms).waitFor();
        await healthy(stranger, 'form');
        await shot(stranger, 'form');
        await button(stranger, w.submit).click();
        await stranger.getByText(w.need).waitFor();
        assert.equal(await field(stranger, w.family).evaluate((e) => e === document.activeElement), true, 'the wrong field has the focus');
        await fill(stranger, { login: 'Kashiwagi' });
        await stranger.getByText(w.taken).waitFor();
        await healthy(stranger, 'taken');
        await shot(stranger, 'taken');
        await fill(stranger, { login: 'aoi' });
        await stranger.getByRole('heading', { name: w.waits }).waitFor();
        await stranger.getByText(`aoi@${t.workgroup}`).waitFor();
        await healthy(stranger, 'waiting');
        await shot(stranger, 'waiting');
        await button(stranger, w.toLogin).click();
        await stranger.locator('input[name=username]').fill(`aoi@${t.workgroup}`);
        await stranger.locator('input[type=password]').fill(OWN);
        await button(stranger, w.login).click();
        await stranger.getByText(w.not).waitFor();
        await shot(stranger, 'not-approved');

        await desk.reload();
        await button(desk, w.approveOf('三浦 葵')).waitFor();
        await healthy(desk, 'list');
        await shot(desk, 'list');
        await button(desk, w.approveOf('三浦 葵')).click();
        await healthy(desk, 'approve');
        await shot(desk, 'approve');
        await inDialog(desk, w.approve).click();
        await desk.getByText(w.nobody).waitFor();
        await button(stranger, w.login).click();
        await stranger.waitForURL(/\/app/);

        const pages = [desk, stranger];
        const visit = async (to) => {
            const page = await browser.page({ ...options, lang });
            pages.push(page);
            await page.goto(to);
            return page;
        };
        let other = await visit(link);
        await fill(other, { family: '久我', given: '里奈', login: 'rina' });
        await other.getByRole('heading', { name: w.waits }).waitFor();
        await desk.reload();
        await button(desk, w.rejectOf('久我 里奈')).click();
        await inDialog(desk, w.reject).click();
        await desk.getByText(w.nobody).waitFor();
        assert.equal((await new Person(t, 'rina', OWN, '0').trySignIn()).json.error.code, 'not_approved');

        await desk.getByRole('button', { name: new RegExp(w.revoke) }).first().click();
        await inDialog(desk, w.revoke).click();
        await desk.getByText(w.revoked).waitFor();
        await desk.getByText(w.none).waitFor();
        other = await visit(link);
        await other.getByRole('heading', { name: w.ended }).waitFor();
        await healthy(other, 'ended');
        await shot(other, 'ended');

        const second = await newLink(desk);
        other = await visit(second);
        await fill(other, { family: '森', given: '楓', login: 'kaede' });
        await other.getByRole('heading', { name: w.waits }).waitFor();
        await desk.getByRole('link', { name: w.views, exact: true }).click();
        const auto = desk.getByRole('group', { name: w.auto });
        await auto.waitFor();
        await auto.locator('input').first().click({ force: true });
        await button(desk, w.save).click();
        await desk.getByRole('dialog').getByText(w.warn).waitFor();
        await healthy(desk, 'warning');
        await shot(desk, 'warning');
        await inDialog(desk, w.confirm).click();
        await desk.getByRole('dialog').waitFor({ state: 'detached' });
        assert.equal((await new Person(t, 'kaede', OWN, '0').trySignIn()).status, 200);
        other = await visit(second);
        await fill(other, { family: '滝', given: '美咲', login: 'misaki' });
        await other.getByRole('heading', { name: w.member }).waitFor();
        await healthy(other, 'member');
        await shot(other, 'member');
        for (const page of pages) {
            assert.deepEqual(page.faults, []);
            await page.context().close();
        }
    });

    test(`a member invites where all may, and finds no button where not (${look})`, { timeout: 120_000 }, async () => {
        proves('MEM-13');
        const t = await openTenant(house, `kawasemi${i}`, { company: '株式会社かわせみ薬局', login: 'mizuno', family: '水野', password: PASSWORD });
        await t.op('member.add', { login: 'mori', family: '森', given: '楓', family_reading: 'もり', given_reading: 'かえで', password: PASSWORD });
        const chief = await (await t.chief.signIn()).openConsole();
        const page = await browser.page({ ...options, lang });
        await browser.signIn(page, `mori@${t.workgroup}`, PASSWORD);
        await page.waitForURL(/\/app/);
        const members = `${house.origin}/t/${t.number}/app/members`;
        await page.goto(members);
        await page.locator('.members-list .row, .members-alone .row').first().waitFor();
        assert.equal(await button(page, w.open).count(), 0);
        assert.equal((await chief.put('/console/settings/member.invite.by', { value: 'all' })).status, 200);
        await page.goto(members);
        await button(page, w.open).click();
        await page.getByRole('dialog', { name: w.makes }).waitFor();
        await healthy(page, 'members');
        await shot(page, 'members');
        await inDialog(page, w.make).click();
        await page.getByRole('img', { name: w.qr }).waitFor();
        await healthy(page, 'members-made');
        await shot(page, 'members-made');
        const link = await page.locator('.invite-address').innerText();
        await inDialog(page, w.close).click();
        const stranger = await browser.page({ ...options, lang });
        await stranger.goto(link);
        await stranger.getByText(w.byMori).waitFor();
        for (const p of [page, stranger]) {
            assert.deepEqual(p.faults, []);
            await p.context().close();
        }
    });
}

// The address list as an admin sets it on a phone and at a desk: written, named, taken back; nobody locked out by mistake; and what
// a member sees who is somewhere else.
import fs from 'node:fs';
import path from 'node:path';
import { Browser, healthy, looks } from '../lib/browser.mjs';
import { House, ROOT } from '../lib/house.mjs';
import { after, assert, before, proves, test } from '../lib/test.mjs';

const PASSWORD = 'engawa no hidamari', HERE = '127.0.0.1';
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

async function company(workgroup) {
    const open = await house.op('tenant.open', {
        workgroup, company: '株式会社かわせみ薬局',
        admin: { login: 'mizuno', family: '水野', given: '千代', family_reading: 'みずの', given_reading: 'ちよ', password: PASSWORD },
    });
    const { id } = await house.op('member.add', { login: 'hara', family: '原', given: '直人', family_reading: 'はら', given_reading: 'なおと', password: PASSWORD }, workgroup);
    const { id: room } = await house.op('room.add', { name: '窓口', members: [id] }, workgroup);
    return { workgroup, number: open.tenant, room };
}

async function enter(t, login, { lang = 'ja', ...options } = {}) {
    const page = await browser.page({ ...options, lang });
    await browser.signIn(page, `${login}@${t.workgroup}`, PASSWORD);
    await page.waitForURL(/\/app/);
    return page;
}

async function networkPage(t, options) {
    const page = await enter(t, 'mizuno', options);
    await page.goto(`${house.origin}/t/${t.number}/app/console/security-network/settings`);
    await page.locator('input[type=password]').fill(PASSWORD);
    await page.keyboard.press('Enter');
    await item(page, 'network.ip.allowed').waitFor();
    return page;
}

const item = (page, key) => page.locator(`#setting-${key.replaceAll('.', '-')}`);
const shot = (page, name) => page.screenshot({ path: path.join(shots, `network-${name}.png`), fullPage: true });
const bar = (page) => page.locator('.save-bar');
const save = (page, lang) => bar(page).getByRole('button', { name: lang === 'en' ? 'Save' : '保存', exact: true }).click();
const row = (page, words) => item(page, 'network.ip.allowed').getByRole('listitem').filter({ hasText: words });

const W = {
    ja: {
        range: 'IP アドレスまたは範囲', note: 'メモ', add: '追加', list: '指定した IP アドレスからのみ許可', lockOut: 'あなた自身が利用できなくなります', cancel: 'キャンセル',
        here: `いまの接続元 ${HERE} を追加`, remove: '192.0.2.0/24 を削除', search: 'メンバーを名前で探す', addMember: '原 直人を追加', bad: /192\.0\.2\.10、/, empty: /アクセスを許可する IP アドレスが1つもない/,
        refused: 'このネットワークからは利用できません。', again: '再読み込み',
    },
    en: {
        range: 'IP address or range', note: 'Note', add: 'Add', list: 'Only from listed IP addresses', lockOut: 'You yourself will be locked out', cancel: 'Cancel',
        here: `Add ${HERE}, where you are now`, remove: 'Remove 192.0.2.0/24', search: 'Search members by name', addMember: 'Add 原 直人', bad: /192\.0\.2\.10, /, empty: /No IP address would be allowed/,
        refused: 'Your company does not allow', again: 'Reload',
    },
};

for (const [i, [lang, options]] of looks([['ja', { width: 390, height: 844 }], ['en', { width: 1280, height: 800 }], ['en', { width: 390, height: 844, dark: true }], ['ja', { width: 1280, height: 800 }]]).entries())
    test(`networks are listed, members exempted, and nobody is locked out by mistake (${lang}, ${options.width} px)`, async () => {
        proves('NET-02');
        const w = W[lang], t = await company(`kawasemi${i}`);
        const page = await networkPage(t, { lang, ...options });
        const network = item(page, 'network.ip.allowed');
        // The list alone first: an empty one is refused.
        await item(page, 'network.ip.mode').getByRole('radio', { name: w.list }).check();
        await save(page, lang);
        await bar(page).getByText(w.empty).waitFor();
        // As people write them: full-width, with blanks, with another dash.
        await network.getByLabel(w.range).fill('本社');
        await network.getByRole('button', { name: w.add, exact: true }).click();
        await network.getByText(w.bad).waitFor();
        await network.getByLabel(w.range).fill('１９２．０．２．０／２４');
        await network.getByLabel(w.note).fill('本社 2階');
        await page.keyboard.press('Enter');
        await row(page, '192.0.2.0/24').getByText('本社 2階').waitFor();
        await network.getByLabel(w.range).fill('198.51.100.10 〜 198.51.100.20');
        await network.getByRole('button', { name: w.add, exact: true }).click();
        await row(page, '198.51.100.10-198.51.100.20').waitFor();
        await healthy(page, `network-${lang}-${options.width}`);
        await shot(page, `list-${lang}-${options.width}`);
        // It would keep out who saves it: asked, and given up.
        await save(page, lang);
        const dialog = page.getByRole('dialog', { name: w.lockOut });
        await dialog.waitFor();
        await healthy(page, `network-lockout-${lang}-${options.width}`);
        await shot(page, `lockout-${lang}-${options.width}`);
        await dialog.getByRole('button', { name: w.cancel }).click();
        await dialog.waitFor({ state: 'detached' });
        // The own address with one press; one entry out again; a member exempted by name.
        await network.getByRole('button', { name: w.here }).click();
        await network.getByRole('button', { name: w.remove }).click();
        const exempt = item(page, 'network.ip.exempt_members');
        await exempt.getByLabel(w.search).fill('はら');
        await exempt.getByRole('button', { name: w.addMember }).click();
        await save(page, lang);
        await bar(page).waitFor({ state: 'detached' });
        await row(page, HERE).waitFor();
        await shot(page, `saved-${lang}-${options.width}`);
        const { settings } = await page.evaluate((n) => fetch(`/t/${n}/console/settings`).then((r) => r.json()), t.number);
        const value = (key) => settings.find((s) => s.key === key).value;
        assert.equal(value('network.ip.mode'), 'list');
        assert.deepEqual(value('network.ip.allowed').split('\n').map((l) => l.split(' ')[0]), ['198.51.100.10-198.51.100.20', HERE]);
        assert.match(value('network.ip.exempt_members'), /^\d+$/);
        assert.deepEqual(page.faults, []);
        await page.context().close();
    });

for (const [lang, options] of looks([['ja', { width: 390, height: 844 }], ['en', { width: 1280, height: 800 }]]))
    test(`a member elsewhere sees why, and is let in by itself when the network is the right one (${lang}, ${options.width} px)`, async () => {
        proves('NET-01');
        const w = W[lang], t = await company(`hara${options.width}`);
        const page = await enter(t, 'hara', { lang, ...options });
        await page.locator('.shell, nav').first().waitFor();
        const admin = await networkPage(t, { lang: 'ja' });
        await item(admin, 'network.ip.allowed').getByLabel(W.ja.range).fill('192.0.2.0/24');
        await admin.keyboard.press('Enter');
        await item(admin, 'network.ip.exempt_members').getByLabel(W.ja.search).fill('水野');
        await admin.getByRole('button', { name: '水野 千代を追加' }).click();
        await item(admin, 'network.ip.mode').getByRole('radio', { name: W.ja.list }).check();
        await save(admin, 'ja');
        await bar(admin).waitFor({ state: 'detached' });
        // The session has ended; to sign in again is refused with the reason.
        await page.waitForURL(/login|\/app/);
        await page.locator('input[type=password]').fill(PASSWORD);
        await page.keyboard.press('Enter');
        await page.getByText(w.refused).waitFor();
        await healthy(page, `network-signin-${lang}-${options.width}`);
        await shot(page, `signin-${lang}-${options.width}`);
        // From there on the network is one of the company's.
        await item(admin, 'network.ip.allowed').getByRole('button', { name: W.ja.here }).click();
        await save(admin, 'ja');
        await bar(admin).waitFor({ state: 'detached' });
        await page.locator('input[type=password]').fill(PASSWORD);
        await page.keyboard.press('Enter');
        await page.locator('.shell, nav').first().waitFor();
        /* A browser cannot change its address: what the server answers elsewhere stands in for the way there. */
        const api = /\/t\/\d+\/(?!app)/;
        await page.goto(`${house.origin}/t/${t.number}/app/talk/${t.room}`);
        await page.locator('#composer').waitFor();
        const refusal = { error: { code: 'ip_not_allowed', message: w.refused, ref: '000000000000' } };
        await page.route(api, (r) => r.fulfill({ status: 403, contentType: 'application/json', body: JSON.stringify(refusal) }));
        await page.reload();
        await page.getByText(w.refused).waitFor();
        await healthy(page, `network-refused-${lang}-${options.width}`);
        await shot(page, `refused-${lang}-${options.width}`);
        await page.getByRole('button', { name: w.again }).waitFor();
        await page.unroute(api);
        await page.evaluate(() => window.dispatchEvent(new Event('online')));
        await page.locator('#composer').waitFor();
        assert.deepEqual(page.faults, []);
        await admin.context().close();
        await page.context().close();
    });

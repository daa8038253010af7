// Two companies in one browser: side by side, switched without logging out, each address in its own account.
import fs from 'node:fs';
import path from 'node:path';
import { Browser, healthy, looks } from '../lib/browser.mjs';
import { House, ROOT, until } from '../lib/house.mjs';
import { Person } from '../lib/people.mjs';
import { after, assert, before, proves, test } from '../lib/test.mjs';

const PASSWORD = 'engawa no hidamari';
const shots = path.join(ROOT, 'build/e2e');
let house, browser, bakery, mill;

async function open(workgroup, company, room) {
    const { tenant, admin } = await house.op('tenant.open', {
        workgroup, company, admin: { login: 'chief', family: '主', given: '一', password: PASSWORD },
    });
    const me = await house.op('member.add', { login: 'mori', family: '森', given: '真由', password: PASSWORD }, workgroup);
    const { id } = await house.op('room.add', { name: room, members: [me.id, admin] }, workgroup);
    return { workgroup, tenant, me: me.id, admin, room: id };
}

async function say(t, ...texts) {
    t.chief ??= await new Person({ house, number: t.tenant, workgroup: t.workgroup }, 'chief', PASSWORD, t.admin).signIn();
    for (const text of texts)
        assert.equal((await t.chief.say(t.room, text)).status, 200);
}

before(async () => {
    fs.mkdirSync(shots, { recursive: true });
    house = await House.start();
    bakery = await open('hiyodori', '株式会社ひよどり製パン', '大船店');
    mill = await open('shiomi', '潮見フーズ株式会社', '製粉課');
    await say(bakery, 'おはようございます。');
    await say(mill, '本日の便は2台です。');
    browser = await Browser.start(house);
});
after(async () => {
    await browser?.stop();
    await house?.remove();
});

const words = {
    ja: { button: 'アカウント', title: 'アカウントの切り替え', more: 'その他', add: 'アカウントを追加', leave: /からログアウト$/, logout: 'ログアウト', login: 'ログイン' },
    en: { button: 'Accounts', title: 'Switch accounts', more: 'More', add: 'Add an account', leave: /^Log out of/, logout: 'Log out', login: 'Log in' },
};

async function signIn(page, id) {
    await page.locator('input').first().fill(id);
    await page.locator('input[type=password]').fill(PASSWORD);
    await browser.submit(page, id);
}

const room = (page, name) => page.getByRole('link', { name: new RegExp(name) }).first();

async function openSheet(page, w) {
    if (page.viewportSize().width < 768) {
        await page.getByRole('link', { name: w.more, exact: true }).click();
        await page.getByRole('button', { name: new RegExp(w.title) }).click();
    } else
        await page.getByRole('button', { name: new RegExp(`^${w.button}`) }).click();
    return page.getByRole('dialog', { name: w.title });
}

for (const [width, locale, dark] of looks([[390, 'ja-JP', false], [1280, 'en-US', true], [1280, 'ja-JP', false], [360, 'en-US', false]]))
    test(`two accounts side by side, ${width} px, ${locale}`, { timeout: 120_000 }, async () => {
        proves('OVR-10');
        const w = words[locale.slice(0, 2)];
        const page = await browser.page({ width, height: width < 768 ? 780 : 800, locale, dark });
        const at = () => new URL(page.url()).pathname;
        const look = async (name) => {
            const shot = `${name}-${width}-${locale.slice(0, 2)}`;
            await healthy(page, shot);
            await page.screenshot({ path: path.join(shots, `${shot}.png`) });
        };
        await page.goto(`${house.origin}/`);
        const speak = () => page.getByRole('button', { name: locale === 'en-US' ? 'English' : '日本語', exact: true }).click();
        await speak();
        await signIn(page, 'mori@hiyodori');
        await room(page, '大船店').waitFor();
        assert.equal(at(), `/t/${bakery.tenant}/app/`, 'the address names the account');
        const isRead = () => until('the room to be read', () => page.evaluate(([t, r]) =>
            fetch(`/t/${t}/rooms`).then((x) => x.json()).then(({ rooms }) => rooms.find((x) => x.id === r)).then((x) => x.read_seq === x.last_seq), [bakery.tenant, bakery.room]));
        await room(page, '大船店').click();
        await isRead();
        await page.goto(`${house.origin}/t/${bakery.tenant}/app/`);
        await room(page, '大船店').waitFor();

        // A second account; the first one stays.
        await (await openSheet(page, w)).getByRole('button', { name: w.add }).click();
        await page.getByRole('button', { name: w.login, exact: true }).waitFor();
        await speak();
        await signIn(page, 'mori@shiomi');
        await room(page, '製粉課').waitFor();
        assert.equal(at(), `/t/${mill.tenant}/app/talk`);
        assert.equal(await page.getByText('大船店').count(), 0);

        // What comes in the other one is counted, and read when it was in front.
        await say(bakery, 'カレーパン残り4です。', `追加お願いできますか? ${width} ${locale}`);
        let sheet = await openSheet(page, w);
        const other = sheet.getByRole('button', { name: /ひよどり製パン/ });
        await other.locator('.unread', { hasText: '2' }).waitFor();
        await look('accounts');
        await other.click();
        await room(page, '大船店').locator('.unread', { hasText: '2' }).waitFor();
        assert.equal(at(), `/t/${bakery.tenant}/app/talk`);
        await look('unread-list');
        await room(page, '大船店').click();
        await page.locator('article', { hasText: `追加お願いできますか? ${width} ${locale}` }).waitFor();
        await isRead();

        // An address belongs to its account, also with the way back.
        await page.goto(`${house.origin}/t/${mill.tenant}/app/talk/${mill.room}`);
        await page.locator('article', { hasText: '本日の便は2台です' }).waitFor();
        await page.goto(`${house.origin}/t/${bakery.tenant}/app/talk/${bakery.room}`);
        await page.locator('article', { hasText: `${width} ${locale}` }).waitFor();
        await page.goBack();
        await page.locator('article', { hasText: '本日の便は2台です' }).waitFor();
        await page.goto(`${house.origin}/t/${mill.tenant}/app/talk`);
        await room(page, '製粉課').waitFor();

        // Leaving one leaves the other open.
        sheet = await openSheet(page, w);
        await sheet.locator('li', { hasText: 'hiyodori' }).getByRole('button', { name: w.leave }).click();
        await page.getByRole('dialog').last().getByRole('button', { name: w.logout, exact: true }).click();
        await until('the account to go', async () => (await page.getByText('mori@hiyodori', { exact: true }).count()) === 0);
        const status = (t) => page.evaluate(async (url) => (await fetch(url)).status, `/t/${t}/me`);
        assert.deepEqual([await status(bakery.tenant), await status(mill.tenant)], [401, 200]);
        await page.goto(`${house.origin}/t/${bakery.tenant}/app/talk/${bakery.room}`);
        await page.locator('input[type=password]').waitFor();
        await look('sign-in-again');
        await signIn(page, 'mori@hiyodori');
        await page.locator('article', { hasText: `${width} ${locale}` }).waitFor();
        assert.deepEqual(page.faults, []);
        await page.context().close();
    });

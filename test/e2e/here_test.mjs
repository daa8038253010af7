// Two people see of each other whether they are here: in the list of talks, at the head of a talk of two, in the list of a
// room's members and in the profile; and one of them would rather not be seen.
import fs from 'node:fs';
import path from 'node:path';
import { Browser, healthy } from '../lib/browser.mjs';
import { House, ROOT } from '../lib/house.mjs';
import { Person } from '../lib/people.mjs';
import { after, assert, before, test } from '../lib/test.mjs';

const PASSWORD = 'engawa no hidamari';
const shots = path.join(ROOT, 'build/e2e');
let house, browser, mayu, satsuki, direct, shop;

before(async () => {
    fs.mkdirSync(shots, { recursive: true });
    house = await House.start();
    const open = await house.op('tenant.open', {
        workgroup: 'hiyodori', company: '株式会社ひよどり製パン',
        admin: { login: 'kashiwagi', family: '柏木', given: '修一', family_reading: 'かしわぎ', given_reading: 'しゅういち', password: PASSWORD },
    });
    const tenant = { house, number: open.tenant, workgroup: 'hiyodori' };
    const add = async (login, family, given, family_reading, given_reading) => new Person(tenant, login, PASSWORD,
        (await house.op('member.add', { login, family, given, family_reading, given_reading, password: PASSWORD }, 'hiyodori')).id);
    mayu = await add('morishita', '森下', '真由', 'もりした', 'まゆ');
    satsuki = await add('yanagi', '柳', 'さつき', 'やなぎ', 'さつき');
    shop = (await house.op('room.add', { name: '大船店', members: [mayu.id, satsuki.id, open.admin] }, 'hiyodori')).id;
    await mayu.signIn();
    direct = (await mayu.post('/rooms', { kind: 'direct', members: [satsuki.id] })).json.id;
    await mayu.say(direct, '冷蔵庫2番、見てもらえますか。');
    browser = await Browser.start(house);
});
after(async () => {
    await browser?.stop();
    await house?.remove();
});

async function look(page, name) {
    await healthy(page, name);
    await page.screenshot({ path: path.join(shots, `${name}.png`) });
}

async function enter(id, options, { clock = false, english = false } = {}) {
    const page = await browser.page({ bypassCSP: true, ...options });
    if (clock)
        await page.clock.install();
    await page.goto(`${house.origin}/`);
    await page.locator('input[type=password]').waitFor();
    await page.getByRole('button', { name: english ? 'English' : '日本語', exact: true }).click();
    await page.locator('input').first().fill(`${id}@hiyodori`);
    await page.locator('input[type=password]').fill(PASSWORD);
    await browser.submit(page, `${id}@hiyodori`);
    await page.getByRole('link', { name: /大船店/ }).first().waitFor();
    return page;
}

const row = (page, state) => page.locator(`.rows .row .here-${state}`);
const gone = (page) => page.locator('.rows .row .here-dot').waitFor({ state: 'detached' });

test('a dot says who is here, live, in all places, in words too', async () => {
    const desk = await enter('yanagi', {});
    assert.equal(await desk.locator('.here-dot').count(), 0, 'nobody is here yet');
    const phone = await enter('morishita', { width: 390, height: 844 }, { clock: true });
    await row(desk, 'on').waitFor();
    await desk.getByRole('link', { name: /オンライン.*森下 真由/s }).click();
    await desk.locator('.room-head .here-line', { hasText: 'オンライン' }).waitFor();
    await look(desk, 'here-room-1280');
    await look(phone, 'here-list-390');
    await phone.goto(`${house.origin}/talk/${direct}`);
    await phone.locator('.room-head .here-line', { hasText: 'オンライン' }).waitFor();
    await look(phone, 'here-room-390');
    await phone.clock.fastForward(5 * 60_000 + 20_000);      // it lies on the table
    await row(desk, 'away').waitFor();
    await desk.locator('.room-head .here-line', { hasText: '離席中' }).waitFor();
    await desk.goto(`${house.origin}/talk/${shop}`);
    await desk.getByRole('button', { name: 'メンバーを表示' }).click();
    await desk.locator('.people .here-away').waitFor();
    await look(desk, 'here-members-1280');
    await phone.locator('#composer').click();
    await desk.locator('.people .here-on').waitFor();
    await desk.goto(`${house.origin}/members/${mayu.id}`);
    await desk.locator('.profile .here-line', { hasText: 'オンライン' }).waitFor();
    await look(desk, 'here-profile-1280');
    assert.deepEqual([...phone.faults, ...desk.faults], []);
    await phone.context().close();
    await desk.context().close();
});

test('in English and in the dark; who hides it is seen no more, and sees the others', async () => {
    const desk = await enter('yanagi', { dark: true, locale: 'en-US' }, { english: true });
    const phone = await enter('morishita', { width: 390, height: 844, dark: true, locale: 'en-US' }, { english: true });
    await row(desk, 'on').waitFor();
    await row(phone, 'on').waitFor();
    await desk.goto(`${house.origin}/talk/${direct}`);
    await desk.locator('.room-head .here-line').waitFor();
    await look(desk, 'here-room-en-dark-1280');
    await look(phone, 'here-list-en-dark-390');
    await phone.goto(`${house.origin}/settings`);
    const part = phone.locator('section[aria-labelledby=part-here]');
    await part.scrollIntoViewIfNeeded();
    await part.locator('label').nth(1).click();
    await gone(desk);
    assert.equal(await part.locator('input').nth(1).isChecked(), true);
    await look(phone, 'here-setting-en-dark-390');
    await phone.goto(`${house.origin}/talk`);
    await row(phone, 'on').waitFor();
    await phone.goto(`${house.origin}/settings`);
    await part.locator('label').first().click();
    await row(desk, 'on').waitFor();
    await phone.context().close();                           // the browser is closed: held for a while, then gone
    await gone(desk);
    assert.deepEqual(desk.faults, []);
    await desk.context().close();
});

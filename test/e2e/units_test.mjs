// 組織 and 役職 / 職級 / 利用権限 as an admin uses them: by keyboard, by mouse and on a phone, in both languages.
import fs from 'node:fs';
import path from 'node:path';
import { axeSource, Browser } from '../lib/browser.mjs';
import { House, ROOT, until } from '../lib/house.mjs';
import { openTenant } from '../lib/people.mjs';
import { after, assert, before, proves, test } from '../lib/test.mjs';

const shots = path.join(ROOT, 'build/e2e');
const units = {}, people = {};
let house, browser, t, chief, english;

const shot = (page, name) => page.screenshot({ path: path.join(shots, `${name}.png`) });
const item = (page, name) => page.getByRole('treeitem', { name: new RegExp(`^${name} `) });
const focused = (page) => page.evaluate(() => document.activeElement?.querySelector('.tree-name')?.textContent ?? document.activeElement?.className);
const inConsole = (page, menu) => page.goto(`${house.origin}/t/${t.number}/app/console${menu ? `/${menu}` : ''}`);

async function ok(r) {
    const got = await r;
    assert.equal(got.status, 200, got.text);
    return got.json;
}

async function admin({ who = chief, ...options } = {}) {
    const page = await browser.page(options);
    await browser.signIn(page, `${who.login}@${t.workgroup}`, who.password);
    await page.waitForURL(/\/app\//);
    await page.getByRole('navigation').first().waitFor();
    await inConsole(page, 'member-unit');
    await page.locator('input[type=password]').fill(who.password);
    await page.keyboard.press('Enter');
    await page.getByRole('tree').waitFor();
    return page;
}

async function fits(page) {
    const [width, inner] = await page.evaluate(() => [document.documentElement.scrollWidth, window.innerWidth]);
    assert.ok(width <= inner, `${width} px in a window of ${inner} px`);
}

async function axe(page, what) {
    await page.evaluate(axeSource());
    const found = await page.evaluate(async () => {
        const r = await window.axe.run(document, { rules: { region: { enabled: false } } });
        return r.violations.map((v) => `${v.id}: ${v.nodes.map((n) => n.target.join(' ')).slice(0, 3).join(', ')}`);
    });
    assert.deepEqual(found, [], what);
}

before(async () => {
    fs.mkdirSync(shots, { recursive: true });
    house = await House.start();
    t = await openTenant(house, 'hiyodori', { company: '株式会社ひよどり製パン', login: 'kashiwagi', family: '柏木' });
    chief = t.chief;
    await chief.signIn();
    await chief.openConsole();
    const add = async (name, code, parent) => {
        units[name] = (await ok(chief.post('/console/units', { name, code, ...(parent ? { parent: units[parent] } : {}) }))).id;
    };
    for (const [name, code, parent] of [['本社', 'head'], ['総務部', 'ga', '本社'], ['人事課', 'hr', '総務部'], ['経理課', 'acc', '総務部'], ['営業部', 'sales', '本社'],
        ['直営店課', 'direct', '営業部'], ['店舗', 'shops'], ['大船店', 'ofuna', '店舗'], ['鎌倉店', 'kamakura', '店舗']])
        await add(name, code, parent);
    for (const [login, family, given, unit] of [['saegusa', '三枝', '瞳', '人事課'], ['noguchi', '野口', '智子', '人事課'], ['morishita', '森下', '真由', '大船店'], ['osawa', '大沢', '健一', '直営店課']]) {
        people[login] = await t.add(login, { family, given });
        await ok(chief.post(`/console/units/${units[unit]}/members`, { put: [{ member: people[login].id }] }));
    }
    english = await t.add('smith', { family: 'Smith', given: 'Ann', role: 'sub', language: 'en' });
    browser = await Browser.start(house);
});
after(async () => {
    await browser?.stop();
    await house?.remove();
});

test('the tree by keyboard: arrows, Home and End, Enter, F2, Alt with arrows', async () => {
    proves('MEM-20', 'MEM-21');
    const page = await admin();
    await shot(page, 'units-tree-1280');
    await item(page, '本社').focus();
    const keys = async (...list) => {
        for (const k of list)
            await page.keyboard.press(k);
        return focused(page);
    };
    assert.equal(await keys('End'), '鎌倉店');
    assert.equal(await keys('ArrowLeft'), '店舗');
    assert.equal(await keys('ArrowLeft'), '店舗', 'closed first');
    assert.equal(await item(page, '店舗').getAttribute('aria-expanded'), 'false');
    assert.equal(await keys('ArrowUp'), '営業部');
    assert.equal(await keys('ArrowRight', 'ArrowRight'), '直営店課');
    assert.equal(await keys('Home', 'ArrowDown'), '総務部');
    assert.equal(await keys('Alt+ArrowDown'), '総務部');
    await until('the new order', async () => (await item(page, '総務部').getAttribute('aria-posinset')) === '2');
    await until('the focus to stay', async () => (await focused(page)) === '総務部');
    await page.keyboard.press('F2');
    await page.keyboard.type('総務人事部');
    await page.keyboard.press('Enter');
    await item(page, '総務人事部').waitFor();
    await until('the focus to come back', async () => (await focused(page)) === '総務人事部');
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: '総務人事部', level: 2 }).waitFor();
    assert.match(page.url(), new RegExp(`${units['総務部']}$`));
    await axe(page, 'a unit');
    assert.deepEqual(page.faults, []);
    await page.context().close();
});

test('four clicks move a unit, and the dialog names whose rooms change; a drag asks the same', async () => {
    proves('MEM-22');
    const page = await admin();
    await inConsole(page, '');
    let clicks = 0;
    const click = async (what) => {
        await what.click();
        clicks++;
    };
    await click(page.getByRole('link', { name: '組織', exact: true }));
    await item(page, '総務人事部').hover();
    await page.keyboard.press('ArrowRight');
    await click(page.getByRole('button', { name: '総務人事部を移動' }));
    await click(page.getByRole('radio', { name: '店舗', exact: true }));
    await page.getByText('2人のトークルームが変わります。').waitFor();
    await page.getByText('退出するトークルーム: 本社').waitFor();
    await page.getByText('参加するトークルーム: 店舗').waitFor();
    await page.getByText('三枝 瞳').waitFor();
    await shot(page, 'units-move-1280');
    await axe(page, 'the move');
    await click(page.getByRole('button', { name: '移動', exact: true }));
    await until('the unit below the shops', async () => (await ok(chief.get('/console/units'))).units.find((u) => u.id === units['総務部']).parent === units['店舗']);
    assert.equal(clicks, 4);
    await item(page, '総務人事部').dragTo(item(page, '本社'));
    await page.getByRole('radio', { name: '本社', exact: true, checked: true }).waitFor();
    await page.getByRole('button', { name: '移動', exact: true }).click();
    await until('the unit below the head office', async () => (await ok(chief.get('/console/units'))).units.find((u) => u.id === units['総務部']).parent === units['本社']);
    assert.deepEqual(page.faults, []);
    await page.context().close();
});

test('members, leader and functions; deletion is refused with a number, then done, then taken back', async () => {
    proves('MEM-17', 'MEM-21', 'MEM-23', 'MEM-24');
    const page = await admin();
    await ok(chief.post('/console/labels', { kind: 'title', name: '店長' }));
    await inConsole(page, `member-unit/${units['鎌倉店']}`);
    await page.getByText('メンバーはまだいません').waitFor();
    await page.getByRole('button', { name: 'メンバーを追加' }).click();
    await page.getByRole('searchbox', { name: '氏名や Engawa ID で探す' }).fill('大沢');
    await page.getByRole('checkbox', { name: /大沢 健一/ }).check();
    await page.getByRole('button', { name: '追加', exact: true }).click();
    await page.getByRole('button', { name: '大沢 健一さんの所属を変更' }).click();
    await page.getByRole('combobox', { name: '役職' }).selectOption('店長');
    await page.getByRole('checkbox', { name: '組織長にする' }).check();
    await page.getByRole('button', { name: '保存', exact: true }).click();
    await page.locator('.badge', { hasText: '組織長' }).waitFor();
    await page.getByRole('switch', { name: 'トーク', exact: true }).click();
    assert.equal(await page.getByRole('switch', { name: 'ノート' }).isDisabled(), true);
    await page.getByRole('region', { name: /未保存|保存していない|変更/ }).first().waitFor();
    await shot(page, 'units-detail-1280');
    await axe(page, 'unsaved functions');
    await page.locator('.save-bar').getByRole('button').last().click();
    await until('talk to be off', async () => (await ok(chief.get(`/console/units/${units['鎌倉店']}`))).talk === false);
    await page.getByRole('button', { name: '削除', exact: true }).click();
    await page.getByRole('dialog').getByRole('button', { name: '削除', exact: true }).click();
    await page.getByText('メンバーがいる組織は削除できません。先に1人を移動してください。').waitFor();
    await shot(page, 'units-refused-1280');
    await page.getByRole('button', { name: 'キャンセル' }).click();
    await page.getByRole('button', { name: '大沢 健一さんを外す' }).click();
    await page.getByRole('dialog').getByRole('button', { name: '外す', exact: true }).click();
    await page.getByText('メンバーはまだいません').waitFor();
    await page.getByRole('button', { name: '削除', exact: true }).click();
    await page.getByRole('dialog').getByRole('button', { name: '削除', exact: true }).click();
    await until('the unit to go', async () => (await item(page, '鎌倉店').count()) === 0);
    await page.getByRole('link', { name: '削除した組織' }).click();
    await page.getByRole('button', { name: '鎌倉店を復元' }).waitFor();
    await shot(page, 'units-gone-1280');
    await page.getByRole('button', { name: '鎌倉店を復元' }).click();
    await page.getByText('復元できる組織はありません').waitFor();
    await page.getByRole('link', { name: '組織図' }).click();
    await item(page, '鎌倉店').waitFor();
    await page.getByRole('searchbox', { name: /組織名/ }).fill('三枝');
    await page.getByRole('link', { name: /人事課/ }).waitFor();
    assert.deepEqual(page.faults, []);
    await page.context().close();
});

test('on a phone the chart leads to one unit and back, and nothing is wider than the screen', async () => {
    proves('MEM-20');
    for (const [who, width, name] of [[chief, 390, 'ja'], [english, 360, 'en']]) {
        const page = await admin({ who, width, height: 844 });
        await fits(page);
        await shot(page, `units-tree-${width}-${name}`);
        await axe(page, `the chart, ${name}`);
        await item(page, '店舗').click();
        await page.getByRole('heading', { name: '店舗', level: 2 }).waitFor();
        assert.equal(await page.getByRole('tree').isVisible(), false);
        await fits(page);
        await shot(page, `units-detail-${width}-${name}`);
        await axe(page, `a unit, ${name}`);
        await page.locator('.page-back').click();
        await page.getByRole('tree').waitFor();
        assert.deepEqual(page.faults, []);
        await page.context().close();
    }
});

test('three ordered lists: added, ordered by keyboard, and what is held is not deleted', async () => {
    proves('MEM-32', 'MEM-33', 'MEM-34');
    const held = (await ok(chief.get('/console/labels'))).titles.find((l) => l.name === '店長').id;
    await ok(chief.post(`/console/units/${units['大船店']}/members`, { put: [{ member: people.morishita.id, title: held }] }));
    const page = await admin();
    await inConsole(page, 'member-label');
    const card = page.getByRole('region', { name: '役職' });
    await card.getByRole('textbox', { name: '新しい役職' }).fill('部長');
    await page.keyboard.press('Enter');
    const rows = async () => card.locator('.label-name').allInnerTexts();
    await until('the new title', async () => (await rows()).join() === '店長,部長');
    await card.locator('.label-row').last().focus();
    await page.keyboard.press('Alt+ArrowUp');
    await until('the new order', async () => (await rows()).join() === '部長,店長');
    await card.getByRole('button', { name: '店長を削除' }).click();
    await page.getByText('「店長」は削除できません').waitFor();
    await page.getByText('森下 真由').waitFor();
    await shot(page, 'labels-held-1280');
    await page.getByRole('button', { name: '閉じる', exact: true }).click();
    await card.getByRole('button', { name: '部長を削除' }).click();
    await page.getByRole('dialog').getByRole('button', { name: '削除', exact: true }).click();
    await until('the title to go', async () => (await rows()).join() === '店長');
    await card.getByRole('switch', { name: '役職を使用する' }).click();
    await until('titles to be off', async () => (await ok(chief.get('/console/labels'))).title_used === false);
    await axe(page, 'the lists');
    await shot(page, 'labels-1280');
    assert.deepEqual(page.faults, []);
    await page.context().close();
    const phone = await admin({ who: english, width: 360, height: 800 });
    await inConsole(phone, 'member-label');
    await phone.getByRole('heading', { name: 'Titles', exact: true }).waitFor();
    await fits(phone);
    await shot(phone, 'labels-360-en');
    await axe(phone, 'the lists in English');
    assert.deepEqual(phone.faults, []);
    await phone.context().close();
});

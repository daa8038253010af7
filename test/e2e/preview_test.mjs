// The card under a link: as it comes while the room is open, in both languages, light and dark, from 360 to 1280 px; a page without a
// picture, one with a small one, one whose title is long; followed with the keyboard; gone with the setting.
import fs from 'node:fs';
import http from 'node:http';
import path from 'node:path';
import { Browser, healthy, looks } from '../lib/browser.mjs';
import { House, ROOT } from '../lib/house.mjs';
import { newKey, openTenant, Person } from '../lib/people.mjs';
import { after, assert, before, proves, test, until } from '../lib/test.mjs';

const PASSWORD = 'engawa no hidamari';
const WEB = '93.184.216.34';
const shots = path.join(ROOT, 'build/e2e');
const asked = [];
let house, browser, hiyodori, mori, ise, room, site, front, logo;

const page = (title, more) => `<!doctype html><html><head><meta charset="utf-8"><meta property="og:title" content="${title}">${more}</head><body></body></html>`;
const PAGES = {
    '/bakery': () => page('鎌倉のパン屋さん、海の見える丘に新しい店をひらく', `<meta property="og:description" content="潮風で育てた酵母を使った食パンが人気です。朝七時から、売り切れまで。">
        <meta property="og:site_name" content="湘南日報"><meta property="og:image" content="/front.jpg">`),
    '/shop': () => page('花と雑貨 ななほし', '<meta property="og:image" content="/logo.png">'),
    '/guide': () => page('衛生管理の手引き', '<meta name="description" content="食品を扱う事業者のための手引きです。">'),
    '/long': () => page('とても長い題名の'.repeat(40), `<meta property="og:description" content="${'Averylongwordwithoutanyblank'.repeat(20)}">`),
};

async function person(login, family, given, reading, language) {
    const { id } = await hiyodori.op('member.add', { login, family, given, family_reading: reading[0], given_reading: reading[1], language, password: PASSWORD });
    return new Person(hiyodori, login, PASSWORD, id);
}

const say = async (p, text) => {
    const r = await p.post(`/rooms/${room}/messages`, { key: newKey(), text });
    assert.equal(r.status, 200, r.text);
    return r.json.id;
};

async function opened(login, options) {
    const p = await browser.page(options);
    await browser.signIn(p, `${login}@hiyodori`, PASSWORD);
    await p.getByRole('link', { name: /大船店/ }).first().click();
    await p.locator('#composer').waitFor();
    return p;
}

const cards = (p) => p.locator('a.link-card');
const drawn = (p, n) => p.waitForFunction((k) => {
    const all = [...document.querySelectorAll('.link-card img')];
    return all.length >= k && all.every((i) => i.complete && i.naturalWidth > 0);
}, n);

before(async () => {
    fs.mkdirSync(shots, { recursive: true });
    site = http.createServer((req, res) => {
        asked.push(req.headers);
        const picture = { '/front.jpg': ['image/jpeg', front], '/logo.png': ['image/png', logo] }[req.url];
        res.writeHead(picture || PAGES[req.url] ? 200 : 404, { 'Content-Type': picture ? picture[0] : 'text/html' });
        res.end(picture ? picture[1] : PAGES[req.url]?.() ?? '');
    });
    await new Promise((done) => site.listen(0, '127.0.0.1', done));
    house = await House.start({ config: { 'test.out': `${WEB}:80=${site.address().port}` } });
    hiyodori = await openTenant(house, 'hiyodori', { company: '株式会社ひよどり製パン', login: 'kashiwagi', family: '柏木', password: PASSWORD });
    mori = await person('morishita', '森下', '真由', ['もりした', 'まゆ'], 'ja');
    ise = await person('ise', '伊勢', '翔太', ['いせ', 'しょうた'], 'ja');
    await person('yanagi', '柳', 'さつき', ['やなぎ', 'さつき'], 'en').then((p) => hiyodori.room('大船店', mori, ise, p)).then((r) => (room = r));
    browser = await Browser.start(house);
    const scene = await browser.page({ width: 1200, height: 630 });
    await scene.setContent('<body style="margin:0;background:linear-gradient(#9cc4e0,#fff4dd 60%,#7a4b28)"><h1 style="padding:160px;font-size:120px">パンの店</h1></body>');
    front = await scene.screenshot({ type: 'jpeg' });
    await scene.setViewportSize({ width: 128, height: 128 });
    await scene.setContent('<body style="margin:0;background:#b3372a"><h1 style="margin:24px;font-size:72px;color:#fff">花</h1></body>');
    logo = await scene.screenshot({ type: 'png' });
    await scene.context().close();
    await Promise.all([mori.signIn(), ise.signIn()]);
});
after(async () => {
    await browser?.stop();
    await house?.remove();
    site?.close();
});

test('a card comes under the link while the room is open, and nothing but the server asks the site', { timeout: 180_000 }, async () => {
    proves('B9.04');
    const desk = await opened('morishita', { width: 1280, height: 800 });
    await say(ise, `この店、見に行きませんか http://${WEB}/bakery`);
    await cards(desk).first().waitFor();
    await drawn(desk, 1);
    assert.match(await cards(desk).first().innerText(), /^鎌倉のパン屋さん、海の見える丘に新しい店をひらく\n潮風で育てた酵母/);
    assert.match(await cards(desk).first().innerText(), /湘南日報$/);
    await say(ise, `花はここです http://${WEB}/shop`);
    await say(ise, `手引き: http://${WEB}/guide を読んでおいてください。`);
    await say(ise, `http://${WEB}/long`);
    await until(async () => await cards(desk).count() === 4, 'four cards');
    await drawn(desk, 2);
    assert.match(await cards(desk).nth(1).innerText(), new RegExp(`${WEB.replaceAll('.', '\\.')}$`), 'a page without a name of its own is called by its host');
    await healthy(desk, 'cards, 1280');
    await desk.screenshot({ path: path.join(shots, 'preview-1280.png') });

    await cards(desk).first().focus();
    const [beside] = await Promise.all([desk.context().waitForEvent('page'), desk.keyboard.press('Enter')]);
    assert.equal(await beside.evaluate(() => window.opener), null, 'the page beside knows nothing of this one');
    await beside.close();
    for (const h of asked)
        assert.match(h['user-agent'], /Engawa/, 'no browser asked the site');
    assert.deepEqual(desk.faults, []);
    await desk.context().close();
});

test('cards on a phone, in both languages, light and dark; nothing moves when a picture comes', { timeout: 240_000 }, async () => {
    for (const [login, width, scheme] of looks([['ise', 390, 'light'], ['yanagi', 360, 'dark'], ['yanagi', 1280, 'dark'], ['ise', 800, 'light']])) {
        const p = await opened(login, { width, height: 844, dark: scheme === 'dark' });
        await until(async () => await cards(p).count() === 4, 'four cards');
        await cards(p).first().scrollIntoViewIfNeeded();
        await drawn(p, 2);
        const before = await cards(p).first().boundingBox();
        assert.ok(before.x >= 0 && before.x + before.width <= width, `the card stands within ${width} px`);
        await healthy(p, `cards, ${width} ${scheme}`);
        await p.screenshot({ path: path.join(shots, `preview-${width}-${login === 'yanagi' ? 'en' : 'ja'}-${scheme}.png`) });
        const told = await p.evaluate(() => [...document.querySelectorAll('.link-card img')].map((i) => [i.getAttribute('width'), i.getAttribute('height'), getComputedStyle(i).aspectRatio]));
        assert.ok(told.every(([w, h]) => Number(w) > 0 && Number(h) > 0), 'their room is known before they come');
        assert.deepEqual(p.faults, []);
        await p.context().close();
    }
});

test('with the setting off there is no card in a room that is opened', { timeout: 120_000 }, async () => {
    await hiyodori.chief.signIn();
    const admin = await hiyodori.chief.openConsole();
    assert.equal((await admin.put('/console/settings/talk.link_preview', { value: 'false' })).status, 200);
    const p = await opened('morishita', { width: 390, height: 844 });
    await p.getByText('手引き').first().waitFor();
    assert.equal(await cards(p).count(), 0);
    assert.deepEqual(p.faults, []);
    await p.context().close();
});

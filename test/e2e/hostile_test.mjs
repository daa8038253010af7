// Hostile words in everything that people write: they stand in the page as they were typed, and nothing of them runs, with
// the content security policy out of the way.
import { Browser } from '../lib/browser.mjs';
import { House, until } from '../lib/house.mjs';
import { newKey, Person } from '../lib/people.mjs';
import { after, assert, before, proves, test } from '../lib/test.mjs';

const PASSWORD = 'engawa no hidamari';
let house, browser, room, ann, chief, tenant;

/** Ways to run `ran()` in a page, each in every wrapping. */
const RUN = ['ran(1)', 'window.ran(1)', 'top["ran"](1)', 'ran`1`', 'self[`ran`](1)'];
const SHAPES = [
    (js) => `<script>${js}</script>`, (js) => `<ScRiPt/x>${js}</sCrIpT>`, (js) => `<img src=x onerror=${js}>`, (js) => `<img src=x onerror="${js.replaceAll('"', '&quot;')}">`,
    (js) => `<svg onload=${js}>`, (js) => `<svg><script>${js}</script></svg>`, (js) => `<svg><animate onbegin=${js} attributeName=x dur=1s>`,
    (js) => `<body onload=${js}>`, (js) => `<details open ontoggle=${js}>`, (js) => `<input autofocus onfocus=${js}>`, (js) => `<video><source onerror=${js}>`,
    (js) => `<iframe srcdoc="<script>parent.${js.replaceAll('"', '&quot;')}</script>">`, (js) => `<iframe src="javascript:parent.${js.replaceAll('"', '&quot;')}">`,
    (js) => `<a href="javascript:${js.replaceAll('"', '&quot;')}">x</a>`, (js) => `<math><mi//xlink:href="data:x,<script>${js}</script>">`,
    (js) => `<template><img src=x onerror=${js}></template>`, (js) => `<noscript><p title="</noscript><img src=x onerror=${js}>">`,
    (js) => `<form><button formaction=javascript:${js}>x`, (js) => `<object data="javascript:${js.replaceAll('"', '&quot;')}">`, (js) => `<marquee onstart=${js}>x</marquee>`,
];
const AROUND = [(v) => v, (v) => `"><${v.slice(1)}`, (v) => `*${v}*`, (v) => `\`\`\`\n${v}\n\`\`\``, (v) => `]]>--></textarea></title></style>${v}`];
const ODD = ['javascript:ran(1)', 'JaVaScRiPt:ran(1)', 'java\u200bscript:ran(1)', 'data:text/html,<script>ran(1)</script>', 'https://a.example/"onmouseover="ran(1)', "https://a.example/'onclick='ran(1)",
    'https://a.example/<img src=x onerror=ran(1)>', '[x](javascript:ran(1))', '![x](x"onerror="ran(1))', '&lt;script&gt;ran(1)&lt;/script&gt;', '{{constructor.constructor("ran(1)")()}}', '${ran(1)}',
    '\u202e<script>ran(1)</script>', '＜script＞ran(1)＜/script＞', '<\u0131mg src=x onerror=ran(1)>', '@<img src=x onerror=ran(1)>', '%3Cscript%3Eran(1)%3C/script%3E'];
const vectors = [...ODD, ...RUN.flatMap((js) => SHAPES.flatMap((shape) => AROUND.map((around) => around(shape(js)))))];

before(async () => {
    house = await House.start({ config: { edge_rate: '1000000', edge_burst: '1000000' } });
    const open = await house.op('tenant.open', { workgroup: 'acme', company: '会社', admin: { login: 'chief', family: '主', given: '一', password: PASSWORD } });
    tenant = open.tenant;
    const [name] = vectors.filter((v) => v.startsWith('<img') && v.length < 60);
    const a = await house.op('member.add', { login: 'ann', family: name, given: '<svg onload=ran(1)>', password: PASSWORD }, 'acme');
    const b = await house.op('member.add', { login: 'ben', family: '勉', given: '', password: PASSWORD }, 'acme');
    ann = await new Person({ house, number: tenant, workgroup: 'acme' }, 'ann', PASSWORD, a.id).signIn();
    chief = await new Person({ house, number: tenant, workgroup: 'acme' }, 'chief', PASSWORD, open.admin).signIn();
    await chief.openConsole();
    const group = await chief.post('/console/groups', { kind: 'internal', name: '<svg onload=ran(1)>', description: '"><img src=x onerror=ran(1)>', masters: [b.id] });
    assert.equal(group.status, 200, group.text);
    const unit = await chief.post('/console/units', { name: '<details open ontoggle=ran(1)>', code: 'hostile' });
    assert.equal(unit.status, 200, unit.text);
    assert.equal((await chief.post(`/console/units/${unit.json.id}/members`, { put: [{ member: b.id }] })).status, 200);
    const made = await ann.post('/rooms', { kind: 'several', name: '<script>ran(1)</script>', members: [b.id, open.admin] });
    assert.equal(made.status, 200, made.text);
    room = made.json.id;
    browser = await Browser.start(house);
});
after(async () => {
    await browser?.stop();
    await house?.remove();
});

test('five hundred hostile texts stay what they are, and nothing of them runs', { timeout: 180_000 }, async () => {
    proves('B6.06');
    assert.ok(vectors.length >= 500, `${vectors.length} vectors`);
    const post = (body) => ann.post(`/rooms/${room}/messages`, { key: newKey(), ...body });
    for (const text of vectors)
        assert.equal((await post({ text })).status, 200, text);
    const hostile = '<img src=x onerror=ran(1)>';
    assert.equal((await post({ kind: 'poll', text: hostile, poll: { choices: [{ text: hostile }, { text: '<svg onload=ran(1)>' }] } })).status, 200);
    assert.equal((await post({ kind: 'location', location: { latitude: 1, longitude: 2, label: hostile } })).status, 200);
    assert.equal((await post({ kind: 'contact', contact: { name: hostile, phone: 'javascript:ran(1)', mail: '"><svg onload=ran(1)>' } })).status, 200);
    assert.equal((await ann.put('/me/presence', { text: hostile })).status, 200);

    const page = await browser.page({ bypassCSP: true });
    await page.addInitScript(() => {
        window.times = 0;
        window.ran = () => { window.times += 1; };
    });
    page.on('dialog', (d) => assert.fail(`a dialog: ${d.message()}`));
    await browser.signIn(page, 'ben@acme', PASSWORD);
    await page.locator('.row').first().click();
    await page.getByRole('button', { name: /最新へ/ }).click();   // it opened at the first of them
    await page.locator('.sent-card, .poll').first().waitFor();
    assert.equal(await page.getByRole('heading', { level: 1 }).first().textContent(), '<script>ran(1)</script>');

    // Every text is walked past, page by page, and stands there as it was typed.
    const bare = (s) => s.replaceAll('```', '').replaceAll('*', '').replaceAll('`', '').replaceAll(/\s/g, '');
    const left = new Set(vectors.map(bare));
    await page.locator('.log').hover();
    for (const end = Date.now() + 120_000; left.size > 0 && Date.now() < end;) {
        for (const text of await page.locator('.bubble-text').allTextContents())
            left.delete(bare(text));
        await page.mouse.wheel(0, -700);
        await page.evaluate(() => new Promise((done) => { requestAnimationFrame(() => requestAnimationFrame(done)); }));
    }
    assert.deepEqual([...left], [], 'texts that were not in the page as they were typed');
    assert.equal(await page.evaluate(() => window.times), 0);
    await page.getByRole('link', { name: 'メンバー' }).first().click();
    await page.getByText(hostile).first().waitFor();
    assert.equal(await page.evaluate(() => window.times), 0);
    for (const scheme of await page.locator('a[href]').evaluateAll((all) => all.map((a) => a.protocol)))
        assert.match(scheme, /^(https?|tel|mailto|geo):$/);

    // The detector works: the same text as markup does run, in a page that has no Trusted Types.
    const other = await browser.page({ bypassCSP: true });
    await other.evaluate((html) => {
        window.times = 0;
        window.ran = () => { window.times += 1; };
        document.body.innerHTML = html;
    }, hostile);
    await until('the hostile text to run as markup', () => other.evaluate(() => window.times > 0));
    await other.close();
    await page.close();
    console.log(`hostile texts: ${vectors.length}`);
});

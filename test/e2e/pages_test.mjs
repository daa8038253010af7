// Every page of the console that is not made of settings alone, at 390 and 1280 px, in Japanese and English: it has its
// heading, nothing is wider than the window, axe finds nothing, and no sentence of the other language stands in it.
import { axeSource, Browser, looks } from '../lib/browser.mjs';
import { House } from '../lib/house.mjs';
import { openTenant } from '../lib/people.mjs';
import { after, assert, before, proves, test } from '../lib/test.mjs';

const axe = axeSource();
let house, browser, t, pages;

const ok = async (r) => {
    const got = await r;
    assert.equal(got.status, 200, got.text);
    return got.json;
};

before(async () => {
    house = await House.start();
    t = await openTenant(house, 'hiyodori', { company: 'Hiyodori', login: 'kashiwagi', family: 'Kashiwagi' });
    await t.chief.signIn();
    await t.chief.openConsole();
    const member = await t.add('morishita', { family: 'Morishita', given: 'Mayu' });
    const unit = await ok(t.chief.post('/console/units', { name: 'Ofuna', code: 'ofuna' }));
    await ok(t.chief.post(`/console/units/${unit.id}/members`, { put: [{ member: member.id }] }));
    const group = await ok(t.chief.post('/console/groups', { name: 'Delivery', kind: 'internal', masters: [member.id], members: [member.id] }));
    pages = ['', 'presets', 'member-member', `member-member/${member.id}`, 'member-member/deleted', 'member-member/import', 'member-unit', `member-unit/${unit.id}`,
        'member-unit/gone', 'member-group', 'member-group/gone', `member-group/${group.id}`, 'member-label', 'member-invite', 'member-field', 'security-admins', 'audit-console', 'audit-login', 'audit-talk', 'audit-download'];
    browser = await Browser.start(house);
});
after(async () => {
    await browser?.stop();
    await house?.remove();
});

for (const [width, lang] of looks([[390, 'ja'], [1280, 'en'], [390, 'en'], [1280, 'ja']]))
    test(`every page of the console at ${width} px in ${lang}`, { timeout: 240_000 }, async () => {
        proves('OVR-02', 'OVR-05');
        const page = await browser.page({ width, height: 844, lang });
        await browser.signIn(page, 'kashiwagi@hiyodori', t.chief.password);
        await page.waitForURL(/\/app/);
        await page.goto(`${house.origin}/t/${t.number}/app/console`);
        await page.locator('input[type=password]').fill(t.chief.password);
        await page.keyboard.press('Enter');
        await page.locator('.page-title').waitFor();
        for (const to of pages) {
            await page.evaluate((url) => {
                window.history.pushState(null, '', url);
                window.dispatchEvent(new PopStateEvent('popstate'));
            }, `/t/${t.number}/app/console${to ? `/${to}` : ''}`);
            await page.locator('.page-title').first().waitFor();
            await page.waitForFunction(() => !document.querySelector('main .loading'));
            const seen = await page.evaluate(async (source) => {
                if (!window.axe) (0, eval)(source);
                const found = (await window.axe.run()).violations.map((v) => `${v.id}: ${v.nodes.map((n) => n.target).join(' ')}`);
                return { found, lang: document.documentElement.lang, wide: document.documentElement.scrollWidth - window.innerWidth, text: document.querySelector('main').innerText };
            }, axe);
            assert.deepEqual(seen.found, [], to);
            assert.equal(seen.lang, lang, to);
            assert.ok(seen.wide <= 0, `${to}: ${seen.wide} px too wide`);
            assert.equal(await page.locator('[role=alert] .error-note, main .error-note').count(), 0, `${to} shows an error`);
            const japanese = /[\u3040-\u30ff]/u.test(seen.text);
            assert.equal(japanese, lang === 'ja', `${to}: ${seen.text.slice(0, 200)}`);
        }
        assert.deepEqual(page.faults, []);
        await page.context().close();
    });

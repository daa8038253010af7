// 書き出し as people meet it: from the room's information, how far it is, saved, and read in a browser without a network.
import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { Browser, healthy } from '../lib/browser.mjs';
import { House, ROOT } from '../lib/house.mjs';
import { openTenant } from '../lib/people.mjs';
import { png } from '../lib/pictures.mjs';
import { after, assert, before, test } from '../lib/test.mjs';

const shots = path.join(ROOT, 'build/e2e');
const WORDS = {
    ja: { info: 'メンバーを表示', chip: '書き出し', begin: '書き出す', ready: '書き出しができました', save: /を保存$/, saving: '保存を始めました' },
    en: { info: 'Show members', chip: 'Export', begin: 'Export', ready: 'Your export is ready', save: /^Save /, saving: 'Saving has begun' },
};
let house, acme, browser, ann, ben, room;

before(async () => {
    fs.mkdirSync(shots, { recursive: true });
    house = await House.start();
    acme = await openTenant(house, 'hiyodori');
    [ann, ben] = await Promise.all([acme.add('morishita', { family: '森下', given: '真由' }), acme.add('ise', { family: '伊勢', given: '翔太', language: 'en' })]);
    await Promise.all([ann.signIn(), ben.signIn()]);
    room = await acme.room('大船店', ann, ben);
    assert.equal((await ann.say(room, '明日の仕込みは6時からです')).status, 200);
    const sent = await ann.send(room, [['売り場.png', png(60, 40)], ['発注書.txt', Buffer.from('食パン 200')], ['棚卸.bin', randomBytes(2 << 20)]]);
    assert.equal(sent.status, 200, sent.text);
    browser = await Browser.start(house);
});
after(async () => {
    await browser?.stop();
    await house?.remove();
});

for (const [who, lang, options] of [['ann', 'ja', { width: 390, height: 844 }], ['ben', 'en', { width: 1280, height: 800, locale: 'en-US', dark: true }]])
    test(`a room is exported, saved and read offline (${lang}, ${options.width})`, { timeout: 120_000 }, async () => {
        const w = WORDS[lang], p = who === 'ann' ? ann : ben, page = await browser.page(options);
        await browser.signIn(page, `${p.login}@hiyodori`, p.password);
        await page.getByRole('link', { name: /^大船店/ }).click();
        await page.locator('#composer').waitFor();
        await page.getByRole('button', { name: w.info }).first().click();
        await page.locator('.room-acts').getByRole('button', { name: w.chip, exact: true }).click();
        const sheet = page.getByRole('dialog');
        await sheet.getByRole('button', { name: w.begin, exact: true }).waitFor();
        await healthy(page, `export, ${options.width}, before`);
        await sheet.getByRole('button', { name: w.begin, exact: true }).click();
        const act = sheet.getByRole('button', { name: w.save });
        await act.waitFor();
        await healthy(page, `export, ${options.width}`);
        await page.screenshot({ path: path.join(shots, `export-${options.width}.png`) });
        const [download] = await Promise.all([page.waitForEvent('download'), act.click()]);
        await page.getByText(w.saving).first().waitFor();
        const dir = fs.mkdtempSync(path.join(house.dir, 'saved-')), file = path.join(dir, 'a.zip');
        assert.match(download.suggestedFilename(), /^大船店 \d{4}-\d\d-\d\d\.zip$/);
        await download.saveAs(file);
        execFileSync('unzip', ['-qq', file, '-d', dir], { env: { ...process.env, LC_ALL: 'C.UTF-8' } });
        await page.context().setOffline(true);
        await page.goto(`file://${dir}/talk.html`);
        await page.getByText('明日の仕込みは6時からです').waitFor();
        await page.waitForFunction(() => [...document.images].length === 1 && document.images[0].naturalWidth === 60);
        assert.equal(await page.getByRole('link', { name: '発注書.txt' }).getAttribute('href').then((h) => fs.readFileSync(path.join(dir, decodeURIComponent(h)), 'utf8')), '食パン 200');
        await healthy(page, `the exported page, ${options.width}`);
        await page.screenshot({ path: path.join(shots, `exported-page-${options.width}.png`) });
        assert.deepEqual(page.faults, []);
    });

// The pictures of README.md, from a small company with a real conversation: doc/screens/*.png.
// usage: make screens
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { Browser } from '../lib/browser.mjs';
import { House, ROOT } from '../lib/house.mjs';

const PASSWORD = 'engawa no hidamari';
const to = path.join(ROOT, 'doc/screens');
fs.mkdirSync(to, { recursive: true });
const house = await House.start();
const browser = await Browser.start(house);
try {
    const company = { workgroup: 'hiyodori', company: '株式会社ひよどり製パン' };
    const admin = { login: 'kashiwagi', family: '柏木', given: '修一', family_reading: 'かしわぎ', given_reading: 'しゅういち', password: PASSWORD };
    const { admin: chief } = await house.op('tenant.open', { ...company, admin });
    const add = async (login, family, given, family_reading, given_reading) =>
        (await house.op('member.add', { login, family, given, family_reading, given_reading, password: PASSWORD }, 'hiyodori')).id;
    const members = [chief, await add('morishita', '森下', '真由', 'もりした', 'まゆ'), await add('yanagi', '柳', 'さつき', 'やなぎ', 'さつき'),
        await add('osawa', '大沢', '健一', 'おおさわ', 'けんいち')];
    const room = await house.op('room.add', { name: '大船店', members }, 'hiyodori');
    execFileSync(house.ctlProgram, ['--data', house.dir, 'import', 'line', '--tenant', 'hiyodori', '--room', room.id, path.join(ROOT, 'test/demo/ofuna.txt')]);
    const shoot = async (name, login, options, then) => {
        const page = await browser.page(options);
        await browser.signIn(page, `${login}@hiyodori`, PASSWORD);
        await page.getByRole('link', { name: /大船店/ }).first().click();
        await page.locator('article').last().waitFor();
        await page.evaluate(() => document.activeElement?.blur());
        await then?.(page);
        await page.screenshot({ path: path.join(to, `${name}.png`) });
        await page.context().close();
    };
    await shoot('room-phone', 'morishita', { width: 390, height: 844 });
    await shoot('room-desktop', 'morishita', {});
    await shoot('console', 'kashiwagi', {}, async (page) => {
        await page.goto(`${house.origin}/console/member-member`);
        await page.locator('input[type=password]').fill(PASSWORD);
        await page.keyboard.press('Enter');
        await page.getByText('yanagi', { exact: true }).first().waitFor();
    });
} finally {
    await browser.stop();
    await house.remove();
}

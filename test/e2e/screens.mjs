// The pictures of README.md, from the demo company: doc/screens/*.png.
// usage: make screens
import fs from 'node:fs';
import path from 'node:path';
import { Browser } from '../lib/browser.mjs';
import { House, ROOT } from '../lib/house.mjs';
import { makeDemo } from '../../tool/demo_make.mjs';

const PASSWORD = 'kotatsu to mikan';
const to = path.join(ROOT, 'doc/screens');
fs.mkdirSync(to, { recursive: true });
const house = await House.start();
const browser = await Browser.start(house);
try {
    await makeDemo(house.dir, new Map(['kashiwagi', 'morishita', 'ise', 'hiyori'].map((l) => [l, PASSWORD])));
    const shoot = async (name, login, options, then) => {
        const page = await browser.page(options);
        await browser.signIn(page, `${login}@hiyodori`, PASSWORD);
        await page.locator('.row').first().waitFor();
        await then(page);
        await page.evaluate(() => document.activeElement?.blur());
        await page.screenshot({ path: path.join(to, `${name}.png`) });
        await page.context().close();
    };
    const room = async (page) => {
        await page.getByRole('link', { name: /大船店/ }).first().click();
        await page.locator('article').last().waitFor();
    };
    await shoot('list-phone', 'morishita', { width: 390, height: 844 }, async () => undefined);
    await shoot('room-phone', 'morishita', { width: 390, height: 844 }, room);
    await shoot('room-desktop', 'morishita', {}, room);
    await shoot('console', 'kashiwagi', {}, async (page) => {
        await page.goto(`${house.origin}/console/member-member`);
        await page.locator('input[type=password]').fill(PASSWORD);
        await page.keyboard.press('Enter');
        await page.getByText('aizawa', { exact: true }).first().waitFor();
    });
} finally {
    await browser.stop();
    await house.remove();
}

// What a person waits for in the browser: a room opened from its address, and scrolling back through 100,000 messages, on this
// machine's CPU and on one four times slower; each beside what the same browser needs for a page without anything of ours.
// Decides nothing. usage: make bench, or node test/bench/web_bench.mjs [MESSAGES]
import { Browser } from '../lib/browser.mjs';
import { House } from '../lib/house.mjs';
import { newKey } from '../lib/people.mjs';

const MESSAGES = Number(process.argv[2] ?? 100_000);
const TURNS = 9;
const SCROLL_MS = 20_000;
const PASSWORD = 'engawa no hidamari';
const LIMIT_PAGE = '/engawa.webmanifest';
const sorted = (v) => [...v].sort((a, b) => a - b);
const at = (v, share) => sorted(v)[Math.min(v.length - 1, Math.floor(v.length * share))];
const ms = (v) => `${v.toFixed(0)} ms`;
const row = (figure, ...rest) => console.log(`${figure.padEnd(58)} ${rest.join('   ')}`);

async function company(house) {
    const { tenant } = await house.op('tenant.open', { workgroup: 'bench', company: 'ベンチ', admin: { login: 'admin', family: '管', password: PASSWORD } });
    const people = [];
    for (const login of ['mayu', 'satsuki', 'ryo']) people.push(await house.op('member.add', { login, family: login, password: PASSWORD }, 'bench'));
    const rooms = [];
    for (let i = 0; i < 60; i++) rooms.push(await house.op('room.add', { name: `店舗 ${i}`, members: people.map((p) => p.id) }, 'bench'));
    const say = (room, from, n) => house.op('talk.import', {
        room,
        messages: Array.from({ length: n }, (_, k) => ({
            key: newKey(), kind: 'text', sender: people[(from + k) % 7 % 3].id, sent: Date.now() - (MESSAGES - from - k) * 30_000,
            text: `連絡 ${from + k}${' 冷蔵庫2番の温度を見てください。'.repeat((from + k) % 7)}`,
        })),
    }, 'bench');
    for (const r of rooms.slice(1)) await say(r.id, MESSAGES - 60, 60);
    for (let i = 0; i < MESSAGES; i += 100) await say(rooms[0].id, i, Math.min(100, MESSAGES - i));
    return { tenant, room: rooms[0].id };
}

const slower = async (page, times) => (await page.context().newCDPSession(page)).send('Emulation.setCPUThrottlingRate', { rate: times });

/** Milliseconds of the page's own clock from the navigation to the first frame in which it is there. */
async function shown(page, url, selector) {
    await page.goto(url, { waitUntil: 'commit' });
    return page.evaluate((s) => new Promise((resolve) => {
        const look = () => (document.querySelector(s) ? requestAnimationFrame(() => resolve(performance.now())) : requestAnimationFrame(look));
        look();
    }), selector);
}

async function firstRoom(browser, origin, { tenant, room }, times) {
    const state = await signedIn(browser);
    const cold = [], again = [], limit = [];
    for (let i = 0; i < TURNS; i++) {
        const context = await browser.chromium.newContext({ storageState: state, viewport: { width: 390, height: 844 }, locale: 'ja-JP' });
        const page = await context.newPage();
        await slower(page, times);
        limit.push(await shown(page, `${origin}${LIMIT_PAGE}`, 'body'));
        cold.push(await shown(page, `${origin}/t/${tenant}/app/talk/${room}`, '.log article'));
        again.push(await shown(page, `${origin}/t/${tenant}/app/talk/${room}`, '.log article'));
        await context.close();
    }
    for (const [name, v] of [['nothing kept', cold], ['files kept', again]])
        row(`first room on a phone, CPU / ${times}, ${name}`, `p50 ${ms(at(v, 0.5))}`, `worst ${ms(at(v, 1))}`, `${(at(v, 0.5) / at(limit, 0.5)).toFixed(1)} x a file of a few lines (${ms(at(limit, 0.5))})`);
}

async function signedIn(browser) {
    const page = await browser.page({ width: 390, height: 844 });
    await browser.signIn(page, 'mayu@bench', PASSWORD);
    await page.waitForURL(/\/app/);
    const state = await page.context().storageState();
    await page.context().close();
    return state;
}

/** Wheels up for a while: the times between frames, and how far it came. */
async function scroll(page, selector) {
    await page.locator(selector).hover();
    await page.evaluate(() => {
        globalThis.frames_ = [];
        let before = performance.now();
        const frame = (now) => {
            globalThis.frames_.push(now - before);
            before = now;
            if (globalThis.frames_) requestAnimationFrame(frame);
        };
        requestAnimationFrame(frame);
    });
    for (const end = Date.now() + SCROLL_MS; Date.now() < end;) await page.mouse.wheel(0, -400);
    return page.evaluate(() => globalThis.frames_.slice(1));
}

function told(name, frames, beside) {
    let streak = 0, longest = 0;
    for (const f of frames) {
        streak = f > 34 ? streak + 1 : 0;
        longest = Math.max(longest, streak);
    }
    row(name, `${frames.length} frames`, `p50 ${at(frames, 0.5).toFixed(1)} ms`, `p99 ${at(frames, 0.99).toFixed(1)} ms`, `late (> 34 ms) ${frames.filter((f) => f > 34).length}`, `longest streak ${longest}`, beside);
}

async function scrolling(browser, origin, { tenant, room }, times) {
    const bare = await browser.page({ width: 390, height: 844 });
    await bare.setContent(`<div id="log" style="height:800px;overflow:auto">${'<p>連絡 冷蔵庫2番の温度を見てください。</p>'.repeat(5000)}</div>`);
    await slower(bare, times);
    await bare.locator('#log').evaluate((e) => { e.scrollTop = e.scrollHeight; });
    told(`a plain page of 5,000 lines, CPU / ${times}`, await scroll(bare, '#log'), '');
    await bare.context().close();
    const page = await browser.page({ width: 390, height: 844 });
    await browser.signIn(page, 'mayu@bench', PASSWORD);
    await page.waitForURL(/\/app/);
    await page.goto(`${origin}/t/${tenant}/app/talk/${room}/${MESSAGES}`);
    const number = () => page.locator('.log article').first().getAttribute('aria-posinset');
    await page.locator('.log article').first().waitFor();
    await slower(page, times);
    const from = Number(await number());
    const frames = await scroll(page, '.log');
    told(`scrolling back in ${MESSAGES.toLocaleString('en')} messages, CPU / ${times}`, frames, `${from - Number(await number())} messages passed`);
    await page.context().close();
}

const house = await House.start({ program: 'build/engawad' });
let browser;
try {
    const c = await company(house);
    browser = await Browser.start(house, { program: '/usr/bin/chromium' });
    for (const times of [1, 4]) await firstRoom(browser, house.origin, c, times);
    for (const times of [1, 4]) await scrolling(browser, house.origin, c, times);
} finally {
    await browser?.stop();
    await house.remove();
}

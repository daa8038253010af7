// Chromium for a test: a HOME of its own whose certificate store trusts the house's development CA, and pages that
// note every error: what a page reports and nobody expected fails the test.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { DEADLINE_MS, ROOT } from './house.mjs';

const { chromium } = createRequire(path.join(ROOT, 'web/package.json'))('playwright-core');
export const axeSource = () => fs.readFileSync(createRequire(path.join(ROOT, 'web/package.json')).resolve('axe-core/axe.min.js'), 'utf8');

/** Sizes, languages and themes in which a page is looked at: the first ones in `make test`, all of them in `make full`. */
export const looks = (all, few = 2) => (process.env.ENGAWA_LOOKS === 'all' ? all : all.slice(0, few));

let axe;

const NAMED_MS = 5_000;

/** Nothing is wider than the window, and axe finds nothing; what passes is not gathered, which halves its work. A dialog has its name
 * from the second frame on. */
export async function healthy(page, where) {
    axe ??= axeSource();
    await page.waitForFunction(() => [...document.querySelectorAll('[role=dialog]')].every((d) => d.matches('[aria-label], [aria-labelledby]')), null, { timeout: NAMED_MS })
        .catch(() => {}); // then axe says so
    const wide = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
    assert.ok(wide <= 0, `${where}: ${wide} px too wide`);
    if (!await page.evaluate(() => 'axe' in globalThis)) await page.evaluate(axe);
    const found = await page.evaluate(() => globalThis.axe.run(document, { resultTypes: ['violations'], preload: { assets: ['media'] } })
        .then((r) => r.violations.map((v) => `${v.id}: ${v.nodes.map((n) => n.html).join(' ').slice(0, 300)}`)));
    assert.deepEqual(found, [], where);
}

/** Turns the wheel and waits until the page has heard of it: else what was turned may still come when nothing is expected to move. */
export async function turn(page, step) {
    const before = await page.evaluate(() => {
        if (globalThis.turns === undefined) {
            globalThis.turns = 0;
            window.addEventListener('wheel', () => { globalThis.turns += 1; }, { capture: true, passive: true });
        }
        return globalThis.turns;
    });
    await page.mouse.wheel(0, step);
    await page.waitForFunction((n) => globalThis.turns > n, before);
}

const look = ({ width = 1280, height = 800, locale = 'ja-JP', dark = false, agent, motion = false, touch = width < 768 }) => ({
    viewport: { width, height },
    locale,
    timezoneId: 'Asia/Tokyo',
    hasTouch: touch,
    colorScheme: dark ? 'dark' : 'light',
    reducedMotion: motion ? 'no-preference' : 'reduce',
    ...(agent ? { userAgent: agent } : {}),
});

/** A film of a second, made by the browser itself. */
export const film = async (page) => Buffer.from(await page.evaluate(async () => {
    const canvas = Object.assign(document.createElement('canvas'), { width: 320, height: 180 });
    const c = canvas.getContext('2d');
    const recorder = new MediaRecorder(canvas.captureStream(25), { mimeType: 'video/webm' });
    const pieces = [];
    recorder.ondataavailable = (e) => pieces.push(e.data);
    recorder.start(100);
    for (let i = 0; i < 30; i++) {
        c.fillStyle = `hsl(${i * 12} 60% 60%)`;
        c.fillRect(0, 0, 320, 180);
        await new Promise((done) => { requestAnimationFrame(done); });
    }
    await new Promise((done) => { recorder.onstop = done; recorder.stop(); });
    return [...new Uint8Array(await new Blob(pieces).arrayBuffer())];
}));

export class Browser {
    /** `program`: the shell does a quarter less work than a whole browser, which figures are measured with. */
    static async start(house, { program = '/usr/bin/chromium-headless-shell' } = {}) {
        const b = new Browser();
        const home = path.join(house.dir, 'home');
        fs.mkdirSync(home);
        execFileSync(path.join(ROOT, 'tool/trust'), ['add', home, path.join(house.dir, 'tls/ca.crt')], { stdio: 'ignore' });
        b.house = house;
        b.how = {
            executablePath: program,
            env: { ...process.env, HOME: home, LC_ALL: 'C.UTF-8' },    // a name of a download that is not ASCII is kept there alone
            args: [
                '--headless', '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run',
                '--disable-background-networking', '--disable-component-update', '--disable-sync',
            ],
        };
        b.chromium = await chromium.launch(b.how);
        return b;
    }

    /** A page in a context of its own. `page.faults` gathers what went wrong in it. The service worker comes with `worker`
     * alone: it fetches the whole client, which a page that is there for a minute does not need. `lang`: the language that was
     * chosen in it before. */
    async page({ worker = false, bypassCSP = false, lang = '', ...options } = {}) {
        const locale = lang && (lang === 'en' ? 'en-US' : 'ja-JP');
        const context = await this.chromium.newContext({ ...look({ ...options, ...(locale && { locale }) }), bypassCSP, serviceWorkers: worker ? 'allow' : 'block' });
        const page = await this.open(context);
        if (lang)
            await page.addInitScript((chosen) => localStorage.getItem('engawa.prefs') ?? localStorage.setItem('engawa.prefs', JSON.stringify({ lang: chosen })), lang);
        return page;
    }

    /** A page of an ordinary profile on the disk: what a browser allows in no private window, installing above all. `app`: an
     * address that opens in a window of its own without a browser around it, as an installed app does (display-mode standalone). */
    async profile({ app = '', ...options } = {}) {
        const { env } = this.how;
        const args = app ? [...this.how.args, `--app=${app}`] : this.how.args;
        const folder = this.folder = fs.mkdtempSync(path.join(this.house.dir, 'profile-'));
        const context = await chromium.launchPersistentContext(folder, { executablePath: '/usr/bin/chromium', env, args, ...look(options) });
        (this.profiles ??= []).push(context);
        return this.open(context);
    }

    async open(context) {
        context.setDefaultTimeout(DEADLINE_MS);
        const page = context.pages()[0] ?? await context.newPage();
        page.faults = [];
        page.on('pageerror', (e) => page.faults.push(`error: ${e.message}`));
        page.on('console', (m) => {
            /* A refused or interrupted request is part of the stories; everything else is not. */
            if (m.type() === 'error' && !/Failed to load resource|WebSocket connection to|net::ERR/.test(m.text()))
                page.faults.push(`console: ${m.text()}`);
        });
        await page.addInitScript(() => {
            document.addEventListener('securitypolicyviolation', (e) => console.error(`CSP: ${e.violatedDirective} ${e.blockedURI}`));
        });
        return page;
    }

    async signIn(page, id, password, origin = this.house.origin) {
        await page.goto(`${origin}/`);
        await page.locator('input').first().fill(id);
        await page.locator('input[type=password]').fill(password);
        await this.submit(page, id);
    }

    /** Sends the form of the login; where a second step is asked, a slip of the operator's is shown. */
    async submit(page, id) {
        const answered = page.waitForResponse((r) => r.request().method() === 'POST' && /\/w\/[^/]+\/session$/.test(r.url()));
        await page.keyboard.press('Enter');
        const r = await answered;
        if (r.status() !== 200 || !(await r.json()).second)
            return;
        const [login, workgroup] = id.split('@');
        const { code } = await this.house.op('member.second_slip', { login }, workgroup);
        await page.locator('#second-code').fill(code);
        await page.keyboard.press('Enter');
    }

    /** Also what a failed test left open: its browser would keep the tests from ending. */
    async stop() {
        for (const context of this.profiles ?? []) await context.close();
        await this.chromium?.close();
    }
}

// Logging in again and again: a member keeps twenty sessions at most, and the process keeps nothing else of a log-in but
// what its cache of pages holds, which has a bound of its own and goes when nobody asks. Finds what leaves some 500 bytes behind at each log-in.
//     ENGAWA_LOGINS=10000 node --test test/api/session_memory_test.mjs
import fs from 'node:fs';
import { House, until } from '../lib/house.mjs';
import { openTenant } from '../lib/people.mjs';
import { after, assert, before, notRoot, proves, testUnless } from '../lib/test.mjs';

const LOGINS = Number(process.env.ENGAWA_LOGINS ?? 0) || 600, WARM = 200;
let house;

before(async () => {
    house = await House.start({ config: { edge_rate: '1000000', edge_burst: '1000000' } });
});
after(() => house.remove());

/** Kilobytes that the process has for itself. */
function ownKb(pid) {
    const text = fs.readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8');
    return [...text.matchAll(/^Private_(?:Clean|Dirty):\s+(\d+) kB$/gm)].reduce((sum, m) => sum + Number(m[1]), 0);
}

testUnless(notRoot, 'log-ins leave twenty sessions and no memory behind', { timeout: 600_000 }, async () => {
    proves('B4.07');
    const t = await openTenant(house, 'acme');
    const p = t.chief;
    const again = async (n) => {
        for (let i = 0; i < n; i++) {
            p.client.cookies.clear();
            await p.signIn();
        }
        assert.equal((await p.get('/sessions')).json.sessions.length, 20);
    };
    await again(WARM);
    const pid = await until('the process', () => t.pid());
    /* What is kept of pages grows with the rows that a log-in writes: it goes when nobody asks, and what is left is compared. */
    const quiet = async () => {
        const busy = ownKb(pid);
        return until('its pages to be given back', () => ownKb(pid) < busy - 100 && ownKb(pid));
    };
    if (process.env.ENGAWA_BIN?.endsWith('asan'))         // keeps what was freed for a while: the twenty sessions alone are asked for
        return again(LOGINS);
    let before_ = await quiet(), looks = 0;
    await until('it falls no more', () => {
        const now = ownKb(pid);
        looks = now < before_ ? 0 : looks + 1;
        before_ = Math.min(before_, now);
        return looks === 500;
    });
    await again(LOGINS);
    assert.equal(await t.pid(), pid, 'the same process all along');
    /* It goes in more than one step; what a log-in left behind would never go. */
    const most = before_ + 256 + LOGINS * 0.3;
    await quiet();
    await until(`no more than ${most} kB to be left`, () => ownKb(pid) < most).catch((e) => assert.fail(`${e.message}: ${ownKb(pid)} kB`));
    console.log(`${LOGINS} log-ins: ${before_} kB before, ${ownKb(pid)} kB after`);
    return undefined;
});

testUnless(notRoot, 'a company that nobody asks for anything gives back the pages that it kept', { timeout: 120_000 }, async () => {
    const t = await openTenant(house, 'beta');
    await t.chief.signIn();
    const room = await t.room('間', t.chief, await t.add('ann'));
    const text = '縁側で話す。'.repeat(400);
    for (let i = 0; i < 600; i++) assert.equal((await t.chief.say(room, `${i} ${text}`)).status, 200);
    assert.equal((await t.chief.get(`/rooms/${room}/messages?limit=100`)).status, 200);
    const pid = await t.pid(), busy = ownKb(pid);
    if (process.env.ENGAWA_BIN?.endsWith('asan')) return;                      // keeps what was freed
    const quiet = await until('its memory to come back', () => ownKb(pid) < busy - 2048 && ownKb(pid));
    console.log(`${busy} kB busy, ${quiet} kB quiet`);
    assert.equal((await t.chief.get(`/rooms/${room}/messages?limit=100`)).status, 200);
    assert.equal(await t.pid(), pid, 'the same process');
});

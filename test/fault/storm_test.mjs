// A retry storm over bad connections: posts, threads, edits, reactions and take-backs are repeated until they are answered,
// readers are cut off and come back, members are taken out and come back. Nothing is lost, doubled or in another order, and
// nobody hears of a room after being taken out of it.
//     ENGAWA_STORM_SECONDS=1800 SEED=… node --test test/fault/storm_test.mjs
import { test, assert, proves } from '../lib/test.mjs';
import { numbers, seed, startHouse } from './driver.mjs';
import { Proxy } from './proxy.mjs';
import { Storm } from './storm.mjs';

const SECONDS = Number(process.env.ENGAWA_STORM_SECONDS || 20);
const ROUND_S = 60;                // rooms stay as long as people's are: a history is read whole at the end of a round

test('A03 A04: over a storm of cut connections every act stands once and every reader holds what the history gives', { timeout: SECONDS * 2_000 + 120_000 }, async () => {
    proves('TLK-01');
    proves('TLK-02');
    const house = await startHouse({ edges: 2 });
    const proxy = await Proxy.start(house.port, numbers(seed));
    const begun = Date.now();
    let storm;
    try {
        storm = await Storm.begin(house, { connectPort: proxy.port, seed });
        for (let left = SECONDS; left > 0; left -= ROUND_S) {
            await storm.round(Math.min(left, ROUND_S), () => proxy.harm(), () => proxy.heal());
            const bad = Object.entries(storm.found).filter(([, v]) => v.length).map(([k, v]) => [k, v.slice(0, 5)]);
            assert.deepEqual(Object.fromEntries(bad), {}, `seed ${seed}, round ${storm.rounds}`);
            console.log(`round ${storm.rounds}, ${Math.round((Date.now() - begun) / 1000)} s: ${storm.line()}`);
        }
        console.log(`seed ${seed}: ${proxy.cut} cut, ${proxy.delayed} delayed, ${proxy.hung} hung; ${storm.line()}`);
        assert.ok(proxy.cut > 10 && storm.breaks > 0 && storm.sum('synced') > 0, 'the network was too good');
        assert.ok(storm.acked > 0 && storm.threads > 0 && storm.left > 1 && storm.sum('opened') > 0, 'too little happened');
    } finally {
        await storm?.end();
        proxy.stop();
        await house.remove();
    }
});

// Bad networks: connections are cut in the middle of posts and events, delayed, left half open. Every observer sees the
// same messages in the same order, without a gap, and each post stands once.
import { test, assert, proves } from '../lib/test.mjs';
import { Load, line, numbers, seed, startHouse } from './driver.mjs';
import { Proxy } from './proxy.mjs';

const LASTS_MS = 10_000;
const EVERY_MS = 40;

test('A03 A04: over cut, delayed and hanging connections all see one order without gap', async () => {
    proves('TLK-02');
    const house = await startHouse({ edges: 2 });
    const proxy = await Proxy.start(house.port, numbers(seed));
    let load;
    let harm;
    try {
        const place = { port: house.port, connectPort: proxy.port, origin: house.origin, ca: house.ca };
        load = await Load.begin(house, { senders: 8, rooms: 2, place });
        const ends = performance.now() + LASTS_MS;
        await new Promise((resolve) => {
            harm = setInterval(() => {
                proxy.harm();
                if (performance.now() > ends) resolve();
            }, EVERY_MS);
        });
        clearInterval(harm);
        proxy.heal();
        await load.everyone();
        const r = await load.end();
        console.log(`seed ${seed}: ${proxy.cut} cut, ${proxy.delayed} delayed, ${proxy.hung} hung; ${line(r)}`);
        assert.deepEqual(r.first, {}, `seed ${seed}`);
        assert.deepEqual(r.anomalies, [], `seed ${seed}`);
        assert.ok(proxy.cut > 10 && r.retries > 0 && r.synced > 0, 'the network was too good');
        assert.ok(r.acked > 0 && r.acked === r.present && r.acked === r.counted, `${r.acked} of ${r.present}`);
    } finally {
        clearInterval(harm);
        load?.close();
        proxy.stop();
        await house.remove();
    }
});

// A full disk, volume by volume: companies, registry, keys each on a small file system of their own that is filled and emptied
// again and again under load. Reads go on; writes are refused with 507 and one code; nothing is a success without its audit
// row; when there is room again, the same processes write again.
//     ENGAWA_FILLS=50 node --test test/fault/full_test.mjs        that often
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { newKey } from '../lib/people.mjs';
import { assert, notRoot, proves, testUnless, until } from '../lib/test.mjs';
import { hashOf } from './client.mjs';
import { addMember, checkedBy, op, signedIn, startHouse } from './driver.mjs';

const WORKGROUP = 'fault';
const PASSWORD = 'Okaerinasai-2026-engawa';
const FILLS = Number(process.env.ENGAWA_FILLS ?? 3);
const ROOM_MB = 24;
const LONG = { timeout: FILLS > 3 ? 1_800_000 : 120_000 };

/** The house's folder `name` on a file system of its own; the house is down meanwhile. */
async function onItsOwn(house, name) {
    const dir = path.join(house.dir, name), aside = `${dir}.aside`;
    await house.stop();
    fs.renameSync(dir, aside);
    const { mode, uid, gid } = fs.statSync(aside);
    fs.mkdirSync(dir);
    execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${ROOM_MB}m,mode=${(mode & 0o777).toString(8)},uid=${uid},gid=${gid}`, 'engawa-test', dir]);
    execFileSync('cp', ['-a', `${aside}/.`, dir]);
    await house.boot();
    return {
        fill() {
            const fd = fs.openSync(path.join(dir, 'filler'), 'w', 0o600);
            try {
                for (const size of [1 << 20, 4096]) {
                    try {
                        for (;;) fs.writeSync(fd, Buffer.alloc(size));
                    } catch (e) {
                        if (e.code !== 'ENOSPC') throw e;
                    }
                }
            } finally {
                fs.closeSync(fd);
            }
        },
        empty: () => fs.rmSync(path.join(dir, 'filler'), { force: true }),
        remove: () => execFileSync('umount', ['-l', dir]),
    };
}

const pidsOf = async (house) => Object.fromEntries((await op(house, 'health')).roles.map((r) => [`${r.role} ${r.number ?? ''}`, r.pid]));

async function withVolume(name, body) {
    const house = await startHouse({ edge_rate: '1000000', edge_burst: '1000000' });
    let volume, people = [];
    try {
        const ids = [await addMember(house, 'reader'), await addMember(house, 'sender')];
        const room = (await op(house, 'room.add', { name: '部屋', members: ids }, WORKGROUP)).id;
        volume = await onItsOwn(house, name);
        people = [await signedIn(house, 'reader', '127.4.11.1'), await signedIn(house, 'sender', '127.4.11.2')];
        await body({ house, volume, room, reader: people[0], sender: people[1] });
    } finally {
        for (const p of people) p.close();
        await house.stop();
        volume?.remove();
        await house.remove();
    }
}

/** Posts until told: each is acknowledged, or refused as the disk is full. */
function poster({ sender, room }, acks) {
    let n = acks.length, pending;
    return async () => {
        const again = pending ?? { key: newKey(), text: `${n + 1} 縁側 ${'満'.repeat(300)}` };
        const r = await sender.post(`/rooms/${room}/messages`, again);
        if (r.status === 200) {
            acks.push({ author: sender.me.id, n: ++n, room, seq: r.body.seq, key: again.key, hash: hashOf(again.text) });
            pending = undefined;
        } else {
            pending = again;
            assert.deepEqual([r.status, r.body.error?.code], [507, 'storage_full'], JSON.stringify(r.body));
        }
        return r.status;
    };
}

testUnless(notRoot, 'A06: the disk of the companies is full: reads go on, writes get 507, and there is room again', LONG, () => withVolume('tenants', async (w) => {
    proves('TLK-02');
    const acks = [], post = poster(w, acks);
    const { house, volume, reader, room } = w;
    let tried = 0;
    assert.equal(await post(), 200);
    const before = await pidsOf(house);
    for (let i = 0; i < FILLS; i++) {
        volume.fill();
        for (let got = 0; got < 3; ) {                                  // what the files have room for inside goes on being stored
            if ((await post()) === 507) got++;
            tried++;
        }
        const page = await reader.get(`/rooms/${room}/messages?limit=50`);
        assert.equal(page.status, 200);
        assert.equal(page.body.messages[0].key, acks.at(-1).key, 'what was acknowledged last is what is read first');
        const sign = await reader.get('/me');
        assert.equal(sign.status, 200);
        volume.empty();
        assert.equal(await post(), 200, 'at once, since there is room');
    }
    const now = await pidsOf(house);                                    // the decoy may have come meanwhile, for the first time
    assert.deepEqual(Object.fromEntries(Object.keys(before).map((who) => [who, now[who]])), before, 'no process was started anew');
    const r = await checkedBy(house, reader, [room], acks);
    console.log(`${FILLS} fills, ${tried} posts tried while full; acked ${r.acked}, lost ${r.lost}, unaudited ${r.unaudited}`);
    assert.deepEqual(r.first, {});
    assert.equal(r.acked, r.present);
}));

for (const [name, what] of [['registry', 'the registry'], ['keys', 'the keys']])
    testUnless(notRoot, `A06: the disk of ${what} is full: companies talk on, a new one gets 507 and is opened later`, LONG, () => withVolume(name, async (w) => {
        const acks = [], post = poster(w, acks);
        const { house, volume, reader, room } = w;
        const before = await pidsOf(house);
        const open = (workgroup) => house.ctl.call('tenant.open', '', { workgroup, company: '別会社', admin: { login: 'chief', family: '主', password: PASSWORD } });
        for (let i = 0; i < FILLS; i++) {
            volume.fill();
            assert.equal(await post(), 200);
            assert.equal((await reader.get(`/rooms/${room}/messages?limit=50`)).status, 200);
            let r;
            for (let tries = 0; (r = await open(`full-${i}-${tries}`)).status === 200; tries++) assert.ok(tries < 200, 'the disk is never full');
            assert.equal(r.status, 507, r.text);
            assert.equal(JSON.parse(r.text).error.code, 'storage_full');
            volume.empty();
            assert.equal((await open(`room-${i}`)).status, 200);
            assert.ok((await op(house, 'tenant.check', { workgroup: `room-${i}` })).whole);
        }
        const now = await pidsOf(house);
        for (const [who, pid] of Object.entries(before)) assert.equal(now[who], pid, `${who} was started anew`);
        const r = await checkedBy(house, reader, [room], acks);
        assert.deepEqual(r.first, {});
    }));

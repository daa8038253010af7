// Two promises whose breach nobody would see on a screen: a submenu that lets everybody in, and an event that still
// reaches somebody who has left the room.
import { test, assert } from '../lib/test.mjs';
import { until } from '../lib/house.mjs';
import { addMember, op, signedIn, startHouse } from './driver.mjs';
import { newKey } from '../lib/people.mjs';

async function inHouse(body) {
    const house = await startHouse();
    const people = [];
    try {
        await body(house, async (login, address) => {
            const id = await addMember(house, login);
            const p = await signedIn(house, login, address);
            people.push(p);
            return Object.assign(p, { id });
        });
    } finally {
        for (const p of people) p.close();
        await house.remove();
    }
}

test('a plain member reaches no submenu of the console', () => inHouse(async (house, member) => {
    const p = await member('hanako', '127.4.5.1');
    for (const path of ['/console/members', '/console/audit', '/console/settings']) {
        const r = await p.get(path);
        assert.deepEqual([r.status, r.body.error?.code], [403, 'forbidden'], path);
    }
    const admin = await signedIn(house, 'admin', '127.4.5.2');
    try {
        const opened = await admin.post('/console/session', { password: 'Okaerinasai-2026-engawa' });
        assert.equal(opened.status, 200);
        const r = await admin.get('/console/members');
        assert.equal(r.status, 200);
        assert.ok(r.body.members.some((m) => m.id === p.id));
    } finally {
        admin.close();
    }
}));

test('who has left a room hears nothing of it any more', () => inHouse(async (house, member) => {
    const stays = await member('hanako', '127.4.5.1');
    const leaves = await member('tarou', '127.4.5.2');
    const add = (name) => op(house, 'room.add', { name, members: [stays.id, leaves.id] }, house.workgroup).then((r) => r.id);
    const left = await add('左');
    const kept = await add('右');
    const post = (room, text) => stays.post(`/rooms/${room}/messages`, { key: newKey(), text }).then((r) => assert.equal(r.status, 200));
    const ws = await leaves.ws();
    const heard = [];
    ws.listen((e) => heard.push(e));
    try {
        await post(left, 'before');
        await until('the event before', () => heard.some((e) => e.data.text === 'before'));
        await op(house, 'room.leave', { room: left, member: leaves.id }, house.workgroup);
        await post(left, 'after');
        await post(kept, 'the end');                       // on the same connection, later: what was to come has come
        await until('the event of the other room', () => heard.some((e) => e.data.text === 'the end'));
        assert.ok(heard.some((e) => e.event === 'room.left' && e.data.room === left));
        assert.ok(!heard.some((e) => e.data.text === 'after'), 'an event of a room that was left');
    } finally {
        ws.close();
    }
}));

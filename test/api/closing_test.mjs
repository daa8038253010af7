// The end of a company: who may cancel and when, what ends at once, seven days in which the operator may take it back, and the
// erasure after them, from every backup too.
import { execFile } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { allBytes } from '../lib/disk.mjs';
import { House, ROOT } from '../lib/house.mjs';
import { newPassword, openTenant } from '../lib/people.mjs';
import { after, assert, before, proves, test, until } from '../lib/test.mjs';

const DAY = 86_400_000, WEEK = 7 * DAY;
let house, place;
before(async () => {
    house = await House.start({ config: { edge_rate: '1000000', edge_burst: '1000000' } });
    place = fs.mkdtempSync(path.join(ROOT, 'build/closing-'));
});
after(async () => {
    await house.remove();
    fs.rmSync(place, { recursive: true, force: true });
});

const codeOf = (r) => r.json?.error?.code;
const folder = (name) => {
    const dir = path.join(place, name);
    fs.mkdirSync(dir);
    return dir;
};
const ctl = (...args) => ctlOf(house.dir, ...args);
const ctlOf = (dir, ...args) => new Promise((resolve) =>
    execFile(house.ctlProgram, ['--data', dir, ...args], { maxBuffer: 1 << 26 }, (error, out, err) => resolve({ rc: error?.code ?? 0, out, err })));
const rowOf = async (name) => (await house.op('tenant.list')).tenants.find((t) => t.workgroup === name);
const state = async (name) => (await rowOf(name))?.state;
/** control's own clock, forward by so many ms in all: it decides when a company is erased. */
const clock = (value) => house.op('test.clock', { value });
const erasure = async (name) => JSON.parse((await ctl('--json', 'tenant', 'erasure', name)).out);
const log = async () => (await house.op('log.list', { limit: 1000 })).rows;
const ticks = { security: true, moved: true, told: true };

async function company(name, options) {
    const t = await openTenant(house, name, options);
    await (await t.chief.signIn()).openConsole();
    return t;
}
const cancel = (p, body = {}) => p.post('/console/cancellation', { workgroup: p.tenant.workgroup, ...ticks, ...body });
async function close(t) {
    const r = await cancel(t.chief);
    assert.equal(r.status, 200, r.text);
    await until(async () => await state(t.workgroup) === 'closing', 'it is closing');
    return r.json;
}

test('nobody but the super admin, in a browser, with a fresh proof, alone, and by name', async () => {
    proves('CON-11', 'CON-12', 'B12.12');
    const t = await company('kuroneko');
    const sub = await (await (await t.add('sub', { role: 'sub' })).signIn()).openConsole();
    const late = await t.add('late');
    const still = async (r, status, code, field) => {
        assert.deepEqual([r.status, codeOf(r), r.json?.error?.field], [status, code, field], r.text);
        assert.equal(await state('kuroneko'), 'open');
    };
    await still(await cancel(sub), 403, 'forbidden');
    await still(await sub.get('/console/cancellation'), 403, 'forbidden');
    await still(await cancel(t.chief), 409, 'members_left');
    await t.op('member.delete', { member: sub.id });
    // One who is suspended stands in the way, and one who has not started.
    assert.equal((await t.chief.post(`/console/members/${late.id}/suspend`)).status, 200);
    assert.deepEqual((await t.chief.get('/console/cancellation')).json.suspended, 1);
    await still(await cancel(t.chief), 409, 'members_left');
    await t.op('member.delete', { member: late.id });
    const soon = await t.chief.post('/console/members', { login: 'soon', family: '後', given: '日', start: new Date(Date.now() + 3 * DAY).toISOString() });
    assert.equal(soon.status, 200, soon.text);
    const seen = (await t.chief.get('/console/cancellation')).json;
    assert.deepEqual([seen.active, seen.suspended, seen.not_started, seen.days], [0, 0, 1, 7]);
    await still(await cancel(t.chief), 409, 'members_left');
    await t.op('member.delete', { member: soon.json.id });
    for (const field of Object.keys(ticks))
        await still(await cancel(t.chief, { [field]: false }), 400, 'invalid_value', field);
    await still(await cancel(t.chief, { workgroup: 'shironeko' }), 400, 'invalid_value', 'workgroup');
    // From the app on a phone: the channel is the session's own.
    const phone = await t.chief.elsewhere().signIn({ client: 'mobile-web' });
    await phone.openConsole();
    await still(await cancel(phone), 403, 'forbidden');
    await still(await phone.get('/console/cancellation'), 403, 'forbidden');
    // The proof is six minutes old.
    await t.clock(6 * 60_000);
    await still(await cancel(t.chief), 401, 'reauth_required');
    await t.chief.openConsole();
    assert.equal((await cancel(t.chief)).status, 200);
});

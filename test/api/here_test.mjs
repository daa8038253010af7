// Who is here now: told within a second to those who have the person on their screen, and to nobody else.
import { House } from '../lib/house.mjs';
import { openTenant } from '../lib/people.mjs';
import { after, assert, before, test, until } from '../lib/test.mjs';

const HOLD = 10_000;
let house, acme, ann, ben, cho, dan;

before(async () => {
    house = await House.start();
    acme = await openTenant(house, 'acme');
    [ann, ben, cho, dan] = [await acme.add('ann'), await acme.add('ben'), await acme.add('cho'), await acme.add('dan')];
    for (const p of [ann, ben, cho])
        await p.signIn();
});
after(() => house.remove());

const say = async (w, away = false) => assert.equal((await w.call('me.here', {}, { away })).status, 200);
const watch = async (w, ...people) => {
    const r = await w.call('member.watch', {}, { members: people.map((p) => p.id) });
    assert.equal(r.status, 200);
    return r.body.here.map((h) => [h.member, h.state]);
};
const told = (w, person, state) => w.event('member.here', (e) => e.data.member === person.id && e.data.state === state);
const heard = (w) => w.seen.filter((e) => e.event === 'member.here').map((e) => [e.data.member, e.data.state]);
/** Their connections end, and what the others were told is over; the end of a connection may come after the clock's move. */
async function allGone(sockets, ...people) {
    for (const w of sockets)
        w.end();
    const eye = await ann.elsewhere().signIn();
    const we = await eye.socket();
    await until(async () => (await acme.clock(ahead += 1_000), (await watch(we, ...people)).length === 0), 'all gone');
    we.end();
}
let ahead = 0;

test('who watches a person is told that it comes, looks away and goes; who does not is told nothing', async () => {
    const [wa, wb, wc] = [await ann.socket(), await ben.socket(), await cho.socket()];
    assert.deepEqual(await watch(wa, ben, cho), []);
    assert.deepEqual(await watch(wc, ann), []);
    await say(wb);
    await told(wa, ben, 'on');
    await say(wb, true);
    await told(wa, ben, 'away');
    const second = await ben.elsewhere().signIn();
    const w2 = await second.socket();
    await say(w2);                                          // one of two devices is in use
    await told(wa, ben, 'on');
    const late = await cho.elsewhere().signIn();
    const wl = await late.socket();
    assert.deepEqual(await watch(wl, ben, cho), [[ben.id, 'on']]);   // who begins to watch is told how it stands
    await watch(wa, cho);                                   // ben is on ann's screen no more
    await say(w2, true);
    await told(wl, ben, 'away');
    await say(wc);
    await told(wa, cho, 'on');
    assert.deepEqual(heard(wa), [[ben.id, 'on'], [ben.id, 'away'], [ben.id, 'on'], [cho.id, 'on']]);
    assert.deepEqual(heard(wc), [], 'who watches another hears of nobody else');
    assert.deepEqual(heard(wb), []);
    await allGone([wa, wl, wb, w2, wc], ben, cho);
});

test('a connection that says nothing is nobody; one that is lost and comes back is no news', async () => {
    const wa = await ann.socket();
    await watch(wa, ben, cho);
    let wb = await ben.socket();                            // says nothing
    const wc = await cho.socket();
    await say(wc);
    await told(wa, cho, 'on');
    await say(wb);
    await told(wa, ben, 'on');
    wb.end();
    ahead += HOLD - 3_000;
    await acme.clock(ahead);
    wb = await ben.socket();
    await say(wb);
    await say(wc, true);
    await told(wa, cho, 'away');                            // a later second: what was to come before has come
    ahead += 2 * HOLD;
    await acme.clock(ahead);
    await say(wc);
    await told(wa, cho, 'on');
    assert.deepEqual(heard(wa), [[cho.id, 'on'], [ben.id, 'on'], [cho.id, 'away'], [cho.id, 'on']]);
    wb.end();
    ahead += HOLD;
    await until(async () => (await acme.clock(ahead += 1_000), heard(wa).at(-1)[1] === 'gone'), 'ben gone');
    assert.deepEqual(heard(wa).at(-1), [ben.id, 'gone']);
    await allGone([wa, wc], cho);
});

test('who is suspended or logs out is gone at once', async () => {
    const wa = await ann.socket();
    await watch(wa, ben, dan);
    const wb = await ben.socket();
    await say(wb);
    await told(wa, ben, 'on');
    assert.equal((await ben.delete('/session')).status, 200);
    await told(wa, ben, 'gone');
    await ben.signIn();
    await dan.signIn();
    const wd = await dan.socket();
    await say(wd);
    await told(wa, dan, 'on');
    const admin = await acme.admin();
    const begun = performance.now();
    assert.equal((await admin.post(`/console/members/${dan.id}/suspend`)).status, 200);
    await told(wa, dan, 'gone');
    assert.ok(performance.now() - begun < HOLD / 2, 'not held back');
    assert.equal((await wd.closed()).code, 4401);
    assert.deepEqual(await watch(wa, dan), []);
    wa.end();
});

test('nobody of another tenant is seen, and no more are watched than a screen shows', async () => {
    const other = await openTenant(house, 'other');
    const eve = await (await other.add('eve')).signIn();
    const [wa, we] = [await ann.socket(), await eve.socket()];
    await say(we);
    const self = await eve.socket();
    await until(async () => (await watch(self, eve)).length === 1, 'eve seen at home');
    assert.deepEqual(await watch(wa, eve), []);
    await say(we, true);
    await told(self, eve, 'away');
    assert.deepEqual(heard(wa), []);
    const r = await wa.call('member.watch', {}, { members: Array.from({ length: 101 }, (_, i) => `${i + 1}`) });
    assert.equal(r.status, 400);
    assert.equal((await wa.call('member.watch', {}, { members: Array.from({ length: 100 }, (_, i) => `${i + 1}`) })).status, 200);
    for (const w of [wa, we, self])
        w.end();
});

test('who does not want to be seen is gone for all, also after a new connection, until it wants to', async () => {
    const [wa, wb] = [await ann.socket(), await ben.socket()];
    await watch(wa, ben);
    await say(wb);
    await told(wa, ben, 'on');
    assert.equal((await ben.get('/me')).json.here_shown, true);
    assert.equal((await ben.put('/me/here/shown', { shown: false })).status, 200);
    await told(wa, ben, 'gone');
    assert.equal((await ben.get('/me')).json.here_shown, false);
    const own = (await ben.get('/me/data')).json.fields.find((f) => f.field === 'here_hidden');
    assert.deepEqual([own.value, own.by, own.shown], ['true', 'member', false]);
    await say(wb, true);
    wb.end();
    ahead += HOLD;
    await acme.clock(ahead);
    const [again, wc] = [await ben.socket(), await cho.socket()];
    await watch(wa, ben, cho);
    await say(again);
    await say(wc);
    await told(wa, cho, 'on');
    assert.deepEqual(heard(wa), [[ben.id, 'on'], [ben.id, 'gone'], [cho.id, 'on']]);
    assert.equal((await ben.put('/me/here/shown', { shown: true })).status, 200);
    await told(wa, ben, 'on');
    for (const w of [wa, again, wc])
        w.end();
});

test('it is in no log, and in no event that is kept', async () => {
    const at = (await ann.get('/rooms')).json.pos;
    const [wa, wb] = [await ann.socket(), await ben.socket()];
    const admin = await acme.admin();
    const before = (await admin.audit()).filter((r) => /here|watch/.test(r.kind ?? r.act)).length;
    await watch(wa, ben);
    await say(wb, true);
    await told(wa, ben, 'away');
    assert.deepEqual((await ann.get(`/sync?since=${at}`)).json.events.filter((e) => e.event === 'member.here'), []);
    assert.equal((await admin.audit()).filter((r) => /here|watch/.test(r.kind ?? r.act)).length, before);
    assert.ok(before >= 2, 'but the setting is');
    for (const w of [wa, wb])
        w.end();
});

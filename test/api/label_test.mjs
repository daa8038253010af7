// Titles, grades and permission types: three ordered lists, what is in use stays, and what is switched off is not told.
import { House } from '../lib/house.mjs';
import { openTenant } from '../lib/people.mjs';
import { after, assert, before, proves, test } from '../lib/test.mjs';

let house, acme, chief;

before(async () => {
    house = await House.start();
    acme = await openTenant(house, 'acme');
    chief = acme.chief;
    await chief.signIn();
    await chief.openConsole();
});
after(() => house.remove());

const codeOf = (r) => r.json?.error?.code;

async function ok(r) {
    const got = await r;
    assert.equal(got.status, 200, got.text);
    return got.json;
}

const list = () => ok(chief.get('/console/labels'));
const add = async (kind, name) => (await ok(chief.post('/console/labels', { kind, name }))).id;
const KINDS = { title: 'titles', grade: 'grades', permtype: 'permtypes' };

test('each list is added to, renamed, ordered and shortened, with a row for each act', async () => {
    proves('MEM-32', 'MEM-33', 'MEM-34');
    for (const [kind, all] of Object.entries(KINDS)) {
        const names = async () => (await list())[all].map((l) => l.name);
        const [a, b, c] = [await add(kind, `${kind} い`), await add(kind, `${kind} ろ`), await add(kind, `${kind} は`)];
        assert.deepEqual(await names(), [`${kind} い`, `${kind} ろ`, `${kind} は`]);
        await ok(chief.post(`/console/labels/${c}/place`, { before: a }));
        await ok(chief.post(`/console/labels/${a}/place`, {}));
        await ok(chief.put(`/console/labels/${b}`, { name: `${kind} に` }));
        assert.deepEqual(await names(), [`${kind} は`, `${kind} に`, `${kind} い`]);
        for (const r of [await chief.post('/console/labels', { kind, name: `${kind} に` }), await chief.put(`/console/labels/${a}`, { name: `${kind} に` })]) {
            assert.equal(r.status, 409);
            assert.equal(codeOf(r), 'name_taken');
        }
        assert.equal((await chief.post('/console/labels', { kind, name: ' ' })).status, 400);
        assert.equal((await chief.post(`/console/labels/${a}/place`, { before: a })).status, 400);
        await ok(chief.delete(`/console/labels/${b}`));
        assert.equal((await chief.delete(`/console/labels/${b}`)).status, 404);
        assert.deepEqual(await names(), [`${kind} は`, `${kind} い`]);
        const rows = (await chief.audit()).filter((r) => r.object === b && r.result === 'ok').map((r) => [r.act, JSON.parse(r.detail)]);
        assert.deepEqual(rows, [
            ['label.delete', { kind, old: `${kind} に` }],
            ['label.edit', { kind, old: `${kind} ろ`, new: `${kind} に` }],
            ['label.add', { kind, new: `${kind} ろ` }],
        ]);
    }
    assert.equal((await chief.post('/console/labels', { kind: 'rank', name: 'x' })).status, 400);
});

test('what a member holds cannot be deleted, and the answer counts and names the holders', async () => {
    proves('MEM-32', 'MEM-33');
    const title = await add('title', '工場長'), unit = (await ok(chief.post('/console/units', { name: '工場', code: 'f' }))).id;
    const p = await acme.add('hattori', { family: '服部', given: '京子' });
    await ok(chief.post(`/console/units/${unit}/members`, { put: [{ member: p.id, title }] }));
    const r = await chief.delete(`/console/labels/${title}`);
    assert.equal(r.status, 409);
    assert.deepEqual([codeOf(r), r.json.error.count], ['label_in_use', 1]);
    assert.deepEqual((await ok(chief.get(`/console/labels/${title}/members`))).members.map((m) => m.family), ['服部']);
    assert.equal((await list()).titles.find((l) => l.id === title).holders, 1);
    await ok(chief.post(`/console/units/${unit}/members`, { put: [{ member: p.id }] }));
    await ok(chief.delete(`/console/labels/${title}`));
});

test('with titles off no answer to members carries one; the console keeps them', async () => {
    proves('MEM-32');
    const title = await add('title', '焼成班長'), unit = (await ok(chief.post('/console/units', { name: '焼成班', code: 'oven' }))).id;
    const p = await acme.add('aoyagi', { family: '青柳' });
    await p.signIn();
    await ok(chief.post(`/console/units/${unit}/members`, { put: [{ member: p.id, title }] }));
    const told = async () => {
        const answers = [];
        for (const path of [`/units/${unit}/members`, `/units/${unit}`, '/units', '/members', '/me'])
            answers.push((await p.get(path)).text);
        return answers.join('').includes('焼成班長');
    };
    assert.equal((await list()).title_used, true);
    assert.equal(await told(), true);
    await ok(chief.put('/console/settings/member.title.enabled', { value: 'false' }));
    assert.equal(await told(), false);
    assert.equal((await list()).title_used, false);
    assert.equal((await ok(chief.get(`/console/units/${unit}/members`))).members[0].title_name, '焼成班長');
    await ok(chief.put('/console/settings/member.title.enabled', { value: 'true' }));
    assert.equal(await told(), true);
});

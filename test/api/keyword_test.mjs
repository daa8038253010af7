// A member's own words: kept for that member alone, on all its devices, within bounds, without a trace of what they are.
import { allBytes } from '../lib/disk.mjs';
import { House } from '../lib/house.mjs';
import { Client } from '../lib/http.mjs';
import { newPassword, openTenant } from '../lib/people.mjs';
import { after, assert, before, proves, test } from '../lib/test.mjs';

let house, acme, ann, ben;

before(async () => {
    house = await House.start();
    acme = await openTenant(house, 'acme');
    [ann, ben] = [await acme.add('ann'), await acme.add('ben')];
    for (const p of [ann, ben])
        await p.signIn();
});
after(() => house.remove());

const ok = (r) => {
    assert.equal(r.status, 200, r.text);
    return r.json.words.map((w) => w.word);
};
const put = (p, ...words) => p.put('/keywords', { words: words.map((word) => ({ word })) });
const get = async (p) => ok(await p.get('/keywords'));

test('own words are kept as they are written and told to the own devices alone', async () => {
    assert.deepEqual(await get(ann), []);
    const [mine, others] = [await ann.socket(), await ben.socket()];
    assert.deepEqual(ok(await put(ann, ' 発注 ', 'ＡＢＣ', 'カレー　パン')), ['発注', 'ＡＢＣ', 'カレー　パン']);
    const told = await mine.event('talk.keywords', (e) => e.data.words.length === 3);
    assert.deepEqual(told.data.words.map((w) => w.word), ['発注', 'ＡＢＣ', 'カレー　パン']);
    assert.deepEqual(await get(ann), ['発注', 'ＡＢＣ', 'カレー　パン']);
    assert.deepEqual(await get(ben), []);
    assert.deepEqual(ok(await put(ben, 'レジ')), ['レジ']);
    await others.event('talk.keywords', (e) => e.data.words[0].word === 'レジ');
    assert.ok(![...mine.queue, ...others.queue].some((e) => e.event === 'talk.keywords'), 'each hears of its own and no more');
    assert.deepEqual(await get(ann), ['発注', 'ＡＢＣ', 'カレー　パン']);
    for (const w of [mine, others])
        w.end();
});

test('bounds: 20 words, 40 characters, none twice for search, none of marks alone; what is refused changes nothing', async () => {
    const had = await get(ann);
    const many = Array.from({ length: 21 }, (_, i) => `word${i}`);
    for (const words of [many, ['あ'.repeat(41)], [''], ['　 '], ['!?'], ['abc', 'ＡＢＣ'], ['カレー', 'x', 'ｶﾚｰ'], ['a\nb'], ['ガ', 'カ\u3099']]) {
        const r = await put(ann, ...words);
        assert.deepEqual([r.status, r.json.error.code], [400, 'invalid_value'], JSON.stringify(words));
    }
    assert.equal((await ann.put('/keywords', {})).status, 400);
    assert.deepEqual(await get(ann), had);
    assert.deepEqual(ok(await put(ann, ...many.slice(0, 20))), many.slice(0, 20));
    assert.deepEqual(ok(await put(ann, '😀'.repeat(40))), ['😀'.repeat(40)]);
    assert.deepEqual(ok(await put(ann)), []);
});

test('the log says that they were changed and not what they are; nothing readable is on the disk', async () => {
    const secret = 'himitsuword7731';
    ok(await put(ann, secret));
    await acme.chief.signIn();
    await acme.chief.openConsole();
    const rows = (await acme.chief.get('/console/audit/talk?act=talk.keywords')).json.rows;
    assert.ok(rows.filter((r) => r.actor === ann.id).length >= 3, 'each change is a row');
    assert.ok(!JSON.stringify(rows).includes('himitsu') && !JSON.stringify(rows).includes('カレー'));
    assert.ok(!JSON.stringify((await acme.chief.get('/console/audit/adm')).json).includes('himitsu'));
    assert.deepEqual(allBytes(house.dir).findText(secret), []);
});

test('search finds with a word what the member was not there to hear: the same folding, the same beginnings', async () => {
    proves('TLK-02');
    const room = await acme.room('店', ann, ben);
    await ben.say(room, '強力粉のﾊｯﾁｭｳをお願いします');
    await ben.say(room, 'report と PO');
    const found = async (q) => (await ann.get(`/search?q=${encodeURIComponent(`"${q}"`)}`)).json.hits.map((h) => h.message.text);
    assert.deepEqual(await found('はっちゅう'), ['強力粉のﾊｯﾁｭｳをお願いします']);
    assert.deepEqual(await found('po'), ['report と PO']);
    assert.deepEqual(await found('port'), []);
});

test('they go with the member: whoever is restored has none', async () => {
    assert.deepEqual(ok(await put(ben, 'レジ')), ['レジ']);
    const chief = await acme.admin();
    assert.equal((await chief.post(`/console/members/${ben.id}/delete`)).status, 200);
    assert.equal((await ben.get('/keywords')).status, 401);
    assert.equal((await chief.post(`/console/members/${ben.id}/restore`)).status, 200);
    ben.password = newPassword();
    const token = await acme.link(ben);
    assert.equal((await new Client(house).post(`/t/${acme.number}/link/password`, { token, password: ben.password, client: 'web' })).status, 200);
    await ben.signIn();
    assert.deepEqual(await get(ben), []);
});

// 一括追加: a list of members goes up in parts, is looked at, mended and added all or none; then setup links, once each.
import { House } from '../lib/house.mjs';
import { Person, openTenant } from '../lib/people.mjs';
import { after, assert, before, proves, test } from '../lib/test.mjs';

let house;
before(async () => {
    house = await House.start();
});
after(() => house.remove());

const codeOf = (r) => r.json?.error?.code;
const PART = 32 * 1024;
let count = 0;

async function company() {
    const t = await openTenant(house, `import-${count++}`);
    await t.chief.signIn();
    await t.chief.openConsole();
    return t;
}

async function upload(p, bytes) {
    const data = Buffer.from(bytes);
    const begun = await p.post('/console/imports', { name: '名簿.csv', size: data.length });
    assert.equal(begun.status, 200, begun.text);
    for (let at = 0, seq = 0; at < data.length; at += PART, seq++) {
        const r = await p.post(`/console/imports/${begun.json.id}/part`, { seq, data: data.subarray(at, at + PART).toString('base64url') });
        assert.equal(r.status, 200, r.text);
    }
    return begun.json.id;
}

const check = (p, id, mended = []) => p.post(`/console/imports/${id}/check`, { mended });
const run = (p, id, mended = []) => p.post(`/console/imports/${id}/run`, { mended });
const members = async (p) => (await p.tenant.op('member.all', { limit: 200 })).members.map(({ id, last_seen, ...m }) => m).sort((a, b) => (a.login < b.login ? -1 : 1));
const rows = (n) => Array.from({ length: n }, (_, i) => `m${String(i).padStart(5, '0')},姓${i},名${i},せい,めい`);
const list = (lines) => ['Engawa ID,姓,名,姓 (読み),名 (読み)', ...lines, ''].join('\r\n');

/* 森下,真由 and 髙橋,ソ能 in Shift_JIS. */
const SJIS = Buffer.from('456e676177612049442c90a92c96bc0d0a6d6f72692c905889ba2c905e97520d0a74616b61686173682c fbfc8bb42c835c945c0d0a'.replaceAll(' ', ''), 'hex');
const UTF8 = 'Engawa ID,姓,名\r\nmori,森下,真由\r\ntakahash,髙橋,ソ能\r\n';

test('with one wrong line of ten nobody is added, and the report names the line', async () => {
    proves('MEM-09', 'B10.04');
    const t = await company();
    const lines = rows(9);
    lines[5] = lines[5].replace('m00005', 'Käse!');            // line 7 of the file
    const id = await upload(t.chief, list(lines));
    const before = await members(t.chief);
    const seen = (await check(t.chief, id)).json;
    assert.equal(seen.rows, 9);
    assert.equal(seen.ok, 8);
    assert.equal(seen.error_count, 1);
    assert.deepEqual(seen.errors.map(({ line, column, code }) => [line, column, code]), [[7, 'login', 'login_form']]);
    assert.match(seen.errors[0].ja, /英小文字/);
    assert.deepEqual(seen.lines.map((l) => [l.line, l.cells[0].text]), [[7, 'Käse!']]);
    const tried = await run(t.chief, id);
    assert.equal(tried.status, 409);
    assert.equal(codeOf(tried), 'import_errors');
    assert.equal(tried.json.error.count, 1);
    assert.deepEqual(await members(t.chief), before);
    // Mended in place, it goes.
    const mended = [{ line: 7, cells: seen.lines[0].cells.map((c, i) => (i ? c : { text: 'kaese' })) }];
    assert.equal((await check(t.chief, id, mended)).json.error_count, 0);
    const done = await run(t.chief, id, mended);
    assert.equal(done.status, 200, done.text);
    assert.equal(done.json.added, 9);
    assert.equal((await members(t.chief)).length, before.length + 9);
    assert.equal(codeOf(await run(t.chief, id, mended)), 'conflict', 'once');
    const row = (await t.chief.audit()).find((r) => r.act === 'member.import' && r.result === 'ok');
    const detail = JSON.parse(row.detail);
    assert.equal(detail.count, 9);
    assert.match(detail.sha256, /^[0-9a-f]{64}$/);
    assert.doesNotMatch(row.detail, /kaese|姓/);
});

test('Shift_JIS and UTF-8, with and without the mark, give the same members', async () => {
    proves('MEM-09', 'B10.04');
    const got = [];
    for (const [encoding, bytes] of [['shift_jis', SJIS], ['utf-8', UTF8], ['utf-8', `\uFEFF${UTF8}`]]) {
        const t = await company();
        const id = await upload(t.chief, bytes);
        const seen = (await check(t.chief, id)).json;
        assert.equal(seen.encoding, encoding);
        assert.equal(seen.error_count, 0, JSON.stringify(seen.errors));
        assert.equal((await run(t.chief, id)).status, 200);
        got.push(await members(t.chief));
    }
    assert.equal(got[0].filter((m) => m.family === '髙橋' && m.given === 'ソ能').length, 1);
    assert.deepEqual(got[1], got[0]);
    assert.deepEqual(got[2], got[0]);
    const t = await company();
    const broken = (await check(t.chief, await upload(t.chief, Buffer.from([0x82, 0xff, 0x0a])))).json;
    assert.deepEqual(broken.errors.map((e) => e.code), ['encoding']);
});

test('10,001 rows are refused before they are read; 10,000 are added at once and get their links page by page', { timeout: 120_000 }, async () => {
    proves('MEM-09', 'MEM-11');
    const t = await company();
    const much = await upload(t.chief, list([...rows(10_000), '"this would not even be read']));
    const refused = await check(t.chief, much);
    assert.equal(refused.status, 413);
    assert.equal(codeOf(refused), 'too_large');
    const id = await upload(t.chief, list(rows(10_000)));
    const began = Date.now();
    const seen = (await check(t.chief, id)).json;
    const checked = Date.now();
    assert.equal(seen.ok, 10_000);
    assert.equal((await run(t.chief, id)).json.added, 10_000);
    console.log(`10,000 members: check ${checked - began} ms, run ${Date.now() - checked} ms`);
    const links = [];
    for (let after, more = true; more && links.length < 200;) {
        const r = await t.chief.post(`/console/imports/${id}/links`, after ? { after } : {});
        assert.equal(r.status, 200, r.text);
        links.push(...r.json.members);
        after = r.json.members.at(-1).id;
        more = r.json.more;
    }
    assert.equal(links.length, 200);
    assert.equal(new Set(links.map((l) => l.id)).size, 200);
    assert.equal(new Set(links.map((l) => l.link)).size, 200);
    assert.match(links[0].link, new RegExp(`/t/${t.number}/setup#`));
});

test('a role column, another company and too much of one column are refused', async () => {
    proves('MEM-09', 'B10.04');
    const t = await company();
    const codes = async (text) => (await check(t.chief, await upload(t.chief, text))).json.errors.map((e) => `${e.line} ${e.column} ${e.code}`);
    assert.deepEqual(await codes('Engawa ID,姓,名,管理者権限\na,a,a,sub\n'), ['1 管理者権限 role_column']);
    assert.deepEqual(await codes('Engawa ID,姓,名\na@other,a,a\n'), ['2 login foreign_domain']);
    assert.deepEqual(await codes(`Engawa ID,姓,名\na@${t.workgroup},a,a\n`), []);
    assert.deepEqual(await codes(`Engawa ID,姓,名\na,${'あ'.repeat(81)},a\n`), ['2 family text']);
    assert.deepEqual(await codes('Engawa ID,姓,名\nchief,a,a\n'), ['2 login login_taken']);
});

test('who begins a list alone has it; a plain member has none of it', async () => {
    proves('MEM-09', 'OVR-01');
    const t = await company();
    const op = await t.add('op', { role: 'operator' }), plain = await t.add('plain');
    for (const p of [op, plain])
        await p.signIn();
    await op.openConsole();
    const id = await upload(op, UTF8);
    assert.equal((await check(t.chief, id)).status, 404);
    assert.equal((await run(t.chief, id)).status, 404);
    assert.equal((await plain.post('/console/imports', { name: 'x', size: 1 })).status, 403);
    assert.equal((await run(op, id)).status, 200, 'an operator admin may add members');
    const template = await op.get('/console/imports/template');
    assert.match(template.header('Content-Type'), /^text\/csv/);
    const seen = (await check(op, await upload(op, template.text))).json;
    assert.equal(seen.errors.length, 0, JSON.stringify(seen.errors));
});

test('a link is shown once: whoever asks again gets new ones', async () => {
    proves('MEM-09', 'MEM-11');
    const t = await company();
    const id = await upload(t.chief, UTF8);
    await run(t.chief, id);
    const first = (await t.chief.post(`/console/imports/${id}/links`, {})).json.members;
    const again = (await t.chief.post(`/console/imports/${id}/links`, {})).json.members;
    assert.deepEqual(first.map((m) => m.login).sort(), ['mori', 'takahash']);
    assert.notEqual(first[0].link, again[0].link, 'no later call gives the same link');
});

test('a link is for whom the acting admin may target: an admin made of the list meanwhile gets none by it', async () => {
    proves('ACC-08');
    const t = await company();
    const op = await t.add('op', { role: 'operator' });
    await op.signIn();
    await op.openConsole();
    const id = await upload(op, list(rows(3)));
    assert.equal((await run(op, id)).status, 200);
    const who = Object.fromEntries((await t.op('member.all', { limit: 200 })).members.map((m) => [m.login, m.id]));
    const links = async () => (await op.post(`/console/imports/${id}/links`, {})).json.members.map((m) => m.login).sort();
    assert.deepEqual(await links(), ['m00000', 'm00001', 'm00002']);
    await t.op('member.role', { member: who.m00001, role: 'sub' });
    assert.equal((await op.post(`/console/members/${who.m00001}/setup-link`, {})).status, 403, 'nor by the other way');
    assert.deepEqual(await links(), ['m00000', 'm00002']);
    const row = (await t.chief.audit()).find((r) => r.act === 'member.import.links' && r.result === 'ok');
    assert.deepEqual(JSON.parse(row.detail), { count: 2 });
});

test('members of a list are in the units it names, and in the rooms of these and of those above, each room once', async () => {
    proves('MEM-09', 'MEM-16');
    const t = await company();
    const unit = async (name, code, parent) => {
        const r = await t.chief.post('/console/units', { name, code, ...(parent ? { parent } : {}) });
        assert.equal(r.status, 200, r.text);
        return r.json.id;
    };
    const head = await unit('本社', 'head'), mid = await unit('工場', 'mid', head), leaf = await unit('焼成班', 'leaf', mid);
    await unit('倉庫', 'store', head);
    const boss = await t.add('boss');
    await boss.signIn();
    assert.equal((await t.chief.post(`/console/units/${head}/members`, { put: [{ member: boss.id }] })).status, 200);
    const unitRooms = async (p) => (await p.get('/rooms')).json.rooms.filter((r) => r.kind === 'unit').map((r) => [r.name, r.id]).sort();
    const [[, headRoom]] = await unitRooms(boss);
    const ws = await boss.socket();
    const lines = ['Engawa ID,姓,名,組織,組織2', 'one,一,一,焼成班,', 'two,二,二,mid,leaf', 'three,三,三,,', 'four,四,四,leaf,head', ''];
    const id = await upload(t.chief, lines.join('\n'));
    assert.equal((await run(t.chief, id)).json.added, 4);
    const ids = Object.fromEntries((await members(t.chief)).map((m) => [m.login, m]));
    const all = Object.fromEntries((await t.chief.get('/console/members?limit=200')).json.members.map((m) => [m.login, m.id]));
    assert.deepEqual([ids.one.unit, ids.two.unit, ids.two.units, ids.three.units], ['焼成班', '工場', 2, 0]);
    const inRoom = async (p, room) => new Set((await p.get(`/rooms/${room}`)).json.member_ids);
    assert.deepEqual(await inRoom(boss, headRoom), new Set([boss.id, all.one, all.two, all.four]));
    assert.deepEqual((await unitRooms(boss)).map(([name]) => name), ['本社'], 'nothing below it');
    const { password } = boss;
    for (const login of ['one', 'three'])
        await t.op('member.password', { member: all[login], password });
    const one = new Person(t, 'one', password, all.one), three = new Person(t, 'three', password, all.three);
    await one.signIn();
    await three.signIn();
    const seen = await unitRooms(one);
    assert.deepEqual(seen.map(([name]) => name), ['工場', '本社', '焼成班'].sort());
    assert.equal(seen.find(([name]) => name === '本社')[1], headRoom);
    for (const [name, room] of seen.filter(([n]) => n !== '本社'))
        assert.deepEqual(await inRoom(one, room), new Set([all.one, all.two, all.four]), name);
    assert.deepEqual(await unitRooms(three), []);
    assert.equal((await one.say(headRoom, 'よろしくお願いします')).status, 200);
    assert.equal((await ws.event('talk.message.posted')).room, headRoom);
    ws.end();
});

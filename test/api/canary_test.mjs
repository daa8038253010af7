// Canaries: a word of its own in every field that somebody can write, by the table of operations; then no file of the
// machine holds one: not the stores, not the log at its most talkative, not a backup, not what a killed house leaves.
import { execFileSync } from 'node:child_process';
import { randomInt } from 'node:crypto';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import zlib from 'node:zlib';
import { furnish, httpOps, operatorOps, readyDownload, rightCall, send, sendWs, signedIn, tables } from '../lib/calls.mjs';
import { Canaries, scanned, textFields } from '../lib/canary.mjs';
import { exchange } from '../lib/http.mjs';
import { House, ROOT } from '../lib/house.mjs';
import { newKey, openTenant } from '../lib/people.mjs';
import { after, assert, before, proves, test, until } from '../lib/test.mjs';

const seed = Number(process.env.SEED ?? randomInt(1 << 30));
const c = new Canaries(seed);
const since = Date.now() - 1000;
let house, acme, world, place;

/* What stands in these fields is no word of somebody's: a day, a choice of ours, an id, a place in a list, what a device made.
 * Each must be met, so that none stays here when its field is gone. */
const NO_WORD = {
    'a day': ['birthday', 'join_date', 'start', 'from', 'until', 'to'],
    'a choice': ['language', 'client', 'field', 'mark', 'stamp', 'act', 'channel', 'result', 'menu', 'menus.id', 'restricts.key', 'period', 'messages.stamp',
        'messages.reactions.mark', 'version', 'grade', 'permtype', 'test.fault.name', 'ip'],
    'the name of a setting': ['tenant.setting.key', 'settings.key', 'tenant.setting.value'],
    'a place in a list': ['before'],
    'made by a device': ['key', 'to.key', 'signature', 'messages.key', 'messages.reply_key', 'messages.thread_key', 'reads.key', 'sha256'],
    'made by us and told once': ['token', 'second.prove.code', 'me.second.app.confirm.code'],
};
const noWord = Object.entries(NO_WORD).flatMap(([why, fields]) => fields.map((f) => [f, why]));
const exempt = (op, field) => noWord.find(([f]) => f === field || f === `${op.name}.${field}`)?.[0];

const planted = new Map();                                 // 'op.field' → how often a word went in
const met = new Set();

/** A word that the field takes; what holds one already, a password that must be right, stays. */
function word(op, field, f, now) {
    if (c.has(now))
        return now;
    const name = field.split('.').at(-1);
    if (name === 'data')
        return now;
    if (name === 'phone' || name === 'mobile')
        return c.phone();
    if (name === 'mail' || name === 'private_mail')
        return c.mail();
    if (name === 'login' || name === 'id' || name === 'workgroup' || name === 'code')
        return c.login();
    if (name === 'ip')
        return now;
    return c.word(f.max || 40);
}

/** The body with a word in every text field it has, or with `may` may have; `put` gathers which. */
function filled(op, schemaName, body, put, may = true, before = '') {
    const schema = tables.schemas.find((s) => s.name === schemaName);
    const out = { ...body };
    for (const f of schema?.fields ?? []) {
        const at = `${before}${f.name}`;
        if (f.of && tables.schemas.some((s) => s.name === f.of)) {
            if (Array.isArray(out[f.name]))
                out[f.name] = out[f.name].map((e) => filled(op, f.of, e, put, may, `${at}.`));
            else if (out[f.name])
                out[f.name] = filled(op, f.of, out[f.name], put, may, `${at}.`);
        } else if (f.type === 'text' && !f.one_of) {
            const why = exempt(op, at);
            if (why) {
                met.add(why);
                continue;
            }
            if (!may && out[f.name] === undefined)
                continue;
            out[f.name] = word(op, at, f, out[f.name]);
            put.push(`${op.name}.${at}`);
        }
    }
    return out;
}

/* Bodies beside the right call of an operation, where it takes things of several kinds. */
const MORE = {
    'talk.post': () => [
        { key: newKey(), kind: 'location', location: { label: 'x', latitude: 35_000_000, longitude: 139_000_000 } },
        { key: newKey(), kind: 'contact', contact: { name: 'x', phone: 'x', mail: 'x' } },
        { key: newKey(), kind: 'poll', text: 'x', poll: { choices: [{ text: 'x' }, { text: 'y' }] } },
    ],
};

const base64 = (text) => Buffer.from(text).toString('base64url');

/** A picture whose comment is a word. */
function picture() {
    const png = fs.readFileSync(path.join(ROOT, 'test/pictures/png-rgb'));
    const body = Buffer.concat([Buffer.from('tEXtComment\0'), Buffer.from(c.login())]);
    const chunk = Buffer.alloc(body.length + 8);
    chunk.writeUInt32BE(body.length - 4, 0);
    body.copy(chunk, 4);
    chunk.writeUInt32BE(zlib.crc32 ? zlib.crc32(body) : crc32(body), body.length + 4);
    return Buffer.concat([png.subarray(0, 33), chunk, png.subarray(33)]);
}

function crc32(bytes) {
    let r = ~0;
    for (const b of bytes) {
        r ^= b;
        for (let i = 0; i < 8; i++)
            r = (r >>> 1) ^ (r & 1 ? 0xedb88320 : 0);
    }
    return ~r >>> 0;
}

/** A list of new members, each cell a word. */
async function list(p) {
    const text = `Engawa ID,姓,名,姓 (読み),名 (読み)\n${c.login()},${c.word(60)},${c.word(60)},${c.word(60)},${c.word(60)}\n`;
    const { id } = (await p.post('/console/imports', { name: c.word(60), size: Buffer.byteLength(text) })).json;
    assert.equal((await p.post(`/console/imports/${id}/part`, { seq: 0, data: base64(text) })).status, 200);
    return id;
}

const mended = () => [{ line: 2, cells: [c.login(), c.word(60), c.word(60), c.word(60), c.word(60)].map((text) => ({ text })) }];

/* The right call says what is right for anybody; here it must hold words, or be of another shape. */
const CALL = {
    'console.import.part': async (p) => {
        const text = `Engawa ID,姓\n${c.login()},${c.word(60)}\n`;
        const { id } = (await p.post('/console/imports', { name: c.word(60), size: Buffer.byteLength(text) })).json;
        return { object: id, body: { seq: 0, data: base64(text) } };
    },
    'console.import.check': async (p) => ({ object: await list(p), body: { mended: mended() } }),
    'console.import.run': async (p) => ({ object: await list(p), body: { mended: mended() } }),
    'me.photo.put': async (p) => ({ body: await p.photoBody(picture()) }),
    'console.member.photo.put': async (p, w) => ({ object: w.victim.id, body: await p.photoBody(picture()) }),
    'console.setting.put': async () => ({ object: 'tenant.company_name', body: { value: c.word(60) } }),
    'console.setting.put_all': async () => ({ body: { settings: [{ key: 'tenant.company_name', value: c.word(60) }] } }),
    'console.audit.search': async () => ({ object: 'console', query: `limit=5&word=${encodeURIComponent(c.word(50))}` }),
    'console.member.add': async () => ({ body: { login: c.login(), family: 'x', given: 'x', initial: 'admin', password: 'x' } }),
    'console.member.password': async (p, w) => ({ object: w.victim.id, body: { password: c.word(60) } }),
};
/* An admin's search by address or by a word alone; the days of the log stay as they are. */
const KEEP = new Set(['console.preset.read', 'console.preset.apply']);

const chief = () => signedIn(acme.chief);

const query = (op, call, put) => {
    const fields = textFields(tables, op.query).filter(([f]) => !exempt(op, f) || (met.add(exempt(op, f)), false));
    if (!fields.length)
        return call.query;
    const q = new URLSearchParams(call.query ?? '');
    for (const [name, f] of fields) {
        q.set(name, word(op, name, f, q.get(name)));
        put.push(`${op.name}.${name}`);
    }
    return q.toString();
};

/** Calls the operation with words; true when it was done. */
async function plant(op, p) {
    const right = CALL[op.name] ? await CALL[op.name](p, world) : await rightCall(op, p, world);
    let done = false;
    for (const [i, body] of [right.body, ...(MORE[op.name]?.() ?? [])].entries()) {
        const put = [];
        const call = { ...right, body: body && !KEEP.has(op.name) ? filled(op, op.input, body, put, i === 0) : body, query: query(op, right, put) };
        if (op.name === 'room.create')
            call.body.kind = 'several';
        const r = await send(op, p, call);
        if (r.status !== 200) {
            refused.push(`${op.name}: ${r.status} ${r.text.slice(0, 160)}`);
            continue;
        }
        done = true;
        if (op.name === 'me.password')
            p.password = call.body.new;
        for (const f of put)
            planted.set(f, (planted.get(f) ?? 0) + 1);
        if (op.ws && op.name === 'talk.post') {
            const ws = await p.socket();
            const w = await sendWs(op, ws, { ...call, body: filled(op, op.input, { ...body, key: newKey() }, [], i === 0) });
            assert.equal(w.status, 200, `${op.name} by WebSocket`);
            ws.end();
        }
    }
    return done;
}
const refused = [];

/* Of the operator, by its socket: a body with a word in each field. */
const OPERATOR = {
    'member.add': () => ({ login: c.login(), family: c.word(50), given: c.word(50), family_reading: c.word(60), given_reading: c.word(60), password: c.word(60) }),
    'member.password': () => ({ member: world.victim.id, password: c.word(60) }),
    'member.link': () => ({ login: world.device.login, kind: 'setup' }),
    'member.unlock': () => ({ login: world.device.login }),
    'member.second_slip': () => ({ login: world.device.login }),
    'room.add': () => ({ name: c.word(60), members: [acme.chief.id, world.victim.id] }),
    'talk.import': () => ({
        room: world.room,
        messages: [
            { key: newKey(), kind: 'text', sender_name: c.word(60), text: c.word(), sent: Date.now() - 86_400_000 },
            { key: newKey(), kind: 'poll', sender_name: c.word(60), text: c.word(), poll: { choices: [{ text: c.word(60) }, { text: c.word(60) }] }, sent: Date.now() - 86_300_000 },
        ],
    }),
};

/** Everything that the machine keeps of the house, and what else was written since: [name, bytes]. */
function everywhere() {
    const core = fs.readFileSync('/proc/sys/kernel/core_pattern', 'utf8').trim();
    const places = [house.dir, place];
    const shared = [os.tmpdir(), '/tmp', '/var/tmp', '/dev/shm', ...(core.startsWith('/') ? [path.dirname(core)] : [])].filter((d) => d !== '/' && fs.existsSync(d));
    return [...places.flatMap((d) => scanned(d)), ...[...new Set(shared)].flatMap((d) => scanned(d, { since, largest: 1 << 26 }))];
}

before(async () => {
    console.log(`canaries: seed ${seed}`);
    house = await House.start({ config: { edge_rate: '1000000', edge_burst: '1000000', log: 'debug' } });
    place = fs.mkdtempSync(path.join(ROOT, 'build/canary-'));
    acme = await openTenant(house, c.login(), { company: c.word(60), login: c.login(), family: c.word(50), password: c.word(60) });
    const add = (more) => acme.add(c.login(), { family: c.word(50), given: c.word(50), password: c.word(60), ...more });
    world = { victim: await add(), device: await add(), paused: await add({ role: 'operator' }) };
    acme.chief.client.headers = { 'User-Agent': c.word(), 'X-Forwarded-For': c.login(), Referer: `https://${c.login()}.example/` };
    for (const p of [acme.chief, world.device])
        await p.signIn();
    await acme.chief.openConsole();
    assert.equal((await acme.chief.put('/console/settings/member.field.editable', { value: '*:member' })).status, 200);
    world.room = await acme.room(c.word(60), acme.chief, world.victim);
    world.otherSession = async (p) => {
        const other = await p.elsewhere().signIn();
        return (await other.get('/sessions')).json.sessions.find((s) => s.current).id;
    };
    await furnish(world, acme);
    const file = await readyDownload(acme.chief);
    world.download = () => file;
});
after(async () => {
    await house.remove();
    fs.rmSync(place, { recursive: true, force: true });
});

/** What was never right: sign-ins, links, addresses, frames. Each may be refused and must not be written down. */
async function strangers() {
    const p = acme.chief.elsewhere();
    assert.equal((await p.trySignIn({ id: c.login(), password: c.word() })).status, 401);
    assert.equal((await p.trySignIn({ id: acme.chief.login, password: c.word() })).status, 401);
    assert.equal((await p.trySignIn({ workgroup: c.login(), password: c.word() })).status, 401);
    for (const body of [{ token: c.login() }, { token: c.word() }])
        assert.notEqual((await p.client.post(`/w/${acme.workgroup}/link/read`, body)).status, 200);
    for (const to of [`/rooms/${c.login()}/messages`, `/rooms/${encodeURIComponent(c.word())}`, `/${c.login()}`, `/me?${c.login()}=${c.login()}`])
        assert.notEqual((await acme.chief.get(to)).status, 200, to);
    for (const body of [`{"text":"${c.word()}"`, `{"${c.login()}":1}`, JSON.stringify({ key: c.word(), text: c.word() })])
        assert.equal((await acme.chief.post(`/rooms/${world.room}/messages`, body)).status, 400, body);
    // What is refused for what it says: a name that is taken, an unknown program, another version, another type.
    const twice = { name: c.word(60), code: c.login() };
    assert.deepEqual([await acme.chief.post('/console/units', twice), await acme.chief.post('/console/units', twice)].map((r) => r.status), [200, 409]);
    assert.equal((await p.trySignIn({ client: c.login() })).status, 403);
    assert.equal((await acme.chief.post('/terms', { version: c.login() })).status, 409);
    assert.equal((await acme.chief.put('/me/presence', c.word(), { headers: { 'Content-Type': c.login() } })).status, 403);
    for (const [name, workgroup, body] of [[c.login(), '', {}], [c.login(), acme.workgroup, {}], ['tenant.suspend', '', { workgroup: c.login() }],
        ['tenant.read', c.login(), {}], ['member.link', acme.workgroup, { login: c.login(), kind: 'setup' }],
        ['tenant.open', '', { workgroup: acme.workgroup, company: c.word(60), admin: { login: c.login(), family: c.word(50), password: c.word(60) } }]])
        assert.ok((await house.ctl.call(name, workgroup, body)).status >= 400, name);
    /* Only a member who is no admin may give its app up. */
    const member = await (await acme.add('chooser', { password: c.word(60) })).signIn();
    assert.equal((await member.post('/me/second/app/remove', { password: member.password })).status, 200);
    planted.set('me.second.app.drop.password', 1);
    p.client.cookies.set(`__Host-sid-${acme.number}`, c.login());
    assert.equal((await p.get('/me')).status, 401);
    for (const bytes of [`${c.login()} / HTTP/1.1\r\n\r\n`, `GET /${c.login()} HTTP/1.1\r\nHost: ${c.login()}\r\n\r\n`, `GET / HTTP/1.1\r\nX: ${c.login()}\0\r\n\r\n`])
        assert.ok((await exchange(house, bytes, { closes: false })).answer.status >= 400);
    const bad = await acme.chief.socket();
    assert.ok((await bad.call(c.word(), { room: c.word() }, { text: c.word() })).status >= 400);
    bad.text(`{${c.word()}`);
    await bad.next((m) => m.status >= 400 || m.error, 'a refusal');
    bad.end();
}

/** A company of one, which is cancelled by its name and taken back with a reason. */
async function cancelled() {
    const t = await openTenant(house, c.login(), { company: c.word(60), login: c.login(), family: c.word(50), password: c.word(60) });
    const p = await t.chief.signIn();
    await p.openConsole();
    const done = await p.post('/console/cancellation', { workgroup: t.workgroup, security: true, moved: true, told: true });
    assert.equal(done.status, 200, done.text);
    const back = () => house.ctl.call('tenant.reopen', '', { workgroup: t.workgroup, reason: 'request', reference: c.word(200) });
    await until(async () => (await back()).status === 200, 'it is heard that it was cancelled, and taken back');
    for (const f of ['console.cancellation.workgroup', 'tenant.reopen.workgroup', 'tenant.reopen.reference'])
        planted.set(f, 1);
}

test('A22: no file holds a word that somebody wrote, in any spelling: while it runs, in a backup, after a kill', { timeout: 240_000 }, async () => {
    proves('B11.01', 'B12.06', 'PLT-10');
    for (const [name, body] of Object.entries(OPERATOR)) {
        const op = operatorOps.find((o) => o.name === name);
        const put = [];
        await acme.op(name, filled(op, op.input, body(), put));
        put.forEach((f) => planted.set(f, (planted.get(f) ?? 0) + 1));
    }
    /* Those that end the caller's session or take the role away come last. */
    const late = (o) => Number(o.name.includes('handover'));
    for (const op of [...httpOps].sort((a, b) => late(a) - late(b)))
        if (textFields(tables, op.input).length || textFields(tables, op.query).length)
            await plant(op, await chief());
    for (const [f] of textFields(tables, operatorOps.find((o) => o.name === 'tenant.init').input))
        planted.set(`tenant.init.${f}`, 1);                // openTenant(): by control, with words in each
    for (const s of tables.settings.filter((x) => x.type === 'text' || x.type === 'list'))
        await (await chief()).put(`/console/settings/${s.key}`, { value: c.word() });
    const file = await (await chief()).send(world.room, [[`${c.word(60)}.txt`, Buffer.from(c.word().repeat(3000))]]);
    assert.equal(file.status, 200, file.text);
    await strangers();
    await cancelled();

    // Every text field of every operation holds a word now, or is none of somebody's.
    const all = tables.ops.flatMap((op) => [...textFields(tables, op.input), ...textFields(tables, op.query)].map(([f]) => [op, f]));
    const missing = all.filter(([op, f]) => !exempt(op, f) && !planted.has(`${op.name}.${f}`)).map(([op, f]) => `${op.name}.${f}`);
    assert.deepEqual(missing, [], `fields without a word; refused:\n${refused.join('\n')}`);
    all.forEach(([op, f]) => met.add(exempt(op, f)));
    assert.deepEqual(noWord.map(([f]) => f).filter((f) => !met.has(f)), [], 'fields that are no word, and that no operation has');
    assert.ok(c.n >= 200, `${c.n} words`);

    const tokens = [...acme.chief.client.cookies.values(), await acme.chief.ticket(), await acme.link(world.victim)].map((t) => t.split('.').at(-1));
    assert.ok(tokens.length >= 4 && tokens.every((t) => t.length >= 16), tokens.map((t) => t.length).join());
    const clean = (when) => {
        const pieces = everywhere();
        const bytes = pieces.reduce((n, [, b]) => n + b.length, 0);
        for (const kind of [/log\.txt$/, /registry\/.*\.db$/, /tenant\.db$/, /keys\/master\.key$/])
            assert.ok(pieces.some(([name, b]) => kind.test(name) && b.length > 100 || kind.source.includes('master') && kind.test(name)), `${when}: ${kind} is among them`);
        assert.deepEqual(c.hits(pieces, tokens), [], when);
        return `${when}: ${pieces.length} files, ${bytes} bytes`;
    };
    const said = [clean('while it runs')];
    const log = house.logText();
    assert.match(log, / debug tenant \d+: /, 'the log is at its most talkative');

    execFileSync(house.ctlProgram, ['--data', house.dir, 'backup', '--to', place], { stdio: 'pipe' });
    assert.ok(scanned(place).some(([name, b]) => name.endsWith('.backup') && b.length > 100_000), 'there is a backup');
    said.push(clean('with a backup'));

    // A process that dies by itself, as on a defect, and then all of them at once.
    const pid = await acme.pid();
    process.kill(pid, 'SIGABRT');
    await until(async () => (await acme.chief.elsewhere().trySignIn().catch(() => ({}))).status === 200, 'the tenant is back');
    const { roles } = await house.op('health');
    await (await chief()).post(`/rooms/${world.room}/messages`, { key: newKey(), text: c.word() });
    for (const p of [house.process.pid, ...roles.map((r) => r.pid)])
        process.kill(p, 'SIGKILL');
    await house.ended;
    await house.gone();
    said.push(clean('after a kill'));
    console.log(`${c.n} canaries in ${planted.size} fields of ${new Set([...planted.keys()].map((k) => k.slice(0, k.lastIndexOf('.')))).size} operations; ${said.join('; ')}`);
});

test('the search finds a word in every spelling, and in what is packed at any offset', () => {
    proves('B11.01');
    const dir = fs.mkdtempSync(path.join(place, 'planted-'));
    const noise = Buffer.from(Array.from({ length: 997 }, (_, i) => (i * 37) & 255));
    for (const text of [c.word(), c.login(), c.phone()]) {
        const utf8 = Buffer.from(`これは ${text} です`), le = Buffer.from(`a${text}`, 'utf16le');
        const ways = {
            'UTF-8': utf8, 'UTF-16LE': le, 'UTF-16BE': Buffer.from(le).swap16(), hex: Buffer.from(utf8.toString('hex')),
            ...Object.fromEntries([0, 1, 2].map((n) => [`base64 ${n}`, Buffer.from(Buffer.concat([noise.subarray(0, n), utf8]).toString('base64'))])),
            base64url: Buffer.from(utf8.toString('base64url')), percent: Buffer.from([...utf8].map((b) => `%${b.toString(16).padStart(2, '0')}`).join('')),
            gzip: zlib.gzipSync(utf8), zlib: zlib.deflateSync(utf8), 'zlib, stored': zlib.deflateSync(utf8, { level: 0 }), 'zlib, best': zlib.deflateSync(utf8, { level: 9 }),
        };
        for (const [how, bytes] of Object.entries(ways))
            for (const at of [0, 1, 500]) {
                const file = path.join(dir, 'x');
                fs.writeFileSync(file, Buffer.concat([noise.subarray(0, at), bytes, noise.subarray(at)]));
                assert.notDeepEqual(c.hits(scanned(dir)), [], `${text} as ${how} at ${at}`);
            }
    }
    fs.writeFileSync(path.join(dir, 'x'), noise);
    assert.deepEqual(c.hits(scanned(dir)), []);
    fs.writeFileSync(path.join(dir, c.login()), '');
    assert.equal(c.hits(scanned(dir)).length > 0, true, 'in the name of a file');
});

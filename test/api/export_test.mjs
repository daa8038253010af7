// A room as one zip: what a member may see and have, and nothing else; whole for other programs, whatever breaks off.
import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { House } from '../lib/house.mjs';
import { Client, newAddress } from '../lib/http.mjs';
import { newKey, openTenant } from '../lib/people.mjs';
import { png } from '../lib/pictures.mjs';
import { after, assert, before, proves, test, until } from '../lib/test.mjs';

const MB = 1 << 20, DAY = 86_400_000;
let house, acme, rival, chief, ann, ben, cas, room, past = 0;

before(async () => {
    house = await House.start({ config: { edge_rate: '1000000', edge_burst: '1000000' } });
    acme = await openTenant(house, 'acme');
    rival = await openTenant(house, 'rival');
    chief = await (await acme.chief.signIn()).openConsole();
    [ann, ben, cas] = await Promise.all([['ann', { family: '森下', given: '真由' }], ['ben', { family: '<b>ise</b>' }], ['cas', { language: 'en' }]].map(async ([n, more]) => (await acme.add(n, more)).signIn()));
    await rival.chief.signIn();
    room = await acme.room('大船店 / 仕込み', ann, ben);
});
after(() => house.remove());

const code = (r) => `${r.status} ${r.json?.error?.code ?? ''}`.trim();
const ok = async (call) => {
    const r = await call;
    assert.equal(r.status, 200, r.text);
    return r.json;
};
const set = (key, value) => ok(chief.put(`/console/settings/${key}`, { value }));
const stranger = () => new Client(house, { address: newAddress() });
const say = (p, text, more = {}) => ok(p.post(`/rooms/${more.room ?? room}/messages`, { key: newKey(), text, ...more, room: undefined }));
const list = async (p, of = room) => (await ok(p.get(`/rooms/${of}/exports`))).exports;
const ready = (p, id, of = room) => until(async () => {
    const e = (await list(p, of)).find((one) => one.id === id);
    return e?.state !== 'making' && e;
}, 'the export to be made').then((e) => {
    assert.equal(e.state, 'ready');
    return e;
});
const begin = async (p, of = room) => (await ok(p.post(`/rooms/${of}/exports`))).id;
const made = async (p, of = room) => ready(p, await begin(p, of), of);
const urlOf = async (p, e) => (await ok(p.post(`/exports/${e.id}/ticket`))).url;

/** The archive as it comes, and what another program reads in it. */
async function opened(p, e) {
    const r = await stranger().get(await urlOf(p, e));
    assert.equal(r.status, 200, r.text.slice(0, 200));
    assert.equal(r.body.length, e.size);
    return { r, ...unpacked(r.body) };
}
function unpacked(bytes) {
    const dir = fs.mkdtempSync(path.join(house.dir, 'zip-')), file = path.join(dir, 'a.zip');
    fs.writeFileSync(file, bytes);
    execFileSync('unzip', ['-tqq', file]);
    execFileSync('unzip', ['-qq', file, '-d', path.join(dir, 'out')], { env: { ...process.env, LC_ALL: 'C.UTF-8' } });
    const at = (name) => path.join(dir, 'out', name), there = fs.existsSync(at('files')) ? fs.readdirSync(at('files')).sort() : [];
    return { html: fs.readFileSync(at('talk.html'), 'utf8'), json: JSON.parse(fs.readFileSync(at('talk.json'), 'utf8')), files: there, read: (name) => fs.readFileSync(at(name)) };
}
const rows = async (act) => (await ok(chief.get(`/console/audit/file?act=${act}&limit=100`))).rows.map((r) => ({ ...r, detail: r.detail ? JSON.parse(r.detail) : {} }));

test('words, names, replies and files of a room are in one archive, as another program reads it', async () => {
    const big = randomBytes(3 * MB + 77), picture = png(40, 30);
    const first = await say(ann, 'おはよう <script>alert(1)</script> & "縁側"');
    await say(ben, '了解です\n二行目', { reply: first.seq });
    const sent = await ok(ann.send(room, [['見積書.pdf.bin', big], ['見積書.pdf.bin', Buffer.from('same name')], ['売り場.png', picture]], { text: '添付します' }));
    const edited = await say(ann, '8時');
    await ok(ann.put(`/messages/${edited.id}`, { text: '9時' }));
    const gone = await say(ann, 'まちがい-取消');
    await ok(ann.post(`/messages/${gone.id}/take-back`));
    await ok(ben.post(`/rooms/${room}/messages`, { key: newKey(), kind: 'poll', text: '昼は?', poll: { choices: [{ text: 'そば' }, { text: 'うどん' }] } }));
    const e = await made(ben);
    assert.deepEqual([e.files, e.missing, e.progress], [3, 0, 100]);
    assert.match(e.name, /^大船店 _ 仕込み \d{4}-\d\d-\d\d\.zip$/);
    const a = await opened(ben, e);
    assert.equal(a.r.header('Content-Type'), 'application/zip');
    assert.match(a.r.header('Content-Disposition'), /^attachment/);
    assert.equal(a.r.header('Cache-Control'), 'no-store');
    const at = String(sent.seq).padStart(6, '0');
    assert.deepEqual(a.files, [`${at}-1 見積書.pdf.bin`, `${at}-2 見積書.pdf.bin`, `${at}-3 売り場.png`]);
    assert.ok(a.read(`files/${at}-1 見積書.pdf.bin`).equals(big));
    assert.equal(a.read(`files/${at}-2 見積書.pdf.bin`).toString(), 'same name');
    for (const part of ['おはよう &lt;script&gt;alert(1)&lt;/script&gt; &amp; &quot;縁側&quot;', '森下 真由', '&lt;b&gt;ise&lt;/b&gt;', `<a href="#m${first.seq}">`, '9時', '(編集済み)',
        'メッセージの送信を取り消しました', '・そば', `id="m${first.seq}"`, `href="files/${at}-1%20%E8%A6%8B`, '<h2>20'])
        assert.ok(a.html.includes(part), part);
    assert.equal(/<script|まちがい|onerror|https?:/.test(a.html), false);
    for (const [, href] of a.html.matchAll(/(?:href|src)="(files[^"]+)"/g))
        assert.ok(a.files.includes(decodeURIComponent(href).slice('files/'.length)), href);
    const { messages } = a.json;
    assert.deepEqual(messages.map((m) => m.number), messages.map((m) => m.number).toSorted((x, y) => x - y));
    const of = (m) => messages.find((one) => one.number === m.seq);
    assert.deepEqual([of(first).author, of(first).text], ['森下 真由', 'おはよう <script>alert(1)</script> & "縁側"']);
    assert.equal(messages.find((m) => m.text === '了解です\n二行目').reply_to, first.seq);
    assert.deepEqual(of(sent).files.map((f) => [f.name, f.path, f.size]), [['見積書.pdf.bin', `files/${at}-1 見積書.pdf.bin`, big.length],
        ['見積書.pdf.bin', `files/${at}-2 見積書.pdf.bin`, 9], ['売り場.png', `files/${at}-3 売り場.png`, picture.length]]);
    assert.deepEqual([of(gone).taken_back, of(gone).text], [true, undefined]);
    assert.match(of(first).sent, /\+09:00$/);
});

test('each member gets what it sees itself: not what was said before it came, hidden, or too old; in its language', async () => {
    const there = await acme.room('新人', ann, ben);
    await say(ann, 'まえの話', { room: there });
    await acme.op('room.join', { room: there, member: cas.id });
    await say(ann, 'あとの話', { room: there });
    const hidden = await say(ben, '隠した話', { room: there });
    await ok(cas.post(`/messages/${hidden.id}/hide`));
    const e = await made(cas, there), { html, json } = await opened(cas, e);
    assert.equal(/まえの話|隠した話/.test(html + JSON.stringify(json)), false);
    assert.ok(html.includes('あとの話') && html.includes('Exported by cas') && html.includes('<html lang="en">'));
    const whole = await opened(ann, await made(ann, there));
    for (const text of ['まえの話', 'あとの話', '隠した話'])
        assert.ok(whole.html.includes(text) && whole.json.messages.some((m) => m.text === text), text);
    assert.ok(whole.html.includes('さんが書き出しました'));
});

test('files that are limited or gone are named with the reason, and are not in it; what goes later leaves no archive', async () => {
    const there = await acme.room('制限', ann, ben);
    await ok(ann.send(there, [['見積.xlsm', randomBytes(5000)], ['よい.txt', Buffer.from('fine')]]));
    await set('file.type.extensions', 'exe|xlsm');
    const e = await made(ben, there), a = await opened(ben, e);
    assert.deepEqual([e.files, e.missing, a.files.length], [1, 1, 1]);
    assert.ok(a.html.includes('見積.xlsm <span class="note">(種類が制限されています)</span>'));
    assert.deepEqual(a.json.messages.flatMap((m) => m.files ?? []).map((f) => [f.name, f.missing]), [['見積.xlsm', 'type'], ['よい.txt', undefined]]);
    await set('file.type.extensions', 'exe');
    const [message] = (await ok(ann.get(`/rooms/${there}/messages`))).messages.filter((m) => m.content?.files);
    const url = await urlOf(ben, e);
    await ok(ann.post(`/messages/${message.id}/take-back`));
    assert.equal(code(await ben.post(`/exports/${e.id}/ticket`)), '409 export_stale');
    const cut = await stranger().get(url).catch((err) => ({ cut: err.message, body: Buffer.alloc(0) }));
    assert.ok(cut.body.length < e.size && !cut.body.includes('fine'), 'an address that was given before brings it no more');
    const said = await say(ann, 'あとで取り消す話', { room: there }), again = await made(ben, there), address = await urlOf(ben, again);
    await ok(ann.post(`/messages/${said.id}/take-back`));
    assert.equal(code(await ben.post(`/exports/${again.id}/ticket`)), '409 export_stale', 'words that were taken back, too');
    const broken = await stranger().get(address).catch((err) => ({ cut: err.message, body: Buffer.alloc(0) }));
    assert.equal(broken.body.length, 0);
    const after_ = await opened(ben, await made(ben, there));
    assert.deepEqual(after_.files, []);
});

test('it is the member\'s own: nobody else\'s, not after it left the room, not in the phone app that gets no files', async () => {
    const there = await acme.room('本人', ann, ben);
    await ok(ann.send(there, [['a.txt', Buffer.from('mine')]]));
    const e = await made(ann, there), url = await urlOf(ann, e);
    for (const p of [ben, cas, chief, rival.chief])
        assert.equal(code(await p.post(`/exports/${e.id}/ticket`)), '404 not_found');
    for (const p of [cas, rival.chief])
        assert.deepEqual([code(await p.post(`/rooms/${there}/exports`)), code(await p.get(`/rooms/${there}/exports`))], ['404 not_found', '404 not_found']);
    assert.deepEqual(await list(ben, there), []);
    const app = await ann.phoneApp();
    await set('file.mobile.download_limited', 'talk');
    assert.deepEqual([code(await app.post(`/rooms/${there}/exports`)), code(await app.post(`/exports/${e.id}/ticket`))], ['403 denied', '403 denied']);
    assert.equal((await ann.post(`/exports/${e.id}/ticket`)).status, 200, 'in the browser it is had');
    await set('file.mobile.download_limited', '{}');
    await set('file.mobile.watermark', 'true');
    assert.equal(code(await app.post(`/exports/${e.id}/ticket`)), '403 denied');
    await set('file.mobile.watermark', 'false');
    await ok(app.post(`/exports/${e.id}/ticket`));
    await acme.op('room.leave', { room: there, member: ann.id });
    assert.equal(code(await ann.post(`/exports/${e.id}/ticket`)), '404 not_found');
    assert.equal((await stranger().get(url)).status, 404);
});

test('the log says who exported what, and whose hands each file came into; with the file log off, the export alone', async () => {
    const there = await acme.room('記録', ann, ben), own = (all) => all.filter((r) => r.detail.room === there);
    const m = await ok(ann.send(there, [['一.txt', Buffer.from('1')], ['二.txt', Buffer.from('22')]]));
    const e = await made(ben, there), taken = own(await rows('file.download'));
    assert.deepEqual(taken.map((r) => [r.actor, r.object, r.detail.export, r.detail.size]).toSorted((x, y) => x[3] - y[3]),
        [[ben.id, m.content.files[0].id, e.id, 1], [ben.id, m.content.files[1].id, e.id, 2]]);
    assert.deepEqual([taken[0].channel, taken[0].ip.startsWith('127.')], ['W', true]);
    const before_ = own(await rows('talk.export.fetch')).length;
    await opened(ben, e);
    assert.deepEqual([own(await rows('talk.export'))[0].actor, own(await rows('talk.exported'))[0].detail.files, own(await rows('talk.export.fetch')).length], [ben.id, 2, before_ + 1]);
    await set('file.download_log', 'false');
    await opened(ben, await made(ben, there));
    assert.equal(own(await rows('file.download')).length, 2);
    assert.equal(own(await rows('talk.export.fetch')).length, before_ + 2);
    await set('file.download_log', 'true');
});

test('what broke off goes on where it stopped; any part of it is that part, and its end comes with the session', async () => {
    const there = await acme.room('続き', ann);
    await ok(ann.send(there, [['一.bin', randomBytes(200_000)], ['二.bin', randomBytes(70_000)]]));
    const e = await made(ann, there), p = await ann.elsewhere().signIn(), url = await urlOf(p, e);
    const whole = await stranger().get(url);
    assert.deepEqual([whole.status, whole.header('Accept-Ranges'), whole.body.length], [200, 'bytes', e.size]);
    unpacked(whole.body);
    for (let i = 0; i < 40; i++) {
        const from = Math.floor(Math.random() * e.size), to = Math.min(e.size - 1, from + Math.floor(Math.random() * 100_000));
        const r = await stranger().get(url, { headers: { Range: `bytes=${from}-${to}` } });
        assert.equal(r.status, 206);
        assert.equal(r.header('Content-Range'), `bytes ${from}-${to}/${e.size}`);
        assert.ok(r.body.equals(whole.body.subarray(from, to + 1)), `${from}-${to}`);
    }
    const head = await stranger().request('HEAD', url);
    assert.deepEqual([head.status, Number(head.header('Content-Length'))], [200, e.size]);
    await p.delete('/session');
    assert.equal((await stranger().get(url)).status, 404);
});

test('a making that the process did not outlive begins anew, and is whole; few are made at once', async () => {
    const there = await acme.room('中断', ann, ben), bytes = randomBytes(6 * MB);
    for (let i = 0; i < 10; i++)
        await ok(ann.send(there, [[`${i}.bin`, bytes]]));
    const id = await begin(ben, there);
    assert.equal((await list(ben, there))[0].state, 'making');
    process.kill(await acme.pid(), 'SIGKILL');
    await until(async () => (await ben.get('/rooms')).status === 200, 'the company again');
    const memory = async () => Number(fs.readFileSync(`/proc/${await acme.pid()}/status`, 'utf8').match(/VmRSS:\s+(\d+)/)[1]);
    const from = await memory(), e = await ready(ben, id, there), a = await opened(ben, e), grown = await memory() - from;
    assert.equal(e.files, 10);
    console.log(`an export of ${e.size} bytes, made and fetched: tenant +${grown} KB`);
    if (!process.env.ENGAWA_BIN?.match(/[at]san/))         // a sanitizer keeps what was freed
        assert.ok(grown < 20_000, `the tenant grew by ${grown} KB`);
    for (const name of a.files)
        assert.ok(a.read(`files/${name}`).equals(bytes), name);
    const answers = [];
    for (let i = 0; i < 25; i++)
        answers.push(await ann.post(`/rooms/${there}/exports`));
    assert.ok(answers.some((r) => code(r) === '429 too_many'));
    for (const r of answers.filter((one) => one.status === 200))
        await ready(ann, r.json.id, there);
    const oldest = (await list(ann, there)).at(-1), small = await acme.room('小さい', ann);
    for (let i = 0; i < 20; i++)
        await made(ann, small);
    assert.equal((await list(ann, small)).length, 20);
    assert.equal(code(await ann.post(`/exports/${oldest.id}/ticket`)), '404 not_found', 'of more than twenty the oldest makes way');
});

test('it is there for seven days', async () => {
    const there = await acme.room('期限', ann);
    const e = await made(ann, there);
    assert.equal(Date.parse(e.until) - Date.parse(e.made), 7 * DAY);
    await acme.clock(past += 7 * DAY + 60_000);
    await ann.signIn();
    assert.deepEqual(await list(ann, there), []);
    assert.equal(code(await ann.post(`/exports/${e.id}/ticket`)), '404 not_found');
});

// サービス利用設定: permission templates: what they may restrict, to whom they are bound, and that every channel obeys from the
// reply on, in sessions that were open before, too.
import { httpOps, send } from '../lib/calls.mjs';
import { deviceKey, deviceProof } from '../lib/device.mjs';
import { House } from '../lib/house.mjs';
import { openTenant } from '../lib/people.mjs';
import { pdf, png } from '../lib/pictures.mjs';
import { Client } from '../lib/http.mjs';
import { after, assert, before, proves, test } from '../lib/test.mjs';
import { Socket } from '../lib/ws.mjs';

const NO_TALK = 'template.talk.browser', NO_APP = 'template.mobile_app', KEEPS = 'template.talk.mobile_download_limit';
let house, acme, chief;

before(async () => {
    house = await House.start();
    acme = await openTenant(house, 'acme');
    chief = await (await acme.chief.signIn()).openConsole();
});
after(() => house.remove());

const code = (r) => `${r.status} ${r.json?.error?.code ?? 'ok'}`;
const ok = (r) => (assert.equal(r.status, 200, r.text), r.json);
/* A ticket needs no cookie. */
const fetch = (url) => new Client(house).get(url);
const list = async () => ok(await chief.get('/console/templates'));
let count = 0;
const make = async (...keys) => ok(await chief.post('/console/templates', { name: `権限${++count}`, restricts: keys.map((key) => ({ key })) })).id;
const put = (id, name, ...keys) => chief.put(`/console/templates/${id}`, { name, restricts: keys.map((key) => ({ key })) });
const bind = async (who, template) => ok(await chief.put(`/console/members/${who.id}/template`, template ? { template } : {}));
const joined = async (login, more) => (await acme.add(login, more)).signIn();
const audited = async (act, object) => (await chief.get(`/console/audit/console?act=${act}&object=${object}`)).json.rows.filter((r) => r.detail).map((r) => [r.result, JSON.parse(r.detail)]);

test('a template is a name and switches; what cannot be, is taken, or nothing obeys yet is refused', async () => {
    const add = (name, ...keys) => chief.post('/console/templates', { name, restricts: keys.map((key) => ({ key })) });
    const { id } = ok(await add(' パート ', NO_TALK, NO_APP, 'template.talk.mobile'));
    assert.equal(code(await add('ﾊﾟｰﾄ')), '409 name_taken', 'width and kana do not count');
    assert.equal(code(await add('基本設定')), '409 name_taken');
    const mute = await add('話せないアプリ', 'template.talk.mobile');
    assert.deepEqual([code(mute), mute.json.error.field], ['400 invalid_value', 'restricts'], 'an allowed mobile app has talk');
    assert.equal(code(await add('無', 'template.nothing')), '400 invalid_value');
    assert.equal(code(await add('後', 'template.board.browser')), '409 not_yet');
    const all = await list();
    assert.deepEqual(all.templates.map((t) => [t.name, t.restricts.map((c) => c.key), t.held]), [['パート', [NO_APP, 'template.talk.mobile', NO_TALK], 0]]);
    assert.deepEqual(all.cells.filter((c) => c.obeyed).map((c) => c.key), [NO_APP, 'template.talk.mobile', NO_TALK, 'template.talk.pc', KEEPS]);
    assert.equal(all.cells.length, 20);
    assert.equal(code(await put(id, 'パートタイム', NO_TALK)), '200 ok');
    assert.equal(code(await chief.put(`/console/settings/${NO_TALK}`, { value: 'false' })), '403 denied', 'it is no setting of the company');
    assert.equal(code(await chief.delete(`/console/templates/${id}`)), '200 ok', 'nobody has it');
    assert.equal(code(await put(id, '消えた')), '404 not_found');
    assert.deepEqual((await audited('template.add', id)).at(-1)[1], { new_name: 'パート', new: [NO_APP, 'template.talk.mobile', NO_TALK] });
    assert.deepEqual((await audited('template.edit', id)).map((r) => r[1].new), [[NO_TALK]]);
});

test('who is new has 基本設定, and a template that is bound to a member directly binds the sessions that are open', async () => {
    proves('ACC-32', 'B5.13');
    const ann = await joined('ann'), ben = await joined('ben'), room = await acme.room('店', ann, ben);
    const template = await make(NO_TALK);
    assert.equal((await ann.get('/me')).json.talk, true);
    assert.deepEqual(ok(await chief.get(`/console/members/${ann.id}/template`)), { direct: '0', by_type: '0', has: '0', name: '' });
    const [annSocket, benSocket] = [await ann.socket(), await ben.socket()];
    await bind(ann, template);
    assert.equal((await annSocket.closed()).code, 4404, 'her socket comes anew');
    assert.equal(code(await ann.get('/rooms')), '403 service_disabled');
    assert.equal(code(await ann.say(room, 'まだ書ける?')), '403 service_disabled');
    assert.equal(code(await ann.get('/search?q=%E5%BA%97')), '403 service_disabled');
    const phone = { 'User-Agent': 'Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Engawa/1', 'Sec-CH-UA-Mobile': '?1', 'X-Engawa-Client': 'MP' };
    assert.equal(code(await ann.get('/rooms', { headers: phone })), '403 service_disabled', 'what it calls itself opens nothing');
    assert.equal((await ann.get('/me')).json.talk, false);
    assert.equal(code(await ann.get('/members')), '200 ok', 'アドレス帳 has no switch');
    assert.equal((await (await ann.elsewhere().signIn()).get('/me')).json.talk, false, 'and one that begins now');
    const deaf = await ann.socket();
    assert.equal((await deaf.call('room.list')).status, 403, 'by WebSocket, too');
    await ben.say(room, '聞こえますか');
    assert.equal((await benSocket.event('talk.message.posted')).data.text, '聞こえますか');
    await acme.room('新しい部屋', ben, ann);
    assert.equal((await deaf.call('me.read')).status, 200);
    assert.deepEqual(deaf.queue.filter((m) => m.event), [], 'nothing of talk was told before that answer');
    const rows = (await chief.get(`/console/templates/${template}/members`)).json;
    assert.deepEqual(rows.members.map((m) => m.login), ['ann']);
    await bind(ann);
    assert.equal((await deaf.closed()).code, 4404);
    assert.equal(code(await ann.get('/rooms')), '200 ok');
    assert.deepEqual((await audited('template.member', ann.id)).map((r) => r[1]), [{ old: template, new: '0' }, { old: '0', new: template }]);
    benSocket.end();
});

test('every operation of talk is refused where talk is, every other one is not', async () => {
    const p = await joined('cho'), t = await make(NO_TALK);
    await bind(p, t);
    const cells = { talk: 0, none: 0 };
    for (const op of httpOps.filter((o) => o.who === 'member' && o.name !== 'session.end')) {
        const r = await send(op, p, { object: '1', ...(op.name === 'file.part' ? { bytes: Buffer.from('x'), query: 'at=0' } : { body: {} }) });
        assert.equal(code(r) === '403 service_disabled', op.service === 'talk', `${op.name}: ${code(r)}`);
        cells[op.service === 'talk' ? 'talk' : 'none']++;
    }
    assert.ok(cells.talk > 50 && cells.none > 40, JSON.stringify(cells));
    console.log(`templates: ${cells.talk} operations of talk refused, ${cells.none} others not`);
});

test('without the mobile app nothing works in it but leaving, no key is taken and no session begins; the browser goes on', async () => {
    proves('ACC-33');
    const p = await joined('dan'), t = await make(NO_APP), key = await deviceKey();
    const { device } = ok(await p.post('/devices', { key: key.point }));
    let time = Date.now() - 60_000;
    const begin = async (app) => app.post('/device-session', await deviceProof(key, acme.number, device, time += 1000));
    const app = p.elsewhere();
    ok(await begin(app));
    await p.signIn();
    const [inApp, inBrowser] = [await app.socket(), await p.socket()], unused = await app.ticket();
    await bind(p, t);
    assert.equal((await inApp.closed()).code, 4404);
    assert.equal((await inBrowser.closed()).code, 4404, 'the browser comes back');
    for (const path of ['/me', '/rooms', '/members', '/sessions'])
        assert.equal(code(await app.get(path)), '403 service_disabled', path);
    assert.equal(code(await app.post('/ws-ticket')), '403 service_disabled');
    assert.equal((await Socket.open(app.client, app.path('/ws'), unused)).answer.status, 401);
    assert.equal(code(await begin(p.elsewhere())), '403 service_disabled', 'MP');
    const fresh = await p.elsewhere().signIn();
    assert.equal(code(await fresh.post('/devices', { key: (await deviceKey()).point })), '403 service_disabled');
    assert.equal(code(await p.get('/rooms')), '200 ok', 'W');
    assert.equal((await p.elsewhere().trySignIn({ client: 'mobile-web' })).status, 200, 'MW');
    await bind(p);
    assert.equal(code(await begin(app)), '200 ok', 'the key is good again');
    await bind(p, t);
    assert.equal(code(await app.get('/me')), '403 service_disabled');
    assert.equal(code(await app.delete('/session')), '200 ok', 'leaving');
    const tried = (await chief.get('/console/audit/login?act=session.refresh&result=service_disabled')).json.rows;
    assert.equal(tried.filter((r) => r.result === 'service_disabled').length, tried.length);
    assert.ok(tried.length >= 1, 'the refused app is in the log of logins');
});

test('a limit of downloads keeps files from the mobile app and shows them in the viewer; the browser takes them', async () => {
    proves('ACC-35');
    const p = await joined('eve'), room = await acme.room('絵', p, chief), app = await p.phoneApp();
    const picture = await png();
    const file = async (name, bytes) => ok(await chief.send(room, [[name, bytes]])).content.files[0].id;
    const id = await file('p.png', picture), paper = await file('p.pdf', pdf());
    const earlier = await app.fileUrl(id, 'show');
    assert.equal((await fetch(earlier)).status, 200);
    const t = await make(KEEPS);
    await bind(p, t);
    for (const use of ['save', 'show'])
        assert.equal(code(await app.post(`/files/${id}/ticket`, { use })), '403 denied');
    assert.equal((await fetch(earlier)).status, 403, 'by a ticket that it had before');
    assert.equal(code(await app.post(`/files/${paper}/ticket`, { use: 'save' })), '403 denied');
    for (const use of ['small', 'large'])
        assert.equal((await fetch(await app.fileUrl(id, use))).status, 200, use);
    assert.equal((await fetch(ok(await app.post(`/files/${paper}/page`, { page: 1 })).url)).status, 200, 'the page of a document');
    await p.signIn();
    assert.equal((await fetch(await p.fileUrl(id))).status, 200, 'W downloads');
    assert.equal(code(await app.say(room, '書けます')), '200 ok');
});

test('a file is not had by a ticket from before, and an upload goes no further', async () => {
    const p = await joined('fay'), room = await acme.room('紙', p, chief);
    const { id } = ok(await chief.send(room, [['a.txt', Buffer.from('x')]])).content.files[0];
    const url = await p.fileUrl(id), upload = ok(await p.beginUpload(room, 'b.txt', Buffer.from('y'))).id;
    await bind(p, await make(NO_TALK));
    assert.equal((await fetch(url)).status, 404);
    assert.equal(code(await p.part(upload, 0, Buffer.from('y'))), '403 service_disabled');
    await bind(p);
    assert.equal((await fetch(url)).status, 200);
    assert.equal(ok(await p.part(upload, 0, Buffer.from('y'))).ready, true, 'nothing of it was lost');
});

test('a permission type has one template; a change of it, of the type, and of the use of types is felt by the next request', async () => {
    proves('ACC-37', 'ACC-38', 'MEM-34');
    const p = await joined('gen'), q = await joined('hal');
    const part = ok(await chief.post('/console/labels', { kind: 'permtype', name: 'パート' })).id;
    const grade = ok(await chief.post('/console/labels', { kind: 'grade', name: '部長' })).id;
    const [talkless, open] = [await make(NO_TALK), await make()];
    const bindType = (template, confirmed) => chief.put(`/console/labels/${part}/template`, { template, confirmed });
    const types = (on) => chief.put('/console/settings/member.permtype.enabled', { value: String(on) });
    assert.equal(code(await chief.put(`/console/labels/${grade}/template`, { template: open })), '404 not_found', 'a grade is none');
    ok(await types(true));
    for (const x of [p, q])
        ok(await chief.put(`/console/members/${x.id}`, { permtype: part }));
    ok(await bindType(talkless));
    const felt = async (x) => code(await x.get('/rooms'));
    assert.deepEqual([await felt(p), await felt(q)], ['403 service_disabled', '403 service_disabled']);
    ok(await types(false));
    assert.equal(await felt(p), '200 ok', 'types are not in use');
    ok(await types(true));
    assert.equal(await felt(p), '403 service_disabled');
    const other = await bindType(open, false);
    assert.deepEqual([code(other), other.json.error.count], ['409 template_other', 2]);
    assert.equal(await felt(p), '403 service_disabled');
    ok(await bindType(open, true));
    assert.equal(await felt(p), '200 ok');
    assert.equal((await audited('template.type', part))[0][1].members, 2);
    await bind(p, talkless);
    assert.deepEqual([await felt(p), await felt(q)], ['403 service_disabled', '200 ok'], 'the direct one decides');
    assert.deepEqual(ok(await chief.get(`/console/members/${p.id}/template`)).has, talkless);
    ok(await put(open, '今は禁止', NO_TALK));
    assert.equal(await felt(q), '403 service_disabled', 'the template was changed');
    const held = await chief.delete(`/console/templates/${open}`);
    assert.deepEqual([code(held), held.json.error.count], ['409 template_used', 1]);
    ok(await chief.delete(`/console/templates/${open}?confirmed=true`));
    assert.equal(await felt(q), '200 ok', '基本設定');
    const shut = ok(await chief.post('/console/labels', { kind: 'permtype', name: '社外' })).id;
    ok(await chief.put(`/console/labels/${shut}/template`, { template: talkless }));
    ok(await chief.put(`/console/members/${q.id}`, { permtype: shut }));
    assert.equal(await felt(q), '403 service_disabled', 'the type was switched, nobody logged in anew');
    ok(await chief.put(`/console/members/${q.id}`, { permtype: part }));
    assert.equal(await felt(q), '200 ok', 'and back');
    assert.deepEqual((await list()).types.map((t) => [t.name, t.template]), [['パート', '0'], ['社外', talkless]]);
});

test('templates are for admins who reach サービス利用設定, and bind nobody who reaches more', async () => {
    proves('ACC-08');
    const sub = await (await joined('sub', { role: 'sub' })).openConsole(), operator = await (await joined('op', { role: 'operator' })).openConsole();
    const t = await make(NO_TALK);
    assert.equal(code(await operator.get('/console/templates')), '403 forbidden');
    assert.equal(code(await sub.put(`/console/members/${chief.id}/template`, { template: t })), '403 denied');
    assert.equal(code(await sub.put(`/console/members/${operator.id}/template`, { template: t })), '200 ok');
    assert.equal(code(await operator.get('/rooms')), '403 service_disabled');
    assert.equal(code(await operator.get('/console/members?limit=5')), '200 ok', 'the console is no service of the template');
});

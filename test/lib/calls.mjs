// A right call of every operation: what the matrices vary. An operation that is not here fails the tests that ask.
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { pdf } from './pictures.mjs';
import { ROOT, until } from './house.mjs';
import { deviceKey } from './device.mjs';
import { deviceSession, newKey, newPassword, openTenant } from './people.mjs';
import { SITE } from './web.mjs';

export const tables = JSON.parse(execFileSync(
    path.join(process.env.ENGAWA_BIN ?? path.join(ROOT, 'build/test'), 'engawad'), ['--describe'], { maxBuffer: 1 << 26 }));

/** A picture as it is sent. */
export const photo = fs.readFileSync(path.join(ROOT, 'test/pictures/png-rgb'));

export const httpOps = tables.ops.filter((o) => o.method);
export const operatorOps = tables.ops.filter((o) => !o.method);
export const objectOps = httpOps.filter((o) => o.object);

/* A message whose link has a card with a picture. */
async function linked(p, w) {
    const room = await own(p, w), said = await p.post(`/rooms/${room}/messages`, { key: newKey(), text: `http://${SITE}/` });
    if (said.status !== 200)
        return '1';
    await until('the card of a link', async () => (await p.get(`/messages/${said.json.id}`)).json.preview?.width);
    return said.json.id;
}

const ownGroup = (p) => p.tenant.group('あ', { masters: [p] });
/* What an admin of the world makes, so that the call has something of its own: '1' where the world has none. */
let made = 0;
const makes = (path, body) => async (w) => (w.admin ? (await w.admin.post(path, body(++made))).json.id : '1');
/** Gives a world its unit, and an admin with the console open who makes what calls need. */
export async function furnish(world, tenant) {
    world.admin = await (await (await tenant.add('steward', { role: 'sub' })).signIn()).openConsole();
    await world.admin.put('/console/settings/member.invite.by', { value: 'all' });
    world.unit = (await world.admin.post('/console/units', { name: '本社', code: 'head' })).json.id;
}
/** A world in which every operation has its right call: a new tenant `acme`, whose super admin has the console open, and all that the
 * calls below name; `reader`: who reads its log. */
export async function actingWorld(house) {
    const acme = await openTenant(house, 'acme');
    const reader = await (await acme.add('reader', { role: 'sub' })).signIn();
    await reader.openConsole();
    const world = { waits: true, victim: await acme.add('victim'), device: await acme.add('device'), paused: await acme.add('paused', { role: 'operator' }) };
    await signedIn(acme.chief);
    world.room = await acme.room('皆', acme.chief, world.victim);
    world.otherSession = async (p) => {
        const other = await p.elsewhere().signIn();
        const { sessions } = (await other.get('/sessions')).json;
        other.client.close();
        return sessions.find((s) => s.current).id;
    };
    await world.device.signIn();
    await furnish(world, acme);
    const file = await readyDownload(acme.chief);
    world.download = () => file;
    return { acme, reader, world };
}

/** The person, signed in and in the console, whatever the last call ended. */
export async function signedIn(p, { console: inConsole = true } = {}) {
    if ((await p.get('/me')).json?.id !== p.id) {
        p.client.cookies.clear();
        await p.signIn();
    }
    if (inConsole && (await p.get('/console/menu')).status !== 200)
        await p.openConsole();
    return p;
}

const freshUnit = makes('/console/units', (n) => ({ name: `組織${n}`, code: `made-${n}` }));
const freshLabel = makes('/console/labels', (n) => ({ kind: 'grade', name: `${n}級` }));
const freshType = makes('/console/labels', (n) => ({ kind: 'permtype', name: `型${n}` }));
const freshTemplate = makes('/console/templates', (n) => ({ name: `権限${n}`, restricts: [] }));
const STATISTIC = [{ id: 'stats.task' }];
/* The admin of the world has proven its password a while ago. */
async function freshRole(w) {
    const make = () => w.admin.post('/console/roles', { name: `係${++made}`, menus: STATISTIC });
    if (!w.admin)
        return '1';
    let r = await make();
    if (r.status === 401) {
        await w.admin.openConsole();
        r = await make();
    }
    return r.json.id;
}
const functions = { talk: true, note: true, event: false, task: true, folder: true };
const record = { ...functions, public: true, delegation: true, notify: false };
async function formerUnit(w) {
    const id = await freshUnit(w);
    await w.admin?.delete(`/console/units/${id}`);
    return id;
}
async function ledUnit(p, w) {
    const id = await freshUnit(w);
    await w.admin?.post(`/console/units/${id}/members`, { put: [{ member: p.id }] });
    await w.admin?.put(`/console/units/${id}`, { ...record, name: '組織', code: `led-${++made}`, leader: p.id });
    return id;
}

/** A new invitation of the world's admin; one that is none where the world has no admin. */
export async function newInvitation(w) {
    const made = await w.admin?.post('/console/invitations');
    if (made?.status !== 200)
        return { id: '1', token: 'x' };
    const { links } = (await w.admin.get('/console/invitations')).json;
    return { id: links[0].id, token: made.json.link.split('#')[1] };
}
export const registration = (token) => ({ token, login: `came-${++made}`, family: '新', given: '人', password: newPassword() });
/** Somebody who came by it and waits. */
export async function newInvited(w) {
    const { token } = await newInvitation(w);
    const stranger = w.admin?.elsewhere();
    const used = await stranger?.post('/invitation/use', registration(token));
    stranger?.client.close();
    return used?.status === 200 ? (await w.admin.get('/console/invitations')).json.waiting.at(-1).id : '1';
}

/** A member of the world's tenant that nobody needs, made for one call. */
let added = 0;
async function spare(w) {
    if (w.spare)
        return w.spare();
    return (await w.victim.tenant.add(`spare-${++added}`)).id;
}

async function gone(w) {
    const id = await spare(w);
    if (!w.spare)
        await w.victim.tenant.op('member.delete', { member: id });
    return id;
}

const base64 = (text) => Buffer.from(text).toString('base64url');

/** A list of one new member, or what of it is given; its id, where the caller may do this. */
async function upload(p, text = `Engawa ID,姓,名\n${newKey()},森下,真由\n`) {
    const { json } = await p.post('/console/imports', { name: 'list.csv', size: Buffer.byteLength(text) || 10 });
    if (json?.id && text)
        await p.post(`/console/imports/${json.id}/part`, { seq: 0, data: base64(text) });
    return json?.id ?? '1';
}

/** Another one each time: what is so already is no change. */
let english = false;
const language = () => ((english = !english) ? 'en' : 'ja');
/** A room that the caller made; '1' for whoever cannot. */
const soon = () => Date.now() + 3_600_000;
const own = async (p, w) => w.message ? w.room : (await p.post('/rooms', { kind: 'several', name: '間', members: [w.victim.id] })).json?.id ?? '1';
/** A folder of the caller's list; '1' for whoever cannot have one. */
async function ownFolder(p) {
    const there = (await p.get('/talk-folders')).json?.folders ?? [];
    return there[0]?.id ?? (await p.post('/talk-folders', { name: `棚${++made}` })).json?.folders?.at(-1).id ?? '1';
}
/** The same without the victim, who can be asked in again. */
async function without(p, w) {
    const room = await own(p, w);
    if (!w.message)
        await p.post(`/rooms/${room}/remove`, { member: w.victim.id });
    return room;
}
/** A message of the caller in the world's room, and a poll; '1' for whoever cannot write one. `w.message` instead, where nothing may be made. */
const said = async (p, w, body = { text: 'あ' }) => w.message ?? (await p.post(`/rooms/${w.room}/messages`, { key: newKey(), ...body })).json?.id ?? '1';
const asked = (p, w) => said(p, w, { kind: 'poll', text: 'どちら', poll: { choices: [{ text: '甲' }, { text: '乙' }] } });

const sha256 = (text) => createHash('sha256').update(text).digest('hex');
/** An upload of the caller, of which nothing has come; '1' for whoever cannot begin one. */
const begun = async (p, w) => w.upload ?? (await p.beginUpload(w.room, 'a.txt', Buffer.from('x'))).json?.id ?? '1';
/** A file in a message of the caller. */
const sentFile = async (p, w) => w.file ?? (await p.send(w.room, [['a.txt', Buffer.from('x')]])).json?.content?.files[0].id ?? '1';
async function fileTicket(p, w) {
    const r = await p.post(`/files/${await sentFile(p, w)}/ticket`, { use: 'save' });
    return r.json?.url?.split('/').at(-1) ?? '1';
}

/** An export of the caller's of the world's room, when it is made; '1' for whoever has none. */
async function ownExport(p, w) {
    if (w.export)
        return w.export;
    const list = async () => (await p.get(`/rooms/${w.room}/exports`)).json?.exports ?? [];
    const id = (await list())[0]?.id ?? (await p.post(`/rooms/${w.room}/exports`)).json?.id;
    await until('an export', async () => (await list())[0]?.state !== 'making');
    return id ?? '1';
}

/* The second step of signing in: the caller's session becomes one that waits for it, where the world allows that. */
async function waits(p, w) {
    if (!w.waits || !p.password)
        return;
    p.client.cookies.clear();
    await p.tryPassword();
}

/** A first login: an admin's waits for its app. */
async function waitsAtFirst(p, w) {
    if (!w.waits || !p.password || !p.tenant.link)
        return;
    const password = newPassword();
    p.client.cookies.clear();
    if ((await p.post('/link/password', { token: await p.tenant.link(p), password, client: 'web' })).status === 200)
        p.password = password;
}

/** The digits that an authenticator app shows at a time: oathtool is another's implementation of RFC 6238. */
export const digits = (secret, ms = Date.now()) =>
    execFileSync('oathtool', ['--totp', '--base32', '--now', `@${Math.floor(ms / 1000)}`, secret], { encoding: 'utf8' }).trim();

async function slipFor(p) {
    return p.password ? (await p.house.op('member.second_slip', { login: p.login }, p.tenant.workgroup)).code : '000000';
}

/* By name: a function of the caller (a Person) and the world { room, victim, device } that gives
 * { object, body, query }. `world.room` is one that every caller is in, `world.victim` a member nobody needs,
 * `world.paused` an operator admin nobody needs. `world.unit` and `world.admin` come from furnish(). */
const right = {
    'session.open': (p) => ({ body: { id: p.login, password: p.password, client: 'web' } }),
    'session.end': () => ({}),
    'session.list': () => ({}),
    'session.close': async (p, w) => ({ object: w.otherSession ? await w.otherSession(p) : '1' }),
    'session.close_all': () => ({}),
    'link.read': async (p, w) => ({ body: { token: await w.victim.tenant.link(w.victim) } }),
    'link.use': async (p, w) => ({ body: { token: await w.victim.tenant.link(w.victim), password: newPassword(), client: 'web' } }),
    'invite.read': async (p, w) => ({ body: { token: (await newInvitation(w)).token } }),
    'invite.use': async (p, w) => ({ body: registration((await newInvitation(w)).token) }),
    'invite.make': () => ({}),
    'console.invite.list': () => ({}),
    'console.invite.make': () => ({}),
    'console.invite.revoke': async (p, w) => ({ object: (await newInvitation(w)).id }),
    'console.invited.approve': async (p, w) => ({ object: await newInvited(w) }),
    'console.invited.reject': async (p, w) => ({ object: await newInvited(w) }),
    'password.forgot': (p) => ({ body: { id: p.login } }),
    'second.read': async (p, w) => (await waits(p, w), {}),
    'second.prove': async (p, w) => (await waits(p, w), { body: { code: await slipFor(p), remember: true } }),
    'second.enrol': async (p, w) => (await waitsAtFirst(p, w), {}),
    'second.ask': async (p, w) => (await waits(p, w), {}),
    'me.second': () => ({}),
    'me.second.app': (p) => ({ body: { password: p.password } }),
    'me.second.app.confirm': async (p) => {
        const begun = await p.post('/me/second/app', { password: p.password });
        return { body: { code: begun.json?.secret ? digits(begun.json.secret) : '000000' } };
    },
    'me.second.app.drop': (p) => ({ body: { password: p.password } }),
    'me.second.codes': (p) => ({ body: { password: p.password } }),
    'me.second.asking': () => ({}),
    'me.second.answer': async (p, w) => {
        if (!w.waits || !p.password)
            return { body: { session: '1', yes: false } };
        const other = p.elsewhere();
        await other.tryPassword();
        const { number = 0 } = (await other.post('/session/second/ask')).json ?? {};
        const asking = (await p.get('/me/second/asking')).json?.asking;
        other.client.close();
        return { body: { session: asking?.session ?? '1', yes: true, number } };
    },
    'console.member.second_slip': (p, w) => ({ object: w.victim.id }),
    'console.member.second_reset': (p, w) => ({ object: w.victim.id }),
    'me.read': () => ({}),
    'me.password': (p) => ({ body: { old: p.password, new: newPassword() } }),
    'terms.read': () => ({}),
    'terms.accept': () => ({ body: { version: '1' } }),
    'device.enrol': async () => ({ body: { key: (await deviceKey()).point } }),
    'device.session': async (p, w) => ({ body: await deviceSession(w.device) }),
    'ws.ticket': () => ({}),
    'me.data': () => ({}),
    'me.profile': () => ({ body: { nickname: 'あだ名' } }),
    'me.correction': () => ({ body: { field: 'family', text: '字が違います。' } }),
    'me.photo': async (p) => (await p.putPhoto('/me/photo', photo), {}),
    'photo.begin': () => ({ body: { name: '顔.png', size: 1, sha256: '0'.repeat(64) } }),
    'me.photo.put': async (p) => ({ body: await p.photoBody(photo) }),
    'me.photo.delete': () => ({}),
    'me.here': () => ({ body: { away: false } }),
    'me.here.show': () => ({ body: { shown: true } }),
    'member.watch': () => ({ body: { members: [] } }),
    'me.presence': () => ({ body: { text: '外出中' } }),
    'member.photo': async (p) => (await p.putPhoto('/me/photo', photo), { object: p.id }),
    'console.member.photo': async (p) => (await p.putPhoto('/me/photo', photo), { object: p.id }),
    'console.member.photo.put': async (p, w) => ({ object: w.victim.id, body: await p.photoBody(photo) }),
    'console.member.photo.delete': (p, w) => ({ object: w.victim.id }),
    'member.list': () => ({}),

    'member.list': () => ({ query: 'limit=200' }),
    'member.read': (p, w) => ({ object: w.victim.id }),
    'console.member.list': () => ({ query: 'limit=200' }),
    'console.member.export': () => ({}),
    'console.member.read': (p, w) => ({ object: w.victim.id }),
    'console.member.add': () => ({ body: { login: `new-${++added}`, family: '新', given: '人' } }),
    'console.member.edit': (p, w) => ({ object: w.victim.id, body: { duties: '製造' } }),
    'console.member.rename': (p, w) => ({ object: w.victim.id, body: { login: `renamed-${++added}` } }),
    'console.member.leave': (p, w) => ({ object: w.victim.id, body: { may_sign_in: true } }),
    'console.member.back': (p, w) => ({ object: w.victim.id }),
    'console.member.delete': async (p, w) => ({ object: await spare(w) }),
    'console.member.restore': async (p, w) => ({ object: await gone(w) }),
    'console.member.suspend': (p, w) => ({ object: w.victim.id }),
    'console.member.resume': (p, w) => ({ object: w.victim.id }),
    'console.member.app': (p, w) => ({ object: w.victim.id, body: { suspended: false } }),
    'access.list': () => ({}),
    'console.member.accesses': (p, w) => ({ object: w.victim.id }),
    'console.member.devices': (p, w) => ({ object: w.victim.id }),
    'console.member.session_end': async (p, w) => ({ object: p.id, body: { session: (await w.otherSession?.(p)) ?? '1' } }),
    'console.member.device_drop': (p, w) => ({ object: w.victim.id, body: {} }),
    'console.member.lost': (p, w) => ({ object: w.victim.id, body: { device: 'phone' } }),
    'console.member.lost_read': (p, w) => ({ object: w.victim.id }),
    'console.member.logout': (p, w) => ({ object: w.victim.id }),
    'console.group.list': () => ({ query: 'limit=5' }),
    'console.group.gone': () => ({ query: 'limit=5' }),
    'console.group.people': () => ({ query: 'q=a' }),
    'console.group.read': async (p) => ({ object: await ownGroup(p) }),
    'console.group.add': (p) => ({ body: { kind: 'internal', name: 'あ', masters: [p.id] } }),
    'console.group.edit': async (p) => ({ object: await ownGroup(p), body: { name: 'い' } }),
    'console.group.delete': async (p) => ({ object: await ownGroup(p) }),
    'console.group.restore': async (p) => ({ object: await p.tenant.goneGroup('あ', { masters: [p] }) }),
    'group.list': () => ({}),
    'group.read': async (p) => ({ object: await ownGroup(p) }),
    'group.make': () => ({ body: { name: 'あ' } }),
    'group.change': async (p) => ({ object: await ownGroup(p), body: { name: 'い' } }),
    'group.delete': async (p) => ({ object: await ownGroup(p) }),
    'console.member.password': (p, w) => ({ object: w.victim.id, body: { password: newPassword() } }),
    'console.member.request_password': (p, w) => ({ object: w.victim.id }),
    'console.member.unlock': (p, w) => ({ object: w.victim.id }),
    'console.member.setup_link': (p, w) => ({ object: w.victim.id }),
    'room.list': () => ({}),
    'room.read': (p, w) => ({ object: w.room }),
    'talk.search': () => ({ query: 'q=%E3%81%82' }),
    'console.talk.retention': () => ({ query: 'period=P1M' }),
    'talk.history': (p, w) => ({ object: w.room, query: 'limit=5' }),
    'talk.post': (p, w) => ({ object: w.room, body: { key: newKey(), text: 'あ' } }),
    'room.create': (p, w) => ({ body: { kind: 'several', name: '新', members: [w.victim.id] } }),
    'room.invite': async (p, w) => ({ object: await without(p, w), body: { members: [w.victim.id] } }),
    'room.quit': async (p, w) => ({ object: await own(p, w) }),
    'room.remove': async (p, w) => ({ object: await own(p, w), body: { member: w.victim.id } }),
    'room.change': async (p, w) => ({ object: await own(p, w), body: { name: '改名' } }),
    'room.history': async (p, w) => ({ object: await own(p, w), body: { history: true } }),
    'room.prefs': async (p, w) => ({ object: w.room, body: { muted: false, pinned: false } }),
    'room.photo': async (p, w) => { const object = await own(p, w); await p.putPhoto(`/rooms/${object}/photo`, photo); return { object }; },
    'talk.preview.picture': async (p, w) => ({ object: await linked(p, w) }),
    'room.photo.put': async (p, w) => ({ object: await own(p, w), body: await p.photoBody(photo) }),
    'room.photo.delete': async (p, w) => ({ object: await own(p, w) }),
    'room.folder': (p, w) => ({ object: w.room, body: {} }),
    'talk.folder.list': () => ({}),
    'talk.folder.add': () => ({ body: { name: `棚${++made}` } }),
    'talk.folder.order': async (p) => ({ body: { folders: ((await p.get('/talk-folders')).json?.folders ?? []).map((f) => f.id) } }),
    'talk.folder.rename': async (p) => ({ object: await ownFolder(p), body: { name: `棚${++made}` } }),
    'talk.folder.delete': async (p) => ({ object: await ownFolder(p) }),
    'talk.read': (p, w) => ({ object: w.room, body: { seq: 1 } }),
    'room.open': (p, w) => ({ object: w.room, body: { on: true } }),
    'talk.typing': (p, w) => ({ object: w.room }),
    'talk.readers': async (p, w) => ({ object: await said(p, w) }),
    'talk.remind': async (p, w) => ({ object: await said(p, w) }),
    'talk.message': async (p, w) => ({ object: await said(p, w) }),
    'talk.edit': async (p, w) => ({ object: await said(p, w), body: { text: '直し' } }),
    'talk.take_back': async (p, w) => ({ object: await said(p, w) }),
    'talk.hide': async (p, w) => ({ object: await said(p, w) }),
    'talk.react': async (p, w) => ({ object: await said(p, w), body: { mark: '👍', on: true } }),
    'talk.answers': async (p, w) => ({ object: await said(p, w) }),
    'talk.vote': async (p, w) => ({ object: await asked(p, w), body: { votes: [{ choice: 1 }] } }),
    'talk.poll.close': async (p, w) => ({ object: await asked(p, w) }),
    'talk.pin': async (p, w) => ({ object: await said(p, w), body: { on: true } }),
    'talk.forward': async (p, w) => ({ object: await said(p, w), body: { to: [{ room: w.room, key: newKey() }] } }),
    'talk.later.message': (p, w) => ({ object: w.room, body: { key: newKey(), text: '\u3042\u3068\u3067', due: soon() } }),
    'talk.later.remind': async (p, w) => ({ object: await said(p, w), body: { due: soon() } }),
    'talk.later.list': () => ({}),
    'talk.later.delete': async (p, w) => ({ object: (await p.post(`/rooms/${w.room}/later`, { key: newKey(), text: '\u3042', due: soon() })).json?.id ?? '1' }),
    'talk.draft': (p, w) => ({ object: w.room, body: { text: '\u66f8\u304d\u304b\u3051' } }),
    'talk.drafts': () => ({}),
    'talk.keywords': () => ({}),
    'talk.keywords.set': () => ({ body: { words: [{ word: '\u767a\u6ce8' }] } }),
    'talk.save': async (p, w) => ({ object: await said(p, w), body: { on: true } }),
    'talk.saved': () => ({}),
    'talk.pins': (p, w) => ({ object: w.room }),
    'talk.gallery': (p, w) => ({ object: w.room, query: 'kind=link' }),
    'talk.thread': async (p, w) => ({ object: await said(p, w) }),
    'talk.export': async (p, w) => ({ object: w.export ? w.room : await own(p, w) }),
    'talk.export.list': (p, w) => ({ object: w.room }),
    'talk.export.ticket': async (p, w) => ({ object: await ownExport(p, w) }),
    'file.begin': (p, w) => ({ object: w.room, body: { name: 'a.txt', size: 1, sha256: sha256('x') } }),
    'file.part': async (p, w) => ({ object: await begun(p, w), query: 'at=0', bytes: Buffer.from('x') }),
    'file.upload': async (p, w) => ({ object: await begun(p, w) }),
    'file.cancel': async (p, w) => ({ object: await begun(p, w) }),
    'file.ticket': async (p, w) => ({ object: await sentFile(p, w), body: { use: 'save' } }),
    'file.page': async (p, w) => ({ object: w.file ?? (await p.send(w.room, [['a.pdf', pdf(['x'])]])).json?.content?.files[0].id ?? '1', body: { page: 1 } }),
    'file.fetch': async (p, w) => ({ object: await fileTicket(p, w) }),
    sync: () => ({ query: 'since=99999999' }),
    'console.open': (p) => ({ body: { password: p.password } }),
    'console.end': () => ({}),
    'console.menu': () => ({}),
    'console.audit.list': () => ({ query: 'limit=5' }),
    'console.unit.list': () => ({ query: 'q=%E7%B5%84' }),
    'console.unit.read': (p, w) => ({ object: w.unit }),
    'console.unit.people': (p, w) => ({ object: w.unit, query: 'limit=5' }),
    'console.unit.add': () => ({ body: { name: '組織', code: `added-${++made}` } }),
    'console.unit.edit': async (p, w) => ({ object: await freshUnit(w), body: { ...record, name: '別の名前', code: `edited-${++made}` } }),
    'console.unit.move_plan': (p, w) => ({ object: w.unit }),
    'console.unit.move': async (p, w) => ({ object: await freshUnit(w), body: w.unit ? { parent: w.unit } : {} }),
    'console.unit.members': (p, w) => ({ object: w.unit, body: { put: [{ member: w.victim.id }] } }),
    'console.unit.candidates': () => ({ query: 'q=v' }),
    'console.unit.delete': async (p, w) => ({ object: await freshUnit(w) }),
    'console.unit.gone': () => ({}),
    'console.unit.restore': async (p, w) => ({ object: await formerUnit(w) }),
    'console.member.units': (p, w) => ({ object: w.victim.id }),
    'console.member.units_put': (p, w) => ({ object: w.victim.id, body: { units: w.unit ? [{ unit: w.unit }] : [] } }),
    'unit.list': () => ({ query: 'limit=20' }),
    'unit.read': (p, w) => ({ object: w.unit }),
    'unit.people': (p, w) => ({ object: w.unit, query: 'limit=5' }),
    'unit.functions': async (p, w) => ({ object: await ledUnit(p, w), body: functions }),
    'console.label.list': () => ({}),
    'console.label.add': () => ({ body: { kind: 'title', name: `役職${++made}` } }),
    'console.label.rename': async (p, w) => ({ object: await freshLabel(w), body: { name: `新${++made}級` } }),
    'console.label.place': async (p, w) => ({ object: await freshLabel(w), body: {} }),
    'console.label.holders': async (p, w) => ({ object: await freshLabel(w), query: 'limit=5' }),
    'console.label.delete': async (p, w) => ({ object: await freshLabel(w) }),
    'console.audit.search': () => ({ object: 'console', query: 'limit=5' }),
    'console.audit.receivers': () => ({ object: 'console', query: 'seq=1' }),
    'console.audit.download': () => ({ object: 'login', body: {} }),
    'console.download.list': () => ({}),
    'console.download.fetch': async (p, w) => ({ object: w.download ? await w.download(p) : '1' }),
    'console.setting.list': () => ({}),
    'console.setting.put': () => ({ object: 'tenant.default_language', body: { value: language() } }),
    'console.import.template': () => ({}),
    'console.import.begin': () => ({ body: { name: 'list.csv', size: 20 } }),
    'console.import.part': async (p) => ({ object: await upload(p, ''), body: { seq: 0, data: base64('Engawa ID,') } }),
    'console.import.check': async (p) => ({ object: await upload(p), body: { mended: [] } }),
    'console.import.run': async (p) => ({ object: await upload(p), body: { mended: [] } }),
    'console.import.links': async (p) => ({ object: await upload(p), body: {} }),
    'console.admin.list': () => ({}),
    'console.admin.export': () => ({}),
    'console.admin.grant': (p, w) => ({ object: w.victim.id, body: { role: 'member', confirmed: true } }),
    // Of an admin who was suspended just now.
    'console.admin.confirm': async (p, w) => {
        for (const act of ['suspend', 'resume'])
            await p.post(`/console/members/${w.paused.id}/${act}`);
        return { object: w.paused.id };
    },
    'console.handover.begin': async (p, w) => {
        await p.delete('/console/handover');
        return { object: w.victim.id };
    },
    'console.handover.end': () => ({}),
    'console.role.list': () => ({}),
    'console.role.add': () => ({ body: { name: `役${++made}`, menus: STATISTIC } }),
    'console.role.put': async (p, w) => ({ object: await freshRole(w), body: { name: `役${++made}`, menus: STATISTIC } }),
    'console.role.delete': async (p, w) => ({ object: await freshRole(w) }),
    'console.template.list': () => ({}),
    'console.template.add': () => ({ body: { name: `テンプレート${++made}`, restricts: [] } }),
    'console.template.put': async (p, w) => ({ object: await freshTemplate(w), body: { name: `新${++made}`, restricts: [] } }),
    'console.template.delete': async (p, w) => ({ object: await freshTemplate(w) }),
    'console.template.members': async (p, w) => ({ object: await freshTemplate(w) }),
    'console.template.type': async (p, w) => ({ object: await freshType(w), body: {} }),
    'console.template.member': (p, w) => ({ object: w.victim.id, body: {} }),
    'console.template.of_member': (p, w) => ({ object: w.victim.id }),
    'me.handover': () => ({}),
    'me.handover.accept': (p) => ({ body: { password: p.password } }),
    'me.handover.decline': () => ({}),
    'console.home': () => ({}),
    'console.storage': () => ({}),
    'console.cancellation.read': () => ({}),
    'console.cancellation': (p) => ({ body: { workgroup: p.tenant.workgroup, security: true, moved: true, told: true } }),
    'console.setting.export': () => ({}),
    'console.setting.put_all': () => ({ body: { settings: [{ key: 'tenant.default_language', value: language() }] } }),
    'console.setting.history': () => ({ object: 'tenant.default_language' }),
    'console.preset.read': () => ({ query: 'preset=standard&menu=basic.company' }),
    'console.preset.apply': async (p) => {
        const shown = await p.get('/console/settings/preset?preset=standard&menu=basic.company');
        return { body: { preset: 'standard', menu: 'basic.company', mark: shown.json?.mark ?? 'x' } };
    },
};

/** A log's file that is ready to be fetched, made by an admin whose console is open. */
export async function readyDownload(admin) {
    const r = await admin.post('/console/audit/login/downloads', {});
    if (r.status !== 200)
        throw new Error(`console.audit.download: ${r.status} ${r.text}`);
    await until('the file', async () => (await admin.get('/console/downloads')).json.downloads.find((d) => d.id === r.json.id).state === 'ready');
    return r.json.id;
}

export async function rightCall(op, person, world) {
    if (!right[op.name])
        throw new Error(`test/lib/calls.mjs does not know how to call ${op.name}`);
    return right[op.name](person, world);
}

export const known = () => Object.keys(right);

export function pathOf(op, { object, query } = {}) {
    return op.path.replace(/:[a-z]+/, encodeURIComponent(object ?? '1')) + (query ? `?${query}` : '');
}

/** Sends a call as HTTP. */
export async function send(op, person, call, options = {}) {
    const body = op.method === 'GET' ? undefined : call.body ?? call.bytes;
    const headers = call.bytes && !call.body ? { ...options.headers, 'Content-Type': 'application/octet-stream' } : options.headers;
    const from = op.name === 'file.fetch' ? person.client.house.files : '';
    const r = await person.client.request(op.method, from + person.path(pathOf(op, call)), { body, ...options, ...(headers ? { headers } : {}) });
    if (op.name === 'me.password' && r.status === 200)
        person.password = call.body.new;
    return r;
}

/** The same by WebSocket: what stands in path and query are params there. */
export function sendWs(op, socket, call) {
    const params = Object.fromEntries(new URLSearchParams(call.query ?? ''));
    const query = tables.schemas.find((s) => s.name === op.query);
    for (const f of query?.fields ?? [])
        if (f.type === 'int' && f.name in params)
            params[f.name] = Number(params[f.name]);
    if (op.object && call.object !== undefined)
        params[op.object] = call.object;
    return socket.call(op.name, Object.keys(params).length ? params : undefined, call.body);
}

/** An answer as an observer sees it, but for what differs each time: the date and the request number. */
export const masked = (r) => `${r.status}\n${r.head.replace(/^Date: .*$/m, 'Date: *')}\n${r.text.replace(/("ref":")[0-9A-Fa-f]+(")/, '$1*$2')}`;

// Tenants and the people in them, as tests meet them: each person has an address and a client of its own.
//     const acme = await openTenant(house, 'acme');                     its super admin is acme.chief
//     const taro = await acme.add('taro', { role: 'operator' });
//     await taro.signIn();  await taro.openConsole();  const ws = await taro.socket();
import { createHash, randomBytes } from 'node:crypto';
import { deviceKey, deviceProof } from './device.mjs';
import { Client } from './http.mjs';
import { Socket } from './ws.mjs';

/** A new UUID of version 7. */
export function newKey() {
    const b = randomBytes(16);
    b.writeUIntBE(Date.now(), 0, 6);
    b[6] = 0x70 | (b[6] & 15);
    b[8] = 0x80 | (b[8] & 63);
    const h = b.toString('hex');
    return `${h.slice(0, 8)}-${h.slice(8, 12)}-${h.slice(12, 16)}-${h.slice(16, 20)}-${h.slice(20)}`;
}

/** What opens a session of the phone app: the person enrols a new device, and its key signs. */
export async function deviceSession(person) {
    const key = await deviceKey();
    const p = await person.elsewhere().signIn();          // the key's session takes the place of this one
    const enrolled = await p.post('/devices', { key: key.point });
    if (enrolled.status !== 200)
        throw new Error(`device.enrol: ${enrolled.status} ${enrolled.text}`);
    return deviceProof(key, p.tenant.number, enrolled.json.device, Date.now());
}

/* A newer slip ends the older one: of one member they are given out and shown one after the other. */
const turns = new Map();
function inTurn(who, act) {
    const turn = (turns.get(who) ?? Promise.resolve()).then(act);
    turns.set(who, turn.catch(() => undefined));
    return turn;
}

/** One member at one device. */
export class Person {
    constructor(tenant, login, password, id, account = { password }) {
        Object.assign(this, { tenant, login, account, id, house: tenant.house });
        this.client = new Client(tenant.house);
    }

    /** The same person at another device. */
    elsewhere() {
        return new Person(this.tenant, this.login, undefined, this.id, this.account);
    }

    /** The same person in the installed phone app (channel MP). */
    async phoneApp() {
        const app = this.elsewhere();
        const r = await app.post('/device-session', await deviceSession(this));
        const channel = r.status === 200 && (await app.get('/me')).json.channel;
        if (channel !== 'MP')
            throw new Error(`${this.login}: the phone app gave ${r.status} ${r.text} ${channel}`);
        return app;
    }

    /** One for all devices of the person. */
    get password() {
        return this.account.password;
    }

    set password(now) {
        this.account.password = now;
    }

    path(rest) {
        return `/t/${this.tenant.number}${rest}`;
    }

    /** The answer to the password alone. */
    tryPassword({ id = this.login, password = this.password, client = 'web', workgroup = this.tenant.workgroup, headers } = {}) {
        return this.client.post(`/w/${workgroup}/session`, { id, password, client }, { headers });
    }

    /** Who is asked for a second step shows a slip of the operator's: the answer is that of a sign-in all the same. */
    async trySignIn(options) {
        const r = await this.tryPassword(options);
        if (r.status !== 200 || !r.json.second)
            return r;
        const login = options?.id ?? this.login, workgroup = options?.workgroup ?? this.tenant.workgroup;
        const proven = await inTurn(`${login}@${workgroup}`, async () => {
            const { code } = await this.house.op('member.second_slip', { login }, workgroup);
            return this.post('/session/second', { code, remember: true }, { headers: options?.headers });
        });
        if (proven.status === 200)
            proven.json = proven.json.me;
        return proven;
    }

    async signIn(options) {
        const r = await this.trySignIn(options);
        if (r.status !== 200)
            throw new Error(`${this.login}: sign-in gave ${r.status} ${r.text}`);
        if (r.json.terms && !r.json.must_change && (await this.post('/terms', { version: r.json.terms })).status !== 200)
            throw new Error(`${this.login}: the terms were not accepted`);
        return this;
    }

    async openConsole() {
        const r = await this.post('/console/session', { password: this.password });
        if (r.status !== 200)
            throw new Error(`${this.login}: the console gave ${r.status} ${r.text}`);
        return this;
    }

    async ticket() {
        const r = await this.post('/ws-ticket');
        if (r.status !== 200)
            throw new Error(`${this.login}: no ticket: ${r.status} ${r.text}`);
        return r.json.ticket;
    }

    async socket(options) {
        const s = await Socket.open(this.client, this.path('/ws'), await this.ticket(), options);
        if (s.answer?.status !== 101)
            throw new Error(`${this.login}: the WebSocket gave ${s.answer?.status} ${s.answer?.text}`);
        return s;
    }

    say(room, text, key = newKey()) {
        return this.post(`/rooms/${room}/messages`, { key, text });
    }

    /** The next part of an upload; the answer. */
    part(id, at, bytes, { headers, ...options } = {}) {
        return this.client.request('PUT', this.path(`/uploads/${id}?at=${at}`),
            { body: bytes, ...options, headers: { 'Content-Type': 'application/octet-stream', ...headers } });
    }

    beginUpload(room, name, bytes, more = {}) {
        return this.post(`/rooms/${room}/uploads`, { name, size: bytes.length, sha256: createHash('sha256').update(bytes).digest('hex'), ...more });
    }

    /** A whole upload, ready to be sent: the last answer; or the first one that is a refusal. */
    async upload(room, name, bytes) {
        let r = await this.beginUpload(room, name, bytes);
        for (const part = r.json?.part_max; r.status === 200 && !r.json.ready;)
            r = await this.part(r.json.id, r.json.stored, bytes.subarray(r.json.stored, r.json.stored + part));
        return r;
    }

    /** The upload of a picture that is to stand for somebody: the last answer; or the first one that is a refusal. */
    async uploadPhoto(bytes, name = '写真.png') {
        let r = await this.post('/uploads', { name, size: bytes.length, sha256: createHash('sha256').update(bytes).digest('hex') });
        for (const part = r.json?.part_max; r.status === 200 && !r.json.ready;)
            r = await this.part(r.json.id, r.json.stored, bytes.subarray(r.json.stored, r.json.stored + part));
        return r;
    }

    /** What an address of photos takes: a picture, whole. */
    async photoBody(bytes) {
        return { upload: (await this.uploadPhoto(bytes)).json?.id ?? '1' };
    }

    async putPhoto(path, bytes) {
        return this.put(path, await this.photoBody(bytes));
    }

    /** A message with these files, [name, bytes] each; the answer. */
    async send(room, files, more = {}) {
        const ids = [];
        for (const [name, bytes] of files) {
            const r = await this.upload(room, name, bytes);
            if (r.status !== 200)
                return r;
            ids.push(r.json.id);
        }
        return this.post(`/rooms/${room}/messages`, { key: newKey(), kind: 'file', files: ids, ...more });
    }

    async fileUrl(file, use = 'save') {
        const r = await this.post(`/files/${file}/ticket`, { use });
        return r.status === 200 ? r.json.url : Promise.reject(new Error(`${this.login}: no ticket: ${r.status} ${r.text}`));
    }

    get(path, options) {
        return this.client.get(this.path(path), options);
    }

    post(path, body, options) {
        return this.client.post(this.path(path), body, options);
    }

    put(path, body, options) {
        return this.client.put(this.path(path), body, options);
    }

    delete(path, options) {
        return this.client.delete(this.path(path), options);
    }

    /** Rows of the console's audit log, newest first; the person has the console open. */
    async audit({ limit = 200, before } = {}) {
        const r = await this.get(`/console/audit?limit=${limit}${before ? `&before=${before}` : ''}`);
        if (r.status !== 200)
            throw new Error(`${this.login}: the audit log gave ${r.status} ${r.text}`);
        return r.json.rows;
    }
}

export class Tenant {
    constructor(house, workgroup, number) {
        Object.assign(this, { house, workgroup, number });
    }

    op(name, body) {
        return this.house.op(name, body, this.workgroup);
    }

    async add(login, { password = newPassword(), family = login, ...more } = {}) {
        const { id } = await this.op('member.add', { login, family, password, ...more });
        return new Person(this, login, password, id);
    }

    async room(name, ...people) {
        return (await this.op('room.add', { name, members: people.map((p) => p.id) })).id;
    }

    /** The super admin at a device of its own, with the console open, for what a test only needs done. */
    async admin() {
        this.admin_ ??= await this.chief.elsewhere().signIn();
        if ((await this.admin_.get('/console/menu')).status !== 200) {
            this.admin_.client.cookies.clear();
            await (await this.admin_.signIn()).openConsole();
        }
        return this.admin_;
    }

    /** A group, as an admin makes it: its id. `masters` and `members` are people; the rest as the console's input. */
    async group(name, { masters, members = [], ...more }) {
        const r = await (await this.admin()).post('/console/groups', {
            kind: 'internal', name, masters: masters.map((p) => p.id), members: members.map((p) => p.id), ...more,
        });
        if (r.status !== 200)
            throw new Error(`group ${name}: ${r.status} ${r.text}`);
        return r.json.id;
    }

    /** A deleted group that can come back. */
    async goneGroup(name, people) {
        const id = await this.group(name, people);
        const r = await (await this.admin()).delete(`/console/groups/${id}`);
        if (r.status !== 200)
            throw new Error(`group ${name}: ${r.status} ${r.text}`);
        return id;
    }

    /** The token of a new link of the member, made by the operator. */
    async link(person, kind = 'setup') {
        const { link } = await this.op('member.link', { member: person.id, kind });
        return link.split('#')[1];
    }

    /** The tenant's own clock, forward by so many ms in all; `still`: it stands there until the next call. */
    clock(ms, { still = false } = {}) {
        return this.op('test.clock', { value: ms, still });
    }

    async pid() {
        const { roles } = await this.house.op('health');
        return roles.find((r) => r.role === 'tenant' && `${r.tenant ?? r.number}` === this.number)?.pid;
    }
}

export const newPassword = () => `pw ${randomBytes(9).toString('base64url')}`;

/** A new tenant with its super admin, who is not signed in yet. */
export async function openTenant(house, workgroup, { company = `${workgroup} 株式会社`, password = newPassword(), login = 'chief', family = '主' } = {}) {
    const r = await house.op('tenant.open', { workgroup, company, admin: { login, family, password } });
    const t = new Tenant(house, workgroup, r.tenant);
    t.chief = new Person(t, login, password, r.admin);
    return t;
}

/** A company whose chief has the console open, and two members in a room; all signed in. */
export async function twoInARoom(house) {
    const acme = await openTenant(house, 'acme'), chief = await (await acme.chief.signIn()).openConsole();
    const [ann, ben] = await Promise.all(['ann', 'ben'].map(async (n) => (await acme.add(n)).signIn()));
    return { acme, chief, ann, ben, room: await acme.room('間', ann, ben) };
}

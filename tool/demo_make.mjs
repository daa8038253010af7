// Makes the demo company on an installation that runs: opens the tenant, adds its members, units and groups as the super
// admin, lets some say what they do, and carries the talk in by talk.import, as any history.
import { randomBytes, createHash } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { Ctl } from '../test/lib/ctl.mjs';
import { openTenant } from '../test/lib/people.mjs';
import { facePng } from './demo_face.mjs';
import { dayNumber, dayOf, readDemo, STRANGERS } from './demo_text.mjs';

export const WORKGROUP = 'hiyodori';
export const COMPANY = '株式会社ひよどり製パン';
const SUPER = 'kashiwagi';
const SUBS = ['kosaka', 'asano'];
const BATCH = 80;
const AT_ONCE = 2;

/** The installation as the clients of the tests see it: port, certificate authority, operator. */
export async function installation(data) {
    const conf = fs.readFileSync(path.join(data, 'engawa.conf'), 'utf8');
    const port = Number(conf.match(/^listen *= *[^,]*:(\d+)(,.*)?$/m)[1]);
    const ctl = await Ctl.connect(path.join(data, 'run/ctl.sock'));
    return {
        port, ctl, origin: conf.match(/^origin *= *([^,\s]+)/m)[1], ca: fs.readFileSync(path.join(data, 'tls/ca.crt')),
        async op(name, body = {}, workgroup = '') {
            const r = await ctl.call(name, workgroup, body);
            if (r.status !== 200) throw new Error(`${name}: ${r.status} ${r.text}`);
            return r.text ? JSON.parse(r.text) : {};
        },
    };
}

async function done(what, answer) {
    const r = await answer;
    if (r.status !== 200 && r.status !== 204) throw new Error(`${what}: ${r.status} ${r.text}`);
    return r.json;
}

/** Some at a time: a sign-in costs the server a moment and its memory. */
async function each(all, work) {
    const rest = [...all];
    await Promise.all(Array.from({ length: AT_ONCE }, async () => {
        for (let one; (one = rest.shift()); ) await work(one);
    }));
}

/** A key of version 7 that is the same for the same words, as imports make them. */
function keyOf(at, words) {
    const h = createHash('sha256').update(words).digest();
    h.writeUIntBE(Math.max(at, 0), 0, 6);
    h[6] = 0x70 | (h[6] & 15);
    h[8] = 0x80 | (h[8] & 63);
    const t = h.toString('hex');
    return `${t.slice(0, 8)}-${t.slice(8, 12)}-${t.slice(12, 16)}-${t.slice(16, 20)}-${t.slice(20, 32)}`;
}

class Demo {
    constructor(house, text, now, passwords) {
        Object.assign(this, { house, now, passwords, ...text });
        this.people = new Map();
        this.rooms_ = new Map();
    }

    async make() {
        await this.members();
        await this.units();
        await this.groups();
        await this.faces();
        for (const r of this.rooms) await this.carry(r);
        await each(this.company.members.filter((m) => m.says), (m) => this.moveIn(m));
        for (const r of this.rooms) await this.keep(r);
    }

    password(login) {
        return this.passwords.get(login) ?? randomBytes(18).toString('base64url');
    }

    async members() {
        const chief = this.company.members.find((m) => m.login === SUPER);
        const t = await openTenant(this.house, WORKGROUP, { company: COMPANY, password: this.password(SUPER), login: SUPER, family: chief.family });
        this.tenant = t;
        this.people.set(SUPER, t.chief);
        for (const m of this.company.members.filter((x) => x.login !== SUPER))
            this.people.set(m.login, await t.add(m.login, { password: this.password(m.login), role: SUBS.includes(m.login) ? 'sub' : 'member', ...this.names(m) }));
        this.chief = await (await t.chief.signIn()).openConsole();
        await done('two-step verification', this.chief.put('/console/settings/account.two_step.mode', { value: 'optional' }));
        for (const m of this.company.members)
            await done(`member ${m.login}`, this.chief.put(`/console/members/${this.id(m.login)}`, { ...this.names(m), employee_number: m.number, join_date: this.since(m) }));
    }

    names(m) {
        return { family: m.family, given: m.given, family_reading: m.familyReading, given_reading: m.givenReading };
    }

    since(m) {
        const day = dayOf(m.since, dayNumber(this.now));
        return day === undefined ? m.since : new Date((dayNumber(this.now) + day) * 86400000).toISOString().slice(0, 10);
    }

    id(login) {
        return this.people.get(login).id;
    }

    async units() {
        const titles = new Map(), ids = new Map();
        for (const name of ['社長', '工場長', '部長', '室長', '課長', '店長', '班長', '主任'])
            titles.set(name, (await done(`title ${name}`, this.chief.post('/console/labels', { kind: 'title', name }))).id);
        for (const [n, u] of this.company.units.entries()) {
            const code = `U${String(n + 1).padStart(2, '0')}`;
            const { id } = await done(`unit ${u.name}`, this.chief.post('/console/units', { name: u.name, code, description: u.about, ...(u.parent ? { parent: ids.get(u.parent) } : {}) }));
            ids.set(u.name, id);
            const put = u.people.map((l) => this.company.members.find((m) => m.login === l))
                .map((m) => ({ member: this.id(m.login), main: true, ...(m.title ? { title: titles.get(m.title) } : {}) }));
            if (put.length) await done(`people of ${u.name}`, this.chief.post(`/console/units/${id}/members`, { put }));
            const as = { name: u.name, code, description: u.about, public: true, talk: true, note: true, event: true, task: true, folder: true, delegation: false, notify: false };
            await done(`unit ${u.name}`, this.chief.put(`/console/units/${id}`, { ...as, ...(put.length ? { leader: put[0].member } : {}) }));
        }
        for (const u of this.company.units)
            this.rooms_.set(`unit ${u.name}`, (await done(`unit ${u.name}`, this.chief.get(`/console/units/${ids.get(u.name)}`))).room);
    }

    async groups() {
        for (const g of this.company.groups) {
            const { id } = await done(`group ${g.name}`, this.chief.post('/console/groups', {
                kind: 'internal', name: g.name, description: g.about, masters: g.masters.map((l) => this.id(l)),
                members: g.people.filter((l) => !g.masters.includes(l)).map((l) => this.id(l)),
            }));
            this.rooms_.set(`group ${g.name}`, (await done(`group ${g.name}`, this.chief.get(`/console/groups/${id}`))).group.room);
        }
    }

    /** The admins put everybody's face, as at a first day; from then on each member puts its own. */
    async faces() {
        const KEY = '/console/settings/member.field.editable';
        const { settings } = await done('settings', this.chief.get('/console/settings'));
        const { value } = settings.find((s) => s.key === 'member.field.editable');
        await done('photos by admins', this.chief.put(KEY, { value: value.replace('photo:member', 'photo:admin') }));
        for (const m of this.company.members)
            await done(`face of ${m.login}`, this.chief.putPhoto(`/console/members/${this.id(m.login)}/photo`, facePng(m.login, m.face)));
        await done('photos by members', this.chief.put(KEY, { value }));
    }

    async at(login) {
        const p = this.people.get(login);
        if (p.client.cookies.size === 0) await p.signIn();
        return p;
    }

    /** A member signs in, says what it does, and has read what the server told it of units and groups. */
    async moveIn(m) {
        await done(`words of ${m.login}`, (await this.at(m.login)).put('/me/presence', { text: m.says }));
        const notices = (await done('rooms', (await this.at(m.login)).get('/rooms'))).rooms.find((r) => r.kind === 'notice');
        if (notices?.last_seq) await done(`notices of ${m.login}`, (await this.at(m.login)).put(`/rooms/${notices.id}/read`, { seq: notices.last_seq }));
    }

    async room(r) {
        if (r.kind === 'unit' || r.kind === 'group') {
            const id = this.rooms_.get(`${r.kind} ${r.name}`);
            if (!id) throw new Error(`no room for ${r.kind} ${r.name}`);
            return id;
        }
        const body = { kind: r.kind, key: keyOf(0, `demo room ${r.id}`), members: r.people.map((l) => this.id(l)), ...(r.kind === 'direct' ? {} : { name: r.name }) };
        return (await this.house.op('room.add', body, WORKGROUP)).id;
    }

    key(r, m) {
        return keyOf(m.at, `demo ${r.id} ${m.line}`);
    }

    mentions(m) {
        let from = 0;
        return (m.names ?? []).map((n) => {
            const at = m.text.indexOf(n.words, from);
            from = at + n.words.length;
            return { kind: n.kind, ...(n.who ? { id: this.id(n.who) } : {}), at: [...m.text.slice(0, at)].length, length: [...n.words].length };
        });
    }

    message(r, m) {
        const ids = (logins) => logins.map((l) => this.id(l));
        return {
            key: this.key(r, m), sent: m.at, kind: m.stamp ? 'stamp' : m.poll ? 'poll' : 'text',
            ...(STRANGERS[m.who] ? { sender_name: STRANGERS[m.who] } : { sender: this.id(m.who) }),
            ...(m.stamp ? { stamp: m.stamp } : { text: m.text, mentions: this.mentions(m) }),
            ...(m.poll ? { poll: { ...m.poll, choices: m.poll.choices.map((text) => ({ text })) }, votes: m.votes.map((v) => ({ choice: v.choice, members: ids(v.who) })) } : {}),
            ...(m.important ? { important: true } : {}),
            ...(m.reply ? { reply_key: this.key(r, m.reply) } : {}),
            ...(m.root ? { thread_key: this.key(r, m.root) } : {}),
            ...(m.pin ? { pinned_by: this.id(m.pin) } : {}),
            ...(m.reactions.length ? { reactions: m.reactions.map((a) => ({ mark: a.mark, members: ids(a.who) })) } : {}),
        };
    }

    async carry(r) {
        r.room = await this.room(r);
        for (let i = 0; i < r.messages.length; i += BATCH)
            await this.house.op('talk.import', { room: r.room, messages: r.messages.slice(i, i + BATCH).map((m) => this.message(r, m)) }, WORKGROUP);
        const reads = Object.entries(r.unread).map(([l, n]) => {
            const last = r.messages[r.messages.length - 1 - n];
            return { member: this.id(l), ...(last ? { key: this.key(r, last) } : {}) };
        });
        if (reads.length) await this.house.op('talk.import_read', { room: r.room, reads }, WORKGROUP);
    }

    /** How members keep their lists. */
    async keep(r) {
        for (const l of new Set([...r.pinned, ...r.muted]))
            await done(`list of ${l}`, (await this.at(l)).put(`/rooms/${r.room}/prefs`, { pinned: r.pinned.includes(l), muted: r.muted.includes(l) }));
    }
}

/** passwords: Map of login to the password it begins with; everybody else's is known to nobody. */
export async function makeDemo(data, passwords, now = Date.now()) {
    const text = readDemo(now);
    if (text.faults.length) throw new Error(`the demo's text has faults: tool/demo check\n${text.faults.slice(0, 5).join('\n')}`);
    const house = await installation(data);
    const started = Date.now();
    const demo = new Demo(house, text, now, passwords);
    try {
        await demo.make();
    } finally {
        house.ctl.close();
        for (const p of demo.people.values()) p.client.wire?.socket.destroy();
    }
    return { members: text.company.members.length, rooms: text.rooms.length, messages: text.rooms.reduce((n, r) => n + r.messages.length, 0), ms: Date.now() - started };
}


// The storm: writers who post, answer in threads, edit, react and take back over HTTP and repeat each request until it is
// answered; followers who read over WebSockets (follower.mjs); members who are taken out of a room and come back.
//     const storm = await Storm.begin(house, { connectPort, random });
//     const r = await storm.round(seconds);     // r: { acked, lost, doubled, misordered, after, … }, lists where something is wrong
// A round has rooms of its own and ends with every reader holding what a fresh history gives.
import { randomBytes } from 'node:crypto';
import { DEADLINE_MS, until } from '../lib/house.mjs';
import { newKey } from '../lib/people.mjs';
import { addMember, numbers, op, signedIn } from './driver.mjs';
import { Follower, history, patience, wait } from './follower.mjs';

const AGAIN_MS = 25;
const PACE_MS = 3;                 // between two acts of a writer for each of the writers: as many acts however many they are
const RECENT = 30;                 // how far back somebody acts on what was said
const MARKS = ['👍', '🙇', '👏', '😊', '✅'];
const AGAIN = new Set([429, 503, 507]);

// ---- writers

class Writer {
    constructor(storm, person, random) {
        Object.assign(this, { storm, person, random, n: new Map(), own: [] });
        patience(person, true);
    }

    pick(list) {
        return list[Math.floor(this.random() * list.length)];
    }

    /** The answer, however often it has to be asked for; `tries` says how often it may have been carried out before. */
    async answered(method, path, body) {
        for (let tries = 0; ; tries++) {
            try {
                const r = await this.person.http(method, this.person.base + path, body);
                if (!AGAIN.has(r.status)) {
                    patience(this.person, true);
                    return { ...r, tries };
                }
                this.storm.refused.set(r.status, (this.storm.refused.get(r.status) ?? 0) + 1);
            } catch {
                this.storm.breaks++;
            }
            if (this.storm.abandoned) throw new Error(`gave up: ${method} ${path}`);
            patience(this.person, false);
            await wait(AGAIN_MS);
        }
    }

    #unexpected(what, r) {
        this.storm.found.lost.push(`${what}: ${r.status} ${JSON.stringify(r.body)}`);
    }

    /** The same post, over one connection or two at once: one message, and every answer names it. */
    async #sent(room, body, times) {
        const path = `/rooms/${room}/messages`;
        const answers = await Promise.all(Array.from({ length: times }, () => this.answered('POST', path, body)));
        const bad = answers.find((r) => r.status !== 200);
        if (bad) return void this.#unexpected(`post ${body.key}`, bad);
        if (answers.some((r) => r.body.id !== answers[0].body.id)) this.storm.found.doubled.push(`two answers for ${body.key}`);
        return answers[0].body;
    }

    async post() {
        const room = this.pick(this.storm.rooms);
        const said = this.storm.said.get(room);
        const n = (this.n.get(room) ?? 0) + 1;
        const text = `${n} ${randomBytes(6 + (n % 30)).toString('hex')} 縁側`;
        const body = { key: newKey(), text };
        const to = this.random() < 0.6 ? this.pick(said.slice(-RECENT)) : undefined;
        if (to && !to.thread && this.random() < 0.5) body.thread = to.seq;
        else if (to) body.reply = to.seq;
        const m = await this.#sent(room, body, this.random() < 0.3 ? 2 : 1);
        if (!m) return;
        if (m.key !== body.key || m.text !== text || m.room !== room) this.storm.found.misordered.push(`acknowledged as another: ${JSON.stringify(m)}`);
        this.n.set(room, n);
        const a = { id: m.id, seq: m.seq, room, author: this.person.me.id, n, body, text, thread: body.thread, gone: false, marks: new Set() };
        this.own.push(a);
        said.push(a);
    }

    async edit() {
        const a = this.pick(this.own.filter((m) => !m.gone).slice(-RECENT));
        if (!a) return;
        const text = `${a.n} ${randomBytes(8).toString('hex')} 直した`;
        const r = await this.answered('PUT', `/messages/${a.id}`, { text });
        if (r.status !== 200 || r.body.text !== text) return this.#unexpected(`edit of ${a.id}`, r);
        a.text = text;
    }

    async react() {
        const a = this.pick(this.storm.said.get(this.pick(this.storm.rooms)).slice(-RECENT));
        if (!a) return;
        const mark = this.pick(MARKS);
        const me = this.person.me.id;
        const on = !a.marks.has(`${mark} ${me}`);
        const r = await this.answered('PUT', `/messages/${a.id}/reactions`, { mark, on });
        if (r.status === 403 && r.body.error.code === 'denied') return void (this.storm.late++);   // taken back meanwhile
        if (r.status !== 200) return this.#unexpected(`reaction to ${a.id}`, r);
        const stands = (r.body.reactions ?? []).some((x) => x.mark === mark && x.members.includes(me));
        if (stands !== on && !r.body.gone) this.#unexpected(`reaction ${mark} ${on} to ${a.id}`, r);
        if (on) a.marks.add(`${mark} ${me}`);
        else a.marks.delete(`${mark} ${me}`);
    }

    async takeBack() {
        const a = this.pick(this.own.filter((m) => !m.gone).slice(-RECENT));
        if (!a) return;
        const r = await this.answered('POST', `/messages/${a.id}/take-back`);
        const before = r.tries > 0 && r.status === 403 && r.body.error.code === 'denied';          // an attempt that was not answered
        if (!before && (r.status !== 200 || !r.body.gone)) return this.#unexpected(`taking back ${a.id}`, r);
        a.gone = true;
    }

    /** Long after: the key still names that message, whatever became of it, and nothing else can have it. */
    async again() {
        const a = this.pick(this.own);
        if (!a) return;
        const m = await this.#sent(a.room, a.body, 1);
        if (m && m.id !== a.id) this.storm.found.doubled.push(`${a.body.key} names ${a.id} and ${m.id}`);
        if (m && (m.gone ? '' : a.text) !== m.text) this.storm.found.lost.push(`a repeat of ${a.id} is answered with another text`);
        const other = await this.answered('POST', `/rooms/${a.room}/messages`, { ...a.body, text: `${a.body.text}!` });
        if (other.status !== 409) this.storm.found.doubled.push(`another text under ${a.body.key}: ${other.status}`);
    }

    /** What was answered is read at once, over whatever connection. */
    async look() {
        const a = this.own.at(-1);
        if (!a) return;
        const r = await this.answered('GET', `/messages/${a.id}`);
        if (r.status !== 200 || r.body.text !== (a.gone ? '' : a.text)) this.#unexpected(`a look at ${a.id}`, r);
    }

    async act() {
        const x = this.random();
        if (x < 0.5) await this.post();
        else if (x < 0.68) await this.edit();
        else if (x < 0.86) await this.react();
        else if (x < 0.93) await this.takeBack();
        else if (x < 0.95) await this.again();
        else if (x < 0.98) await this.look();
        else await this.answered('POST', `/rooms/${this.pick(this.storm.rooms)}/typing`);
    }

    async run() {
        this.own = [];
        this.n.clear();
        while (!this.storm.stopping) {
            await this.act();
            this.storm.acted++;
            await wait(PACE_MS * this.storm.writers.length);
        }
    }
}

// ---- what has to hold at the end of a round

const marksOf = (m) => (m.reactions ?? []).flatMap((r) => r.members.map((id) => `${r.mark} ${id}`)).sort().join();

/** Each acknowledged message stands once, in its author's order, and is as its author and those who reacted left it. */
function checkActs(found, said, messages) {
    const times = new Map();
    const last = new Map();
    messages.forEach((m, i) => {
        const who = `${m.author} ${m.key}`;
        times.set(who, (times.get(who) ?? 0) + 1);
        if (times.get(who) > 1) found.doubled.push(`${m.room}/${m.seq}: ${m.key}`);
        if (m.seq !== i + 1) found.misordered.push(`${m.room}: seq ${m.seq} at place ${i + 1}`);
    });
    for (const a of [...said].sort((l, r) => l.seq - r.seq)) {
        const m = messages[a.seq - 1];
        if (a.n !== (last.get(a.author) ?? 0) + 1) found.misordered.push(`${a.room}/${a.seq}: ${a.n} after ${last.get(a.author)}`);
        last.set(a.author, a.n);
        if (m?.key !== a.body.key || m.author !== a.author) found.lost.push(`${a.room}/${a.seq}: ${a.body.key} does not stand there`);
        else if (Boolean(m.gone) !== a.gone || m.text !== (a.gone ? '' : a.text)) found.lost.push(`${a.room}/${a.seq}: not as it was left`);
        else if (!a.gone && marksOf(m) !== [...a.marks].sort().join()) found.lost.push(`${a.room}/${a.seq}: reactions ${marksOf(m)}`);
    }
    if (said.length !== messages.length) found.doubled.push(`${messages.length} messages stand for ${said.length} acknowledged`);
}

/** What stands under each message, and how many it says they are. */
async function checkThreads(found, person, messages) {
    const roots = new Set(messages.map((m) => m.thread).filter(Boolean));
    for (const seq of roots) {
        const root = messages[seq - 1];
        const held = messages.filter((m) => m.thread === seq);
        const told = [];
        for (let before = 0, more = true; more; before = told.at(-1)?.seq) {
            const r = await until('a thread', async () => {
                const got = await person.get(`/messages/${root.id}/thread?limit=100${before ? `&before=${before}` : ''}`);
                return got.status === 200 && got.body;
            });
            told.push(...r.messages);
            more = r.more && r.messages.length > 0;
        }
        if (JSON.stringify(told.reverse()) !== JSON.stringify(held)) found.misordered.push(`the thread of ${root.id} is not what the room holds`);
        const there = held.filter((m) => !m.gone).length;
        if ((root.replies ?? 0) !== there) found.lost.push(`${root.id} tells of ${root.replies} replies, ${there} are there`);
    }
    return roots.size;
}

/** What a reader holds by its events is what its own fresh history says. */
function checkHeld(found, who, room, held, fresh) {
    if (!fresh !== !held) return void found.misordered.push(`${who}: holds ${held ? '' : 'not '}room ${room}, its history is ${fresh ? '' : 'not '}there`);
    if (!fresh) return;
    for (const m of fresh) {
        const mine = held.messages.get(m.seq);
        if (!mine) found.lost.push(`${who}: has not ${room}/${m.seq}`);
        else if (JSON.stringify(mine) !== JSON.stringify(m)) found.misordered.push(`${who}: ${JSON.stringify(mine)} for ${JSON.stringify(m)}`);
    }
    if (held.messages.size > fresh.length) found.misordered.push(`${who}: holds ${held.messages.size} of ${fresh.length} in ${room}`);
}

// ---- all of it

export class Storm {
    /** Writers and readers are in both rooms of a round; goers are taken out of the first one and come back. */
    static async begin(house, { connectPort, seed, writers = 5, readers = 3, goers = 2 }) {
        const storm = new Storm();
        const place = { port: house.port, connectPort, origin: house.origin, ca: house.ca };
        Object.assign(storm, { house, random: numbers(seed), rounds: 0, breaks: 0, late: 0, refused: new Map(), writers: [], readers: [], goers: [] });
        storm.found = { lost: [], doubled: [], misordered: [], after: [] };
        const member = async (login, address, at) => {
            await addMember(house, login);
            return signedIn(at, login, address);
        };
        storm.checker = await member('checker', '127.4.9.1', house);
        for (let i = 0; i < writers; i++)
            storm.writers.push(new Writer(storm, await member(`w${i}`, `127.4.6.${i + 1}`, place), numbers(seed * 100 + i)));
        for (let i = 0; i < readers + goers; i++) {
            const person = await member(`r${i}`, `127.4.7.${i + 1}`, place);
            const f = new Follower(person, numbers(seed * 100 + 50 + i), storm.found);
            (i < readers ? storm.readers : storm.goers).push(f);
        }
        storm.following = storm.followers.map((f) => f.run().catch((e) => storm.found.lost.push(e.stack)));
        return storm;
    }

    get followers() {
        return [...this.readers, ...this.goers];
    }

    #op(name, body) {
        return op(this.house, name, body, this.house.workgroup);
    }

    async #rooms() {
        const members = [this.checker, ...[...this.writers, ...this.followers].map((x) => x.person)].map((p) => p.me.id);
        this.rooms = [];
        for (const name of ['出入り', '静か']) this.rooms.push((await this.#op('room.add', { name: `${name} ${this.rounds}`, members })).id);
        this.said = new Map(this.rooms.map((r) => [r, []]));
    }

    /** Out, until a few more messages were said there without it, and in again: an event of between would be heard. */
    async #comeAndGo(goer) {
        const [room] = this.rooms;
        const member = goer.person.me.id;
        const more = async (n) => {
            const target = this.said.get(room).length + n;
            while (!this.stopping && this.said.get(room).length < target) await wait(AGAIN_MS);
        };
        while (!this.stopping) {
            await more(3 + Math.floor(this.random() * 12));
            await this.#op('room.leave', { room, member });
            this.left = (this.left ?? 0) + 1;
            await more(1 + Math.floor(this.random() * 12));
            if (this.stopping && this.random() < 0.5) return;   // some are out at the end
            await this.#op('room.join', { room, member });
        }
    }

    /** `harm` is called as long as the round lasts, `heal` before its end is looked at. */
    async round(seconds, harm, heal) {
        await this.#rooms();
        Object.assign(this, { stopping: false, abandoned: false, acted: 0 });
        for (const f of this.followers) f.calm = false;
        const working = [...this.writers.map((w) => w.run()), ...this.goers.map((g) => this.#comeAndGo(g))];
        const all = Promise.all(working);
        await Promise.race([all, new Promise((resolve) => {
            const ends = performance.now() + seconds * 1000;
            const timer = setInterval(() => {
                harm();
                if (performance.now() < ends) return;
                clearInterval(timer);
                resolve();
            }, 40);
        })]);
        this.stopping = true;
        for (const f of this.followers) f.calm = true;
        heal();
        let ended = false;
        all.catch(() => undefined).then(() => (ended = true));
        await this.#moving('the writers', () => ended).catch(() => (this.abandoned = true));
        await all;
        await this.#check();
        this.rounds++;
        for (const f of this.followers) f.ignore(this.rooms);
    }

    /** Gives up when nothing at all has been answered for so long, however slow the machine is. */
    async #moving(what, done) {
        const answers = () => [...this.writers, ...this.followers].reduce((n, x) => n + x.person.answers, 0) + this.sum('live');
        for (let last = answers(), since = performance.now(); !done(); await wait(10)) {
            if (answers() !== last) [last, since] = [answers(), performance.now()];
            if (performance.now() - since > DEADLINE_MS) throw new Error(`gave up waiting for ${what}`);
        }
    }

    /** On every connection, later than all of the round: what was to come has come. */
    async #end(room) {
        const body = { key: newKey(), text: '1 終わり' };
        const r = await this.checker.post(`/rooms/${room}/messages`, body);
        if (r.status !== 200) throw new Error(`the end of ${room}: ${r.status}`);
        const author = this.checker.me.id;
        this.said.get(room).push({ id: r.body.id, seq: r.body.seq, room, author, n: 1, body, text: body.text, gone: false, marks: new Set() });
    }

    async #check() {
        for (const room of this.rooms) await this.#end(room);
        const [, quiet] = this.rooms;                      // everybody is in it, and its end was said last
        const { seq } = this.said.get(quiet).at(-1);
        await Promise.all(this.followers.map((f) =>
            this.#moving(`the end of the round at ${f.person.me.id}`, () => f.rooms.get(quiet)?.messages.has(seq) && f.idle)
                .catch((e) => this.found.lost.push(e.message))));
        for (const f of this.followers) f.settle();
        for (const room of this.rooms) {
            const messages = await history(this.checker, room);
            checkActs(this.found, this.said.get(room), messages);
            this.threads = (this.threads ?? 0) + await checkThreads(this.found, this.checker, messages);
            for (const f of this.readers) checkHeld(this.found, f.person.me.id, room, f.rooms.get(room), messages);
            for (const f of this.goers) checkHeld(this.found, f.person.me.id, room, f.rooms.get(room), await history(f.person, room));
            this.acked = (this.acked ?? 0) + this.said.get(room).length;
        }
        this.acts = (this.acts ?? 0) + this.acted;
    }

    sum(name) {
        return this.followers.reduce((n, f) => n + (f[name] ?? 0), 0);
    }

    line() {
        const { lost, doubled, misordered, after } = this.found;
        return `acked ${this.acked}, lost ${lost.length}, doubled ${doubled.length}, misordered ${misordered.length}, after removal ${after.length}` +
            ` (acts ${this.acts}, threads ${this.threads}, repeats ${this.breaks}, removals ${this.left}, live ${this.sum('live')}, synced ${this.sum('synced')},` +
            ` gaps ${this.sum('gaps')}, resets ${this.sum('resets')}, open ${this.sum('opened')},` +
            ` asked again ${[...this.refused].map(([k, n]) => `${n} × ${k}`).join(', ') || 'never'})`;
    }

    async end() {
        this.stopping = this.abandoned = true;
        for (const f of this.followers) f.stop();
        for (const w of this.writers) w.person.close();
        this.checker.close();
        await Promise.all(this.following);
    }
}

// A reader as the product's client is one: it holds what events told it, syncs after every reconnect, fills a gap from the
// history and loads anew after a reset. What it should never have been told is noted in `wrong` at once:
// an order that is none (misordered), and anything of a room it was taken out of (after).
const PAGE = 100;
const AGAIN_MS = 25;               // before the next attempt of anything that failed
const PATIENCE_MS = 2_000;         // for an answer; twice as long after each attempt that had none, as far as this:
const PATIENCE_MAX_MS = 16_000;
const FORGETS = 0.1;               // of the reconnects: as a device that was set back, whose pos the server never gave
const MESSAGES = new Set(['talk.message.posted', 'talk.message.changed', 'talk.message.changed_for']);
const OPEN = new Set(['talk.typing', 'room.read']);
export const wait = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

/** On a machine that is busy with others an answer takes longer: who never waited for it would ask for ever. */
export function patience(person, answered) {
    person.patience = answered ? PATIENCE_MS : Math.min(person.patience * 2, PATIENCE_MAX_MS);
}

/** All messages of the room that `person` may see, oldest first, but not those up to `have`; null: it may see none. */
export async function history(person, room, have = 0) {
    const all = [];
    for (let before = 0, more = true; more && (!before || before > have + 1); ) {
        const r = await person.get(`/rooms/${room}/messages?limit=${PAGE}${before ? `&before=${before}` : ''}`);
        if (r.status === 404) return null;
        if (r.status === 429) {
            await wait(AGAIN_MS);
            continue;
        }
        if (r.status !== 200) throw Object.assign(new Error(`history: ${r.status}`), { status: r.status });
        all.push(...r.body.messages.filter((m) => m.seq > have));
        more = r.body.more && r.body.messages.length > 0;
        before = r.body.messages.at(-1)?.seq;
    }
    return all.reverse();
}

export class Follower {
    /** `wrong`: { misordered, after }, lists of words. */
    constructor(person, random, wrong) {
        Object.assign(this, { person, random, wrong, pos: 0, rooms: new Map(), ignored: new Set(), live: 0, synced: 0, resets: 0,
            gaps: 0, connects: 0, waiting: 0,
            listed: false, calm: false, moved: new Set(), suspects: new Map() });
        patience(person, true);
    }

    /** No longer follows these rooms: their round is over. */
    ignore(rooms) {
        for (const id of rooms) {
            this.ignored.add(id);
            this.rooms.delete(id);
        }
    }

    #wrong(kind, what) {
        this.wrong[kind].push(`${this.person.me.id} at pos ${this.pos}: ${what}`);
    }

    async #read(url) {
        const r = await this.person.get(url);
        if (r.status !== 200) throw Object.assign(new Error(`${url}: ${r.status}`), { status: r.status });
        return r.body;
    }

    /** Between a list's pos and its rooms a removal may lie: then the room is not in the list, what came before the removal is
     * heard all the same, and its `left` follows. Without one it was told to somebody who was out. */
    #suspect(room, what) {
        if (!this.listed || this.moved.has(room)) return this.#wrong('after', what);
        this.suspects.set(room, [...(this.suspects.get(room) ?? []), what]);
    }

    #convict(rooms) {
        for (const room of rooms) {
            for (const what of this.suspects.get(room) ?? []) this.#wrong('after', what);
            this.suspects.delete(room);
        }
    }

    /** Everything has come: what still waits for a `left` was wrong. */
    settle() {
        this.#convict([...this.suspects.keys()]);
    }

    // ---- what events say

    #joined({ id, first_seq: first, last_seq: last }) {
        if (this.ignored.has(id)) return;
        this.rooms.set(id, { first, last: Math.max(first - 1, 0), posted: 0, messages: new Map(), gone: new Set() });
        if (last >= first) this.rooms.get(id).gap = true;
    }

    /** From the history: the newest state, which may be ahead of the events; they lead to the same. */
    async #fill(id, room, have) {
        const all = await history(this.person, id, have);
        if (!all) return void (room.leaving = true);       // no longer there: the event that says so is on its way
        for (const m of all) room.messages.set(m.seq, m);
        room.last = Math.max(room.last, all.at(-1)?.seq ?? 0);
    }

    async #message(e, live) {
        const m = e.data;
        const room = this.rooms.get(m.room);
        if (this.ignored.has(m.room)) return;
        if (!room) return this.#suspect(m.room, `${e.event} ${m.seq} of room ${m.room}`);
        if (m.seq < room.first) return this.#wrong('after', `${e.event} ${m.seq} of room ${m.room} is from before its time`);
        if (e.event === 'talk.message.posted') {
            if (m.seq <= room.posted) this.#wrong('misordered', `room ${m.room}: posted ${m.seq} after ${room.posted}`);
            room.posted = m.seq;
        }
        if (room.gone.has(m.seq) && !m.gone) this.#wrong('misordered', `room ${m.room}: ${m.seq} rose again`);
        if (m.gone) room.gone.add(m.seq);
        if (m.seq > room.last + 1 && !room.leaving) {
            if (live && !room.gap) this.#wrong('misordered', `room ${m.room}: ${m.seq} after ${room.last} on a live connection`);
            this.gaps++;
            await this.#fill(m.room, room, room.last);
        }
        room.gap = false;
        room.last = Math.max(room.last, m.seq);
        room.messages.set(m.seq, m);
    }

    async #apply(e, live) {
        if (e.pos === undefined || e.pos <= this.pos) return;
        this.pos = e.pos;
        if (live) this.live++;
        else this.synced++;
        if (MESSAGES.has(e.event)) await this.#message(e, live);
        else if (e.event === 'room.joined') {
            this.#convict([e.data.id]);
            this.moved.add(e.data.id);
            this.#joined(e.data);
        } else if (e.event === 'room.left') {
            this.suspects.delete(e.data.room);
            this.moved.add(e.data.room);
            this.rooms.delete(e.data.room);
        }
    }

    /** An answer to sync is under the rights of now: nothing of a membership that has ended stands in it. */
    #underRights(events) {
        const now = new Map();
        for (const e of events) {
            if (e.event === 'room.left') now.set(e.data.room, Infinity);
            if (e.event === 'room.joined') now.set(e.data.id, e.data.first_seq);
        }
        for (const e of events)
            if (MESSAGES.has(e.event) && e.data.seq < (now.get(e.data.room) ?? 0))
                this.#wrong('after', `sync: ${e.event} ${e.data.seq} of room ${e.data.room}`);
    }

    async #reset() {
        const list = await this.#read('/rooms');
        this.rooms.clear();
        for (const r of list.rooms.filter((x) => !this.ignored.has(x.id))) {
            const room = { first: r.first_seq, last: 0, posted: 0, messages: new Map(), gone: new Set() };
            await this.#fill(r.id, room, 0);
            room.last = Math.max(room.last, r.first_seq - 1);
            this.rooms.set(r.id, room);
        }
        this.suspects.clear();                             // a `left` that would explain them may be jumped over
        this.listed = true;
        this.moved.clear();
        this.pos = list.pos;
        this.resets++;
    }

    async #sync() {
        const s = await this.#read(`/sync?since=${this.pos}`);
        if (s.reset) return this.#reset();
        this.#underRights(s.events);
        let last = this.pos;
        for (const e of s.events) {
            if (e.pos <= last) this.#wrong('misordered', `sync tells pos ${e.pos} after ${last}`);
            last = e.pos;
            await this.#apply(e, false);
        }
        this.pos = Math.max(this.pos, s.pos);
    }

    // ---- one connection

    /** As events come in, before anything is done with them: what a connection may carry at all. */
    #carried(c, e) {
        if (e.event === 'sync') return;
        const room = e.data.room ?? e.room;
        if (c.heard !== Infinity) c.heard = performance.now();
        if (e.pos !== undefined) {
            if (e.pos <= c.pos) this.#wrong('misordered', `pos ${e.pos} after ${c.pos} on one connection`);
            c.pos = e.pos;
        }
        if (e.event === 'room.left') {
            c.left.add(room);
            c.open.delete(room);
        } else if (e.event === 'room.joined') {
            c.left.delete(e.data.id);
            this.#show(c, e.data.id);
        } else if (c.left.has(room)) {
            this.#wrong('after', `${e.event} of room ${room} on a connection that heard of its end`);
        } else if (OPEN.has(e.event) && !c.open.has(room)) {
            this.#wrong('after', `${e.event} of room ${room}, which is not open`);
        }
        if (OPEN.has(e.event)) this.opened = (this.opened ?? 0) + 1;
    }

    /** Shows the room on this connection. What passes a removal and a return on its way is asked again by the return. */
    #show(c, room) {
        if (this.ignored.has(room)) return;
        c.open.add(room);
        c.ws.call('room.open', { room }, { on: true }).catch(() => undefined);
    }

    async #follow() {
        if (this.connects && !this.calm && this.random() < FORGETS) this.pos = Number.MAX_SAFE_INTEGER;
        const ws = await this.person.ws();
        const c = { ws, pos: 0, left: new Set(), open: new Set(), heard: Infinity };
        this.ws = ws;
        this.connects++;
        let queue = Promise.resolve();                     // events wait for the sync, and each for the one before it
        const next = (f) => {
            this.waiting++;
            queue = queue.then(() => c.dead || f()).catch(() => {
                c.dead = true;                             // what follows would be applied over a hole
                patience(this.person, false);
                ws.close();
            }).then(() => this.waiting--);
        };
        next(async () => {
            await this.#sync();
            patience(this.person, true);
            c.heard = performance.now();
            for (const room of this.rooms.keys()) this.#show(c, room);
        });
        ws.listen((e) => {
            this.#carried(c, e);
            if (e.event === 'sync') next(() => this.#sync());
            else if (e.pos !== undefined) next(() => this.#apply(e, true));
        });
        const watch = setInterval(() => {                  // a half-open connection says nothing: patience ends it
            if (!this.calm && performance.now() - c.heard > this.person.patience) ws.close();
        }, 200);
        await ws.closed;
        clearInterval(watch);
        await queue;
    }

    async run() {
        while (!this.done) {
            try {
                await this.#follow();
            } catch (e) {
                if (e.status === 401) throw e;
                patience(this.person, false);
            }
            await wait(AGAIN_MS);
        }
    }

    /** Nothing that has come waits to be applied. */
    get idle() {
        return this.waiting === 0;
    }

    stop() {
        this.done = true;
        this.ws?.close();
        this.person.close();
    }
}

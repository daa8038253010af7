// An act of the console and its audit row are one: the tenant's process is killed again and again while an admin adds
// members, changes a setting and makes units; afterwards every act has its row and every row its act.
//     ENGAWA_KILLS=1000 SEED=7 node --test test/fault/console_kill_test.mjs      that many
import { House, until } from '../lib/house.mjs';
import { openTenant } from '../lib/people.mjs';
import { assert, proves, test } from '../lib/test.mjs';
import { numbers, seed } from './driver.mjs';

const KILLS = Number(process.env.ENGAWA_KILLS ?? 0) || 8;
const AGAIN = new Set([401, 429, 500, 502, 503]);           // the process was on its way down or up

/** One act after the other, until told to stop; what was acknowledged is in `acked`. */
class Admin {
    constructor(chief) {
        Object.assign(this, { chief, acked: { member: new Map(), unit: new Map(), setting: [] }, n: 0, stopped: false, odd: [] });
    }

    async act(what, call, done) {
        try {
            const r = await call();
            if (r.status === 200)
                done(r.json);
            else if (!AGAIN.has(r.status))
                this.odd.push(`${what}: ${r.status} ${r.text}`);
        } catch {
            // the connection went down with the process: nobody knows, the rows below tell
        }
    }

    async run() {
        while (!this.stopped) {
            const n = ++this.n;
            const value = String(8 + (n % 50));
            await this.act('member', () => this.chief.post('/console/members', { login: `m${n}`, family: '森', given: `${n}`, initial: 'member' }),
                (json) => this.acked.member.set(json.id, `m${n}`));
            await this.act('setting', () => this.chief.put('/console/settings/account.password.min_length', { value }),
                () => this.acked.setting.push(value));
            await this.act('unit', () => this.chief.post('/console/units', { name: `組 ${n}`, code: `u${n}` }),
                (json) => this.acked.unit.set(json.id, `u${n}`));
        }
    }

    async progress(from, acts) {
        const count = () => this.acked.member.size + this.acked.unit.size + this.acked.setting.length;
        await until('acts to be acknowledged', () => count() >= from + acts);
        return count();
    }
}

/** All rows of the console's log that succeeded, newest first. */
async function rows(t, chief) {
    const all = [];
    for (let before; ;) {
        const page = await chief.audit(before ? { before } : {});
        all.push(...page);
        if (page.length < 200)
            return all.filter((r) => r.result === 'ok');
        before = page.at(-1).seq;
    }
}

test('an act of the console and its row stand together or not at all, whenever the process dies', { timeout: KILLS > 100 ? 7_200_000 : 150_000 }, async () => {
    proves('B12.02', 'AUD-01');
    const house = await House.start({ config: { edge_rate: '1000000', edge_burst: '1000000' } });
    try {
        const t = await openTenant(house, 'acme');
        await t.chief.signIn();
        await t.chief.openConsole();
        const random = numbers(seed), admin = new Admin(t.chief), running = admin.run();
        console.log(`seed ${seed}`);
        let done = 0;
        for (let i = 0; i < KILLS; i++) {
            done = await admin.progress(done, 3 + Math.floor(random() * 6));
            const pid = await t.pid();
            if (pid)
                process.kill(pid, 'SIGKILL');
            done = await admin.progress(done, 1);
        }
        admin.stopped = true;
        await running;
        assert.deepEqual(admin.odd, []);

        const log = await until('the log', () => rows(t, t.chief));
        const acts = (kind) => log.filter((r) => r.act === kind);
        const members = [];
        for (let after; ;) {
            const page = (await t.chief.get(`/console/members?limit=200${after ? `&after=${after}` : ''}`)).json;
            members.push(...page.members);
            if (!page.more)
                break;
            after = page.members.at(-1).id;
        }
        const units = (await t.chief.get('/console/units')).json.units;
        const own = new Set([t.chief.id]);
        const sorted = (list) => [...list].sort();
        assert.deepEqual(sorted(members.filter((m) => !own.has(m.id)).map((m) => m.id)), sorted(acts('member.add').map((r) => r.object).filter((id) => !own.has(id))), 'members and their rows');
        assert.deepEqual(sorted(units.map((u) => u.id)), sorted(acts('unit.add').map((r) => r.object)), 'units and their rows');
        for (const kind of ['member', 'unit']) {
            const there = new Set((kind === 'member' ? members : units).map((x) => x.id));
            for (const id of admin.acked[kind].keys())
                assert.ok(there.has(id), `${kind} ${admin.acked[kind].get(id)} was acknowledged`);
        }
        const changes = acts('setting.change').reverse().map((r) => JSON.parse(r.detail)).filter((d) => d.key === 'account.password.min_length');
        for (let i = 1; i < changes.length; i++)
            assert.equal(changes[i].old, changes[i - 1].new, 'each change begins where the last one ended');
        const now = (await t.chief.get('/console/settings')).json.settings.find((s) => s.key === 'account.password.min_length').value;
        assert.equal(changes.at(-1).new, now);
        const stored = changes.map((d) => d.new);
        let at = -1;
        for (const value of admin.acked.setting) {
            at = stored.indexOf(value, at + 1);
            assert.ok(at >= 0, `the change to ${value} was acknowledged`);
        }
        console.log(`kills ${KILLS}; ${members.length - 1} members, ${units.length} units, ${changes.length} changes of a setting, each with its row`);
    } finally {
        await house.remove();
    }
});

// Members in the console: the record, who fills and sees its fields, searching, and what ends a person's access.
import { House } from '../lib/house.mjs';
import { openTenant, Person } from '../lib/people.mjs';
import { after, assert, before, proves, test } from '../lib/test.mjs';

const DAY = 86_400_000, JST = 9 * 3_600_000;
/** The day at that moment in the tenant's time zone, Asia/Tokyo. */
const day = (ms) => new Date(ms + JST).toISOString().slice(0, 10);

let house, t, ann;
let clock = 0;

async function forward(ms) {
    clock += ms;
    await t.clock(clock);
}

/** Forward to some seconds after (or before) the next midnight of the tenant. */
async function toMidnight(plus) {
    const now = Date.now() + clock + JST;
    await forward(DAY - now % DAY + plus);
}

/** The admin again, with the console open: the clock ends idle sessions. */
async function chief() {
    if ((await t.chief.get('/console/menu')).status !== 200) {
        await t.chief.signIn();
        await t.chief.openConsole();
    }
    return t.chief;
}

async function member(p) {
    if ((await p.get('/me')).status !== 200)
        await p.signIn();
    return p;
}

const record = { family: '森下', given: '真由', family_reading: 'もりした', given_reading: 'まゆ' };

async function add(login, more = {}) {
    const password = `pw ${login} 7kR!x`;
    const r = await (await chief()).post('/console/members', { login, ...record, initial: 'admin', password, ...more });
    assert.equal(r.status, 200, r.text);
    const p = new Person(t, login, password, r.json.id);
    return more.start ? p : settled(p);
}

/** After the first sign-in the admin's password is changed for one's own. */
async function settled(p) {
    const first = p.elsewhere();
    await first.signIn();
    const own = `${p.password} own`;
    const r = await first.put('/me/password', { old: p.password, new: own });
    assert.equal(r.status, 200, r.text);
    p.password = own;
    return p;
}

const list = async (query) => (await (await chief()).get(`/console/members?${query}`)).json;
const read = async (id) => (await (await chief()).get(`/console/members/${id}`)).json;
const logins = async (query) => (await list(query)).members.map((m) => m.login).sort();

function refused(r, field, code = 'invalid_value', status = 400) {
    assert.equal(r.status, status, r.text);
    assert.equal(r.json.error.code, code, r.text);
    if (field)
        assert.equal(r.json.error.field, field, r.text);
}

before(async () => {
    house = await House.start({ config: { edge_rate: '1000000', edge_burst: '1000000' } });
    t = await openTenant(house, 'acme');
    ann = await t.add('ann', { given: 'ann' });
});
after(() => house.remove());

test('names: both are required, trimmed, of 80 characters, without control characters', async () => {
    proves('MEM-01');
    const c = await chief();
    const total = (await list('limit=1')).total;
    const wrong = { given: ['', ' 　', 'a\u0085b', 'a\u009F', 'a\nb', 'あ'.repeat(81)], family: ['', '　', 'x\u007F', 'x\u202Ey'], nickname: ['a\u0080'] };
    for (const [field, values] of Object.entries(wrong))
        for (const value of values)
            refused(await c.post('/console/members', { login: 'nobody', ...record, [field]: value }), field);
    const { given, ...without } = record;
    refused(await c.post('/console/members', { login: 'nobody', ...without }), 'given');
    assert.equal((await list('limit=1')).total, total);

    const p = await add('mori', { family: '　森下 ', given: 'あ'.repeat(80), nickname: 'もりちゃん' });
    const got = await read(p.id);
    assert.equal(got.family, '森下');
    assert.equal(got.given, 'あ'.repeat(80));
    assert.equal(got.nickname, 'もりちゃん');
    refused(await c.put(`/console/members/${p.id}`, { family: ' ' }), 'family');
    assert.equal((await c.put(`/console/members/${p.id}`, { given: '真由' })).status, 200);
    assert.equal((await read(p.id)).given, '真由');
    assert.equal((await read(p.id)).family, '森下');
});

test('the ID and the ways to reach somebody have their form', async () => {
    proves('MEM-02');
    const c = await chief();
    const p = await add('kobayakawa');
    for (const login of ['A', 'é', 'a b', 'a@b', '-a', 'a'.repeat(41)])
        refused(await c.post('/console/members', { login, ...record }), 'login');
    refused(await c.post('/console/members', { login: 'kobayakawa', ...record }), '', 'login_taken', 409);
    const forms = {
        phone: { good: ['+81467000000', '+12', ''], bad: ['0467-00-0000', '+0123', '81467', '+8146700000000000', '+81 467', '＋81467'] },
        mobile: { good: ['+819012345678'], bad: ['+', '+a1'] },
        private_mail: {
            good: ['mayu@example.jp', 'a.b+c@x-y.example', '"a b"@example.jp', `${'a'.repeat(64)}@example.jp`],
            bad: ['mayu', '@example.jp', 'mayu@', '.a@example.jp', 'a..b@example.jp', 'a@-x.jp', 'a@x_y.jp', 'a b@example.jp', 'まゆ@example.jp',
                `${'a'.repeat(65)}@example.jp`, 'a@[127.0.0.1]', 'a@b@c.jp', 'a@example.jp.'],
        },
    };
    for (const [field, { good, bad }] of Object.entries(forms)) {
        for (const value of good) {
            assert.equal((await c.put(`/console/members/${p.id}`, { [field]: value })).status, 200, value);
            assert.equal((await read(p.id))[field], value);
        }
        for (const value of bad)
            refused(await c.put(`/console/members/${p.id}`, { [field]: value }), field);
        assert.equal((await read(p.id))[field], good.at(-1));
    }
    // A label of nobody's is absent, and nothing changes by the attempt.
    for (const field of ['grade', 'permtype']) {
        const key = `member.${field}.enabled`;
        assert.equal((await c.put(`/console/settings/${key}`, { value: 'true' })).status, 200);
        refused(await c.put(`/console/members/${p.id}`, { [field]: '4611686018427387905', duties: 'x' }), '', 'not_found', 404);
        assert.equal((await read(p.id)).duties, '');
    }
});

test('dates are days of the calendar, an employee number is one person\'s, and the log names fields alone', async () => {
    proves('MEM-03');
    const c = await chief();
    const p = await add('tanoue'), other = await add('ise');
    const edit = (body) => c.put(`/console/members/${p.id}`, body);
    for (const value of ['2023-02-30', '2023-13-01', '23-01-01', 'x', day(Date.now() + clock + DAY)])
        refused(await edit({ birthday: value }), 'birthday');
    refused(await edit({ join_date: '2023-02-29' }), 'join_date');
    refused(await edit({ language: 'fr' }), 'language');
    const all = { birthday: '1990-02-28', join_date: '2099-04-01', workplace: '大船店', duties: '早番', sns: '@tanoue', related_contact: '母', language: 'en', employee_number: 'E-0042' };
    assert.equal((await edit(all)).status, 200);
    const got = await read(p.id);
    for (const [field, value] of Object.entries(all))
        assert.equal(got[field], value, field);
    assert.equal((await edit({ birthday: day(Date.now() + clock) })).status, 200);
    refused(await c.put(`/console/members/${other.id}`, { employee_number: 'E-0042' }), '', 'number_taken', 409);
    assert.equal((await edit({ employee_number: 'E-0042' })).status, 200);
    assert.equal((await c.put(`/console/members/${other.id}`, { employee_number: 'E-0043' })).status, 200);

    const row = (await c.audit()).find((r) => r.act === 'member.edit' && r.object === p.id && r.detail.includes('sns'));
    assert.deepEqual([...JSON.parse(row.detail).fields].sort(), Object.keys(all).sort());
    for (const value of ['1990-02-28', '大船店', '@tanoue', '母'])
        assert.ok(!row.detail.includes(value), row.detail);
});

test('what the tenant does not use is nobody\'s to fill', async () => {
    proves('MEM-05');
    const c = await chief();
    const p = await add('nishiwaki', { sns: '@miwa' });
    const setting = (value) => c.put('/console/settings/member.field.editable', { value });
    for (const value of ['sns:perhaps', 'family:member', 'sns', 'sns:member,sns:admin', ''])
        refused(await setting(value), 'value');
    assert.equal((await setting('nickname:member,sns:unused,*:admin')).status, 200);
    refused(await c.put(`/console/members/${p.id}`, { sns: '@new' }), '', 'denied', 403);
    refused(await c.post('/console/members', { login: 'nobody', ...record, sns: 'x' }), '', 'denied', 403);
    const got = await read(p.id);
    assert.equal(got.sns, '');
    assert.ok(got.unused.some((f) => f.name === 'sns'));
    assert.deepEqual(await logins(`q=${encodeURIComponent('@miwa')}`), []);
    assert.equal((await c.put(`/console/members/${p.id}`, { duties: '卸' })).status, 200);
    assert.equal((await setting('*:admin')).status, 200);
    assert.equal((await read(p.id)).sns, '@miwa');
    assert.equal((await c.put(`/console/members/${p.id}`, { sns: '@new' })).status, 200);
});

test('colleagues get the fields that are shown, and find nobody by the others', async () => {
    proves('MEM-06', 'B5.11', 'MEM-35', 'ADB-08', 'ADB-09', 'ADB-11', 'ADB-12');
    const c = await chief();
    const all = { employee_number: 'HIDDEN-77', phone: '+81467222222', mobile: '+819077777777', private_mail: 'hidden77@example.jp', workplace: '茅ヶ崎店', duties: '窯',
        sns: 'sns77', birthday: '1977-07-17', join_date: '2001-07-07', related_contact: 'contact77', nickname: 'アンちゃん' };
    const p = await add('shiraishi', { family: '白石', given: '杏', family_reading: 'しらいし', given_reading: 'あん', ...all });
    await member(ann);
    const words = { ...all, birthday: '07-17' };
    const see = async () => {
        const one = await ann.get(`/members/${p.id}`);
        assert.equal(one.status, 200);
        const found = {};
        for (const [field, value] of Object.entries(words))
            found[field] = (await ann.get(`/members?q=${encodeURIComponent(value)}`)).json.members.some((m) => m.id === p.id);
        const rows = await ann.get('/members');
        return { one, found, row: rows.json.members.find((m) => m.id === p.id), text: one.text + rows.text };
    };
    const shownNow = (s, field) => field in s.one.json || field in s.one.json.member;
    const first = await see();
    const shown = new Set(['nickname', 'phone', 'workplace', 'duties']);
    for (const field of Object.keys(all)) {
        assert.equal(shownNow(first, field), shown.has(field), `${field} in the profile`);
        assert.equal(first.found[field], shown.has(field), `${field} by search`);
        if (!shown.has(field))
            assert.ok(!first.text.includes(all[field]), field);
    }
    assert.ok(!('login' in first.row));
    assert.equal((await ann.get('/members?q=shiraishi')).json.total, 0);

    // Shown one by one: what was absent is there, and the year of a birthday is in no answer.
    assert.equal((await c.put('/console/settings/member.field.visible', { value: 'name|sns|employee_number|related_contact' })).status, 200);
    for (const key of ['mobile', 'private_mail', 'join_date', 'birthday'])
        assert.equal((await c.put(`/console/settings/addressbook.member.show_${key}`, { value: 'true' })).status, 200);
    const then = await see();
    for (const field of Object.keys(all)) {
        assert.equal(shownNow(then, field), !shown.has(field), `${field} in the profile, later`);
        assert.equal(then.found[field], !shown.has(field), `${field} by search, later`);
    }
    assert.equal(then.one.json.birthday, '07-17');
    assert.ok(!then.text.includes('1977'));
    assert.equal((await ann.get('/members?q=1977-07-17')).json.total, 0);

    // The admin finds by everything, always.
    for (const [field, value] of Object.entries(all))
        assert.deepEqual(await logins(`q=${encodeURIComponent(value)}`), ['shiraishi'], field);
    for (const [key, value] of [['member.field.visible', 'name|nickname|photo|unit|title|grade|phone|workplace|duties'],
        ...['mobile', 'private_mail', 'join_date', 'birthday'].map((k) => [`addressbook.member.show_${k}`, 'false'])])
        assert.equal((await c.put(`/console/settings/${key}`, { value })).status, 200);
});

test('searching folds kana, width and case; pages follow the readings without a gap', async () => {
    proves('MEM-35');
    await add('sanzen', { family: '三枝', given: '瞳', family_reading: 'さえぐさ', given_reading: 'ひとみ', phone: '+81466123456' });
    await add('nguyen', { family: 'グエン', given: 'ティ ラン', family_reading: 'ぐえん', given_reading: 'てぃ らん' });
    for (const q of ['三枝', '三枝瞳', '三枝　瞳', 'サエグサ', 'ｻｴｸﾞｻ', 'さえぐさひとみ', 'さえ ひと', 'SANZEN', 'ｓａｎｚｅｎ', '0466-12-3456', '+81466123456'])
        assert.deepEqual(await logins(`q=${encodeURIComponent(q)}`), ['sanzen'], q);
    for (const q of ['グエン', 'ぐえん', 'ティラン', 'らん'])
        assert.deepEqual(await logins(`q=${encodeURIComponent(q)}`), ['nguyen'], q);
    assert.deepEqual(await logins(`q=${encodeURIComponent('三枝 ラン')}`), []);

    for (const query of ['', 'q=m&', 'status=active&']) {
        const whole = (await list(`${query}limit=200`)).members.map((m) => m.id);
        const pages = [];
        let after = '', more = true, total;
        while (more) {
            const page = await list(`${query}limit=2${after && `&after=${after}`}`);
            pages.push(...page.members.map((m) => m.id));
            assert.ok(page.members.length <= 2);
            ({ more, total } = page);
            after = page.members.at(-1)?.id ?? '';
        }
        assert.deepEqual(pages, whole, query);
        assert.equal(total, whole.length);
    }
    const all = (await list('limit=200')).members.map((m) => m.family_reading + m.given_reading);
    assert.deepEqual(all, [...all].sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b))));

    await member(ann);
    const mine = (await ann.get('/members?limit=3')).json;
    assert.equal(mine.members.length, 3);
    assert.ok(mine.more);
    assert.equal((await ann.get(`/members?limit=3&after=${mine.members[2].id}`)).json.members.length, 3);
    assert.equal((await ann.get('/members?limit=100000')).status, 400);
});

test('a member added in the console signs in from the first day on, and one row says who added whom', async () => {
    proves('MEM-08', 'MEM-10', 'ACC-11');
    const c = await chief();
    const now = await add('asano');
    await now.signIn();
    const row = (await c.audit()).find((r) => r.act === 'member.add' && r.object === now.id);
    assert.equal(row.actor, c.id);
    assert.equal(row.result, 'ok');
    assert.ok(!row.detail.includes(now.password));

    const tomorrow = day(Date.now() + clock + DAY);
    const later = await add('haru', { start: tomorrow });
    assert.equal((await read(later.id)).start, tomorrow);
    assert.equal((await read(later.id)).member.status, 'not_started');
    assert.deepEqual(await logins('status=not_started'), ['haru']);
    const early = await later.trySignIn();
    refused(early, '', 'not_started', 401);
    refused(await later.trySignIn({ password: 'something else 1' }), '', 'sign_in', 401);
    refused(await c.post('/console/members', { login: 'nobody', ...record, start: '2026-02-30' }), 'start');
    await toMidnight(-2000);
    refused(await later.trySignIn(), '', 'not_started', 401);
    await toMidnight(0);
    await later.signIn();
    assert.equal((await read(later.id)).started, true);
    refused(await (await chief()).put(`/console/members/${later.id}`, { start: day(Date.now() + clock + 3 * DAY) }), '', 'started', 409);

    const moved = await add('moved', { start: day(Date.now() + clock + 9 * DAY) });
    assert.equal((await (await chief()).put(`/console/members/${moved.id}`, { start: day(Date.now() + clock) })).status, 200);
    await moved.signIn();
});

test('a first password is made by the admin, by the machine, or by the member through a link; it is told once', async () => {
    proves('MEM-11', 'MEM-08');
    const c = await chief();
    const auto = await c.post('/console/members', { login: 'auto', ...record, initial: 'auto' });
    assert.equal(auto.status, 200, auto.text);
    assert.ok(auto.json.password.length >= 8);
    assert.equal(auto.json.link, '');
    const fresh = new Person(t, 'auto', auto.json.password, auto.json.id);
    await fresh.signIn();
    assert.equal((await fresh.get('/me')).json.must_change, 'first');

    const own = await c.post('/console/members', { login: 'own', ...record });
    assert.equal(own.json.password, '');
    assert.match(own.json.link, new RegExp(`/t/${t.number}/setup#.{22,}$`));
    assert.ok(own.json.until);
    const token = own.json.link.split('#')[1];
    for (const text of [(await c.get(`/console/members/${own.json.id}`)).text, (await c.get('/console/members?q=own')).text, JSON.stringify(await c.audit())]) {
        assert.ok(!text.includes(token));
        assert.ok(!text.includes(auto.json.password));
    }
    refused(await c.post('/console/members', { login: 'weak', ...record, initial: 'admin', password: 'abc' }), 'password');
    refused(await c.post('/console/members', { login: 'weak', ...record, initial: 'admin' }), 'password');
    refused(await c.post('/console/members', { login: 'weak', ...record, initial: 'member', password: 'ein gutes Passwort 1' }), 'password');
    assert.deepEqual(await logins('q=weak'), []);
});

test('another ID: every session ends, only the new one signs in, the old one is held for 30 days', async () => {
    proves('MEM-36');
    const p = await add('old.name');
    await p.signIn();
    const second = p.elsewhere();
    await second.signIn();
    const c = await chief();
    refused(await c.post(`/console/members/${p.id}/rename`, { login: 'Big' }), 'login');
    refused(await c.post(`/console/members/${p.id}/rename`, { login: 'chief' }), '', 'login_taken', 409);
    assert.equal((await p.get('/me')).status, 200);
    assert.equal((await c.post(`/console/members/${p.id}/rename`, { login: 'new.name' })).status, 200);
    assert.equal((await p.get('/me')).status, 401);
    assert.equal((await second.get('/me')).status, 401);
    refused(await p.trySignIn(), '', 'sign_in', 401);
    p.login = 'new.name';
    await p.signIn();
    const row = (await c.audit()).find((r) => r.act === 'member.rename' && r.object === p.id && r.result === 'ok');
    assert.deepEqual(JSON.parse(row.detail), { old: 'old.name', new: 'new.name' });

    // Held for others, for 30 days; its owner may have it back.
    refused(await c.post('/console/members', { login: 'old.name', ...record }), '', 'login_taken', 409);
    assert.equal((await c.post(`/console/members/${p.id}/rename`, { login: 'old.name' })).status, 200);
    assert.equal((await c.post(`/console/members/${p.id}/rename`, { login: 'third' })).status, 200);
    await forward(30 * DAY - 60_000);
    refused(await (await chief()).post('/console/members', { login: 'old.name', ...record }), '', 'login_taken', 409);
    await forward(120_000);
    assert.equal((await (await chief()).post('/console/members', { login: 'old.name', ...record })).status, 200);
});

test('a leave keeps the member out from its first day and ends by itself', async () => {
    proves('MEM-40');
    const p = await add('aizawa');
    await p.signIn();
    await member(ann);
    const today = day(Date.now() + clock), tomorrow = day(Date.now() + clock + DAY);
    const leave = async (body) => (await chief()).post(`/console/members/${p.id}/leave`, body);
    refused(await leave({ from: '2026-02-30' }), 'from');
    refused(await leave({ from: tomorrow, until: today }), 'until');
    refused(await leave({ from: '2020-01-01', until: '2020-01-05' }), 'until');
    // From tomorrow, through tomorrow: today it is only announced.
    assert.equal((await leave({ from: tomorrow, until: tomorrow })).status, 200);
    await p.signIn();
    assert.equal((await read(p.id)).member.on_leave, false);
    assert.deepEqual((await read(p.id)).leave, { from: tomorrow, until: tomorrow, suspends: true, lasts: false });
    await toMidnight(1000);
    refused(await p.get('/me'), '', 'suspended', 401);
    refused(await p.trySignIn(), '', 'suspended', 401);
    refused(await p.trySignIn({ password: 'not this one 9' }), '', 'sign_in', 401);
    assert.equal((await read(p.id)).member.status, 'suspended');
    assert.deepEqual(await logins('status=on_leave'), ['aizawa']);
    assert.deepEqual(await logins('status=suspended'), ['aizawa']);
    await member(ann);
    assert.equal((await ann.get(`/members/${p.id}`)).json.member.on_leave, true);
    await toMidnight(0);
    await p.signIn();
    assert.equal((await read(p.id)).member.on_leave, false);
    assert.equal((await read(p.id)).leave, null);
    assert.deepEqual(await logins('status=on_leave'), []);

    // Only a label, when the member may go on; an open end is ended by hand.
    assert.equal((await leave({ may_sign_in: true })).status, 200);
    await member(p);
    assert.equal((await p.get('/me')).status, 200);
    assert.deepEqual(await logins('status=on_leave'), ['aizawa']);
    assert.equal((await (await chief()).delete(`/console/members/${p.id}/leave`)).status, 200);
    assert.deepEqual(await logins('status=on_leave'), []);
    // The suspension of a leave is lifted, the label stays.
    assert.equal((await leave({})).status, 200);
    refused(await p.trySignIn(), '', 'suspended', 401);
    assert.equal((await (await chief()).post(`/console/members/${p.id}/resume`)).status, 200);
    await p.signIn();
    assert.equal((await read(p.id)).member.on_leave, true);
    refused(await (await chief()).post(`/console/members/${t.chief.id}/leave`, {}), '', 'denied', 403);
});

test('a suspension holds from the reply on; only the right password is told of it', async () => {
    proves('MEM-41', 'B5.09', 'ACC-11');
    const p = await add('kuga');
    await p.signIn();
    const ws = await p.socket();
    const c = await chief();
    assert.equal((await c.post(`/console/members/${p.id}/suspend`)).status, 200);
    refused(await p.get('/me'), '', 'suspended', 401);
    assert.equal((await ws.closed()).code, 4401);
    refused(await p.get('/me'), '', 'suspended', 401);
    assert.deepEqual((await read(p.id)).sessions, []);
    refused(await p.elsewhere().get('/me'), '', 'session_ended', 401);
    refused(await p.trySignIn(), '', 'suspended', 401);
    refused(await p.trySignIn({ password: 'not this one 9' }), '', 'sign_in', 401);
    refused(await c.post(`/console/members/${t.chief.id}/suspend`), '', 'denied', 403);
    assert.equal((await c.post(`/console/members/${p.id}/resume`)).status, 200);
    refused(await p.get('/me'), '', 'session_ended', 401);
    await p.signIn();
    // A leave from today on is told in the same way.
    assert.equal((await c.post(`/console/members/${p.id}/leave`, {})).status, 200);
    refused(await p.get('/me'), '', 'suspended', 401);
    assert.equal((await c.delete(`/console/members/${p.id}/leave`)).status, 200);
    refused(await p.get('/me'), '', 'session_ended', 401);
    await p.signIn();
});

test('a deleted member is gone everywhere at once and comes back within 30 days, then nothing personal is left', async () => {
    proves('MEM-42', 'B5.09', 'MEM-35');
    const p = await add('hori', { family: '堀', given: '俊介', family_reading: 'ほり', given_reading: 'しゅんすけ', mobile: '+819055555555', employee_number: 'H-9' });
    await p.signIn();
    await member(ann);
    const room = await t.room('卸', p, ann);
    assert.equal((await p.say(room, '強力粉、25 kg')).status, 200);
    const ws = await p.socket();
    const before = await list('limit=1');
    const c = await chief();
    refused(await c.post(`/console/members/${t.chief.id}/delete`), '', 'denied', 403);
    refused(await c.post(`/console/members/${p.id}/restore`), '', 'not_found', 404);
    assert.equal((await c.post(`/console/members/${p.id}/delete`)).status, 200);

    assert.equal((await p.get('/me')).status, 401);
    await ws.closed;
    refused(await p.trySignIn(), '', 'sign_in', 401);
    const then = await list('limit=1');
    assert.equal(then.total, before.total - 1);
    assert.equal(then.seats_used, before.seats_used - 1);
    assert.equal((await ann.get(`/members/${p.id}`)).status, 404);
    assert.equal((await ann.get(`/members?q=${encodeURIComponent('堀')}`)).json.total, 0);
    assert.deepEqual((await ann.get(`/rooms/${room}`)).json.member_ids, [ann.id]);
    assert.equal((await ann.get(`/rooms/${room}/messages?limit=5`)).json.messages.find((m) => m.kind === 'text').text, '強力粉、25 kg');
    assert.deepEqual(await logins(`q=${encodeURIComponent('堀')}`), []);
    assert.deepEqual(await logins('status=deleted&q=hori'), ['hori']);
    refused(await c.post('/console/members', { login: 'hori', ...record }), '', 'login_taken', 409);

    assert.equal((await c.post(`/console/members/${p.id}/restore`)).status, 200);
    const back = await read(p.id);
    assert.equal(back.mobile, '+819055555555');
    refused(await p.trySignIn(), '', 'sign_in', 401);        // its password is gone for good
    assert.equal((await ann.get(`/members/${p.id}`)).status, 200);

    assert.equal((await (await chief()).post(`/console/members/${p.id}/delete`)).status, 200);
    await forward(30 * DAY - 60_000);
    assert.deepEqual(await logins('status=deleted&q=hori'), ['hori']);
    await forward(60_000);
    assert.deepEqual(await logins('status=deleted&q=hori'), []);
    refused(await (await chief()).post(`/console/members/${p.id}/restore`), '', 'not_found', 404);
    assert.equal((await (await chief()).post('/console/members', { login: 'hori', ...record })).status, 200);
});

test('the list as CSV: fresh proof, a row in the log, and no cell that a spreadsheet would carry out', async () => {
    proves('MEM-35', 'B10.03', 'OVR-03');
    const p = await add('tricky', { family: '=cmd', given: '@x', duties: '-1+1', workplace: '"大船", 店', phone: '+81467999999' });
    const c = await chief();
    await c.openConsole();
    const r = await c.get('/console/member-list?q=tricky');
    assert.equal(r.status, 200, r.text);
    assert.match(r.header('Content-Type'), /^text\/csv/);
    assert.match(r.header('Content-Disposition'), /attachment; filename="?members-\d{4}-\d\d-\d\d\.csv/);
    const [titles, row, end] = r.text.replace(/^\uFEFF/, '').split('\r\n');
    assert.equal(end, '');
    assert.equal(titles.split(',').length, row.match(/("([^"]|"")*")(,|$)/g).length);
    assert.ok(titles.startsWith('"Engawa ID","姓","名"'));
    assert.ok(row.startsWith('"tricky","\'=cmd","\'@x"'), row);
    for (const cell of ['"\'-1+1"', '"""大船"", 店"', '"\'+81467999999"', '"有効"'])
        assert.ok(row.includes(cell), cell);
    const log = (await c.audit()).find((e) => e.act === 'member.export' && e.result === 'ok');
    assert.deepEqual(JSON.parse(log.detail), { rows: 1, filtered: true });
    const whole = await c.get('/console/member-list');
    assert.equal(whole.text.trim().split('\r\n').length, (await list('limit=1')).total + 1);
    await forward(6 * 60_000);
    refused(await c.get('/console/member-list'), '', 'reauth_required', 401);
    assert.ok(p.id);
});

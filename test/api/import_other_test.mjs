// engawactl import slack and mattermost: an export of another messenger becomes rooms, once.
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import zlib from 'node:zlib';
import { House } from '../lib/house.mjs';
import { openTenant } from '../lib/people.mjs';
import { after, assert, before, test } from '../lib/test.mjs';

let house, acme, mayu, satsuki, aoi;

before(async () => {
    house = await House.start();
    acme = await openTenant(house, 'acme');
    mayu = await (await acme.add('mayu', { family: '森下', given: '真由' })).signIn();
    satsuki = await (await acme.add('satsuki', { family: '柳', given: 'さつき' })).signIn();
    aoi = await acme.add('aoi', { family: '青井' });
});
after(() => house.remove());

function run(kind, file, ...more) {
    const r = spawnSync(house.ctlProgram, ['--data', house.dir, '--json', 'import', kind, '--tenant', 'acme', ...more, file], { encoding: 'utf8' });
    return { status: r.status, said: r.stderr, json: r.status === 0 ? JSON.parse(r.stdout) : null };
}
function done(...args) {
    const r = run(...args);
    assert.equal(r.status, 0, r.said);
    return r.json;
}
const history = async (who, room) => (await who.get(`/rooms/${room}/messages?limit=100`)).json.messages.reverse();
const rooms = async (who) => (await who.get('/rooms')).json.rooms;
const roomCalled = (report, name) => report.rooms.find((r) => r.channel === name);

/** A zip archive, deflated, names in UTF-8 and marked so. `entries`: [name, bytes]. */
function zip(entries) {
    const parts = [], central = [];
    let at = 0;
    for (const [name, body] of entries) {
        const n = Buffer.from(name), raw = Buffer.from(body), packed = zlib.deflateRawSync(raw);
        const head = Buffer.alloc(26);
        head.writeUInt16LE(20, 0);
        head.writeUInt16LE(0x0800, 2);
        head.writeUInt16LE(8, 4);
        head.writeUInt32LE(zlib.crc32 ? zlib.crc32(raw) : crc32(raw), 10);
        head.writeUInt32LE(packed.length, 14);
        head.writeUInt32LE(raw.length, 18);
        head.writeUInt16LE(n.length, 22);
        const local = Buffer.concat([Buffer.from('PK\x03\x04'), head, n, packed]);
        const rest = Buffer.alloc(14);
        rest.writeUInt32LE((0o100644 << 16) >>> 0, 6);
        rest.writeUInt32LE(at, 10);
        central.push(Buffer.concat([Buffer.from('PK\x01\x02'), Buffer.from([20, 3]), head, rest, n]));
        parts.push(local);
        at += local.length;
    }
    const all = Buffer.concat(central), end = Buffer.alloc(22);
    end.write('PK\x05\x06', 0, 'latin1');
    end.writeUInt16LE(entries.length, 8);
    end.writeUInt16LE(entries.length, 10);
    end.writeUInt32LE(all.length, 12);
    end.writeUInt32LE(at, 16);
    return Buffer.concat([...parts, all, end]);
}
function crc32(bytes) {
    let c = ~0;
    for (const b of bytes) {
        c ^= b;
        for (let k = 0; k < 8; k++) c = (c >>> 1) ^ (c & 1 ? 0xedb88320 : 0);
    }
    return ~c >>> 0;
}
function write(name, bytes) {
    const file = path.join(house.dir, name);
    fs.writeFileSync(file, bytes);
    return file;
}

const users = [
    { id: 'U1', name: 'm.morishita', profile: { real_name: 'Mayu', email: 'mayu@acme' } },
    { id: 'U2', name: 'satsuki', profile: { display_name: 'さっちゃん', email: 'other@acme.example' } },
    { id: 'U4', name: 'aoi', is_bot: true, profile: { real_name: '青井', email: 'aoi@acme' } },
    { id: 'U3', name: 'gone', deleted: true, profile: { real_name: '小早川 恵' } },
];
const says = (user, ts, text, more = {}) => ({ type: 'message', user, ts, text, ...more });
const export_ = (day2) => zip([
    ['大船店/2026-11-19.json', JSON.stringify(day2)],
    ['大船店/2026-11-18.json', JSON.stringify([
        says('U2', '1763413320.000100', '<@U1> *了解* &amp; <https://a.example|資料>', { thread_ts: '1763413260.000200' }),
        says('U1', '1763413260.000200', '冷蔵庫2番、7℃です', { thread_ts: '1763413260.000200', reactions: [{ name: 'ok', users: ['U2'], count: 1 }] }),
        says('U2', '1763413250.000000', '<@U2> has joined the channel', { subtype: 'channel_join' }),
        { type: 'message', subtype: 'bot_message', username: '森下 真由', bot_id: 'B1', ts: '1763413370.000000', text: '私です' },
        says('U3', '1763413380.000000', '', { files: [{ name: '表.xlsx' }] }),
        'これは何',
    ])],
    ['empty/2026-11-18.json', '[]'],
    ['../../../tmp/evil.json', '[]'],
    ['strangers/2026-11-18.json', JSON.stringify([says('U3', '1763413380.000000', '誰もいない')])],
    ['channels.json', JSON.stringify([{ id: 'C1', name: '大船店', members: ['U1', 'U3'] }, { id: 'C2', name: 'empty', members: ['U1'] }, { id: 'C3', name: 'strangers', members: [] }])],
    ['users.json', JSON.stringify(users)],
]);

test('a Slack export becomes a room a channel, with times, authors, answers and a report; a second time adds nothing', async () => {
    const file = write('slack.zip', export_([says('U1', '1763500000.000000', '翌日')]));
    const before = (await rooms(mayu)).length;
    const dry = done('slack', file, '--dry-run');
    assert.equal(dry.dry_run, true);
    assert.equal(dry.messages, 6);
    assert.equal(roomCalled(dry, '大船店').members, 2);
    const plain = spawnSync(house.ctlProgram, ['--data', house.dir, 'import', 'slack', '--tenant', 'acme', file, '--dry-run'], { encoding: 'utf8' }).stdout;
    assert.match(plain, /^dry_run +yes$/m, 'the same for a person');
    assert.match(plain, /^threads_flattened +\d+$/m, 'a blank stands behind the longest name too');
    assert.equal((await rooms(mayu)).length, before, 'a dry run makes no room');

    const first = done('slack', file);
    const { room } = roomCalled(first, '大船店');
    assert.deepEqual([first.added, first.already_there], [5, 0]);
    assert.deepEqual([first.system_lines, first.files, first.reactions, first.unknown_lines, first.rooms_without_members], [1, 1, 1, 1, 1]);
    assert.deepEqual(first.not_members, ['青井', '小早川 恵']);
    assert.equal((await rooms(mayu)).find((r) => r.id === room).name, '大船店');
    assert.equal((await rooms(mayu)).length, before + 1, 'nothing was said in the other, and nobody is in the third');
    const messages = await history(satsuki, room);
    assert.deepEqual(messages.map((m) => m.text), ['冷蔵庫2番、7℃です', '@Mayu *了解* & https://a.example (資料)', '私です', '[ファイル] 表.xlsx', '翌日']);
    assert.deepEqual(messages.map((m) => m.author), [mayu.id, satsuki.id, '0', '0', mayu.id],
        'by mail address, by login; a program is no member, whatever it calls itself; nobody');
    assert.equal(messages[3].author_name, '小早川 恵');
    assert.equal(messages[0].sent, '2025-11-17T21:01:00.000Z');
    assert.equal(messages[1].reply?.seq ?? messages[1].reply, 1);

    const second = done('slack', file);
    assert.deepEqual([second.added, second.already_there], [0, 5]);
    assert.equal(roomCalled(second, '大船店').room, room);
    assert.equal((await rooms(mayu)).length, before + 1);
    assert.deepEqual(await history(satsuki, room), messages);
});

test('a later export with a changed text and a sender who is known by now adds only what is new', async () => {
    const { room } = roomCalled(done('slack', write('one.zip', export_([says('U1', '1763500000.000000', '翌日')]))), '大船店');
    const names = write('names.txt', '小早川 恵 = aoi\n');
    const again = done('slack', write('two.zip', export_([says('U1', '1763500000.000000', '翌日、直した'), says('U3', '1763500001.000000', '新しい')])), '--names', names);
    assert.deepEqual([again.added, roomCalled(again, '大船店').already_there], [again.rooms.find((r) => r.channel === 'strangers').added + 1, 5]);
    assert.equal((await history(mayu, room)).at(-1).author, aoi.id);
    assert.equal((await history(mayu, room)).at(-1).text, '新しい');
});

test('a Mattermost export becomes rooms too, one of them chosen by its name and put into a room that is there', async () => {
    const lines = [
        { type: 'version', version: 1 },
        { type: 'channel', channel: { team: 'acme', name: 'kamakura', display_name: '鎌倉店', type: 'O' } },
        { type: 'channel', channel: { team: 'acme', name: 'office', display_name: '本部', type: 'P' } },
        { type: 'user', user: { username: 'mayu', email: 'm@else.example', teams: [{ name: 'acme', channels: [{ name: 'kamakura' }] }] } },
        { type: 'user', user: { username: 'sy', email: 'SATSUKI@ACME', teams: [{ name: 'acme', channels: [{ name: 'kamakura' }] }] } },
        { type: 'post', post: { team: 'acme', channel: 'kamakura', user: 'mayu', message: '**明日** 休みます', create_at: 1763413260000, edit_at: 1763413261000,
            replies: [{ user: 'sy', message: 'はい', create_at: 1763413270000 }] } },
        { type: 'post', post: { team: 'acme', channel: 'office', user: 'sy', message: '会議', create_at: 1763413260000 } },
        { type: 'direct_post', direct_post: { channel_members: ['mayu', 'sy'], user: 'sy', message: '二人だけ', create_at: 1763413290000 } },
    ];
    const file = write('mattermost.jsonl', lines.map((l) => JSON.stringify(l)).join('\n') + '\nnot json\n');
    assert.equal(done('mattermost', file, '--dry-run').messages, 4);
    const into = await acme.room('本部の話', mayu, satsuki);
    assert.equal(done('mattermost', file, '--channel', '本部', '--room', into).added, 1);
    assert.deepEqual((await history(mayu, into)).map((m) => m.text), ['会議']);
    assert.equal(done('mattermost', file, '--channel', '本部', '--room', into).added, 0);

    const first = done('mattermost', file);
    const { room } = roomCalled(first, '鎌倉店');
    assert.deepEqual([first.added, first.edits, first.unknown_lines], [4, 1, 1]);
    const messages = await history(satsuki, room);
    assert.deepEqual(messages.map((m) => [m.text, m.author]), [['*明日* 休みます', mayu.id], ['はい', satsuki.id]]);
    assert.equal(messages[1].reply?.seq ?? messages[1].reply, 1);
    const second = done('mattermost', file);
    assert.deepEqual([second.added, second.already_there], [0, 4]);
});

test('a Mattermost archive is read as its list alone is; a post edited since then comes no second time', async () => {
    const lines = (text, more = []) => [
        { type: 'version', version: 1 },
        { type: 'channel', channel: { team: 'acme', name: 'fujisawa', display_name: '藤沢店', type: 'O' } },
        { type: 'user', user: { username: 'mayu', teams: [{ name: 'acme', channels: [{ name: 'fujisawa' }] }] } },
        { type: 'user', user: { username: 'satsuki', teams: [{ name: 'acme', channels: [{ name: 'fujisawa' }] }] } },
        { type: 'post', post: { team: 'acme', channel: 'fujisawa', user: 'mayu', message: text, create_at: 1763413260000,
            replies: [{ user: 'satsuki', message: `${text}?`, create_at: 1763413270000, attachments: [{ path: '20251117/teams/表.xlsx' }] }] } },
        ...more,
    ].map((l) => JSON.stringify(l)).join('\n');
    const archive = (name, text, more) => write(name, zip([
        ['data/20251117/teams/表.xlsx', 'bytes'], ['data/notes.jsonl', '{"type":"version","version":1}'], ['../../../tmp/evil.txt', 'x'],
        ['import.jsonl', lines(text, more)],
    ]));
    const first = done('mattermost', archive('mm.zip', '七時に開けます'));
    const { room } = roomCalled(first, '藤沢店');
    assert.deepEqual([first.added, first.files, first.unknown_lines], [2, 1, 0]);
    const before = await history(satsuki, room);
    assert.deepEqual(before.map((m) => [m.text, m.author]), [['七時に開けます', mayu.id], ['七時に開けます?\n[ファイル] 表.xlsx', satsuki.id]]);
    const late = { type: 'post', post: { team: 'acme', channel: 'fujisawa', user: 'mayu', message: '新しい', create_at: 1763413280000 } };
    const again = done('mattermost', archive('mm2.zip', '七時半に開けます', [late]));
    assert.deepEqual([again.added, again.already_there], [1, 2]);
    assert.deepEqual((await history(satsuki, room)).map((m) => m.text), [...before.map((m) => m.text), '新しい']);
    const alone = done('mattermost', write('mm.jsonl', lines('八時に開けます', [late])));
    assert.deepEqual([alone.added, alone.already_there], [0, 3], 'the list alone is the same export');
});

test('what is no export, names no channel or asks for one room of many is refused and says why', async () => {
    const file = write('again.zip', export_([]));
    assert.equal(run('slack', write('text.zip', 'no zip')).status, 4);
    assert.equal(run('slack', path.join(house.dir, 'absent.zip')).status, 4);
    assert.match(run('slack', write('other.zip', zip([['a.json', '{}']]))).said, /users\.json/);
    assert.match(run('slack', write('cut.zip', export_([]).subarray(0, 300))).said, /damaged|no zip|users\.json/);
    assert.match(run('mattermost', write('x.jsonl', '{"type":"post"}\n')).said, /Mattermost/);
    assert.match(run('mattermost', file).said, /0 \.jsonl files/);
    const list = '{"type":"version","version":1}';
    assert.match(run('mattermost', write('two.zip', zip([['a.jsonl', list], ['b.jsonl', list]]))).said, /2 \.jsonl files/);
    assert.match(run('mattermost', write('under.zip', zip([['data/a.jsonl', list]]))).said, /0 \.jsonl files/);
    assert.equal(run('mattermost', write('torn.zip', zip([['a.jsonl', list]]).subarray(0, 40))).status, 4);
    assert.match(run('mattermost', write('none.zip', zip([['a.jsonl', '{}']]))).said, /no bulk export of Mattermost/);
    assert.equal(run('slack', file, '--channel', 'nowhere').status, 2);
    assert.equal(run('slack', file, '--room', '5').status, 2);
    assert.equal(run('slack', file, '--room', '12345', '--channel', '大船店').status, 1, 'no such room');
    const bomb = zip([['users.json', JSON.stringify(users)], ['channels.json', '[]'], ['general/2026-11-18.json', Buffer.alloc(65 * 1024 * 1024, 0x20)]]);
    const r = run('slack', write('bomb.zip', bomb));
    assert.equal(r.status, 4);
    assert.match(r.said, /more than can be read/);
    assert.ok(bomb.length < 1024 * 1024);
});

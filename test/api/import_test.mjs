// engawactl import line: a saved history becomes a real conversation, once.
import { execFileSync, spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { House, ROOT } from '../lib/house.mjs';
import { openTenant } from '../lib/people.mjs';
import { after, assert, before, test } from '../lib/test.mjs';

let house, acme, mayu, room;

before(async () => {
    house = await House.start();
    acme = await openTenant(house, 'acme');
    mayu = await acme.add('mayu', { family: '森下', given: '真由' });
    await mayu.signIn();
    room = (await house.op('room.add', { name: '大船店', members: [mayu.id] }, 'acme')).id;
});
after(() => house.remove());

const importing = (file, ...more) =>
    JSON.parse(execFileSync(house.ctlProgram, ['--data', house.dir, '--json', 'import', 'line', '--tenant', 'acme', '--room', room, ...more, file], { encoding: 'utf8' }));
const history = async () => (await mayu.get(`/rooms/${room}/messages?limit=100`)).json.messages.reverse();
const ofuna = path.join(ROOT, 'test/demo/ofuna.txt');

test('a dry run changes nothing; an import keeps times, texts and known authors; a second one adds nothing', async () => {
    importing(ofuna, '--dry-run');
    assert.equal((await history()).length, 0);
    const first = importing(ofuna);
    const messages = await history();
    assert.equal(messages.length, 23);
    assert.equal(first.added, 23);
    assert.equal(messages[0].text, 'おはようございます。冷蔵庫2番、表示が7℃です。昨日より高いので様子を見てもらえますか。');
    assert.equal(messages[0].sent, '2026-11-22T21:58:00.000Z', 'the file says 6:58 in Japan');
    assert.equal(messages[0].author, '0');
    assert.equal(messages[0].author_name, '柳 さつき');
    assert.equal(messages[2].author, mayu.id, 'a member of that very name is the author');
    assert.equal(messages[2].author_name, '');
    assert.equal(messages[14].text, '本日の日報です。来店184名、売上は前週比103%。\nカレーパンは16時に完売、明日は10個増やします。');
    messages.forEach((m, i) => assert.equal(m.seq, i + 1));
    const second = importing(ofuna);
    assert.equal(second.added, 0);
    assert.equal((await history()).length, 23);
});

test('the names file decides who somebody is, and a file that is none is refused', async () => {
    const other = (await house.op('room.add', { name: '二つ目', members: [mayu.id] }, 'acme')).id;
    const names = path.join(house.dir, 'names.txt');
    fs.writeFileSync(names, '柳 さつき = mayu\n');
    execFileSync(house.ctlProgram, ['--data', house.dir, 'import', 'line', '--tenant', 'acme', '--room', other, '--names', names, ofuna]);
    const first = (await mayu.get(`/rooms/${other}/messages?limit=100`)).json.messages.at(-1);
    assert.equal(first.author, mayu.id);
    const missing = spawnSync(house.ctlProgram, ['--data', house.dir, 'import', 'line', '--tenant', 'acme', '--room', other, path.join(house.dir, 'no-such-file.txt')]);
    assert.notEqual(missing.status, 0);
    const nowhere = spawnSync(house.ctlProgram, ['--data', house.dir, 'import', 'line', '--tenant', 'acme', '--room', '12345', ofuna]);
    assert.equal(nowhere.status, 1);
});

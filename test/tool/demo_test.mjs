// The text of the demo company: the checker finds what is planted, days and dates are reckoned from any day, nobody repeats.
import { test, assert } from '../lib/test.mjs';
import { folder, run } from '../lib/sandbox.mjs';
import { join } from 'node:path';
import { dayNumber, dayOf, readDemo, repeated } from '../../tool/demo_text.mjs';

const NOW = Date.parse('2026-11-26T12:00:00+09:00');       // a Thursday
const head = 'トーク: 試し\n種類: 数人\nメンバー: morishita yanagi ise\n';

function read(t, body, now = NOW, first = head) {
    const dir = folder(t, { 'one.txt': first + body });
    const { rooms, faults } = readDemo(now, [join(dir, 'one.txt')]);
    return { room: rooms[0], faults, said: rooms[0].messages };
}
const faultOf = (t, body, first) => read(t, body, NOW, first).faults.join('\n');

test('what is committed has no fault', () => {
    const r = run('tool/demo', ['check']);
    assert.equal(r.status, 0, r.out + (r.err ?? ''));
    assert.deepEqual(repeated(readDemo().rooms), []);
});

test('weekdays stay weekdays and times ascend, whatever day it is', (t) => {
    for (let n = 0; n < 7; n++) {
        const now = NOW + n * 86400000, today = dayNumber(now);
        assert.equal(new Date((today + dayOf('2日', today)) * 86400000).getUTCDay(), 0);
        assert.equal(new Date((today + dayOf('27月', today)) * 86400000).getUTCDay(), 1);
        assert.ok(dayOf('2日', today) < -7);
        const { said, faults } = read(t, '== 3月\n7:00 yanagi 一\n7:00 morishita 二\n  19:30 yanagi 中\n8:00 yanagi 三\n== 2日\n6:00 ise 四\n== -1\n6:00 ise 五\n', now);
        assert.deepEqual(faults, []);
        assert.deepEqual(said.map((m) => m.text), ['一', '二', '三', '中', '四', '五']);
        assert.ok(said.every((m, i) => i === 0 || m.at > said[i - 1].at));
    }
});

test('whoever spoke has read what stands above', (t) => {
    const { room } = read(t, '== -1\n7:00 morishita 一\n7:01 yanagi 二\n7:02 morishita 三\n', NOW, `${head}未読: yanagi 3, ise 2, morishita 2\n`);
    assert.deepEqual(room.unread, { yanagi: 1, ise: 2, morishita: 0 });
    for (const r of readDemo().rooms)
        for (const [l, n] of Object.entries(r.unread))
            assert.ok(n === 0 || r.messages.slice(-n).every((m) => m.who !== l), `${l} in ${r.id}`);
});

test('what is later than now is left out, with what answers it', (t) => {
    const { said } = read(t, '== 0\n11:59 yanagi いま\n  12:30 morishita あとで\n12:01 ise まだ\n');
    assert.deepEqual(said.map((m) => m.text), ['いま']);
});

test('dates, names, replies, threads, polls, stamps, reactions and pins are understood', (t) => {
    const { said, faults } = read(t, `== -1
7:00 morishita 重要: {+9}、{+9/}、{+9曜}。@yanagi と@全員 へ
  | 二行目
  + 👍 yanagi ise
  ^ yanagi
7:05 yanagi ↪ はい
7:10 ise 〔了解です〕
7:20 yanagi 投票複数: どれ? / 一 / 二
  = 1 morishita ise
  = 2 ise
  = 締切
  +1 6:00 ise 遅れて
    + ❤ morishita
`);
    assert.deepEqual(faults, []);
    assert.equal(said[0].text, '12月4日(金)、12/4、金曜。@柳 さつき と@全員 へ\n二行目');
    assert.ok(said[0].important);
    assert.deepEqual(said[0].reactions, [{ mark: '👍', who: ['yanagi', 'ise'] }]);
    assert.equal(said[0].pin, 'yanagi');
    assert.equal(said[1].reply, said[0]);
    assert.equal(said[2].stamp, 'ryokai');
    assert.deepEqual(said[3].poll, { choices: ['一', '二'], many: true, closed: true });
    assert.deepEqual(said[3].votes, [{ choice: 0, who: ['morishita', 'ise'] }, { choice: 1, who: ['ise'] }]);
    assert.equal(said[4].root, said[3]);
    assert.equal(said[4].reactions[0].mark, '❤️');
    assert.deepEqual(said[0].names.map((n) => n.words), ['@柳 さつき', '@全員']);
});

test('each fault is found', (t) => {
    const faults = {
        '== -1\n7:00 kosaka はい\n': /kosaka is not in this room/,
        '== -1\n7:00 yanagi は\n6:59 ise い\n': /earlier/,
        '== -1\n7:00 yanagi は\n== -2\n7:00 yanagi い\n': /not after the day above/,
        '== 1月\n7:00 yanagi は\n': /no day/,
        '== 20月\n7:00 ise は\n': /ise is not there yet/,
        '== -1\n7:00 yanagi １つ\n': /full-width/,
        '== -1\n7:00 yanagi ｶﾚｰ\n': /full-width/,
        '== -1\n7:00 yanagi は い \n': /two spaces/,
        '== -1\n7:00 yanagi 03-1234-5678です\n': /phone/,
        '== -1\n7:00 yanagi 〔なにか〕\n': /no stamp/,
        '== -1\n7:00 yanagi は\n  + 🦊 ise\n': /no mark/,
        '== -1\n7:00 yanagi は\n  = 1 ise\n': /no poll/,
        '== -1\n7:00 yanagi 投票: どれ / 一 / 二\n  = 1 ise\n  = 2 ise\n': /twice/,
        '== -1\n7:00 yanagi ↪6:00 は\n': /answers nothing/,
        '== -1\n7:00 yanagi @kosaka は\n': /@kosaka is not in this room/,
        '== -1\n25:00 yanagi は\n': /no time/,
        'は\n': /before the first day/,
    };
    for (const [body, found] of Object.entries(faults))
        assert.match(faultOf(t, body), found, body);
    assert.match(faultOf(t, `== -1\n7:00 yanagi ${'あ'.repeat(201)}\n`), /longer than 200/);
    assert.match(faultOf(t, '== -1\n7:00 yanagi は\n', 'トーク: 試し\n種類: 部署\n'), /no unit/);
});

test('a text may stand five times and not six', (t) => {
    const lines = (n) => `== -1\n${Array.from({ length: n }, (_, i) => `7:0${i} yanagi はい\n`).join('')}`;
    assert.deepEqual(repeated([read(t, lines(5)).room]), []);
    assert.equal(repeated([read(t, lines(6)).room]).length, 1);
});

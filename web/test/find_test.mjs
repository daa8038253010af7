// What is looked for, in the address and as the server takes it.
import './browser.mjs';
import { assert, test } from '../../test/lib/test.mjs';
import { askable, filtered, findText, NOTHING, parseFind, questionOf, usualDays } from '../src/talk/find.ts';

test('what is looked for comes back from the address as it went; what is no filter is none', () => {
  const find = { q: '冷蔵庫 2番', who: '12', room: '7', from: '2026-11-20', to: '2026-11-26' };
  assert.deepEqual(parseFind(findText(find)), find);
  assert.equal(findText(NOTHING), '');
  assert.deepEqual(parseFind('?who=me&in=-1&from=2026-13-40&to=yesterday&q=x&else=1'), { ...NOTHING, q: 'x' });
  assert.deepEqual(parseFind('?who=0'), NOTHING);
});

test('the server is asked with what is set, the days in their order; days alone are no question', () => {
  assert.deepEqual(questionOf({ q: '  ', who: '12', room: '', from: '2026-11-26', to: '2026-11-20' }), { sender: '12', from: '2026-11-20', to: '2026-11-26' });
  assert.deepEqual(questionOf({ ...NOTHING, q: ' 冷蔵庫 ' }), { q: '冷蔵庫' });
  assert.ok(!askable({ ...NOTHING, q: ' ', from: '2026-11-20' }) && filtered({ ...NOTHING, from: '2026-11-20' }));
  assert.ok(askable({ ...NOTHING, room: '7' }) && !filtered({ ...NOTHING, q: 'x' }));
});

test('today, the last seven days and the last thirty, across a month', () => {
  assert.deepEqual(usualDays(new Date(2026, 2, 3, 23, 59)).map((d) => `${d.from} ${d.to}`), ['2026-03-03 2026-03-03', '2026-02-25 2026-03-03', '2026-02-02 2026-03-03']);
});

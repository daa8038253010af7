// Which messages are heard, and when it is quiet.
import './browser.mjs';
import { assert, test } from '../../test/lib/test.mjs';
import { keywordsOf } from '../src/talk/keywords.ts';
import { isHeard, isQuiet } from '../src/talk/notices.ts';

const at = (clock) => new Date(`2026-11-26T${clock}:00`);
const quiet = (quietFrom, quietUntil) => (clock) => isQuiet({ quiet: true, quietFrom, quietUntil }, at(clock));

test('quiet hours go over midnight, end to the minute, and are none when they are not used', () => {
  const night = quiet('22:00', '07:00');
  assert.deepEqual(['21:59', '22:00', '23:30', '00:00', '06:59', '07:00', '12:00'].map(night), [false, true, true, true, true, false, false]);
  const noon = quiet('12:00', '13:00');
  assert.deepEqual(['11:59', '12:00', '12:59', '13:00', '00:00'].map(noon), [false, true, true, false, false]);
  assert.equal(quiet('09:00', '09:00')('09:00'), false);
  assert.equal(isQuiet({ quiet: false, quietFrom: '00:00', quietUntil: '23:59' }, at('12:00')), false);
});

test('a muted talk is heard when it names the person or holds one of its words; what is in front makes no sound', () => {
  const plain = { content: null }, me = { content: { mentions: [{ kind: 'member', id: '1' }] } };
  const all = { content: { mentions: [{ kind: 'all' }] } }, other = { content: { mentions: [{ kind: 'member', id: '2' }] } };
  assert.deepEqual([plain, me, all, other].map((m) => isHeard(m, { muted: true }, '1', false, [])), [false, true, true, false]);
  assert.deepEqual([plain, me].map((m) => isHeard(m, { muted: false }, '1', false, [])), [true, true]);
  assert.deepEqual([plain, me].map((m) => isHeard(m, { muted: false }, '1', true, [])), [false, false]);
  const words = keywordsOf(['\u767a\u6ce8']), said = { author: '2', kind: 'text', text: '\u767a\u6ce8\u3057\u307e\u3057\u305f', content: null };
  assert.deepEqual([said, { ...said, author: '1' }, { ...said, text: '\u8fd4\u54c1' }].map((m) => isHeard(m, { muted: true }, '1', false, words)), [true, false, false]);
  assert.equal(isHeard(said, { muted: true }, '1', true, words), false);
});

// Who is named in a text, in code points; what is typed after @; a changed text keeps those whose words still stand.
import { assert, test } from '../../test/lib/test.mjs';
import { askedName, mentionPieces, mentionsIn, mentionsKept } from '../src/talk/mention.ts';

const people = [{ kind: 'member', id: '1', name: '森下 真由' }, { kind: 'member', id: '2', name: '森下' }, { kind: 'all', id: '', name: '全員' }];

test('names are found by the longest, counted in code points', () => {
  assert.deepEqual(mentionsIn('😀@森下 真由 @森下 ＠全員 @だれか', people), [
    { kind: 'member', id: '1', at: 1, length: 6 }, { kind: 'member', id: '2', at: 8, length: 3 }, { kind: 'all', at: 12, length: 3 },
  ]);
  assert.deepEqual(mentionsIn('森下 真由', people), []);
  assert.equal(mentionsIn('@森下 '.repeat(60), people).length, 50);
});

test('a unit is named by its name, and stays named while its words stand', () => {
  const named = mentionsIn('@売場 と @森下', [...people, { kind: 'unit', id: '7', name: '売場' }]);
  assert.deepEqual(named, [{ kind: 'unit', id: '7', at: 0, length: 3 }, { kind: 'member', id: '2', at: 6, length: 3 }]);
  assert.deepEqual(mentionsKept({ text: '@売場 9時', content: { mentions: [{ kind: 'unit', id: '7', at: 0, length: 3 }] } }, '明日 @売場'), [{ kind: 'unit', id: '7', at: 3, length: 3 }]);
});

test('a text is cut at its mentions; ranges that do not fit are passed over', () => {
  const text = '😀@森下 さん';
  assert.deepEqual(mentionPieces(text, [{ id: '2', at: 1, length: 3 }]).map((p) => [p.text, p.named]), [['😀', false], ['@森下', true], [' さん', false]]);
  assert.deepEqual(mentionPieces(text, [{ at: 5, length: 99 }]).map((p) => p.text), [text]);
});

test('a name is asked for after a blank or at the start, also full-width and under composition', () => {
  assert.deepEqual(askedName('@もり', 3), { from: 0, query: 'もり' });
  assert.deepEqual(askedName('ねえ ＠', 4), { from: 3, query: '' });
  assert.equal(askedName('a@b', 3), null);
  assert.equal(askedName('@もり です', 6), null);
});

test('who is still named after a change', () => {
  const message = { text: '@森下 真由 9時', content: { mentions: [{ kind: 'member', id: '1', at: 0, length: 6 }] } };
  assert.deepEqual(mentionsKept(message, 'では @森下 真由 10時'), [{ kind: 'member', id: '1', at: 3, length: 6 }]);
  assert.deepEqual(mentionsKept(message, '10時'), []);
});

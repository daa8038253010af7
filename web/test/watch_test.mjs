// Screens beside the log hear of the messages of their room, and that they must ask anew.
import './browser.mjs';
import { assert, test } from '../../test/lib/test.mjs';
import { Watches } from '../src/talk/watch.ts';

test('who watches a room hears of its messages alone, until it stops; what was missed is told to all', () => {
  const watches = new Watches();
  const heard = [];
  const stop = watches.add('1', (seq, m) => heard.push(['1', seq, m]));
  watches.add('2', (seq, m) => heard.push(['2', seq, m]));
  watches.tell('1', 5, null);
  watches.tellAll();
  stop();
  watches.tell('1', 6, null);
  watches.tell('2', 7, null);
  assert.deepEqual(heard, [['1', 5, null], ['1', 0, null], ['2', 0, null], ['2', 7, null]]);
});

// What Enter means while an input method composes, by setting and by keyboard.
import './browser.mjs';
import { assert, test } from '../../test/lib/test.mjs';
import { Composition, decideEnter } from '../src/base/ime.ts';

const enter = (more = {}) => ({ key: 'Enter', keyCode: 13, ...more });

test('Enter never sends while something composes', () => {
  for (const mode of ['enter', 'mod-enter']) {
    for (const mods of [{}, { ctrlKey: true }, { metaKey: true }, { shiftKey: true }]) {
      assert.equal(decideEnter(enter({ isComposing: true, ...mods }), false, mode, false), 'text');
      assert.equal(decideEnter(enter({ keyCode: 229, ...mods }), false, mode, false), 'text');
      assert.equal(decideEnter(enter(mods), true, mode, false), 'text');
    }
  }
});

test('otherwise the setting and the keyboard decide', () => {
  const table = [
    [{}, 'enter', false, 'send'], [{ shiftKey: true }, 'enter', false, 'text'], [{ ctrlKey: true }, 'enter', false, 'send'],
    [{ altKey: true }, 'enter', false, 'text'], [{}, 'mod-enter', false, 'text'], [{ ctrlKey: true }, 'mod-enter', false, 'send'],
    [{ metaKey: true }, 'mod-enter', false, 'send'], [{}, 'enter', true, 'text'], [{}, 'mod-enter', true, 'text'],
  ];
  for (const [mods, mode, touch, want] of table) {
    assert.equal(decideEnter(enter(mods), false, mode, touch), want, JSON.stringify([mods, mode, touch]));
  }
  assert.equal(decideEnter({ key: 'a', keyCode: 65 }, false, 'enter', false), 'text');
});

test('a composition ends one task after compositionend, as Safari needs', async () => {
  const c = new Composition();
  c.start();
  assert.equal(c.composing, true);
  c.end();
  assert.equal(c.composing, true, 'the Enter that follows in the same task still composes');
  await new Promise((done) => setTimeout(done, 1));
  assert.equal(c.composing, false);
  c.start();
  c.end();
  c.start();
  await new Promise((done) => setTimeout(done, 1));
  assert.equal(c.composing, true, 'a new composition is not ended by the old one');
});

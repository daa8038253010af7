// Dialogs over dialogs: whose Escape it is, where the focus goes back to, and what counts as begun.
import './browser.mjs';
import { assert, test } from '../../test/lib/test.mjs';
import { isComposingNow } from '../src/base/ime.ts';
import { Began, Layers, wayBack } from '../src/base/layers.ts';
import { isRefusal } from '../src/base/states.tsx';
import { ApiError } from '../src/base/api.ts';

const body = {};
document.body = body;
document.activeElement = body;
const element = (parentElement = body, more = {}) => {
  const e = { parentElement, isConnected: true, takes: true, focused: 0, ...more };
  e.focus = () => {
    e.focused += 1;
    if (e.takes && e.isConnected) document.activeElement = e;
  };
  e.contains = (x) => {
    for (let at = x; at; at = at.parentElement) if (at === e) return true;
    return false;
  };
  return e;
};
const key = (name, more = {}) => Object.assign(new Event('keydown', { cancelable: true }), { key: name, ...more });

test('Escape outside of all dialogs is the top one\'s, once; not while composing, and not if somebody had it', () => {
  const layers = new Layers();
  const closed = [];
  const [a, b] = ['a', 'b'].map((n) => ({ content: null, back: [], close: () => closed.push(n) }));
  layers.add(a);
  layers.add(b);
  window.dispatchEvent(key('Enter'));
  window.dispatchEvent(key('Escape', { isComposing: true }));
  window.dispatchEvent(key('Escape', { keyCode: 229 }));
  const had = key('Escape');
  had.preventDefault();
  window.dispatchEvent(had);
  assert.deepEqual(closed, []);
  window.dispatchEvent(key('Escape'));
  assert.deepEqual(closed, ['b']);
  layers.remove(b);
  window.dispatchEvent(key('Escape'));
  assert.deepEqual(closed, ['b', 'a']);
  layers.remove(a);
  window.dispatchEvent(key('Escape'));
  assert.equal(closed.length, 2, 'nobody listens any more');
});

test('Safari ends the composition before the key that ended it: that key is no Escape yet', async () => {
  document.dispatchEvent(new Event('compositionstart'));
  assert.ok(isComposingNow(key('Escape')));
  document.dispatchEvent(new Event('compositionend'));
  assert.ok(isComposingNow(key('Escape')), 'the same task');
  await new Promise((r) => { setTimeout(r, 0); });
  assert.ok(!isComposingNow(key('Escape')));
});

test('the focus goes back to the opener, or to what is left about it; never away from who has it', () => {
  const layers = new Layers();
  const row = element();
  const opener = element(row);
  const layer = { content: element(), back: wayBack(opener, undefined), close: () => undefined };
  document.activeElement = body;
  layers.giveBack(layer);
  assert.equal(document.activeElement, opener);
  opener.isConnected = false;
  document.activeElement = body;
  layers.giveBack(layer);
  assert.equal(document.activeElement, row, 'the opener is gone');
  const composer = element();
  document.activeElement = composer;
  layers.giveBack(layer);
  assert.equal(document.activeElement, composer, 'taken meanwhile');
});

test('a dialog that was opened from one that is gone goes back to where that one would', () => {
  const opener = element();
  const below = { content: element(), back: wayBack(opener, undefined), close: () => undefined };
  const inside = element(below.content);
  const top = { content: element(), back: wayBack(inside, below), close: () => undefined };
  [inside, below.content].forEach((e) => { e.isConnected = false; });
  document.activeElement = body;
  new Layers().giveBack(top);
  assert.equal(document.activeElement, opener);
  assert.deepEqual(wayBack(body, below), below.back, 'the focus was lost already');
  assert.deepEqual(wayBack(element(), below).length, 1, 'a layer that lies elsewhere has nothing to do with it');
});

test('begun is a text field that was entered and holds something else now', () => {
  const field = (type, value, tagName = 'INPUT') => ({ tagName, type, value, isConnected: true });
  const began = new Began();
  const [name, search, secret, note] = [field('text', '大船店'), field('search', ''), field('password', ''), field('textarea', '', 'TEXTAREA')];
  [name, search, secret, note, { tagName: 'BUTTON' }].forEach((f) => began.entered(f));
  assert.ok(!began.something());
  search.value = 'もり';
  secret.value = 'ひみつ';
  note.value = '  ';
  assert.ok(!began.something());
  note.value = '10時に';
  began.entered(note);
  assert.ok(began.something());
  note.isConnected = false;
  assert.ok(!began.something(), 'sent, or of another step');
  name.value = '';
  assert.ok(!began.something(), 'emptied: nothing to lose');
  name.value = '藤沢店';
  assert.ok(began.something());
});

test('a question that is asked again and fails takes nothing away, unless the server refuses it', () => {
  assert.ok(!isRefusal(null) && !isRefusal(new ApiError('offline', 0)) && !isRefusal(new ApiError('internal', 500)) && !isRefusal(new ApiError('too_many', 429)));
  assert.ok(isRefusal(new ApiError('not_found', 404)) && isRefusal(new ApiError('forbidden', 403)));
});

// Folders of the room list: what is in them, what waits there, how they change places; an answer that an event has
// overtaken says nothing.
import './browser.mjs';
import { Folders, folderOf, moved, unreadInFolder } from '../src/talk/folders.ts';
import { assert, test } from '../../test/lib/test.mjs';

const all = [{ id: '1', name: 'a' }, { id: '2', name: 'b' }, { id: '3', name: 'c' }];
const ids = (l) => l.map((f) => f.id).join('');

test('a folder changes places with its neighbour and nowhere else', () => {
  assert.equal(ids(moved(all, '2', -1)), '213');
  assert.equal(ids(moved(all, '2', 1)), '132');
  assert.equal(ids(moved(all, '1', -1)), '123');
  assert.equal(ids(moved(all, '3', 1)), '123');
  assert.equal(ids(all), '123');
});

test('what waits in a folder: of its rooms alone, and of none that is muted', () => {
  const room = (folder, unread, more = {}) => ({ folder, first_seq: 1, last_seq: unread, read_seq: 0, last: { author: 'x' }, ...more });
  const rooms = [room('1', 3), room('1', 4, { muted: true }), room('2', 5), room(undefined, 6), room('1', 2, { last: { author: 'me' } })];
  assert.equal(unreadInFolder(rooms, '1', 'me'), 3);
  assert.equal(unreadInFolder(rooms, '2', 'me'), 5);
  assert.equal(unreadInFolder(rooms, '3', 'me'), 0);
  assert.equal(folderOf(rooms[0], all)?.name, 'a');
  assert.equal(folderOf({ folder: '9' }, all), undefined, 'deleted elsewhere');
  assert.equal(folderOf(rooms[3], all), undefined);
});

test('an answer that an event has overtaken is not taken', async () => {
  const real = globalThis.fetch;
  let answer;
  globalThis.fetch = () => new Promise((done) => { answer = (folders) => done(new Response(JSON.stringify({ folders }))); });
  try {
    let known = null;
    const store = new Folders('1', (f) => { known = f; });
    const asked = store.load();
    answer(all);
    await asked;
    assert.equal(ids(known), '123');
    const adding = store.add('d');
    store.told({ folders: [all[2]] });
    answer(all);
    await adding;
    assert.equal(ids(known), '3');
  } finally {
    globalThis.fetch = real;
  }
});

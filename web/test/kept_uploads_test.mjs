// Files that wait to be sent, kept beyond the page: whole or not at all, in the hands of one page, for seven days, and gone when they are sent.
import './browser.mjs';
import { assert, test, until } from '../../test/lib/test.mjs';
import { KeptUploads } from '../src/talk/kept_uploads.ts';

const MIB = 1024 * 1024;
const DAY = 86_400_000;

/** A vault without its seals, and a browser of several pages: a name that is held by one is not given to another. */
function browser({ free = 1e12 } = {}) {
  const rows = new Map(), held = new Set(), b = { rows, held, now: 1_000_000, free, hold: null, full: false };
  const names = async (prefix) => [...rows.keys()].filter((n) => n.startsWith(prefix)).sort();
  const vault = {
    names,
    put: async (name, value) => void rows.set(name, structuredClone(value)),
    putBytes: async (name, bytes) => { if (name.endsWith('-1')) await b.hold; if (!b.full) rows.set(name, bytes.slice(0)); return !b.full; },
    bytes: async (name) => rows.get(name)?.slice(0),
    remove: async (name) => void rows.delete(name),
    all: async (prefix) => new Map((await names(prefix)).map((n) => [n.slice(prefix.length), structuredClone(rows.get(n))])),
  };
  b.page = () => new KeptUploads(vault, {
    now: () => b.now, free: async () => b.free,
    hold: async (name, ended) => {
      if (held.has(name)) return false;
      held.add(name);
      void ended.then(() => held.delete(name));
      return true;
    },
  });
  /** As a page that is closed: nothing runs any more, and what it held is free. */
  b.closed = () => held.clear();
  b.of = (prefix) => [...rows.keys()].filter((n) => n.startsWith(prefix));
  return b;
}

const file = (size, seed = 1) => new Blob([Uint8Array.from({ length: size }, (_, i) => i * seed)]);
const text = async (blob) => Buffer.from(await blob.arrayBuffer()).toString('hex');
const whole = (b, n = 1) => until(() => b.of('up-').length === n, `${n} whole`);

test('a page finds what another one left, byte for byte, in the order in which it was chosen', async () => {
  const b = browser(), first = b.page();
  const large = file(9 * MIB + 5, 7), small = file(3);
  const key = first.keep('7', '大.bin', large);
  first.keep('7/3', '小.bin', small);
  await whole(b, 2);
  await first.note(key, { id: '42', sha256: 'sum' });
  assert.deepEqual(await b.page().left(), [], 'another page has them in hand');
  b.closed();
  const second = b.page(), left = await second.left();
  assert.deepEqual(left.map(({ row: { place, name, size, id, sha256 } }) => [place, name, size, id, sha256]), [['7', '大.bin', 9 * MIB + 5, '42', 'sum'], ['7/3', '小.bin', 3, '', '']]);
  for (const [from, to] of [[0, 10], [4 * MIB - 3, 4 * MIB + 3], [MIB, 9 * MIB], [9 * MIB, 10 * MIB], [9 * MIB + 5, 9 * MIB + 9]])
    assert.equal(await text(await left[0].bytes.slice(from, to)), await text(large.slice(from, to)), `${from}-${to}`);
  assert.deepEqual(await b.page().left(), [], 'now the second one has');
  await second.forget(left[0].row.key);
  await second.forget(left[1].row.key);
  assert.equal(b.rows.size, 0);
  assert.equal(b.held.size, 0);
});

test('after seven days it is gone, and not before', async () => {
  const b = browser();
  b.page().keep('7', 'a', file(3));
  await whole(b);
  b.closed();
  b.now += 7 * DAY - 1;
  const page = b.page();
  assert.equal((await page.left()).length, 1);
  page.letGo();
  await until(() => b.held.size === 0, 'it is let go');
  b.now += 2;
  assert.deepEqual(await b.page().left(), []);
  assert.equal(b.rows.size, 0);
});

test('a file of which a part alone was kept is none, and its pieces go', async () => {
  const b = browser();
  let go;
  b.hold = new Promise((done) => { go = done; });
  const page = b.page();
  page.keep('7', 'a', file(9 * MIB));
  await until(() => b.of('upb-').length > 0, 'its first piece');
  assert.deepEqual(b.of('up-'), []);
  const other = b.page();
  assert.deepEqual(await other.left(), []);
  assert.ok(b.of('upb-').length > 0, 'the page is at work on it');
  b.closed();                                              // it never ends
  assert.deepEqual(await b.page().left(), []);
  assert.deepEqual(b.of('upb-'), []);
  page.letGo();
  go();
});

test('what is taken away while it is being written leaves nothing behind', async () => {
  const b = browser();
  let go;
  b.hold = new Promise((done) => { go = done; });
  const page = b.page(), key = page.keep('7', 'a', file(9 * MIB));
  await until(() => b.of('upb-').length === 1, 'its first piece');
  await page.forget(key);
  assert.deepEqual(b.of('up'), []);
  let late = 0;
  const { set } = b.rows;
  b.rows.set = (...row) => { late += 1; return set.apply(b.rows, row); };
  go();
  await until(() => late === 1, 'the piece under way to arrive');
  await until(() => b.rows.size === 0 && b.held.size === 0, 'nothing is left');
});

test('what is too large for the browser, or finds no room, is sent without being kept', async () => {
  for (const how of [{ free: 5 }, { full: true }]) {
    const b = Object.assign(browser(how), how), page = b.page();
    const key = page.keep('7', 'a', file(4));
    await page.note(key, { id: '1' });
    await until(async () => (await page.left()).length === 0 && b.held.size === 0, 'nothing is kept');
    assert.equal(b.rows.size, 0);
  }
});

// The gallery of a room: its months, what its things are called, and that client and server find the same addresses in a text.
import './browser.mjs';
import { assert, test } from '../../test/lib/test.mjs';
import { byMonth, hostOf, monthText, seenAtOnce, thingKey } from '../src/talk/gallery.ts';
import { linkPieces } from '../src/talk/rows.ts';

const photo = (seq, sent, type = 'image/png') => ({ message: `${seq}`, seq, author: '1', author_name: '', sent, file: { id: `9${seq}`, name: `${seq}.png`, type, size: 1 } });

test('months are those of Japan, newest first, whatever the zone of the machine', () => {
  const things = [photo(4, '2026-12-31T15:00:00.000Z'), photo(3, '2026-12-31T14:59:59.999Z'), photo(2, '2026-11-30T15:00:00Z'), photo(1, '2026-11-30T14:59:59Z')];
  assert.deepEqual(byMonth(things).map((m) => [m.month, m.things.map((x) => x.seq)]), [['2027-01', [4]], ['2026-12', [3, 2]], ['2026-11', [1]]]);
  assert.deepEqual(byMonth([]), []);
  const imported = byMonth([photo(3, '2026-11-02T00:00:00Z'), photo(2, '2025-01-02T00:00:00Z'), photo(1, '2026-11-01T00:00:00Z')]);
  assert.deepEqual(imported.map((m) => m.month), ['2026-11', '2025-01', '2026-11']);
  assert.equal(new Set(imported.map((m) => m.key)).size, 3, 'a month that comes again is another place');
  assert.deepEqual(['ja', 'en'].map((lang) => monthText('2027-01', lang)), ['2027年1月', 'January 2027']);
});

test('an address is called by where it leads', () => {
  for (const [url, host] of [['https://a.example/b?c', 'a.example'], ['http://a.example:8443/', 'a.example:8443'], ['https://user:pass@b.example/https://a.example', 'b.example'],
    ['https://аpple.example', 'xn--pple-43d.example'], ['https://', 'https://']])
    assert.equal(hostOf(url), host);
});

test('each thing has a name of its own', () => {
  const links = ['https://a', 'https://b'].map((url) => ({ ...photo(1, ''), file: undefined, url }));
  assert.equal(new Set([photo(1, ''), photo(2, ''), ...links].map(thingKey)).size, 4);
});

test('what a browser shows is seen at once, the rest is saved', () => {
  for (const [type, is] of [['image/png', true], ['video/mp4', true], ['image/heic', false], ['video/quicktime', false], ['audio/mpeg', false]])
    assert.equal(seenAtOnce(photo(1, '', type).file), is, type);
  assert.equal(seenAtOnce(undefined), false);
});

/* The same cases as src/svc/talk/url_test.c. */
test('an address in a text is what the server takes for one', () => {
  const cases = {
    '': '', http: '', 'http:/': '', 'http://': '', 'https://': '', 'http://)': '', 'https://?': '', 'http://a': 'http://a ',
    'https://a.example/b?c=d#e': 'https://a.example/b?c=d#e ', '資料はhttps://a.example/日本語です': 'https://a.example/日本語です ', '(https://a.example/b).': 'https://a.example/b ',
    '「https://a.example」、https://b.example。': 'https://a.example https://b.example ', '<http://a.example>"http://b.example"': 'http://a.example http://b.example ',
    'http://a.example\nhttp://b.example\thttp://c.example\u3000http://d.example': 'http://a.example http://b.example http://c.example http://d.example ',
    'http://http://a': 'http://http://a ', 'hthttp://a': 'http://a ', 'httphttps://a': 'https://a ', 'HTTPS://A': '', 'ftp://a mailto:b@c': '',
    'https://a.example/(b)': 'https://a.example/(b ', 'https://a.example!?': 'https://a.example ', 'http:// http://a': 'http://a ', 'https://利用.example': 'https://利用.example ',
  };
  for (const [text, want] of Object.entries(cases))
    assert.equal(linkPieces(text).flatMap((p) => p.href ?? []).map((u) => `${u} `).join(''), want, text);
});

// Simple formatting: what is marked, what stays as it was typed, and that hostile text takes no more steps than other text; links and names likewise.
import './browser.mjs';
import { assert, proves, test } from '../../test/lib/test.mjs';
import { formatPieces } from '../src/talk/format.ts';
import { mentionsIn } from '../src/talk/mention.ts';
import { linkPieces } from '../src/talk/rows.ts';

const shown = (text) => formatPieces(text).map((p) => (p.as === 'plain' ? p.text : `<${p.as}:${p.text}>`)).join('');

test('strong, struck, code and blocks; everything else stays as it was typed', () => {
  const cases = {
    '明日は *9時* から': '明日は <strong:9時> から', '~12日~ 13日': '<strike:12日> 13日', '`rm -rf`': '<code:rm -rf>',
    '```\na *b*\nc\n```': '<block:a *b*\nc>', '2 * 3 * 4': '2 * 3 * 4', '*片方だけ': '*片方だけ', '**': '**', '* 箇条書き\n* 二つ目': '* 箇条書き\n* 二つ目',
    '`*そのまま*`': '<code:*そのまま*>', '😀*太字*😀': '😀<strong:太字>😀', '<b>*x*</b>': '<b><strong:x></b>', '': '',
  };
  for (const [text, want] of Object.entries(cases)) assert.equal(shown(text), want, text);
});

test('nothing of a text is lost, whatever it is made of', () => {
  const seed = Number(process.env.SEED ?? Date.now() % 1e9);
  let state = seed;
  const next = (n) => {
    state = (state * 1103515245 + 12345) % 2147483648;
    return state % n;
  };
  console.log(`seed ${seed}`);
  for (let i = 0; i < 3000; i++) {
    const text = Array.from({ length: next(24) }, () => ['*', '~', '`', '```', 'あ', 'a', ' ', '\n', '😀'][next(9)]).join('');
    const letters = (s) => [...s].filter((c) => !'*~`\n'.includes(c)).join('');
    assert.equal(letters(formatPieces(text).map((p) => p.text).join('')), letters(text), JSON.stringify(text));
  }
});

/** Steps that the engine takes cannot be counted in a pattern: hostile text is given so long that a square of it never ends. */
test('the work grows with the length of hostile text and no faster', { timeout: 20_000 }, () => {
  proves('B6.08');
  const steps = (text) => {
    const { indexOf, startsWith, includes } = String.prototype;
    let n = 0;
    String.prototype.indexOf = function count(sign, from) {
      const at = indexOf.call(this, sign, from);
      n += (at < 0 ? this.length : at) - (from ?? 0);
      return at;
    };
    String.prototype.startsWith = function count(sign, from) {
      n += 1;
      return startsWith.call(this, sign, from);
    };
    String.prototype.includes = function count(sign, from) {
      n += 1;
      return includes.call(this, sign, from);
    };
    try {
      formatPieces(text);
      linkPieces(text);
      mentionsIn(text, people);
    } finally {
      Object.assign(String.prototype, { indexOf, startsWith, includes });
    }
    return n;
  };
  const people = Array.from({ length: 20 }, (_, i) => ({ kind: 'member', id: `${i}`, name: `${'あ'.repeat(i)}さん` }));
  for (const part of ['*', '~`', '```', '*a\n', '`*~', '* ', '*a*~b~`c`', '*\n~\n`\n', '@', '@あ', '@あああああ', '@さん ', 'https://', 'https://a.example/)', 'http://[', ')', '.,;:']) {
    const [small, large] = [1e3, 1e5].map((n) => steps(part.repeat(Math.ceil(n / part.length))) / n);
    assert.ok(large <= 1.3 * small + 1, `${JSON.stringify(part)}: ${small.toFixed(2)} steps a character, then ${large.toFixed(2)}`);
  }
  // One address that is nearly all closing marks: 10^6 of them, and a letter behind.
  const [link] = linkPieces(`https://a.example/${')'.repeat(1e6)}x`);
  assert.equal(link.href.length, 18 + 1e6 + 1);
  assert.equal(linkPieces(`https://a.example/b${')'.repeat(1e6)}`)[0].href, 'https://a.example/b');
});

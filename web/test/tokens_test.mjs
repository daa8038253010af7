// Every pair of text and ground that the screens use reaches WCAG 2.2 AA, in both themes.
import fs from 'node:fs';
import { assert, test } from '../../test/lib/test.mjs';

const css = fs.readFileSync(new URL('../src/base/tokens.css', import.meta.url), 'utf8');

function tokensOf(scheme) {
  const block = css.slice(css.indexOf(`'${scheme}'] {`)).split('\n}')[0];
  return Object.fromEntries([...block.matchAll(/--([a-z0-9-]+): (#[0-9A-F]{6});/g)].map((m) => [m[1], m[2]]));
}

function luminance(hex) {
  const [r, g, b] = [1, 3, 5].map((i) => parseInt(hex.slice(i, i + 2), 16) / 255)
    .map((c) => (c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4));
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

export function contrast(a, b) {
  const [light, dark] = [luminance(a), luminance(b)].sort((x, y) => y - x);
  return (light + 0.05) / (dark + 0.05);
}

const TEXT = 4.5;
const CONTROL = 3;
const GROUNDS = ['canvas', 'surface', 'surface2', 'sunken'];
const PAIRS = [
  ...GROUNDS.flatMap((g) => [['ink', g], ['ink2', g], ['ai', g], ['beni', g]]),
  ...['surface', 'surface2', 'sunken', 'canvas', 'wood-soft'].map((g) => ['ink3', g]),
  ['ink', 'mine'], ['ink2', 'mine'], ['ai', 'mine'], ['ink', 'wood-soft'], ['ink2', 'wood-soft'], ['wood', 'wood-soft'],
  ['beni', 'wood-soft'], ['wood', 'surface'], ['wood', 'surface2'], ['wood', 'canvas'], ['on-wood', 'wood'], ['on-wood', 'wood-hover'],
  ['ai', 'ai-soft'], ['beni', 'beni-soft'], ['ai', 'beni-soft'], ['ink', 'beni-soft'], ['on-beni', 'beni'], ['matsu', 'matsu-soft'],
  ['yamabuki', 'yamabuki-soft'], ['rail-ink', 'rail'], ['rail-on', 'rail'], ['ink', 'mark'], ['canvas', 'ink'],
  ...[0, 1, 2, 3, 4, 5].map((i) => [`face${i}-ink`, `face${i}`]),
].map((p) => [...p, TEXT]).concat([['line-strong', 'surface', CONTROL], ['line-strong', 'surface2', CONTROL]]);

for (const scheme of ['light', 'dark']) {
  test(`contrast of the ${scheme} tokens`, () => {
    const tokens = tokensOf(scheme);
    for (const [text, ground, least] of PAIRS) {
      assert.ok(tokens[text] && tokens[ground], `${text} or ${ground} is not a token of ${scheme}`);
      const found = contrast(tokens[text], tokens[ground]);
      assert.ok(found >= least, `${text} on ${ground} (${scheme}): ${found.toFixed(2)} < ${least}`);
    }
  });
}

test('contrast is computed as WCAG says', () => {
  assert.equal(contrast('#000000', '#FFFFFF').toFixed(1), '21.0');
  assert.equal(contrast('#2A231C', '#F6F1E8').toFixed(1), '13.8');
});

test('both themes have the same tokens', () => {
  assert.deepEqual(Object.keys(tokensOf('dark')).sort(), Object.keys(tokensOf('light')).sort());
});

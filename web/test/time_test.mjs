// Time as people read it: a table of moments.
import { assert, test } from '../../test/lib/test.mjs';

process.env.TZ = 'Asia/Tokyo';
const time = await import('../src/base/time.ts');
const at = (s) => new Date(`${s}+09:00`);
const NOW = at('2026-11-25T13:05:00');

test('where no day stands above, the day comes before the time', () => {
  const said = (s, lang = 'ja') => time.postTime(at(s), NOW, lang);
  assert.deepEqual(['2026-11-25T07:46:00', '2026-11-24T07:46:00', '2026-11-21T18:05:00', '2026-05-20T09:00:00'].map((s) => said(s)),
    ['7:46', '昨日 7:46', '土曜 18:05', '5/20 9:00']);
  assert.equal(said('2026-11-24T07:46:00', 'en'), 'Yesterday 7:46');
});
test('in lists', () => {
  const table = [
    ['2026-11-25T07:46:00', '7:46', '7:46'],
    ['2026-11-25T00:00:00', '0:00', '0:00'],
    ['2026-11-25T13:06:30', '13:06', '13:06'],
    ['2026-11-24T23:59:59', '昨日', 'Yesterday'],
    ['2026-11-23T08:00:00', '月曜', 'Mon'],
    ['2026-11-19T08:00:00', '木曜', 'Thu'],
    ['2026-11-18T08:00:00', '11/18', '11/18'],
    ['2026-01-02T08:00:00', '1/2', '1/2'],
    ['2025-11-20T08:00:00', '2025/11/20', '2025/11/20'],
  ];
  for (const [moment, ja, en] of table) {
    assert.equal(time.listTime(at(moment), NOW, 'ja'), ja, moment);
    assert.equal(time.listTime(at(moment), NOW, 'en'), en, moment);
  }
});

test('on day chips, in tooltips, in the console', () => {
  assert.equal(time.dayChip(at('2026-11-23T07:46:05'), NOW, 'ja'), '11/23(月)');
  assert.equal(time.dayChip(at('2025-11-23T07:46:05'), NOW, 'ja'), '2025/11/23(日)');
  assert.equal(time.dayChip(at('2026-11-23T07:46:05'), NOW, 'en'), 'Mon 11/23');
  assert.equal(time.spoken(at('2026-11-23T07:46:05'), 'ja'), '2026年11月23日 月曜日 7時46分');
  assert.match(time.spoken(at('2026-11-23T07:46:05'), 'en'), /Monday.*23 November 2026.* 7:46/);
  assert.equal(time.auditTime(at('2026-11-03T07:06:05')), '2026/11/03 07:06:05');
  assert.equal(time.clock(at('2026-11-23T18:05:00')), '18:05');
});

test('keys begin with their time and grow', async () => {
  const { uuid7 } = await import('../src/base/ids.ts');
  const now = Date.UTC(2026, 10, 25);
  const keys = Array.from({ length: 6_000 }, () => uuid7(now));
  assert.match(keys[0], /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  assert.equal(parseInt(keys[0].slice(0, 8) + keys[0].slice(9, 13), 16), now);
  assert.deepEqual([...keys].sort(), keys);
  assert.equal(new Set(keys).size, keys.length);
});

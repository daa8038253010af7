// The rules of the settings' pages: values in words, which is weaker, and finding by any word in any width and kana.
import { fold } from '../src/base/fold.ts';
import './browser.mjs';
import i18next from 'i18next';
import fs from 'node:fs';
import { settingDefs } from '../gen/settings.ts';
import { settingTexts as en } from '../gen/settings_en.ts';
import { settingTexts as ja } from '../gen/settings_ja.ts';
import { choices, find, isWeaker, keySlug, valueWords } from '../src/console/settings_data.ts';
import { assert, test } from '../../test/lib/test.mjs';

const words = (lang) => JSON.parse(fs.readFileSync(new URL(`../src/console/words/settings.${lang}.json`, import.meta.url), 'utf8'));
await i18next.init({ lng: 'ja', resources: { ja: { translation: { settings: words('ja') } }, en: { translation: { settings: words('en') } } }, interpolation: { escapeValue: false } });

const def = (key) => settingDefs.find((d) => d.key === key);
const row = (key, texts = ja) => ({ def: def(key), text: texts[key], now: { key, value: def(key).default } });
const say = (key, value, texts = ja) => valueWords(row(key, texts), value);

test('every setting that the console shows has its words in both languages', () => {
  assert.ok(settingDefs.length > 150);
  for (const d of settingDefs) {
    for (const texts of [ja, en]) {
      for (const part of ['help', 'risk', 'example']) assert.ok(texts[d.key][part].length > 9, `${d.key} ${part}`);
      for (const v of choices(d) ?? []) assert.ok(valueWords({ def: d, text: texts[d.key] }, v) !== '', `${d.key} ${v}`);
      if (d.type === 'enum' || d.type === 'bool') for (const v of choices(d) ?? []) assert.ok(v in texts[d.key].values, `${d.key} ${v}`);
    }
  }
});

test('values are read as people say them', () => {
  for (const [key, value, want] of [
    ['account.idle_logout.browser', 'PT30M', '30分'], ['account.idle_logout.browser', 'P7D', '7日'], ['account.idle_logout.browser', 'none', '制限なし'],
    ['talk.retention', 'P3M', '3か月'], ['talk.retention', 'P1Y', '1年'], ['talk.take_back', 'PT0S', 'なし'], ['account.password.min_length', '12', '12文字'],
    ['talk.file_max_size', '100MB', '100 MB'], ['member.title.enabled', 'true', 'オン'], ['orgunit.room.functions', 'talk|note', 'トーク、ノート'],
    ['mail.external_clients', '{}', 'なし'], ['network.country.allowed', 'JP|US', '日本、アメリカ合衆国'], ['external.line.members', '12|13', '2人'],
    ['drive.trash_retention', 'none', '自動削除しない'], ['external.line.greeting_text', '', 'なし'], ['file.type.extensions', 'exe|7z', 'exe、7z'],
  ]) assert.equal(say(key, value), want, `${key} ${value}`);
  assert.deepEqual(choices(def('account.password.min_length')), null);
  assert.deepEqual(choices(def('account.two_step.methods')), ['app', 'passkey', 'mail', 'sms']);
  assert.equal(keySlug('account.password.min_length'), 'account-password-min_length');
});

test('a weaker value is told from a stronger one, by each of the rules', () => {
  for (const [key, old, next, weaker] of [
    ['account.password.min_length', '12', '8', true], ['account.password.min_length', '12', '15', false], ['account.password.min_length', '9', '10', false],
    ['account.idle_logout.browser', 'P7D', 'none', true], ['account.idle_logout.browser', 'PT24H', 'P7D', true], ['account.idle_logout.browser', 'P7D', 'PT30M', false],
    ['account.two_step.mode', 'required', 'new_device', true], ['account.two_step.mode', 'new_device', 'optional', true], ['account.two_step.mode', 'optional', 'required', false],
    ['account.two_step.methods', 'app', 'app|sms', true], ['account.two_step.methods', 'app|sms', 'app', false],
    ['file.type.extensions', 'exe|bat', 'exe', true], ['file.type.extensions', 'exe', 'exe|bat', false],
    ['account.lockout.enabled', 'true', 'false', true], ['account.lockout.enabled', 'false', 'true', false], ['account.lockout.enabled', 'true', 'true', false],
    ['member.title.enabled', 'true', 'false', false],
  ]) assert.equal(isWeaker(def(key), old, next), weaker, `${key}: ${old} to ${next}`);
});

test('a setting is found by its name, its key, its sentence or another word', () => {
  const rows = settingDefs.map((d) => row(d.key));
  const first = (q) => find(rows, q)[0]?.def.key;
  assert.equal(first('パスワードの長さ (最小)'), 'account.password.min_length');
  assert.equal(first('account.password.min_length'), 'account.password.min_length');
  for (const [q, key] of [['既読', 'talk.push_preview'], ['ＩＰ', 'network.ip.mode'], ['ﾊﾟｽﾜｰﾄﾞ', 'account.password.format'], ['ろぐあうと', 'account.idle_logout.console'], ['idle timeout', 'account.idle_logout.browser'], ['誕生日', 'addressbook.member.show_birthday']]) {
    assert.ok(find(rows, q).some((r) => r.def.key === key), `${q} finds ${key}`);
  }
  assert.deepEqual(find(rows, ''), []);
  assert.deepEqual(find(rows, 'そんな設定はない'), []);
  assert.ok(find(rows, 'パスワード 履歴').every((r) => fold(JSON.stringify(r)).includes('履歴') || fold(JSON.stringify(r)).includes('れきし')), 'all words must stand');
});

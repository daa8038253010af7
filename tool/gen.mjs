// tool/gen: writes web/gen and doc/gen from the tables that `engawad --describe` prints.
// Usage: engawad --describe | tool/gen        or  tool/gen describe.json [root]
// The output depends on the input alone. Both folders are committed, so every change of an interface shows in review.
import fs from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { apiDoc, errorsDoc, permissionsDoc, settingsDoc } from './gen_doc.mjs';
import { openapi } from './gen_openapi.mjs';
import { settingsTs, settingTextsTs } from './gen_settings.mjs';
import { picturesTs, typescript } from './gen_ts.mjs';

const NEEDED = ['version', 'ops', 'schemas', 'settings', 'roles', 'menus', 'events', 'errors', 'audit_kinds'];

/** Every file of the output as [path below the root, text]. Throws when a table is missing or names what is not there. */
export function generate(tables) {
  for (const name of NEEDED) {
    if (tables[name] === undefined) throw new Error(`the description has no "${name}"`);
  }
  const schemas = new Map(tables.schemas.map((s) => [s.name, s]));
  for (const op of tables.ops) {
    for (const role of ['input', 'output', 'query']) {
      if (op[role] && !schemas.has(op[role])) throw new Error(`${op.name}: no schema "${op[role]}"`);
    }
  }
  return [
    ['web/gen/api.ts', typescript(tables)],
    ['web/gen/pictures.ts', picturesTs(tables)],
    ['web/gen/settings.ts', settingsTs(tables)],
    ['web/gen/settings_ja.ts', settingTextsTs(tables, 'ja')],
    ['web/gen/settings_en.ts', settingTextsTs(tables, 'en')],
    ['doc/gen/api.md', apiDoc(tables)],
    ['doc/gen/settings.md', settingsDoc(tables)],
    ['doc/gen/errors.md', errorsDoc(tables)],
    ['doc/gen/permissions.md', permissionsDoc(tables)],
    ['doc/gen/openapi.json', `${JSON.stringify(openapi(tables), null, 2)}\n`],
  ];
}

function main([input = '-', root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..')]) {
  const tables = JSON.parse(fs.readFileSync(input === '-' ? 0 : input, 'utf8'));
  for (const [name, text] of generate(tables)) {
    const file = path.join(root, name);
    fs.mkdirSync(path.dirname(file), { recursive: true });
    if (!fs.existsSync(file) || fs.readFileSync(file, 'utf8') !== text) fs.writeFileSync(file, text);
  }
}

if (process.argv[1] && fileURLToPath(import.meta.url) === fs.realpathSync(process.argv[1])) main(process.argv.slice(2));

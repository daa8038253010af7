// tool/gen_settings: the settings for the console's forms: what each is, and its words by language, each a module of its
// own that is loaded with the pages of settings. The operator's settings are not for the console. Imported by gen.mjs alone.

const HEAD = '// Made by tool/gen from `engawad --describe`. Do not edit.\n\n';
const string = (s) => `'${String(s).replace(/\\/g, '\\\\').replace(/'/g, "\\'").replace(/\n/g, '\\n')}'`;
const strings = (list) => `[${list.map(string).join(', ')}]`;

export const shownSettings = (t) => t.settings.filter((s) => s.menus.length > 0);

export function settingsTs(t) {
  const rows = shownSettings(t).map((s) => `  { key: ${string(s.key)}, type: ${string(s.type)}, allowed: ${string(s.allowed)}, `
    + `default: ${string(s.default)}, menus: ${strings(s.menus)}, each: ${string(s.each)}, weaker: ${string(s.weaker)}, `
    + `values: ${strings(s.values.map((v) => v.value))},\n    words: ${string(s.words)}, ja: ${string(s.ja)}, en: ${string(s.en)} },`);
  return `${HEAD}export interface SettingDef {
  key: string;
  type: 'bool' | 'int' | 'enum' | 'list' | 'set' | 'duration' | 'bytes' | 'text';
  allowed: string;
  default: string;
  menus: string[];
  /** What has a value of its own, begun with this one: 'unit', 'group' …; '' where there is one value. */
  each: string;
  /** Which values are weaker: '=a|b', 'up', 'down', '+', '-' or ''. */
  weaker: string;
  values: string[];
  words: string;
  ja: string;
  en: string;
}

export interface SettingText {
  help: string;
  risk: string;
  example: string;
  values: Record<string, string>;
}

export const settingDefs: SettingDef[] = [
${rows.join('\n')}
];
`;
}

export function settingTextsTs(t, lang) {
  const rows = shownSettings(t).map((s) => {
    const text = s[`text_${lang}`];
    const values = s.values.map((v) => `${string(v.value)}: ${string(v[lang])}`).join(', ');
    return `  ${string(s.key)}: {\n    help: ${string(text.help)},\n    risk: ${string(text.risk)},\n    example: ${string(text.example)},\n`
      + `    values: {${values ? ` ${values} ` : ''}},\n  },`;
  });
  return `${HEAD}import type { SettingText } from './settings.ts';\n\nexport const settingTexts: Record<string, SettingText> = {\n${rows.join('\n')}\n};\n`;
}

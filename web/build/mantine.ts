// Makes Mantine obey a strict Content-Security-Policy. Two plugins: its variables become a static style sheet at build
// time, and its internal component InlineStyles, which writes <style> tags, is replaced by one that uses constructed
// style sheets (which neither CSP nor Trusted Types asks about). The name of that file is internal: test/bundle_test.mjs fails when
// the original comes back.
import { fileURLToPath } from 'node:url';
import {
  DEFAULT_THEME, convertCssVariables, defaultCssVariablesResolver, mergeMantineTheme,
} from '@mantine/core';
import type { Plugin } from 'vite';
import { theme } from '../src/base/theme.ts';

const VARIABLES = 'virtual:mantine-variables.css';
const INLINE_STYLES = fileURLToPath(new URL('./inline_styles.ts', import.meta.url));

export function mantineVariables(): Plugin {
  return {
    name: 'engawa-mantine-variables',
    resolveId: (id) => (id === VARIABLES ? `\0${VARIABLES}` : null),
    load(id) {
      if (id !== `\0${VARIABLES}`) return null;
      return convertCssVariables(defaultCssVariablesResolver(mergeMantineTheme(DEFAULT_THEME, theme)), ':root');
    },
  };
}

export function mantineWithoutStyleTags(): Plugin {
  return {
    name: 'engawa-mantine-without-style-tags',
    enforce: 'pre',
    resolveId(id, importer) {
      const own = id.endsWith('InlineStyles.mjs') && importer?.includes('@mantine/core');
      return own ? INLINE_STYLES : null;
    },
  };
}

// Stands in for Mantine's InlineStyles: the same text, kept in one constructed style sheet per different text.
import { stylesToString } from '@mantine/core';
import { useInsertionEffect } from 'react';

const sheets = new Map<string, { sheet: CSSStyleSheet; users: number }>();

export function InlineStyles(props: Parameters<typeof stylesToString>[0]): null {
  const text = stylesToString(props);
  useInsertionEffect(() => {
    let entry = sheets.get(text);
    if (!entry) {
      entry = { sheet: new CSSStyleSheet(), users: 0 };
      entry.sheet.replaceSync(text);
      sheets.set(text, entry);
      document.adoptedStyleSheets = [...document.adoptedStyleSheets, entry.sheet];
    }
    const used = entry;
    used.users += 1;
    return () => {
      used.users -= 1;
      if (used.users > 0) return;
      sheets.delete(text);
      document.adoptedStyleSheets = document.adoptedStyleSheets.filter((s) => s !== used.sheet);
    };
  }, [text]);
  return null;
}

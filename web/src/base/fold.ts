// How words are compared everywhere in the product: width, case and kana are one.
export const fold = (s: string): string => s.normalize('NFKC').toLowerCase()
  .replace(/[\u30A1-\u30F6]/gu, (c) => String.fromCharCode(c.charCodeAt(0) - 0x60));

/** The same for names, whose blanks do not count: family and given name are written in many ways. */
export const foldName = (s: string): string => fold(s).replace(/\s/gu, '');

// How names and words are compared in lists: width, case and kana are one, blanks do not count.
export const fold = (s: string): string => s.normalize('NFKC').toLowerCase()
  .replace(/[\u30A1-\u30F6]/gu, (c) => String.fromCharCode(c.charCodeAt(0) - 0x60)).replace(/\s/gu, '');

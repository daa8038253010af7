// The rows of the kana table that an address book is leafed through by. Rows are numbers: 0 is the row of A, 9 that of
// Wa, 10 is everything else.

/** Where each row begins in Unicode's hiragana. */
const ROWS = [0x3042, 0x304b, 0x3055, 0x305f, 0x306a, 0x306f, 0x307e, 0x3084, 0x3089, 0x308f];
const FIRST = 0x3041;
const LAST = 0x3096;
const VU = 0x3094;
export const OTHER = ROWS.length;

/** By the first sign of a reading, or of the name where there is none. Katakana, half width and voiced signs are as hiragana. */
export function rowOf(reading: string, name: string): number {
  const first = (reading.trim() || name.trim()).normalize('NFKC').codePointAt(0) ?? 0;
  const kana = first >= 0x30a1 && first <= 0x30f6 ? first - 0x60 : first;
  if (kana === VU) return 0;
  if (kana < FIRST || kana > LAST) return OTHER;
  return Math.max(0, ROWS.findLastIndex((begin) => kana >= begin));
}

/** The sign that stands for a row; that of OTHER is a word. */
export const signOf = (row: number): string => String.fromCodePoint(ROWS[row] ?? 0);

export const ALL_ROWS = [...ROWS.keys(), OTHER];

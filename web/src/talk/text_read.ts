// A file as text: its beginning, in the encoding that it is in, line by line. Text alone: nothing of it is ever a page.

/** So much of it is read. */
export const HEAD_BYTES = 1024 * 1024;
/** A longer line goes on in a row without a number: a browser lays out no line of a megabyte. */
const ROW_MAX = 2_000;

export interface Head {
  bytes: Uint8Array<ArrayBuffer>;
  /** There is more of it. */
  cut: boolean;
}

/** The first bytes of what comes; the rest is not fetched. */
export async function headOf(answer: Response, max = HEAD_BYTES): Promise<Head> {
  const reader = answer.body!.getReader();
  const pieces: Uint8Array[] = [];
  let n = 0;
  while (n <= max) {
    const { done, value } = await reader.read();
    if (done) break;
    pieces.push(value);
    n += value.length;
  }
  if (n > max) void reader.cancel().catch(() => undefined);
  const bytes = new Uint8Array(Math.min(n, max));
  let at = 0;
  for (const p of pieces) {
    const part = p.subarray(0, bytes.length - at);
    bytes.set(part, at);
    at += part.length;
  }
  return { bytes, cut: n > max };
}

export type Encoding = 'utf-8' | 'utf-16le' | 'utf-16be' | 'shift_jis' | 'euc-jp';

/** null: it is not in this encoding. The last character may be cut. */
function tried(as: Encoding, { bytes, cut }: Head): string | null {
  try {
    return new TextDecoder(as, { fatal: true }).decode(bytes, { stream: cut });
  } catch {
    return null;
  }
}

function marked([a, b, c]: Uint8Array): Encoding | null {
  if (a === 0xef && b === 0xbb && c === 0xbf) return 'utf-8';
  if (a === 0xff && b === 0xfe) return 'utf-16le';
  return a === 0xfe && b === 0xff ? 'utf-16be' : null;
}

const count = (text: string, what: RegExp): number => text.match(what)?.length ?? 0;

/** By its mark, then as UTF-8, then as what Japanese files are in: EUC-JP that is read as Shift_JIS is full of narrow kana. */
export function decode(head: Head): { text: string; as: Encoding } | null {
  const mark = marked(head.bytes);
  const found = (as: Encoding, text: string | null) => (text === null || text.includes('\0') ? null : { text, as });
  if (mark) return found(mark, tried(mark, head));
  const utf8 = tried('utf-8', head);
  if (utf8 !== null) return found('utf-8', utf8);
  const sjis = tried('shift_jis', head), euc = tried('euc-jp', head);
  const likely = euc !== null && (sjis === null || count(sjis, /[\uff61-\uff9f]/g) > count(euc, /[\u0080-\uffff]/g) / 3) ? 'euc-jp' : 'shift_jis';
  return found(likely, likely === 'euc-jp' ? euc : sjis);
}

export interface TextRow {
  /** The number of its line; 0: it goes on. */
  line: number;
  text: string;
}

export function rowsOfText(text: string): TextRow[] {
  const lines = text.split(/\r\n|\n|\r/);
  if (lines.length > 1 && lines.at(-1) === '') lines.pop();
  return lines.flatMap((line, i) => {
    const rows: TextRow[] = [];
    for (let at = 0; at === 0 || at < line.length;) {
      let end = at + ROW_MAX;
      if (/[\ud800-\udbff]/.test(line[end - 1] ?? '')) end += 1; // not within a character
      rows.push({ line: at === 0 ? i + 1 : 0, text: line.slice(at, end) });
      at = end;
    }
    return rows;
  });
}

// Simple formatting of what people write. Each sign is looked for once ahead: hostile text takes no longer than other text.
type Piece = { text: string; as: 'plain' | 'strong' | 'strike' | 'code' | 'block' };

/** *strong*, ~struck~, `code` and ``` blocks, in one pass; everything else stays as it was typed. */
export function formatPieces(text: string): Piece[] {
  const pieces: Piece[] = [];
  const signs: [string, Piece['as']][] = [['```', 'block'], ['`', 'code'], ['*', 'strong'], ['~', 'strike']];
  let plain = '';
  const nowhere = new Set<string>();
  const any = /[`*~]/gu;
  for (let at = 0; at < text.length;) {
    any.lastIndex = at;
    const next = any.exec(text)?.index ?? text.length;
    plain += text.slice(at, next);
    at = next;
    if (at === text.length) break;
    const sign = signs.find(([s]) => !nowhere.has(s) && text.startsWith(s, at));
    const end = sign ? text.indexOf(sign[0], at + sign[0].length) : -1;
    if (sign && end < 0) nowhere.add(sign[0]);
    const inner = sign && end > 0 ? text.slice(at + sign[0].length, end) : '';
    const whole = sign && inner.trim() !== '' && (sign[1] === 'block' || !inner.includes('\n')) && (sign[1] === 'block' || inner === inner.trim());
    if (!sign || !whole) {
      plain += text[at];
      at += 1;
      continue;
    }
    if (plain) pieces.push({ text: plain, as: 'plain' });
    plain = '';
    pieces.push({ text: sign[1] === 'block' ? inner.replace(/^\n|\n$/gu, '') : inner, as: sign[1] });
    at = end + sign[0].length;
  }
  if (plain) pieces.push({ text: plain, as: 'plain' });
  return pieces;
}

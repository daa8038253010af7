// Words that another app hands over (share_target of the manifest): they come in the address, and are text and nothing else.

/** Of what is handed over, in the order in which a person reads it; what says the same twice stands once. */
export function sharedText(search: string): string {
  const q = new URLSearchParams(search);
  const [title, text, url] = ['title', 'text', 'url'].map((name) => plain(q.get(name) ?? ''));
  const parts = [title!, text!, url!].filter((part, i, all) => part !== '' && !all.some((other, j) => j !== i && (other.includes(part) && (other !== part || j < i))));
  return parts.join('\n');
}

/** Without characters that steer a terminal; lines and tabs stay. */
function plain(s: string): string {
  return s.replace(/\r\n?/g, '\n').replace(/[\u0000-\u0008\u000B-\u001F\u007F-\u009F]/g, '').trim();
}

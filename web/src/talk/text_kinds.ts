// Which files are read as text.
const ENDS = new Set([
  'txt', 'text', 'csv', 'tsv', 'log', 'md', 'markdown', 'json', 'jsonl', 'ndjson', 'xml', 'yaml', 'yml', 'toml', 'ini', 'cfg', 'conf', 'env', 'properties',
  'srt', 'vtt', 'tex', 'diff', 'patch', 'sql', 'html', 'htm', 'css', 'scss', 'svg', 'js', 'mjs', 'cjs', 'jsx', 'ts', 'tsx', 'c', 'h', 'cc', 'cpp', 'hpp', 'cs',
  'java', 'kt', 'swift', 'go', 'rs', 'py', 'rb', 'php', 'pl', 'lua', 'r', 'sh', 'bash', 'zsh', 'vbs', 'vb', 'bas', 'ps1', 'bat', 'cmd', 'ics', 'vcf', 'eml',
]);

/** The server knows UTF-8 when it sees it; text in another encoding is told by its name. */
export function isText(f: { name: string; type: string }): boolean {
  if (f.type === 'text/plain') return true;
  const end = /\.([a-z0-9]{1,10})$/i.exec(f.name)?.[1] ?? '';
  return f.type === 'application/octet-stream' && ENDS.has(end.toLowerCase());
}

// How much of what another app hands over is taken.
export interface Handed {
  files: File[];
  /** So many were left out: they were too many, or too large together. */
  many: number;
  large: number;
}

export const FILES_MOST = 20;
export const BYTES_MOST = 512 * 1024 * 1024;

/** The first ones; a smaller one behind a too large one still finds its place. */
export function taken(all: readonly File[]): Handed {
  const some = all.slice(0, FILES_MOST);
  const files: File[] = [];
  let bytes = 0;
  for (const f of some) {
    if (bytes + f.size > BYTES_MOST) continue;
    bytes += f.size;
    files.push(f);
  }
  return { files, many: all.length - some.length, large: some.length - files.length };
}

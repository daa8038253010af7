// Files that were chosen and not sent yet, kept in the account's vault so that they go on after the page was closed: their bytes in
// pieces, sealed as everything there is, and a row that names them once all of them are there. One page at a time has a file
// in hand; what a page leaves lying is taken up by the next one.
import { uuid7 } from '../base/ids.ts';
import type { Vault } from '../base/vault.ts';

const ROW = 'up-';
const PIECE = 'upb-';
const PIECE_BYTES = 4 * 1024 * 1024;
/** So long they may be taken up again. */
const KEPT_MS = 7 * 86_400_000;
/** Of an account, and of what the browser has left. */
const MOST_BYTES = 512 * 1024 * 1024;
const OF_FREE = 0.5;

/** What a file's bytes come from: the file itself, or what was kept of it. */
export interface Source {
  readonly size: number;
  slice: (from: number, to: number) => Blob | Promise<Blob>;
}

export interface KeptUpload {
  key: string;
  place: string;
  name: string;
  size: number;
  /** '' before it was read to its end. */
  sha256: string;
  /** The server's name for it; '' before it has one. */
  id: string;
  /** When it was chosen. */
  at: number;
}

export interface Ports {
  now: () => number;
  /** How many bytes the browser would still take. */
  free: () => Promise<number>;
  /** Takes the name for this page until `ended`; false: another page has it. */
  hold: (name: string, ended: Promise<void>) => Promise<boolean>;
}

const browserPorts: Ports = {
  now: Date.now,
  free: async () => {
    const { quota = 0, usage = 0 } = await navigator.storage.estimate();
    return quota - usage;
  },
  hold: (name, ended) => new Promise((told) => {
    navigator.locks.request(name, { ifAvailable: true }, (lock) => {
      told(lock !== null);
      return lock ? ended : undefined;
    }).catch(() => told(false));
  }),
};

class KeptBytes implements Source {
  readonly size: number;
  private readonly piece: (n: number) => Promise<ArrayBuffer | undefined>;
  private last: { n: number; bytes: ArrayBuffer } | null = null;

  constructor(size: number, piece: (n: number) => Promise<ArrayBuffer | undefined>) {
    this.size = size;
    this.piece = piece;
  }

  async slice(from: number, to: number): Promise<Blob> {
    const end = Math.min(to, this.size);
    const parts: ArrayBuffer[] = [];
    for (let at = from; at < end;) {
      const n = Math.floor(at / PIECE_BYTES);
      if (this.last?.n !== n) {
        const bytes = await this.piece(n);
        if (!bytes) throw new Error('a piece that was kept is gone');
        this.last = { n, bytes };
      }
      const stop = Math.min(end, (n + 1) * PIECE_BYTES);
      parts.push(this.last.bytes.slice(at - n * PIECE_BYTES, stop - n * PIECE_BYTES));
      at = stop;
    }
    return new Blob(parts);
  }
}

export class KeptUploads {
  private readonly vault: Vault;
  private readonly ports: Ports;
  private readonly rows = new Map<string, KeptUpload>();
  private readonly held = new Map<string, () => void>();

  constructor(vault: Vault, ports = browserPorts) {
    this.vault = vault;
    this.ports = ports;
  }

  /** Its name here, at once; the bytes follow. */
  keep(place: string, name: string, file: Source): string {
    const row: KeptUpload = { key: uuid7(), place, name, size: file.size, sha256: '', id: '', at: this.ports.now() };
    this.rows.set(row.key, row);
    void this.write(row, file).catch(() => this.forget(row.key));
    return row.key;
  }

  private async write(row: KeptUpload, file: Source): Promise<void> {
    const all = [...this.rows.values()].reduce((n, r) => n + r.size, 0);
    if (all > MOST_BYTES || file.size > (await this.ports.free()) * OF_FREE || !(await this.hold(row.key))) {
      this.rows.delete(row.key);
      return;
    }
    for (let n = 0; n * PIECE_BYTES < file.size && this.rows.has(row.key); n += 1) {
      const bytes = await (await file.slice(n * PIECE_BYTES, (n + 1) * PIECE_BYTES)).arrayBuffer();
      if (!(await this.vault.putBytes(`${PIECE}${row.key}-${n}`, bytes))) throw new Error('no room');
    }
    if (this.rows.has(row.key)) await this.vault.put(ROW + row.key, this.rows.get(row.key));
    if (!this.rows.has(row.key)) await this.remove(row.key); // it was sent or taken away meanwhile
  }

  /** What has become known of it. */
  async note(key: string, known: Partial<Pick<KeptUpload, 'id' | 'sha256'>>): Promise<void> {
    const row = this.rows.get(key);
    if (!row) return;
    this.rows.set(key, { ...row, ...known });
    if ((await this.vault.names(ROW + key)).length > 0 && this.rows.has(key)) await this.vault.put(ROW + key, this.rows.get(key));
  }

  /** It was sent, taken away, or refused. */
  async forget(key: string): Promise<void> {
    if (this.rows.delete(key)) await this.remove(key);
  }

  private async remove(key: string): Promise<void> {
    await this.vault.remove(ROW + key);                    // first: a row stands for all of its pieces
    await Promise.all((await this.vault.names(`${PIECE}${key}-`)).map((name) => this.vault.remove(name)));
    this.held.get(key)?.();
    this.held.delete(key);
  }

  /** What earlier pages left lying, in the order in which it was chosen. */
  async left(): Promise<{ row: KeptUpload; bytes: Source }[]> {
    const found = [...(await this.vault.all<KeptUpload>(ROW)).values()].sort((a, b) => (a.key < b.key ? -1 : 1));
    const left: { row: KeptUpload; bytes: Source }[] = [];
    for (const row of found) {
      if (this.rows.has(row.key) || !(await this.hold(row.key))) continue;
      this.rows.set(row.key, row);
      if (row.at + KEPT_MS < this.ports.now()) await this.forget(row.key);
      else left.push({ row, bytes: new KeptBytes(row.size, (n) => this.vault.bytes(`${PIECE}${row.key}-${n}`)) });
    }
    await this.sweep();
    return left;
  }

  /** Pieces of a file whose page was closed before all of them were there. */
  private async sweep(): Promise<void> {
    const keys = new Set((await this.vault.names(PIECE)).map((name) => name.slice(PIECE.length, name.lastIndexOf('-'))));
    for (const key of keys) {
      if (this.rows.has(key) || !(await this.hold(key))) continue;
      if ((await this.vault.names(ROW + key)).length === 0) await this.remove(key);
    }
  }

  private hold(key: string): Promise<boolean> {
    let end = () => undefined as void;
    const ended = new Promise<void>((done) => { end = done; });
    return this.ports.hold(`engawa-upload-${key}`, ended).then((mine) => {
      if (mine) this.held.set(key, end);
      return mine;
    });
  }

  /** This page has none of them in hand any more. */
  letGo(): void {
    this.rows.clear();
    this.held.forEach((end) => end());
    this.held.clear();
  }
}

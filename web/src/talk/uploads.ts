// Files on their way to a room: read once for their sum, then sent part after part, each of which the server keeps for good.
// A lost line, a restarted server or a part that came twice costs nothing but time: the server says where to go on.
import { ApiError, call, passes, putPart } from '../base/api.ts';
import type { OpOutput, Space } from '../base/api.ts';
import type { KeptUpload, Source } from './kept_uploads.ts';

export interface Upload {
  key: number;
  name: string;
  size: number;
  /** Bytes that the server has. */
  stored: number;
  state: 'reading' | 'sending' | 'waiting' | 'ready' | 'failed';
  /** Why it was refused, in the language of that moment. */
  reason: string;
  /** How much is stored there already, and how much still can be, where it was refused for that. */
  space: Space | null;
  /** The server's name for it; '' before it has one. */
  id: string;
  /** It was chosen in an earlier page. */
  earlier: boolean;
}

/** What keeps files beyond the page (kept_uploads.ts). */
export interface UploadKeeper {
  keep: (place: string, name: string, file: Source) => string;
  note: (key: string, known: { id?: string; sha256?: string }) => Promise<void>;
  forget: (key: string) => Promise<void>;
  left: () => Promise<{ row: KeptUpload; bytes: Source }[]>;
  letGo: () => void;
}

export interface UploadPorts {
  begin: (room: string, file: { name: string; size: number; sha256: string }) => Promise<Answer>;
  part: (upload: string, at: number, bytes: Blob) => Promise<Answer>;
  ask: (upload: string) => Promise<Answer>;
  cancel: (upload: string) => Promise<unknown>;
  sum: (file: Source, stopped: () => boolean) => Promise<string>;
  /** Until it makes sense to try again. */
  pause: (seconds: number) => Promise<void>;
}
type Answer = Pick<OpOutput<'file.begin'>, 'id' | 'name' | 'stored' | 'part_max' | 'ready'>;

/** A message carries so many at most. */
export const FILES_MAX = 20;
const AT_ONCE_BYTES = 32 * 1024 * 1024;
const PIECE_BYTES = 4 * 1024 * 1024;
const PAUSE_S = 3;
const TIMES_LOST = 3;
const NONE: readonly Upload[] = [];

const hex = (bytes: Uint8Array): string => [...bytes].map((b) => b.toString(16).padStart(2, '0')).join('');

/** SHA-256; a large file is never in memory as a whole. */
export async function sumOf(file: Source, stopped: () => boolean): Promise<string> {
  const bytes = async (from: number, to: number) => (await file.slice(from, to)).arrayBuffer();
  if (file.size <= AT_ONCE_BYTES) return hex(new Uint8Array(await crypto.subtle.digest('SHA-256', await bytes(0, file.size))));
  const { sha256 } = await import('@noble/hashes/sha2.js');
  const sum = sha256.create();
  for (let at = 0; at < file.size && !stopped(); at += PIECE_BYTES) sum.update(new Uint8Array(await bytes(at, at + PIECE_BYTES)));
  return hex(sum.digest());
}

/** The network is back, or so many seconds have passed. */
function pause(seconds: number): Promise<void> {
  return new Promise((done) => {
    const go = () => {
      clearTimeout(timer);
      removeEventListener('online', go);
      done();
    };
    const timer = setTimeout(go, seconds * 1000);
    addEventListener('online', go);
  });
}

export const serverPorts = (tenant: string): UploadPorts => ({
  begin: (room, body) => call(tenant, 'file.begin', { params: { room }, body }),
  part: (upload, at, bytes) => putPart(tenant, upload, at, bytes),
  ask: (upload) => call(tenant, 'file.upload', { params: { upload } }),
  cancel: (upload) => call(tenant, 'file.cancel', { params: { upload } }),
  sum: sumOf,
  pause,
});

/** Where files wait: a room, or a thread in it. */
export const placeOf = (room: string, thread?: number): string => (thread ? `${room}/${thread}` : room);
const roomOf = (place: string): string => place.split('/')[0]!;

interface Work extends Upload {
  place: string;
  file: Source;
  sha256: string;
  /** Its name with the keeper; '': it is not kept. */
  kept: string;
  /** Taken away by whoever chose it. */
  gone: boolean;
}

const shownOf = ({ key, name, size, stored, state, reason, space, id, earlier }: Work): Upload => ({ key, name, size, stored, state, reason, space, id, earlier });

export class Uploads {
  private readonly ports: UploadPorts;
  private works: Work[] = [];
  private shown = new Map<string, readonly Upload[]>();
  private readonly listeners = new Set<() => void>();
  private keys = 0;
  private stopped = false;
  private readonly keeper: Promise<UploadKeeper | null>;

  constructor(ports: UploadPorts, keeper: Promise<UploadKeeper | null> = Promise.resolve(null)) {
    this.ports = ports;
    this.keeper = keeper;
    void this.takeUp().catch(() => undefined);
  }

  /** What earlier pages left lying goes on. */
  private async takeUp(): Promise<void> {
    const keeper = await this.keeper;
    const left = await keeper?.left() ?? [];
    if (this.stopped) {
      keeper?.letGo();
      return;
    }
    for (const { row, bytes } of left) {
      this.works.push({
        key: ++this.keys, place: row.place, file: bytes, name: row.name, size: row.size, stored: 0, reason: '', space: null, id: row.id, sha256: row.sha256,
        kept: row.key, earlier: true, gone: false, state: 'reading',
      });
    }
    for (const place of new Set(left.map(({ row }) => row.place))) {
      this.tell(place);
      void this.next(place);
    }
  }

  /** The page has done with them; what is kept of them is another one's. */
  stop(): void {
    this.stopped = true;
    void this.keeper.then((k) => k?.letGo());
  }

  private forget(work: Work): void {
    const { kept } = work;
    work.kept = '';
    if (kept) void this.keeper.then((k) => k?.forget(kept));
  }

  readonly subscribe = (f: () => void): (() => void) => {
    this.listeners.add(f);
    return () => this.listeners.delete(f);
  };

  /** What waits in a place; the same object as long as nothing changes. */
  of(place: string): readonly Upload[] {
    return this.shown.get(place) ?? NONE;
  }

  /** How many wait in a room and its threads, or anywhere. */
  waiting(room?: string): number {
    let n = 0;
    for (const [place, list] of this.shown) if (!room || roomOf(place) === room) n += list.length;
    return n;
  }

  add(place: string, files: Iterable<File>): void {
    for (const file of files) {
      const work: Work = {
        key: ++this.keys, place, file, name: file.name, size: file.size, stored: 0, reason: '', space: null, id: '', sha256: '', kept: '', earlier: false, gone: false,
        state: file.size > 0 ? 'reading' : 'failed',      // there is nothing in it to send
      };
      this.works.push(work);
      if (work.size > 0) void this.keep(work);
    }
    this.tell(place);
    void this.next(place);
  }

  private async keep(work: Work): Promise<void> {
    const keeper = await this.keeper;
    if (!keeper || this.stopped || !this.works.includes(work) || work.state === 'failed') return;
    work.kept = keeper.keep(work.place, work.name, work.file);
    if (work.id) void keeper.note(work.kept, { id: work.id, sha256: work.sha256 });
  }

  /** Takes one away; what the server has of it goes, too. */
  remove(key: number): void {
    const work = this.works.find((w) => w.key === key);
    if (!work) return;
    work.gone = true;
    this.forget(work);
    this.works = this.works.filter((w) => w !== work);
    this.tell(work.place);
    if (work.id) void this.ports.cancel(work.id).catch(() => undefined);
    void this.next(work.place);
  }

  /** Tries again what was refused. */
  again(key: number): void {
    const work = this.works.find((w) => w.key === key && w.state === 'failed' && w.size > 0);
    if (!work) return;
    Object.assign(work, { state: 'reading', reason: '', space: null, id: '', stored: 0 });
    this.tell(work.place);
    void this.next(work.place);
  }

  /** The files of a place that are whole, to be sent with a message: they stand here no longer. */
  take(place: string): Upload[] {
    const taken = this.works.filter((w) => w.place === place && w.state === 'ready');
    this.works = this.works.filter((w) => !taken.includes(w));
    taken.forEach((w) => this.forget(w));
    this.tell(place);
    return taken.map(shownOf);
  }

  /** One file of a place after the other, in the order in which they were chosen. */
  private async next(place: string): Promise<void> {
    if (this.works.some((w) => w.place === place && (w.state === 'sending' || w.state === 'waiting'))) return;
    const work = this.works.find((w) => w.place === place && w.state === 'reading');
    if (!work) return;
    work.state = 'sending';
    this.tell(place);
    try {
      await this.send(work);
      if (this.stopped) return;
      work.state = 'ready';
    } catch (e) {
      this.forget(work);
      work.state = 'failed';
      work.reason = e instanceof ApiError ? e.message : '';
      work.space = e instanceof ApiError ? e.space : null;
    }
    this.tell(place);
    void this.next(place);
  }

  private async send(work: Work): Promise<void> {
    const over = () => work.gone || this.stopped;
    if (!work.sha256) work.sha256 = await this.ports.sum(work.file, over);
    let answer: Answer | null = null;
    for (let lost = 0; !over();) {
      try {
        if (!answer) answer = work.id ? await this.ports.ask(work.id) : await this.begin(work);
        else answer = await this.ports.part(work.id, answer.stored, await work.file.slice(answer.stored, answer.stored + answer.part_max));
        if (work.gone) {
          void this.ports.cancel(answer.id).catch(() => undefined);
          return;
        }
        Object.assign(work, { id: answer.id, name: answer.name, stored: answer.stored, state: 'sending' });
        this.tell(work.place);
        if (answer.ready) return;
      } catch (e) {
        /* The server forgets after a day what was not sent: it begins anew. */
        const forgotten = e instanceof ApiError && e.code === 'not_found' && work.id !== '' && (lost += 1) <= TIMES_LOST;
        if (forgotten) Object.assign(work, { id: '', stored: 0 });
        const resync = forgotten || (e instanceof ApiError && e.code === 'conflict' && work.id !== '');
        if (!resync && !(e instanceof ApiError && passes(e))) throw e;
        answer = null;                                    // where to go on says the server
        if (resync) continue;
        work.state = 'waiting';
        this.tell(work.place);
        await this.ports.pause(Math.max(PAUSE_S, (e as ApiError).retryAfter));
      }
    }
  }

  private async begin(work: Work): Promise<Answer> {
    const { name, size, sha256, kept } = work;
    const answer = await this.ports.begin(roomOf(work.place), { name, size, sha256 });
    if (kept) void this.keeper.then((k) => k?.note(kept, { id: answer.id, sha256 }));
    return answer;
  }

  private tell(place: string): void {
    const list = this.works.filter((w) => w.place === place).map(shownOf);
    this.shown = new Map(this.shown).set(place, list);
    this.listeners.forEach((f) => f());
  }
}

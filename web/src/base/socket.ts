// The WebSocket of one tenant. It asks for a ticket, opens, lets its owner sync, and opens again after a loss with a
// growing, scattered pause. Requests that were under way when it broke end with the error "offline".
import { ApiError, call, toError } from './api.ts';
import { uuid7 } from './ids.ts';

export type SocketState = 'connecting' | 'open' | 'waiting' | 'closed';
export interface ServerEvent {
  event: string;
  pos?: number;
  room?: string;
  data?: unknown;
}
interface Pending {
  done: (body: unknown) => void;
  fail: (e: ApiError) => void;
  timer: ReturnType<typeof setTimeout>;
}
export interface SocketOwner {
  onState: (state: SocketState) => void;
  onEvent: (event: ServerEvent) => void;
  /** The socket is open: fetch what was missed. Requests wait until this is done. */
  onOpen: () => Promise<void>;
}

const SESSION_ENDED = 4401;
const REQUEST_TIMEOUT = 15_000;
const FIRST_PAUSE = 500;
const LONGEST_PAUSE = 30_000;

/** Half of the doubled pause is fixed, half is chance: many clients do not come back in one moment. */
export function pauseBefore(attempt: number, chance: number): number {
  const full = Math.min(LONGEST_PAUSE, FIRST_PAUSE * 2 ** attempt);
  return full / 2 + (full / 2) * chance;
}

export class Socket {
  private readonly tenant: string;
  private readonly owner: SocketOwner;
  private readonly pending = new Map<string, Pending>();
  private ws: WebSocket | null = null;
  private state: SocketState = 'waiting';
  private attempt = 0;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private stopped = false;

  constructor(tenant: string, owner: SocketOwner) {
    this.tenant = tenant;
    this.owner = owner;
  }

  start(): void {
    window.addEventListener('online', this.hurry);
    window.addEventListener('offline', this.lost);
    document.addEventListener('visibilitychange', this.hurry);
    void this.connect();
  }

  stop(): void {
    this.stopped = true;
    clearTimeout(this.timer);
    window.removeEventListener('online', this.hurry);
    window.removeEventListener('offline', this.lost);
    document.removeEventListener('visibilitychange', this.hurry);
    this.ws?.close(1000);
    this.drop();
    this.setState('closed');
  }

  get isOpen(): boolean {
    return this.state === 'open';
  }

  request(op: string, params: object, body: object): Promise<unknown> {
    const { ws } = this;
    if (!ws || this.state !== 'open') return Promise.reject(new ApiError('offline', 0));
    const id = uuid7();
    return new Promise((done, fail) => {
      const timer = setTimeout(() => {
        this.pending.delete(id);
        fail(new ApiError('offline', 0));
        this.giveUp(ws);
      }, REQUEST_TIMEOUT);
      this.pending.set(id, { done, fail, timer });
      ws.send(JSON.stringify({ id, op, params, body }));
    });
  }

  /** What came over this connection cannot be used: a new one, and a new sync. */
  again(): void {
    this.ws?.close(4000);
  }

  private readonly hurry = (): void => {
    if (this.state !== 'waiting' || document.visibilityState === 'hidden') return;
    clearTimeout(this.timer);
    this.attempt = 0;
    void this.connect();
  };

  /** The device says that it has no network: what is written now waits, and is seen to wait. */
  private readonly lost = (): void => {
    if (this.ws) this.giveUp(this.ws);
  };

  /** A lost network brings no farewell: the connection counts as closed at once. */
  private giveUp(ws: WebSocket): void {
    ws.close(4000);
    this.closed(ws, 4000);
  }

  private async connect(): Promise<void> {
    this.setState('connecting');
    try {
      const { ticket } = await call(this.tenant, 'ws.ticket');
      if (this.stopped) return;
      const url = new URL(`/t/${this.tenant}/ws`, window.location.href);
      url.protocol = url.protocol === 'https:' ? 'wss:' : 'ws:';
      const ws = new WebSocket(url, ['engawa.v1', `ticket.${ticket}`]);
      this.ws = ws;
      ws.onopen = () => void this.opened(ws);
      ws.onmessage = (e) => this.ws === ws && this.received(String(e.data));
      ws.onclose = (e) => this.closed(ws, e.code);
    } catch (e) {
      if (e instanceof ApiError && e.status === 401) return;
      this.retryLater(e instanceof ApiError ? e.retryAfter * 1000 : 0);
    }
  }

  private async opened(ws: WebSocket): Promise<void> {
    try {
      await this.owner.onOpen();
    } catch {
      ws.close(4000);
      return;
    }
    if (this.ws !== ws || ws.readyState !== WebSocket.OPEN) return;
    this.attempt = 0;
    this.setState('open');
  }

  private received(text: string): void {
    let frame: { id?: string; status?: number; body?: unknown; event?: string };
    try {
      frame = JSON.parse(text) as typeof frame;
    } catch {
      return;
    }
    if (frame.event) {
      this.owner.onEvent(frame as ServerEvent);
      return;
    }
    const waiting = frame.id === undefined ? undefined : this.pending.get(frame.id);
    if (!waiting || frame.id === undefined) return;
    this.pending.delete(frame.id);
    clearTimeout(waiting.timer);
    const status = frame.status ?? 500;
    if (status < 300) waiting.done(frame.body);
    else waiting.fail(toError(status, frame));
  }

  private closed(ws: WebSocket, code: number): void {
    if (this.ws !== ws) return;
    this.drop();
    if (this.stopped) return;
    if (code === SESSION_ENDED && this.attempt === 0) {
      this.attempt = 1;
      void this.connect(); // the ticket tells whether there is another session, and who is told otherwise
    } else {
      this.retryLater(0);
    }
  }

  private drop(): void {
    this.ws = null;
    for (const p of this.pending.values()) {
      clearTimeout(p.timer);
      p.fail(new ApiError('offline', 0));
    }
    this.pending.clear();
  }

  private retryLater(atLeast: number): void {
    if (this.stopped) return;
    this.setState('waiting');
    const pause = Math.max(atLeast, pauseBefore(this.attempt, Math.random()));
    this.attempt += 1;
    clearTimeout(this.timer);
    this.timer = setTimeout(() => void this.connect(), pause);
  }

  private setState(state: SocketState): void {
    if (this.state === state) return;
    this.state = state;
    this.owner.onState(state);
  }
}

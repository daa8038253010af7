// The first answers. Whoever opens a room waits for four of them, each asked for when a screen finds out that it needs it. Where
// the account was used in this browser before, they are asked for here, while the code of the screens is still being read. Each
// is used once, by the call that it answers (api.ts), and only a good one: what was refused is asked for again in its own time.
import { currentTenant, storedPrefs } from './stored.ts';

export interface Early {
  answer: Response;
  /** When it came. */
  at: number;
}

/** What nobody has asked for after so long is too old. */
const SOON = 10_000;
const TIMEOUT = 20_000;
const ADDRESS = /^(?:\/t\/(\d{1,19})\/app)?\/?(?:talk(?:\/(\d{1,19})(?:\/([1-9]\d{0,9}))?)?)?$/;

const asked = new Map<string, Promise<Early | null>>();

async function ask(url: string): Promise<Early | null> {
  const answer = await fetch(url, { credentials: 'same-origin', cache: 'no-store', redirect: 'error', signal: AbortSignal.timeout(TIMEOUT) });
  return answer.ok ? { answer, at: Date.now() } : null;
}

/** The answer to a GET that is under way; null: it was refused. Rejected: the network is not there. */
export function takeEarly(url: string): Promise<Early | null> | null {
  const answer = asked.get(url) ?? null;
  asked.delete(url);
  return answer;
}

/** Something is about to become another: the answers of before it are of no use. */
export function forgetEarly(): void {
  asked.clear();
}

/** What the screens of an address begin with. A room's messages come after the list of rooms: events are followed from that on. */
export function firstCalls(path: string, here: string | null): { tenant: string; history: string | null } | null {
  const found = ADDRESS.exec(path);
  const tenant = found?.[1] ?? here;
  if (!found || !tenant) return null;
  const [, , room, seq] = found;
  return { tenant, history: room ? `/rooms/${room}/messages?${seq ? `around=${seq}&limit=100` : 'limit=50'}` : null };
}

export function askAhead(): void {
  const first = firstCalls(window.location.pathname, currentTenant());
  const { accounts } = storedPrefs() as { accounts?: { tenant: string }[] };
  if (!first || !accounts?.some((a) => a.tenant === first.tenant)) return;
  const keep = (path: string, answer: Promise<Early | null>) => {
    const url = `/t/${first.tenant}${path}`;
    asked.set(url, answer);
    answer.catch(() => asked.get(url) === answer && asked.delete(url)); // what comes later has its own attempt
  };
  keep('/me', ask(`/t/${first.tenant}/me`));
  const rooms = ask(`/t/${first.tenant}/rooms`);
  keep('/rooms', rooms);
  keep('/members?limit=1000', ask(`/t/${first.tenant}/members?limit=1000`));
  if (first.history) keep(first.history, rooms.then((r) => r && ask(`/t/${first.tenant}${first.history}`)));
  setTimeout(forgetEarly, SOON);
}

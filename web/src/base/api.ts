// Calls of the server by the name of the operation. One error class; nothing here retries by itself.
import { errorSentences, ops, type CallArgs, type ErrorCode, type OpName, type Ops } from '../../gen/api.ts';
import { forgetEarly, takeEarly } from './ahead.ts';
import { currentLang } from './i18n.ts';

const TIMEOUT = 20_000;
const LONG_TIMEOUT = 600_000;
/** A list of 10,000 members takes its time, and its screen says that the server works. */
const LONG = new Set<OpName>(['console.import.check', 'console.import.run']);
/** Answers to a session that tell that it is over; a wrong password (sign_in) or a missing proof is none. */
const ENDS_SESSION = new Set<string>(['session_ended', 'suspended', 'not_started']);

/** Answers that tell that the account is not to be used from here, or not in the app. */
const REFUSES_HERE = new Set<string>(['ip_not_allowed', 'app_suspended']);

/** A service is not to be used with this client, or the app not at all: who is signed in is read anew, and says which. */
const SERVICE_REFUSED = 'service_disabled';

/** What stands before everything else. */
const FIRST_STEPS = new Set<string>(['second_step_required', 'password_change_required', 'terms_required']);

export interface Space {
  used: number;
  left: number;
}

export class ApiError extends Error {
  readonly code: ErrorCode | 'offline';
  readonly status: number;
  readonly ref: string;
  readonly retryAfter: number;
  /** Which input was refused, or ''. */
  readonly field: string;
  /** How many stand in the way, where the server counts them; else 0. */
  readonly count: number;
  /** Bytes that are there and that still could be, where it was refused for want of room. */
  readonly space: Space | null;

  constructor(code: ErrorCode | 'offline', status: number, message = '', ref = '', retryAfter = 0, field = '', count = 0, space: Space | null = null) {
    super(message || code);
    this.code = code;
    this.status = status;
    this.ref = ref;
    this.retryAfter = retryAfter;
    this.field = field;
    this.count = count;
    this.space = space;
  }
}

/** The answer, or the error "offline" after so long: the network says that it is there and brings nothing. */
export function patiently<T>(answer: Promise<T>, time: number): Promise<T> {
  return new Promise((done, fail) => {
    const timer = setTimeout(() => fail(new ApiError('offline', 0)), time);
    answer.then(done, fail).finally(() => clearTimeout(timer));
  });
}

interface Parts {
  params?: Record<string, string>;
  query?: Record<string, unknown>;
  body?: unknown;
}

const refusedServices = new Set<(tenant: string) => void>();

/** f is called when the server says that a service is not to be used with this client. */
export function onServiceRefused(f: (tenant: string) => void): () => void {
  refusedServices.add(f);
  return () => refusedServices.delete(f);
}

/** Refusals that pass: what was asked may be asked again as it is, once the network, the session or a rule lets it. Others are answers. */
const PASSING = new Set<string>([
  'offline', 'ip_not_allowed', 'app_suspended', SERVICE_REFUSED, 'retry', 'too_many', 'session_ended', 'suspended', 'not_started', 'internal', 'misdirected',
]);
export const passes = (e: ApiError): boolean => PASSING.has(e.code);

const endListeners = new Set<(tenant: string) => void>();
const changeListeners = new Set<(tenant: string) => void>();

/** f is called when the server says that a new password must be set, or the terms be accepted, before anything else. */
export function onStepDue(f: (tenant: string) => void): () => void {
  changeListeners.add(f);
  return () => changeListeners.delete(f);
}

const refusedHere = new Set<(tenant: string, e: ApiError) => void>();

/** f is called when the server says that the tenant is not to be used from this network, or not in the app. */
export function onRefusedHere(f: (tenant: string, e: ApiError) => void): () => void {
  refusedHere.add(f);
  return () => refusedHere.delete(f);
}

/** f is called when the server says that the session of a tenant is over. */
export function onSessionEnded(f: (tenant: string) => void): () => void {
  endListeners.add(f);
  return () => endListeners.delete(f);
}

let renewal = (_tenant: string): Promise<boolean> => Promise.resolve(false);

/** f is asked for a new session of the tenant when one is over, and says whether there is one. */
export function renewBy(f: (tenant: string) => Promise<boolean>): void {
  renewal = f;
}

/** How far the server's clock is ahead of this one's. */
let ahead = 0;
export const serverNow = (): number => Date.now() + ahead;

function heedClock(answer: Response, at = Date.now()): void {
  const time = Date.parse(answer.headers.get('Date') ?? '');
  if (!Number.isNaN(time)) ahead = time - at;
}

export function sessionEnded(tenant: string): void {
  endListeners.forEach((f) => f(tenant));
}

/** The path and query of an operation below its tenant. */
export function opPath(op: OpName, parts: Parts): string {
  const path = ops[op].path.replace(/:(\w+)/g, (_, name: string) => encodeURIComponent(parts.params?.[name] ?? ''));
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(parts.query ?? {})) {
    if (value !== undefined && value !== null) query.set(name, String(value));
  }
  /* A blank is %20 to the server: to it a plus is a plus. */
  return query.size > 0 ? `${path}?${String(query).replaceAll('+', '%20')}` : path;
}

export function toError(status: number, body: unknown, retryAfter = 0): ApiError {
  const e = (body as { error?: { code?: string; message?: string; ref?: string; field?: string; count?: number; used?: number; left?: number } } | null)?.error;
  const known = e?.code !== undefined && e.code in errorSentences.ja;
  const code = known ? (e.code as ErrorCode) : status === 503 ? 'retry' : status === 429 ? 'too_many' : 'internal';
  return new ApiError(code, status, e?.message || errorSentences[currentLang()][code], e?.ref ?? '', retryAfter, e?.field ?? '', e?.count ?? 0,
    e?.used === undefined ? null : { used: e.used, left: e.left ?? 0 });
}

/** A Blob goes as the bytes that it is, everything else as JSON. */
async function send(url: string, method: string, body: unknown, file = false, long = file): Promise<unknown> {
  const bytes = body instanceof Blob;
  const headers: Record<string, string> = { 'Accept-Language': currentLang() };
  if (method !== 'GET') headers['X-Engawa'] = '1';
  if (body !== undefined) headers['Content-Type'] = bytes ? 'application/octet-stream' : 'application/json';
  let answer: Response;
  let text: string;
  if (method !== 'GET') forgetEarly();
  try {
    const asked = takeEarly(url);
    const early = asked && (await asked);
    answer = early?.answer ?? await fetch(url, {
      method,
      headers,
      ...(body === undefined ? {} : { body: bytes ? body : JSON.stringify(body) }),
      credentials: 'same-origin',
      cache: 'no-store',
      redirect: 'error',
      signal: AbortSignal.timeout(long ? LONG_TIMEOUT : TIMEOUT),
    });
    heedClock(answer, early?.at);
    if (file && answer.ok) return await answer.blob();
    text = await answer.text();
  } catch {
    throw new ApiError('offline', 0);
  }
  let json: unknown = null;
  try {
    json = text ? JSON.parse(text) : {};
  } catch {
    if (answer.ok) throw new ApiError('internal', answer.status, errorSentences[currentLang()].internal);
  }
  if (!answer.ok) throw toError(answer.status, json, Number(answer.headers.get('Retry-After') ?? 0));
  return json;
}

/** One call and its answer; what the answer says of the session is the caller's matter. */
export async function callPlainly<N extends OpName>(tenant: string, op: N, ...args: CallArgs<N>): Promise<Ops[N]['output']> {
  const parts = (args[0] ?? {}) as Parts;
  const { file } = ops[op];
  return (await send(`/t/${tenant}${opPath(op, parts)}`, ops[op].method, parts.body, file, file || LONG.has(op))) as Ops[N]['output'];
}

export async function call<N extends OpName>(tenant: string, op: N, ...args: CallArgs<N>): Promise<Ops[N]['output']> {
  try {
    return await callPlainly(tenant, op, ...args).catch(async (e: unknown) => {
      /* What was refused was not done: it can be asked for once more. */
      if (!(e instanceof ApiError) || e.code !== 'session_ended' || !(await renewal(tenant))) throw e;
      return callPlainly(tenant, op, ...args);
    });
  } catch (e) {
    if (e instanceof ApiError && ENDS_SESSION.has(e.code)) sessionEnded(tenant);
    if (e instanceof ApiError && REFUSES_HERE.has(e.code)) refusedHere.forEach((f) => f(tenant, e));
    if (e instanceof ApiError && e.code === SERVICE_REFUSED) refusedServices.forEach((f) => f(tenant));
    if (e instanceof ApiError && FIRST_STEPS.has(e.code)) changeListeners.forEach((f) => f(tenant));
    throw e;
  }
}

/** A part of an upload: bytes as they are. On a slow line a part takes its time. */
export function putPart(tenant: string, upload: string, at: number, bytes: Blob): Promise<Ops['file.part']['output']> {
  const url = `/t/${tenant}${opPath('file.part', { params: { upload }, query: { at } })}`;
  return send(url, ops['file.part'].method, bytes, false, true) as Promise<Ops['file.part']['output']>;
}

export type OpOutput<N extends OpName> = Ops[N]['output'];

/** The same answer whether somebody has the ID or not. */
export async function reportForgotten(workgroup: string, id: string): Promise<void> {
  await send(`/w/${encodeURIComponent(workgroup)}/forgot`, 'POST', { id } satisfies Ops['password.forgot']['body']);
}

/** Before a session the tenant is known by the name of its workgroup alone. */
export async function openSession(
  workgroup: string, body: Ops['session.open']['body'],
): Promise<Ops['session.open']['output']> {
  const url = `/w/${encodeURIComponent(workgroup)}/session`;
  return (await send(url, 'POST', body)) as Ops['session.open']['output'];
}

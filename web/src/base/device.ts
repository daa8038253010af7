// The installed app on a phone: its session hangs on a key of this device that cannot be read out (ECDSA P-256, IndexedDB). The
// key is made after a full sign-in, begins every session of channel MP by its signature, and goes when the account is left. A
// page in a tab of the browser neither makes nor uses one.
import { ApiError, callPlainly, renewBy, serverNow } from './api.ts';
import { getPrefs, isTouch } from './prefs.ts';
import type { Me } from './types.ts';

const DATABASE = 'engawa-device';
const STORE = 'keys';
/** A proven password is fresh for five minutes to the server. */
const FRESH = 4 * 60_000;
const CURVE = { name: 'ECDSA', namedCurve: 'P-256' };

interface DeviceKey {
  device: string;
  /** Whose it is: another member who signs in here does not get this one's sessions. */
  member: string;
  key: CryptoKey;
  /** The time under its last signature. */
  used: number;
}

const proven = new Map<string, number>();

/** The app has its own window: no browser is around it. */
export const isStandalone = (): boolean => window.matchMedia('(display-mode: standalone)').matches
  || (navigator as { standalone?: boolean }).standalone === true;

/** On a computer an installed window stays a browser: channel MP is of phones and tablets. */
export const isApp = (): boolean => isStandalone() && isTouch();

/** The member of the tenant has just proven the password. */
export function provenNow(tenant: string): void {
  proven.set(tenant, Date.now());
}

const asPromise = <T>(r: IDBRequest<T>): Promise<T> => new Promise((done, fail) => {
  r.onsuccess = () => done(r.result);
  r.onerror = () => fail(r.error);
});

async function inStore<T>(mode: IDBTransactionMode, work: (rows: IDBObjectStore) => IDBRequest<T>): Promise<T> {
  const opening = indexedDB.open(DATABASE, 1);
  opening.onupgradeneeded = () => { // looking brings none into being
    if (mode === 'readonly') opening.transaction!.abort();
    else opening.result.createObjectStore(STORE);
  };
  const db = await asPromise(opening);
  try {
    return await asPromise(work(db.transaction(STORE, mode).objectStore(STORE)));
  } finally {
    db.close();
  }
}

const keyOf = (tenant: string): Promise<DeviceKey | undefined> => inStore('readonly', (rows) => rows.get(tenant) as IDBRequest<DeviceKey | undefined>).catch(() => undefined);
const keep = (tenant: string, k: DeviceKey): Promise<unknown> => inStore('readwrite', (rows) => rows.put(k, tenant));

/** An app of this browser has a key for the account, whatever window asks. */
export const hasDeviceKey = async (tenant: string): Promise<boolean> => (await keyOf(tenant)) !== undefined;

export async function forgetDevice(tenant: string): Promise<void> {
  proven.delete(tenant);
  if (await hasDeviceKey(tenant)) await inStore('readwrite', (rows) => rows.delete(tenant)).catch(() => undefined);
}

const base64url = (bytes: ArrayBuffer): string => btoa(String.fromCharCode(...new Uint8Array(bytes))).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');

/** As doc/formats.md says it. */
const textOf = (tenant: string, device: string, time: number): string => `engawa device session 1\n${tenant}\n${device}\n${time}\n`;

/** A session by the key's signature; null: the server refuses the key, which is of no use any more. */
async function begin(tenant: string, k: DeviceKey): Promise<Me | null> {
  const time = Math.max(serverNow(), k.used + 1);
  await keep(tenant, { ...k, used: time }); // before it is sent: the server takes no time twice
  const text = new TextEncoder().encode(textOf(tenant, k.device, time));
  const signature = base64url(await crypto.subtle.sign({ name: 'ECDSA', hash: 'SHA-256' }, k.key, text));
  try {
    return await callPlainly(tenant, 'device.session', { body: { device: k.device, time, signature } });
  } catch (e) {
    if (!(e instanceof ApiError) || e.status !== 401) throw e;
    await forgetDevice(tenant);
    return null;
  }
}

async function enrol(tenant: string, member: string): Promise<DeviceKey> {
  const pair = await crypto.subtle.generateKey(CURVE, false, ['sign', 'verify']);
  const point = base64url(await crypto.subtle.exportKey('raw', pair.publicKey));
  const { device } = await callPlainly(tenant, 'device.enrol', { body: { key: point } });
  const k = { device, member, key: pair.privateKey, used: 0 };
  await keep(tenant, k);
  return k;
}

/** One window at a time: a signature ends the session that the one before began. */
const alone = <T>(tenant: string, work: () => Promise<T>): Promise<T> => (navigator.locks
  ? (navigator.locks.request(DATABASE + tenant, work) as Promise<T>) : work());

/** The app's own session in place of `me`'s, where there can be one; else `me` goes on as it is. */
export async function asApp(me: Me): Promise<Me> {
  const { tenant } = me;
  if (!isApp() || me.must_change !== '' || me.terms !== '' || me.channel === 'MP') return me;
  const fresh = Date.now() - (proven.get(tenant) ?? -Infinity) < FRESH;
  return alone(tenant, async () => {
    const known = await keyOf(tenant);
    if (!fresh && known?.member !== me.id) return me;
    return (await begin(tenant, fresh ? await enrol(tenant, me.id) : known!)) ?? me;
  }).catch(() => me).finally(() => proven.delete(tenant));
}

/** The session is over: the key begins the next one. False: there is none, or it is refused; then only the password helps. */
async function renewed(tenant: string): Promise<boolean> {
  if (!isApp()) return false;
  const member = getPrefs().accounts.find((a) => a.tenant === tenant)?.member;
  return alone(tenant, async () => {
    const k = await keyOf(tenant);
    if (!k || k.member !== member) return false;
    const meanwhile = await callPlainly(tenant, 'me.read').then((me) => me.id === member, () => false); // by another window
    return meanwhile || (await begin(tenant, k)) !== null;
  });
}

renewBy(renewed);

// What this browser keeps of one account, encrypted (IndexedDB, AES-256-GCM with a key that cannot be read out): drafts,
// unsent messages, and what is read without a network. One vault per tenant and member. It has a term, which every contact
// with the server renews; when that is over, at logging out and when the server ends the session, key and rows go together.

const PREFIX = 'engawa-';
const STORE = 'rows';
const KEY_ROW = 'key';
const TERM_ROW = 'term';
const DAY = 86_400_000;
/** Until the server has said how long: as long as it says by default. */
const DEFAULT_DAYS = 7;

/** Nothing here fails: what cannot be kept is not kept, and what cannot be read is not there. */
export interface Vault {
  get: <T>(name: string) => Promise<T | undefined>;
  put: (name: string, value: unknown) => Promise<void>;
  /** Bytes as they are. false: there is no room for them. */
  putBytes: (name: string, bytes: ArrayBuffer) => Promise<boolean>;
  bytes: (name: string) => Promise<ArrayBuffer | undefined>;
  remove: (name: string) => Promise<void>;
  names: (prefix: string) => Promise<string[]>;
  all: <T>(prefix: string) => Promise<Map<string, T>>;
  /** The server was reached: the rows may stay for so many days from now. */
  renew: (days: number) => Promise<void>;
  close: () => void;
  destroy: () => Promise<void>;
}

const asPromise = <T>(r: IDBRequest<T>): Promise<T> => new Promise((done, fail) => {
  r.onsuccess = () => done(r.result);
  r.onerror = () => fail(r.error);
});

async function openDatabase(name: string, made = true): Promise<IDBDatabase> {
  const request = indexedDB.open(name, 1);
  request.onupgradeneeded = () => (made ? request.result.createObjectStore(STORE) : request.transaction!.abort());
  return asPromise(request);
}

const rowsOf = (db: IDBDatabase, mode: IDBTransactionMode): IDBObjectStore => db.transaction(STORE, mode).objectStore(STORE);

/** The time until which a vault may be read; undefined: none was set yet. */
async function termOf(db: IDBDatabase): Promise<number | undefined> {
  return ((await asPromise(rowsOf(db, 'readonly').get(TERM_ROW))) as { until: number } | undefined)?.until;
}

async function loadKey(db: IDBDatabase): Promise<CryptoKey> {
  const made = await crypto.subtle.generateKey({ name: 'AES-GCM', length: 256 }, false, ['encrypt', 'decrypt']);
  const store = rowsOf(db, 'readwrite');
  const kept = await asPromise(store.get(KEY_ROW) as IDBRequest<CryptoKey | undefined>);
  if (kept) return kept;
  await asPromise(store.put(made, KEY_ROW));
  await asPromise(store.put({ until: Date.now() + DEFAULT_DAYS * DAY }, TERM_ROW));
  return made;
}

interface Sealed {
  iv: Uint8Array<ArrayBuffer>;
  data: ArrayBuffer;
}

const nameOf = (tenant: string, member: string): string => `${PREFIX}${tenant}-${member}`;
const remove = async (name: string): Promise<void> => void (await asPromise(indexedDB.deleteDatabase(name)));

/** Whose a vault is that is of no account: what another app handed over before it is known to whom. */
export const NOBODY = ['0', '0'] as const;

/** Destroys the vault of an account, also while it is open somewhere. */
export const forgetVault = (tenant: string, member: string): Promise<void> => remove(nameOf(tenant, member)).catch(() => undefined);

/** The vault of an account; one whose term is over is destroyed first, and begins empty. Rejected: there is none, and none is to
 * be made. */
export async function openVault(tenant: string, member: string, made = true): Promise<Vault> {
  const dbName = nameOf(tenant, member);
  let db = await openDatabase(dbName, made);
  if (((await termOf(db)) ?? Infinity) < Date.now()) {
    db.close();
    await remove(dbName);
    db = await openDatabase(dbName, made);
  }
  const key = await loadKey(db);
  let open = true;
  const close = () => {
    open = false;
    db.close();
  };
  db.onversionchange = close;
  const bound = (name: string) => new TextEncoder().encode(name);
  const tried = async <T>(work: () => Promise<T>, otherwise: T): Promise<T> => (open ? work().catch(() => otherwise) : otherwise);

  async function sealBytes(name: string, bytes: BufferSource): Promise<Sealed> {
    const iv = crypto.getRandomValues(new Uint8Array(12));
    return { iv, data: await crypto.subtle.encrypt({ name: 'AES-GCM', iv, additionalData: bound(name) }, key, bytes) };
  }
  const seal = (name: string, value: unknown): Promise<Sealed> => sealBytes(name, new TextEncoder().encode(JSON.stringify(value)));
  async function unsealBytes(name: string, row: Sealed | undefined): Promise<ArrayBuffer | undefined> {
    if (!row) return undefined;
    const how = { name: 'AES-GCM', iv: row.iv, additionalData: bound(name) };
    return crypto.subtle.decrypt(how, key, row.data).catch(() => undefined);
  }
  async function unseal<T>(name: string, row: Sealed | undefined): Promise<T | undefined> {
    const text = await unsealBytes(name, row);
    return text ? (JSON.parse(new TextDecoder().decode(text)) as T) : undefined;
  }
  const range = (prefix: string) => IDBKeyRange.bound(prefix, `${prefix}\uffff`);

  return {
    get: (name) => tried(async () => unseal(name, await asPromise(rowsOf(db, 'readonly').get(name) as IDBRequest<Sealed | undefined>)), undefined),
    put: (name, value) => tried(async () => {
      const row = await seal(name, value);
      await asPromise(rowsOf(db, 'readwrite').put(row, name));
    }, undefined),
    putBytes: (name, bytes) => tried(async () => {
      const row = await sealBytes(name, bytes);
      await asPromise(rowsOf(db, 'readwrite').put(row, name));
      return true;
    }, false),
    bytes: (name) => tried(async () => unsealBytes(name, await asPromise(rowsOf(db, 'readonly').get(name) as IDBRequest<Sealed | undefined>)), undefined),
    remove: (name) => tried(async () => asPromise(rowsOf(db, 'readwrite').delete(name)), undefined),
    names: (prefix) => tried(async () => (await asPromise(rowsOf(db, 'readonly').getAllKeys(range(prefix)))).map(String), []),
    all: <T>(prefix: string) => tried(async () => {
      const store = rowsOf(db, 'readonly');
      const [names, sealed] = await Promise.all([
        asPromise(store.getAllKeys(range(prefix))), asPromise(store.getAll(range(prefix)) as IDBRequest<Sealed[]>)]);
      const found = new Map<string, T>();
      for (const [i, name] of names.entries()) {
        const value = await unseal<T>(String(name), sealed[i]);
        if (value !== undefined) found.set(String(name).slice(prefix.length), value);
      }
      return found;
    }, new Map<string, T>()),
    renew: (days) => tried(async () => void (await asPromise(rowsOf(db, 'readwrite').put({ until: Date.now() + days * DAY }, TERM_ROW))), undefined),
    close,
    destroy: async () => {
      close();
      await remove(dbName).catch(() => undefined);
    },
  };
}

/** Puts one row into a vault that is there already. */
export async function putIntoVault(tenant: string, member: string, name: string, value: unknown): Promise<void> {
  const vault = await openVault(tenant, member, false);
  await vault.put(name, value).finally(() => vault.close());
}

/** A row of an account's vault, where it has one; no vault comes into being by asking. */
export async function lookIntoVault<T>(tenant: string, member: string, name: string): Promise<T | undefined> {
  await clearVaults();
  const names = (await indexedDB.databases()).map((d) => d.name);
  if (!names.includes(nameOf(tenant, member))) return undefined;
  const vault = await openVault(tenant, member, false); // it may have gone since
  const row = await vault.get<T>(name);
  vault.close();
  return row;
}

/** Destroys every vault of this browser whose term is over, whosever it is. */
export async function clearVaults(): Promise<void> {
  for (const { name } of await indexedDB.databases()) {
    if (!name || !/^engawa-\d+-\d+$/.test(name)) continue;
    const db = await openDatabase(name, false).catch(() => null); // it went meanwhile: looking brings none back
    if (!db) continue;
    db.onversionchange = () => db.close();
    const until = await termOf(db).catch(() => undefined);
    db.close();
    if (until !== undefined && until < Date.now()) await remove(name);
  }
}

// Drafts and unsent messages, kept encrypted in this browser (IndexedDB, AES-256-GCM with a key that cannot be read
// out). One vault per tenant and member; logging out destroys it with its key.

const STORE = 'rows';
const KEY_ROW = 'key';

export interface Vault {
  get: <T>(name: string) => Promise<T | undefined>;
  put: (name: string, value: unknown) => Promise<void>;
  remove: (name: string) => Promise<void>;
  all: <T>(prefix: string) => Promise<Map<string, T>>;
  destroy: () => Promise<void>;
}

const asPromise = <T>(r: IDBRequest<T>): Promise<T> => new Promise((done, fail) => {
  r.onsuccess = () => done(r.result);
  r.onerror = () => fail(r.error);
});

async function openDatabase(name: string): Promise<IDBDatabase> {
  const request = indexedDB.open(name, 1);
  request.onupgradeneeded = () => request.result.createObjectStore(STORE);
  const db = await asPromise(request);
  db.onversionchange = () => db.close();
  return db;
}

async function loadKey(db: IDBDatabase): Promise<CryptoKey> {
  const made = await crypto.subtle.generateKey({ name: 'AES-GCM', length: 256 }, false, ['encrypt', 'decrypt']);
  const store = db.transaction(STORE, 'readwrite').objectStore(STORE);
  const kept = await asPromise(store.get(KEY_ROW) as IDBRequest<CryptoKey | undefined>);
  if (kept) return kept;
  await asPromise(store.put(made, KEY_ROW));
  return made;
}

interface Sealed {
  iv: Uint8Array<ArrayBuffer>;
  data: ArrayBuffer;
}

const nameOf = (tenant: string, member: string): string => `engawa-${tenant}-${member}`;

/** Destroys the vault of an account that is not open here. */
export async function forgetVault(tenant: string, member: string): Promise<void> {
  await asPromise(indexedDB.deleteDatabase(nameOf(tenant, member)));
}

export async function openVault(tenant: string, member: string): Promise<Vault> {
  const dbName = nameOf(tenant, member);
  const db = await openDatabase(dbName);
  const key = await loadKey(db);
  const rows = (mode: IDBTransactionMode): IDBObjectStore => db.transaction(STORE, mode).objectStore(STORE);
  const bound = (name: string) => new TextEncoder().encode(name);

  async function seal(name: string, value: unknown): Promise<Sealed> {
    const iv = crypto.getRandomValues(new Uint8Array(12));
    const text = new TextEncoder().encode(JSON.stringify(value));
    return { iv, data: await crypto.subtle.encrypt({ name: 'AES-GCM', iv, additionalData: bound(name) }, key, text) };
  }
  async function unseal<T>(name: string, row: Sealed | undefined): Promise<T | undefined> {
    if (!row) return undefined;
    const how = { name: 'AES-GCM', iv: row.iv, additionalData: bound(name) };
    const text = await crypto.subtle.decrypt(how, key, row.data).catch(() => null);
    return text ? (JSON.parse(new TextDecoder().decode(text)) as T) : undefined;
  }

  return {
    get: async (name) => unseal(name, await asPromise(rows('readonly').get(name) as IDBRequest<Sealed | undefined>)),
    put: async (name, value) => {
      const row = await seal(name, value);
      await asPromise(rows('readwrite').put(row, name));
    },
    remove: async (name) => {
      await asPromise(rows('readwrite').delete(name));
    },
    all: async <T>(prefix: string) => {
      const range = IDBKeyRange.bound(prefix, `${prefix}\uffff`);
      const store = rows('readonly');
      const [names, sealed] = await Promise.all([
        asPromise(store.getAllKeys(range)), asPromise(store.getAll(range) as IDBRequest<Sealed[]>)]);
      const found = new Map<string, T>();
      for (const [i, name] of names.entries()) {
        const value = await unseal<T>(String(name), sealed[i]);
        if (value !== undefined) found.set(String(name).slice(prefix.length), value);
      }
      return found;
    },
    destroy: async () => {
      db.close();
      await asPromise(indexedDB.deleteDatabase(dbName));
    },
  };
}

// The few things of a browser that modules touch when they are imported.
const memory = () => {
  const rows = new Map();
  return { getItem: (k) => rows.get(k) ?? null, setItem: (k, v) => rows.set(k, String(v)), removeItem: (k) => rows.delete(k) };
};
globalThis.window ??= Object.assign(new EventTarget(), {
  location: new URL('https://engawa.test/talk'), history: {}, matchMedia: () => ({ matches: false }),
});
globalThis.document ??= Object.assign(new EventTarget(), { documentElement: {}, visibilityState: 'visible', querySelector: () => null });
globalThis.localStorage ??= memory();
globalThis.sessionStorage ??= memory();
globalThis.navigator ??= { language: 'ja-JP' };

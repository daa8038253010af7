// Where this browser keeps what it remembers without any secret (prefs.ts), for what begins before the screens do.
export const PREFS = 'engawa.prefs';
export const TENANT = 'engawa.tenant';

export function storedPrefs(): Record<string, unknown> {
  try {
    return JSON.parse(localStorage.getItem(PREFS) ?? '{}') as Record<string, unknown>;
  } catch {
    return {};
  }
}

export const currentTenant = (): string | null => sessionStorage.getItem(TENANT) ?? localStorage.getItem(TENANT);

// The way out of a step that comes before everything else: whether or not the server was reached, the person goes back to the
// log-in screen.
import { call } from '../base/api.ts';

export async function leave(tenant: string, signedOut: () => void): Promise<void> {
  await call(tenant, 'session.end').catch(() => undefined);
  signedOut();
}

// All colleagues, page by page: a list that names people needs every name.
import { call } from './api.ts';
import type { Member } from './types.ts';

export async function colleagues(tenant: string): Promise<Member[]> {
  const all: Member[] = [];
  for (let more = true; more;) {
    const after = all.at(-1)?.id;
    const page = await call(tenant, 'member.list', { query: after ? { limit: 1000, after } : { limit: 1000 } });
    all.push(...page.members);
    more = page.more && page.members.length > 0;
  }
  return all;
}

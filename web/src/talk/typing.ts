// Who is writing in which room, and until when that counts.
export type Typing = ReadonlyMap<string, ReadonlyMap<string, number>>;

const COUNTS = 5_000;

export function withTyping(all: Typing, room: string, member: string, now: number): Typing {
  const here = new Map([...(all.get(room) ?? [])].filter(([, until]) => until > now)).set(member, now + COUNTS);
  return new Map(all).set(room, here);
}

export function withoutTyping(all: Typing, room: string, member: string): Typing {
  const here = all.get(room);
  if (!here?.has(member)) return all;
  const rest = new Map(here);
  rest.delete(member);
  return new Map(all).set(room, rest);
}

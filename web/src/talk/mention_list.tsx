// Whom one may name in a room: shown above the field while a name is typed after @.
import { useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { call } from '../base/api.ts';
import { Face, photoOf } from '../base/face.tsx';
import { foldName } from '../base/fold.ts';
import type { Nameable } from './mention.ts';
import { fullName } from './names.ts';
import { useTalk, useTalkStore } from './talk.ts';

const SHOWN = 6;
export interface Candidate extends Nameable {
  search: string;
}

/** Those in the room, by reading, everybody at once, and units, whose members in the room are meant; asked for when the
 * first @ is typed. */
export function useNameable(room: string, wanted: boolean): Candidate[] {
  const { t } = useTranslation();
  const { me } = useTalkStore();
  const members = useTalk((s) => s.members);
  const size = useTalk((s) => s.rooms.find((r) => r.id === room)?.members ?? 0);
  const found = useQuery({ queryKey: ['room', me.tenant, room, size, ''], enabled: wanted, queryFn: () => call(me.tenant, 'room.read', { params: { room } }) });
  const units = useQuery({ queryKey: ['units', me.tenant], enabled: wanted && size > 2, queryFn: () => call(me.tenant, 'unit.list', { query: {} }) });
  return useMemo(() => {
    const people = (found.data?.member_ids ?? []).filter((id) => id !== me.id).flatMap((id) => members.get(id) ?? [])
      .sort((a, b) => `${a.family_reading}${a.given_reading}`.localeCompare(`${b.family_reading}${b.given_reading}`, 'ja'))
      .map((m): Candidate => ({ kind: 'member', id: m.id, name: fullName(m), search: foldName(`${m.family}${m.given} ${m.family_reading}${m.given_reading} ${m.nickname ?? ''}`) }));
    const all = t('talk.mention.all');
    if (people.length < 2) return people;
    const whole: Candidate = { kind: 'all', id: '', name: all, search: foldName(`${all} all ${t('talk.mention.all_words')}`) };
    return [whole, ...people, ...(units.data?.units ?? []).map((u): Candidate => ({ kind: 'unit', id: u.id, name: u.name, search: foldName(u.name) }))];
  }, [found.data, units.data, members, me.id, t]);
}

export const matching = (people: Candidate[], query: string): Candidate[] => people.filter((p) => p.search.includes(foldName(query))).slice(0, SHOWN);

export function MentionList({ people, at, choose }: { people: Candidate[]; at: number; choose: (p: Candidate) => void }) {
  const { t } = useTranslation();
  const { me } = useTalkStore();
  const members = useTalk((s) => s.members);
  return (
    <ul className="mention-list" id="mention-list" role="listbox" aria-label={t('talk.mention.label')}>
      {people.map((p, i) => (
        <li key={p.id || 'all'} id={`mention-${i}`} role="option" aria-selected={i === at} className="pick" onPointerDown={(e) => { e.preventDefault(); choose(p); }}>
          {p.kind === 'member' && <Face id={p.id} name={p.name} kind="person" size="small" photo={photoOf(me.tenant, members.get(p.id))} />}{p.kind === 'member' ? p.name : `@${p.name}`}{p.kind === 'unit' && <span className="small-print">{t('talk.mention.unit')}</span>}
        </li>
      ))}
    </ul>
  );
}

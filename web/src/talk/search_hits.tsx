// Messages that hold what is looked for, in all own talks; and what stands about one of them.
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { useDeferredValue, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { call } from '../base/api.ts';
import { Dialog } from '../base/dialog.tsx';
import { currentLang } from '../base/i18n.ts';
import { go, isOpen } from '../base/route.ts';
import { ErrorNote, Loading } from '../base/states.tsx';
import { postTime } from '../base/time.ts';
import { lineOf } from './content.tsx';
import { askable, questionOf, type Find } from './find.ts';
import { roomName, senderName } from './names.ts';
import { useTalk, useTalkStore } from './talk.ts';
import { Entry } from './thread.tsx';
import type { Ops } from '../../gen/api.ts';
import type { Message } from '../base/types.ts';

type Hit = Ops['talk.search']['output']['hits'][number];
const ABOUT = 21;

/** The part of the text about the first hit, its marks drawn; counted in code points as the server does. */
function Marked({ hit }: { hit: Hit }) {
  const { t } = useTranslation();
  if (hit.marks.length === 0) return <>{lineOf(t, hit.message)}</>;
  const points = [...hit.snippet.text];
  const pieces: { text: string; mark: boolean }[] = [];
  let at = 0;
  for (const m of hit.marks) {
    const from = Math.max(at, m.at - hit.snippet.at);
    const to = Math.min(points.length, m.at + m.length - hit.snippet.at);
    if (to <= from) continue;
    pieces.push({ text: points.slice(at, from).join(''), mark: false }, { text: points.slice(from, to).join(''), mark: true });
    at = to;
  }
  pieces.push({ text: points.slice(at).join(''), mark: false });
  return <>{hit.snippet.at > 0 && '…'}{pieces.map((p, i) => (p.mark ? <mark key={i}>{p.text}</mark> : p.text))}</>;
}

function About({ message, close }: { message: Message; close: () => void }) {
  const { t } = useTranslation();
  const talk = useTalkStore();
  const { me } = talk;
  const members = useTalk((s) => s.members);
  const room = useTalk((s) => s.rooms.find((r) => r.id === message.room));
  const found = useQuery({
    queryKey: ['about', me.tenant, message.id], staleTime: 0,
    queryFn: () => call(me.tenant, 'talk.history', { params: { room: message.room }, query: { around: message.seq, limit: ABOUT } }),
  });
  const open = () => {
    close();
    const page = `/talk/${message.room}/${message.seq}`;
    if (isOpen(page)) void talk.jump(message.room, message.seq);
    else go(page);
  };
  return (
    <Dialog opened close={close} title={room ? roomName(t, room, members) : t('talk.room.label')}>
      {found.isPending && <Loading />}
      {found.isError && <ErrorNote error={found.error} retry={() => void found.refetch()} />}
      <ul className="about-list">
        {[...(found.data?.messages ?? [])].reverse().map((m) => (
          <Entry key={m.seq} message={m} hit={m.seq === message.seq} />
        ))}
      </ul>
      <div className="dialog-acts">
        <button type="button" className="text-button" onClick={close}>{t('base.act.close')}</button>
        <button type="button" className="text-button" onClick={open}>{t('talk.search.open')}</button>
      </div>
    </Dialog>
  );
}

/** What was asked for and what could be left out, where nothing was found. */
function None({ find }: { find: Find }) {
  const { t } = useTranslation();
  const loose = [find.who && 'who', find.room && 'room', (find.from || find.to) && 'days'].filter(Boolean).map((f) => t(`talk.filter.${f}`));
  const words = find.q.trim();
  const none = words ? t('talk.search.none', { q: words }) : t('talk.search.none_filter');
  return <p className="empty" role="status">{none}{loose.length > 0 ? t('talk.search.loosen', { names: loose.join(t('talk.system.and')) }) : t('talk.search.shorter')}</p>;
}

export default function SearchHits({ find }: { find: Find }) {
  const { t } = useTranslation();
  const { me } = useTalkStore();
  const members = useTalk((s) => s.members);
  const rooms = useTalk((s) => s.rooms);
  const asked = useDeferredValue(find);
  const question = questionOf(asked);
  const [about, setAbout] = useState<Message | null>(null);
  const found = useInfiniteQuery({
    queryKey: ['search', me.tenant, question], staleTime: 0, initialPageParam: '', enabled: askable(asked),
    queryFn: ({ pageParam }) => call(me.tenant, 'talk.search', { query: { ...question, ...(pageParam ? { before: pageParam } : {}) } }),
    getNextPageParam: (last) => last.next,
  });
  const hits = found.data?.pages.flatMap((p) => p.hits) ?? [];
  return (
    <section className="search-hits" aria-label={t('talk.search.label')}>
      <h2>{t('talk.search.label')}</h2>
      {!askable(asked) && <p className="empty" role="status">{t('talk.search.more_needed')}</p>}
      {askable(asked) && found.isPending && <Loading rows={3} />}
      {found.isError && <ErrorNote error={found.error} retry={() => void found.refetch()} />}
      {found.data && hits.length === 0 && <None find={asked} />}
      {hits.length > 0 && <p className="small-print found-count" role="status">{t(found.hasNextPage ? 'talk.search.found_more' : 'talk.search.found', { n: hits.length })}</p>}
      {found.data?.pages.some((p) => !p.complete) && <p className="small-print found-count">{t('talk.search.incomplete')}</p>}
      <ul>
        {hits.map((hit) => {
          const room = rooms.find((r) => r.id === hit.message.room);
          const date = new Date(hit.message.sent);
          return (
            <li key={hit.message.id}>
              <button type="button" className="hit" onClick={() => setAbout(hit.message)}>
                <span className="hit-top">{room ? roomName(t, room, members) : ''} · {senderName(t, members, hit.message)}<time dateTime={hit.message.sent}>{postTime(date, new Date(), currentLang())}</time></span>
                <span className="hit-text"><Marked hit={hit} /></span>
              </button>
            </li>
          );
        })}
      </ul>
      {found.hasNextPage && <button type="button" className="text-button" onClick={() => void found.fetchNextPage()}>{t('talk.search.more')}</button>}
      {about && <About message={about} close={() => setAbout(null)} />}
    </section>
  );
}

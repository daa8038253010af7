// Access records as a list: which device, from where, when; the same for the member and for an admin.
import './access_list.css';
import { Button } from '@mantine/core';
import { useInfiniteQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { Ops } from '../../gen/api.ts';
import { addWords } from '../base/i18n.ts';
import { ErrorNote, Loading } from '../base/states.tsx';
import { auditTime } from '../base/time.ts';
import { agentName } from './agent.ts';
import en from './words/accesses.en.json';
import ja from './words/accesses.ja.json';

addWords('accesses', ja, en);

type Page = Ops['access.list']['output'];
export type Access = Page['accesses'][number];
type Query = { after?: string; began?: number };

/** 2026/11/28 10:02 – 18:40; the second day stands where it is another one. */
export function spanText(first: Date, last: Date): string {
  const [from, to] = [auditTime(first).slice(0, -3), auditTime(last).slice(0, -3)];
  if (from === to) return from;
  return `${from} – ${from.slice(0, 10) === to.slice(0, 10) ? to.slice(11) : to}`;
}

export const accessName = (a: Access, t: (key: string) => string): string => agentName(a.agent) || t('accesses.unknown');

/** `read` gives a page; `act`: what can be done about a record, beside it. */
export function AccessList({ queryKey, read, act }: { queryKey: readonly string[]; read: (query: Query) => Promise<Page>; act: (a: Access) => ReactNode }) {
  const { t } = useTranslation();
  const list = useInfiniteQuery({
    queryKey, initialPageParam: {} as Query, queryFn: ({ pageParam }) => read(pageParam), staleTime: 0,
    getNextPageParam: (page) => {
      const last = page.accesses.at(-1);
      return page.more && last ? { after: last.id, began: Date.parse(last.first) } : undefined;
    },
  });
  const rows = list.data?.pages.flatMap((p) => p.accesses) ?? [];
  return (
    <>
      {list.isPending && <Loading rows={3} />}
      {list.isError && <ErrorNote error={list.error} retry={() => void list.refetch()} />}
      {list.data && <p className="small-print">{t('accesses.about', { days: list.data.pages[0]?.days })}</p>}
      {list.data && rows.length === 0 && <p>{t('accesses.none')}</p>}
      <ul className="access-list">
        {rows.map((a) => (
          <li key={a.id}>
            <span className="access-what">
              <span className="access-agent">{accessName(a, t)}</span>
              <span className="small-print">
                {[t(`accesses.channel.${a.channel}`), a.ip ? t('accesses.where', { ip: a.ip }) : t('accesses.no_ip'), spanText(new Date(a.first), new Date(a.last))].join(' · ')}
              </span>
            </span>
            {a.current ? <span className="badge">{t('accesses.current')}</span> : a.open ? act(a) : <span className="small-print">{t('accesses.ended')}</span>}
          </li>
        ))}
      </ul>
      {list.hasNextPage && <Button variant="default" loading={list.isFetchingNextPage} onClick={() => void list.fetchNextPage()}>{t('accesses.more')}</Button>}
    </>
  );
}

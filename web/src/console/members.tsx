// メンバー: who is here, in which state, and the urgent acts. A table on a wide screen, cards on a narrow one.
import { Button } from '@mantine/core';
import { useInfiniteQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { roles } from '../../gen/api.ts';
import { ApiError, call } from '../base/api.ts';
import { Dialog } from '../base/dialog.tsx';
import { currentLang } from '../base/i18n.ts';
import { toast } from '../base/live.tsx';
import { Link } from '../base/shell.tsx';
import { ErrorNote, Loading, useErrorText } from '../base/states.tsx';
import { auditTime, zoneName } from '../base/time.ts';
import { fullName } from '../talk/names.ts';
import { pathOf } from './kit.tsx';
import type { ConsoleMember, Me } from '../base/types.ts';

const PAGE = 100;
const STATES = new Set(['active', 'suspended', 'not_started']);
type Act = 'suspend' | 'resume' | 'logout';
type Ask = { act: Act; member: ConsoleMember };
const DONE: Record<Act, string> = {
  suspend: 'console.member.suspended_done', resume: 'console.member.resumed_done', logout: 'console.member.logout_done',
};

function Acts({ member, own, ask }: { member: ConsoleMember; own: boolean; ask: (a: Ask) => void }) {
  const { t } = useTranslation();
  const name = fullName(member);
  const button = (act: Act) => (
    <Button
      size="sm" variant="default" color={act === 'suspend' ? 'beni' : ''} aria-label={t(`console.member.${act}_of`, { name })}
      onClick={() => ask({ act, member })}
    >
      {t(`console.member.${act}`)}
    </Button>
  );
  if (own) return null;
  return (
    <span className="acts">
      {member.status === 'active' && button('logout')}
      {member.status === 'suspended' ? button('resume') : button('suspend')}
    </span>
  );
}

function AskDialog({ tenant, ask, close }: { tenant: string; ask: Ask; close: () => void }) {
  const { t } = useTranslation();
  const queries = useQueryClient();
  const errorText = useErrorText();
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState('');
  const name = fullName(ask.member);
  const run = async () => {
    setBusy(true);
    try {
      await call(tenant, `console.member.${ask.act}`, { params: { member: ask.member.id } });
      toast(t(DONE[ask.act], { name }));
      close();
    } catch (e) {
      if (e instanceof ApiError && e.code === 'reauth_required') void queries.invalidateQueries({ queryKey: ['console', tenant, 'menu'] });
      setProblem(errorText(e));
      setBusy(false);
    }
    void queries.invalidateQueries({ queryKey: ['console', tenant, 'members'] });
  };
  return (
    <Dialog opened close={close} title={t(`console.member.ask_${ask.act}`, { name })}>
      <p>{t(`console.member.ask_${ask.act}_text`)}</p>
      <div role="alert">{problem && <p className="form-error">{problem}</p>}</div>
      <div className="dialog-buttons">
        <Button variant="default" onClick={close}>{t('base.act.cancel')}</Button>
        <Button color="beni" loading={busy} onClick={() => void run()}>{t(`console.member.${ask.act}`)}</Button>
      </div>
    </Dialog>
  );
}

function Status({ status }: { status: string }) {
  const { t } = useTranslation();
  return <span className={`badge status-${status}`}>{STATES.has(status) ? t(`console.member.${status}`) : status}</span>;
}

function Row({ member, own, ask }: { member: ConsoleMember; own: boolean; ask: (a: Ask) => void }) {
  const { t } = useTranslation();
  return (
    <tr>
      <th scope="row">
        <span>{fullName(member)}</span>
        <span className="small-print">{`${member.family_reading} ${member.given_reading}`.trim()}</span>
      </th>
      <td data-label={t('console.member.id')}>{member.login}</td>
      <td data-label={t('console.member.role')}>{roles[member.role]?.[currentLang()] ?? member.role}</td>
      <td data-label={t('console.member.status')}><Status status={member.status} /></td>
      <td data-label={t('console.member.seen')} className="number">
        {member.last_seen ? auditTime(new Date(member.last_seen)) : t('console.member.never')}
      </td>
      <td className="act-cell"><Acts member={member} own={own} ask={ask} /></td>
    </tr>
  );
}

export function MembersPage({ me }: { me: Me }) {
  const { t } = useTranslation();
  const queries = useQueryClient();
  const [ask, setAsk] = useState<Ask | null>(null);
  const list = useInfiniteQuery({
    queryKey: ['console', me.tenant, 'members'],
    initialPageParam: '',
    queryFn: ({ pageParam }) => call(me.tenant, 'console.member.list', {
      query: pageParam ? { after: pageParam, limit: PAGE } : { limit: PAGE },
    }),
    getNextPageParam: (page) => (page.more ? page.members.at(-1)?.id : undefined),
  });
  const retry = () => void queries.invalidateQueries({ queryKey: ['console', me.tenant] });
  const members = list.data?.pages.flatMap((p) => p.members) ?? [];
  return (
    <>
      <h1 className="page-title">{t('console.member.title')}</h1>
      <p className="page-about">{t('console.member.about')}</p>
      <p className="button-row"><Link to={pathOf('member.member', 'import')} className="text-link">{t('console.member.import')}</Link></p>
      {list.isPending && <Loading />}
      {list.isError && <ErrorNote error={list.error} retry={retry} />}
      {list.isSuccess && members.length === 0 && <p>{t('console.member.empty')}</p>}
      {members.length > 0 && (
        <div className="table-box" tabIndex={0} role="region" aria-label={t('console.member.title')}>
          <table className="console-table">
            <thead>
              <tr>
                <th scope="col">{t('console.member.name')}</th>
                <th scope="col">{t('console.member.id')}</th>
                <th scope="col">{t('console.member.role')}</th>
                <th scope="col">{t('console.member.status')}</th>
                <th scope="col">{`${t('console.member.seen')} (${zoneName()})`}</th>
                <th scope="col">{t('console.member.act')}</th>
              </tr>
            </thead>
            <tbody>{members.map((m) => <Row key={m.id} member={m} own={m.id === me.id} ask={setAsk} />)}</tbody>
          </table>
        </div>
      )}
      {list.hasNextPage && (
        <Button variant="default" loading={list.isFetchingNextPage} onClick={() => void list.fetchNextPage()}>{t('console.member.more')}</Button>
      )}
      {ask && <AskDialog tenant={me.tenant} ask={ask} close={() => setAsk(null)} />}
    </>
  );
}

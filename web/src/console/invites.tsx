// メンバーの招待: links that are good, and who waits for approval. Who may invite, and automatic approval, are the page's settings.
import './invites.css';
import { Button } from '@mantine/core';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { InviteLink, type MadeLink } from '../account/invite_link.tsx';
import { ApiError, call, type OpOutput } from '../base/api.ts';
import { Dialog } from '../base/dialog.tsx';
import { addWords } from '../base/i18n.ts';
import { Link } from '../base/shell.tsx';
import { ErrorNote, Loading } from '../base/states.tsx';
import { auditTime, zoneName } from '../base/time.ts';
import { fullName } from '../talk/names.ts';
import { Confirm, DataTable, FieldError, PageHead, pathOf, Problem, useAct, type Column, type PageProps } from './kit.tsx';
import en from './words/invites.en.json';
import ja from './words/invites.ja.json';
import type { Me } from '../base/types.ts';

addWords('invites', ja, en);

type Invites = OpOutput<'console.invite.list'>;
type Waiting = Invites['waiting'][number];
type Good = Invites['links'][number];
type Asked = { act: 'approve' | 'reject'; who: Waiting } | { act: 'revoke'; link: Good };

const when = (iso: string): string => auditTime(new Date(iso)).slice(0, 16);

function Question({ me, asked, list, close }: { me: Me; asked: Asked; list: Invites; close: () => void }) {
  const { t } = useTranslation();
  const queries = useQueryClient();
  const run = async () => {
    try {
      if (asked.act === 'revoke') await call(me.tenant, 'console.invite.revoke', { params: { invitation: asked.link.id } });
      else if (asked.act === 'approve') await call(me.tenant, 'console.invited.approve', { params: { invited: asked.who.id } });
      else await call(me.tenant, 'console.invited.reject', { params: { invited: asked.who.id } });
    } catch (e) {
      if (e instanceof ApiError && e.code === 'login_taken') throw new FieldError('login', t('invites.taken'));
      throw e;
    } finally {
      await queries.invalidateQueries({ queryKey: ['console', me.tenant] });
    }
  };
  if (asked.act === 'revoke') {
    return (
      <Confirm
        title={t('invites.revoke_title')} text={t('invites.revoke_text', { name: asked.link.by_name, time: when(asked.link.made) })}
        act={t('invites.revoke')} done={t('invites.revoked')} close={close} run={run}
      />
    );
  }
  const name = fullName(asked.who);
  return (
    <Confirm
      title={t(`invites.${asked.act}_title`, { name })} act={t(`invites.${asked.act}`)} done={t(`invites.${asked.act}_done`, { name })}
      danger={asked.act === 'reject'} close={close} run={run}
      text={t(asked.act === 'approve' && list.seats >= 0 ? 'invites.approve_text_seats' : `invites.${asked.act}_text`, { used: list.seats_used, seats: list.seats })}
    />
  );
}

export function InvitesPage({ me }: PageProps) {
  const { t } = useTranslation();
  const queries = useQueryClient();
  const [made, setMade] = useState<MadeLink | null>(null);
  const [asked, setAsked] = useState<Asked | null>(null);
  const { busy, problem, run } = useAct();
  const list = useQuery({ queryKey: ['console', me.tenant, 'invites'], queryFn: () => call(me.tenant, 'console.invite.list'), staleTime: 0 });
  const make = () => run(async () => {
    setMade(await call(me.tenant, 'console.invite.make'));
    await queries.invalidateQueries({ queryKey: ['console', me.tenant, 'invites'] });
  });
  const waiting: Column<Waiting>[] = [
    { key: 'name', head: t('invites.name'), cell: (w) => fullName(w) },
    { key: 'reading', head: t('invites.reading'), cell: (w) => `${w.family_reading} ${w.given_reading}`.trim() },
    { key: 'login', head: t('invites.login'), cell: (w) => `${w.login}@${me.workgroup}` },
    { key: 'inviter', head: t('invites.inviter'), cell: (w) => w.inviter_name || t('invites.gone') },
    { key: 'made', head: t('invites.registered', { zone: zoneName() }), className: 'number', cell: (w) => when(w.made) },
    {
      key: 'acts', head: t('invites.acts'), cell: (w) => (
        <div className="button-row">
          <Button size="sm" aria-label={t('invites.approve_of', { name: fullName(w) })} onClick={() => setAsked({ act: 'approve', who: w })}>{t('invites.approve')}</Button>
          <Button size="sm" variant="default" aria-label={t('invites.reject_of', { name: fullName(w) })} onClick={() => setAsked({ act: 'reject', who: w })}>{t('invites.reject')}</Button>
        </div>
      ),
    },
  ];
  const links: Column<Good>[] = [
    { key: 'by', head: t('invites.by'), cell: (l) => l.by_name || t('invites.gone') },
    { key: 'made', head: t('invites.made', { zone: zoneName() }), className: 'number', cell: (l) => when(l.made) },
    { key: 'until', head: t('invites.until'), className: 'number', cell: (l) => when(l.until) },
    { key: 'used', head: t('invites.used'), className: 'number', cell: (l) => l.used.toLocaleString('en') },
    {
      key: 'acts', head: t('invites.acts'), cell: (l) => (
        <Button
          size="sm" variant="default" aria-label={t('invites.revoke_of', { name: l.by_name || t('invites.gone'), time: when(l.made) })}
          onClick={() => setAsked({ act: 'revoke', link: l })}
        >
          {t('invites.revoke')}
        </Button>
      ),
    },
  ];
  return (
    <>
      <PageHead title={t('invites.title')} about={t('invites.about')}>
        {list.data?.enabled && <Button loading={busy} onClick={() => void make()}>{t('invites.make')}</Button>}
      </PageHead>
      <Problem text={problem} />
      {list.isPending && <Loading />}
      {list.isError && <ErrorNote error={list.error} retry={() => void list.refetch()} />}
      {list.data && (
        <>
          {!list.data.enabled && (
            <p className="notice" role="status">
              {t('invites.off')}{' '}
              <Link to={pathOf('member.invite', 'settings')} className="text-button">{t('invites.to_settings')}</Link>
            </p>
          )}
          <div className="invites-part">
            <h2>{t('invites.waiting', { n: list.data.waiting.length })}</h2>
            <DataTable label={t('invites.waiting_list')} rows={list.data.waiting} columns={waiting} keyOf={(w) => w.id} nameOf={fullName} empty={t('invites.nobody')} />
          </div>
          <div className="invites-part">
            <h2>{t('invites.links')}</h2>
            <DataTable label={t('invites.links')} rows={list.data.links} columns={links} keyOf={(l) => l.id} empty={t('invites.no_links')} />
          </div>
        </>
      )}
      {made && (
        <Dialog opened close={() => setMade(null)} title={t('invites.made_title')}>
          <InviteLink made={made} />
          <div className="dialog-buttons"><Button variant="default" onClick={() => setMade(null)}>{t('base.act.close')}</Button></div>
        </Dialog>
      )}
      {asked && list.data && <Question me={me} asked={asked} list={list.data} close={() => setAsked(null)} />}
    </>
  );
}

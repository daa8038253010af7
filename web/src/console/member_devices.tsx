// One member's apps, devices and accesses, and the way to the page for a lost device.
import './devices.css';
import { Button } from '@mantine/core';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { AccessList, accessName, type Access } from '../account/access_list.tsx';
import { agentName } from '../account/agent.ts';
import { call } from '../base/api.ts';
import { addWords } from '../base/i18n.ts';
import { Link } from '../base/shell.tsx';
import { ErrorNote, Loading } from '../base/states.tsx';
import { auditTime } from '../base/time.ts';
import type { Me } from '../base/types.ts';
import { Card, Confirm, pathOf, useProof } from './kit.tsx';
import { memberKey } from './member_acts.tsx';
import en from './words/devices.en.json';
import ja from './words/devices.ja.json';

addWords('devices', ja, en);

interface Of {
  me: Me;
  id: string;
  name: string;
  /** The asking admin may end sessions, stop apps and remove devices. */
  may: boolean;
}

/** An act on the member by its words; what the page shows is asked for anew. */
function Ask({ me, id, title, text, act, done, danger = true, run, close }: {
  me: Me; id: string; title: string; text: string; act: string; done: string; danger?: boolean; run: () => Promise<unknown>; close: () => void;
}) {
  const queries = useQueryClient();
  const prove = useProof();
  return (
    <Confirm
      title={title} text={text} act={act} done={done} danger={danger} close={close}
      run={async () => {
        try {
          await prove(run);
        } finally {
          await queries.invalidateQueries({ queryKey: [...memberKey(me.tenant), id] });
        }
      }}
    />
  );
}

function Apps({ me, id, name, may, suspended }: Of & { suspended: boolean }) {
  const { t } = useTranslation();
  const [asked, setAsked] = useState(false);
  const word = suspended ? 'go' : 'stop';
  return (
    <Card title={t('devices.app.title')} text={t('devices.app.about')}>
      <p className="app-state"><span className={`badge ${suspended ? 'status-suspended' : ''}`}>{t(suspended ? 'devices.app.off' : 'devices.app.on')}</span></p>
      {may && <div className="button-row"><Button size="sm" variant="default" color={suspended ? '' : 'beni'} onClick={() => setAsked(true)}>{t(`devices.app.${word}`)}</Button></div>}
      {asked && (
        <Ask
          me={me} id={id} title={t(`devices.app.ask_${word}`, { name })} text={t(`devices.app.ask_${word}_text`)} act={t(`devices.app.${word}`)}
          done={t(suspended ? 'devices.app.gone_on' : 'devices.app.stopped')} danger={!suspended} close={() => setAsked(false)}
          run={() => call(me.tenant, 'console.member.app', { params: { member: id }, body: { suspended: !suspended } })}
        />
      )}
    </Card>
  );
}

function Enrolled({ me, id, may }: Of) {
  const { t } = useTranslation();
  const list = useQuery({ queryKey: [...memberKey(me.tenant), id, 'devices'], queryFn: () => call(me.tenant, 'console.member.devices', { params: { member: id } }) });
  const [asked, setAsked] = useState<{ id: string; device: string } | null>(null);
  const time = (iso: string) => auditTime(new Date(iso)).slice(0, -3);
  return (
    <Card title={t('devices.list.title')} text={t('devices.list.about')}>
      {list.isPending && <Loading rows={2} />}
      {list.isError && <ErrorNote error={list.error} retry={() => void list.refetch()} />}
      {list.data?.devices.length === 0 && <p>{t('devices.list.none')}</p>}
      <ul className="access-list">
        {list.data?.devices.map((d) => {
          const device = agentName(d.agent) || t('accesses.unknown');
          return (
            <li key={d.id}>
              <span className="access-what">
                <span className="access-agent">{device}</span>
                <span className="small-print">{[t('devices.list.made', { time: time(d.made) }), t('devices.list.seen', { time: time(d.seen) })].join(' · ')}</span>
              </span>
              {may && <Button variant="default" aria-label={t('devices.list.drop_of', { device })} onClick={() => setAsked({ id: d.id, device })}>{t('devices.list.drop')}</Button>}
            </li>
          );
        })}
      </ul>
      {asked && (
        <Ask
          me={me} id={id} title={t('devices.list.ask', { device: asked.device })} text={t('devices.list.ask_text')} act={t('devices.list.drop')} done={t('devices.list.dropped')}
          close={() => setAsked(null)} run={() => call(me.tenant, 'console.member.device_drop', { params: { member: id }, body: { device: asked.id } })}
        />
      )}
    </Card>
  );
}

function Accesses({ me, id, name, may }: Of) {
  const { t } = useTranslation();
  const [all, setAll] = useState(false);
  const [asked, setAsked] = useState<Access | null>(null);
  const device = asked ? accessName(asked, t) : '';
  return (
    <Card title={t('devices.access.title')}>
      <AccessList
        queryKey={[...memberKey(me.tenant), id, 'accesses']} read={(query) => call(me.tenant, 'console.member.accesses', { params: { member: id }, query })}
        act={(a) => may && (
          <Button variant="default" aria-label={t('devices.access.end_of', { device: accessName(a, t) })} onClick={() => setAsked(a)}>{t('devices.access.end')}</Button>
        )}
      />
      {asked && (
        <Ask
          me={me} id={id} title={t('devices.access.ask', { device })} text={t('devices.access.ask_text')} act={t('devices.access.end')} done={t('devices.access.done')}
          close={() => setAsked(null)} run={() => call(me.tenant, 'console.member.session_end', { params: { member: id }, body: { session: asked.session } })}
        />
      )}
      {may && <div className="button-row"><Button size="sm" variant="default" onClick={() => setAll(true)}>{t('devices.access.all')}</Button></div>}
      {all && (
        <Ask
          me={me} id={id} title={t('members.ask_logout', { name })} text={t('members.ask_logout_text')} act={t('members.do_logout')} done={t('members.logout_done', { name })}
          close={() => setAll(false)} run={() => call(me.tenant, 'console.member.logout', { params: { member: id } })}
        />
      )}
    </Card>
  );
}

/** Near the top: who looks for it is in a hurry. */
export function LostCard({ id }: { id: string }) {
  const { t } = useTranslation();
  return (
    <Card title={t('devices.lost.title')} text={t('devices.lost.card')}>
      <Link to={pathOf('member.member', id, 'lost')} className="text-button">{t('devices.lost.to')}</Link>
    </Card>
  );
}

export function DeviceCards(of: Of & { suspended: boolean }) {
  return (
    <>
      <Apps {...of} />
      <Enrolled {...of} />
      <Accesses {...of} />
    </>
  );
}

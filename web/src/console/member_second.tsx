// 2段階認証 of one member: a code for who stands at the door without a phone, and the end of what was registered on a lost one.
import { Button } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { SecondSlipOut } from '../../gen/api.ts';
import { call } from '../base/api.ts';
import { Dialog } from '../base/dialog.tsx';
import { addWords } from '../base/i18n.ts';
import { auditTime } from '../base/time.ts';
import '../account/slip.css';
import { Card, Confirm, useProof } from './kit.tsx';
import en from './words/member_second.en.json';
import ja from './words/member_second.ja.json';

addWords('member_second', ja, en);

interface About {
  tenant: string;
  id: string;
  name: string;
  /** The whole Engawa ID. */
  login: string;
}

/** The code, for being read out or printed: whoever closes this makes a new one. */
function SlipDialog({ about, slip, close }: { about: About; slip: SecondSlipOut; close: () => void }) {
  const { t } = useTranslation();
  return (
    <Dialog opened close={close} title={t('member_second.slip_title')}>
      <section className="slip-sheet">
        <div className="slip-actions">
          <p className="notice">{t('member_second.once')}</p>
          <div className="button-row"><Button onClick={() => window.print()}>{t('member_second.print')}</Button></div>
        </div>
        <article className="slip">
          <header className="slip-head">
            <h2 className="slip-title">{t('member_second.slip_title')}</h2>
            <p className="slip-name">{t('member_second.to', { name: about.name })}</p>
          </header>
          <dl className="slip-facts">
            <dt>{t('member_second.id')}</dt><dd>{about.login}</dd>
            <dt>{t('member_second.code')}</dt><dd className="slip-code">{slip.code}</dd>
            <dt>{t('member_second.until')}</dt><dd>{auditTime(new Date(slip.until)).slice(0, 16)}</dd>
          </dl>
          <p className="slip-note">{t('member_second.note')}</p>
        </article>
      </section>
    </Dialog>
  );
}

export function SecondCard({ about }: { about: About }) {
  const { t } = useTranslation();
  const prove = useProof();
  const [asking, setAsking] = useState<'slip' | 'reset' | null>(null);
  const [slip, setSlip] = useState<SecondSlipOut | null>(null);
  const { tenant, id, name } = about;
  const close = () => setAsking(null);
  return (
    <Card title={t('member_second.title')} text={t('member_second.text')}>
      <div className="button-row">
        <Button size="sm" variant="default" onClick={() => setAsking('slip')}>{t('member_second.make')}</Button>
        <Button size="sm" variant="default" color="beni" onClick={() => setAsking('reset')}>{t('member_second.reset')}</Button>
      </div>
      {asking === 'slip' && (
        <Confirm
          title={t('member_second.ask_make', { name })} text={t('member_second.ask_make_text')} act={t('member_second.make')}
          done={t('member_second.made')} close={close} danger={false}
          run={async () => setSlip(await prove(() => call(tenant, 'console.member.second_slip', { params: { member: id } })))}
        />
      )}
      {asking === 'reset' && (
        <Confirm
          title={t('member_second.ask_reset', { name })} text={t('member_second.ask_reset_text')} act={t('member_second.reset')}
          done={t('member_second.reset_done', { name })} close={close} danger
          run={async () => void (await prove(() => call(tenant, 'console.member.second_reset', { params: { member: id } })))}
        />
      )}
      {slip && <SlipDialog about={about} slip={slip} close={() => setSlip(null)} />}
    </Card>
  );
}

// 初回ログインのご案内: a slip for one member and the sheet of many, for the screen and for paper (A4, four on a page). The link
// or the password is known here and nowhere else: who closes the slip makes a new one.
import './slip.css';
import { Button } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { addWords } from '../base/i18n.ts';
import { auditTime } from '../base/time.ts';
import { CopyButton } from './copy.tsx';
import { Qr } from './qr.tsx';
import en from './words/slip.en.json';
import ja from './words/slip.ja.json';

addWords('slip', ja, en);

export interface SlipData {
  company: string;
  /** As the person is called: 森下 真由 */
  name: string;
  login: string;
  workgroup: string;
  /** The setup link, or '' where a password was made instead. */
  link: string;
  /** ISO 8601; when the link ends. */
  until?: string | null;
  /** Shown once, to be changed at the first login. */
  password?: string;
}

const day = (iso: string): string => auditTime(new Date(iso)).slice(0, 16);

export function Slip({ slip }: { slip: SlipData }) {
  const { t } = useTranslation();
  const byLink = slip.link !== '';
  const address = byLink ? slip.link : `${window.location.origin}/login`;
  const steps = byLink ? ['link_1', 'link_2', 'link_3'] : ['password_1', 'password_2', 'password_3'];
  return (
    <article className="slip">
      <header className="slip-head">
        <p className="slip-company">{slip.company}</p>
        <h2 className="slip-title">{t('slip.title')}</h2>
        <p className="slip-name">{t('slip.to', { name: slip.name })}</p>
      </header>
      <div className="slip-body">
        <dl className="slip-facts">
          <dt>{t('slip.id')}</dt>
          <dd>{`${slip.login}@${slip.workgroup}`}</dd>
          {slip.password && <><dt>{t('slip.password')}</dt><dd className="slip-code">{slip.password}</dd></>}
          <dt>{t('slip.address')}</dt>
          <dd className="slip-address">{address}</dd>
          {byLink && slip.until && <><dt>{t('slip.until')}</dt><dd>{t('slip.until_time', { time: day(slip.until) })}</dd></>}
        </dl>
        <Qr text={address} label={t('slip.qr', { name: slip.name })} />
      </div>
      <ol className="slip-steps">
        {steps.map((s) => <li key={s}>{t(`slip.${s}`)}</li>)}
      </ol>
      <p className="slip-note">{t(byLink ? 'slip.note_link' : 'slip.note_password')}</p>
    </article>
  );
}

/** One slip or many, with the button that prints them and nothing else of the page. */
export function SlipSheet({ slips }: { slips: SlipData[] }) {
  const { t } = useTranslation();
  const only = slips.length === 1 ? slips[0] : undefined;
  return (
    <section className="slip-sheet" aria-label={t('slip.sheet')}>
      <div className="slip-actions">
        <p className="notice">{t('slip.once')}</p>
        <div className="button-row">
          <Button onClick={() => window.print()}>{slips.length > 1 ? t('slip.print_all', { n: slips.length }) : t('slip.print')}</Button>
          {only && only.link !== '' && <CopyButton text={only.link} label={t('slip.copy')} copied={t('slip.copied')} failed={t('slip.copy_failed')} />}
        </div>
      </div>
      {slips.map((s) => <Slip key={`${s.login}@${s.workgroup}`} slip={s} />)}
    </section>
  );
}

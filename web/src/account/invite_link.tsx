// An invitation link that was just made: shown this once, with the same link as a QR code.
import './invite_link.css';
import { useTranslation } from 'react-i18next';
import { addWords } from '../base/i18n.ts';
import { auditTime } from '../base/time.ts';
import { CopyButton } from './copy.tsx';
import { Qr } from './qr.tsx';
import en from './words/invite.en.json';
import ja from './words/invite.ja.json';

addWords('invite', ja, en);

export interface MadeLink {
  link: string;
  /** ISO 8601; when it ends. */
  until: string;
}

export function InviteLink({ made }: { made: MadeLink }) {
  const { t } = useTranslation();
  return (
    <div className="invite-link">
      <p>{t('invite.once', { time: auditTime(new Date(made.until)).slice(0, 16) })}</p>
      <p className="invite-address">{made.link}</p>
      <CopyButton text={made.link} label={t('invite.copy')} copied={t('invite.copied')} failed={t('invite.copy_failed')} />
      <Qr text={made.link} label={t('invite.qr')} />
    </div>
  );
}

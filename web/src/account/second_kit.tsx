// What every screen of the second step is made of: its words, the field for a code, the app's QR code, the sheet of backup codes.
import './slip.css';
import './second.css';
import { Button, TextInput } from '@mantine/core';
import type { Ref } from 'react';
import { useTranslation } from 'react-i18next';
import type { SecondCodeOut, SecondSecretOut } from '../../gen/api.ts';
import { addWords } from '../base/i18n.ts';
import { isTouch } from '../base/prefs.ts';
import { CopyButton } from './copy.tsx';
import { Qr } from './qr.tsx';
import en from './words/second.en.json';
import ja from './words/second.ja.json';

addWords('second', ja, en);

export function CodeField({ problem, ref, ...props }: { problem: string; ref?: Ref<HTMLInputElement>; autoFocus?: boolean; 'data-autofocus'?: boolean }) {
  const { t } = useTranslation();
  return (
    <TextInput
      {...props} {...(ref ? { ref } : {})} id="second-code" name="code" label={t('second.code')} autoComplete="one-time-code" autoCapitalize="characters"
      autoCorrect="off" spellCheck={false} size="md" maxLength={64} error={problem || false}
    />
  );
}

/** "ABCD EFGH …": as a key is read out and typed. */
const grouped = (key: string): string => key.match(/.{1,4}/g)?.join(' ') ?? key;

export function AppSteps({ secret }: { secret: SecondSecretOut }) {
  const { t } = useTranslation();
  return (
    <ol className="second-steps">
      <li>{t('second.step_app')}</li>
      <li>
        {t('second.step_scan')}
        <div className="second-qr"><Qr text={secret.uri} label={t('second.qr')} /></div>
        {isTouch() && <p><a href={secret.uri}>{t('second.phone')}</a></p>}
        <p className="small-print">{t('second.key')}</p>
        <p className="second-key">{grouped(secret.secret)}</p>
      </li>
      <li>{t('second.step_digits')}</li>
    </ol>
  );
}

/** Shown once: who has kept them goes on. */
export function CodeSheet({ codes, done }: { codes: SecondCodeOut[]; done: () => void }) {
  const { t } = useTranslation();
  return (
    <section className="slip-sheet" aria-label={t('second.codes_title')}>
      <p>{t('second.codes_text')}</p>
      <p className="notice slip-actions">{t('second.codes_once')}</p>
      <ul className="second-codes">{codes.map((c) => <li key={c.code}>{c.code}</li>)}</ul>
      <div className="slip-actions">
        <div className="button-row">
          <Button variant="default" onClick={() => window.print()}>{t('second.codes_print')}</Button>
          <CopyButton
            text={codes.map((c) => c.code).join('\n')} label={t('second.codes_copy')} copied={t('second.codes_copied')} failed={t('second.codes_copy_failed')}
          />
        </div>
        <Button onClick={done} size="md" fullWidth>{t('second.codes_done')}</Button>
      </div>
    </section>
  );
}

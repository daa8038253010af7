// 解約の確認: what is left to see after a cancellation, for the screen and for paper: nobody can log in any more to read it.
import './closed.css';
import { Button } from '@mantine/core';
import { useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { tellClosed, type Closed } from '../base/closed.ts';
import { addWords } from '../base/i18n.ts';
import { Mark } from '../base/icons.tsx';
import { forgetAccount } from '../base/prefs.ts';
import { goToLogin } from '../base/route.ts';
import { auditTime, zoneName } from '../base/time.ts';
import en from './words/closed.en.json';
import ja from './words/closed.ja.json';

addWords('closed', ja, en);

export default function ClosedPage({ closed }: { closed: Closed }) {
  const { t } = useTranslation();
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    document.title = `${t('closed.title')} - Engawa`;
    heading.current?.focus();
  }, [t]);
  const away = () => {
    forgetAccount(closed.tenant);
    goToLogin(true);
    tellClosed(null);
  };
  const facts: [string, string][] = [
    [t('closed.company'), closed.company], [t('closed.workgroup'), closed.workgroup], [t('closed.number'), closed.tenant],
    [t('closed.closed'), auditTime(new Date(closed.closed))], [t('closed.erase'), auditTime(new Date(closed.erase))],
  ];
  return (
    <main className="sign-in closed" id="content">
      <section className="sign-in-card closed-card" aria-labelledby="closed-title">
        <div className="sign-in-mark"><Mark size={48} /></div>
        <h1 id="closed-title" ref={heading} tabIndex={-1}>{t('closed.title')}</h1>
        <p>{t('closed.text')}</p>
        <dl className="closed-facts">
          {facts.map(([label, value]) => <div key={label}><dt>{label}</dt><dd>{value}</dd></div>)}
        </dl>
        <p className="small-print">{t('closed.zone', { zone: zoneName() })}</p>
        <ul className="closed-notes">
          <li>{t('closed.until')}</li>
          <li>{t('closed.after')}</li>
        </ul>
        <div className="closed-acts">
          <p className="notice">{t('closed.once')}</p>
          <Button size="md" fullWidth onClick={() => window.print()}>{t('closed.print')}</Button>
          <Button variant="subtle" onClick={away}>{t('closed.away')}</Button>
        </div>
      </section>
    </main>
  );
}

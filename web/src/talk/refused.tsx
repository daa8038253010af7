// In place of talk where the company's permission template does not let this client use it. Looks again when it comes to the front.
import { Button } from '@mantine/core';
import { useEffect } from 'react';
import { useTranslation } from 'react-i18next';
import { addWords } from '../base/i18n.ts';
import en from './words/refused.en.json';
import ja from './words/refused.ja.json';

addWords('refused', ja, en);

export default function TalkRefused({ again }: { again: () => void }) {
  const { t } = useTranslation();
  useEffect(() => {
    const front = () => document.visibilityState === 'visible' && again();
    document.addEventListener('visibilitychange', front);
    return () => document.removeEventListener('visibilitychange', front);
  }, [again]);
  return (
    <main className="page-state" id="content">
      <h1>{t('refused.title')}</h1>
      <p>{t('refused.text')}</p>
      <p>{t('refused.kept')}</p>
      <Button onClick={again}>{t('refused.again')}</Button>
    </main>
  );
}

// An address of the client that leads nowhere.
import { Button } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { go } from './route.ts';

export default function Missing() {
  const { t } = useTranslation();
  return (
    <main className="page-state" id="content">
      <h1>{t('base.state.missing_title')}</h1>
      <p>{t('base.state.missing')}</p>
      <Button onClick={() => go('/')}>{t('base.state.to_talk')}</Button>
    </main>
  );
}

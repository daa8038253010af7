// 設定 > アクセスの記録: what the own devices did, on demand.
import { Button } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { call } from '../base/api.ts';
import { AccessList } from './access_list.tsx';

export function OwnAccesses({ tenant, end }: { tenant: string; end: (session: string) => void }) {
  const { t } = useTranslation();
  const [shown, setShown] = useState(false);
  if (!shown) return <div><Button variant="default" onClick={() => setShown(true)}>{t('accesses.show')}</Button></div>;
  return (
    <section aria-label={t('accesses.title')} className="own-accesses">
      <h3>{t('accesses.title')}</h3>
      <AccessList
        queryKey={['sessions', tenant, 'accesses']} read={(query) => call(tenant, 'access.list', { query })}
        act={(a) => (
          <Button variant="default" onClick={() => end(a.session)}>{t('account.settings.end_session')}</Button>
        )}
      />
    </section>
  );
}

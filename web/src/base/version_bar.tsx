// A quiet line above everything: a new version is there and waits to be taken.
import { useLayoutEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { CloseIcon } from './icons.tsx';
import { takeNewVersion, useNewVersion } from './version.ts';

export function VersionBar() {
  const { t } = useTranslation();
  const there = useNewVersion();
  const [away, setAway] = useState(false);
  const shown = there && !away;
  useLayoutEffect(() => { // a line in the frame of the page; :has() would be asked at each change of anything below
    document.getElementById('app')?.toggleAttribute('data-bar', shown);
  }, [shown]);
  if (!shown) return null;
  return (
    <div className="version-bar" role="status">
      <span>{t('base.version.there')}</span>
      <button type="button" className="text-button" onClick={takeNewVersion}>{t('base.act.reload')}</button>
      <button type="button" className="icon-button" aria-label={t('base.version.later')} title={t('base.version.later')} onClick={() => setAway(true)}><CloseIcon size={20} /></button>
    </div>
  );
}

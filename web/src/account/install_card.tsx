// The invitation to make an app of the client: a quiet card in the list of talks, once, and a part of the settings.
import './install.css';
import { Button } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { addWords } from '../base/i18n.ts';
import { CloseIcon, Mark } from '../base/icons.tsx';
import { askToInstall, useInstallWay } from '../base/install.ts';
import { setPrefs } from '../base/prefs.ts';
import { Link } from '../base/shell.tsx';
import en from './words/install.en.json';
import ja from './words/install.ja.json';

addWords('install', ja, en);

/** The focus goes on to what stands below. */
function putAway(): void {
  setPrefs({ installAway: true });
  requestAnimationFrame(() => document.querySelector<HTMLElement>('.list-pane .rows a')?.focus());
}

export default function InstallCard() {
  const { t } = useTranslation();
  const way = useInstallWay();
  if (way === 'none') return null;
  return (
    <aside className="install-card" aria-label={t('install.title')}>
      <Mark size={28} />
      <div>
        <p>{t('install.invite')}</p>
        {way === 'ask'
          ? <button type="button" className="text-button" onClick={() => void askToInstall()}>{t('install.act')}</button>
          : <Link to="/install" className="text-button">{t('install.how')}</Link>}
      </div>
      <button type="button" className="icon-button" aria-label={t('install.away')} title={t('install.away')} onClick={putAway}><CloseIcon size={20} /></button>
    </aside>
  );
}

export function InstallPart() {
  const { t } = useTranslation();
  const way = useInstallWay();
  if (way === 'none') return null;
  return (
    <section className="settings-part" aria-labelledby="part-install">
      <h2 id="part-install">{t('install.title')}</h2>
      <p>{t('install.why')}</p>
      {way === 'ask'
        ? <Button variant="default" onClick={() => void askToInstall()}>{t('install.act')}</Button>
        : <Link to="/install" className="text-button">{t('install.how')}</Link>}
    </section>
  );
}

// The public texts of the installation: pages of the server, which anybody may read.
import { useTranslation } from 'react-i18next';
import { currentLang } from './i18n.ts';

export function Legal() {
  const { t } = useTranslation();
  return (
    <ul className="legal" aria-label={t('base.legal.label')}>
      {(['terms', 'privacy', 'sending'] as const).map((page) => (
        <li key={page}><a href={`/${page}/${currentLang()}`} target="_blank" rel="noopener">{t(`base.legal.${page}`)}</a></li>
      ))}
    </ul>
  );
}

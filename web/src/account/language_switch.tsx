// 日本語 / English, on the pages that are of no account yet.
import { useTranslation } from 'react-i18next';
import { chooseLanguage, currentLang } from '../base/i18n.ts';

export function LanguageSwitch() {
  const { t } = useTranslation();
  return (
    <div className="lang-switch" role="group" aria-label={t('base.lang.label')}>
      {(['ja', 'en'] as const).map((lang) => (
        <button key={lang} type="button" lang={lang} aria-pressed={currentLang() === lang} onClick={() => chooseLanguage(lang)}>
          {t(`base.lang.${lang}`)}
        </button>
      ))}
    </div>
  );
}

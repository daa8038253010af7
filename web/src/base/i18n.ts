// The two languages. Words stand beside their screens (src/<domain>/words); the console brings its own when it loads.
import i18next from 'i18next';
import { initReactI18next } from 'react-i18next';
import accountsEn from '../account/words/accounts.en.json';
import accountsJa from '../account/words/accounts.ja.json';
import accountEn from '../account/words/en.json';
import accountJa from '../account/words/ja.json';
import talkEn from '../talk/words/en.json';
import folderEn from '../talk/words/folder.en.json';
import folderJa from '../talk/words/folder.ja.json';
import talkJa from '../talk/words/ja.json';
import { nameApp } from './frame.ts';
import { getPrefs, setPrefs } from './prefs.ts';
import type { Lang } from './time.ts';
import baseEn from './words/en.json';
import baseJa from './words/ja.json';

const browserLang = (): Lang => (navigator.language.toLowerCase().startsWith('en') ? 'en' : 'ja');

export const currentLang = (): Lang => (i18next.language === 'en' ? 'en' : 'ja');

export function initLanguage(): void {
  void i18next.use(initReactI18next).init({
    lng: getPrefs().lang ?? browserLang(),
    fallbackLng: false,
    initAsync: false,
    interpolation: { escapeValue: false },
    returnNull: false,
    resources: {
      ja: { translation: { base: baseJa, account: accountJa, accounts: accountsJa, talk: talkJa, folder: folderJa } },
      en: { translation: { base: baseEn, account: accountEn, accounts: accountsEn, talk: talkEn, folder: folderEn } },
    },
  });
  const tell = (): void => {
    document.documentElement.lang = currentLang();
    nameApp(currentLang(), i18next.t('base.app.name'));
  };
  tell();
  i18next.on('languageChanged', tell);
}

export function addWords(domain: string, ja: object, en: object): void {
  i18next.addResourceBundle('ja', 'translation', { [domain]: ja }, true, true);
  i18next.addResourceBundle('en', 'translation', { [domain]: en }, true, true);
}

export function chooseLanguage(lang: Lang): void {
  setPrefs({ lang });
  void i18next.changeLanguage(lang);
}

/** The choice has become the account's own: from now on the account says it. */
export function forgetChosenLanguage(): void {
  setPrefs({ lang: null });
}

/** The language of the account, unless the person has chosen one in this browser. */
export function adoptLanguage(lang: string): void {
  if (getPrefs().lang === null && (lang === 'ja' || lang === 'en')) void i18next.changeLanguage(lang);
}

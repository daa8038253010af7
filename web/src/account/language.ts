// The account's language: of its screens, and of the server's answers and notices.
import { ApiError, call } from '../base/api.ts';
import { adoptLanguage, chooseLanguage, forgetChosenLanguage } from '../base/i18n.ts';
import { getPrefs } from '../base/prefs.ts';
import type { Lang } from '../base/time.ts';
import type { Me } from '../base/types.ts';

/** Where the tenant leaves the language to its admins, the choice holds in this browser alone. */
export async function changeLanguage(me: Me, lang: Lang): Promise<void> {
  chooseLanguage(lang);
  try {
    await call(me.tenant, 'me.profile', { body: { language: lang } });
    forgetChosenLanguage();
  } catch (e) {
    if (!(e instanceof ApiError && e.code === 'denied')) throw e;
  }
}

/** What was chosen on the way in becomes the account's; without a choice the account's language is spoken. */
export async function bringLanguage(me: Me): Promise<void> {
  const { lang } = getPrefs();
  if (lang === null || lang === me.language) adoptLanguage(me.language);
  else await changeLanguage(me, lang).catch(() => undefined);
}

// The line that says that the server is not heard, and from when what is shown is.
import { useTranslation } from 'react-i18next';
import { currentLang } from '../base/i18n.ts';
import { listTime, spoken } from '../base/time.ts';
import { useTalk } from './talk.ts';

export function OfflineBar({ text }: { text: string }) {
  const { t } = useTranslation();
  const updated = useTalk((s) => s.updated);
  const date = new Date(updated);
  return (
    <p className="offline-bar" role="status">
      {text}
      {updated > 0 && <span className="offline-since"><time dateTime={date.toISOString()} title={spoken(date, currentLang())}>{t('talk.offline.since', { time: listTime(date, new Date(), currentLang()) })}</time></span>}
    </p>
  );
}

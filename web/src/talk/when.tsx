// Choosing a moment: a few that people mean most, or any by date and time. Of this browser's zone, in its own picker.
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { asInput, momentText, usualMoments } from './moment.ts';

export function When({ act, choose, cancel }: { act: string; choose: (at: Date) => void; cancel: () => void }) {
  const { t } = useTranslation();
  const [now] = useState(() => new Date());
  const [text, setText] = useState(() => asInput(new Date(now.getTime() + 3_600_000)));
  const own = new Date(text);
  const past = Number.isNaN(own.getTime()) || own.getTime() <= Date.now();
  return (
    <>
      <ul className="menu-acts">
        {usualMoments(now).map((m) => (
          <li key={m.name}>
            <button type="button" className="menu-act moment" onClick={() => choose(m.at)}>
              <span>{t(`talk.when.${m.name}`)}</span><span className="small-print">{momentText(m.at)}</span>
            </button>
          </li>
        ))}
      </ul>
      <label>{t('talk.when.own')}<input className="stamp-search" type="datetime-local" value={text} min={asInput(now)} onChange={(e) => setText(e.target.value)} /></label>
      {past && <p className="danger" role="alert">{t('talk.when.past')}</p>}
      <div className="dialog-acts">
        <button type="button" className="text-button" onClick={cancel}>{t('base.act.cancel')}</button>
        <button type="button" className="text-button main" disabled={past} onClick={() => choose(own)}>{act}</button>
      </div>
    </>
  );
}

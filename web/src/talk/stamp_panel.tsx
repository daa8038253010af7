// The stamps to choose from: by word, the last used first.
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { STAMPS } from '../../gen/pictures.ts';
import { Dialog } from '../base/dialog.tsx';
import { foldName } from '../base/fold.ts';
import { currentLang } from '../base/i18n.ts';
import { Stamp } from './stamp.tsx';
import './stamp.css';

const RECENT = 'engawa.stamps';

function recent(): string[] {
  try {
    return (JSON.parse(localStorage.getItem(RECENT) ?? '[]') as string[]).slice(0, 8);
  } catch {
    return [];
  }
}

export default function StampPanel({ close, send }: { close: () => void; send: (name: string) => void }) {
  const { t } = useTranslation();
  const lang = currentLang();
  const [query, setQuery] = useState('');
  const used = recent();
  const found = STAMPS.filter((s) => foldName(`${s.ja} ${s.en} ${s.words}`).includes(foldName(query)))
    .sort((a, b) => (used.indexOf(a.name) + 1 || 99) - (used.indexOf(b.name) + 1 || 99));
  const choose = (name: string) => {
    localStorage.setItem(RECENT, JSON.stringify([name, ...used.filter((n) => n !== name)].slice(0, 8)));
    send(name);
    close();
  };
  return (
    <Dialog opened close={close} title={t('talk.stamp.title')}>
      <input className="stamp-search" type="search" value={query} onChange={(e) => setQuery(e.target.value)} placeholder={t('talk.stamp.search')} aria-label={t('talk.stamp.search')} />
      {found.length === 0 && <p className="empty">{t('talk.stamp.none', { q: query })}</p>}
      <ul className="stamp-grid">
        {found.map((s) => (
          <li key={s.name}>
            <button type="button" className="stamp-choice" onClick={() => choose(s.name)}><Stamp name={s.name} lang={lang} size={96} /></button>
          </li>
        ))}
      </ul>
    </Dialog>
  );
}

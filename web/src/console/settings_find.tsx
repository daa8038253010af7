// 設定を探す: by label, key, sentence or another word for it. Shows value, default and menu, and leads there.
import { useEffect, useRef, useState, type KeyboardEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { Dialog } from '../base/dialog.tsx';
import { currentLang } from '../base/i18n.ts';
import { SearchIcon } from '../base/icons.tsx';
import { isComposingKey } from '../base/ime.ts';
import { Link } from '../base/shell.tsx';
import { ErrorNote, Loading } from '../base/states.tsx';
import { pathOf, SearchBox } from './kit.tsx';
import { find, keySlug, useSettings, valueWords, type Row } from './settings_data.ts';
import type { ConsoleMenu, Me } from '../base/types.ts';

const MOST = 20;

export const settingPath = (row: Row, reached: (menu: string) => boolean): string =>
  pathOf(row.def.menus.find(reached) ?? row.def.menus[0]!, 'settings', keySlug(row.def.key));

function Found({ me, question, menus, close }: { me: Me; question: string; menus: ConsoleMenu['menus']; close: () => void }) {
  const { t } = useTranslation();
  const lang = currentLang();
  const all = useSettings(me);
  const list = useRef<HTMLUListElement>(null);
  const names = new Map(menus.flatMap((g) => g.items.map((i) => [i.id, t('settings.find.menu', { group: g[lang], menu: i[lang] })])));
  if (all.isPending) return <Loading rows={3} />;
  if (all.error) return <ErrorNote error={all.error} retry={() => void all.retry()} />;
  const rows = find(all.rows, question);
  const move = (e: KeyboardEvent) => {
    if (isComposingKey(e.nativeEvent, false) || (e.key !== 'ArrowDown' && e.key !== 'ArrowUp')) return;
    const links = [...(list.current?.querySelectorAll('a') ?? [])];
    const at = links.indexOf(document.activeElement as HTMLAnchorElement) + (e.key === 'ArrowDown' ? 1 : -1);
    e.preventDefault();
    links[Math.max(0, Math.min(links.length - 1, at))]?.focus();
  };
  return (
    <>
      <p className="small-print" role="status">
        {question === '' ? t('settings.find.hint') : t(rows.length === 0 ? 'settings.find.none' : 'settings.find.count', { q: question, n: rows.length })}
      </p>
      <ul ref={list} className="find-list" onKeyDown={move} onClick={close}>
        {rows.slice(0, MOST).map((row) => (
          <li key={row.def.key}>
            <Link to={settingPath(row, (m) => names.has(m))} className="find-entry">
              <span className="find-label">{row.def[lang]}</span>
              <span className="find-value">{t('settings.find.value', { value: valueWords(row, row.now.value), default: valueWords(row, row.def.default) })}</span>
              <span className="small-print">{row.def.menus.map((m) => names.get(m)).filter(Boolean).join(t('settings.value.comma'))}</span>
            </Link>
          </li>
        ))}
      </ul>
    </>
  );
}

export function FindDialog({ me, menus, close }: { me: Me; menus: ConsoleMenu['menus']; close: () => void }) {
  const { t } = useTranslation();
  const [question, setQuestion] = useState('');
  const box = useRef<HTMLDivElement>(null);
  const enter = (e: KeyboardEvent) => {
    if (isComposingKey(e.nativeEvent, false) || !(e.target instanceof HTMLInputElement)) return;
    const first = box.current?.querySelector<HTMLAnchorElement>('.find-entry');
    if (e.key === 'ArrowDown') {
      e.preventDefault();
      first?.focus();
    } else if (e.key === 'Enter') {
      first?.click();
    }
  };
  return (
    <Dialog opened close={close} title={t('settings.find.title')}>
      <div ref={box} className="find-box" onKeyDown={enter}>
        <SearchBox label={t('settings.find.title')} value="" change={setQuestion} placeholder={t('settings.find.placeholder')} />
        <Found me={me} question={question} menus={menus} close={close} />
      </div>
    </Dialog>
  );
}

/** The field-like button that opens the search, and Ctrl+K (⌘K) on every page of the console. */
export function FindButton({ open }: { open: () => void }) {
  const { t } = useTranslation();
  useEffect(() => {
    const key = (e: globalThis.KeyboardEvent) => {
      if (e.key.toLowerCase() !== 'k' || !(e.ctrlKey || e.metaKey) || e.shiftKey || e.altKey) return;
      e.preventDefault();
      open();
    };
    window.addEventListener('keydown', key);
    return () => window.removeEventListener('keydown', key);
  }, [open]);
  return (
    <button type="button" className="find-button" onClick={open}>
      <SearchIcon size={20} />
      <span>{t('settings.find.title')}</span>
      <kbd className="wide-only">{t('settings.find.key')}</kbd>
    </button>
  );
}

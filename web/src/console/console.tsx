// 管理者画面: its own entry, its own password step, and the menu that the server allows. Loaded only when opened.
import './console.css';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { ApiError, call } from '../base/api.ts';
import { addWords, currentLang } from '../base/i18n.ts';
import { BackIcon, Mark, MenuIcon } from '../base/icons.tsx';
import { go } from '../base/route.ts';
import { Link } from '../base/shell.tsx';
import { ErrorNote, Loading } from '../base/states.tsx';
import { AdminsPage } from './admins.tsx';
import { AuditPage } from './audit.tsx';
import { ImportPage } from './import.tsx';
import { MembersPage } from './members.tsx';
import { ProofProvider, pathOf, slug, type PageProps } from './kit.tsx';
import { PasswordStep } from './step.tsx';
import en from './words/en.json';
import ja from './words/ja.json';
import kitEn from './words/kit.en.json';
import kitJa from './words/kit.ja.json';
import type { ConsoleMenu, Me } from '../base/types.ts';

addWords('console', ja, en);
addWords('kit', kitJa, kitEn);

/** The menus that this version has a page for; the others are absent, however the server answers. */
const PAGES: Record<string, (props: PageProps) => React.ReactNode> = {
  'member.member': (props) => (props.sub[0] === 'import' ? <ImportPage {...props} /> : <MembersPage {...props} />),
  'security.admins': AdminsPage,
  'audit.console': AuditPage,
};

type Group = ConsoleMenu['menus'][number];

const withPages = (groups: Group[]): Group[] => groups
  .map((g) => ({ ...g, items: g.items.filter((i) => i.id in PAGES) }))
  .filter((g) => g.items.length > 0);

function Menu({ groups, chosen, opened, done }: { groups: Group[]; chosen: string | null; opened: boolean; done: () => void }) {
  const { t } = useTranslation();
  const lang = currentLang();
  return (
    <nav className={opened ? 'console-menu opened' : 'console-menu'} aria-label={t('console.menu')} onClick={done}>
      {groups.map((g) => (
        <div key={g.id} className="console-group">
          <h2>{g[lang]}</h2>
          <ul>
            {g.items.map((i) => (
              <li key={i.id}><Link to={pathOf(i.id)} current={i.id === chosen} className="console-entry">{i[lang]}</Link></li>
            ))}
          </ul>
        </div>
      ))}
    </nav>
  );
}

function Head({ opened, toggle, end }: { opened: boolean; toggle: (() => void) | null; end: (() => void) | null }) {
  const { t } = useTranslation();
  return (
    <header className="console-head">
      {toggle && (
        <button type="button" className="icon-button narrow-only" aria-label={t('console.open_menu')} aria-expanded={opened} onClick={toggle}>
          <MenuIcon />
        </button>
      )}
      <Mark size={28} />
      <p className="console-title">{t('console.title')}</p>
      <span className="rail-space" />
      <button type="button" className="text-button" onClick={end ?? (() => go('/talk'))}>
        <BackIcon size={20} />{t(end ? 'console.end' : 'console.to_talk')}
      </button>
    </header>
  );
}

export default function Console({ me, menu, sub }: { me: Me; menu: string | null; sub: string[] }) {
  const { t } = useTranslation();
  const queries = useQueryClient();
  const [opened, setOpened] = useState(false);
  const found = useQuery({ queryKey: ['console', me.tenant, 'menu'], queryFn: () => call(me.tenant, 'console.menu') });
  useEffect(() => {
    document.title = `${t('console.title')} - Engawa`;
  }, [t]);

  const code = found.error instanceof ApiError ? found.error.code : '';
  const groups = withPages(found.data?.menus ?? []);
  const chosen = groups.flatMap((g) => g.items).find((i) => slug(i.id) === menu)?.id ?? groups[0]?.items[0]?.id ?? null;
  const Page = chosen === null ? null : PAGES[chosen];
  const end = async () => {
    await call(me.tenant, 'console.end').catch(() => undefined);
    queries.removeQueries({ queryKey: ['console', me.tenant] });
    go('/talk');
  };
  const body = () => {
    if (found.isPending) return <main className="console-page" id="content"><Loading /></main>;
    if (code === 'reauth_required') return <PasswordStep me={me} done={() => void found.refetch()} />;
    if (code === 'forbidden') {
      return (
        <main className="console-page" id="content">
          <h1>{t('console.title')}</h1>
          <p role="alert">{t('console.forbidden')}</p>
        </main>
      );
    }
    if (found.isError) return <main className="console-page" id="content"><ErrorNote error={found.error} retry={() => void found.refetch()} /></main>;
    return (
      <>
        <Menu groups={groups} chosen={chosen} opened={opened} done={() => setOpened(false)} />
        <main className="console-page" id="content">{Page ? <Page key={chosen} me={me} sub={sub} /> : <p>{t('console.no_menu')}</p>}</main>
      </>
    );
  };
  return (
    <div className="console">
      <a className="skip-link" href="#content">{t('base.nav.skip')}</a>
      <Head opened={opened} toggle={found.isSuccess ? () => setOpened(!opened) : null} end={found.isSuccess ? () => void end() : null} />
      <ProofProvider me={me}><div className="console-body">{body()}</div></ProofProvider>
    </div>
  );
}

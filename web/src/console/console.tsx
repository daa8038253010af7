// 管理者画面: its own entry, its own password step, and the menu that the server allows. Loaded only when opened.
import './console.css';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useCallback, useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { ApiError, call } from '../base/api.ts';
import { addWords, currentLang } from '../base/i18n.ts';
import { BackIcon, Mark, MenuIcon } from '../base/icons.tsx';
import { Legal } from '../base/legal.tsx';
import { go } from '../base/route.ts';
import { Link } from '../base/shell.tsx';
import { ErrorNote, Loading } from '../base/states.tsx';
import { AdminsPage } from './admins.tsx';
import { AuditPage, FileAuditPage, LoginAuditPage, TalkAuditPage } from './audit.tsx';
import { AuditFilesPage } from './audit_files.tsx';
import { ClosingPage } from './closing.tsx';
import { HomePage } from './home.tsx';
import { ImportPage } from './import.tsx';
import { InvitesPage } from './invites.tsx';
import { GroupsPage } from './groups.tsx';
import { MemberFieldsPage } from './member_fields.tsx';
import { LabelsPage } from './labels.tsx';
import { MembersPage } from './members.tsx';
import { ProofProvider, pathOf, slug, Views, type PageProps } from './kit.tsx';
import { SettingsPage } from './settings.tsx';
import { hasSettings } from './settings_data.ts';
import { FindButton, FindDialog } from './settings_find.tsx';
import { PresetPage } from './settings_preset.tsx';
import { PasswordStep } from './step.tsx';
import { StoragePage } from './storage.tsx';
import { TemplatesPage } from './templates.tsx';
import { UnitsPage } from './units.tsx';
import auditEn from './words/audit.en.json';
import auditJa from './words/audit.ja.json';
import en from './words/en.json';
import ja from './words/ja.json';
import homeEn from './words/home.en.json';
import homeJa from './words/home.ja.json';
import kitEn from './words/kit.en.json';
import kitJa from './words/kit.ja.json';
import settingsEn from './words/settings.en.json';
import settingsJa from './words/settings.ja.json';
import type { ConsoleMenu, Me } from '../base/types.ts';

addWords('console', ja, en);
addWords('kit', kitJa, kitEn);
addWords('audit', auditJa, auditEn);
addWords('settings', settingsJa, settingsEn);
addWords('home', homeJa, homeEn);

/** The submenus that have a page of their own. One that has settings alone gets the page made of them; one with both shows
 * them as a view beside its own. The others are absent, however the server answers. */
const PAGES: Record<string, (props: PageProps) => React.ReactNode> = {
  'basic.cancel': ClosingPage,
  'member.member': (props) => (props.sub[0] === 'import' ? <ImportPage {...props} /> : <MembersPage {...props} />),
  'member.invite': InvitesPage,
  'security.admins': AdminsPage,
  'security.service': TemplatesPage,
  'member.group': GroupsPage,
  'member.field': MemberFieldsPage,
  'member.unit': UnitsPage,
  'member.label': LabelsPage,
  'audit.console': AuditPage,
  'audit.login': LoginAuditPage,
  'audit.talk': TalkAuditPage,
  'audit.file': FileAuditPage,
  'audit.download': AuditFilesPage,
  'stats.storage': StoragePage,
};

/** Pages that hold all the settings of their submenu themselves. */
const WHOLE = new Set(['member.field', 'security.service']);

type Group = ConsoleMenu['menus'][number];

const withPages = (groups: Group[]): Group[] => groups
  .map((g) => ({ ...g, items: g.items.filter((i) => i.id in PAGES || hasSettings(i.id)) }))
  .filter((g) => g.items.length > 0);

/** The pages that are no submenu: addresses of their own beside those of the submenus. */
const HOME = 'home';
const PRESETS = 'presets';

function Menu({ groups, chosen, opened, done }: { groups: Group[]; chosen: string; opened: boolean; done: () => void }) {
  const { t } = useTranslation();
  const lang = currentLang();
  return (
    <nav className={opened ? 'console-menu opened' : 'console-menu'} aria-label={t('console.menu')} onClick={done}>
      <ul className="console-group">
        <li><Link to="/console" current={chosen === HOME} className="console-entry">{t('home.title')}</Link></li>
        <li><Link to={`/console/${PRESETS}`} current={chosen === PRESETS} className="console-entry">{t('settings.preset.title')}</Link></li>
      </ul>
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
      <Legal />
    </nav>
  );
}

/** What stands at an address: the submenu's own page, its settings, or both as two views. */
function Content({ me, groups, chosen, sub }: { me: Me; groups: Group[]; chosen: string; sub: string[] }) {
  const { t } = useTranslation();
  const item = groups.flatMap((g) => g.items).find((i) => i.id === chosen);
  if (chosen === PRESETS) return <PresetPage me={me} menus={groups} />;
  if (item === undefined) return <HomePage me={me} has={(menu) => groups.some((g) => g.items.some((i) => i.id === menu))} />;
  const title = item[currentLang()];
  const Page = PAGES[item.id];
  const settings = sub[0] === 'settings';
  const shown = settings || Page === undefined
    ? <SettingsPage key={item.id} me={me} menu={item.id} title={title} found={sub[1] ?? ''} />
    : <Page key={item.id} me={me} sub={sub} />;
  if (Page === undefined || WHOLE.has(item.id) || !hasSettings(item.id)) return shown;
  return (
    <>
      <Views label={t('settings.page')} views={[
        { to: pathOf(item.id), label: title, current: !settings },
        { to: pathOf(item.id, 'settings'), label: t('settings.nav'), current: settings },
      ]} />
      {shown}
    </>
  );
}

function Head({ opened, toggle, find, end }: {
  opened: boolean; toggle: (() => void) | null; find: (() => void) | null; end: (() => void) | null;
}) {
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
      {find && <FindButton open={find} />}
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
  const [finding, setFinding] = useState(false);
  const find = useCallback(() => setFinding(true), []);
  const found = useQuery({ queryKey: ['console', me.tenant, 'menu'], queryFn: () => call(me.tenant, 'console.menu') });
  useEffect(() => {
    document.title = `${t('console.title')} - Engawa`;
  }, [t]);

  const code = found.error instanceof ApiError ? found.error.code : '';
  const groups = withPages(found.data?.menus ?? []);
  const chosen = menu === PRESETS ? PRESETS : groups.flatMap((g) => g.items).find((i) => slug(i.id) === menu)?.id ?? HOME;
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
    if (!found.data) return <main className="console-page" id="content"><ErrorNote error={found.error} retry={() => void found.refetch()} /></main>;
    return (
      <>
        <Menu groups={groups} chosen={chosen} opened={opened} done={() => setOpened(false)} />
        <main className="console-page" id="content">
          <div className="find-row"><FindButton open={find} /></div>
          <Content me={me} groups={groups} chosen={chosen} sub={sub} />
        </main>
        {finding && <FindDialog me={me} menus={groups} close={() => setFinding(false)} />}
      </>
    );
  };
  return (
    <div className="console">
      <a className="skip-link" href="#content">{t('base.nav.skip')}</a>
      <Head
        opened={opened} toggle={found.isSuccess ? () => setOpened(!opened) : null} find={found.isSuccess ? find : null}
        end={found.isSuccess ? () => void end() : null}
      />
      <ProofProvider me={me}><div className="console-body">{body()}</div></ProofProvider>
    </div>
  );
}

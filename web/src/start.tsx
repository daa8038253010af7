// The screens of the web client begin.
import { createRoot } from 'react-dom/client';
import { App } from './app.tsx';
import { watchKeyboard } from './base/frame.ts';
import { initLanguage } from './base/i18n.ts';
import { watchInstall } from './base/install.ts';
import { clearVaults } from './base/vault.ts';
import { startWorker } from './base/version.ts';

/** The worker fetches every file of the client, and old vaults are looked for: both after the first screen, which they would hold up. */
const LATER = 4_000;

initLanguage();
watchKeyboard();
watchInstall();
/* Another app's files wait in the worker's memory: they are taken at once, whoever has to log in first. */
const shared = /\/share$/.test(window.location.pathname) ? new URLSearchParams(window.location.search).get('files') : null;
if (shared) void import('./talk/handed.ts').then(({ handed }) => handed(shared));
createRoot(document.getElementById('app')!).render(<App />);
setTimeout(() => {
  void clearVaults().catch(() => undefined);
  void startWorker();
}, LATER);

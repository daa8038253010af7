// The start of the web client.
import './base/styles.ts';
import { createRoot } from 'react-dom/client';
import { App } from './app.tsx';
import { watchKeyboard } from './base/frame.ts';
import { initLanguage } from './base/i18n.ts';
import { watchInstall } from './base/install.ts';
import { clearVaults } from './base/vault.ts';
import { startWorker } from './base/version.ts';

initLanguage();
watchKeyboard();
watchInstall();
void clearVaults().catch(() => undefined);
createRoot(document.getElementById('app')!).render(<App />);
window.addEventListener('load', () => void startWorker());

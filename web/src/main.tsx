// The start of the web client.
import './base/styles.ts';
import { createRoot } from 'react-dom/client';
import { App } from './app.tsx';
import { initLanguage } from './base/i18n.ts';

initLanguage();
createRoot(document.getElementById('app')!).render(<App />);

// The start of the web client, before styles are there and the page is read to its end: what the first screen needs is asked for,
// and the screens are loaded meanwhile.
import './base/styles.ts';
import { askAhead } from './base/ahead.ts';

askAhead();
if (document.readyState === 'loading') document.addEventListener('DOMContentLoaded', () => void import('./start.tsx'), { once: true });
else void import('./start.tsx');

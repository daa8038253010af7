// What the system draws around the app: its name and icon by language, the colour of the bars, and the room that a keyboard
// of the screen leaves.
import type { Lang } from './time.ts';
import type { Theme } from './prefs.ts';

const MANIFESTS = { ja: '/engawa.webmanifest', en: '/engawa.en.webmanifest' };
/** The token `surface2`, in which the headers stand. */
const BARS = { light: '#FBF8F3', dark: '#211D1A' };
/** Less than this is a bar of the browser that comes and goes. */
const KEYBOARD = 120;

export function nameApp(lang: Lang, name: string): void {
  document.querySelector<HTMLLinkElement>('link[rel="manifest"]')?.setAttribute('href', MANIFESTS[lang]);
  document.querySelector('meta[name="apple-mobile-web-app-title"]')?.setAttribute('content', name);
}

/** A theme that was chosen holds for the bars, too, whatever the system prefers. */
export function colourBars(theme: Theme): void {
  for (const of of ['light', 'dark'] as const) {
    const meta = document.querySelector(`meta[name="theme-color"][media*="${of}"]`);
    meta?.setAttribute('content', BARS[theme === 'auto' ? of : theme]);
  }
}

/** Where a keyboard covers the page instead of making it smaller (iOS), the page ends above it. */
export function watchKeyboard(): void {
  const view = window.visualViewport;
  if (!view) return;
  const fit = () => {
    const covered = view.scale === 1 && window.innerHeight - view.height > KEYBOARD;
    const { dataset, style } = document.documentElement;
    if (covered) {
      style.setProperty('--view-height', `${view.height}px`);
      dataset.keyboard = 'open';
      window.scrollTo(0, 0);
    } else if (dataset.keyboard) {
      style.removeProperty('--view-height');
      delete dataset.keyboard;
    }
  };
  view.addEventListener('resize', fit);
  fit();
}

// The build of the web client: static files in ../build/web that obey `style-src 'self'` and Trusted Types.
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';
import { installable } from './build/app.ts';
import { mantineVariables, mantineWithoutStyleTags } from './build/mantine.ts';

export default defineConfig({
  plugins: [react(), mantineVariables(), mantineWithoutStyleTags(), installable()],
  build: {
    outDir: '../build/web',
    emptyOutDir: true,
    target: 'es2022',
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    chunkSizeWarningLimit: 800,
  },
});

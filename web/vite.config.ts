// The build of the web client: static files in ../build/web that obey `style-src 'self'` and Trusted Types.
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';
import { installable, MAIN, START } from './build/app.ts';
import { mantineVariables, mantineWithoutStyleTags } from './build/mantine.ts';

/** Packages of many parts, of which each screen brings its own; they stand on the others, and our code on both. */
const PARTS = /node_modules\/(?:@mantine|@tabler)\//;

interface Graph {
  getModuleInfo: (id: string) => { importedIds: readonly string[] } | null;
}

function reach(graph: Graph, id: string, found = new Set<string>()): Set<string> {
  if (!found.has(id)) graph.getModuleInfo(found.add(id) && id)?.importedIds.forEach((next) => reach(graph, next, found));
  return found;
}

/** What the first screen is made of comes in few files: to a phone each further one is a request. */
function ofFirstScreen(id: string, graph: Graph): string | null {
  if (id === START || PARTS.test(id) || !reach(graph, START).has(id) || reach(graph, MAIN).has(id)) return null;
  return id.includes('node_modules') ? 'packages' : id.includes('/src/') || id.includes('/gen/') ? 'screens' : null;
}

export default defineConfig({
  plugins: [react(), mantineVariables(), mantineWithoutStyleTags(), installable()],
  build: {
    outDir: '../build/web',
    emptyOutDir: true,
    target: 'es2022',
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    chunkSizeWarningLimit: 800,
    rolldownOptions: { output: { codeSplitting: { includeDependenciesRecursively: false, groups: [{ name: ofFirstScreen }] } } },
  },
});

// Builds and runs the ground-truth lab: npm run lab [-- --out DIR --only NAME --topology NAME --short --seed N]
import { fileURLToPath, pathToFileURL } from 'node:url';
import { join } from 'node:path';
import { build } from 'vite';

const root = fileURLToPath(new URL('..', import.meta.url));
const outDir = join(root, '.cache/lab-program');
await build({
  root,
  configFile: false,
  logLevel: 'error',
  build: {
    ssr: 'test/lab/main.ts',
    outDir,
    emptyOutDir: true,
    minify: false,
    rollupOptions: { output: { entryFileNames: 'lab.mjs' } },
  },
});
const { main } = await import(pathToFileURL(join(outDir, 'lab.mjs')).href);
process.exit(await main(process.argv.slice(2), root));

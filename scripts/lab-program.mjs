// Bundles one of the lab's programs, since Node does not run TypeScript, and imports it.
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build } from 'vite';

export const root = fileURLToPath(new URL('..', import.meta.url));

/** @param {'main' | 'accuracy' | 'fit'} name of the file in test/lab */
export async function labProgram(name) {
  const outDir = join(root, '.cache/lab-program', name);
  await build({
    root,
    configFile: false,
    logLevel: 'error',
    publicDir: false,
    ssr: { noExternal: true },
    build: {
      ssr: `test/lab/${name}.ts`,
      outDir,
      emptyOutDir: true,
      minify: false,
      rolldownOptions: { output: { entryFileNames: 'index.mjs' } },
    },
  });
  return import(pathToFileURL(join(outDir, 'index.mjs')).href);
}

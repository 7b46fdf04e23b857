// npm run lessons [-- NAME…]: plays lessons between network namespaces (root) and keeps their captures, from each point, before
// and after the fix, in main/lessons/NAME/captures. `test/lessons/kept.test.ts` then says whether they show what the lesson claims.
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { ensureBuilt, programsConfig } from './build.mjs';
import { root } from './setup.mjs';

await ensureBuilt({ targets: ['programs'] });
const { build } = await import('vite');
const made = '.cache/lessons-program';
await build(programsConfig({ 'make-captures': 'main/lessons/make-captures.ts' }, made));
const { makeCaptures } = await import(pathToFileURL(join(root, made, 'make-captures.js')).href);
await makeCaptures(process.argv.slice(2), join(root, 'main/lessons'), [
  process.execPath,
  join(root, 'dist/cli/index.js'),
]);

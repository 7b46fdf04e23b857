#!/usr/bin/env -S node --max-semi-space-size=4 --min-semi-space-size=4
/**
 * What is started: as small as can be, for all else comes out of the code cache. Between interpreting and optimizing, V8 would compile once more:
 * a tenth of what a small capture takes, and no gain for a large one.
 */
import { CodeLoader } from './code-loader.ts';
import type { run } from './program.ts';

interface Program {
  readonly run: typeof run;
}

const loader = new CodeLoader(import.meta.dirname);
const program = loader.load('program.js') as Program;
void program.run(process.argv.slice(2));

#!/usr/bin/env -S node --max-semi-space-size=4
/** What is started: as small as can be, for all else comes out of the code cache. */
import { CodeLoader } from './code-loader.ts';

type Program = typeof import('./program.ts');

const loader = new CodeLoader(import.meta.dirname);
const program = loader.load('program.js') as Program;
void program.run(process.argv.slice(2));

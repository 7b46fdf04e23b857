// npm run -s cli -- analyze FILE…
//
// The command line out of a checkout: installs and builds what is missing, silently on stdout, then is the program.
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { checkNode, ensureInstalled, root } from './setup.mjs';

checkNode();
ensureInstalled();
const { ensureBuilt } = await import('./build.mjs');
await ensureBuilt({ targets: ['programs'] });
// npm runs scripts in the package's folder; files are named from where the user is.
if (process.env.npm_lifecycle_event === 'cli' && process.env.INIT_CWD) process.chdir(process.env.INIT_CWD);
const program = join(root, 'dist/cli/index.js');
process.argv[1] = program;
await import(pathToFileURL(program).href);

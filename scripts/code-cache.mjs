// Started by scripts/build.mjs: runs the built command line over the samples, and keeps beside each of its chunks what V8 has compiled
// of it by then (dist/cli/*.cache), functions that are compiled when they are first called among them.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './setup.mjs';

const { CodeLoader, codeCacheFile } = await import(join(root, '.cache/code-cache/code-loader.js'));
const folder = join(root, 'dist/cli');
const samples = join(root, 'dist/host/samples');

// Each run listens for a reader that goes.
for (const stream of [process.stdout, process.stderr]) stream.setMaxListeners(0);
const loader = new CodeLoader(folder);
const program = loader.load('program.js');
for (const name of ['refused-port', 'forged-resets', 'keep-alive-race', 'silent-firewall'])
  for (const form of [[], ['--json']]) await program.run(['analyze', join(samples, `${name}.pcap`), ...form]);
for (const [name, { script, source }] of loader.scripts)
  writeFileSync(join(folder, `${name}.cache`), codeCacheFile(script.createCachedData(), source));

/** Command line of the storms: `run-storm FILE KIND RESETS [SEED]`. */
import { closeSync, openSync, writeSync } from 'node:fs';
import { STORMS, writeStorm } from './storm.ts';

const [path, kind, resets, seed = '1'] = process.argv.slice(2);
const storm = STORMS.find((known) => known === kind);
if (storm === undefined) throw new Error(`${kind}: no storm; there are ${STORMS.join(', ')}`);
const file = openSync(path, 'w');
writeStorm(storm, Number(resets), Number(seed), (bytes) => {
  for (let at = 0; at < bytes.length;) at += writeSync(file, bytes, at);
});
closeSync(file);

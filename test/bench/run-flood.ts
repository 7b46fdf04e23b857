/**
 * Command line of the floods: `run-flood FILE KIND COUNT`, or `run-flood FOLDER files|parts COUNT` for so many files of ten packets each,
 * which by their names are captures of their own or parts of one.
 */
import { closeSync, mkdirSync, openSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { type Flood, FLOODS, writeFlood } from './floods.ts';

const PACKETS_OF_A_FILE = 10;

const [path, kind, countText] = process.argv.slice(2);
const count = Number(countText);
const flood = FLOODS.find((known) => known === kind);
if (flood !== undefined) writeFile(path, flood, count, 0);
else if (kind === 'files' || kind === 'parts') {
  mkdirSync(path, { recursive: true });
  for (let i = 0; i < count; i++) {
    const number = String(i + 1).padStart(5, '0');
    const name = kind === 'parts' ? `part_${number}.pcap` : `${number}.pcap`;
    writeFile(join(path, name), 'connection', PACKETS_OF_A_FILE, i);
  }
} else throw new Error(`${kind}: no flood; there are ${FLOODS.join(', ')} files and parts`);

function writeFile(to: string, what: Flood, packets: number, first: number): void {
  const file = openSync(to, 'w');
  const write = (bytes: Uint8Array): void => {
    for (let at = 0; at < bytes.length;) at += writeSync(file, bytes, at);
  };
  writeFlood(what, packets, write, first);
  closeSync(file);
}

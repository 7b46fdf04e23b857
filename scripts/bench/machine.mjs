/** The card of the machine: what numbers of two runs must share to be compared. */
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { cpus, loadavg, release, totalmem } from 'node:os';
import { PEERS, versionOf } from './peers.mjs';

/** Taken when the bench is loaded, before it makes a load itself. */
const load = loadavg()[0];

export function card(folder, peers) {
  const memory = Math.round(totalmem() / 2 ** 30);
  const [{ model }] = cpus();
  const versions = new Map(
    peers.map((name) => PEERS[name].version).map((asked) => [asked[0], versionOf(asked)]),
  );
  return [
    `- Machine: ${cpus().length} × ${model.trim()}, ${memory} GiB; ${system()}, ${process.platform} ${release()}`,
    `- Disk: ${disk(folder)}`,
    `- Load average when it began: ${load.toFixed(1)}; above ${cpus().length - 1} other work slowed all tools, and CPU time tells more than wall time`,
    `- Versions: Node ${process.version} (V8 ${process.versions.v8}), ${[...versions.values()].join(', ')}`,
  ];
}

function disk(folder) {
  const { stdout } = spawnSync('df', ['--output=source,fstype,size', '-h', folder], { encoding: 'utf8' });
  const [source = 'unknown', type = '', size = ''] = (stdout ?? '')
    .trim()
    .split('\n')
    .at(-1)
    .trim()
    .split(/\s+/);
  return `${source}, ${type}, ${size}; captures are read out of the page cache`;
}

function system() {
  try {
    return /^PRETTY_NAME="(.*)"$/m.exec(readFileSync('/etc/os-release', 'utf8'))?.[1] ?? process.platform;
  } catch {
    return process.platform;
  }
}

// What every command needs before anything else. Uses nothing but Node, since nothing else may be there yet; prints on
// stderr only, since stdout belongs to the command.
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = fileURLToPath(new URL('..', import.meta.url));
const NEEDED = [20, 19];

/** Ends the process on a Node that is too old, instead of failing later with a riddle. */
export function checkNode(version = process.versions.node) {
  const [major, minor] = version.split('.').map(Number);
  if (major > NEEDED[0] || (major === NEEDED[0] && minor >= NEEDED[1])) return;
  console.error(`Resetscope needs Node ${NEEDED.join('.')} or newer; this is Node ${version}.`);
  process.exit(1);
}

/**
 * Runs `npm ci` when the installed packages are not those of the lock file. That removes all of node_modules first, so it
 * must never happen over packages that are right.
 */
export function ensureInstalled() {
  const reason = staleReason(readLock('package-lock.json'), readLock('node_modules/.package-lock.json'));
  if (reason === undefined) return;
  console.error(`Installing packages (${reason}) …`);
  const npm = process.platform === 'win32' ? 'npm.cmd' : 'npm';
  const run = spawnSync(npm, ['ci', '--no-audit', '--no-fund', '--loglevel=error'], {
    cwd: root,
    stdio: ['ignore', 2, 2],
    shell: process.platform === 'win32',
  });
  if (run.status === 0) return;
  console.error(`npm ci failed${run.error ? `: ${run.error.message}` : ''}; see above.`);
  process.exit(1);
}

/**
 * Why the installed packages are not the wanted ones; undefined when they are. Both are `packages` of a lock file; npm
 * writes what it installed to one of its own. What npm leaves out on purpose is not missed: packages for other
 * platforms, optional ones, and entries that the lock file itself calls extraneous.
 */
export function staleReason(wanted, installed) {
  if (installed === undefined) return 'there are none';
  for (const [path, { version, optional, devOptional, peer, extraneous }] of Object.entries(wanted)) {
    if (path === '' || version === undefined || extraneous) continue;
    const found = installed[path];
    if (found === undefined && (optional || devOptional || peer)) continue;
    if (found?.version !== version) return `${path.replace(/^node_modules\//, '')} should be ${version}`;
  }
  return undefined;
}

function readLock(path) {
  const file = join(root, path);
  return existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')).packages : undefined;
}

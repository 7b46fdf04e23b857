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

/** Runs `npm ci` when the installed packages are not those of the lock file. */
export function ensureInstalled() {
  const reason = staleReason();
  if (reason === undefined) return;
  if (process.env.RESETSCOPE_INSTALL !== '1') return console.error(`packages look stale (${reason}); not installing`);
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

/** npm writes what it installed to a lock file of its own; packages for other platforms are not in it. */
function staleReason() {
  const installedLock = join(root, 'node_modules/.package-lock.json');
  if (!existsSync(installedLock)) return 'there are none';
  const wanted = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')).packages;
  const installed = JSON.parse(readFileSync(installedLock, 'utf8')).packages;
  for (const [path, { version, optional, devOptional, peer }] of Object.entries(wanted)) {
    if (path === '' || version === undefined) continue;
    const found = installed[path];
    if (found === undefined && (optional || devOptional || peer)) continue;
    if (found?.version !== version) return `${path.replace(/^node_modules\//, '')} should be ${version}`;
  }
  return undefined;
}

// npm run package [-- TARGET…]
//
// The installers of this system: on Linux deb, AppImage and rpm, elsewhere dmg or nsis. electron-builder fetches Electron and
// the tools that it packs with where they are not in its cache; the Debian package needs none of them.
//
//   RESETSCOPE_UPDATE_URL=https://…   a folder on a web server in which later releases will lie, or
//   RESETSCOPE_UPDATE_GITHUB=OWNER/REPOSITORY   its releases; without either the app never asks for updates
//   RESETSCOPE_REQUIRE_ELECTRON=1     fail rather than make a Debian package without Electron's program
//   RESETSCOPE_REQUIRE_SIGNING=1      fail rather than leave a package unsigned
import { spawnSync } from 'node:child_process';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { electronBinary } from './electron-binary.mjs';
import { runElectronBuilder } from './package-desktop.mjs';
import { buildAll, stop } from './package-parts.mjs';
import { root } from './setup.mjs';

const TARGETS = { linux: ['deb', 'AppImage', 'rpm'], darwin: ['dmg'], win32: ['nsis'] };

/** What electron-builder is told of the place of releases. @throws Error for people when it is written wrongly */
export function publishArguments(env) {
  const { RESETSCOPE_UPDATE_URL: url, RESETSCOPE_UPDATE_GITHUB: github } = env;
  if (url && github) throw new Error('RESETSCOPE_UPDATE_URL and RESETSCOPE_UPDATE_GITHUB exclude each other');
  if (url) {
    if (!url.startsWith('https://'))
      throw new Error(`RESETSCOPE_UPDATE_URL is an https address, not "${url}"`);
    return ['--config.publish.provider', 'generic', '--config.publish.url', url];
  }
  if (!github) return [];
  const [, owner, repo] = /^([\w.-]+)\/([\w.-]+)$/.exec(github) ?? [];
  if (repo === undefined) throw new Error(`RESETSCOPE_UPDATE_GITHUB is OWNER/REPOSITORY, not "${github}"`);
  return [
    '--config.publish.provider',
    'github',
    '--config.publish.owner',
    owner,
    '--config.publish.repo',
    repo,
  ];
}

async function main(wanted) {
  const known = TARGETS[process.platform] ?? stop(`there are no installers for ${process.platform}`);
  const unknown = wanted.filter((target) => !known.includes(target));
  if (unknown.length > 0) stop(`no such target here: ${unknown.join(', ')}; there are ${known.join(', ')}`);
  const targets = wanted.length > 0 ? wanted : known;
  await buildAll({ native: process.platform !== 'win32' });
  if (targets.includes('deb')) {
    const run = spawnSync(process.execPath, [join(root, 'scripts/package-deb.mjs')], { stdio: 'inherit' });
    if (run.status !== 0) process.exit(1);
  }
  const others = targets.filter((target) => target !== 'deb');
  if (others.length > 0) packOthers(others);
}

function packOthers(targets) {
  const system = { linux: '--linux', darwin: '--mac', win32: '--win' }[process.platform];
  const binary = electronBinary();
  const dist = binary === undefined ? [] : ['--config.electronDist', distFolder(binary)];
  const signing = process.env.RESETSCOPE_REQUIRE_SIGNING === '1' ? ['--config.forceCodeSigning=true'] : [];
  try {
    runElectronBuilder([system, ...targets, ...dist, ...publishArguments(process.env), ...signing], {
      show: true,
    });
  } catch {
    stop(`electron-builder did not make ${targets.join(', ')}; its own words are above`);
  }
}

/** On macOS the program lies three folders inside of the app. */
function distFolder(binary) {
  return process.platform === 'darwin' ? join(dirname(binary), '../../..') : dirname(binary);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  try {
    await main(process.argv.slice(2));
  } catch (error) {
    stop(error.message);
  }
}

// npm run package:cli
//
// The command line without the desktop, in two forms: release/resetscope-VERSION.tgz for npm, which runs wherever Node does and
// brings the capture helper as sources, and release/resetscope-VERSION-PLATFORM.tar.gz, which needs nothing and has it built.
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { thirdPartyNotices } from './package-notices.mjs';
import {
  buildAll,
  copy,
  copyTree,
  metadata,
  PROGRAM_FOLDERS,
  RELEASE,
  run,
  settleModes,
  sourceDate,
  stageProgram,
  write,
} from './package-parts.mjs';
import { root } from './setup.mjs';

const work = mkdtempSync(join(tmpdir(), 'resetscope-cli-'));
try {
  await buildAll({ native: process.platform !== 'win32' });
  mkdirSync(RELEASE, { recursive: true });
  const made = [npmPackage()];
  // Programs of Windows are no shell scripts; there the npm package serves.
  if (process.platform !== 'win32') made.push(tarball());
  for (const file of made)
    console.log(`${relative(root, file)} (${(statSync(file).size / 1e6).toFixed(1)} MB)`);
} finally {
  rmSync(work, { recursive: true });
}

/** Everything is bundled: npm has nothing to fetch, nothing to compile, and no script to run when it installs. */
function npmPackage() {
  const folder = join(work, 'npm');
  for (const name of PROGRAM_FOLDERS) copyTree(join(root, 'dist', name), join(folder, 'dist', name));
  copyTree(join(root, 'native'), join(folder, 'native'));
  copyNodeApi(join(folder, 'native/node-api-headers'));
  copy(join(root, 'scripts/build-native.mjs'), join(folder, 'scripts/build-native.mjs'));
  copy(join(root, 'LICENSE'), join(folder, 'LICENSE'));
  copy(join(root, 'docs/install.md'), join(folder, 'README.md'));
  write(join(folder, 'THIRD-PARTY-NOTICES.txt'), thirdPartyNotices());
  write(join(folder, 'man/resetscope.1'), run('manual'));
  const { name, version, description, license, author, homepage, type, bin, engines } = metadata;
  const about = { name, version, description, license, author, homepage, type, bin, engines };
  write(
    join(folder, 'package.json'),
    `${JSON.stringify({ ...about, man: ['man/resetscope.1'] }, null, 2)}\n`,
  );
  settleModes(folder);
  const npm = process.platform === 'win32' ? 'npm.cmd' : 'npm';
  execFileSync(npm, ['pack', '--pack-destination', RELEASE, '--ignore-scripts'], {
    cwd: folder,
    stdio: 'pipe',
    shell: process.platform === 'win32',
  });
  return join(RELEASE, `${name}-${version}.tgz`);
}

/** The headers that native/confine is built with, and their licence: Nodes of distributions come without them. */
function copyNodeApi(folder) {
  const from = join(root, 'node_modules/node-api-headers');
  copyTree(join(from, 'include'), join(folder, 'include'));
  copy(join(from, 'LICENSE'), join(folder, 'LICENSE'));
}

/** Unpacked anywhere, bin/resetscope runs. */
function tarball() {
  const name = `resetscope-${metadata.version}-${process.platform}-${process.arch}`;
  const folder = join(work, name);
  stageProgram(folder);
  copy(join(root, 'LICENSE'), join(folder, 'LICENSE'));
  copy(join(root, 'docs/install.md'), join(folder, 'INSTALL.md'));
  settleModes(folder);
  const file = join(RELEASE, `${name}.tar.gz`);
  // The tar of macOS has neither of these options, and a user who unpacks owns what comes out anyway.
  const owner =
    process.platform === 'linux'
      ? ['--owner=0', '--group=0', '--numeric-owner', '--sort=name', `--mtime=@${sourceDate()}`]
      : [];
  execFileSync('tar', ['-C', work, ...owner, '-czf', file, name]);
  return file;
}

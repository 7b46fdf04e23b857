// What the packages are made of: the program tree (lib/resetscope, bin, man pages, completion), which the Debian package and
// the tarball share, and the facts that all of them state.
import { execFileSync, spawnSync } from 'node:child_process';
import {
  chmodSync,
  copyFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  renameSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { gzipSync } from 'node:zlib';
import { dirname, join } from 'node:path';
import { ensureBuilt } from './build.mjs';
import { duckDbPackages } from './duckdb-packages.mjs';
import { ensureNativeBuilt } from './build-native.mjs';
import { thirdPartyNotices } from './package-notices.mjs';
import { root } from './setup.mjs';

export const RELEASE = process.env.RESETSCOPE_RELEASE_DIR ?? join(root, 'release');
export const PACKAGING = join(root, 'packaging');
export const metadata = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));

/** What was built and runs in Node: the command line, the loopback host with its page, and the engine of both. */
export const PROGRAM_FOLDERS = ['cli', 'server', 'host', 'chunks', 'renderer'];

/** A package without the capture helper is not what anybody wants who asks for one: the reason ends the program. */
export async function buildAll({ native = true } = {}) {
  await ensureBuilt();
  // Put in place as a whole: another package may be being made of it.
  const notices = join(root, 'dist/THIRD-PARTY-NOTICES.txt');
  writeFileSync(`${notices}.${process.pid}`, thirdPartyNotices());
  renameSync(`${notices}.${process.pid}`, notices);
  if (!native) return;
  const result = ensureNativeBuilt();
  if (!result.built) stop(`the capture helper is part of the package and cannot be built: ${result.reason}`);
}

/**
 * When these sources were made, in seconds: the time of all files in the packages, so that the same sources give the same package
 * whenever it is made. SOURCE_DATE_EPOCH says it where there is no checkout (reproducible-builds.org).
 */
export function sourceDate() {
  const said = process.env.SOURCE_DATE_EPOCH;
  if (said !== undefined) return Number(said);
  const { status, stdout } = spawnSync('git', ['log', '-1', '--format=%ct'], { cwd: root, encoding: 'utf8' });
  return status === 0 ? Number(stdout) : Math.floor(Date.now() / 1000);
}

export function stop(reason) {
  console.error(`Not packaged: ${reason}`);
  process.exit(1);
}

/** @param prefix where bin, lib and share go */
export function stageProgram(prefix) {
  const lib = join(prefix, 'lib/resetscope');
  for (const folder of PROGRAM_FOLDERS) copyTree(join(root, 'dist', folder), join(lib, folder));
  stageNative(join(lib, 'native'));
  stageRuntime(join(lib, 'runtime'));
  stageDuckDb(join(lib, 'duckdb'));
  // Node asks the nearest package.json whether a file is an ES module.
  write(
    join(lib, 'package.json'),
    `${JSON.stringify({ name: metadata.name, version: metadata.version, type: 'module' })}\n`,
  );
  copy(join(PACKAGING, 'linux/resetscope'), join(prefix, 'bin/resetscope'));
  copy(join(PACKAGING, 'linux/resetscope-ship'), join(lib, 'resetscope-ship'));
  dropInterpreter(join(lib, 'cli/index.js'));
  write(join(prefix, 'share/man/man1/resetscope.1.gz'), gzip(run('manual')));
  const completions = {
    bash: 'share/bash-completion/completions/resetscope',
    zsh: 'share/zsh/vendor-completions/_resetscope',
    fish: 'share/fish/vendor_completions.d/resetscope.fish',
  };
  for (const [shell, file] of Object.entries(completions))
    write(join(prefix, file), run('completion', shell));
  const documents = join(prefix, 'share/doc/resetscope');
  write(join(documents, 'THIRD-PARTY-NOTICES.txt'), thirdPartyNotices());
}

/** The line that names the Node of whoever starts a file by itself: here bin/resetscope starts it, with the Node beside it. */
function dropInterpreter(file) {
  writeFileSync(file, readFileSync(file, 'utf8').replace(/^#!.*\n/u, ''));
}

/** The capture helpers, the one with the kernel witness among them: it is the same program, which a file system can give more rights. */
function stageNative(folder) {
  copyTree(join(root, 'dist/native'), folder);
  const witness = join(folder, 'resetscope-capd-witness');
  if (!existsSync(witness)) copy(join(folder, 'resetscope-capd'), witness);
  if (process.platform !== 'linux') return;
  // Nobody debugs them where they are installed.
  const programs = readdirSync(folder).map((name) => join(folder, name));
  execFileSync('strip', ['--strip-unneeded', '--remove-section=.comment', ...programs]);
}

/** Where main/host/fleet/duckdb-places.ts looks for it. */
function stageDuckDb(folder) {
  for (const one of duckDbPackages()) copyTree(join(root, one), join(folder, one));
}

/** The Node that runs this script, which is the one that was tested, and its licence. */
function stageRuntime(folder) {
  const shared = execFileSync('ldd', [process.execPath])
    .toString()
    .match(/libnode\S*/)?.[0];
  if (shared !== undefined)
    stop(`this Node keeps itself in ${shared}; take one from nodejs.org, which is a single program`);
  const licence = nodeLicence();
  if (licence === undefined)
    stop('the licence of Node is not beside it; RESETSCOPE_NODE_LICENSE says where it is');
  copy(process.execPath, join(folder, 'node'));
  copy(licence, join(folder, 'LICENSE'));
}

function nodeLicence() {
  const prefix = join(dirname(process.execPath), '..');
  const places = [
    process.env.RESETSCOPE_NODE_LICENSE,
    join(prefix, 'LICENSE'),
    join(prefix, 'share/doc/nodejs/LICENSE'),
    join(prefix, 'share/doc/node/LICENSE'),
  ];
  return places.find((place) => place !== undefined && existsSync(place));
}

/** What the built command line prints. */
export function run(...args) {
  return execFileSync(process.execPath, [join(root, 'dist/cli/index.js'), ...args], { encoding: 'utf8' });
}

/** The same bytes give the same file: no name and no time in it. */
export function gzip(text) {
  return gzipSync(text, { level: 9 });
}

export function write(file, content) {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, content);
}

export function copy(from, to) {
  mkdirSync(dirname(to), { recursive: true });
  copyFileSync(from, to);
}

export function copyTree(from, to) {
  cpSync(from, to, { recursive: true, verbatimSymlinks: true });
}

/** Modes as packages have them, whatever the umask of who builds: programs 755, all else 644. Links have none. */
export function settleModes(folder) {
  chmodSync(folder, 0o755);
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) settleModes(path);
    else if (entry.isFile()) chmodSync(path, (statSync(path).mode & 0o100) === 0 ? 0o644 : 0o755);
  }
}

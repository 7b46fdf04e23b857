// node scripts/build.mjs [--force] [programs | preload | renderer]…
//
// Builds what changed: the page (dist/renderer), the programs that run in Node (dist/{cli,server,host,electron}, ES
// modules) and the preload script of the desktop window (one CommonJS file: a sandboxed preload can load nothing
// else). Dependencies are bundled, so that the app ships without node_modules; only `electron` stays outside.
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  cpSync,
  existsSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { bundledList, recordBundled } from './bundled-packages.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const LOCK = join(root, '.cache/build.lock');
const STAMP = join(root, '.cache/build.json');

/** What runs beside a host, whichever it is: the engine, what captures and what reads fleets. */
export const HOSTED_PROGRAMS = {
  'host/engine-process': 'main/host/engine-process.ts',
  'host/capture-process': 'main/host/capture-process.ts',
  'host/fleet-process': 'main/host/fleet/fleet-process.ts',
  'host/recorder-worker': 'main/capture/live/recorder/recorder-worker.ts',
  'host/cap-child': 'main/capture/live/sources/cap-child.ts',
};
const PROGRAMS = {
  'server/index': 'main/server/index.ts',
  ...HOSTED_PROGRAMS,
  'electron/index': 'main/electron/index.ts',
};

/**
 * The command line is CommonJS in a folder of its own, since V8 keeps code of scripts, not of modules. What is started shares
 * nothing with what it loads, so each is built by itself.
 */
const COMMAND_LINE = { index: 'main/cli/index.ts', program: 'main/cli/program.ts' };

const CODE_CACHE_ENV = { NODE_OPTIONS: '', RESETSCOPE_CONFINE: 'off', TZ: 'UTC', LC_ALL: 'C' };

/** Each target with the sources that it is made of and a file that shows it is there. */
const TARGETS = {
  programs: {
    sources: [
      'shared',
      'main',
      'test/samples',
      'test/golden/scenarios',
      'test/support',
      'package.json',
      'package-lock.json',
      'scripts/build.mjs',
      'scripts/code-cache.mjs',
    ],
    made: [
      ...Object.keys(PROGRAMS).map((name) => `dist/${name}.js`),
      ...Object.keys(COMMAND_LINE).map((name) => `dist/cli/${name}.js`),
      'dist/cli/program.js.cache',
      'dist/host/samples/refused-port.pcap',
      bundledList('programs'),
    ],
    build: buildPrograms,
  },
  preload: {
    sources: ['main/electron', 'shared', 'package-lock.json', 'scripts/build.mjs'],
    made: ['dist/electron/preload.cjs', bundledList('preload')],
    build: buildPreload,
  },
  renderer: {
    sources: [
      'shared',
      'renderer',
      'vite.config.ts',
      'main/host/page-headers.ts',
      'package-lock.json',
      'scripts/build.mjs',
    ],
    made: ['dist/renderer/index.html', bundledList('renderer')],
    build: buildRenderer,
  },
};

/** Builds the targets whose sources changed since they were built; answers their names. */
export async function ensureBuilt({ force = false, targets = Object.keys(TARGETS) } = {}) {
  return withLock(async () => {
    const stamps = force ? {} : readStamps();
    const stale = targets.filter((name) => {
      const { sources, made } = TARGETS[name];
      return stamps[name] !== fingerprint(sources) || !made.every((file) => existsSync(join(root, file)));
    });
    for (const name of stale) {
      const before = fingerprint(TARGETS[name].sources);
      await TARGETS[name].build();
      stamps[name] = before;
      writeFileSync(STAMP, JSON.stringify(stamps, null, 2));
    }
    return stale;
  });
}

async function buildPrograms() {
  const { build } = await import('vite');
  for (const folder of ['cli', 'server', 'host', 'chunks'])
    rmSync(join(root, 'dist', folder), { recursive: true, force: true });
  const plugins = [recordBundled('programs')];
  await build({ ...programsConfig(PROGRAMS, 'dist'), plugins });
  for (const [name, file] of Object.entries(COMMAND_LINE))
    await build({ ...commandLineConfig(name, file), plugins: [...plugins, withoutSubprograms()] });
  // The package is made of ES modules, this folder is not.
  writeFileSync(join(root, 'dist/cli/package.json'), '{ "type": "commonjs" }\n');
  await writeSamples(join(root, 'dist/host/samples'));
  copyLessons(join(root, 'dist/host/lessons'));
  await writeCodeCaches();
}

/** The captures to try are made by the code that makes those of the tests. */
async function writeSamples(folder) {
  const { build } = await import('vite');
  const made = '.cache/samples';
  await build({ ...programsConfig({ 'write-samples': 'test/samples/write-samples.ts' }, made) });
  const { writeSamples: write } = await import(
    `${pathToFileURL(join(root, made, 'write-samples.js'))}?${Date.now()}`
  );
  write(folder);
}

/** What lies beside the lessons: their programs, which are run as they are, and their captures. */
function copyLessons(folder) {
  const from = join(root, 'main/lessons');
  cpSync(from, folder, {
    recursive: true,
    filter: (path) => statSync(path).isDirectory() || /\.(mjs|py|pem|pcapng)$/.test(path),
  });
  rmSync(join(folder, 'play'), { recursive: true });
}

/** How Vite builds programs that run in Node: `programs` are sources by their names in the folder. */
export function programsConfig(programs, folder) {
  return {
    ...common(),
    build: {
      ...output(folder),
      ssr: true,
      rolldownOptions: {
        input: Object.fromEntries(Object.entries(programs).map(([name, file]) => [name, join(root, file)])),
        external: ['electron'],
        output: { format: 'es', entryFileNames: '[name].js', chunkFileNames: 'chunks/[name]-[hash].js' },
      },
    },
  };
}

/** What main/cli/code-loader.ts calls; Node's own loader puts the same around what it loads. */
const MODULE_FUNCTION = {
  banner: '(function (exports, require, module, __filename, __dirname) {',
  footer: '})',
};

/** The loader that will read the caches takes part in making them. */
async function writeCodeCaches() {
  const { build } = await import('vite');
  const made = '.cache/code-cache';
  await build({ ...programsConfig({ 'code-loader': 'main/cli/code-loader.ts' }, made) });
  const options = { stdio: ['ignore', 'ignore', 'inherit'], env: { ...process.env, ...CODE_CACHE_ENV } };
  const flags = readFileSync(join(root, 'main/cli/index.ts'), 'utf8').match(/(?<=^#!.* )--\S+/gm) ?? [];
  // V8 refuses code that it made with other flags, but for the seed: with one of its own, the same sources give the same bytes.
  execFileSync(
    process.execPath,
    [...flags, '--random-seed=1', join(root, 'scripts/code-cache.mjs')],
    options,
  );
}

function commandLineConfig(name, file) {
  const config = programsConfig({ [name]: file }, 'dist/cli');
  const { rolldownOptions } = config.build;
  return {
    ...config,
    build: {
      ...config.build,
      rolldownOptions: {
        ...rolldownOptions,
        output: {
          format: 'cjs',
          entryFileNames: '[name].js',
          chunkFileNames: '[name]-[hash].js',
          // Half of what is read at the start would be comments, or take two bytes a character.
          comments: false,
          charset: 'ascii',
          // A function that nobody seems to call would be left out.
          minify: false,
          ...(name === 'index' ? {} : MODULE_FUNCTION),
        },
      },
    },
  };
}

/** What commander starts programs of subcommands with, of which there are none here. Loading it takes Node as long as all of commander. */
function withoutSubprograms() {
  const NOTHING = '\0resetscope-no-subprograms';
  return {
    name: 'resetscope-no-subprograms',
    enforce: 'pre',
    resolveId: (id, importer) =>
      id === 'node:child_process' && importer?.includes('node_modules/commander/') ? NOTHING : undefined,
    load: (id) => (id === NOTHING ? 'module.exports = {};' : undefined),
  };
}

async function buildPreload() {
  const { build } = await import('vite');
  await build({
    ...common(),
    plugins: [recordBundled('preload')],
    build: {
      ...output('dist'),
      ssr: true,
      rolldownOptions: {
        input: join(root, 'main/electron/preload.ts'),
        external: ['electron'],
        output: { format: 'cjs', entryFileNames: 'electron/preload.cjs' },
      },
    },
  });
}

async function buildRenderer() {
  const { build } = await import('vite');
  const plugins = [recordBundled('renderer')];
  await build({ configFile: join(root, 'vite.config.ts'), logLevel: 'warn', plugins });
}

function common() {
  return { root, configFile: false, logLevel: 'warn', publicDir: false, ssr: { noExternal: true } };
}

function output(folder) {
  return {
    outDir: join(root, folder),
    emptyOutDir: false,
    target: 'node20',
    minify: false,
    reportCompressedSize: false,
  };
}

/** Changes with every source that is added, removed or touched; tests are no sources. */
function fingerprint(sources) {
  // Code caches are for the Node that made them.
  const hash = createHash('sha256').update(process.version);
  const visit = (path) => {
    const stat = statSync(path, { throwIfNoEntry: false });
    if (stat === undefined) return;
    if (stat.isDirectory()) {
      for (const name of readdirSync(path).sort()) visit(join(path, name));
    } else if (!/\.test\.tsx?$/.test(path)) {
      hash.update(`${path}\0${stat.mtimeMs}\0${stat.size}\n`);
    }
  };
  for (const source of sources) visit(join(root, source));
  return hash.digest('hex');
}

function readStamps() {
  try {
    return JSON.parse(readFileSync(STAMP, 'utf8'));
  } catch {
    return {};
  }
}

/** Two builds at once would mix their output: the second waits, and then finds nothing to do. */
async function withLock(work) {
  mkdirSync(join(root, '.cache'), { recursive: true });
  for (;;) {
    try {
      writeFileSync(LOCK, String(process.pid), { flag: 'wx' });
      break;
    } catch (error) {
      if (error.code !== 'EEXIST') throw error;
      if (isAbandoned()) rmSync(LOCK, { force: true });
      else await sleep(100);
    }
  }
  try {
    return await work();
  } finally {
    rmSync(LOCK, { force: true });
  }
}

/** A lock without a process id is being written, unless it stays so. */
function isAbandoned() {
  const stat = statSync(LOCK, { throwIfNoEntry: false });
  if (stat === undefined) return false;
  const pid = Number(readFileSync(LOCK, 'utf8'));
  return pid > 0 ? !isRunning(pid) : Date.now() - stat.mtimeMs > 5000;
}

function isRunning(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === 'EPERM';
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const started = performance.now();
  const named = process.argv.slice(2).filter((argument) => argument in TARGETS);
  const built = await ensureBuilt({
    force: process.argv.includes('--force'),
    targets: named.length > 0 ? named : undefined,
  });
  const seconds = ((performance.now() - started) / 1000).toFixed(1);
  console.log(built.length === 0 ? 'up to date' : `built ${built.join(', ')} in ${seconds} s`);
}

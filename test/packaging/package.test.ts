/**
 * The desktop package without Electron's program: electron-builder runs for real, over a stand-in that holds only what it
 * looks at (the fuse wire in the program, and its data files).
 */
import { execFileSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { load } from 'js-yaml';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const root = fileURLToPath(new URL('../../', import.meta.url));
const require = createRequire(import.meta.url);
const CONFIG = join(root, 'electron-builder.yml');

interface Config {
  readonly electronFuses: Readonly<Record<string, boolean>>;
}
const config = load(readFileSync(CONFIG, 'utf8')) as Config;

/** Where the fuses begin in Electron's program; the package @electron/fuses looks for it. */
const SENTINEL = 'dL7pKGdnNz796PbbjQWNKmHXBZaB9tsX';
/** Order of the fuses in the wire, version 1: electron/build/fuses/fuses.json5. */
const WIRE = [
  'runAsNode',
  'enableCookieEncryption',
  'enableNodeOptionsEnvironmentVariable',
  'enableNodeCliInspectArguments',
  'enableEmbeddedAsarIntegrityValidation',
  'onlyLoadAppFromAsar',
  'loadBrowserProcessSpecificV8Snapshot',
  'grantFileProtocolExtraPrivileges',
  'wasmTrapHandlers',
];

describe('electron-builder.yml', () => {
  const { validateConfiguration } = require('app-builder-lib/out/util/config/config') as {
    validateConfiguration(config: unknown, log: { isEnabled: boolean }): Promise<void>;
  };

  it('is valid', async () => {
    await expect(validateConfiguration(config, { isEnabled: false })).resolves.toBeUndefined();
  });
  it('would be refused with a key that does not exist', async () => {
    const wrong = { ...config, electronFuse: {} };
    await expect(validateConfiguration(wrong, { isEnabled: false })).rejects.toThrow(/electronFuse/);
  });
});

describe('the package for Linux', () => {
  let directory = '';
  let unpacked = '';

  beforeAll(async () => {
    const build = (await import(new URL('../../scripts/build.mjs', import.meta.url).href)) as {
      ensureBuilt(): Promise<string[]>;
    };
    await build.ensureBuilt();
    directory = mkdtempSync(join(tmpdir(), 'resetscope-test-'));
    const electronDist = join(directory, 'electron');
    writeElectronDouble(electronDist);
    execFileSync(
      process.execPath,
      [
        join(root, 'node_modules/electron-builder/out/cli/cli.js'),
        '--linux',
        'dir',
        '--config',
        CONFIG,
        '--config.electronDist',
        electronDist,
        '--config.directories.output',
        join(directory, 'release'),
        '--publish',
        'never',
      ],
      { cwd: root, stdio: 'pipe', env: { ...process.env, CSC_IDENTITY_AUTO_DISCOVERY: 'false' } },
    );
    unpacked = join(
      directory,
      'release',
      readdirSync(join(directory, 'release')).find((name) => name.includes('unpacked')) ?? '',
    );
  });
  afterAll(() => {
    rmSync(directory, { recursive: true, force: true });
  });

  const asarFiles = (): string[] => {
    const asar = require('@electron/asar') as { listPackage(archive: string, options: object): string[] };
    return asar.listPackage(join(unpacked, 'resources/app.asar'), { isPack: false });
  };

  it('holds the programs, the page and nothing of node_modules', () => {
    const files = asarFiles();
    expect(files).toEqual(
      expect.arrayContaining([
        '/package.json',
        '/dist/electron/index.js',
        '/dist/electron/preload.cjs',
        '/dist/host/engine-process.js',
        '/dist/renderer/index.html',
      ]),
    );
    const unexpected = files.filter(
      (file) => !/^\/(dist(\/(chunks|electron|host|renderer)(\/.*)?)?|package\.json|LICENSE)$/.test(file),
    );
    expect(unexpected).toEqual([]);
    expect(files.filter((file) => /\.test\.|\.map$/.test(file))).toEqual([]);
  });

  it('imports nothing that is not in it', () => {
    const packed = asarFiles().filter((file) => /\.c?js$/.test(file) && !file.startsWith('/dist/renderer/'));
    expect(packed.length).toBeGreaterThan(3);
    for (const file of packed) {
      const text = readFileSync(join(root, file), 'utf8');
      const imported = [...text.matchAll(/^import [^'"]*['"]([^'"]+)['"]/gm)].map((match) => match[1]);
      const outside = imported.filter((name) => !name.startsWith('.') && !name.startsWith('node:'));
      expect(
        outside.filter((name) => name !== 'electron' && !isBuiltin(name)),
        file,
      ).toEqual([]);
    }
  });

  it('knows nothing of npm run dev, and no other build does', () => {
    const setting = 'RESETSCOPE_DEV_ORIGIN';
    expect(readFileSync(join(root, 'main/server/dev.ts'), 'utf8')).toContain(setting);
    const built = readdirSync(join(root, 'dist'), { recursive: true, encoding: 'utf8' });
    const programs = built.filter((file) => /\.c?js$/.test(file));
    expect(programs).toContain('server/index.js');
    const telling = programs.filter((file) =>
      readFileSync(join(root, 'dist', file), 'utf8').includes(setting),
    );
    expect(telling).toEqual([]);
  });

  it('starts its own entry, under its own name', () => {
    const asar = require('@electron/asar') as { extractFile(archive: string, file: string): Buffer };
    const text = asar.extractFile(join(unpacked, 'resources/app.asar'), 'package.json').toString();
    expect(JSON.parse(text)).toMatchObject({
      name: 'resetscope',
      type: 'module',
      main: 'dist/electron/index.js',
    });
    expect(existsSync(join(unpacked, 'resetscope'))).toBe(true);
  });

  it('has its fuses as configured', () => {
    const program = readFileSync(join(unpacked, 'resetscope'));
    const wire = program.subarray(program.indexOf(SENTINEL) + SENTINEL.length);
    expect(wire[0]).toBe(1);
    const fuses = Object.fromEntries(
      WIRE.map((name, index) => [name, wire[2 + index] === '1'.charCodeAt(0)]),
    );
    expect(fuses).toMatchObject(config.electronFuses);
    expect(Object.keys(config.electronFuses)).toHaveLength(7);
    // A fuse that was never flipped would be what the stand-in had.
    expect(fuses['loadBrowserProcessSpecificV8Snapshot']).toBe(false);
  });
});

function isBuiltin(name: string): boolean {
  return (require('node:module') as { builtinModules: string[] }).builtinModules.includes(name);
}

/** Every fuse the other way round than we want it, so that each must be flipped. */
function writeElectronDouble(folder: string): void {
  mkdirSync(join(folder, 'locales'), { recursive: true });
  mkdirSync(join(folder, 'resources'));
  const fuses = WIRE.map((name) =>
    name in config.electronFuses && !config.electronFuses[name] ? '1' : '0',
  ).join('');
  const program = Buffer.concat([
    Buffer.from('\x7fELF stand-in '),
    Buffer.from(SENTINEL),
    Buffer.of(1, WIRE.length),
    Buffer.from(fuses),
    Buffer.alloc(64),
  ]);
  writeFileSync(join(folder, 'electron'), program, { mode: 0o755 });
  const { devDependencies } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
    devDependencies: { electron: string };
  };
  writeFileSync(join(folder, 'version'), devDependencies.electron);
  for (const file of ['LICENSE', 'LICENSES.chromium.html', 'chrome-sandbox', 'icudtl.dat', 'resources.pak']) {
    writeFileSync(join(folder, file), '');
  }
  writeFileSync(join(folder, 'locales/en-US.pak'), '');
}

/**
 * The desktop package without Electron's program: electron-builder runs for real, over a stand-in that holds only what it
 * looks at (the fuse wire in the program, and its data files).
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { init, parse } from 'es-module-lexer';
import { load } from 'js-yaml';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const root = fileURLToPath(new URL('../../', import.meta.url));
const require = createRequire(import.meta.url);
const CONFIG = join(root, 'electron-builder.yml');

interface Association {
  readonly ext: string | readonly string[];
  readonly mimeType: string;
}
interface Config {
  readonly electronFuses: Readonly<Record<string, boolean>>;
  readonly linux: {
    readonly target: readonly string[];
    readonly icon: string;
    readonly category: string;
    readonly desktop: { readonly entry: Readonly<Record<string, string>> };
    readonly fileAssociations: readonly Association[];
  };
  readonly protocols: readonly { readonly schemes: readonly string[] }[];
  readonly mac: { readonly target: readonly string[]; readonly icon: string };
  readonly win: { readonly target: readonly string[]; readonly icon: string };
}
const config = load(readFileSync(CONFIG, 'utf8')) as Config;

interface DesktopScript {
  readonly SENTINEL: string;
  readonly WIRE: readonly string[];
  unpackedDesktop(output: string, options: { standIn: boolean }): { folder: string };
}
const { SENTINEL, WIRE, unpackedDesktop } = (await import(
  new URL('../../scripts/package-desktop.mjs', import.meta.url).href
)) as DesktopScript;

const { publishArguments } = (await import(new URL('../../scripts/package.mjs', import.meta.url).href)) as {
  publishArguments(env: Readonly<Record<string, string | undefined>>): string[];
};

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

  it.each([
    [{ RESETSCOPE_UPDATE_URL: 'https://example.org/releases' }, 'generic'],
    [{ RESETSCOPE_UPDATE_GITHUB: 'owner/repository' }, 'github'],
  ])('is valid with a place for updates: %j', async (env, provider) => {
    const options = publishArguments(env);
    const publish = Object.fromEntries(
      options.flatMap((option, index) =>
        index % 2 === 0 ? [[option.replace('--config.publish.', ''), options[index + 1]]] : [],
      ),
    );
    expect(publish['provider']).toBe(provider);
    await expect(
      validateConfiguration({ ...config, publish }, { isEnabled: false }),
    ).resolves.toBeUndefined();
  });

  it('has no place for updates that nobody named, and refuses one that is written wrongly', () => {
    expect(publishArguments({})).toEqual([]);
    for (const env of [
      { RESETSCOPE_UPDATE_URL: 'http://example.org' },
      { RESETSCOPE_UPDATE_GITHUB: 'owner' },
      { RESETSCOPE_UPDATE_URL: 'https://example.org', RESETSCOPE_UPDATE_GITHUB: 'a/b' },
    ])
      expect(() => publishArguments(env)).toThrow(/RESETSCOPE_UPDATE_/);
  });

  it('has installers for the three systems, with icons that are there', () => {
    const { linux, mac, win } = config;
    expect([linux.target, mac.target, win.target]).toEqual([['AppImage', 'rpm'], ['dmg'], ['nsis']]);
    const header = (file: string): string => readFileSync(join(root, file)).subarray(0, 4).toString('latin1');
    expect(header(mac.icon)).toBe('icns');
    expect(header(win.icon)).toBe('\0\0\x01\0');
    for (const size of [16, 24, 32, 48, 64, 128, 256, 512, 1024]) {
      const png = readFileSync(join(root, linux.icon, `${size}x${size}.png`));
      expect([png.subarray(1, 4).toString(), png.readUInt32BE(16), png.readUInt32BE(20)]).toEqual([
        'PNG',
        size,
        size,
      ]);
    }
  });

  it('says the same of the desktop entry and the types of files as the Debian package', () => {
    const { desktop, category, fileAssociations } = config.linux;
    const entry = Object.fromEntries(
      readFileSync(join(root, 'packaging/linux/resetscope.desktop'), 'utf8')
        .split('\n')
        .filter((line) => line.includes('='))
        .map((line) => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)]),
    );
    expect(entry).toMatchObject(desktop.entry);
    expect(entry['Categories']).toBe(`${category};`);
    const types = fileAssociations.map(({ mimeType }) => mimeType);
    const links = config.protocols.flatMap(({ schemes }) => schemes.map((one) => `x-scheme-handler/${one}`));
    expect(entry['MimeType']).toBe(`${[...types, ...links].join(';')};`);
    const mime = readFileSync(join(root, 'packaging/linux/resetscope-mime.xml'), 'utf8');
    expect([...mime.matchAll(/mime-type type="([^"]+)"/g)].map((match) => match[1])).toEqual(types);
    const endings = fileAssociations.flatMap(({ ext }) => ext).map((ext) => `*.${ext}`);
    expect([...mime.matchAll(/glob pattern="([^"]+)"/g)].map((match) => match[1])).toEqual(endings);
  });
});

describe('the package for Linux', () => {
  let directory = '';
  let unpacked = '';

  beforeAll(async () => {
    const parts = (await import(new URL('../../scripts/package-parts.mjs', import.meta.url).href)) as {
      buildAll(options: { native: boolean }): Promise<void>;
    };
    await parts.buildAll({ native: false });
    directory = mkdtempSync(join(tmpdir(), 'resetscope-test-'));
    unpacked = unpackedDesktop(join(directory, 'release'), { standIn: true }).folder;
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

  it('imports nothing that is not in it', async () => {
    await init();
    const packed = asarFiles().filter((file) => /\.c?js$/.test(file) && !file.startsWith('/dist/renderer/'));
    expect(packed.length).toBeGreaterThan(3);
    for (const file of packed) {
      const text = readFileSync(join(root, file), 'utf8');
      // Parsed, since programs hold texts of programs. What is imported on demand may be absent.
      const [imports] = parse(text);
      const imported = imports.flatMap((one) =>
        one.type === 'static' || one.type === 'reexport-star' ? [one.specifier] : [],
      );
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

  it('has a program that says what it is, where Electron was not there', () => {
    const { status, stderr } = spawnSync(join(unpacked, 'resetscope'), { encoding: 'utf8' });
    expect(status).toBe(69);
    expect(stderr).toMatch(/without Electron.*resetscope open/);
  });

  it('has the licences of what is in it', () => {
    const notices = readFileSync(join(unpacked, 'resources/THIRD-PARTY-NOTICES.txt'), 'utf8');
    expect(notices).toContain('react-dom');
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

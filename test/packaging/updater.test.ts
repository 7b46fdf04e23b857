/**
 * electron-updater is bundled, and is loaded first when somebody asks for a newer release: here, as it was built, over a double
 * of what it takes from Electron.
 */
import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { root, runWell } from './support/packages.ts';

const DOUBLE = `
import Module, { createRequire } from 'node:module';
const app = { getVersion: () => '1.0.0', getName: () => 'x', isPackaged: true, whenReady: async () => {} };
const electron = { app: new Proxy(app, { get: (own, name) => own[name] ?? (() => '/nonexistent') }), session: {}, net: {} };
const load = Module._load;
Module._load = (request, ...more) => (request === 'electron' ? electron : load(request, ...more));
process.resourcesPath = '/nonexistent';
const { default: exported } = await import(process.argv[2]);
const updater = (typeof exported === 'function' ? exported() : exported).autoUpdater;
console.log(typeof updater.checkForUpdates, typeof updater.downloadUpdate, typeof updater.quitAndInstall, updater.currentVersion.version);
`;

const folder = mkdtempSync(join(tmpdir(), 'resetscope-updater-'));
afterAll(() => rmSync(folder, { recursive: true }));
beforeAll(async () => {
  const build = (await import(new URL('../../scripts/build.mjs', import.meta.url).href)) as {
    ensureBuilt(): Promise<string[]>;
  };
  await build.ensureBuilt();
});

it('is there, whole, and apart from what every start loads', () => {
  const program = readFileSync(join(root, 'dist/electron/index.js'), 'utf8');
  const chunk = /await import\("\.\.\/(chunks\/[^"]+)"\)[^\n]*autoUpdater/u.exec(program)?.[1] ?? '';
  expect(readdirSync(join(root, 'dist/chunks')).map((name) => `chunks/${name}`)).toContain(chunk);
  expect(program).not.toMatch(new RegExp(`^import .*${chunk}`, 'mu'));
  const script = join(folder, 'load.mjs');
  writeFileSync(script, DOUBLE);
  const said = runWell([process.execPath, script, join(root, 'dist', chunk)], { APPIMAGE: '/nonexistent' });
  expect(said).toBe('function function function 1.0.0\n');
});

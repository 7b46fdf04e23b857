// The desktop app without an installer around it, by electron-builder. Where Electron's program is not installed, a script
// stands in its place, which says so to whoever starts it; all else of the package is as it will be.
import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { load } from 'js-yaml';
import { electronBinary } from './electron-binary.mjs';
import { metadata } from './package-parts.mjs';
import { root } from './setup.mjs';

export const CONFIG = join(root, 'electron-builder.yml');

/** Where the fuses begin in Electron's program; the package @electron/fuses looks for it. */
export const SENTINEL = 'dL7pKGdnNz796PbbjQWNKmHXBZaB9tsX';
/** Order of the fuses in the wire, version 1: electron/build/fuses/fuses.json5. */
export const WIRE = [
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

/**
 * Makes OUTPUT/linux-unpacked or its like.
 * @returns {{ folder: string, isStandIn: boolean }}
 */
export function unpackedDesktop(output, { standIn = electronBinary() === undefined } = {}) {
  const electronDist = standIn ? join(output, 'stand-in') : dirname(electronBinary());
  if (standIn) writeStandIn(electronDist);
  runElectronBuilder([
    '--linux',
    'dir',
    '--config.electronDist',
    electronDist,
    '--config.directories.output',
    output,
  ]);
  if (standIn) rmSync(electronDist, { recursive: true });
  const name = readdirSync(output).find((one) => one.endsWith('unpacked'));
  return { folder: join(output, name), isStandIn: standIn };
}

export function runElectronBuilder(args, { show = false } = {}) {
  const cli = join(root, 'node_modules/electron-builder/out/cli/cli.js');
  execFileSync(process.execPath, [cli, '--config', CONFIG, '--publish', 'never', ...args], {
    cwd: root,
    stdio: show ? 'inherit' : 'pipe',
    env: { ...process.env, CSC_IDENTITY_AUTO_DISCOVERY: process.env.CSC_IDENTITY_AUTO_DISCOVERY ?? 'false' },
  });
}

/** What electron-builder looks at in Electron's folder. Every fuse is the other way round than wanted, so that each is flipped. */
export function writeStandIn(folder) {
  const { electronFuses } = load(readFileSync(CONFIG, 'utf8'));
  const fuses = WIRE.map((name) => (electronFuses[name] === false ? '1' : '0')).join('');
  mkdirSync(join(folder, 'locales'), { recursive: true });
  mkdirSync(join(folder, 'resources'));
  const program = Buffer.concat([
    Buffer.from(`#!/bin/sh\n# ${SENTINEL}`),
    Buffer.of(1, WIRE.length),
    Buffer.from(`${fuses}
echo 'resetscope-app: this package was made without Electron, so there is no window. "resetscope open" serves the same app to a browser.' >&2
# sysexits.h: EX_UNAVAILABLE.
exit 69
`),
  ]);
  writeFileSync(join(folder, 'electron'), program, { mode: 0o755 });
  writeFileSync(join(folder, 'version'), metadata.devDependencies.electron);
  for (const file of ['LICENSE', 'LICENSES.chromium.html', 'chrome-sandbox', 'icudtl.dat', 'resources.pak'])
    writeFileSync(join(folder, file), '');
  writeFileSync(join(folder, 'locales/en-US.pak'), '');
}

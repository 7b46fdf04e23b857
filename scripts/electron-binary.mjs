// Looks for Electron's program without asking the package: requiring it starts a download when it is not there.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './setup.mjs';

const PROGRAMS = { darwin: 'Electron.app/Contents/MacOS/Electron', win32: 'electron.exe' };

/** Its path; undefined where it is not installed. */
export function electronBinary() {
  const folder = process.env.ELECTRON_OVERRIDE_DIST_PATH || join(root, 'node_modules/electron/dist');
  const program = join(folder, PROGRAMS[process.platform] ?? 'electron');
  return existsSync(program) ? program : undefined;
}

/** Why no desktop window can be shown here; undefined where it can. */
export function whyNoWindow() {
  if (electronBinary() === undefined) return "Electron's program is not installed here";
  if (process.platform !== 'linux') return undefined;
  if (!process.env.DISPLAY && !process.env.WAYLAND_DISPLAY) return 'there is no display here';
  // Chromium refuses to run as root with its sandbox, and without it we do not.
  if (process.getuid() === 0) return 'Electron does not run as root';
  return undefined;
}

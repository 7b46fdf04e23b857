/**
 * Takes from this process what reading captures does not need (native/confine): connections, programs, other processes,
 * writing. For all threads, and for good.
 */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import * as v from 'valibot';
import { errorText } from '../../shared/format/error.ts';
import type { Confinement } from '../../shared/model/confinement.ts';
import { spillOfProcess } from './spill-file.ts';
import { buildCommand } from '../capture/live/doctor/build-command.ts';

interface Addon {
  closeInherited(lowest: number): void;
  confine(folders: readonly string[]): { readonly landlock: number; readonly threads: number };
  available(): number;
}

const NAME = 'resetscope-confine.node';
const SWITCH = 'RESETSCOPE_CONFINE';

const isAddon = v.object({ closeInherited: v.function(), confine: v.function(), available: v.function() });

/**
 * @param dist the folder of the build
 * @param writable folders and devices that may still be written to
 * @param ownDescriptors how many descriptors it was handed on purpose; all others that it inherited are closed. Undefined where it
 *   may have been handed any
 */
export function confineProcess(dist: URL, writable: readonly string[], ownDescriptors?: number): Confinement {
  // Only what is open already can be written to afterwards.
  spillOfProcess();
  const addon = loadAddon(dist);
  if (typeof addon === 'string') return { isConfined: false, why: addon };
  try {
    if (ownDescriptors !== undefined) addon.closeInherited(ownDescriptors);
    const { landlock } = addon.confine([...writable, ...SHARED_MEMORY]);
    return { isConfined: true, why: landlock === 0 ? NO_LANDLOCK : null };
  } catch (error) {
    return { isConfined: false, why: errorText(error) };
  }
}

/** What confineProcess() would do here; changes nothing. */
export function confinementHere(dist: URL): Confinement {
  const addon = loadAddon(dist);
  if (typeof addon === 'string') return { isConfined: false, why: addon };
  const landlock = addon.available();
  if (landlock < 0) return { isConfined: false, why: 'this kernel cannot filter system calls (seccomp)' };
  return { isConfined: true, why: landlock === 0 ? NO_LANDLOCK : null };
}

const NO_LANDLOCK =
  'this kernel has no Landlock (5.13 has): programs of the same user can be looked into, and folders are not told apart';

/** Chromium passes large messages through files there, and Electron's processes need them made at any time. */
const SHARED_MEMORY: readonly string[] = process.versions['electron'] === undefined ? [] : ['/dev/shm'];

/** The addon, or why there is none. */
function loadAddon(dist: URL): Addon | string {
  if (process.env[SWITCH] === 'off') return `${SWITCH}=off was set`;
  if (process.platform !== 'linux') return `there is nothing on ${process.platform} that could do it`;
  const { resourcesPath } = process as { resourcesPath?: string };
  // Nothing is loaded out of an asar archive; it is packed beside it, as the capture helper is.
  const packed = resourcesPath === undefined ? [] : [join(resourcesPath, 'native', NAME)];
  const path = [...packed, fileURLToPath(new URL(`native/${NAME}`, dist))].find((one) => existsSync(one));
  if (path === undefined)
    return `its addon was not built; “${buildCommand(import.meta.url)}” builds it where there is a C compiler`;
  const holder: { exports: unknown } = { exports: {} };
  try {
    process.dlopen(holder, path);
  } catch (error) {
    return `its addon cannot be loaded: ${errorText(error)}`;
  }
  return v.is(isAddon, holder.exports) ? (holder.exports as Addon) : `${path} is another version`;
}

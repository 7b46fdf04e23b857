/** What the file of a capture helper lets whom do: its capabilities, mode and group. */
import { constants } from 'node:fs';
import { access, readFile, realpath, stat } from 'node:fs/promises';
import { groupOf, type Group } from './groups.ts';
import type { RunProgram } from './run-program.ts';

export const CAPTURE_CAPABILITIES = ['cap_net_raw', 'cap_net_admin'] as const;
/** Of the copy that asks the kernel witness. */
export const WITNESS_CAPABILITIES = [...CAPTURE_CAPABILITIES, 'cap_sys_admin', 'cap_dac_override'] as const;

const SET_UID = 0o4000;
const GROUP_EXECUTES = 0o010;
const OTHERS_EXECUTE = 0o001;

export interface HelperFile {
  readonly path: string;
  /** Of the file, by their names; none where getcap, which tells, is missing. */
  readonly capabilities: readonly string[];
  /** It runs as root, whoever starts it. */
  readonly isSetUidRoot: boolean;
  readonly isForEverybody: boolean;
  readonly isForGroup: boolean;
  readonly group: Group;
  readonly mayRun: boolean;
  /** It lies where neither its capabilities nor its set-uid bit count (an AppImage). */
  readonly isNosuid: boolean;
}

/** null where there is no such file, or it cannot be looked at. */
export async function lookAtHelper(
  path: string | null,
  userName: string,
  getcap: string | null,
  run: RunProgram,
): Promise<HelperFile | null> {
  if (path === null) return null;
  const stats = await stat(path).catch(() => null);
  if (stats === null) return null;
  const [group, isNosuid, mayRun, told] = await Promise.all([
    groupOf(stats.gid, userName),
    isOnNosuid(path),
    access(path, constants.X_OK).then(
      () => true,
      () => false,
    ),
    getcap === null ? '' : run(getcap, [path]).then(({ stdout }) => stdout),
  ]);
  return {
    path,
    capabilities: readCapabilities(told, path),
    isSetUidRoot: (stats.mode & SET_UID) !== 0 && stats.uid === 0,
    isForEverybody: (stats.mode & OTHERS_EXECUTE) !== 0,
    isForGroup: (stats.mode & GROUP_EXECUTES) !== 0,
    group,
    mayRun,
    isNosuid,
  };
}

/**
 * The names in what getcap prints of a file: "PATH cap_net_raw,cap_net_admin=eip", before libcap 2.41 "PATH = cap_net_raw+eip". "=ep"
 * without a name is all there are, of which those that we know of are named.
 */
export function readCapabilities(told: string, path: string): string[] {
  const text = told.startsWith(path) ? told.slice(path.length) : told;
  const names = text.match(/\bcap_[a-z_]+/gu) ?? [];
  if (names.length > 0) return names;
  return /(?:^|\s)(?:all)?[=+][ei]*p/u.test(text) ? [...WITNESS_CAPABILITIES] : [];
}

/** Whether the mount that holds the path has the option nosuid, by /proc/self/mountinfo (proc(5)). */
export function isNosuidMount(mountinfo: string, path: string): boolean {
  let longest = -1;
  let isNosuid = false;
  for (const line of mountinfo.split('\n')) {
    const fields = line.split(' ');
    if (fields.length < 6) continue;
    const point = fields[4].replace(/\\([0-7]{3})/gu, (_, octal: string) =>
      String.fromCharCode(parseInt(octal, 8)),
    );
    const holds = path === point || path.startsWith(point.endsWith('/') ? point : `${point}/`);
    // Of two mounts at one place the later one counts.
    if (!holds || point.length < longest) continue;
    longest = point.length;
    isNosuid = fields[5].split(',').includes('nosuid');
  }
  return isNosuid;
}

async function isOnNosuid(path: string): Promise<boolean> {
  if (process.platform !== 'linux') return false;
  const real = await realpath(path).catch(() => path);
  return isNosuidMount(await readFile('/proc/self/mountinfo', 'utf8').catch(() => ''), real);
}

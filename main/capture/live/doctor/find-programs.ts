/** Where the programs are that can capture. */
import { constants } from 'node:fs';
import { access } from 'node:fs/promises';
import { delimiter, dirname, join } from 'node:path';
import type { CapturePrograms } from '../sources/source.ts';

/** Folders that are not on everybody's PATH: capture programs are for administrators. */
const ADMIN_FOLDERS =
  process.platform === 'win32'
    ? ['C:\\Program Files\\Wireshark']
    : [
        '/usr/sbin',
        '/sbin',
        '/usr/local/sbin',
        // Debian's package of Resetscope has its helper there.
        '/usr/lib/resetscope/native',
        '/opt/homebrew/bin',
        '/Applications/Wireshark.app/Contents/MacOS',
      ];
const ENDING = process.platform === 'win32' ? '.exe' : '';

export interface ProgramPlaces {
  /** PATH of the environment, where `ss`, `tcpdump` … are looked for. */
  readonly path: string | undefined;
  /** Folders looked into after those of the path. */
  readonly moreFolders?: readonly string[];
  /** Where resetscope-capd may be, the best place first. */
  readonly helpers: readonly string[];
  /** The built cap-child.js; null where there is none, or no plain Node to run it. */
  readonly capChild: string | null;
  readonly node: string;
}

const HELPER = 'resetscope-capd';
/** The same program as a file of its own, so that ordinary captures do not carry the rights of the witness. */
const WITNESS_HELPER = 'resetscope-capd-witness';

export async function findPrograms(places: ProgramPlaces): Promise<CapturePrograms> {
  const find = (name: string): Promise<string | null> => firstExecutable(candidates(places, name));
  const [helper, witnessHelper, dumpcap, tcpdump, ssh, ss] = await Promise.all([
    findHelper(places, HELPER),
    findHelper(places, WITNESS_HELPER),
    find('dumpcap'),
    find('tcpdump'),
    find('ssh'),
    process.platform === 'linux' ? find('ss') : Promise.resolve(null),
  ]);
  return {
    helper,
    witnessHelper,
    dumpcap,
    tcpdump,
    ssh,
    ss,
    capChild: places.capChild,
    node: places.node,
  };
}

/**
 * The helper that may be run comes before one that may not, which has its place all the same: who is not in its group should
 * hear of that. One that an administrator installed has its capabilities, and comes before one that was just built.
 */
async function findHelper(places: ProgramPlaces, name: string): Promise<string | null> {
  const built = places.helpers.map((helper) => join(dirname(helper), name + ENDING));
  const all = [...candidates(places, name), ...built];
  return (await firstExecutable(all)) ?? firstAccessible(all, constants.F_OK);
}

/** Where a program is, whether it may be run or not; null where it is not installed. */
export function findInstalled(places: ProgramPlaces, name: string): Promise<string | null> {
  return firstAccessible(candidates(places, name), constants.F_OK);
}

function candidates({ path, moreFolders }: ProgramPlaces, name: string): string[] {
  const folders = [...(path ?? '').split(delimiter), ...(moreFolders ?? ADMIN_FOLDERS)];
  return folders.filter(Boolean).map((folder) => join(folder, name + ENDING));
}

function firstExecutable(paths: readonly string[]): Promise<string | null> {
  return firstAccessible(paths, constants.X_OK);
}

async function firstAccessible(paths: readonly string[], mode: number): Promise<string | null> {
  for (const candidate of paths) {
    try {
      await access(candidate, mode);
      return candidate;
    } catch {
      // Another folder may have it.
    }
  }
  return null;
}

/** Where the programs are that can capture. */
import { constants } from 'node:fs';
import { access } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import type { CapturePrograms } from '../sources/source.ts';

/** Folders that are not on everybody's PATH: capture programs are for administrators. */
const ADMIN_FOLDERS =
  process.platform === 'win32'
    ? ['C:\\Program Files\\Wireshark']
    : [
        '/usr/sbin',
        '/sbin',
        '/usr/local/sbin',
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

export async function findPrograms(places: ProgramPlaces): Promise<CapturePrograms> {
  const find = (name: string): Promise<string | null> => firstExecutable(candidates(places, name));
  const [built, installed, dumpcap, tcpdump, ssh, ss] = await Promise.all([
    firstExecutable(places.helpers),
    find('resetscope-capd'),
    find('dumpcap'),
    find('tcpdump'),
    find('ssh'),
    process.platform === 'linux' ? find('ss') : Promise.resolve(null),
  ]);
  // A helper that an administrator installed has its capabilities; one that was just built may not.
  return {
    helper: installed ?? built,
    dumpcap,
    tcpdump,
    ssh,
    ss,
    capChild: places.capChild,
    node: places.node,
  };
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

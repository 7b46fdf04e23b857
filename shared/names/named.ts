/** Names that the user gave, and the file that they travel in: lines of a key and a name, as in a hosts file. */
import { sanitiseText } from '../format/text.ts';
import { nameKey } from './name-key.ts';

export interface NamedPlace {
  /** See nameKey. */
  readonly key: string;
  readonly name: string;
}

export const NAME_BOUNDS = { names: 2000, nameLength: 80, keyLength: 80, fileLength: 400_000 } as const;

/** The name as it is kept: one line that hides nothing; empty where nothing is left of it. */
export function cleanName(name: string): string {
  return sanitiseText(name.trim().replaceAll(/\s+/gu, ' '), NAME_BOUNDS.nameLength);
}

export interface HostsFile {
  readonly names: readonly NamedPlace[];
  /** Lines, from 1, that name nothing. */
  readonly wrong: readonly number[];
}

const DEVICE_LINE = /^(device \d{1,2} before \S+)\s+(.*)$/u;
const LINE = /^(\S+)\s+(.*)$/u;

/** Reads such a file; later lines win. Bounded: what lies beyond the bounds is told as wrong. */
export function parseHosts(text: string): HostsFile {
  const names = new Map<string, string>();
  const wrong: number[] = [];
  for (const [at, raw] of text.slice(0, NAME_BOUNDS.fileLength).split('\n').entries()) {
    const line = raw.replace(/(?:^|\s)#.*$/u, '').trim();
    if (line === '') continue;
    const [, written, name] = DEVICE_LINE.exec(line) ?? LINE.exec(line) ?? ['', '', ''];
    const key = nameKey(written);
    const clean = cleanName(name);
    if (key === undefined || clean === '' || (names.size >= NAME_BOUNDS.names && !names.has(key)))
      wrong.push(at + 1);
    else names.set(key, clean);
  }
  return { names: Array.from(names, ([key, name]) => ({ key, name })), wrong };
}

export function hostsText(names: readonly NamedPlace[]): string {
  return names.map(({ key, name }) => `${key}\t${name.replaceAll(' #', ' \\x23')}\n`).join('');
}

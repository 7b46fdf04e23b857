/**
 * Links to the app, as others may have written them: `resetscope://open?path=/captures/a.pcap#/reset/266`. A link is hostile input:
 * it names what is to be opened, and the user is asked before anything is.
 */
import { isAbsolute } from 'node:path';
import { BOUNDS } from '../../shared/contract/schemas.ts';
import { sanitiseText } from '../../shared/format/text.ts';
import type { Question } from './access.ts';

export const LINK_SCHEME = 'resetscope:';
const MAX_PATHS = 20;

export interface AppLink {
  readonly paths: readonly string[];
  /** As renderer/core/place.ts reads it; empty for none. */
  readonly place: string;
}

export function isLink(argument: string): boolean {
  return argument.toLowerCase().startsWith(LINK_SCHEME);
}

/** @returns undefined for what is no link of ours, or names what no link may */
export function parseLink(text: string): AppLink | undefined {
  if (!isLink(text) || !URL.canParse(text)) return undefined;
  const { host, pathname, searchParams, hash } = new URL(text);
  if (host !== 'open' || (pathname !== '' && pathname !== '/')) return undefined;
  const paths = searchParams.getAll('path');
  const place = decoded(hash.slice(1));
  if (place === undefined || place.length > BOUNDS.placeLength) return undefined;
  if (paths.length > MAX_PATHS || !paths.every(isLinkable)) return undefined;
  return { paths, place };
}

/** Looking at a path on another machine would give it the user's name, and a hash of the password, on Windows. */
function isLinkable(path: string): boolean {
  const isRemote = path.startsWith('\\\\') || path.startsWith('//');
  return isAbsolute(path) && !isRemote && !path.includes('\0') && path.length <= BOUNDS.pathLength;
}

/** Browsers and desktops escape what they hand on, or leave it. */
function decoded(hash: string): string | undefined {
  // A query of the place stays escaped: it is read as one.
  const at = hash.indexOf('?');
  const path = at < 0 ? hash : hash.slice(0, at);
  try {
    return decodeURIComponent(path) + hash.slice(path.length);
  } catch {
    return undefined;
  }
}

/** What the user is asked before the files of a link are opened. */
export function linkQuestion({ paths }: AppLink): Question {
  const names = paths.map((path) => sanitiseText(path, 300)).join('\n');
  return {
    message:
      paths.length === 1
        ? 'Open this file, as a link asks?'
        : `Open these ${paths.length} files, as a link asks?`,
    detail: `${names}\n\nWhoever wrote the link chose it. Open it only if you expect it.`,
    accept: 'Open',
  };
}

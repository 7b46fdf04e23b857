/** The files that a command line names, ours or that of a second instance. */
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { AppLink } from './links.ts';
import { isLink, parseLink } from './links.ts';

/**
 * `argv` begins with the executable and, unless packaged, the app's folder. Switches are Chromium's; after `--` all is
 * a file.
 */
export function filesOfArguments(argv: readonly string[], cwd: string, isPackaged: boolean): string[] {
  const given = argv.slice(isPackaged ? 1 : 2);
  const end = given.indexOf('--');
  const before = (end < 0 ? given : given.slice(0, end)).filter(
    (argument) => !argument.startsWith('-') && !isLink(argument),
  );
  const after = end < 0 ? [] : given.slice(end + 1);
  return [...before, ...after].filter((path) => path !== '').map((path) => resolve(cwd, pathOf(path)));
}

/** Desktops hand on files as addresses to programs that take links, too. */
function pathOf(argument: string): string {
  try {
    return argument.startsWith('file://') ? fileURLToPath(argument) : argument;
  } catch {
    return argument;
  }
}

/** The first link that a command line has; what stands after `--` is none. */
export function linkOfArguments(argv: readonly string[]): AppLink | undefined {
  const end = argv.indexOf('--');
  const link = (end < 0 ? argv : argv.slice(0, end)).find(isLink);
  return link === undefined ? undefined : parseLink(link);
}

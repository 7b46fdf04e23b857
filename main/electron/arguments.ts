/** The files that a command line names, ours or that of a second instance. */
import { resolve } from 'node:path';

/**
 * `argv` begins with the executable and, unless packaged, the app's folder. Switches are Chromium's; after `--` all is
 * a file.
 */
export function filesOfArguments(argv: readonly string[], cwd: string, isPackaged: boolean): string[] {
  const given = argv.slice(isPackaged ? 1 : 2);
  const end = given.indexOf('--');
  const before = (end < 0 ? given : given.slice(0, end)).filter((argument) => !argument.startsWith('-'));
  const after = end < 0 ? [] : given.slice(end + 1);
  return [...before, ...after].filter((path) => path !== '').map((path) => resolve(cwd, path));
}

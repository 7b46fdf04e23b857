/** Where captures are kept unless told otherwise. The host's process asks, for it knows the user's environment. */
import { isAbsolute, join, relative, resolve, sep } from 'node:path';
import '../home.ts';
import envPaths from 'env-paths';

/** RESETSCOPE_CAPTURE_DIR, else where the system keeps data of programs: XDG_DATA_HOME/resetscope on Linux. */
export function defaultCaptureFolder(
  env: Readonly<Record<string, string | undefined>> = process.env,
): string {
  const wanted = env['RESETSCOPE_CAPTURE_DIR'] ?? '';
  if (wanted !== '') return resolve(wanted);
  return join(envPaths('resetscope', { suffix: '' }).data, 'captures');
}

/** Whether the path lies in the folder, by the names alone: links are not followed. */
export function isInside(folder: string, path: string): boolean {
  const way = relative(resolve(folder), resolve(path));
  return way !== '' && way !== '..' && !way.startsWith(`..${sep}`) && !isAbsolute(way);
}

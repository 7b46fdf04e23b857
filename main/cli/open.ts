/** `resetscope open`: the app itself, served to a browser of this machine. */
import { errorText } from '../../shared/format/error.ts';
import type { CliIo, ServeApp } from './io.ts';

export interface OpenOptions {
  readonly port?: number;
  readonly follow?: boolean;
  readonly allowPaths?: boolean;
  readonly allowSsh?: readonly string[];
  readonly fleet?: readonly string[];
  readonly uploadLimit?: number;
  readonly browser: boolean;
}

/** @returns when the address was printed, not when the host ends */
export async function open(
  files: readonly string[],
  options: OpenOptions,
  serve: ServeApp,
  io: CliIo,
): Promise<number> {
  const argv = [
    ...(options.port === undefined ? [] : ['--port', String(options.port)]),
    ...(options.follow === true ? ['--follow'] : []),
    ...(options.allowPaths === true ? ['--allow-paths'] : []),
    ...(options.allowSsh ?? []).flatMap((host) => ['--allow-ssh', host]),
    ...(options.fleet ?? []).flatMap((place) => ['--fleet', place]),
    ...(options.uploadLimit === undefined ? [] : ['--upload-limit', String(options.uploadLimit)]),
    ...(options.browser && hasDesktop(process.platform, io.env) ? ['--open'] : []),
    '--',
    ...files,
  ];
  try {
    return await serve(argv);
  } catch (error) {
    io.stderr.write(`resetscope: ${errorText(error)}\n`);
    return 1;
  }
}

/** Whether there is a desktop that a browser could be shown on. */
export function hasDesktop(platform: NodeJS.Platform, env: CliIo['env']): boolean {
  if (platform === 'darwin' || platform === 'win32') return true;
  return Boolean(env['DISPLAY']) || Boolean(env['WAYLAND_DISPLAY']);
}

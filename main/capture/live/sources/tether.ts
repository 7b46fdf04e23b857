/**
 * Ends a program with us: one that does not look at its standard input would notice that its reader is gone only at its
 * next packet, which on a quiet link never comes. Our own death, by SIGKILL too, closes that input.
 */
import type { Launch } from './source.ts';

/** The program takes the shell's place; beside it waits a process that ends it at the end of the input. */
const SCRIPT = 'exec 3<&0; { cat <&3; kill $$; } >/dev/null 2>&1 & exec "$0" "$@" 3<&-';

/** What to run in the program's stead: itself where it ends with its input anyway, or where there is no shell. */
export function tethered({ program, args, endBy }: Launch): {
  readonly program: string;
  readonly args: readonly string[];
} {
  if (endBy === 'stdin' || process.platform === 'win32') return { program, args };
  return { program: '/bin/sh', args: ['-c', SCRIPT, program, ...args] };
}

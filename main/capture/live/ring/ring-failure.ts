/** What a disk says when it takes no more, in words. */
import type { LiveErrorCode } from '../../../../shared/model/live.ts';

export interface RingFailure {
  readonly code: Extract<LiveErrorCode, 'disk-full' | 'disk-error'>;
  readonly message: string;
}

const FULL = ['ENOSPC', 'EDQUOT', 'EFBIG'];

/** @param error of the system, with its `code` */
export function failureOf(error: unknown, path: string): RingFailure {
  const why = error instanceof Error ? error.message : String(error);
  return failureNamed((error as NodeJS.ErrnoException).code, why, path);
}

/** @param code the system's name for it, such as ENOSPC */
export function failureNamed(code: string | undefined, why: string, path: string): RingFailure {
  if (code !== undefined && FULL.includes(code))
    return { code: 'disk-full', message: `${path}: the disk is full` };
  return { code: 'disk-error', message: `${path}: cannot be written (${why})` };
}

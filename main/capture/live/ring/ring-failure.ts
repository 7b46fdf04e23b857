/** What a disk says when it takes no more, in words. */
import { errorText } from '../../../../shared/format/error.ts';
import type { LiveErrorCode } from '../../../../shared/model/live.ts';

export interface RingFailure {
  readonly code: Extract<LiveErrorCode, 'disk-full' | 'disk-error'>;
  readonly message: string;
}

const FULL = ['ENOSPC', 'EDQUOT', 'EFBIG'];

/** @param error of the system, whose `code` tells a full disk from a broken one */
export function failureOf(error: unknown, path: string): RingFailure {
  return failureNamed((error as NodeJS.ErrnoException).code, errorText(error), path);
}

/** @param code the system's name of the error, such as ENOSPC @param why the error in words */
export function failureNamed(code: string | undefined, why: string, path: string): RingFailure {
  if (code !== undefined && FULL.includes(code))
    return { code: 'disk-full', message: `${path}: the disk is full` };
  return { code: 'disk-error', message: `${path}: cannot be written (${why})` };
}

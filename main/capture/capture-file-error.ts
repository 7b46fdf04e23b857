import { errorText } from '../../shared/format/error.ts';

export type CaptureFileErrorCode =
  | 'not-found'
  | 'no-permission'
  | 'is-directory'
  | 'not-a-file'
  | 'read-error'
  | 'compression'
  | 'cannot-follow';

/** Why a file could not be read, in words for people; the message names the path. */
export class CaptureFileError extends Error {
  readonly code: CaptureFileErrorCode;
  readonly path: string;

  constructor(code: CaptureFileErrorCode, path: string, message: string, cause?: unknown) {
    super(message, { cause });
    this.name = 'CaptureFileError';
    this.code = code;
    this.path = path;
  }
}

export function isCaptureFileError(error: unknown): error is CaptureFileError {
  return error instanceof CaptureFileError;
}

/** Puts an error of the file system into words. */
export function fileErrorOf(error: unknown, path: string): CaptureFileError {
  if (error instanceof CaptureFileError) return error;
  const code = (error as NodeJS.ErrnoException).code;
  switch (code) {
    case 'ENOENT':
    case 'ENOTDIR':
      return new CaptureFileError('not-found', path, `${path}: there is no such file`, error);
    case 'EACCES':
    case 'EPERM':
      return new CaptureFileError('no-permission', path, `${path}: no permission to read this file`, error);
    case 'EISDIR':
      return new CaptureFileError('is-directory', path, `${path}: this is a directory, not a file`, error);
    default:
      return new CaptureFileError('read-error', path, `${path}: cannot be read (${errorText(error)})`, error);
  }
}

/**
 * Files that a browser sends, because it cannot name a path: streamed into a private directory that goes when the
 * server ends.
 */
import { createWriteStream } from 'node:fs';
import { mkdir, rm, stat, statfs } from 'node:fs/promises';
import type { IncomingMessage } from 'node:http';
import { basename, dirname, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { BOUNDS } from '../../shared/contract/schemas.ts';
import { makePrivateFolder } from '../host/private-folder.ts';

/** Of all uploads together. */
export const DEFAULT_UPLOAD_LIMIT = 64 * 1024 ** 3;
const MAX_CONCURRENT = 4;
/** Twice the files of the largest set: one that is open and one that comes. Empty ones take no bytes, but folders. */
const MAX_UPLOADS = 2 * BOUNDS.paths;
const MAX_NAME = 120;
const PREFIX = 'resetscope-upload-';
/** So much of the disk is left to others, or its tenth where that is less. */
const RESERVE_BYTES = 1024 ** 3;
const RESERVE_SHARE = 0.1;

/** A refusal with its HTTP status; the message is for people. */
export class UploadError extends Error {
  override readonly name = 'UploadError';
  readonly status: number;

  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

/** How full the disk is; of statfs. */
export interface Space {
  readonly freeBytes: number;
  readonly totalBytes: number;
}

export class Uploads {
  readonly #directory: string;
  readonly #limitBytes: number;
  readonly #space: () => Promise<Space>;
  /** Those that are there as a whole, with their bytes. */
  readonly #sizes = new Map<string, number>();
  /** Those that belong to the capture that is open. */
  #shown: ReadonlySet<string> = new Set();
  /** Bytes of those that are there or were promised room. */
  #taken = 0;
  /** Bytes of those that are still being written: the disk does not know of them yet, or not of all. */
  #coming = 0;
  #count = 0;
  #running = 0;

  private constructor(directory: string, limitBytes: number, space: () => Promise<Space>) {
    this.#directory = directory;
    this.#limitBytes = limitBytes;
    this.#space = space;
  }

  /** Also removes what servers left behind that were killed. */
  static async create(
    limitBytes = DEFAULT_UPLOAD_LIMIT,
    parent?: string,
    space?: () => Promise<Space>,
  ): Promise<Uploads> {
    const directory = await makePrivateFolder(PREFIX, parent);
    return new Uploads(directory, limitBytes, space ?? (() => spaceOf(directory)));
  }

  has(path: string): boolean {
    return this.#sizes.has(path);
  }

  /** Writes the body of the request to a file of its own; answers its path. */
  async receive(request: IncomingMessage, name: string): Promise<string> {
    const length = lengthOf(request);
    if (this.#running >= MAX_CONCURRENT)
      throw new UploadError(
        503,
        `${MAX_CONCURRENT} files are being sent already; send it when one has arrived`,
      );
    if (this.#sizes.size + this.#running >= MAX_UPLOADS) {
      throw new UploadError(
        507,
        `${MAX_UPLOADS} uploaded files are kept, which is as many as can be; those of the capture that is open go when ` +
          'it is closed, all of them when Resetscope ends',
      );
    }
    // Before anything is waited for, so that no two are promised the same room.
    this.#takeRoom(length);
    this.#running++;
    this.#coming += length;
    const promised = this.#coming;
    // A directory for each file, so that the file keeps its name.
    const directory = join(this.#directory, String(this.#count++));
    const path = join(directory, safeName(name));
    try {
      await this.#checkSpace(promised);
      await mkdir(directory, { mode: 0o700 });
      await pipeline(request, createWriteStream(path, { flags: 'wx', mode: 0o600 }));
      // A connection that broke ends the stream early: half a capture is none.
      const { size } = await stat(path);
      if (size !== length) throw new UploadError(400, `${size} of ${length} bytes arrived`);
    } catch (error) {
      await rm(directory, { recursive: true, force: true });
      this.#taken -= length;
      throw this.#asUploadError(error);
    } finally {
      this.#running--;
      this.#coming -= length;
    }
    this.#sizes.set(path, length);
    return path;
  }

  /** These are what is open now, in all tabs. Uploads that were open before and are not among them go. */
  async show(paths: readonly string[]): Promise<void> {
    const shown = new Set(paths.filter((path) => this.has(path)));
    const gone = [...this.#shown].filter((path) => !shown.has(path));
    this.#shown = shown;
    for (const path of gone) {
      this.#taken -= this.#sizes.get(path) ?? 0;
      this.#sizes.delete(path);
      await rm(dirname(path), { recursive: true, force: true });
    }
  }

  #takeRoom(length: number): void {
    if (length > this.#limitBytes) {
      throw new UploadError(
        413,
        `${length} bytes are more than the ${this.#limitBytes} that are allowed; start again with a larger --upload-limit`,
      );
    }
    if (this.#taken + length > this.#limitBytes) {
      throw new UploadError(
        507,
        `with this file, uploads would take ${this.#taken + length} of the ${this.#limitBytes} bytes that are allowed; ` +
          'close the capture that is open, or start again with a larger --upload-limit',
      );
    }
    this.#taken += length;
  }

  /** @param promised bytes of this one and those before it; none is taken for written yet, which errs on the disk's side */
  async #checkSpace(promised: number): Promise<void> {
    const { freeBytes, totalBytes } = await this.#space();
    const reserve = Math.min(RESERVE_BYTES, totalBytes * RESERVE_SHARE);
    if (promised > freeBytes - reserve) {
      throw new UploadError(
        507,
        `there is not enough space for temporary files: ${freeBytes} bytes are free in ${dirname(this.#directory)}, ` +
          `of which ${Math.ceil(reserve)} are left alone; TMPDIR names another place`,
      );
    }
  }

  #asUploadError(error: unknown): UploadError {
    if (error instanceof UploadError) return error;
    const code = error instanceof Error && 'code' in error ? String(error.code) : '';
    if (code === 'ENOSPC' || code === 'EDQUOT') {
      return new UploadError(
        507,
        `there is no space left for temporary files in ${dirname(this.#directory)}; TMPDIR names another place`,
      );
    }
    return new UploadError(400, `the upload broke off (${code || String(error)})`);
  }

  async dispose(): Promise<void> {
    await rm(this.#directory, { recursive: true, force: true });
  }
}

function lengthOf(request: IncomingMessage): number {
  const header = request.headers['content-length'];
  if (header === undefined || !/^\d+$/.test(header)) throw new UploadError(411, 'the length is missing');
  return Number(header);
}

async function spaceOf(directory: string): Promise<Space> {
  const { bavail, blocks, bsize } = await statfs(directory);
  return { freeBytes: bavail * bsize, totalBytes: blocks * bsize };
}

/** A file name out of foreign text: no directories, no hidden files, nothing but plain characters. */
export function safeName(name: string): string {
  const plain = basename(name.replaceAll('\\', '/'))
    .replace(/[^\w.+@-]/g, '_')
    .replace(/^\.+/, '')
    // The end tells the format to people.
    .slice(-MAX_NAME);
  return plain === '' ? 'capture' : plain;
}

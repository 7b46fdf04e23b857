/**
 * Files that a browser sends, because it cannot name a path: streamed into a private directory that goes when the
 * server ends.
 */
import { createWriteStream } from 'node:fs';
import { chmod, mkdir, mkdtemp, readdir, rm, stat, statfs } from 'node:fs/promises';
import type { IncomingMessage } from 'node:http';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { pipeline } from 'node:stream/promises';

export const DEFAULT_UPLOAD_LIMIT = 64 * 1024 ** 3;
const MAX_CONCURRENT = 4;
const MAX_NAME = 120;
const PREFIX = 'resetscope-upload-';

/** A refusal with its HTTP status; the message is for people. */
export class UploadError extends Error {
  override readonly name = 'UploadError';
  readonly status: number;

  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

export class Uploads {
  readonly #directory: string;
  readonly #limitBytes: number;
  readonly #paths = new Set<string>();
  #count = 0;
  #running = 0;

  private constructor(directory: string, limitBytes: number) {
    this.#directory = directory;
    this.#limitBytes = limitBytes;
  }

  /** Also removes what servers left behind that were killed. */
  static async create(limitBytes = DEFAULT_UPLOAD_LIMIT, parent = tmpdir()): Promise<Uploads> {
    await removeAbandoned(parent);
    // The process id tells later servers whether the owner still lives.
    const directory = await mkdtemp(join(parent, `${PREFIX}${process.pid}-`));
    await chmod(directory, 0o700);
    return new Uploads(directory, limitBytes);
  }

  has(path: string): boolean {
    return this.#paths.has(path);
  }

  /** Writes the body of the request to a file of its own; answers its path. */
  async receive(request: IncomingMessage, name: string): Promise<string> {
    const length = this.#lengthOf(request);
    if (this.#running >= MAX_CONCURRENT) throw new UploadError(503, 'too many uploads at once');
    this.#running++;
    // A directory for each file, so that the file keeps its name.
    const directory = join(this.#directory, String(this.#count++));
    const path = join(directory, safeName(name));
    try {
      await this.#checkSpace(length);
      await mkdir(directory, { mode: 0o700 });
      await pipeline(request, createWriteStream(path, { flags: 'wx', mode: 0o600 }));
      // A connection that broke ends the stream early: half a capture is none.
      const { size } = await stat(path);
      if (size !== length) throw new UploadError(400, `${size} of ${length} bytes arrived`);
    } catch (error) {
      await rm(directory, { recursive: true, force: true });
      throw asUploadError(error);
    } finally {
      this.#running--;
    }
    this.#paths.add(path);
    return path;
  }

  #lengthOf(request: IncomingMessage): number {
    const header = request.headers['content-length'];
    if (header === undefined || !/^\d+$/.test(header)) throw new UploadError(411, 'the length is missing');
    const length = Number(header);
    if (length > this.#limitBytes) {
      throw new UploadError(413, `${length} bytes are more than the ${this.#limitBytes} that are allowed`);
    }
    return length;
  }

  async #checkSpace(length: number): Promise<void> {
    const { bavail, bsize } = await statfs(this.#directory);
    if (length > bavail * bsize) throw new UploadError(507, 'there is not enough space for temporary files');
  }

  async dispose(): Promise<void> {
    await rm(this.#directory, { recursive: true, force: true });
  }
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

function asUploadError(error: unknown): UploadError {
  if (error instanceof UploadError) return error;
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  if (code === 'ENOSPC' || code === 'EDQUOT') {
    return new UploadError(507, 'there is no space left for temporary files');
  }
  return new UploadError(400, `the upload broke off (${code || String(error)})`);
}

async function removeAbandoned(parent: string): Promise<void> {
  const own = process.getuid?.();
  for (const name of await readdir(parent)) {
    const pid = Number(new RegExp(`^${PREFIX}(\\d+)-`).exec(name)?.[1] ?? 0);
    if (pid === 0 || isRunning(pid)) continue;
    const path = join(parent, name);
    const found = await stat(path).catch(() => undefined);
    if (found?.isDirectory() === true && found.uid === own) await rm(path, { recursive: true, force: true });
  }
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

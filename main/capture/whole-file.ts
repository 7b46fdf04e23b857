/**
 * A file that is made for the user: at its name it is there as a whole, or not at all. While it is written it has a
 * random name in the same folder.
 *
 * Invariant: nothing is written through a link, nor into a file that was there. Others may write in the folder (/tmp, a
 * share), and a link of theirs, at the name or at one that can be guessed, would lead to a file that is ours.
 */
import { randomBytes } from 'node:crypto';
import { constants } from 'node:fs';
import type { FileHandle } from 'node:fs/promises';
import { access, copyFile, link, lstat, open, rename, unlink } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { errorText } from '../../shared/format/error.ts';
import { forgetPartial, rememberPartial } from './partial-files.ts';

export interface WholeFileOptions {
  /** `replace` is for a user who was asked, or who named the file in a command that replaces. */
  readonly existing: 'refuse' | 'replace';
  /** Before the umask: 0o600 for packets, which are the user's secret, 0o666 for reports. */
  readonly mode: number;
  /** What its name begins with while it is written; others may know by it what to leave alone. */
  readonly partialPrefix?: string;
}

/** A new file, and never what a link leads to. Windows has no O_NOFOLLOW; with O_EXCL it is not needed either. */
const NEW_FILE = constants.O_RDWR | constants.O_CREAT | constants.O_EXCL | (constants.O_NOFOLLOW ?? 0);

/** What file systems without hard links answer to link(2): vfat, exfat, some network shares. */
const NO_HARD_LINKS = ['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EMLINK', 'EINVAL'];

/** Enough to meet a disk or a quota that is full. */
const PROBE_BYTES = 4096;

export class WholeFile {
  readonly handle: FileHandle;
  readonly #target: string;
  readonly #partial: string;
  readonly #options: WholeFileOptions;
  #isOpen = true;

  private constructor(handle: FileHandle, target: string, partial: string, options: WholeFileOptions) {
    this.handle = handle;
    this.#target = target;
    this.#partial = partial;
    this.#options = options;
  }

  /** @throws WriteError */
  static async create(target: string, options: WholeFileOptions): Promise<WholeFile> {
    const path = resolve(target);
    try {
      await checkExisting(path, options.existing);
      const prefix = options.partialPrefix ?? '.resetscope-';
      const partial = join(dirname(path), `${prefix}${randomBytes(8).toString('hex')}.partial`);
      const handle = await open(partial, NEW_FILE, options.mode);
      rememberPartial(partial);
      return new WholeFile(handle, path, partial, options);
    } catch (error) {
      throw new WriteError(path, error);
    }
  }

  /** All of it was written: it is brought to the disk and waits there to be put in place. @throws WriteError; nothing is left of it then */
  async settle(): Promise<void> {
    try {
      if (this.#options.existing === 'replace') await this.#keepMode();
      await this.handle.sync();
      await this.#close();
    } catch (error) {
      await this.discard();
      throw new WriteError(this.#target, error);
    }
  }

  /** Puts it in place when all of it is on the disk. @throws WriteError; nothing is left of it then */
  async commit(): Promise<void> {
    if (this.#isOpen) await this.settle();
    try {
      if (this.#options.existing === 'replace') await rename(this.#partial, this.#target);
      else await this.#add();
      forgetPartial(this.#partial);
    } catch (error) {
      await this.discard();
      throw new WriteError(this.#target, error);
    }
  }

  /** Leaves nothing of it. */
  async discard(): Promise<void> {
    await this.#close().catch(() => undefined);
    await unlink(this.#partial).catch(() => undefined);
    forgetPartial(this.#partial);
  }

  async #close(): Promise<void> {
    if (!this.#isOpen) return;
    this.#isOpen = false;
    await this.handle.close();
  }

  /** link(2) fails where the name is taken, by a link too, which no check before it could promise. */
  async #add(): Promise<void> {
    try {
      await link(this.#partial, this.#target);
    } catch (error) {
      if (!NO_HARD_LINKS.includes(codeOf(error) ?? '')) throw error;
      await this.#addByCopy();
    }
    await unlink(this.#partial);
  }

  /** COPYFILE_EXCL holds the same promise; only that for a moment a part of the file stands at its name. */
  async #addByCopy(): Promise<void> {
    await copyFile(this.#partial, this.#target, constants.COPYFILE_EXCL);
    const handle = await open(this.#target, constants.O_RDWR | (constants.O_NOFOLLOW ?? 0));
    await handle.sync().finally(() => handle.close());
  }

  /**
   * A report that the user had made readable stays so; rename(2) then replaces a link rather than what it leads to. The mode is set
   * by the descriptor: at the name of the file there may be a link by now.
   */
  async #keepMode(): Promise<void> {
    const old = await lstat(this.#target).catch(() => undefined);
    const keepsMode =
      old?.isFile() === true && old.uid === process.geteuid?.() && this.#options.mode !== 0o600;
    if (keepsMode) await this.handle.chmod(old.mode & 0o777);
  }
}

/** Whether such a file could be made now, tried with one block. @throws WriteError */
export async function tryWholeFile(target: string, options: WholeFileOptions): Promise<void> {
  const file = await WholeFile.create(target, options);
  try {
    await file.handle.write(new Uint8Array(PROBE_BYTES));
    await file.handle.sync();
  } catch (error) {
    throw new WriteError(resolve(target), error);
  } finally {
    await file.discard();
  }
}

/** A file could not be made: what, where and why, for people. */
export class WriteError extends Error {
  override readonly name = 'WriteError';
  /** The system's name of the error, such as ENOSPC. */
  readonly code: string | undefined;

  constructor(path: string, cause: unknown) {
    super(`${path} cannot be written: ${whyNot(path, cause)}`, { cause });
    this.code = codeOf(cause);
  }
}

/** In words, and with the system's name of it, by which others can be asked. */
function whyNot(path: string, error: unknown): string {
  const code = codeOf(error);
  const words = inWords(code, dirname(path));
  return words === undefined || code === undefined ? errorText(error) : `${words} (${code})`;
}

function inWords(code: string | undefined, folder: string): string | undefined {
  switch (code) {
    case 'EEXIST':
      return 'it exists already';
    case 'ENOENT':
      return `there is no folder ${folder}`;
    case 'ENOTDIR':
      return `${folder} is no folder`;
    case 'EISDIR':
      return 'it is a folder';
    case 'EACCES':
    case 'EPERM':
      return `you have no permission to make files in ${folder}`;
    case 'EROFS':
      return `the file system of ${folder} is read-only`;
    case 'ENOSPC':
      return `the disk of ${folder} is full`;
    case 'EDQUOT':
      return `your quota on the disk of ${folder} is used up`;
    case 'EFBIG':
      return `it gets larger than the file system of ${folder} allows`;
    default:
      return undefined;
  }
}

/** Tells beforehand what could only be told at the end. A link counts, also one that leads nowhere. */
async function checkExisting(path: string, existing: WholeFileOptions['existing']): Promise<void> {
  const stats = await lstat(path).catch((error: unknown) => {
    if (codeOf(error) !== 'ENOENT') throw error;
  });
  if (stats === undefined) return;
  if (existing === 'refuse') throw coded('EEXIST');
  if (stats.isDirectory()) throw coded('EISDIR');
  if (stats.isFile() && !(await isWritable(path))) throw new Error('you have no permission to change it');
}

function isWritable(path: string): Promise<boolean> {
  return access(path, constants.W_OK).then(
    () => true,
    () => false,
  );
}

function coded(code: string): Error {
  return Object.assign(new Error(code), { code });
}

function codeOf(error: unknown): string | undefined {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  return typeof code === 'string' ? code : undefined;
}

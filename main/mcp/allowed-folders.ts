/**
 * The folders that were named when the server was started, and what lies below them.
 *
 * Invariant: no path is handed on but the real one (without links and `..`) of a plain file below one of these folders. What lies elsewhere and
 * what is not there at all are refused in the same words, so that nobody learns what else the machine has.
 */
import { readdirSync, realpathSync, statSync } from 'node:fs';
import { isAbsolute, join, relative, resolve, sep } from 'node:path';
import { RpcError } from '../../shared/contract/errors.ts';
import { errorText } from '../../shared/format/error.ts';
import { sanitiseText } from '../../shared/format/text.ts';
import { MCP_LIMITS } from './limits.ts';

export interface FoundCapture {
  readonly path: string;
  readonly sizeBytes: number;
  readonly modifiedMs: number;
}

export interface FoundCaptures {
  readonly captures: readonly FoundCapture[];
  /** Files whose names hide or reorder text: they are not listed. */
  readonly unshowable: number;
  /** Why the search did not look at everything; null where it did. */
  readonly cut: string | null;
}

/** How capture files are called: rotated ones have a number behind, and a dot before it or not. */
const CAPTURE_NAME = /\.(?:pcap|pcapng|cap|ntar|snoop|erf|dmp|trc)(?:\.?\d+)?(?:\.(?:gz|zst|lz4|zip))?$/iu;

export class AllowedFolders {
  /** Their real paths. */
  readonly folders: readonly string[];

  /** @throws RpcError 'bad-request' where one of them is no folder */
  constructor(folders: readonly string[]) {
    if (folders.length > MCP_LIMITS.folders)
      throw new RpcError('bad-request', `at most ${MCP_LIMITS.folders} folders can be allowed`);
    this.folders = [...new Set(folders.map(realFolder))];
  }

  /**
   * @param path absolute, or below one of the folders
   * @returns the real path of the file
   * @throws RpcError 'not-found' for everything else
   */
  resolve(path: string): string {
    for (const candidate of isAbsolute(path) ? [path] : this.folders.map((folder) => join(folder, path))) {
      const real = realFile(candidate);
      if (real !== undefined && this.#holds(real)) return real;
    }
    throw new RpcError(
      'not-found',
      `“${sanitiseText(path, 300)}” is no file below the allowed folders (${this.#names}); the tool “captures” lists what is there`,
    );
  }

  /** Capture files below the folders whose path contains the text, by name. Links are not followed. */
  find(match: string): FoundCaptures {
    const found: FoundCapture[] = [];
    const wanted = match.toLowerCase();
    let entries = 0;
    let unshowable = 0;
    let cut: string | null = null;
    const waiting = this.folders.map((path) => ({ path, depth: 0 }));
    for (let folder = waiting.shift(); folder !== undefined; folder = waiting.shift()) {
      for (const entry of readable(folder.path)) {
        if (++entries > MCP_LIMITS.searchEntries) {
          cut = `Only the first ${MCP_LIMITS.searchEntries} entries of the folders were looked at; name a path below one of them to open what is not listed.`;
          return { captures: found.sort(byPath), unshowable, cut };
        }
        const path = join(folder.path, entry.name);
        if (entry.isDirectory()) {
          if (folder.depth < MCP_LIMITS.searchDepth) waiting.push({ path, depth: folder.depth + 1 });
          else cut = `Folders more than ${MCP_LIMITS.searchDepth} levels down were not looked into.`;
        } else if (entry.isFile() && CAPTURE_NAME.test(entry.name) && path.toLowerCase().includes(wanted)) {
          if (sanitiseText(path, Infinity) !== path) unshowable++;
          else {
            const stats = statSync(path, { throwIfNoEntry: false });
            if (stats !== undefined)
              found.push({ path, sizeBytes: stats.size, modifiedMs: Math.trunc(stats.mtimeMs) });
          }
        }
      }
    }
    return { captures: found.sort(byPath), unshowable, cut };
  }

  get #names(): string {
    return this.folders.map((folder) => sanitiseText(folder, 200)).join(', ');
  }

  #holds(real: string): boolean {
    return this.folders.some((folder) => {
      const below = relative(folder, real);
      return below !== '' && below !== '..' && !below.startsWith(`..${sep}`) && !isAbsolute(below);
    });
  }
}

function byPath(a: FoundCapture, b: FoundCapture): number {
  return a.path < b.path ? -1 : 1;
}

/** A folder that cannot be read holds nothing for us. */
function readable(path: string) {
  try {
    return readdirSync(path, { withFileTypes: true });
  } catch {
    return [];
  }
}

function realFolder(path: string): string {
  let real: string;
  try {
    real = realpathSync(resolve(path));
  } catch (error) {
    throw new RpcError('bad-request', `“${path}” cannot be allowed: ${errorText(error)}`);
  }
  if (!statSync(real).isDirectory())
    throw new RpcError('bad-request', `“${path}” cannot be allowed: it is no folder`);
  return real;
}

/** Undefined for what is not there, and for what is no plain file: reading a pipe or device may never end. */
function realFile(path: string): string | undefined {
  try {
    const real = realpathSync(path);
    return statSync(real).isFile() ? real : undefined;
  } catch {
    return undefined;
  }
}

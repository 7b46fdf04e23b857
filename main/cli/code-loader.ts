/**
 * Loads the built command line (CommonJS) with what V8 compiled of it when it was built: starting takes half the time.
 *
 * Invariants
 * - V8 takes a code cache at its word, and a damaged one takes the process down. So it is given a cache only where the cache names this
 *   very source, this very Node, and its own checksum; V8 itself looks at its version and flags. In any other case the source is compiled,
 *   as everywhere.
 * - A code cache is code. It lies beside the source that it was made of: whoever could write the one could write the other. Nothing is
 *   ever written here; scripts/code-cache.mjs makes the caches.
 */
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { Script, constants } from 'node:vm';
import { crc32 } from 'node:zlib';

/** Words of the header, little-endian; the code follows. */
const HEADER_WORDS = 4;
const MAGIC = 0x31_43_53_52;

type ModuleFunction = (
  exports: object,
  require: (id: string) => unknown,
  module: LoadedModule,
  filename: string,
  folder: string,
) => void;

interface LoadedModule {
  exports: unknown;
}

interface LoadedScript {
  readonly source: Buffer;
  readonly script: Script;
  readonly module: LoadedModule;
}

export class CodeLoader {
  /** What was loaded, by the names of its files. */
  readonly scripts = new Map<string, LoadedScript>();
  readonly #folder: string;

  /** @param folder the built command line: every chunk lies in it */
  constructor(folder: string) {
    this.#folder = folder;
  }

  /** @param name of a file in the folder @returns its exports */
  load(name: string): unknown {
    const loaded = this.scripts.get(name);
    if (loaded !== undefined) return loaded.module.exports;
    const filename = join(this.#folder, name);
    const source = readFileSync(filename);
    const script = new Script(source.toString('latin1'), {
      filename,
      cachedData: cachedCode(`${filename}.cache`, source),
      importModuleDynamically: constants.USE_MAIN_CONTEXT_DEFAULT_LOADER,
    });
    const exports = {};
    const module: LoadedModule = { exports };
    // Chunks may need one another in a circle, as modules may.
    this.scripts.set(name, { source, script, module });
    const run = script.runInThisContext() as ModuleFunction;
    run(exports, (id) => this.#resolve(id), module, filename, dirname(filename));
    return module.exports;
  }

  #resolve(id: string): unknown {
    return id.startsWith('./') ? this.load(id.slice(2)) : process.getBuiltinModule(id);
  }
}

/** @param source what the code was compiled of */
export function withHeader(code: Uint8Array, source: Uint8Array): Uint8Array {
  const header = Uint32Array.from(headerOf(code, source));
  return Buffer.concat([new Uint8Array(header.buffer), code]);
}

/** @returns undefined where there is none, or none for this source and this Node */
function cachedCode(path: string, source: Uint8Array): Buffer | undefined {
  let file: Buffer;
  try {
    file = readFileSync(path);
  } catch {
    return undefined;
  }
  const code = file.subarray(4 * HEADER_WORDS);
  const isOurs =
    file.length > 4 * HEADER_WORDS &&
    headerOf(code, source).every((word, i) => file.readUInt32LE(4 * i) === word);
  return isOurs ? code : undefined;
}

function headerOf(code: Uint8Array, source: Uint8Array): readonly number[] {
  return [MAGIC, crc32(thisNode()), crc32(source), crc32(code)];
}

/** Versions of all its parts: two builds of one version of Node may differ in what V8 wrote down. */
function thisNode(): string {
  return JSON.stringify([process.versions, process.arch, process.platform]);
}

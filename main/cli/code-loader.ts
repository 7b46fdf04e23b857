/**
 * Loads the built command line (CommonJS) with what V8 compiled of it when it was built: starting takes half the time.
 *
 * Invariants
 * - V8 takes a code cache at its word, and a damaged one takes the process down. So it is given a cache only where the file of the
 *   cache holds the name of this very Node, this very source, and the code twice; V8 itself looks at its version and flags. In any other
 *   case the source is compiled, as everywhere. Comparing bytes takes less than loading what Node could make checksums with.
 * - A code cache is code. It lies beside the source that it was made of: whoever could write the one could write the other. Nothing is
 *   ever written here; scripts/code-cache.mjs makes the caches.
 */
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { Script, constants } from 'node:vm';

/** V8 copies code that begins at no whole word. */
const WORD_BYTES = 8;

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

/**
 * What is kept beside a chunk: the code, the code again, the source, and which Node this is.
 * @param source what the code was compiled of
 */
export function codeCacheFile(code: Uint8Array, source: Uint8Array): Uint8Array {
  const whole = Buffer.alloc(Math.ceil(code.length / WORD_BYTES) * WORD_BYTES);
  whole.set(code);
  return Buffer.concat([whole, whole, source, thisNode()]);
}

/** @returns undefined where there is none, or none for this source and this Node */
function cachedCode(path: string, source: Buffer): Buffer | undefined {
  let file: Buffer;
  try {
    file = readFileSync(path);
  } catch {
    return undefined;
  }
  const node = thisNode();
  const nodeAt = file.length - node.length;
  const sourceAt = nodeAt - source.length;
  const codeBytes = sourceAt / 2;
  if (!(codeBytes > 0 && codeBytes % WORD_BYTES === 0)) return undefined;
  const code = file.subarray(0, codeBytes);
  const isOurs =
    file.subarray(nodeAt).equals(node) &&
    file.subarray(sourceAt, nodeAt).equals(source) &&
    file.subarray(codeBytes, sourceAt).equals(code);
  return isOurs ? code : undefined;
}

/** Versions of all its parts: two builds of one version of Node may differ in what V8 wrote down. */
function thisNode(): Buffer {
  return Buffer.from(JSON.stringify([process.versions, process.arch, process.platform]));
}

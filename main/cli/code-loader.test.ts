import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { CodeLoader, codeCacheFile } from './code-loader.ts';

const CHUNKS = {
  'program.js': `const other = require('./other.js'); const path = require('node:path');
    exports.answer = () => other.twice(21); exports.name = path.basename(__filename);`,
  'other.js': `exports.twice = (n) => 2 * n; exports.back = () => require('./program.js').name;`,
};

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'resetscope-code-'));
  for (const [name, code] of Object.entries(CHUNKS)) writeFileSync(join(folder, name), wrapped(code));
});
afterEach(() => rmSync(folder, { recursive: true }));

function wrapped(code: string): string {
  return `(function (exports, require, module, __filename, __dirname) {${code}})`;
}

interface Program {
  answer(): number;
  readonly name: string;
}

/** Whether V8 took the cache of program.js; undefined where it was given none. */
function load(): { readonly taken: boolean | undefined } {
  const loader = new CodeLoader(folder);
  const program = loader.load('program.js') as Program;
  expect(program.answer()).toBe(42);
  expect(program.name).toBe('program.js');
  const rejected = loader.scripts.get('program.js')?.script.cachedDataRejected;
  return { taken: rejected === undefined ? undefined : !rejected };
}

const cacheFile = (): string => join(folder, 'program.js.cache');

/** As scripts/code-cache.mjs does it. */
function makeCache(): Buffer {
  const loader = new CodeLoader(folder);
  (loader.load('program.js') as Program).answer();
  const made = loader.scripts.get('program.js');
  if (made === undefined) throw new Error('program.js was not loaded');
  const file = Buffer.from(codeCacheFile(made.script.createCachedData(), made.source));
  writeFileSync(cacheFile(), file);
  return file;
}

describe('chunks of the command line', () => {
  it('are loaded without a cache, each once, and may need one another', () => {
    expect(load().taken).toBeUndefined();
    const loader = new CodeLoader(folder);
    const other = loader.load('other.js') as { back(): string };
    expect(other.back()).toBe('program.js');
    expect(loader.load('other.js')).toBe(other);
  });

  it('take what V8 compiled of them', () => {
    makeCache();
    expect(load().taken).toBe(true);
  });

  it('are compiled where any byte of the cache is another', () => {
    const file = makeCache();
    for (let at = 0; at < file.length; at += 7) {
      const damaged = Buffer.from(file);
      damaged[at] ^= 0x10;
      writeFileSync(cacheFile(), damaged);
      expect(load().taken).toBeUndefined();
    }
  });

  it('are compiled where the cache is of another Node', () => {
    const file = makeCache().toString('latin1');
    const other = file.replace(`"node":"${process.versions.node}"`, (text) => text.replace(/\d/u, '9'));
    expect(other).not.toBe(file);
    writeFileSync(cacheFile(), other, 'latin1');
    expect(load().taken).toBeUndefined();
  });

  it('are compiled where the cache is cut short', () => {
    const file = makeCache();
    for (const length of [0, 3, 16, 17, file.length - 16, file.length - 1]) {
      writeFileSync(cacheFile(), file.subarray(0, length));
      expect(load().taken).toBeUndefined();
    }
  });

  it('are compiled where they have changed since', () => {
    makeCache();
    const path = join(folder, 'program.js');
    // As long as before: V8 itself looks at nothing else.
    writeFileSync(path, readFileSync(path, 'utf8').replace('twice(21)', 'twice(20)'));
    const loader = new CodeLoader(folder);
    expect((loader.load('program.js') as Program).answer()).not.toBe(42);
    expect(loader.scripts.get('program.js')?.script.cachedDataRejected).toBeUndefined();
  });
});

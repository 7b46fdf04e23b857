/**
 * The command line to look into: names as they were written, and a map from each line to its source. It does what the shipped one does,
 * but compiles its functions when they are first called, for it has no code cache.
 */
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { SourceMap } from 'node:module';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'vite';
import { HOSTED_PROGRAMS, programsConfig } from '../build.mjs';

/**
 * @param {string} shipped the built command line, whose first line says how Node is started
 * @returns {Promise<(nodeFlags: string[], ...args: string[]) => string[]>} makes the arguments of Node for a command
 */
export async function profiledBuild(root, folder, shipped) {
  rmSync(join(root, folder), { recursive: true, force: true });
  const config = programsConfig({ 'cli/program': 'main/cli/program.ts', ...HOSTED_PROGRAMS }, folder);
  await build({ ...config, build: { ...config.build, minify: false, sourcemap: true } });
  const cli = join(root, folder, 'cli/start.mjs');
  mkdirSync(join(root, folder, 'cli'), { recursive: true });
  writeFileSync(cli, "import { run } from './program.js';\nvoid run(process.argv.slice(2));\n");
  const own = readFileSync(shipped, 'utf8')
    .split('\n', 1)[0]
    .split(' ')
    .filter((word) => word.startsWith('--'));
  return (nodeFlags, ...args) => [...own, ...nodeFlags, cli, ...args];
}

/** Answers the source of a place in a built file, as a path from `root`; the built file's where no map knows it. */
export function sourcesOf(root) {
  const maps = new Map();
  const mapOf = (url) => {
    if (!maps.has(url)) maps.set(url, readMap(url));
    return maps.get(url);
  };
  return (url, line, column) => {
    const source = mapOf(url)?.findEntry(line, column).originalSource;
    if (source === undefined) return url;
    return relative(root, fileURLToPath(new URL(source, url)));
  };
}

function readMap(url) {
  try {
    return new SourceMap(JSON.parse(readFileSync(`${fileURLToPath(url)}.map`, 'utf8')));
  } catch {
    return undefined;
  }
}

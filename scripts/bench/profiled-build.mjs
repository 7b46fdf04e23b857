/** The command line as it is shipped, but readable: names as they were written, and a map from each line to its source. */
import { readFileSync, rmSync } from 'node:fs';
import { SourceMap } from 'node:module';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'vite';
import { PROGRAMS, programsConfig } from '../build.mjs';

/** @returns {Promise<string>} the program of the command line */
export async function profiledBuild(root, folder) {
  rmSync(join(root, folder), { recursive: true, force: true });
  const config = programsConfig(PROGRAMS, folder);
  await build({ ...config, build: { ...config.build, minify: false, sourcemap: true } });
  return join(root, folder, 'cli/index.js');
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

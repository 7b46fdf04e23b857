// Which npm packages are in what was built. Rollup's module graph knows; it is asked while each target is built, and what it
// says is kept in .cache/bundled/, for the notices of licences and the bill of materials.
import { mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { duckDbPackages } from './duckdb-packages.mjs';
import { root } from './setup.mjs';

const FOLDER = join(root, '.cache/bundled');

/** Where a target's list is, for whoever asks whether it was built. */
export function bundledList(target) {
  return `.cache/bundled/${target}.json`;
}

/** Vite's plugin that writes the list of a target. Modules of which nothing was left over are in it as well. */
export function recordBundled(target) {
  const folders = new Set();
  return {
    name: 'resetscope-bundled-packages',
    generateBundle(_options, bundle) {
      for (const chunk of Object.values(bundle)) {
        for (const id of chunk.type === 'chunk' ? chunk.moduleIds : []) {
          const folder = packageFolder(id);
          if (folder !== undefined) folders.add(folder);
        }
      }
      mkdirSync(FOLDER, { recursive: true });
      writeFileSync(join(root, bundledList(target)), `${JSON.stringify([...folders].sort(), null, 2)}\n`);
    },
  };
}

/** `node_modules/…` of the package that a module belongs to; undefined for our own. */
export function packageFolder(id) {
  // Helpers that the bundler itself adds are code of its own.
  if (id.startsWith('\0rolldown/')) return 'node_modules/rolldown';
  if (id.startsWith('\0vite/')) return 'node_modules/vite';
  const match = /^(.*\/node_modules\/(?:@[^/]+\/)?[^/]+)\//.exec(id.replace(/^\0/, ''));
  return match?.[1].slice(match[1].indexOf('node_modules/'));
}

/**
 * The packages of all targets, or of those named, each once and in the order of their names; with the programs those that lie beside
 * them.
 * @returns {{ name: string, version: string, licence: string, author: string, folder: string }[]}
 */
export function bundledPackages(targets) {
  const lists = readdirSync(FOLDER).filter(
    (file) => targets === undefined || targets.includes(file.replace(/\.json$/, '')),
  );
  const beside = targets === undefined || targets.includes('programs') ? duckDbPackages() : [];
  const folders = [
    ...lists.flatMap((file) => JSON.parse(readFileSync(join(FOLDER, file), 'utf8'))),
    ...beside,
  ];
  const found = new Map();
  for (const folder of folders) {
    const { name, version, license, author } = JSON.parse(
      readFileSync(join(root, folder, 'package.json'), 'utf8'),
    );
    const by = typeof author === 'string' ? author : author?.name;
    found.set(`${name}@${version}`, { name, version, licence: license ?? '', author: by ?? name, folder });
  }
  return [...found.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
}

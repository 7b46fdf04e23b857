// DuckDB, which reads the folders of fleets: it comes beside the programs, as packages, since machine code cannot be bundled. npm
// installs the one of this platform alone, and none where there is none.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './setup.mjs';

const SCOPE = 'node_modules/@duckdb';

/** Folders of the packages that are shipped, in node_modules; none where it is not installed. */
export function duckDbPackages() {
  const names = ['node-api', 'node-bindings', `node-bindings-${process.platform}-${process.arch}`];
  const folders = names.map((name) => `${SCOPE}/${name}`);
  return folders.every((folder) => existsSync(join(root, folder, 'package.json'))) ? folders : [];
}

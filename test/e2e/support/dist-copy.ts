/** A copy of the built programs that any user may run, with the capture helper or without it. */
import { chmodSync, cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { DIST } from './places.ts';

const EVERYBODY = 0o755;

export class DistCopy {
  readonly #folder = mkdtempSync(join(tmpdir(), 'resetscope-e2e-dist-'));
  readonly path = join(this.#folder, 'dist');
  readonly helper = join(this.path, 'native/resetscope-capd');

  constructor({ hasHelper }: { readonly hasHelper: boolean }) {
    chmodSync(this.#folder, EVERYBODY);
    cpSync(DIST, this.path, {
      recursive: true,
      filter: (path) => hasHelper || !relative(DIST, path).startsWith('native'),
    });
    if (hasHelper) chmodSync(this.helper, EVERYBODY);
  }

  remove(): void {
    rmSync(this.#folder, { recursive: true });
  }
}

/** What the user named to this process while it runs, file by file. */
import { resolve } from 'node:path';

/** More than anybody picks or drops; the oldest are forgotten. */
const MAX_FILES = 10_000;

export class GrantedPaths {
  readonly #files = new Set<string>();

  add(...paths: readonly string[]): void {
    for (const path of paths) this.#files.add(resolve(path));
    for (const path of this.#files) {
      if (this.#files.size <= MAX_FILES) break;
      this.#files.delete(path);
    }
  }

  has(path: string): boolean {
    return this.#files.has(resolve(path));
  }
}

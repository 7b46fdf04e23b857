/**
 * Small captures to try, each a story. They are made by code when the programs are built (test/samples) and opened by name: no page
 * names their paths.
 */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Sample, SampleName } from '../../shared/model/sample.ts';
import { SAMPLES } from '../../shared/model/sample.ts';

/** @param dist the folder of the build */
export function samplesIn(dist: URL): SamplePlaces {
  const { resourcesPath } = process as { resourcesPath?: string };
  // The process that reads captures is confined, and cannot read out of the archive of the packaged app.
  const packed = resourcesPath === undefined ? [] : [join(resourcesPath, 'samples')];
  return new SamplePlaces([...packed, fileURLToPath(new URL('host/samples', dist))]);
}

export class SamplePlaces {
  readonly #folders: readonly string[];

  constructor(folders: readonly string[]) {
    this.#folders = folders;
  }

  /** Those that are here. */
  list(): readonly Sample[] {
    return SAMPLES.filter(({ name }) => this.pathOf(name) !== undefined);
  }

  pathOf(name: SampleName): string | undefined {
    return this.#folders.map((folder) => join(folder, `${name}.pcap`)).find((path) => existsSync(path));
  }

  has(path: string): boolean {
    return SAMPLES.some(({ name }) => this.pathOf(name) === path);
  }
}

/** What tests of live capture under faults need: the built programs, root, and network namespaces. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll } from 'vitest';
import { canCapture } from '../../native/support/programs.ts';
import { Network } from '../../native/support/network.ts';

export { canCapture };
export { CABLE, HERE, THERE } from '../../native/support/network.ts';

export const ROOT = new URL('../../../', import.meta.url);
export const DIST = new URL('dist/', ROOT).pathname;

/** What the tests of one file have in common; there only while they run. */
export interface World {
  network: Network;
  /** Everything they write goes here. */
  folder: string;
}

/** Builds what is stale, and makes two namespaces with a cable between them. Call it inside of `describe`. */
export function makeWorld(): World {
  const world = {} as World;
  beforeAll(async () => {
    const build = (await import(new URL('scripts/build.mjs', ROOT).href)) as {
      ensureBuilt(): Promise<string[]>;
    };
    await build.ensureBuilt();
    world.network = new Network('rsfault');
    world.folder = mkdtempSync(join(tmpdir(), 'resetscope-fault-'));
  });
  afterAll(() => {
    world.network.remove();
    rmSync(world.folder, { recursive: true, force: true });
  });
  return world;
}

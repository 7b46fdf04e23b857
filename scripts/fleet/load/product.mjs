/** The product's own list of a fleet's tables, bundled for a Node that runs no TypeScript. */
import { pathToFileURL } from 'node:url';
import { bundle } from '../../../test/bench/bundle.mjs';
import { join } from 'node:path';

const root = new URL('../../..', import.meta.url).pathname;

export const { FLEET_KINDS, FLEET_TABLES } = await import(
  pathToFileURL(await bundle(root, 'shared/fleet/tables.ts', join(root, '.cache/fleet-load'))).href
);

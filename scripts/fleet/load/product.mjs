/** Parts of the product, bundled for a Node that runs no TypeScript: the list of a fleet's tables, and what agents write them with. */
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { bundle } from '../../../test/bench/bundle.mjs';

const root = new URL('../../..', import.meta.url).pathname;
const outDir = join(root, '.cache/fleet-load');

const load = async (entry) => import(pathToFileURL(await bundle(root, entry, outDir)).href);

export const { FLEET_KINDS, FLEET_TABLES } = await load('shared/fleet/tables.ts');
export const { ParquetFormat } = await load('main/host/tables/parquet.ts');

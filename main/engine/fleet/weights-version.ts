/** By which weights verdicts were made: the same text for the same weights, so that rows of agents with others can be told apart. */
import * as bounds from '../reset/evidence/bounds.ts';
import type { EvidenceEntry } from '../reset/evidence/entry.ts';
import { EVIDENCE } from '../reset/evidence/table.ts';

const FNV_PRIME = 0x100_0000_01b3n;
const FNV_BASIS = 0xcbf2_9ce4_8422_2325n;

/** 12 hexadecimal digits. */
export const WEIGHTS_VERSION: string = versionOf(EVIDENCE.flatMap(({ entries }) => entries));

export function versionOf(entries: readonly EvidenceEntry[]): string {
  const weights = entries.map(({ code, family, weight, decisive, distance, injector }) => [
    ...[code, family, weight],
    ...[decisive, distance, injector],
  ]);
  // A bundler need not keep the order in which a module names things.
  const all = JSON.stringify([weights, Object.entries(bounds).sort()]);
  return fnv1a(all).toString(16).padStart(16, '0').slice(0, 12);
}

/** FNV-1a of 64 bits: no secret hangs on it. */
function fnv1a(text: string): bigint {
  let hash = FNV_BASIS;
  for (let i = 0; i < text.length; i++)
    hash = BigInt.asUintN(64, (hash ^ BigInt(text.charCodeAt(i))) * FNV_PRIME);
  return hash;
}

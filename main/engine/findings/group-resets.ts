/**
 * Puts resets of the same origin, cause and server together: one pass, then a counting sort, so that a group's members
 * lie side by side in one typed array however many groups there are.
 */
import type { Nanoseconds } from '../../../shared/base/units.ts';
import type { Steps } from '../../../shared/base/steps.ts';
import type { VerdictColumns } from '../store/verdict-columns.ts';
import { ORIGIN_KINDS } from '../../../shared/model/verdict.ts';

/** What findings are told from, of each judged reset by its id. */
export interface ResetsOfFindings {
  /** Whose address the reset carries: 0 the client's, 1 the server's. */
  claimed(reset: number): 0 | 1;
  /** Resets that it stands for, second captures too. */
  members(reset: number): number;
  /** The same without second captures: 0 of one. */
  times(reset: number): number;
  time(reset: number): Nanoseconds;
  /** Time of the newest one that it stands for. */
  lastTime(reset: number): Nanoseconds;
  clientAddress(reset: number): string;
  /** The same for the same client address, and for no other. */
  clientKey(reset: number): number | string;
  /** Address and port of the server, of a connection that several captures hold as the one nearest to its client has them. */
  server(reset: number): string;
  /** The same for the same server, and for no other: most need no text. */
  serverKey(reset: number): number | string;
  /** One device reset both ends of the connection, as captures on both sides of it show. */
  isOneAct(reset: number): boolean;
  /** Name of the server; empty where none is known. */
  serverName(reset: number): string;
}

/** By group, in the order of their first members. */
export interface ResetGroups {
  readonly size: number;
  /** Ids in the order in which they were given. */
  members(group: number): Uint32Array;
  /** Resets that the members stand for, and those of them that matter. */
  readonly counts: readonly number[];
  readonly matters: readonly number[];
}

const MIDDLEBOX = ORIGIN_KINDS.indexOf('middlebox');
const UNKNOWN = ORIGIN_KINDS.indexOf('unknown');
/** Resets looked at between two rests. */
const SLICE = 8192;

/** More than any number that kind, side, claimed side and cause make. */
const SORTS = 1 << 14;
/** More than any number of hops, and one. */
const PLACES = 1 << 10;

/** Origin, claimed side and cause as one number. */
function sortOf(id: number, resets: ResetsOfFindings, verdicts: VerdictColumns): number {
  const at = verdicts.at(id);
  const kind = verdicts.kind[at];
  // A middlebox that resets both sides is one middlebox, while two hosts that reset each other are two.
  const claimed = kind === MIDDLEBOX ? 2 : resets.claimed(id);
  return ((kind * 4 + verdicts.side[at]) * 4 + claimed) * 256 + verdicts.cause[at];
}

/** Who is not known is told by the distance at least: resets in a server's name from two places have two makers. */
function isToldByPlace(id: number, resets: ResetsOfFindings, verdicts: VerdictColumns): boolean {
  return verdicts.kind[verdicts.at(id)] === UNKNOWN && resets.claimed(id) === 1;
}

/** What resets of one finding share, whenever they are asked about. */
export function groupKey(id: number, resets: ResetsOfFindings, verdicts: VerdictColumns): string {
  const place = isToldByPlace(id, resets, verdicts) ? ` ${verdicts.hops[verdicts.at(id)]}` : '';
  return `${sortOf(id, resets, verdicts)} ${resets.server(id)}${place}`;
}

/** @param ids resets, all judged; second captures are left out */
export function* groupResets(
  ids: Uint32Array,
  resets: ResetsOfFindings,
  verdicts: VerdictColumns,
): Steps<ResetGroups> {
  const servers = new Map<number | string, number>();
  const indexOf = new Map<number, number>();
  const kept = new Uint32Array(ids.length);
  const groupOf = new Uint32Array(ids.length);
  const sizes: number[] = [];
  const counts: number[] = [];
  const matters: number[] = [];
  let count = 0;
  for (let i = 0; i < ids.length; i++) {
    if (i % SLICE === SLICE - 1) yield;
    const id = ids[i];
    // A packet that a capture holds twice, on two interfaces of a machine or by two mirrors, is one reset.
    const times = resets.times(id);
    if (times === 0) continue;
    const key = resets.serverKey(id);
    let server = servers.get(key);
    if (server === undefined) {
      server = servers.size;
      servers.set(key, server);
    }
    const at = verdicts.at(id);
    const place = isToldByPlace(id, resets, verdicts) ? verdicts.hops[at] + 1 : 0;
    const share = (server * SORTS + sortOf(id, resets, verdicts)) * PLACES + place;
    let group = indexOf.get(share);
    if (group === undefined) {
      group = sizes.length;
      indexOf.set(share, group);
      sizes.push(0);
      counts.push(0);
      matters.push(0);
    }
    kept[count] = id;
    groupOf[count++] = group;
    sizes[group]++;
    counts[group] += times;
    matters[group] += times * verdicts.matters[at];
  }
  yield;
  const starts = new Uint32Array(sizes.length + 1);
  for (let group = 0; group < sizes.length; group++) starts[group + 1] = starts[group] + sizes[group];
  const sorted = new Uint32Array(count);
  const filled = starts.slice();
  for (let i = 0; i < count; i++) sorted[filled[groupOf[i]]++] = kept[i];
  return {
    size: sizes.length,
    counts,
    matters,
    members: (group) => sorted.subarray(starts[group], starts[group + 1]),
  };
}

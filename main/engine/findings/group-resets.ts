/**
 * Puts resets of the same origin, cause and server together: one pass, then a counting sort, so that a group's members
 * lie side by side in one typed array however many groups there are.
 */
import type { Nanoseconds } from '../../../shared/base/units.ts';
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
  /** Address and port of the server, of a connection that several captures hold as the one nearest to its client has them. */
  server(reset: number): string;
  /** One device reset both ends of the connection, as captures on both sides of it show. */
  isOneAct(reset: number): boolean;
  /** Name of the server; empty where none is known. */
  serverName(reset: number): string;
}

export interface ResetGroup {
  /** The same for all resets of the finding, whenever they are asked about. */
  readonly key: string;
  /** Ids in the order in which they were given. */
  readonly members: Uint32Array;
  /** Resets that the members stand for, and those of them that matter. */
  readonly count: number;
  readonly matters: number;
}

const MIDDLEBOX = ORIGIN_KINDS.indexOf('middlebox');
const UNKNOWN = ORIGIN_KINDS.indexOf('unknown');

/** What resets of one finding share. */
export function groupKey(id: number, resets: ResetsOfFindings, verdicts: VerdictColumns): string {
  const at = verdicts.at(id);
  const kind = verdicts.kind[at];
  // A middlebox that resets both sides is one middlebox, while two hosts that reset each other are two.
  const claimed = kind === MIDDLEBOX ? 2 : resets.claimed(id);
  // Who is not known is told by the distance at least: resets in a server's name from two places have two makers.
  const place = kind === UNKNOWN && claimed === 1 ? ` ${verdicts.hops[at]}` : '';
  return `${((kind * 4 + verdicts.side[at]) * 4 + claimed) * 256 + verdicts.cause[at]} ${resets.server(id)}${place}`;
}

/** @param ids resets, all judged */
export function groupResets(
  ids: Uint32Array,
  resets: ResetsOfFindings,
  verdicts: VerdictColumns,
): ResetGroup[] {
  const indexOf = new Map<string, number>();
  const groupOf = new Uint32Array(ids.length);
  const sizes: number[] = [];
  const counts: number[] = [];
  const matters: number[] = [];
  for (let i = 0; i < ids.length; i++) {
    const id = ids[i];
    const key = groupKey(id, resets, verdicts);
    let group = indexOf.get(key);
    if (group === undefined) {
      group = sizes.length;
      indexOf.set(key, group);
      sizes.push(0);
      counts.push(0);
      matters.push(0);
    }
    const times = resets.times(id);
    groupOf[i] = group;
    sizes[group]++;
    counts[group] += times;
    matters[group] += times * verdicts.matters[verdicts.at(id)];
  }

  const starts = new Uint32Array(sizes.length);
  for (let group = 1; group < sizes.length; group++) starts[group] = starts[group - 1] + sizes[group - 1];
  const sorted = new Uint32Array(ids.length);
  const filled = starts.slice();
  for (let i = 0; i < ids.length; i++) sorted[filled[groupOf[i]]++] = ids[i];
  const keys = [...indexOf.keys()];
  return sizes.map((size, group) => ({
    key: keys[group],
    members: sorted.subarray(starts[group], starts[group] + size),
    count: counts[group],
    matters: matters[group],
  }));
}

/**
 * The way of each packet of a connection past several capture points: where it was seen, when by one clock, what was changed.
 * A course is one packet on its way; its index is that of its packet in the columns of the ladder.
 *
 * Where a proxy stands between two vantages the connection is two, its legs: a packet passes the vantages of its own leg only, between
 * the host or proxy at either end of it.
 *
 * Invariants: vantages go from the client to the server; each course was seen at one vantage at least; times are corrected ones.
 */
import type { LadderVantage } from '../../shared/model/join.ts';
import { differenceErrorNs } from '../../shared/model/vantage-clock.ts';
import { USUAL_CHANGES } from '../words/join-text.ts';

export interface CourseVantage extends LadderVantage {
  /** Its leg, counted from the client; 0 for all where there is no proxy. */
  readonly leg: number;
  /** Where its line stands: 0 the client's, 1 the server's. */
  readonly at: number;
}

/** Columns by course, of one vantage. */
export interface CourseColumns {
  /** Packets of the course that were seen here: several where its bytes pass in other segments; 0 where it was not seen. */
  readonly seen: Uint16Array;
  /** Of the first of them. Number in the analysis, file, and number in the file. */
  readonly packet: Uint32Array;
  readonly file: Uint32Array;
  readonly frame: Uint32Array;
  readonly timeNs: Float64Array;
  readonly ttl: Uint8Array;
  /** CHANGED bits against the vantage before. */
  readonly changes: Uint16Array;
  /** 1 where this vantage did not capture when the packet would have passed: that it was not seen says nothing. */
  readonly isOut: Uint8Array;
}

export interface Courses {
  readonly vantages: readonly CourseVantage[];
  /** Where the lines of the proxies stand, from the client on. */
  readonly proxies: readonly number[];
  /** Whether it is known which vantage is nearer to the client: if not, where a packet that one did not see was made or lost is not either. */
  readonly isOrdered: boolean;
  readonly at: readonly CourseColumns[];
  /** By course: the first vantage on its way that saw it, which its columns are of. */
  readonly first: Uint8Array;
  /** FATE_ bits. */
  readonly fate: Uint8Array;
}

/** It was not seen at a vantage that it would have passed, had its sender made it. */
export const FATE_APPEARS = 1;
/** It was not seen at a vantage that it would have passed on its way on. */
export const FATE_VANISHES = 2;
/** It was seen before and behind a vantage that did not see it. */
export const FATE_MISSED = 4;
/** Something that is not changed in all packets alike. */
export const FATE_CHANGED = 8;
/** It was not seen at a vantage of which nobody knows whether it would have passed it before or behind the others. */
export const FATE_ELSEWHERE = 16;

/** Vantages of a course's leg in the order in which it passes them, whoever sent it. */
export function onTheWay(
  { vantages, first }: Pick<Courses, 'vantages' | 'first'>,
  index: number,
  isFromClient: boolean,
): readonly number[] {
  const { leg } = vantages[first[index]];
  const order = [...vantages.keys()].filter((v) => vantages[v].leg === leg);
  return isFromClient ? order : order.reverse();
}

/** Where the hosts or proxies stand between which a course's leg runs. */
export function legEnds(
  { vantages, first, proxies }: Pick<Courses, 'vantages' | 'first' | 'proxies'>,
  index: number,
): readonly [left: number, right: number] {
  const { leg } = vantages[first[index]];
  return [proxies[leg - 1] ?? 0, proxies[leg] ?? 1];
}

export function fatesOf(courses: Omit<Courses, 'fate'>, from: Uint8Array): Uint8Array {
  const { at, first, isOrdered } = courses;
  const fate = new Uint8Array(from.length);
  for (let index = 0; index < from.length; index++) {
    const way = onTheWay(courses, index, from[index] === 0);
    const begin = way.indexOf(first[index]);
    const last = way.findLastIndex((v) => at[v].seen[index] > 0);
    let bits = 0;
    for (const [place, v] of way.entries()) {
      const { seen, changes, isOut } = at[v];
      if (seen[index] > 0) {
        if ((changes[index] & ~USUAL_CHANGES) !== 0) bits |= FATE_CHANGED;
      } else if (isOut[index] === 0) {
        // A vantage that missed what was seen behind it was no end of its way.
        if (!isOrdered) bits |= FATE_ELSEWHERE;
        else bits |= place < begin ? FATE_APPEARS : place < last ? FATE_MISSED : FATE_VANISHES;
      }
    }
    fate[index] = bits;
  }
  return fate;
}

/** Whether it is known that this course came after the one above it: by a vantage that saw both, or by clocks. */
export function isOrderKnown(courses: Courses, index: number): boolean {
  if (index === 0) return true;
  const { at, vantages, first } = courses;
  if (at.some(({ seen }) => seen[index] > 0 && seen[index - 1] > 0)) return true;
  const [mine, other] = [first[index], first[index - 1]];
  const error = differenceErrorNs(vantages[mine], vantages[other]);
  return error !== null && Math.abs(at[mine].timeNs[index] - at[other].timeNs[index - 1]) > error;
}

/** How exactly the order between columns is known, ns; null where the clocks do not bound it. */
export function orderErrorNs({ vantages }: Courses): number | null {
  let most = 0;
  for (const [index, one] of vantages.entries()) {
    for (const other of vantages.slice(index + 1)) {
      const error = differenceErrorNs(one, other);
      if (error === null) return null;
      most = Math.max(most, error);
    }
  }
  return most;
}

/** Where the lines of several capture points stand between the hosts. */
export function vantagePlaces(count: number): number[] {
  if (count === 1) return [0.5];
  const edge = count === 2 ? 0.2 : count === 3 ? 0.15 : 0.12;
  return Array.from({ length: count }, (_, index) => edge + ((1 - 2 * edge) * index) / (count - 1));
}

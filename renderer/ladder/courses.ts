/**
 * The way of each packet of a connection past several capture points: where it was seen, when by one clock, what was changed.
 * A course is one packet on its way; its index is that of its packet in the columns of the ladder.
 *
 * Invariants: vantages go from the client to the server; each course was seen at one vantage at least; times are corrected ones.
 */
import type { ClockOffset } from '../../shared/model/join.ts';
import { differenceErrorNs } from '../../shared/model/vantage-clock.ts';
import { USUAL_CHANGES } from '../words/join-text.ts';

export interface CourseVantage extends ClockOffset {
  readonly name: string;
  readonly file: number;
  readonly flow: number;
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

/** Vantages in the order in which a packet passes them, whoever sent it. */
export function onTheWay({ vantages }: Courses, isFromClient: boolean): readonly number[] {
  const order = vantages.map((_, vantage) => vantage);
  return isFromClient ? order : order.reverse();
}

export function fatesOf(courses: Omit<Courses, 'fate'>, from: Uint8Array): Uint8Array {
  const { vantages, at, first } = courses;
  const fate = new Uint8Array(from.length);
  for (let index = 0; index < from.length; index++) {
    const step = from[index] === 0 ? 1 : -1;
    let bits = 0;
    let isBehind = false;
    let last = first[index];
    for (let v = step > 0 ? 0 : vantages.length - 1; v >= 0 && v < vantages.length; v += step) {
      const here = at[v];
      if (v === first[index]) isBehind = true;
      if (here.seen[index] > 0) {
        last = v;
        if ((here.changes[index] & ~USUAL_CHANGES) !== 0) bits |= FATE_CHANGED;
      } else if (here.isOut[index] === 0) bits |= isBehind ? FATE_VANISHES : FATE_APPEARS;
    }
    if ((bits & FATE_VANISHES) !== 0) bits = withMissed(bits, courses, index, last, step);
    fate[index] = bits;
  }
  return fate;
}

/** A vantage that missed what was seen behind it was no end of its way. */
function withMissed(
  bits: number,
  { vantages, at, first }: Omit<Courses, 'fate'>,
  index: number,
  last: number,
  step: number,
): number {
  let isMissed = false;
  let isVanished = false;
  for (let v = first[index] + step; v >= 0 && v < vantages.length; v += step) {
    if (at[v].seen[index] > 0 || at[v].isOut[index] === 1) continue;
    if ((last - v) * step > 0) isMissed = true;
    else isVanished = true;
  }
  return (bits & ~FATE_VANISHES) | (isMissed ? FATE_MISSED : 0) | (isVanished ? FATE_VANISHES : 0);
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

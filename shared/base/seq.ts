/**
 * TCP sequence arithmetic (RFC 9293 §3.4): 32-bit numbers on a circle.
 *
 * Numbers arrive either as unsigned (0 … 2^32−1) or as the signed value that an Int32Array holds; every
 * function here takes both, because `| 0` maps them onto the same point. Nothing outside this file
 * may compare or subtract sequence numbers.
 */
import type { SeqNumber } from './units.ts';

/** How far `a` lies ahead of `b` on the circle, −2^31 … 2^31−1. Meaningful while they are < 2^31 apart. */
export function seqDelta(a: number, b: number): number {
  return (a - b) | 0;
}

export function seqLt(a: number, b: number): boolean {
  return ((a - b) | 0) < 0;
}

export function seqLeq(a: number, b: number): boolean {
  return ((a - b) | 0) <= 0;
}

export function seqGt(a: number, b: number): boolean {
  return ((a - b) | 0) > 0;
}

export function seqGeq(a: number, b: number): boolean {
  return ((a - b) | 0) >= 0;
}

/** `seq + n` on the circle, as the signed value an Int32Array keeps. */
export function seqAdd(seq: number, n: number): SeqNumber {
  return ((seq + n) | 0) as SeqNumber;
}

export function seqMax(a: number, b: number): SeqNumber {
  return (((a - b) | 0) >= 0 ? a | 0 : b | 0) as SeqNumber;
}

/** The unsigned value that people and Wireshark print. */
export function seqUnsigned(seq: number): SeqNumber {
  return (seq >>> 0) as SeqNumber;
}

/** Whether `seq` lies in [left, left + size), the test of a receive window (RFC 9293 §3.10.7.4). */
export function seqInWindow(seq: number, left: number, size: number): boolean {
  const ahead = (seq - left) | 0;
  return ahead >= 0 && ahead < size;
}

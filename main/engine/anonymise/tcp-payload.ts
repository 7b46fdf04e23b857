import type { Rewrite } from './rewrite.ts';

/** One payload of TCP: its captured part is [at, end), `length` what it had on the wire. */
export interface Payload {
  readonly rewrite: Rewrite;
  readonly at: number;
  readonly end: number;
  readonly length: number;
}

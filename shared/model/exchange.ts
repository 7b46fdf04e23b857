/** What both sides of a connection sent, one after the other, until something happened: the talk without its packets. */
import type { Side } from './verdict.ts';

export interface ExchangeStep {
  readonly from: Side;
  /** `fin`: that side said that it sends no more. */
  readonly kind: 'data' | 'fin';
  /** Bytes that were not sent before; 0 of a FIN. */
  readonly bytes: number;
  /** First and last of its packets, from 1 in their file. */
  readonly firstFrame: number;
  readonly lastFrame: number;
  /** Number of the first packet in the analysis. */
  readonly packet: number;
  /** Seconds since the step before it ended, or since the handshake. */
  readonly afterSeconds: number;
}

export interface Exchange {
  /** Frame of the client's SYN, and of the packet that ended the handshake; null where they were not captured. */
  readonly synFrame: number | null;
  readonly establishedFrame: number | null;
  readonly steps: readonly ExchangeStep[];
  /** Steps beyond those. */
  readonly moreSteps: number;
  /** Seconds from the last step, or the handshake, to the end. */
  readonly endsAfterSeconds: number;
}

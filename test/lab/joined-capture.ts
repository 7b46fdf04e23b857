/** What is analysed together. */
import type { Analysis } from '../../main/host/analysis.ts';

export type Session = Analysis['session'];

/** One capture of several that are analysed together. */
export interface CaptureInHand {
  readonly path: string;
  /** What tells it from the others, for people: 'client' … */
  readonly name: string;
  /** Numbers of the packets that each frame holds, and which run they are of: numbers of different runs mean nothing. */
  readonly journeys: readonly (readonly number[])[];
  readonly run: string;
}

/** What the rules of this room answer, and what they are asked with. */
import type { FlowRecord, PacketNumber } from '../../../shared/base/units.ts';
import type { Ending, Failure, FailureEvidence } from '../../../shared/model/failure.ts';
import type { FlowHints } from '../../../shared/model/hints.ts';
import type { FlowOutline } from './outline.ts';
import type { Segment } from './segments.ts';
import type { Surroundings } from './surroundings.ts';
import type { EndingView } from './view.ts';

/** A failure with the packet where it happened. Its texts may be made as they are read: read them before the next flow is judged. */
export interface FoundFailure extends Failure {
  readonly packet: PacketNumber;
  /** One host looked through many addresses or ports: all that it found is one thing. */
  readonly isScan: boolean;
}

/** What a flow comes to. A failure may stand beside a clean ending: a delay that was got over. */
export interface FoundEnding {
  readonly ending: Ending;
  readonly failure: FoundFailure | null;
}

/** One flow as the rules see it. */
export interface EndingCase {
  readonly view: EndingView;
  readonly around: Surroundings;
  readonly flow: FlowRecord;
  readonly outline: FlowOutline;
  readonly hints: FlowHints | undefined;
  /** When the capture of this flow ended: the newest packet of its files. */
  readonly endNs: number;
  readonly client: string;
  readonly server: string;
  readonly clientAddress: string;
  readonly serverAddress: string;
  readonly segments: readonly Segment[];
}

/** @returns undefined where the rule does not hold */
export type EndingRule = (c: EndingCase) => FoundEnding | undefined;

export const NO_PACKETS: readonly number[] = [];

export function only(ending: Ending): FoundEnding {
  return { ending, failure: null };
}

export function evidence(
  code: string,
  text: string,
  packets: readonly number[] = NO_PACKETS,
): FailureEvidence {
  return { code, packets: packets.slice(0, 12), text };
}

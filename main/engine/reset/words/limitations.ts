/** What weakens a verdict, in words: people must see how far it can be trusted. */
import type { OriginKind } from '../../../../shared/model/verdict.ts';
import {
  FLOW_CLIENT_GUESSED,
  FLOW_CUT,
  FLOW_DUPLICATED,
  FLOW_FRAGMENTED,
  FLOW_LOST_SEGMENTS,
  FLOW_MIDSTREAM,
} from '../../flow/record.ts';
import type { ResetFacts } from '../observe/facts.ts';
import type { FlowWindow } from '../observe/flow-window.ts';
import { sideName } from '../phrases.ts';

/** Clocks coarser than this say nothing about round trips. */
const COARSE_CLOCK_NS = 1_000_000;

/** @param trouble why the kernel was not to be heard, where somebody asked for it */
export function limitationsOf(
  w: FlowWindow,
  f: ResetFacts,
  kind: OriginKind,
  trouble: string | undefined,
): string[] {
  const found: string[] = [];
  const sender = sideName(f.sender);
  if (f.copy) found.push('This is a second capture of the same packet.');
  if (f.oneSided) found.push('Only one direction of this connection was captured.');
  if ((f.flowBits & FLOW_MIDSTREAM) !== 0) found.push('The start of the connection was not captured.');
  if ((f.flowBits & FLOW_CLIENT_GUESSED) !== 0) {
    found.push('Which side is the client was guessed from the port numbers.');
  }
  if ((f.flowBits & FLOW_LOST_SEGMENTS) !== 0) {
    found.push('Packets of this connection are missing from the capture.');
  }
  if (f.gone) found.push('Older packets of this connection were let go before the verdict was made.');
  if ((f.flowBits & FLOW_DUPLICATED) !== 0) found.push('Packets of this connection were captured twice.');
  if ((f.flowBits & FLOW_CUT) !== 0) found.push('Packets were cut short when they were captured.');
  if ((f.flowBits & FLOW_FRAGMENTED) !== 0) found.push('Packets of this connection came in fragments.');
  if ((w.cutBefore && !f.gone) || w.cutAfter)
    found.push('The connection is long: only the packets around the reset were looked at.');
  if (f.measuredIn === 'nothing') {
    found.push(`No other packet of the ${sender} shows how far away it is.`);
  } else if (f.measuredIn === 'elsewhere' && kind !== 'endpoint') {
    found.push(
      `Nothing else of the ${sender} in this connection shows how far away it is; its other connections serve as the measure.`,
    );
  }
  if (f.clockStep >= COARSE_CLOCK_NS) found.push('The capture clock is too coarse to compare round trips.');
  if (trouble !== undefined) found.push(`The kernel could not be heard about it: ${trouble}.`);
  return found;
}

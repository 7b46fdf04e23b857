/** What another capture of the same connection shows of its failure: what of each side's packets came there, and what left it. */
import type { FlowRecord, PacketNumber } from '../../../shared/base/units.ts';
import { plural } from '../../../shared/format/count.ts';
import { MARK_DUPLICATE_CAPTURE, MARK_ICMP } from '../flow/marks.ts';
import { SEEN, SEEN_ANY, SEEN_SYN_ACK } from '../flow/record.ts';
import type { FlowTwin } from '../join/join-view.ts';
import { pointText } from '../join/vantage-name.ts';
import { type FoundFailure, evidence } from './found.ts';
import type { EndingView } from './view.ts';

/** Sure of it: the packets themselves were captured. */
const SEEN_ITSELF = 0.97;

/** The failure of the flow that stands for its connection, with what the capture nearest to the server shows. */
export function withElsewhere(view: EndingView, flow: FlowRecord, failure: FoundFailure): FoundFailure {
  const path = view.join.alongPath(flow);
  const twins = view.join.twins(flow).filter((twin) => twin.class === 'same' || twin.class === 'rewritten');
  const far = twins.find(
    (twin) => twin.flow === path.findLast((one) => twins.some((two) => two.flow === one)),
  );
  if (far === undefined) return failure;
  const there = pointText(view, far.vantage);
  const sides = ([0, 1] as const).map((direction) => fateText(view, flow, far, direction, there));
  const told = evidence('at-other-point', sides.filter((text) => text !== '').join(' '));
  const { kind, packet, side, tries, seconds, recovered, matters, confidence, summary, next, isScan } =
    failure;
  const found: FoundFailure = {
    ...{ kind, packet, side, tries, seconds, recovered, matters, confidence, summary, next, isScan },
    evidence: told.text === '' ? failure.evidence : [...failure.evidence, told],
  };
  return kind === 'no-answer' && !recovered ? unanswered(view, found, far, there) : found;
}

/** The SYN came to the other capture point, so that it is known on which side of that the answer is missing. */
function unanswered(view: EndingView, failure: FoundFailure, far: FlowTwin, there: string): FoundFailure {
  const server = far.isSwapped ? 0 : 1;
  const seen = view.flows.directionWord(far.flow, server, SEEN);
  const here = failure.summary.replace(/\.$/u, '');
  if ((seen & SEEN_SYN_ACK) !== 0) {
    return {
      ...failure,
      side: 'path',
      confidence: Math.max(failure.confidence, SEEN_ITSELF),
      summary: `${here}; it reached ${there} and was answered there, and the answer was lost on the way back.`,
      next: `Follow the way back from ${there}: a firewall that saw no SYN, an asymmetric route, a missing translation or rp_filter stops the answer. Capture between the two points, on either side of each firewall, until the SYN-ACK is missing.`,
    };
  }
  if ((seen & SEEN_ANY) !== 0) return failure;
  return { ...failure, summary: `${here}; it reached ${there}, where nothing answered it either.` };
}

/** "Of 12 packets of the client 3 did not come to the capture point server." */
function fateText(
  { join, packets }: EndingView,
  flow: FlowRecord,
  { flow: other, isSwapped }: FlowTwin,
  direction: 0 | 1,
  there: string,
): string {
  const { ours, theirs, ofOurs, ofTheirs } = join.match(flow, other);
  const who = direction === 0 ? 'client' : 'server';
  const here = count(packets, ours, ofOurs, direction);
  const away = count(packets, theirs, ofTheirs, isSwapped ? ((1 - direction) as 0 | 1) : direction);
  if (here.all === 0 && away.all === 0) return '';
  const [sent, from, to] = direction === 0 ? [here, 'here', there] : [away, there, 'here'];
  const came =
    sent.all === 0
      ? `No packet of the ${who} was captured ${at(from)}`
      : sent.lone === 0
        ? `All ${plural(sent.all, 'packet')} of the ${who} that passed ${from} came to ${to}`
        : `Of ${plural(sent.all, 'packet')} of the ${who} that passed ${from} ${sent.lone} did not come to ${to}`;
  return `${came.replace(/\bto here\b/u, 'here')}.`;
}

function at(place: string): string {
  return place === 'here' ? 'here' : `at ${place}`;
}

function count(
  packets: EndingView['packets'],
  numbers: Uint32Array,
  counterparts: Int32Array,
  direction: 0 | 1,
): { readonly all: number; readonly lone: number } {
  let all = 0;
  let lone = 0;
  for (let i = 0; i < numbers.length; i++) {
    const packet = numbers[i] as PacketNumber;
    if (packets.direction(packet) !== direction) continue;
    if ((packets.marks(packet) & (MARK_ICMP | MARK_DUPLICATE_CAPTURE)) !== 0) continue;
    all++;
    if (counterparts[i] < 0) lone++;
  }
  return { all, lone };
}

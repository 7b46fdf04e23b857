/** Evidence from what follows the reset. */
import type { ResetFacts } from '../observe/facts.ts';
import type { FlowWindow } from '../observe/flow-window.ts';
import type { EvidenceList } from './evidence-list.ts';
import { fasterThanRoundTrip } from './timing.ts';

/** The other side has to have tried for so long before the sender's silence means something. */
const SILENT_SPAN_NS = 1_000_000_000;
const SILENT_PACKETS = 2;
/** Packets that were only delayed on the way arrive within this. */
const DELAYED_NS = 10_000_000;

export function aftermathEvidence(w: FlowWindow, f: ResetFacts, list: EvidenceList): void {
  if (f.afterSynAckAt >= 0 && f.family !== 'reply') list.add('handshake-goes-on', f.afterSynAckAt);
  const alive = f.afterDataAt >= 0 ? f.afterDataAt : f.afterAckAt;
  // An abort carries the number after all that was ever sent: data beyond it was not delayed, but sent later.
  const beyond = f.family === 'active' && f.afterDataAt >= 0;
  const late = beyond || (alive >= 0 && w.time[alive] - f.time > DELAYED_NS);
  if (f.afterTakenAt >= 0) list.add('sender-took-answered-data', f.afterTakenAt, f.triggerAt);
  else if (livesAfterAnswer(f)) list.add('sender-lives-after-answer', alive);
  else if (f.afterCausalAt >= 0) list.add('sender-hears-on', f.afterCausalAt);
  else if (alive >= 0 && !late) list.add('sender-goes-on-soon', alive);
  else if (f.afterDataAt >= 0) list.add('sender-goes-on', f.afterDataAt);
  else if (f.afterAckAt >= 0) list.add('sender-acknowledges', f.afterAckAt);
  else if (f.afterResentAt >= 0) list.add('sender-resends', f.afterResentAt);
  else if (f.afterPureAt >= 0) list.add('sender-still-acks', f.afterPureAt);
  else if (f.afterAnswers > 0 && f.afterPeerPackets > 0) list.add('sender-answers-again', f.afterPeerAt);
  else if (f.afterPeerPackets >= SILENT_PACKETS && f.afterPeerSpan >= SILENT_SPAN_NS) {
    list.add('sender-silent', f.afterPeerAt);
  }
  if (f.mirrorAt >= 0) list.add('both-ends-reset', f.mirrorAt);
}

/**
 * It answers with the sender's own TTL, and the sender goes on: a rule of the host's packet filter does that, too, unless
 * what it answered reached the socket, or the answer came sooner than the host can give one.
 */
export function livesAfterAnswer(f: ResetFacts): boolean {
  // Of one direction alone what it answers cannot be seen.
  const answers = f.family === 'reply' && (f.triggerAt >= 0 || f.oneSided) && f.baseTtl === f.ttl;
  if (f.afterTakenAt >= 0 || fasterThanRoundTrip(f)) return false;
  return answers && (f.afterDataAt >= 0 || f.afterAckAt >= 0);
}

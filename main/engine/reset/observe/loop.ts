/**
 * Recognises a loop: each reset answers an acknowledgement that answers the reset before, all with one number. RFC 5961 §3.2 lets a
 * host answer a reset that is not exactly in place with one acknowledgement that carries its own next number; the reset that answers
 * it then fits, and the connection ends. It never ends where the acknowledgement carries an old number, or that of the reset.
 */
import { TCP_ACK, TCP_FIN, TCP_RST, TCP_SYN } from '../../decode/facts.ts';
import type { ResetFacts } from './facts.ts';
import type { FlowWindow } from './flow-window.ts';

/** Fewer resets are a challenge or two, or duplicate acknowledgements that were on their way. */
export const LEAST_ROUNDS = 5;
/** A loop goes round at least once in this. */
const LONGEST_ROUND_NS = 2_000_000_000;
/** Acknowledgements that were on their way arrive within one round trip; a loop lasts longer. */
const ROUND_TRIPS = 1.5;

export function observeLoop(w: FlowWindow, f: ResetFacts): void {
  if (f.hasAck && f.resetsBefore[f.sender] === 0) return;
  let at = f.at;
  let before = previousRound(w, at, f.sender);
  const own = before >= 0 || nextRound(w, at, f.sender) >= 0;
  // A reset with another number, to the segment at which the other side woke up, ends the loop that stands before it.
  if (!own) {
    const last = lastReset(w, f);
    if (last < 0) return;
    at = last;
    before = previousRound(w, at, f.sender);
  }
  let rounds = 1;
  let first = at;
  for (let k = before; k >= 0; k = previousRound(w, k, f.sender)) {
    first = k;
    rounds++;
  }
  let end = at;
  if (own) {
    for (let k = nextRound(w, end, f.sender); k >= 0; k = nextRound(w, k, f.sender)) {
      end = k;
      rounds++;
    }
  }
  const span = w.time[end] - w.time[first];
  if (rounds < LEAST_ROUNDS || span <= ROUND_TRIPS * f.handshake) return;
  f.loopRounds = rounds;
  f.loopFirstAt = first;
  f.loopLastAt = end;
  f.loopEnds = !own;
  f.loopCut = w.cutBefore || w.cutAfter;
}

/** The reset of the same side with the same number, to which this one leads back over one bare acknowledgement; −1 for none. */
function previousRound(w: FlowWindow, at: number, sender: number): number {
  let acknowledged = false;
  for (let i = at - 1; i >= w.first && w.time[at] - w.time[i] <= LONGEST_ROUND_NS; i--) {
    if (w.isDuplicate(i)) continue;
    if (w.from[i] === sender) {
      const same = (w.flags[i] & TCP_RST) !== 0 && w.seq[i] === w.seq[at];
      return same && acknowledged ? i : -1;
    }
    if (!isBareAck(w, i) || acknowledged || w.ack[i] !== w.seq[at]) return -1;
    acknowledged = true;
  }
  return -1;
}

function nextRound(w: FlowWindow, at: number, sender: number): number {
  for (let i = at + 1; i < w.end && w.time[i] - w.time[at] <= LONGEST_ROUND_NS; i++) {
    if (w.isDuplicate(i) || w.from[i] !== sender) continue;
    return (w.flags[i] & TCP_RST) !== 0 && previousRound(w, i, sender) === at ? i : -1;
  }
  return -1;
}

function lastReset(w: FlowWindow, f: ResetFacts): number {
  for (let i = f.at - 1; i >= w.first && f.time - w.time[i] <= LONGEST_ROUND_NS; i--) {
    if (w.from[i] === f.sender && !w.isDuplicate(i)) return (w.flags[i] & TCP_RST) !== 0 ? i : -1;
  }
  return -1;
}

function isBareAck(w: FlowWindow, i: number): boolean {
  return w.payload[i] === 0 && (w.flags[i] & (TCP_ACK | TCP_SYN | TCP_FIN | TCP_RST)) === TCP_ACK;
}

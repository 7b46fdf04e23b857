/**
 * One window of data and its acknowledgements, with what networks do to them: a segment lost behind or before
 * the capture point, two that swap, a retransmission that was not needed, a receiver that closes its window.
 */
import type { Flow } from './flow.ts';
import { ACK, PSH } from './flow.ts';
import type { Draft } from './outbox.ts';
import { OPTIONS_SACK } from './outbox.ts';
import type { Payloads } from './payloads.ts';
import type { Random } from './random.ts';

const MAX_WINDOW = 40;
const RETRANSMISSION_TIMEOUT = 0.2;

type Trouble = 'clean' | 'lost-after' | 'lost-before' | 'swapped' | 'spurious' | 'zero-window';

/** Per data segment. Retransmissions come out at about 0.5 % of the data segments. */
const TROUBLES: readonly (readonly [Trouble, number])[] = [
  ['lost-after', 0.003], // seen here, lost further on: the capture holds it twice
  ['lost-before', 0.0015], // lost before it came here: a gap until it is sent again
  ['swapped', 0.001],
  ['spurious', 0.0005],
  ['zero-window', 0.0001],
];

/** Kept for the generator's report. */
export interface BulkCounts {
  dataSegments: number;
  retransmissions: number;
  swaps: number;
  zeroWindows: number;
}

/** Where the segments of the window under way begin and when they pass; reused, one window at a time. */
const seqs = new Int32Array(MAX_WINDOW + 1);
const payloadAts = new Int32Array(MAX_WINDOW);
const times = new Float64Array(MAX_WINDOW);

/**
 * Sends up to a congestion window of `flow.pending` from `sender`; gives whether the message is all out.
 * Afterwards `flow.now` is when the sender has the last acknowledgement. With `unanswered` the receiver stays
 * silent, and `flow.now` is when the last segment passed.
 */
export function sendWindow(
  flow: Flow,
  sender: number,
  payloads: Payloads,
  random: Random,
  counts: BulkCounts,
  unanswered = false,
): boolean {
  const left = flow.pending.length - flow.pendingSent;
  const segments = Math.min(Math.ceil(left / flow.segment), flow.congestionWindow, MAX_WINDOW);
  const trouble = unanswered ? 'clean' : drawTrouble(random, segments);
  const victim = random.between(0, segments);
  const gap = flow.segment * 8e-9 + random.unit() * 4e-6; // about a gigabit a second
  for (let i = 0; i < segments; i++) {
    const length = Math.min(flow.segment, flow.pending.length - flow.pendingSent);
    seqs[i] = flow.ends[sender].next;
    payloadAts[i] = flow.pendingSent === 0 ? flow.pending.at : payloads.filler();
    const late = trouble === 'swapped' && i === victim && i + 1 < segments;
    times[i] = flow.now + (i + (late ? 2.5 : 1)) * gap;
    flow.pendingSent += length;
    flow.ends[sender].next = (seqs[i] + length) | 0;
    seqs[i + 1] = flow.ends[sender].next;
    counts.dataSegments++;
    if (trouble !== 'lost-before' || i !== victim) draftData(flow, sender, i, times[i], i === segments - 1);
  }
  const done = flow.pendingSent === flow.pending.length;
  if (unanswered) {
    flow.now = times[segments - 1];
    return done;
  }
  acknowledge(flow, sender, segments, trouble, victim, counts);
  flow.congestionWindow = trouble === 'clean' ? Math.min(flow.congestionWindow * 2, MAX_WINDOW) : 10;
  return done;
}

function drawTrouble(random: Random, segments: number): Trouble {
  const drawn = random.unit();
  let sum = 0;
  for (const [trouble, probability] of TROUBLES) {
    sum += probability * segments;
    if (drawn < sum) return trouble;
  }
  return 'clean';
}

function draftData(flow: Flow, sender: number, i: number, time: number, push: boolean): Draft {
  const flags = push ? ACK | PSH : ACK;
  const draft = flow.segmentAt(time, sender, seqs[i], flow.ends[1 - sender].next, flags);
  draft.payloadAt = payloadAts[i];
  draft.payloadLength = (seqs[i + 1] - seqs[i]) | 0;
  return draft;
}

function acknowledge(
  flow: Flow,
  sender: number,
  segments: number,
  trouble: Trouble,
  victim: number,
  counts: BulkCounts,
): void {
  const receiver = 1 - sender;
  const answer = flow.answersAfter(receiver);
  const ackAt = (time: number, ack: number): Draft =>
    flow.segmentAt(time + answer, receiver, flow.ends[receiver].next, ack, ACK);
  const lost = trouble === 'lost-after' || trouble === 'lost-before';
  const swapped = trouble === 'swapped' && victim + 1 < segments;
  let last = times[segments - 1];
  for (let i = 0; i < segments; i++) {
    if (lost && i > victim) {
      duplicate(ackAt(times[i], seqs[victim]), seqs[victim + 1], seqs[i + 1]);
    } else if (lost && i === victim) {
      continue; // nothing arrived
    } else if (swapped && i === victim) {
      duplicate(ackAt(times[i + 1], seqs[i]), seqs[i + 1], seqs[i + 2]);
      ackAt(times[i], seqs[i + 2]);
      counts.swaps++;
    } else if (swapped && i === victim + 1) {
      continue; // answered with the one before
    } else if (i % 2 === 1 || i === segments - 1 || (lost && i === victim - 1)) {
      ackAt(times[i], seqs[i + 1]);
    }
    last = Math.max(last, times[i]);
  }
  if (lost) {
    const fast = segments - 1 - victim >= 3;
    const again = fast
      ? times[victim + 3] + answer + flow.answersAfter(sender)
      : times[victim] + RETRANSMISSION_TIMEOUT + answer + flow.answersAfter(sender);
    last = Math.max(last, again);
    draftData(flow, sender, victim, again, false);
    ackAt(last + 1e-6, seqs[segments]);
    counts.retransmissions++;
  } else if (trouble === 'spurious') {
    last += answer + flow.answersAfter(sender);
    draftData(flow, sender, victim, last, false);
    duplicate(ackAt(last, seqs[segments]), seqs[victim], seqs[victim + 1]); // D-SACK, RFC 2883
    counts.retransmissions++;
  } else if (trouble === 'zero-window') {
    last = closeWindow(flow, sender, last, seqs[segments]);
    counts.zeroWindows++;
  }
  flow.now = last + answer + flow.answersAfter(sender);
}

function duplicate(draft: Draft, left: number, right: number): void {
  draft.options = OPTIONS_SACK;
  draft.sackLeft = left;
  draft.sackRight = right;
}

/** The receiver's buffer is full: window 0, a probe, window 0 again, then an update. Gives when the update passed. */
function closeWindow(flow: Flow, sender: number, time: number, ack: number): number {
  const receiver = 1 - sender;
  const seq = flow.ends[receiver].next;
  const answer = flow.answersAfter(receiver);
  const probe = time + 0.25;
  flow.segmentAt(time + answer + 0.04, receiver, seq, ack, ACK).window = 0;
  flow.segmentAt(probe + answer, sender, (ack - 1) | 0, seq, ACK);
  flow.segmentAt(probe + 2 * answer, receiver, seq, ack, ACK).window = 0;
  flow.segmentAt(probe + 2 * answer + 0.1, receiver, seq, ack, ACK);
  return probe + answer + 0.1;
}

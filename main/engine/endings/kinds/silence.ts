/** Data that one side sent again and the other never acknowledged to the end: the facts, for the rules that name the reason. */
import { seqAdd, seqGeq, seqGt, seqLeq } from '../../../../shared/base/seq.ts';
import { plural } from '../../../../shared/format/count.ts';
import { TCP_ACK } from '../../decode/facts.ts';
import { MARK_KEEP_ALIVE, MARK_SPURIOUS_RETRANSMISSION, MARK_ZERO_WINDOW_PROBE } from '../../flow/marks.ts';
import { SEEN_ANY } from '../../flow/record.ts';
import type { EndingCase } from '../found.ts';
import { type Segment, isSpeech } from '../segments.ts';
import { secondsOf, spanText, timesText } from '../texts.ts';
import { endsOf } from './shared.ts';

export interface Silence {
  readonly sender: 0 | 1;
  /** Every time that the oldest unacknowledged byte was sent. */
  readonly sent: readonly Segment[];
  readonly tries: number;
  readonly firstNs: number;
  readonly lastNs: number;
  /** Bytes that were never acknowledged. */
  readonly bytes: number;
  /** What the other side still sent, later than a round trip after the first try. */
  readonly heard: readonly Segment[];
  /** Newest packet of the other side; −1 for none. */
  readonly lastHeardNs: number;
  /** Smaller segments that were sent in the same time and were not acknowledged either. */
  readonly smallerUnanswered: number;
  /** Largest payload of that side that was acknowledged. */
  readonly largestAcknowledged: number;
  readonly text: string;
  readonly packets: readonly number[];
}

/** What was under way when the first try was made may still come. */
const IN_FLIGHT_NS = 0.5e9;

/** Null where nothing of that side was left unacknowledged. */
export function silenceOf(c: EndingCase, sender: 0 | 1): Silence | null {
  const { outline, segments } = c;
  const receiver = outline.halves[1 - sender];
  if (!receiver.has(SEEN_ANY) || outline.unacknowledged(sender) === 0) return null;
  const una = receiver.lastAck;
  const sent = segments.filter(
    (segment) =>
      segment.direction === sender &&
      isSpeech(segment) &&
      segment.length > 0 &&
      (segment.marks & (MARK_KEEP_ALIVE | MARK_ZERO_WINDOW_PROBE)) === 0 &&
      seqLeq(segment.seq, una) &&
      seqGt(segment.end, una),
  );
  if (sent.length === 0) return null;
  const firstNs = sent[0].ns;
  const lastNs = sent[sent.length - 1].ns;
  const theirs = segments.filter((segment) => segment.direction !== sender && isSpeech(segment));
  const heard = theirs.filter(({ ns }) => ns > firstNs + IN_FLIGHT_NS);
  const size = Math.min(...sent.map(({ length }) => length));
  let smaller = 0;
  let largest = 0;
  for (const segment of segments) {
    if (segment.direction !== sender || !isSpeech(segment) || segment.length === 0) continue;
    if (seqLeq(segment.end, una)) largest = Math.max(largest, segment.length);
    else if (segment.length < size && seqGeq(segment.seq, una)) smaller++;
  }
  const seconds = secondsOf(lastNs - firstNs);
  const bytes = outline.unacknowledged(sender);
  return {
    sender,
    sent,
    tries: sent.length,
    firstNs,
    lastNs,
    bytes,
    heard,
    lastHeardNs: theirs.length === 0 ? -1 : theirs[theirs.length - 1].ns,
    smallerUnanswered: smaller,
    largestAcknowledged: largest,
    text: `${plural(bytes, 'byte')} of the ${endsOf(c, sender).from} were sent ${timesText(sent.length)}${sent.length > 1 ? ` over ${spanText(seconds)}` : ''} and never acknowledged.`,
    packets: sent.map(({ packet }) => packet),
  };
}

/** Times that data was sent again for so long that somebody noticed, and then went through. */
export interface Delay {
  readonly sender: 0 | 1;
  readonly sent: readonly Segment[];
  readonly answer: Segment;
  readonly ns: number;
  /** The segment that got through was smaller than those that did not. */
  readonly shrank: boolean;
}

/** The longest one; null where nothing was resent that was acknowledged in the end. */
export function longestDelay({ segments }: EndingCase): Delay | null {
  let longest: Delay | null = null;
  for (const sender of [0, 1] as const) {
    const resent = resentNumbers(segments, sender);
    if (resent.size === 0) continue;
    const pending = new Map<number, Segment[]>();
    for (const segment of segments) {
      if (!isSpeech(segment)) continue;
      if (segment.direction === sender) {
        if (!isData(segment) || !resent.has(segment.seq)) continue;
        const tries = pending.get(segment.seq);
        if (tries === undefined) pending.set(segment.seq, [segment]);
        else tries.push(segment);
        continue;
      }
      if ((segment.flags & TCP_ACK) === 0) continue;
      for (const [seq, tries] of pending) {
        if (!seqGeq(segment.ack, seqAdd(seq, 1))) continue;
        pending.delete(seq);
        const ns = segment.ns - tries[0].ns;
        if (tries.length < 2 || (longest !== null && ns <= longest.ns)) continue;
        const newest = tries[tries.length - 1];
        longest = { sender, sent: tries, answer: segment, ns, shrank: newest.length < tries[0].length };
      }
    }
  }
  return longest;
}

/** Sequence numbers of data that a side sent more than once. */
function resentNumbers(segments: readonly Segment[], sender: 0 | 1): ReadonlySet<number> {
  const once = new Set<number>();
  const resent = new Set<number>();
  for (const segment of segments) {
    if (segment.direction !== sender || !isSpeech(segment) || !isData(segment)) continue;
    if (once.has(segment.seq)) resent.add(segment.seq);
    else once.add(segment.seq);
  }
  return resent;
}

function isData({ length, marks }: Segment): boolean {
  return length > 0 && (marks & (MARK_KEEP_ALIVE | MARK_ZERO_WINDOW_PROBE)) === 0;
}

/** Keep-alives at the end that nothing answered. */
export function unansweredKeepAlives({ segments }: EndingCase, sender: 0 | 1): readonly Segment[] {
  const probes: Segment[] = [];
  for (let i = segments.length - 1; i >= 0; i--) {
    const segment = segments[i];
    if (!isSpeech(segment)) continue;
    if (segment.direction !== sender) break;
    if ((segment.marks & MARK_KEEP_ALIVE) === 0) break;
    probes.push(segment);
  }
  return probes.reverse();
}

/** Data at the end that its sender repeats although the other side acknowledged it past this point: the acknowledgements get lost. */
export function unheardResends({ segments }: EndingCase, sender: 0 | 1): readonly Segment[] {
  const resends: Segment[] = [];
  for (let i = segments.length - 1; i >= 0; i--) {
    const segment = segments[i];
    if (!isSpeech(segment) || segment.direction !== sender || segment.length === 0) continue;
    if ((segment.marks & MARK_SPURIOUS_RETRANSMISSION) === 0) break;
    resends.push(segment);
  }
  return resends.reverse();
}

/**
 * Differences from tshark that are meant, each with its reason and a test that uses tshark's facts alone, so that
 * the engine cannot excuse itself. Whatever no rule explains fails the oracle test.
 */
import { seqGeq, seqGt } from '../../shared/base/seq.ts';
import type { Difference } from './compare.ts';
import type { CaptureObservation, FrameObservation, Segment } from './observation.ts';

export interface Explanation {
  readonly name: string;
  readonly why: string;
  explains(difference: Difference, tshark: CaptureObservation, engine: CaptureObservation): boolean;
}

const FIN = 0x01;
const SYN = 0x02;
const RST = 0x04;
const ACK = 0x10;
/** As the engine's DUPLICATE_CAPTURE_NS. */
const DUPLICATE_NS = 5_000_000n;
/** Whole nanoseconds are exact in a double up to 2^53: 104 days. */
const EXACT_NS = 2n ** 53n;

/** The segments of the frame's stream before it, newest first. */
function* before(capture: CaptureObservation, frame: number): Generator<Segment> {
  const { stream } = capture.frames[frame];
  for (let at = frame - 1; at >= 1; at--) {
    const { stream: other, segment } = capture.frames[at];
    if (other === stream && segment !== undefined) yield segment;
  }
}

/** Whether the frame is another one of its stream once more, moments later, by all that identifies a packet. */
function isCopy(capture: CaptureObservation, frame: number): boolean {
  const { segment } = capture.frames[frame];
  if (segment === undefined) return false;
  for (const other of before(capture, frame)) {
    if (segment.timeNs - other.timeNs > DUPLICATE_NS) return false;
    if (
      other.sourcePort === segment.sourcePort &&
      other.seq === segment.seq &&
      other.ack === segment.ack &&
      other.length === segment.length &&
      other.flags === segment.flags &&
      other.ipId === segment.ipId
    ) {
      return true;
    }
  }
  return false;
}

/** Number of the first frame of the stream that passes. */
function firstFrame(
  capture: CaptureObservation,
  stream: number,
  passes: (frame: FrameObservation, segment: Segment) => boolean,
): number {
  return capture.frames.findIndex(
    (frame) => frame?.stream === stream && frame.segment !== undefined && passes(frame, frame.segment),
  );
}

/** The first SYN-ACK that the sender of a SYN-ACK sent in its stream before it, where it has another number. */
function firstOfOtherNumber(capture: CaptureObservation, frame: number): Segment | undefined {
  const { segment } = capture.frames[frame];
  if (segment === undefined || (segment.flags & (SYN | ACK)) !== (SYN | ACK)) return undefined;
  const same = [...before(capture, frame)].filter(
    ({ flags, sourcePort }) => (flags & (SYN | ACK)) === (SYN | ACK) && sourcePort === segment.sourcePort,
  );
  const first = same.at(-1);
  return first === undefined || first.seq === segment.seq ? undefined : first;
}

/** The SYN-ACKs of the frame's stream up to it that have another number than the first one. */
function secondSynAcks(capture: CaptureObservation, frame: number): Segment[] {
  const { stream } = capture.frames[frame];
  const found: Segment[] = [];
  for (let at = 1; at <= frame; at++) {
    const { stream: other, segment } = capture.frames[at];
    if (other === stream && segment !== undefined && firstOfOtherNumber(capture, at) !== undefined)
      found.push(segment);
  }
  return found;
}

/** Whether no SYN of the other side in the frame's stream is what the SYN-ACK acknowledges. */
function answersNoSyn(capture: CaptureObservation, frame: number, { sourcePort, ack }: Segment): boolean {
  return ![...before(capture, frame)].some(
    (one) =>
      one.sourcePort !== sourcePort &&
      (one.flags & (SYN | ACK)) === SYN &&
      seqGt(ack, one.seq) &&
      seqGeq(one.seq + 1 + one.length, ack),
  );
}

export const EXPLANATIONS: readonly Explanation[] = [
  {
    name: 'captured twice',
    why: 'The packet is in the capture twice. tshark takes the copy for something the host sent again; we do not.',
    explains: ({ engine, what, frame }, tshark, ours) =>
      engine === 'false' && what !== 'reset' && ours.frames[frame].duplicate && isCopy(tshark, frame),
  },
  {
    name: 'round trip from the first of two copies',
    why: 'The SYN is in the capture twice; tshark measures from the copy, we from the first.',
    explains: ({ what, frame }, tshark) => {
      const { stream } = tshark.frames[frame];
      const isSyn = (_: FrameObservation, { flags }: Segment): boolean => (flags & (SYN | ACK)) === SYN;
      const first = firstFrame(tshark, stream, isSyn);
      const copy = tshark.frames.findIndex(
        (other, at) => other?.stream === stream && at > first && isCopy(tshark, at) && at < frame,
      );
      return what === 'initial-rtt' && first > 0 && copy > 0;
    },
  },
  {
    name: 'round trip without handshake',
    why: 'tshark takes the first acknowledgement after the SYN for the end of a handshake, even a reset or a segment of a connection whose SYN-ACK never came; we measure complete handshakes only.',
    explains: ({ what, frame }, tshark) => {
      if (what !== 'initial-rtt') return false;
      const { stream } = tshark.frames[frame];
      const answered = firstFrame(tshark, stream, (_, { flags }) => (flags & (SYN | ACK)) === (SYN | ACK));
      const acknowledged = firstFrame(tshark, stream, (_, { flags }) => (flags & (SYN | ACK)) === ACK);
      const flags = tshark.frames[acknowledged]?.segment?.flags ?? 0;
      return answered < 0 || answered > acknowledged || (flags & RST) !== 0;
    },
  },
  {
    name: 'round trip beyond exact times',
    why: 'The capture spans more than 104 days, where a nanosecond no longer fits a double; the error is below a microsecond.',
    explains: ({ what, frame, tshark: theirs, engine: ours }, tshark) => {
      const start = tshark.frames.find((one) => one?.segment !== undefined)?.segment?.timeNs;
      const time = tshark.frames[frame].segment?.timeNs;
      if (what !== 'initial-rtt' || start === undefined || time === undefined) return false;
      const far = time - start > EXACT_NS || start - time > EXACT_NS;
      return far && Math.abs(Number(theirs) - Number(ours)) < 1000;
    },
  },
  {
    name: 'numbers of a reset',
    why: 'tshark lets a reset move the next sequence number of its sender; we do not, because it may be forged.',
    explains: ({ what, frame, tshark: theirs }, tshark) => {
      const repeats = ['retransmission', 'out_of_order', 'fast_retransmission', 'keep_alive'];
      const { segment } = tshark.frames[frame];
      if (theirs !== 'true' || !repeats.includes(what) || segment === undefined) return false;
      for (const earlier of before(tshark, frame)) {
        if (earlier.sourcePort !== segment.sourcePort) continue;
        if ((earlier.flags & RST) === 0) {
          // Real data or FIN above this segment would make it a repetition without any reset.
          const end = earlier.seq + earlier.length + (earlier.flags & (SYN | FIN) ? 1 : 0);
          if (seqGt(end, segment.seq)) return false;
          continue;
        }
        if (seqGeq(earlier.seq, segment.seq)) return true;
      }
      return false;
    },
  },
  {
    name: 'numbers that happen to be zero',
    why: 'Crafted packets that count from 0 look to tshark as if they went on from its own zeroed state.',
    explains: ({ what, frame, tshark: theirs }, tshark) => {
      const { segment } = tshark.frames[frame];
      if (what !== 'window_update' || theirs !== 'true' || segment?.seq !== 0 || segment.ack !== 0)
        return false;
      return [...before(tshark, frame)].every((one) => one.sourcePort !== segment.sourcePort);
    },
  },
  {
    name: 'numbers of a second SYN-ACK',
    why: 'tshark lets a second SYN-ACK of another number move the next sequence number of its sender; we wait for what the client acknowledges, because it may be a SYN proxy’s or forged.',
    explains: ({ what, frame, tshark: theirs }, tshark) => {
      const { segment } = tshark.frames[frame];
      if (theirs !== 'true' || segment === undefined) return false;
      const seconds = secondSynAcks(tshark, frame);
      const isOne = seconds.includes(segment);
      if (what === 'lost_segment') return isOne;
      if (what === 'ack_lost_segment')
        return seconds.some((one) => one.sourcePort !== segment.sourcePort && one.seq + 1 === segment.ack);
      if (what !== 'retransmission' && what !== 'out_of_order') return false;
      // The number that is not the server's may be the first one's.
      const rivals = seconds.flatMap((one, i) => (i === 0 ? [one, ...before(tshark, frame)] : [one]));
      return (
        isOne ||
        rivals.some(
          ({ flags, sourcePort, seq }) =>
            (flags & (SYN | ACK)) === (SYN | ACK) &&
            sourcePort === segment.sourcePort &&
            seqGt(seq, segment.seq),
        )
      );
    },
  },
  {
    name: 'a SYN-ACK of another connection',
    why: 'A SYN-ACK with a number of its own that acknowledges no SYN of the stream belongs to a later connection whose SYN was not captured; tshark keeps it in the old stream.',
    explains: ({ what, frame }, tshark) =>
      (what === 'stream' || what === 'lost_segment') &&
      secondSynAcks(tshark, frame).some((one) => answersNoSyn(tshark, frame, one)),
  },
  {
    name: 'a SYN-ACK after the challenge of an older connection',
    why: 'A server that still has an older connection challenges the SYN with the numbers of that one; tshark measures the SYN-ACK that follows by them, we begin anew with it.',
    explains: ({ what, frame, tshark: theirs }, tshark) => {
      const { segment } = tshark.frames[frame];
      if (theirs !== 'true' || segment === undefined) return false;
      const marks = ['lost_segment', 'retransmission', 'ack_lost_segment'];
      if (!marks.includes(what)) return false;
      const isOfServer = ({ sourcePort }: Segment): boolean =>
        (sourcePort === segment.sourcePort) === (what !== 'ack_lost_segment');
      const sent = [segment, ...before(tshark, frame)].filter(isOfServer);
      const synAck = sent.findLastIndex(({ flags }) => (flags & (SYN | ACK)) === (SYN | ACK));
      if (synAck < 0) return false;
      const next = sent[synAck].seq + 1;
      // What came before the SYN-ACK has other numbers.
      return sent.slice(synAck + 1).some(({ seq, flags }) => (flags & RST) === 0 && seq !== next);
    },
  },
];

/**
 * How far two clocks are apart, by connections that both captures hold. Of two capture points the one nearer to the client sees the SYN
 * first and the SYN-ACK last, so that each such connection bounds the difference from both sides, whichever of the two is nearer.
 *
 * All numbers are nanoseconds, times are relative to the reset by the clock of who captured it.
 */

/** A connection that two captures hold for certain. */
export interface Sample {
  /** Its SYN and its SYN-ACK, where the reset was captured … */
  readonly syn: number;
  readonly synAck: number;
  /** … and at the other capture point, by the clock there. */
  readonly synThere: number;
  readonly synAckThere: number;
  /** It is one of the two hosts of the reset’s connection. */
  readonly isOfPair: boolean;
  /** Its number in the capture that holds the reset, and in the other one. */
  readonly flow: number;
  readonly flowThere: number;
}

export interface Interval {
  readonly least: number;
  readonly most: number;
}

/** Two crystals run apart by less: 100 ppm. */
const DRIFT = 1e-4;
/** What time stamps are early or late by, of a busy machine. */
const JITTER_NS = 1e6;
/** Flows that begin at the same time may be numbered in any order. */
const ORDERLY_NS = 1e9;

/**
 * The clock there minus the clock here, at the time of the reset.
 * @returns 'none' where there is no sample, 'contradict' where the samples leave no difference: a clock was set meanwhile
 */
export function offsetOf(samples: readonly Sample[]): Interval | 'none' | 'contradict' {
  if (samples.length === 0) return 'none';
  let least = -Infinity;
  let most = Infinity;
  for (const { syn, synAck, synThere, synAckThere } of samples) {
    const first = synThere - syn;
    const second = synAckThere - synAck;
    const slack = JITTER_NS + DRIFT * Math.max(Math.abs(syn), Math.abs(synAck));
    least = Math.max(least, Math.min(first, second) - slack);
    most = Math.min(most, Math.max(first, second) + slack);
  }
  return least > most || !isOrderly(samples) ? 'contradict' : { least, most };
}

/** Flows are numbered as they begin: where numbers and times disagree, a clock was set back. */
function isOrderly(samples: readonly Sample[]): boolean {
  const follows = (timeOf: (sample: Sample) => number, numberOf: (sample: Sample) => number): boolean => {
    const sorted = samples.toSorted((a, b) => numberOf(a) - numberOf(b));
    let latest = -Infinity;
    for (const sample of sorted) {
      if (timeOf(sample) < latest - ORDERLY_NS) return false;
      latest = Math.max(latest, timeOf(sample));
    }
    return true;
  };
  return (
    follows(
      ({ syn }) => syn,
      ({ flow }) => flow,
    ) &&
    follows(
      ({ synThere }) => synThere,
      ({ flowThere }) => flowThere,
    )
  );
}

export function intersect(a: Interval, b: Interval): Interval | null {
  const least = Math.max(a.least, b.least);
  const most = Math.min(a.most, b.most);
  return least > most ? null : { least, most };
}

/**
 * Which of the two capture points is nearer to the server: the one where the SYN-ACK follows the SYN sooner. It needs no clock but only
 * its rate. Null where the samples do not agree.
 */
export function nearerServer(samples: readonly Sample[]): 'here' | 'there' | null {
  let here = 0;
  let there = 0;
  for (const { syn, synAck, synThere, synAckThere } of samples) {
    const difference = synAck - syn - (synAckThere - synThere);
    if (difference > 0) there++;
    else if (difference < 0) here++;
    else return null;
  }
  if (here === 0 && there > 0) return 'there';
  return there === 0 && here > 0 ? 'here' : null;
}

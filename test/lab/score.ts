/**
 * How well verdicts fit the truth. A verdict of kind 'unknown' is not decided: it is neither right nor wrong, and
 * it costs what not knowing costs (a quarter in the Brier score).
 */
import type { CauseCode } from '../../shared/model/cause.ts';
import type { OriginKind } from '../../shared/model/verdict.ts';

/** What was said about one reset frame. */
export interface Said {
  readonly kind: OriginKind;
  /** Probability that `kind` is right. */
  readonly confidence: number;
  readonly cause: CauseCode;
  readonly causeAlternatives: readonly CauseCode[];
  /** Probability that `cause` is right. */
  readonly causeConfidence: number;
  readonly matters: boolean;
}

/** What is true of it. */
export interface Actual {
  readonly origin: 'endpoint' | 'middlebox';
  readonly cause: CauseCode;
  readonly causeAlternatives: readonly CauseCode[];
  /** Whether the receiver gave a connection up because of it. */
  readonly endsConnection: boolean;
  /** Whether it ended unfinished work; nothing where nobody can say, and in labs made before that was asked. */
  readonly matters?: boolean | null;
}

/** `said` is null for a reset the analysis did not list. */
export interface Pair {
  readonly said: Said | null;
  readonly actual: Actual;
}

export interface Bin {
  readonly from: number;
  readonly to: number;
  readonly count: number;
  /** Mean confidence, and how often it was right; 0 for an empty bin. */
  readonly confidence: number;
  readonly right: number;
}

export interface Score {
  readonly resets: number;
  readonly genuine: number;
  readonly middlebox: number;
  readonly notListed: number;
  readonly decided: number;
  readonly right: number;
  /** Genuine resets that were called a middlebox's: the worst error. */
  readonly falseAccusations: number;
  /** Resets of middleboxes that were called genuine. */
  readonly missed: number;
  /** The cause is the true one or one that packets cannot tell from it; over listed resets. */
  readonly causeRight: number;
  /** … of these, the true one itself: the rest are its alternatives. */
  readonly causeExact: number;
  /** Listed resets that ended a connection, and the same of their causes. */
  readonly ending: number;
  readonly endingCauseRight: number;
  /** The true cause is at least among the alternatives named. */
  readonly causeNamed: number;
  /** Listed resets of which it is known whether they mattered, those told right, and the errors both ways. */
  readonly mattersKnown: number;
  readonly mattersRight: number;
  readonly mattersOverlooked: number;
  readonly mattersOverstated: number;
  /** Mean squared error of P(middlebox) over listed resets; 'unknown' stands at one half. */
  readonly brier: number;
  /** Expected calibration error over the decided ones, ten bins. */
  readonly calibrationError: number;
  readonly bins: readonly Bin[];
  /** The same of causes: stated confidence against how often cause or alternative was right. */
  readonly causeCalibrationError: number;
  readonly causeBins: readonly Bin[];
}

export const BINS = 10;

export function score(pairs: readonly Pair[]): Score {
  let right = 0;
  let decided = 0;
  let falseAccusations = 0;
  let missed = 0;
  let causeRight = 0;
  let causeExact = 0;
  let mattersKnown = 0;
  let mattersRight = 0;
  let mattersOverlooked = 0;
  let causeNamed = 0;
  let ending = 0;
  let endingCauseRight = 0;
  let listed = 0;
  let squares = 0;
  const bins = emptyBins();
  const causeBins = emptyBins();
  for (const { said, actual } of pairs) {
    if (said === null) continue;
    listed++;
    const acceptable = [actual.cause, ...actual.causeAlternatives];
    const isCauseRight = acceptable.includes(said.cause);
    if (isCauseRight) causeRight++;
    if (said.cause === actual.cause) causeExact++;
    add(causeBins, said.causeConfidence, isCauseRight);
    if (actual.matters !== undefined && actual.matters !== null) {
      mattersKnown++;
      if (said.matters === actual.matters) mattersRight++;
      else if (actual.matters) mattersOverlooked++;
    }
    if (actual.endsConnection) {
      ending++;
      if (isCauseRight) endingCauseRight++;
    }
    if (said.cause === actual.cause || said.causeAlternatives.includes(actual.cause)) causeNamed++;
    squares += (probabilityOfMiddlebox(said) - (actual.origin === 'middlebox' ? 1 : 0)) ** 2;
    if (said.kind === 'unknown') continue;
    decided++;
    const hit = said.kind === actual.origin;
    if (hit) right++;
    else if (actual.origin === 'endpoint') falseAccusations++;
    else missed++;
    add(bins, said.confidence, hit);
  }
  const middlebox = pairs.filter(({ actual }) => actual.origin === 'middlebox').length;
  return {
    resets: pairs.length,
    genuine: pairs.length - middlebox,
    middlebox,
    notListed: pairs.length - listed,
    decided,
    right,
    falseAccusations,
    missed,
    causeRight,
    causeExact,
    mattersKnown,
    mattersRight,
    mattersOverlooked,
    mattersOverstated: mattersKnown - mattersRight - mattersOverlooked,
    ending,
    endingCauseRight,
    causeNamed,
    brier: listed === 0 ? 0 : squares / listed,
    calibrationError: errorOf(bins, decided),
    bins: bins.map(meanOf),
    causeCalibrationError: errorOf(causeBins, listed),
    causeBins: causeBins.map(meanOf),
  };
}

interface Sums {
  count: number;
  confidence: number;
  right: number;
}

const emptyBins = (): Sums[] => Array.from({ length: BINS }, () => ({ count: 0, confidence: 0, right: 0 }));

function add(bins: readonly Sums[], confidence: number, isRight: boolean): void {
  const bin = bins[Math.min(BINS - 1, Math.floor(confidence * BINS))];
  bin.count++;
  bin.confidence += confidence;
  if (isRight) bin.right++;
}

function errorOf(bins: readonly Sums[], count: number): number {
  let error = 0;
  for (const bin of bins) error += Math.abs(bin.confidence - bin.right);
  return count === 0 ? 0 : error / count;
}

function meanOf({ count, confidence, right }: Sums, i: number): Bin {
  return {
    from: i / BINS,
    to: (i + 1) / BINS,
    count,
    confidence: count === 0 ? 0 : confidence / count,
    right: count === 0 ? 0 : right / count,
  };
}

export function probabilityOfMiddlebox(said: Said): number {
  if (said.kind === 'unknown') return 0.5;
  return said.kind === 'middlebox' ? said.confidence : 1 - said.confidence;
}

/** What the product said while it captured, against what is true. */
import type { CauseCode } from '../../shared/model/cause.ts';
import type { Segment } from '../lab/frames.ts';
import type { FrameTruth, LabelledCapture } from '../lab/output.ts';
import type { ProductResult } from './product-capture.ts';

export interface PlaceReport {
  readonly topology: string;
  readonly place: string;
  readonly resets: number;
  readonly right: number;
  readonly genuine: number;
  readonly falseAccusations: number;
  /** Resets that the kernel spoke of, by its word. */
  readonly witnessed: { readonly sent: number; readonly notSent: number; readonly received: number };
  /** Milliseconds from the packet until its verdict is told. */
  readonly delaysMs: readonly number[];
  /** Every contradiction in words; none is allowed. */
  readonly faults: readonly string[];
}

export function compare(
  topology: string,
  place: string,
  truth: LabelledCapture,
  result: ProductResult,
): PlaceReport {
  const faults: string[] = [];
  const at = `${topology}/${place}`;
  const { losses, phase, packets } = result.status;
  if (phase !== 'stopped' || result.exitCode !== 0)
    faults.push(`${at}: ended as ${phase} with exit code ${result.exitCode}: ${result.said}`);
  if (packets !== truth.frames.length)
    faults.push(`${at}: says ${packets} packets, its file holds ${truth.frames.length}`);
  if ((losses.kernel ?? 0) + (losses.interface ?? 0) + losses.queue + losses.analysis > 0)
    faults.push(`${at}: lost packets: ${JSON.stringify(losses)}`);

  const byTime = new Map<string, FrameTruth[]>();
  let resets = 0;
  for (const { timeNs, truth: known } of truth.frames) {
    if (known === null) continue;
    resets++;
    const key = timeNs.toString();
    byTime.set(key, [...(byTime.get(key) ?? []), known]);
  }
  // A burst is told of once, by its first; its others are told by their number.
  const told = result.told.reduce((sum, { reset }) => sum + (reset.count ?? 1), 0);
  if (told !== resets) faults.push(`${at}: told of ${told} resets of ${resets}`);

  let right = 0;
  let genuine = 0;
  let falseAccusations = 0;
  const witnessed = { sent: 0, notSent: 0, received: 0 };
  const delaysMs: number[] = [];
  for (const { reset, toldNs } of result.told) {
    const timeNs = nanoseconds(reset.time);
    const known = byTime.get(timeNs.toString())?.find(({ claimed }) => claimed !== 'unknown');
    const name = `${at}: frame ${reset.frame} (${reset.flow.client} → ${reset.flow.server})`;
    if (known === undefined) {
      faults.push(`${name}: told of, and not in its file`);
      continue;
    }
    delaysMs.push(Number(toldNs - timeNs) / 1e6);
    // What is true of the first of a burst is taken for true of the others: which they are is not told.
    const { count = 1 } = reset;
    if (known.origin === 'endpoint') genuine += count;
    if (reset.origin.kind === known.origin) right += count;
    else if (known.origin === 'endpoint' && reset.origin.kind === 'middlebox') falseAccusations += count;
    switch (reset.witness?.word) {
      case 'sent':
        witnessed.sent++;
        faults.push(
          ...contradictions(reset.cause.code, reset.witness.reason, known, place, alikeAt(truth, timeNs)).map(
            (fault) => `${name}: ${fault}`,
          ),
        );
        break;
      case 'not-sent':
        witnessed.notSent++;
        if (known.kernelReason !== null) faults.push(`${name}: not sent, it says; ${known.kernelReason}`);
        break;
      case 'received':
        witnessed.received++;
        break;
      case undefined:
    }
  }
  return {
    topology,
    place,
    resets,
    right,
    genuine,
    falseAccusations,
    witnessed,
    delaysMs,
    faults,
  };
}

/** Where the kernel's word, as the product took it, is not what the lab knows. */
function contradictions(
  cause: CauseCode,
  reason: string | null,
  known: FrameTruth,
  place: string,
  alike: readonly FrameTruth[],
): string[] {
  // All namespaces have one kernel: at other places it speaks of strangers, which is no proof there (`kernel-sent-for-another`).
  if (place !== known.claimed) return [];
  const faults: string[] = [];
  if (known.origin !== 'endpoint') faults.push(`sent by its kernel, it says; made by ${known.emitter}`);
  if (!alike.some(({ kernelReason }) => kernelReason === reason))
    faults.push(`reason ${reason}, the trace says ${known.kernelReason}`);
  if (!alike.some((one) => cause === one.cause || one.causeAlternatives.includes(cause)))
    faults.push(`cause ${cause} by reason ${reason}, true is ${known.cause} (${known.note})`);
  return faults;
}

/** Two kernel events so close, of two processors, the trace may have in either order, and its reasons with them. */
const TRACE_ORDER_NS = 100_000n;

/** The truth of all resets that the trace cannot tell from the one at this time: those that look like it, and those beside it. */
function alikeAt(truth: LabelledCapture, timeNs: bigint): FrameTruth[] {
  const connection = (segment: Segment): string =>
    [segment.source, segment.sourcePort, segment.target, segment.targetPort].join();
  const meant = truth.frames.find((frame) => frame.timeNs === timeNs && frame.truth !== null)?.segment;
  if (meant === undefined || meant === null) return [];
  return truth.frames.flatMap(({ segment, timeNs: at, truth: known }) => {
    if (known === null || segment === null || connection(segment) !== connection(meant)) return [];
    const isBeside = at >= timeNs - TRACE_ORDER_NS && at <= timeNs + TRACE_ORDER_NS;
    return isBeside || (segment.seq === meant.seq && segment.flags === meant.flags) ? [known] : [];
  });
}

/** Of ISO 8601 with nine digits of a second. */
function nanoseconds(iso: string): bigint {
  const [seconds, fraction] = iso.replace('Z', '').split('.');
  return BigInt(Date.parse(`${seconds}Z`)) * 1_000_000n + BigInt(fraction.padEnd(9, '0'));
}

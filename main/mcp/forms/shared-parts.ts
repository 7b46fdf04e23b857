/** Parts of answers that several tools have, as schemas and as what makes them. */
import * as v from 'valibot';
import { causeOf } from '../../../shared/causes/list.ts';
import { isoTime } from '../../../shared/format/time.ts';
import type { CaptureSummary } from '../../../shared/model/capture.ts';
import type { CauseCode } from '../../../shared/model/cause.ts';
import { CAUSE_CODES } from '../../../shared/model/cause.ts';
import type { Looked } from '../../../shared/model/looked.ts';
import type { EvidenceFrames } from '../../../shared/model/verdict.ts';
import { firstOf } from '../bounded.ts';
import type { OpenCapture } from '../open-capture.ts';
import { isRead } from '../open-capture.ts';

export const count = v.pipe(v.number(), v.integer(), v.minValue(0));
export const probability = v.pipe(v.number(), v.minValue(0), v.maxValue(1));
export const seconds = v.pipe(v.number(), v.minValue(0));
export const words = v.pipe(v.string(), v.maxLength(8000));
/** ISO 8601 in UTC with nanoseconds; what is no date is told in seconds since 1970. */
export const time = v.pipe(v.string(), v.maxLength(80), v.description('ISO 8601, UTC, nanoseconds.'));
/** 10.0.0.1:80 or [2001:db8::1]:80 */
export const endpoint = v.pipe(v.string(), v.maxLength(80));
export const frameNumber = v.pipe(count, v.minValue(1));
export const frameAt = v.strictObject({ file: count, frame: frameNumber });

export const causeForm = v.strictObject({
  code: v.pipe(v.picklist(CAUSE_CODES), v.description('“explain” tells what it means.')),
  title: words,
});

export function causeJson(code: CauseCode): v.InferInput<typeof causeForm> {
  return { code, title: causeOf(code).title };
}

/** How far what an answer stands on was read; null where it is whole. */
export const unfinished = v.pipe(
  v.nullable(v.string()),
  v.description(
    'Why more may come: the capture, or the packets’ bytes for the filter, are still being read. Ask again.',
  ),
);

export function unfinishedText({ progress }: OpenCapture, looked?: Looked): string | null {
  const reasons: string[] = [];
  if (!isRead(progress)) {
    const { phase, bytesRead, bytesTotal, waiting } = progress;
    reasons.push(
      phase === 'reading'
        ? `${bytesRead} of ${bytesTotal} bytes of the capture are read`
        : `${waiting} resets wait for their verdict (${phase})`,
    );
  }
  if (looked !== undefined)
    reasons.push(`the filter has looked at ${looked.done} of ${looked.of} packets that it has to read`);
  return reasons.length === 0 ? null : `${reasons.join('; ')}. Ask again for the rest.`;
}

/** Of the times of a capture. */
export function clockOf({ epochNs }: CaptureSummary): (relativeNs: number) => string {
  const epoch = BigInt(epochNs ?? '0');
  return (relativeNs) => isoTime(epoch, relativeNs);
}

/** Four decimals: more would print the noise of floating point and not knowledge. */
export function rounded(value: number): number {
  return Math.round(value * 10_000) / 10_000;
}

export function framesJson({ frames, files }: EvidenceFrames): v.InferInput<typeof frameAt>[] {
  return firstOf(frames.map((frame, at) => ({ file: files[at], frame }))).list;
}

/**
 * What an engine pushes, as run-time schemas. What it parses may have taken it over: its host keeps the last of it, and hands it to the
 * next engine, so it holds it against these first.
 */
import * as v from 'valibot';
import { LIVE_LIMITS, liveOptions } from '../../shared/contract/live-schemas.ts';
import { BOUNDS } from '../../shared/contract/schemas.ts';
import type { OpenCapture } from '../../shared/contract/methods.ts';
import type { Progress } from '../../shared/model/capture.ts';
import { CAPTURE_PHASES } from '../../shared/model/capture.ts';
import { CAUSE_CODES } from '../../shared/model/cause.ts';
import type { LiveStatus } from '../../shared/model/live.ts';
import { CAPTURE_SOURCES, LIVE_PHASES } from '../../shared/model/live.ts';
import { ORIGIN_KINDS } from '../../shared/model/verdict.ts';
import { LIVE_CAPTURE_LIMITS } from '../capture/live/live-limits.ts';
import { liveError, text, witnessStatus } from './live/capture-contract.ts';

const number = v.pipe(v.number(), v.finite());
const numberOrNull = v.nullable(number);
const textOrNull = v.nullable(text);
/** Goes to the next engine in an argument, which may only be so long. */
const path = v.pipe(text, v.maxLength(LIVE_LIMITS.pathLength));

export const progress: v.GenericSchema<unknown, Progress> = v.strictObject({
  capture: v.optional(number),
  phase: v.picklist(CAPTURE_PHASES),
  revision: number,
  bytesRead: number,
  bytesTotal: number,
  packets: number,
  flows: number,
  resets: number,
  waiting: number,
  unjudged: number,
  joined: v.optional(number),
  error: textOrNull,
});

/** More than an engine keeps open. */
const MAX_LISTED = 64;

const losses = v.strictObject({
  kernel: numberOrNull,
  interface: numberOrNull,
  queue: number,
  analysis: number,
});

/** What is told of either place. */
const place = {
  phase: v.picklist(LIVE_PHASES),
  source: v.nullable(v.picklist(CAPTURE_SOURCES)),
  command: textOrNull,
  packets: number,
  bytes: number,
  packetsPerSecond: number,
  bytesPerSecond: number,
  losses,
  filesGone: number,
  folder: v.nullable(path),
  error: v.nullable(liveError),
};

export const openCaptures: v.GenericSchema<unknown, readonly OpenCapture[]> = v.pipe(
  v.array(
    v.strictObject({
      capture: number,
      paths: v.pipe(v.array(text), v.maxLength(BOUNDS.paths)),
      isLive: v.boolean(),
      isShown: v.boolean(),
      phase: v.picklist(CAPTURE_PHASES),
      bytesRead: number,
      bytesTotal: number,
      packets: number,
    }),
  ),
  v.maxLength(MAX_LISTED),
);

export const liveStatus: v.GenericSchema<unknown, LiveStatus> = v.strictObject({
  ...place,
  revision: number,
  options: v.nullable(liveOptions),
  startedMs: numberOrNull,
  endedMs: numberOrNull,
  files: v.pipe(
    v.array(v.strictObject({ path: text, bytes: number, packets: number })),
    // One more while the oldest is being removed.
    v.maxLength(LIVE_LIMITS.ringFiles.max + 1),
  ),
  freeBytes: numberOrNull,
  lagBytes: number,
  witness: witnessStatus,
  cases: v.pipe(
    v.array(
      v.strictObject({
        id: number,
        path: textOrNull,
        time: text,
        summary: text,
        client: text,
        server: text,
        origin: v.picklist(ORIGIN_KINDS),
        cause: v.picklist(CAUSE_CODES),
        confidence: number,
        resets: number,
        packets: number,
        error: textOrNull,
        secondPath: textOrNull,
      }),
    ),
    v.maxLength(LIVE_CAPTURE_LIMITS.maxCases),
  ),
  second: v.nullable(v.strictObject(place)),
});

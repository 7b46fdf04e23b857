/**
 * Between a host and its capture process, which runs the programs that capture and writes all files of live captures.
 * What those programs print is parsed there, so its host checks what it tells.
 */
import * as v from 'valibot';
import { LIVE_LIMITS, liveOptions } from '../../../shared/contract/live-schemas.ts';
import type { FilterQuestion } from '../../../shared/contract/methods.ts';
import { METHOD_SCHEMAS, nothing } from '../../../shared/contract/schemas.ts';
import type {
  CaptureOffer,
  CaptureSourceKind,
  CountersReading,
  FilterCheck,
  LiveError,
  LiveOptions,
} from '../../../shared/model/live.ts';
import { CAPTURE_SOURCES, LIVE_ERRORS } from '../../../shared/model/live.ts';
import type { SchemasOf } from '../../../shared/rpc/serve.ts';
import type { ServiceOf } from '../../../shared/rpc/service.ts';
import type { RecorderMessage } from '../../capture/live/recorder/recorder-messages.ts';

/** Captures of one host, counted from 1. */
export type CaptureId = number;

/** A stretch of a capture that is to be kept as a file beside it. */
export interface CaseOrder {
  readonly capture: CaptureId;
  /** The file's name; the folder is not the asker's to choose. */
  readonly name: string;
  /** Nanoseconds since 1970, as doubles. */
  readonly fromNs: number;
  readonly toNs: number;
}

export interface KeptCase {
  readonly path: string;
  readonly packets: number;
  /** Ring files that went away before they were copied. */
  readonly missing: number;
  /** It was cut at the largest size of a case. */
  readonly isCut: boolean;
  /** The same at the second place: its file, or why there is none; null where there is no second place. */
  readonly second: { readonly path: string | null; readonly error: string | null } | null;
}

/** Which place of a capture at two is spoken of; where none is named, the first, or the only one. */
export type Place = 'second';

/** What is done with a file that is there already: `replace` where the user was asked whether to. */
export type Existing = 'refuse' | 'replace';

/** What there is to capture, without what the host remembers. */
export type CaptureOutlook = Omit<CaptureOffer, 'filterHistory' | 'lastOptions'>;

export interface CaptureMethods {
  outlook: { params: Record<string, never>; result: CaptureOutlook };
  counters: { params: Record<string, never>; result: CountersReading };
  checkFilter: { params: FilterQuestion; result: FilterCheck };
  command: { params: { readonly options: LiveOptions }; result: string };
  /**
   * Starts capturing; answers when packets can come. One capture at a time: the one before is ended.
   * @throws RpcError 'failed' with the reason in people's words
   */
  start: { params: { readonly capture: CaptureId; readonly options: LiveOptions }; result: null };
  /** Ends capturing; answers when all is on disk. */
  stop: { params: Record<string, never>; result: null };
  /** All files of the newest capture's ring as one file; answers its path. */
  save: { params: { readonly path: string; readonly existing: Existing }; result: string };
  keepCase: { params: CaseOrder; result: KeptCase };
}
export type CaptureService = ServiceOf<CaptureMethods>;

/** What is told of one capture, from its plan to its end. */
export type CaptureMessage =
  | {
      readonly kind: 'planned';
      readonly source: CaptureSourceKind;
      readonly command: string;
      /** Why the kernel is not asked though that was wanted; null otherwise. */
      readonly noWitness: string | null;
    }
  | { readonly kind: 'placed'; readonly folder: string; readonly freeBytes: number | null }
  | Exclude<RecorderMessage, { kind: 'ended' }>
  | { readonly kind: 'stopping' }
  /** The last message; its error is null where the capture was asked to stop. */
  | { readonly kind: 'ended'; readonly error: LiveError | null };

export interface CaptureTold {
  readonly capture: CaptureId;
  readonly place?: Place | undefined;
  readonly message: CaptureMessage;
}

/** Messages that are passed on to an engine at once. */
export const MAX_TOLD = 1000;

export interface CaptureEvents {
  told: CaptureTold;
}

const time = v.number();
const count = v.pipe(v.number(), v.minValue(0));
export const text = v.pipe(v.string(), v.maxLength(64 * 1024));

export const captureId = v.pipe(v.number(), v.safeInteger(), v.minValue(1));

export const caseOrder = v.strictObject({
  capture: captureId,
  // A name and no path: nothing in it leads out of the folder of cases.
  name: v.pipe(v.string(), v.maxLength(LIVE_LIMITS.nameLength), v.regex(/^case-[\w.-]+\.pcapng$/u)),
  fromNs: time,
  toNs: time,
});

export const CAPTURE_SCHEMAS: SchemasOf<CaptureMethods> = {
  outlook: nothing,
  counters: nothing,
  checkFilter: METHOD_SCHEMAS['live.checkFilter'],
  command: v.strictObject({ options: liveOptions }),
  start: v.strictObject({ capture: captureId, options: liveOptions }),
  stop: nothing,
  save: v.strictObject({ path: text, existing: v.picklist(['refuse', 'replace']) }),
  keepCase: caseOrder,
};

const file = v.strictObject({
  number: v.pipe(v.number(), v.safeInteger(), v.minValue(1)),
  path: text,
  bytes: count,
  packets: count,
  firstNs: time,
  lastNs: time,
});
export const liveError = v.strictObject({
  code: v.picklist(LIVE_ERRORS),
  message: text,
  problem: v.nullable(
    v.strictObject({
      code: text,
      title: text,
      text,
      command: v.nullable(text),
      weight: v.picklist(['blocks', 'limits']),
    }),
  ),
});
export const witnessStatus = v.strictObject({
  state: v.picklist(['off', 'waiting', 'on', 'unavailable']),
  why: v.nullable(text),
  events: count,
  lost: count,
});

/** Both the host and the engine that it is passed on to hold it against this. */
export const captureTold: v.GenericSchema<unknown, CaptureTold> = v.strictObject({
  capture: captureId,
  place: v.optional(v.literal('second')),
  message: v.variant('kind', [
    v.strictObject({
      kind: v.literal('planned'),
      source: v.picklist(CAPTURE_SOURCES),
      command: text,
      noWitness: v.nullable(text),
    }),
    v.strictObject({ kind: v.literal('placed'), folder: text, freeBytes: v.nullable(count) }),
    v.strictObject({ kind: v.literal('started') }),
    v.strictObject({ kind: v.literal('opened'), file }),
    v.strictObject({ kind: v.literal('written'), file }),
    v.strictObject({ kind: v.literal('gone'), file }),
    v.strictObject({
      kind: v.literal('counts'),
      counts: v.strictObject({
        packets: count,
        bytes: count,
        kernelDrops: v.nullable(count),
        interfaceDrops: v.nullable(count),
        queueLosses: count,
        witness: witnessStatus,
        freeBytes: v.nullable(count),
      }),
    }),
    v.strictObject({ kind: v.literal('stopping') }),
    v.strictObject({ kind: v.literal('ended'), error: v.nullable(liveError) }),
  ]),
});

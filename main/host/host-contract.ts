/**
 * Between the engine process and the process that started it (Electron's main, the loopback server), both ways on one
 * channel. The host controls the engine; the engine may ask its host for next to nothing, since what it parses may have
 * taken it over.
 */
import * as v from 'valibot';
import {
  ENGINE_METHOD_SCHEMAS,
  frameAddress,
  nothing,
  noteTargets,
  openedPaths,
} from '../../shared/contract/schemas.ts';
import { LIVE_LIMITS, liveOptions } from '../../shared/contract/live-schemas.ts';
import type { EngineMethod, Events, FrameAddress, Methods } from '../../shared/contract/methods.ts';
import type { Confinement } from '../../shared/model/confinement.ts';
import type { LiveOptions, LiveStatus } from '../../shared/model/live.ts';
import type { NoteAnchor, NotedCapture, NotePlace, NoteTarget } from '../../shared/model/notes.ts';
import { NOTE_BOUNDS } from '../../shared/notes/note.ts';
import type { SchemasOf } from '../../shared/rpc/serve.ts';
import type { EventSourcesOf, ServiceOf } from '../../shared/rpc/service.ts';
import type { CaptureId, CaptureTold, CaseOrder, KeptCase } from './live/capture-contract.ts';
import { captureId, captureTold, caseOrder, MAX_TOLD } from './live/capture-contract.ts';

/** What is remembered of earlier captures. */
export interface LiveMemory {
  /** Capture filters, newest first. */
  readonly filters: readonly string[];
  readonly lastOptions: LiveOptions | null;
}

/** Something that happened while nobody may be looking. */
export interface Notice {
  readonly title: string;
  readonly text: string;
}

/** All that an engine may ask. It opens nothing, starts nothing and names no path. */
export interface AskedOfHost {
  notify: { params: Notice; result: null };
  /** Keeps a stretch of a capture that the host runs as a file beside it. */
  keepCase: { params: CaseOrder; result: KeptCase };
}
export type HostService = ServiceOf<AskedOfHost>;

const noticeText = v.pipe(v.string(), v.maxLength(LIVE_LIMITS.filterLength));

/** The engine reads hostile input: its host checks what it asks. */
export const ASKED_OF_HOST_SCHEMAS: SchemasOf<AskedOfHost> = {
  notify: v.strictObject({ title: noticeText, text: noticeText }),
  keepCase: caseOrder,
};

/** What only its host may tell an engine to do. No page can: the ports of pages serve none of it. */
export interface EngineControl {
  /** Starts reading and shows it; answers at once. */
  'control.open': {
    params: {
      readonly capture: CaptureId;
      readonly paths: readonly string[];
      readonly follow: boolean;
      /** Closes the one that was shown. */
      readonly replace: boolean;
      /** Whether captures of the same traffic are joined; they are where it is left out. */
      readonly join?: boolean | undefined;
    };
    result: null;
  };
  'control.show': { params: { readonly capture: CaptureId }; result: null };
  /** Stops reading; what was read stays open. */
  'control.cancel': { params: Record<string, never>; result: null };
  /** The one that is shown where none is named; one that is not there is closed already. */
  'control.close': { params: { readonly capture: CaptureId | null }; result: null };
  /** A capture is about to be started: its status is told from now on. What is open stays open. */
  'control.awaitLive': {
    params: {
      readonly capture: CaptureId;
      readonly options: LiveOptions;
      /** Where there is a second place: the number of the case that both make at the end, in the place of this capture. */
      readonly joined?: CaptureId | undefined;
    };
    result: null;
  };
  /** Something is told of a capture, in order. */
  'control.capture': { params: { readonly told: readonly CaptureTold[] }; result: null };
  /** Packets can come: follows the capture's files, and shows them. */
  'control.openLive': { params: { readonly capture: CaptureId }; result: null };
  /** By what the files of the capture that is shown are known again, and the comments in them. */
  'control.noted': { params: Record<string, never>; result: NotedCapture };
  /** Where things are, in terms that another copy shares; null for what is not there. */
  'control.anchors': {
    params: { readonly targets: readonly NoteTarget[] };
    result: readonly (NoteAnchor | null)[];
  };
  /** What frames are in the analysis that is shown. */
  'control.notePlaces': {
    params: { readonly frames: readonly FrameAddress[] };
    result: readonly NotePlace[];
  };
}

/** The notes of as many files as are opened to be told apart; an analysis of more has few notes each. */
const MOST_NOTED = 16 * NOTE_BOUNDS.entries;

export const ENGINE_CONTROL_SCHEMAS: SchemasOf<EngineControl> = {
  'control.open': v.strictObject({
    capture: captureId,
    paths: openedPaths,
    follow: v.boolean(),
    replace: v.boolean(),
    join: v.optional(v.boolean()),
  }),
  'control.show': v.strictObject({ capture: captureId }),
  'control.cancel': nothing,
  'control.close': v.strictObject({ capture: v.nullable(captureId) }),
  'control.awaitLive': v.strictObject({
    capture: captureId,
    options: liveOptions,
    joined: v.optional(captureId),
  }),
  'control.capture': v.strictObject({ told: v.pipe(v.array(captureTold), v.maxLength(MAX_TOLD)) }),
  'control.openLive': v.strictObject({ capture: captureId }),
  'control.noted': nothing,
  'control.anchors': v.strictObject({ targets: noteTargets }),
  'control.notePlaces': v.strictObject({
    frames: v.pipe(v.array(frameAddress), v.maxLength(MOST_NOTED)),
  }),
};

/** All that an engine answers its host. */
export type EngineMethods = Pick<Methods, EngineMethod> & EngineControl;
export type EngineSide = ServiceOf<EngineMethods>;
export const ENGINE_SCHEMAS: SchemasOf<EngineMethods> = {
  ...ENGINE_METHOD_SCHEMAS,
  ...ENGINE_CONTROL_SCHEMAS,
};

/** What an engine pushes. Its host passes it on to pages, which an engine may lie to. */
export type EngineEvents = Pick<Events, 'progress' | 'live' | 'captures'>;
export type EngineEventSources = EventSourcesOf<EngineEvents>;

/** What the engine process is told when it starts, as JSON in its first argument. */
export interface EngineArguments {
  /** How its predecessor died; told to the interface as the reason of phase `failed`. */
  readonly failure: string | null;
  /** The capture that its predecessor took along; answered to `live.status` until another one is started. */
  readonly killedLive: LiveStatus | null;
}

/** Notification to the host, the first one of an engine: whether it is confined. */
export const CONFINED = 'confined';
export const confinement: v.GenericSchema<unknown, Confinement> = v.strictObject({
  isConfined: v.boolean(),
  why: v.nullable(noticeText),
});

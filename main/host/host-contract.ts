/**
 * Between the engine process and the process that started it (Electron's main, the loopback server): what the engine
 * asks of its host, on the same channel on which the host calls the engine.
 */
import * as v from 'valibot';
import { BOUNDS, METHOD_SCHEMAS } from '../../shared/contract/schemas.ts';
import { LIVE_LIMITS, liveOptions } from '../../shared/contract/live-schemas.ts';
import type { Capabilities, RecentFile } from '../../shared/contract/methods.ts';
import type { LiveOptions, LiveStatus } from '../../shared/model/live.ts';
import type { SchemasOf } from '../../shared/rpc/serve.ts';
import type { ServiceOf } from '../../shared/rpc/service.ts';

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

export interface HostMethods {
  recent: { params: Record<string, never>; result: readonly RecentFile[] };
  forgetRecent: { params: { readonly path: string }; result: null };
  pickFiles: { params: Record<string, never>; result: readonly string[] };
  pickSavePath: { params: { readonly suggestedName: string }; result: string | null };
  opened: { params: { readonly paths: readonly string[] }; result: null };
  liveMemory: { params: Record<string, never>; result: LiveMemory };
  rememberLive: { params: { readonly options: LiveOptions }; result: null };
  notify: { params: Notice; result: null };
}
export type HostService = ServiceOf<HostMethods>;

const path = v.pipe(v.string(), v.minLength(1), v.maxLength(BOUNDS.pathLength));
const noticeText = v.pipe(v.string(), v.maxLength(LIVE_LIMITS.filterLength));
const nothing = v.custom<Record<string, never>>((input) => typeof input === 'object' && input !== null);

/** The engine reads hostile input: its host checks what it asks. */
export const HOST_SCHEMAS: SchemasOf<HostMethods> = {
  recent: nothing,
  forgetRecent: v.strictObject({ path }),
  pickFiles: nothing,
  pickSavePath: METHOD_SCHEMAS['host.pickSavePath'],
  opened: v.strictObject({ paths: v.pipe(v.array(path), v.maxLength(BOUNDS.paths)) }),
  liveMemory: nothing,
  rememberLive: v.strictObject({ options: liveOptions }),
  notify: v.strictObject({ title: noticeText, text: noticeText }),
};

/** What the engine process is told when it starts, as JSON in its first argument. */
export interface EngineArguments {
  readonly capabilities: Capabilities;
  /** Where live captures go unless told otherwise. */
  readonly captureFolder: string;
  /** How its predecessor died; told to the interface as the reason of phase `failed`. */
  readonly failure: string | null;
  /** The capture that its predecessor took along; answered to `live.status` until another one is started. */
  readonly killedLive: LiveStatus | null;
}

/** Notification to the engine: pass this on to the interfaces as an `open-request`. */
export const REQUEST_OPEN = 'requestOpen';

/**
 * The one truth about what a user interface may ask of the engine and its host, and what they push.
 * Both ends are typed from here; schemas.ts checks parameters at run time where the other end is not trusted.
 */
import type { Confinement } from '../model/confinement.ts';
import type { CapturePhase, CaptureSummary, Overview, Progress, ResetDetail } from '../model/capture.ts';
import type { Sample, SampleName } from '../model/sample.ts';
import type { PacketDetail } from '../model/packet-detail.ts';
import type { EndingsReport, FailureDetail, FailureWindow } from '../model/failure.ts';
import type {
  CaptureOffer,
  CatchRule,
  CountersReading,
  FilterCheck,
  LiveOptions,
  LiveStatus,
} from '../model/live.ts';

export type SortDirection = 'ascending' | 'descending';

/** A window of rows out of a sorted and filtered list. */
export interface RowQuery<Column extends string> {
  readonly sort: Column;
  readonly direction: SortDirection;
  /** Quick filter (shared/filter); empty for all. */
  readonly filter: string;
  readonly from: number;
  /** At most 1,000. */
  readonly count: number;
}

/** Rows come as bytes of the codec of shared/columns (RESET_ROWS, FLOW_ROWS, PACKET_ROWS). */
export interface RowWindow {
  /** Revision that the window was made from. */
  readonly revision: number;
  /** Rows that pass the filter. */
  readonly total: number;
  readonly from: number;
  readonly rows: Uint8Array;
  /** How far a filter is that has to read packets' bytes; absent where all was looked at. `total` counts what passed so far. */
  readonly looked?: Looked;
}

/** Packets that a filter has looked at, of how many. */
export interface Looked {
  readonly done: number;
  readonly of: number;
}

/** Which packets: those that pass, of the whole capture or of one flow, in capture order. */
export interface PacketQuery {
  readonly filter: string;
  readonly flow: number | null;
}

/** A value that a field has in the capture, and in how many packets. */
export interface ValueCount {
  /** As a filter writes it. */
  readonly text: string;
  readonly count: number;
}

export const RESET_COLUMNS = [
  'importance', // what matters first, then by confidence and time
  'frame',
  'time',
  'client',
  'server',
  'origin',
  'confidence',
  'cause',
  'matters',
  'idle',
  'unacknowledged',
] as const;
export type ResetColumn = (typeof RESET_COLUMNS)[number];

export const FLOW_COLUMNS = [
  'start',
  'client',
  'server',
  'application',
  'packets',
  'clientBytes',
  'serverBytes',
  'duration',
  'rtt',
  'state',
  'retransmissions',
  'ending',
  'resets',
] as const;
export type FlowColumn = (typeof FLOW_COLUMNS)[number];

export const FAILURE_COLUMNS = [
  'importance', // what matters first, then by time
  'frame',
  'time',
  'client',
  'server',
  'kind',
  'side',
  'tries',
  'seconds',
  'confidence',
] as const;
export type FailureColumn = (typeof FAILURE_COLUMNS)[number];

/** Where a filter would run: link types understand different filters. */
export type FilterQuestion = Pick<LiveOptions, 'source' | 'interface' | 'filter'>;

/** A frame as people know it. */
export interface FrameAddress {
  /** From 0. */
  readonly file: number;
  /** From 1, in its file. */
  readonly frame: number;
}

/** One of the captures that are open at once. All pages look at the same one. */
export interface OpenCapture {
  /** Never used again while the host runs. */
  readonly capture: number;
  readonly paths: readonly string[];
  /** It is captured, or was: `live.status` is about it. */
  readonly isLive: boolean;
  readonly isShown: boolean;
  readonly phase: CapturePhase;
  readonly bytesRead: number;
  readonly bytesTotal: number;
  readonly packets: number;
}

export interface RecentFile {
  readonly path: string;
  /** Milliseconds since 1970. */
  readonly openedMs: number;
  readonly sizeBytes: number;
}

/** What this host can do; the interface offers nothing else. */
export interface Capabilities {
  readonly host: 'electron' | 'server';
  /** A native dialog picks files. */
  readonly pickFiles: boolean;
  /** A dropped or chosen file is sent to the host as bytes (it has no path there). */
  readonly upload: boolean;
  readonly version: string;
  /** Of the process that reads captures; null where none has said so. */
  readonly confinement?: Confinement | null;
}

/** method → parameters and result. */
export interface Methods {
  'host.capabilities': { params: Record<string, never>; result: Capabilities };
  'host.recent': { params: Record<string, never>; result: readonly RecentFile[] };
  /** Captures that come with the program. */
  'host.samples': { params: Record<string, never>; result: readonly Sample[] };
  /** As capture.open. @throws RpcError 'not-found' where the program came without it */
  'host.openSample': { params: { readonly name: SampleName }; result: null };
  /**
   * Starts Wireshark with that file of an open capture at that frame; `why` says why not, and `command` is for running it oneself.
   * @throws RpcError 'bad-request' for what is not open
   */
  'host.openInWireshark': {
    params: { readonly path: string; readonly frame: number };
    result: { readonly command: string; readonly why: string | null };
  };
  'host.forgetRecent': { params: { readonly path: string }; result: null };
  /** Paths chosen in the native dialog; empty when dismissed. */
  'host.pickFiles': { params: Record<string, never>; result: readonly string[] };
  /**
   * Starts reading and shows it; answers at once. What was open before stays open unless it is to be replaced; too much of it is closed, what
   * nobody looked at for longest first. `follow` waits for growth at the end.
   */
  'capture.open': {
    params: { readonly paths: readonly string[]; readonly follow: boolean; readonly replace?: boolean };
    result: null;
  };
  /** All that are open, oldest first. */
  'capture.list': { params: Record<string, never>; result: readonly OpenCapture[] };
  /** @throws RpcError 'not-found' where it was closed */
  'capture.show': { params: { readonly capture: number }; result: null };
  /** Stops reading; what was read stays open. */
  'capture.cancel': { params: Record<string, never>; result: null };
  /** The one that is shown, unless another is named. One that is captured ends with it. */
  'capture.close': { params: { readonly capture?: number }; result: null };
  'capture.progress': { params: Record<string, never>; result: Progress };
  'capture.summary': { params: Record<string, never>; result: CaptureSummary };
  'capture.overview': { params: { readonly buckets: number; readonly filter: string }; result: Overview };
  /** How all connections ended, and what failed without a reset, in groups. As of the newest look at all of them. */
  'capture.endings': { params: Record<string, never>; result: EndingsReport };
  /** Failures without a reset, one by one. */
  'failures.rows': { params: RowQuery<FailureColumn>; result: FailureWindow };
  /** Where a failure stands in a sorted and filtered list; −1 when it is not in it. */
  'failures.position': {
    params: Omit<RowQuery<FailureColumn>, 'from' | 'count'> & { readonly id: number };
    result: number;
  };
  /** @throws RpcError 'not-found' where that flow has no failure, or its account was let go */
  'failures.detail': { params: { readonly id: number }; result: FailureDetail };
  'resets.rows': { params: RowQuery<ResetColumn>; result: RowWindow };
  'resets.detail': { params: { readonly id: number }; result: ResetDetail };
  /** Where a reset stands in a sorted and filtered list; −1 when it is not in it. */
  'resets.position': {
    params: Omit<RowQuery<ResetColumn>, 'from' | 'count'> & { readonly id: number };
    result: number;
  };
  /** The reset in that frame; −1 where none is. */
  'resets.at': { params: FrameAddress; result: number };
  /** Where a reset, or a packet, stands; null where it was let go or never was. */
  'resets.frame': {
    params: { readonly id: number };
    result: (FrameAddress & { readonly timeNs: number }) | null;
  };
  'packets.frame': { params: { readonly packet: number }; result: FrameAddress | null };
  'flows.rows': { params: RowQuery<FlowColumn>; result: RowWindow };
  /** Interfaces, what can capture them, and what stands in the way. Asks again each time. */
  'live.offer': { params: Record<string, never>; result: CaptureOffer };
  'live.counters': { params: Record<string, never>; result: CountersReading };
  'live.checkFilter': { params: FilterQuestion; result: FilterCheck };
  /** The command that these options would run. */
  'live.command': { params: { readonly options: LiveOptions }; result: string };
  /**
   * Starts capturing and opens what is captured; answers when packets can come.
   * @throws RpcError 'failed' with the reason in people's words; `live.status` then holds the LiveError
   */
  'live.start': { params: { readonly options: LiveOptions }; result: null };
  /** Ends capturing; what was captured stays open. */
  'live.stop': { params: Record<string, never>; result: null };
  'live.status': { params: Record<string, never>; result: LiveStatus };
  /** Changes what is caught while the capture goes on; null ends catching. */
  'live.catch': { params: { readonly rule: CatchRule | null }; result: null };
  /** All files of the ring as one file; answers its path. */
  'live.save': { params: { readonly path: string }; result: string };
  /** Where to save, asked of the user by the host; null when dismissed or where the host cannot ask. */
  'host.pickSavePath': { params: { readonly suggestedName: string }; result: string | null };
  /** Packets of the whole capture or of one flow, through a filter. */
  'packets.rows': {
    params: PacketQuery & { readonly from: number; readonly count: number };
    result: RowWindow;
  };
  /** Where a packet stands among those; −1 when it is not among them. */
  'packets.position': { params: PacketQuery & { readonly packet: number }; result: number };
  /**
   * The next packet, or the previous one, among those of the query that also passes `match`; −1 where there is none.
   * @throws RpcError 'bad-request' where one of the filters is wrong
   */
  'packets.find': {
    params: PacketQuery & {
      readonly match: string;
      /** Where the search begins; it is not found itself. −1 begins before the first. */
      readonly packet: number;
      readonly backward: boolean;
    };
    result: number;
  };
  /** Its number in the analysis; −1 where that file has no such frame. */
  'packets.at': { params: { readonly file: number; readonly frame: number }; result: number };
  /** @throws RpcError 'not-found' where it was let go or never was */
  'packets.detail': { params: { readonly packet: number }; result: PacketDetail };
  /** Values that a field has in the capture and that begin with `prefix`, the most frequent first; for completion. */
  'filter.values': {
    params: { readonly field: string; readonly prefix: string; readonly count: number };
    result: readonly ValueCount[];
  };
  /** Packets of one flow, in capture order. */
  'flows.packets': {
    params: { readonly flow: number; readonly from: number; readonly count: number };
    result: RowWindow;
  };
  /** The reassembled bytes of one direction, bounded; gaps are listed. */
  'flows.stream': {
    params: { readonly flow: number; readonly from: 'client' | 'server'; readonly maxBytes: number };
    result: StreamText;
  };
}

/** A reassembled direction of a flow. */
export interface StreamText {
  readonly parts: readonly (
    | { readonly kind: 'data'; readonly offset: number; readonly bytes: Uint8Array }
    | { readonly kind: 'gap'; readonly offset: number; readonly length: number; readonly reason: string }
  )[];
  /** Bytes of payload that did not fit the bound. */
  readonly truncatedBytes: number;
  /** Bytes that arrived twice with different content: somebody else may have written them. */
  readonly conflictingBytes: number;
}

export type MethodName = keyof Methods;

/**
 * What reaches out of an analysis: to files, programs, dialogs and what is remembered. A host answers these by itself and decides
 * what is allowed; the engine, which parses hostile bytes, does not have them, whoever asks it.
 */
export const HOST_METHODS = [
  'host.capabilities',
  'host.recent',
  'host.forgetRecent',
  'host.samples',
  'host.openSample',
  'host.openInWireshark',
  'host.pickFiles',
  'host.pickSavePath',
  'capture.open',
  'capture.cancel',
  'capture.close',
  'capture.show',
  'live.offer',
  'live.counters',
  'live.checkFilter',
  'live.command',
  'live.start',
  'live.stop',
  'live.save',
] as const satisfies readonly MethodName[];
export type HostMethod = (typeof HOST_METHODS)[number];
/** What looks at the analysis that is open, and at nothing else. */
export type EngineMethod = Exclude<MethodName, HostMethod>;
export type Params<M extends MethodName> = Methods[M]['params'];
export type MethodResult<M extends MethodName> = Methods[M]['result'];

/** event → payload; pushed by the host. */
export interface Events {
  /** Of the capture that is shown. */
  progress: Progress;
  /** Whenever one is opened, shown or closed, and while one is read that is not shown. */
  captures: readonly OpenCapture[];
  /** At most four times a second while a capture runs, and at every change of its phase. */
  live: LiveStatus;
  /** The host wants these opened: command line, menu, second instance. */
  'open-request': {
    readonly paths: readonly string[];
    /** What to show of it, as an address of the page says it. */
    readonly place?: string;
  };
}
export type EventName = keyof Events;

/** Errors cross the wire as data, with one of these codes. */
export const ERROR_CODES = ['bad-request', 'not-found', 'cancelled', 'unreadable', 'failed'] as const;
export type ErrorCode = (typeof ERROR_CODES)[number];

export interface WireError {
  readonly code: ErrorCode;
  readonly message: string;
}

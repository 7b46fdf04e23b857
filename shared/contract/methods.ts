/**
 * The one truth about what a user interface may ask of the engine and its host, and what they push.
 * Both ends are typed from here; schemas.ts checks parameters at run time where the other end is not trusted.
 */
import type { JoinReport, JoinedLadder, PacketAt } from '../model/join.ts';
import type { Confinement } from '../model/confinement.ts';
import type { FleetMethods } from './fleet-methods.ts';
import type { FlowAccount, FlowSeries, LadderPart } from '../model/connection.ts';
import type { StreamHits, StreamMessages, StreamPage, StreamSide } from '../model/stream.ts';
import type { Timeline, TimelineQuery } from '../model/timeline.ts';
import type { CapturePhase, CaptureSummary, Overview, Progress, ResetDetail } from '../model/capture.ts';
import type { ExportOrder, ExportPiece } from '../model/export.ts';
import type { Findings } from '../model/finding.ts';
import type { Reproduction, ScriptLanguage } from '../model/reproduction.ts';
import type { Looked } from '../model/looked.ts';
import type { ReportFormat, ReportNote, ReportSubject } from '../model/report.ts';
import type { LessonPage, LessonPart, LessonSummary } from '../model/lesson.ts';
import type { Sample, SampleName } from '../model/sample.ts';
import type { PacketDetail } from '../model/packet-detail.ts';
import type { NamedPlace } from '../names/named.ts';
import type { Notes, NoteTarget } from '../model/notes.ts';
import type { TraceOffer, TraceQuestion, TraceText } from '../model/trace.ts';
import type { Side } from '../model/verdict.ts';
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

/** Rows come as bytes of the codec of shared/columns (RESET_ROWS, FLOW_ROWS, PACKET_ROWS, ENDPOINT_ROWS). */
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
  'silence',
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

export const ENDPOINT_COLUMNS = [
  'address',
  'other',
  'packets',
  'sentBytes',
  'receivedBytes',
  'flows',
  'failures',
  'resets',
  'byEndpoint',
  'byMiddlebox',
  'byUnknown',
  'start',
  'duration',
] as const;
export type EndpointColumn = (typeof ENDPOINT_COLUMNS)[number];

/** Totals by address, or by pair of addresses. */
export const ENDPOINT_GROUPS = ['address', 'pair'] as const;
export type EndpointGroup = (typeof ENDPOINT_GROUPS)[number];

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
  /** Whether it can print a report to PDF. */
  readonly pdf?: boolean;
}

/** method → parameters and result. */
export interface Methods extends FleetMethods {
  'host.capabilities': { params: Record<string, never>; result: Capabilities };
  'host.recent': { params: Record<string, never>; result: readonly RecentFile[] };
  /** Captures that come with the program. */
  'host.samples': { params: Record<string, never>; result: readonly Sample[] };
  /** As capture.open. @throws RpcError 'not-found' where the program came without it */
  'host.openSample': { params: { readonly name: SampleName }; result: null };
  /** In the order in which they are shown. */
  'host.lessons': { params: Record<string, never>; result: readonly LessonSummary[] };
  /** @throws RpcError 'not-found' where there is none of that name */
  'host.lesson': { params: { readonly name: string }; result: LessonPage };
  /**
   * Opens a lesson's captures as capture.open does: of one point, or of all, which are then compared.
   * @throws RpcError 'not-found' where there are none
   */
  'host.openLesson': {
    params: { readonly name: string; readonly part: LessonPart; readonly at: string | null };
    result: null;
  };
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
    params: {
      readonly paths: readonly string[];
      readonly follow: boolean;
      readonly replace?: boolean;
      /** Whether captures of the same traffic are joined; they are where it is left out. */
      readonly join?: boolean;
    };
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
  /** What captures of the same traffic have in common; null where there is nothing to join. */
  'capture.join': { params: Record<string, never>; result: JoinReport | null };
  'capture.overview': { params: { readonly buckets: number; readonly filter: string }; result: Overview };
  /** Counts over time for the strip under each list; from and to are null for the whole capture. */
  'capture.timeline': { params: TimelineQuery; result: Timeline };
  /** Findings of the whole capture beyond those of the overview, in the same order. */
  'capture.findings': { params: { readonly from: number; readonly count: number }; result: Findings };
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
  /** Where a flow stands in a sorted and filtered list; −1 when it is not in it. */
  'flows.position': {
    params: Omit<RowQuery<FlowColumn>, 'from' | 'count'> & { readonly id: number };
    result: number;
  };
  /** Totals over the flows that pass, by address or by pair of addresses. Rows come by ENDPOINT_ROWS. */
  'endpoints.rows': { params: RowQuery<EndpointColumn> & { readonly of: EndpointGroup }; result: RowWindow };
  /** Where one stands, by its id; −1 when it is not there. */
  'endpoints.position': {
    params: Omit<RowQuery<EndpointColumn>, 'from' | 'count'> & {
      readonly of: EndpointGroup;
      readonly id: number;
    };
    result: number;
  };
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
  /** Names that the user gave to addresses and devices, newest first. */
  'names.list': { params: Record<string, never>; result: readonly NamedPlace[] };
  /** Names already given to the same keys are replaced. Answers all names. */
  'names.set': { params: { readonly names: readonly NamedPlace[] }; result: readonly NamedPlace[] };
  'names.remove': { params: { readonly keys: readonly string[] }; result: readonly NamedPlace[] };
  /** The command that would ask the way to an address, whether this host may run it, and what stands in the way. */
  'trace.command': { params: TraceQuestion; result: TraceOffer };
  /** Runs it, because the user pressed run; one at a time. @throws RpcError 'bad-request' where the host may not */
  'trace.start': { params: TraceQuestion; result: null };
  /** What it has said from that character on; waits until there is more or it has ended. */
  'trace.read': { params: { readonly from: number }; result: TraceText };
  'trace.stop': { params: Record<string, never>; result: null };
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
  /** The same packet at all capture points, from the client on, the asked one among them; empty where it was not joined. */
  'packets.places': { params: { readonly packet: number }; result: readonly PacketAt[] };
  /** Values that a field has in the capture and that begin with `prefix`, the most frequent first; for completion. */
  'filter.values': {
    params: { readonly field: string; readonly prefix: string; readonly count: number };
    result: readonly ValueCount[];
  };
  /** Ends what is under way for filters that read packets' bytes; what they found by then stays known. */
  'filter.stop': { params: Record<string, never>; result: null };
  /**
   * What is known of one flow as a whole, with its resets' verdicts.
   * @throws RpcError 'not-found' where there is no such flow, or it was let go; so do the others below
   */
  'flows.account': { params: { readonly flow: number }; result: FlowAccount };
  /** The packets of one flow as columns, in capture order, for drawings of all of them. */
  'flows.ladder': {
    params: { readonly flow: number; readonly from: number; readonly count: number };
    result: LadderPart;
  };
  /** The packets of one connection at all capture points; null where it was captured at one only. */
  'flows.joinedLadder': { params: { readonly flow: number }; result: JoinedLadder | null };
  /** What one side sent and the other said to it over time, folded to columns. */
  'flows.series': {
    params: {
      readonly flow: number;
      readonly side: Side;
      readonly fromNs: number;
      readonly toNs: number;
      readonly columns: number;
    };
    result: FlowSeries;
  };
  /** What the application says in each of some packets, where its bytes begin a message that can be read; else empty. */
  'packets.messages': { params: { readonly packets: readonly number[] }; result: readonly string[] };
  /** The reassembled bytes of one direction, bounded; gaps are listed. */
  /** A part of what the flow carried. Only what is shown is read. */
  'flows.stream': {
    params: StreamQuery & {
      /** Where the part begins; null for where the packet's bytes are. */
      readonly place: number | null;
      readonly packet: number | null;
      /** At most; a page begins at a multiple of them where `place` is null. */
      readonly bytes: number;
    };
    result: StreamPage;
  };
  /** Where bytes occur in what the flow carried, also across the borders of packets, but not across gaps. */
  'flows.search': {
    params: StreamQuery & {
      /** Text as UTF-8, or hex digits. */
      readonly find: string;
      readonly as: 'text' | 'hex';
      readonly matchCase: boolean;
    };
    result: StreamHits;
  };
  /**
   * A program that does what one side of the connection did up to the reset in that packet: the side whose address it carries where none is named.
   * @throws RpcError 'not-found' where that packet is no reset, or what is known of it was let go
   */
  'reproduce.script': {
    params: { readonly packet: number; readonly language: ScriptLanguage; readonly side?: Side };
    result: Reproduction;
  };
  /** Notes on the capture that is shown, with the comments that its files have. */
  'notes.read': { params: Record<string, never>; result: Notes };
  /**
   * Keeps a note; id and version are those of the one that was looked at, null and 0 for a new one. One without text and mark is
   * removed. Of one that another window changed meanwhile both stay. This and all below answer all notes.
   * @throws RpcError 'bad-request' where nothing can be noted, 'failed' where it cannot be written, with the reason
   */
  'notes.put': {
    params: {
      readonly id: string | null;
      readonly version: number;
      readonly target: NoteTarget;
      readonly text: string;
      readonly isMarked: boolean;
    };
    result: Notes;
  };
  'notes.mark': {
    params: { readonly targets: readonly NoteTarget[]; readonly isMarked: boolean };
    result: Notes;
  };
  'notes.remove': {
    params: { readonly notes: readonly { readonly file: number; readonly id: string }[] };
    result: Notes;
  };
  /** Takes the newest change back. @throws RpcError 'failed' where it was changed elsewhere since */
  'notes.undo': { params: Record<string, never>; result: Notes };
  'notes.redo': { params: Record<string, never>; result: Notes };
  /** Keeps the notes of a file beside it as well, or no longer. @throws RpcError 'bad-request' where the host may not */
  'notes.keepBeside': { params: { readonly file: number; readonly isWanted: boolean }; result: Notes };
  /** HTTP messages or TLS records, in a window of them. */
  'flows.messages': {
    params: {
      readonly flow: number;
      readonly as: 'http' | 'tls';
      readonly from: number;
      readonly count: number;
    };
    result: StreamMessages;
  };
  /** Begins to make an export of the capture that is shown; two at most at once. */
  'export.start': { params: ExportOrder; result: { readonly id: number } };
  /**
   * How far it is, then its files, each from its beginning on: `from` is the `next` of the answer before. An export that nobody reads
   * on in is let go after a minute.
   */
  'export.read': {
    params: { readonly id: number; readonly file: number; readonly from: number };
    result: ExportPiece;
  };
  /** Lets go of an export, done or not. */
  'export.stop': { params: { readonly id: number }; result: null };
  /**
   * A report as a document that stands alone. Names given by the user are put into it, unless it is anonymised; notes are shown as they are.
   * @throws RpcError 'not-found' where its subject is not there
   */
  'report.make': {
    params: {
      readonly subject: ReportSubject;
      readonly format: ReportFormat;
      readonly anonymise: boolean;
      readonly names: readonly NamedPlace[];
      readonly notes: readonly ReportNote[];
    };
    result: string;
  };
  /** A report in HTML, printed. @throws RpcError 'failed' where this host cannot (`capabilities.pdf`), or could not */
  'report.pdf': { params: { readonly html: string }; result: Uint8Array };
}

export interface StreamQuery {
  readonly flow: number;
  readonly side: StreamSide;
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
  'host.lessons',
  'host.lesson',
  'host.openLesson',
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
  'names.list',
  'names.set',
  'names.remove',
  'trace.command',
  'trace.start',
  'trace.read',
  'trace.stop',
  'report.pdf',
  'notes.read',
  'notes.put',
  'notes.mark',
  'notes.remove',
  'notes.undo',
  'notes.redo',
  'notes.keepBeside',
  'fleet.places',
  'fleet.pickFolder',
  'fleet.open',
  'fleet.coverage',
  'fleet.findings',
  'fleet.timeline',
  'fleet.talkers',
  'fleet.resets',
  'fleet.join',
  'fleet.openCase',
  'fleet.close',
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

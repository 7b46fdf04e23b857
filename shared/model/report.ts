/**
 * A report: all that the team that must act reads, as data. It is made once (main/engine/report) and written in several forms
 * (shared/report). Every text is one line that hides nothing; packets are told by file, from 0, and frame, from 1, as Wireshark has it.
 */
import type { Command } from '../texts/commands.ts';
import type { OriginKind, PathModel, Side } from './verdict.ts';

export type ReportSubject =
  /** One reset, by its packet. */
  | { readonly kind: 'reset'; readonly packet: number }
  /** One finding, by any of the resets that it names as examples. */
  | { readonly kind: 'finding'; readonly example: number }
  /** One connection, however it ended. */
  | { readonly kind: 'flow'; readonly flow: number }
  /** All connections that failed without a reset. */
  | { readonly kind: 'failures' }
  | { readonly kind: 'capture' };

export const REPORT_FORMATS = ['html', 'markdown'] as const;
export type ReportFormat = (typeof REPORT_FORMATS)[number];

export interface ReportFrame {
  /** From 0. */
  readonly file: number;
  readonly frame: number;
}

/** A term and what is to be said of it. */
export interface ReportTerm {
  readonly term: string;
  readonly text: string;
}

/** A comment of the user. */
export interface ReportNote {
  /** What it is about, for people: "frame 7". */
  readonly on: string;
  readonly text: string;
}

export interface ReportPath {
  readonly model: PathModel;
  readonly claimed: Side;
  readonly kind: OriginKind;
  readonly confidence: number;
  /** What made the reset, in a few words, and where; empty where that is not told apart from the host. */
  readonly maker: string;
  readonly where: string;
  /** Key of the device (shared/names), by which the user may have named it; empty without. */
  readonly deviceKey: string;
  /** The path in words. */
  readonly label: string;
  readonly caption: string;
  /** Names of the capture points, where there are several, by their first file. */
  readonly points: readonly {
    readonly file: number;
    readonly name: string;
    readonly hopsToNext: number | null;
  }[];
}

/** Where a connection failed; null where that is not known. */
export interface ReportFailure {
  readonly side: Side | 'path' | null;
}

/** A packet between the lifelines of client and server. */
export interface ReportPacket extends ReportFrame {
  /** Since the packet that the report is about; negative before it. */
  readonly sinceNs: number;
  readonly from: Side;
  /** "PSH, ACK  len 512". */
  readonly text: string;
  /** What is said of it: retransmission, duplicate ACK … */
  readonly notes: string;
  readonly isReset: boolean;
  /** Evidence rests on it. */
  readonly isEvidence: boolean;
  /** Packets of its flow between the one before and this one are not told. */
  readonly isAfterGap: boolean;
}

export interface ReportEvidence {
  readonly favours: 'endpoint' | 'middlebox' | 'neither';
  /** How many times likelier it makes what it favours, as text; empty where it weighs nothing. */
  readonly weight: string;
  readonly text: string;
  readonly frames: readonly ReportFrame[];
}

/** A stretch of bytes that means something. */
export interface ReportField {
  readonly from: number;
  readonly to: number;
  readonly title: string;
  readonly value: string;
  /** The verdict is made of it: it is highlighted. */
  readonly counts: boolean;
  /** Whoever made the packet could write anything there: left out where the report is anonymised. */
  readonly isForeign: boolean;
}

export interface ReportBytes extends ReportFrame {
  /** The first bytes of the frame as two hex digits each, or `..` where they are left out. */
  readonly hex: readonly string[];
  readonly captured: number;
  readonly wire: number;
  /** Without addresses and what stands for them: all but foreign ones may be told to anybody. Ascending. */
  readonly fields: readonly ReportField[];
}

/** One reset or failure at full length. */
export interface ReportCase extends ReportFrame {
  readonly title: string;
  readonly client: string;
  readonly server: string;
  /** Empty where unknown. */
  readonly serverName: string;
  readonly what: readonly string[];
  readonly facts: readonly ReportTerm[];
  /** Of a reset. */
  readonly path: ReportPath | null;
  /** Of a failure without one. */
  readonly failure: ReportFailure | null;
  readonly next: string;
  readonly commands: readonly Command[];
  readonly packets: readonly ReportPacket[];
  /** Whom evidence for the host speaks for: "For the server itself". */
  readonly claimed: Side | null;
  readonly evidence: readonly ReportEvidence[];
  readonly bytes: ReportBytes | null;
  readonly refute: readonly string[];
  readonly limits: readonly string[];
}

export interface ReportTable {
  readonly title: string;
  readonly columns: readonly string[];
  readonly rows: readonly (readonly string[])[];
  /** Rows beyond those. */
  readonly more: number;
}

export interface ReportInterface {
  /** Empty where the file does not name it. */
  readonly name: string;
  readonly linkType: number;
  /** Most bytes kept of a packet; 0 where the file sets no limit. */
  readonly snapLength: number;
}

export interface ReportFile {
  readonly path: string;
  /** Of the file as it lies on the disk, hex; null where it could not be read again. */
  readonly sha256: string | null;
  readonly format: string;
  readonly linkTypes: readonly string[];
  readonly packets: number;
  readonly bytes: number;
  /** ISO 8601 UTC; null for a file without packets. */
  readonly first: string | null;
  readonly last: string | null;
  readonly interfaces: readonly ReportInterface[];
  /** What captured it, and the system and hardware that it ran on, as the file says; empty where it does not. */
  readonly program: string;
  /** What was lost in it. */
  readonly lost: readonly string[];
}

/** What must not remain in an anonymised report. */
export interface ReportSecrets {
  /** Addresses, the side that they are on first. */
  readonly hosts: readonly { readonly address: string; readonly side: Side | 'other' }[];
  /** Names of hosts. */
  readonly names: readonly string[];
  /** What applications and programs said of themselves: paths, banners, processes, interfaces. */
  readonly texts: readonly string[];
}

export interface Report {
  readonly kind: ReportSubject['kind'];
  readonly title: string;
  /** What happened, in a paragraph. */
  readonly what: string;
  readonly facts: readonly ReportTerm[];
  /** What to do about the whole; empty where the cases say it. */
  readonly next: readonly string[];
  /** What comes before the cases, and what behind them. */
  readonly tables: readonly ReportTable[];
  readonly cases: readonly ReportCase[];
  readonly moreTables: readonly ReportTable[];
  readonly notes: readonly ReportNote[];
  readonly files: readonly ReportFile[];
  /** What was lost beyond single files. */
  readonly lost: readonly string[];
  readonly madeAt: string;
  readonly madeBy: string;
  readonly isAnonymised: boolean;
  readonly secrets: ReportSecrets;
}

export const REPORT_BOUNDS = {
  /** Characters of one text. */
  text: 4000,
  notes: 200,
  noteLength: 2000,
  /** Packets of one ladder; more are a list and no drawing. */
  packets: 22,
  evidence: 24,
  rows: 30,
  cases: 4,
  /** Bytes of the frame that are shown. */
  bytes: 128,
  refute: 6,
  /** Characters of a page that is printed: far more than a report has. */
  htmlLength: 8_000_000,
} as const;

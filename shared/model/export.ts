/** Exports: packets of a capture as a pcapng file of their own, or what is told of it as a table. */
import type { TableCounts, TableSubject } from './table.ts';

/** What is exported: a reset, by its packet, or a finding, by one of its resets, with what their verdicts rest on. */
export type ExportSubject =
  | { readonly kind: 'reset'; readonly packet: number }
  | { readonly kind: 'flow'; readonly flow: number }
  | { readonly kind: 'finding'; readonly reset: number }
  | { readonly kind: 'failures' }
  | { readonly kind: 'filter'; readonly filter: string };

/** A comment of the user's that is written beside a packet, where it is exported. */
export interface ExportNote {
  readonly packet: number;
  readonly text: string;
}

export interface ExportOrder {
  readonly subject: ExportSubject | TableSubject;
  /** Of packets: a table tells names and addresses as they are. */
  readonly anonymise: boolean;
  /** For packets. */
  readonly notes: readonly ExportNote[];
}

/** One file of an export: captures that were made at different places become a file each. */
export interface ExportedFile {
  readonly name: string;
  readonly packets: number;
  /** Null where nobody knows before it is written. */
  readonly bytes: number | null;
}

/** What an export has, and what it left out. Of a table it is the name of its file. */
export interface ExportTold {
  readonly files: readonly ExportedFile[];
  readonly packets: number;
  /** Packets of the capture. */
  readonly of: number;
  /** Verdicts that were made anew out of the export, and how many of them came out otherwise, which is told and not hidden. */
  readonly verdicts: number;
  readonly changed: number;
  /** How often more was taken along because a verdict came out otherwise. */
  readonly widened: number;
  /** What was replaced, by kind; empty where nothing was. */
  readonly replaced: readonly { readonly kind: string; readonly count: number }[];
}

/** A piece of an export, or how far it is while its verdicts are made anew. */
export interface ExportPiece {
  /** Share of what is done before the first byte can be read. */
  readonly done: number;
  /** Null until then; `bytes` is then empty. */
  readonly told: ExportTold | null;
  readonly bytes: Uint8Array;
  /** Where the next piece of the file begins. */
  readonly next: number;
  /** The file ends with these bytes. */
  readonly isLast: boolean;
  /** Packets that could not be read again, because the capture was changed or taken away meanwhile; known with the last piece. */
  readonly missing: number;
  /** Of a table what was written of it, whole with the last piece; null for packets. */
  readonly rows: TableCounts | null;
}

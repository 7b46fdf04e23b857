/** What joining reads. The session has all of it. */
import type { FlowTable } from '../flow/flow-table.ts';
import type { PacketIndex } from '../store/packet-index.ts';
import type { AddressTable } from '../store/address-table.ts';
import type { ResetLog } from '../store/reset-log.ts';
import type { Fingerprints } from '../stream/fingerprints.ts';

export interface JoinStores {
  readonly packets: PacketIndex;
  readonly flows: FlowTable;
  readonly resets: ResetLog;
  readonly addresses: AddressTable;
  readonly files: JoinedFiles;
  readonly hints: PayloadPrints;
}

/** What is known of payloads, where it was gathered. */
export interface PayloadPrints {
  readonly fingerprints: Fingerprints | undefined;
}

/** The files by their timelines. */
export interface JoinedFiles {
  /** Of all that are kept: number, timeline, path, and the time of its first and last packets. */
  list(): readonly JoinedFile[];
}

export interface JoinedFile {
  readonly file: number;
  readonly timeline: number;
  readonly path: string;
  readonly firstNs: number;
  readonly lastNs: number;
  /** Smallest step of its time stamps. */
  readonly stampStepNs: number;
  readonly packets: number;
  /** Packets that the capturing machine says it lost; undefined where it does not say. */
  readonly dropped: number | undefined;
}

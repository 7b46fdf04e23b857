/** The tables of captures and cases: what was captured where, how whole it is, and by what its rows were made. */
import { cellsOf, SOURCE_READERS, type FleetCell, type FleetContext } from './fleet-row.ts';

/** What is told of a capture, or of a segment of one. What is not known is null. */
export interface CaptureFacts {
  readonly host: string;
  readonly site: string;
  readonly interface: string | null;
  readonly filter: string | null;
  readonly source: 'live' | 'file';
  /** Names without folders, as they are told. */
  readonly files: readonly string[];
  /** Nanoseconds since 1970. */
  readonly fromNs: bigint;
  readonly toNs: bigint;
  readonly packets: number;
  /** On the wire. */
  readonly bytes: number;
  readonly flows: number;
  readonly resets: number;
  readonly untold: number;
  readonly lost: CaptureLosses;
  readonly snapLength: number | null;
  readonly isWhole: boolean;
  readonly clock: { readonly boundSeconds: number; readonly source: string } | null;
  readonly keyId: string;
  readonly isAnonymised: boolean;
  readonly engineVersion: string;
  readonly weightsVersion: string;
  readonly spoolLost: { readonly files: number; readonly bytes: number } | null;
}

/** Packets, by where they were lost; null where nobody counted. */
export interface CaptureLosses {
  readonly kernel: number | null;
  readonly interface: number | null;
  readonly queue: number | null;
  readonly analysis: number | null;
}

export const captureCells: (facts: CaptureFacts, context: FleetContext) => FleetCell[] =
  cellsOf<CaptureFacts>('captures', {
    ...SOURCE_READERS,
    host: ({ host }) => host,
    site: ({ site }) => site,
    interface: (facts) => facts.interface,
    filter: ({ filter }) => filter,
    source: ({ source }) => source,
    files: ({ files }) => files.join(' ') || null,
    time: ({ fromNs }) => fromNs,
    last_time: ({ toNs }) => toNs,
    packets: ({ packets }) => packets,
    bytes: ({ bytes }) => bytes,
    flows: ({ flows }) => flows,
    resets: ({ resets }) => resets,
    untold: ({ untold }) => untold,
    lost: ({ lost }) => sumOf(lost),
    lost_kernel: ({ lost }) => lost.kernel,
    lost_interface: ({ lost }) => lost.interface,
    lost_queue: ({ lost }) => lost.queue,
    lost_analysis: ({ lost }) => lost.analysis,
    snaplen: ({ snapLength }) => snapLength,
    is_whole: ({ isWhole }) => isWhole,
    clock_bound_seconds: ({ clock }) => clock?.boundSeconds ?? null,
    clock_source: ({ clock }) => clock?.source ?? null,
    key_id: ({ keyId }) => keyId,
    is_anonymised: ({ isAnonymised }) => isAnonymised,
    engine_version: ({ engineVersion }) => engineVersion,
    weights_version: ({ weightsVersion }) => weightsVersion,
    spool_lost_files: ({ spoolLost }) => spoolLost?.files ?? null,
    spool_lost_bytes: ({ spoolLost }) => spoolLost?.bytes ?? null,
  });

function sumOf({ kernel, interface: atInterface, queue, analysis }: CaptureLosses): number | null {
  const counted = [kernel, atInterface, queue, analysis].filter((one) => one !== null);
  return counted.length === 0 ? null : counted.reduce((sum, one) => sum + one, 0);
}

/** A case file that was kept. */
export interface CaseFacts {
  readonly name: string;
  /** Nanoseconds since 1970 of its first and last packet. */
  readonly fromNs: bigint;
  readonly toNs: bigint;
  readonly serverAddress: string;
  readonly serverPort: number;
  readonly bytes: number;
  readonly resets: number;
  /** Hexadecimal. */
  readonly sha256: string;
}

export const caseCells: (facts: CaseFacts, context: FleetContext) => FleetCell[] = cellsOf<CaseFacts>(
  'cases',
  {
    ...SOURCE_READERS,
    case_name: ({ name }) => name,
    time: ({ fromNs }) => fromNs,
    last_time: ({ toNs }) => toNs,
    server_address: ({ serverAddress }, { disguise }) => disguise.address(serverAddress),
    server_port: ({ serverPort }) => serverPort,
    bytes: ({ bytes }) => bytes,
    resets: ({ resets }) => resets,
    sha256: ({ sha256 }) => sha256,
  },
);

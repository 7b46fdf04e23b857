/**
 * How rows of a fleet's tables are made: of each column what reads its cell. The columns themselves, their order and their types are
 * those of shared/fleet/tables.ts.
 *
 * Invariants
 * - Times are nanoseconds since 1970, exact; numbers of packets, flows and resets are those of the analysis that made the row.
 * - With `hide` nothing that names a host or a person gets into a cell. Keys are made of the original addresses all the same.
 */
import { FLEET_TABLES, type FleetKind } from '../../../shared/fleet/tables.ts';
import { endpointParts } from '../../../shared/format/endpoint.ts';
import type { FleetKeys } from './keys.ts';

export type FleetCell = string | number | bigint | boolean | null;

/** Replaces what names hosts and people. */
export interface Disguise {
  /** @param text of an IPv4 or IPv6 address */
  address(text: string): string;
  /** @param text of a host's name, or an address in its place */
  name(text: string): string;
  /** @param file its number in the analysis */
  path(file: number): string | null;
  /**
   * Our words, with what names anybody in them.
   * @param secrets what else must not remain of it: names and texts of applications
   */
  text(text: string, secrets: TextSecrets): string;
}

export interface TextSecrets {
  readonly names: readonly string[];
  readonly texts: readonly string[];
}

export interface FleetContext {
  readonly capture: bigint;
  readonly segment: number;
  /** Nanoseconds since 1970 of the analysis' time zero. */
  readonly epochNs: bigint;
  readonly keys: FleetKeys;
  readonly disguise: Disguise;
}

type Reader<Row> = (row: Row, context: FleetContext) => FleetCell;
export type Readers<Row> = Readonly<Record<string, Reader<Row>>>;

/** What makes rows of a kind, cells in the order of its columns. @throws where a column has no reader, or a reader no column */
export function cellsOf<Row>(
  kind: FleetKind,
  readers: Readers<Row>,
): (row: Row, context: FleetContext) => FleetCell[] {
  const columns = new Set(FLEET_TABLES[kind].map(({ name }) => name));
  const idle = Object.keys(readers).filter((name) => !columns.has(name));
  if (idle.length > 0) throw new Error(`${kind} has no column ${idle.join(', ')}`);
  const inOrder = FLEET_TABLES[kind].map(({ name }) => {
    const reader = readers[name];
    if (reader === undefined) throw new Error(`nothing reads the column ${name} of ${kind}`);
    return reader;
  });
  return (row, context) => inOrder.map((read) => read(row, context));
}

export const SOURCE_READERS = {
  capture: (_row: unknown, { capture }: FleetContext) => capture,
  segment: (_row: unknown, { segment }: FleetContext) => segment,
} satisfies Readers<unknown>;

export interface BetweenTwo {
  /** Address and port. */
  readonly client: string;
  readonly server: string;
  /** Empty where unknown. */
  readonly serverName: string;
}

export function endReaders<Row>(ends: (row: Row) => BetweenTwo): Readers<Row> {
  const address =
    (side: 'client' | 'server'): Reader<Row> =>
    (row, { disguise }) =>
      disguise.address(endpointParts(ends(row)[side]).address);
  return {
    client_address: address('client'),
    client_port: (row) => endpointParts(ends(row).client).port,
    server_address: address('server'),
    server_port: (row) => endpointParts(ends(row).server).port,
    server_name: (row, { disguise }) => {
      const { serverName } = ends(row);
      return serverName === '' ? null : disguise.name(serverName);
    },
  };
}

/** Nanoseconds since the analysis' epoch as nanoseconds since 1970; null for what is not known. */
export function timeCell(ns: number | null, { epochNs }: Pick<FleetContext, 'epochNs'>): bigint | null {
  return ns === null ? null : epochNs + BigInt(Math.round(ns));
}

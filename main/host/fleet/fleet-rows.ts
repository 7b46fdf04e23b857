/** Rows of one kind on their way into files: what they lie in order by is at hand, all else is made when it is their turn. */
import type { FleetKind } from '../../../shared/fleet/tables.ts';
import { FLEET_TABLES } from '../../../shared/fleet/tables.ts';
import type { FleetCell } from '../../engine/fleet/fleet-row.ts';

export interface FleetRows {
  readonly kind: FleetKind;
  readonly count: number;
  /** Of the row with that index, nanoseconds since 1970. */
  timeNs(index: number): bigint;
  /** Address of the server as it is written. */
  server(index: number): string;
  port(index: number): number;
  /** In the order of the kind's columns; undefined for a row that was let go meanwhile. */
  cells(index: number): readonly FleetCell[] | undefined;
}

/** Of rows that are made already. */
export function madeRows(kind: FleetKind, rows: readonly (readonly FleetCell[])[]): FleetRows {
  const place = (name: string): number => FLEET_TABLES[kind].findIndex((column) => column.name === name);
  const [time, server, port] = ['time', 'server_address', 'server_port'].map(place);
  const at = (index: number, column: number): FleetCell => (column < 0 ? null : rows[index][column]);
  return {
    kind,
    count: rows.length,
    timeNs: (index) => at(index, time) as bigint,
    server: (index) => (at(index, server) as string | null) ?? '',
    port: (index) => (at(index, port) as number | null) ?? 0,
    cells: (index) => rows[index],
  };
}

/** Rows of one kind that come from two places. */
export function bothRows(first: FleetRows, second: FleetRows): FleetRows {
  const { kind, count } = first;
  const at = <T>(index: number, read: (rows: FleetRows, index: number) => T): T =>
    index < count ? read(first, index) : read(second, index - count);
  return {
    kind,
    count: count + second.count,
    timeNs: (index) => at(index, (rows, i) => rows.timeNs(i)),
    server: (index) => at(index, (rows, i) => rows.server(i)),
    port: (index) => at(index, (rows, i) => rows.port(i)),
    cells: (index) => at(index, (rows, i) => rows.cells(i)),
  };
}

/**
 * What a place that keeps a fleet's tables can be asked. There are two: a folder of Parquet files, read by DuckDB, and ClickHouse. A
 * question is data, not text, so that it is the same for both and no word of a stranger becomes SQL; each store writes it in its dialect.
 *
 * Invariant: an answer says what is missing in it. A part that did not answer is never silence.
 */
import type { FleetKind } from '../../shared/fleet/tables.ts';

/** `int`, `real` as number; `key` as decimal text; `time` as nanoseconds since 1970; what is not known is null. */
export type Value = string | number | bigint | boolean | null;
export type Row = Readonly<Record<string, Value>>;

/** What a column of an answer is made of. */
export type Expression =
  | { readonly column: string }
  /** Begin of the stretch of `seconds` that a time lies in; a time. */
  | { readonly bucket: string; readonly seconds: number }
  | { readonly count: true }
  /** Null where no row has a value. */
  | { readonly sum: string }
  | { readonly min: string }
  | { readonly max: string }
  | { readonly mean: string }
  /** Rows in which a condition holds. */
  | { readonly countWhere: Condition }
  /** Sum of a column over the rows in which a condition holds; 0 where there are none. */
  | { readonly sumWhere: string; readonly where: Condition }
  /** How many different values; exact. */
  | { readonly distinct: string }
  /** The value in the row in which `by` is greatest. */
  | { readonly latest: string; readonly by: string };

export type Condition =
  /** Null equals nothing; `is` asks for it. */
  | {
      readonly column: string;
      readonly op: '=' | '<>' | '<' | '<=' | '>' | '>=';
      readonly value: Exclude<Value, null>;
    }
  | { readonly column: string; readonly in: readonly Exclude<Value, null>[] }
  | { readonly column: string; readonly is: 'null' | 'not-null' }
  /** Text that has that text in it, upper and lower case alike. */
  | { readonly column: string; readonly contains: string }
  | { readonly all: readonly Condition[] }
  | { readonly any: readonly Condition[] };

export interface Select {
  readonly from: FleetKind;
  readonly columns: Readonly<Record<string, Expression>>;
  readonly where?: readonly Condition[];
  /** Names of `columns`. */
  readonly groupBy?: readonly string[];
  /** By names of `columns`; null comes last either way. */
  readonly orderBy?: readonly { readonly by: string; readonly descending?: boolean }[];
  readonly limit: number;
}

/** A part of the store that did not answer. */
export interface MissingPart {
  readonly kind: 'shard' | 'file';
  readonly name: string;
  /** For people. */
  readonly why: string;
}

export interface Answer {
  readonly rows: readonly Row[];
  readonly missing: readonly MissingPart[];
}

/** What somebody’s own SQL gave. */
export interface SqlAnswer {
  readonly columns: readonly { readonly name: string; readonly type: string }[];
  /** In the order of the columns. */
  readonly rows: readonly (readonly Value[])[];
  /** More rows than were asked for. */
  readonly isCut: boolean;
  readonly missing: readonly MissingPart[];
}

/** A capture, or a part of a live one: what is written, replaced and taken in as a whole. */
export interface UnitId {
  readonly capture: string;
  readonly segment: number;
}

/** Text that is made of whole lines, and how many. */
export interface Lines {
  readonly text: string;
  readonly rows: number;
}

export interface FleetStore {
  /** For people; without passwords. */
  readonly name: string;
  /** Parts that the rows are spread over; 1 for a folder. */
  readonly shards: number;
  /** @throws FleetError, or the signal's reason */
  ask(select: Select, signal: AbortSignal): Promise<Answer>;
  /**
   * Runs a statement that somebody wrote, which can only read the fleet's tables.
   * @throws FleetError 'bad-query' with the store's words
   */
  sql(
    statement: string,
    options: { readonly limit: number; readonly signal: AbortSignal },
  ): Promise<SqlAnswer>;
  /**
   * Whole rows of units as lines of ClickHouse’s TabSeparated, many in each text, for where rows go from one store into another by the
   * million. A store that has it not is asked for rows.
   * @param needed columns that no row may be without
   * @throws FleetError; whatever the store says of a file that it cannot read to its end, and then some rows may have been given
   */
  lines?(
    kind: FleetKind,
    units: readonly UnitId[],
    needed: readonly string[],
    signal: AbortSignal,
  ): AsyncIterable<Lines>;
  close(): Promise<void>;
}

export type FleetErrorCode = 'bad-query' | 'unreachable' | 'not-a-fleet' | 'not-installed' | 'failed';

/** What went wrong with a store, for people: what, where and what cures it. */
export class FleetError extends Error {
  readonly code: FleetErrorCode;

  constructor(code: FleetErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'FleetError';
    this.code = code;
  }
}

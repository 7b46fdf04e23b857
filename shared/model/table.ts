/** What is told of a capture as tables for other programs. */
export const TABLES = ['resets', 'flows', 'findings', 'failures', 'endpoints', 'packets'] as const;
export type TableName = (typeof TABLES)[number];

export const TABLE_FORMATS = ['csv', 'json', 'ndjson', 'parquet', 'zeek'] as const;
export type TableFormat = (typeof TABLE_FORMATS)[number];

/** A table to be exported. `zeek` is a conn.log, which only flows have. */
export interface TableSubject {
  readonly kind: 'table';
  readonly table: TableName;
  readonly format: TableFormat;
  /** Only rows that pass it; empty for all. */
  readonly filter: string;
}

/** How much of a table was written. */
export interface TableCounts {
  readonly written: number;
  /** Rows that the filter left out. */
  readonly leftOut: number;
  /** Rows that are counted but cannot be told any more: let go to keep memory bounded, or beyond what is kept one by one. */
  readonly gone: number;
}

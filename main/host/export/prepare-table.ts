/** A table as an export: it has one file, which is made while it is read. */
import { RpcError } from '../../../shared/contract/errors.ts';
import type { TableCounts, TableFormat, TableSubject } from '../../../shared/model/table.ts';
import type { Analysis } from '../analysis.ts';
import { TableExport, formatProblem } from '../tables/table-export.ts';
import { ensureRead, type ReadyExport } from './prepare-export.ts';

const ENDINGS: Readonly<Record<TableFormat, string>> = {
  csv: '.csv',
  json: '.json',
  ndjson: '.ndjson',
  parquet: '.parquet',
  zeek: '.log',
};
const NO_ROWS: TableCounts = { written: 0, leftOut: 0, gone: 0 };

export interface ReadyTable extends ReadyExport {
  /** What was written so far of the file that is read, whole once it was read to its end. */
  rows(): TableCounts;
}

/**
 * @param stem what the file is named after
 * @throws RpcError where nothing is read yet, or the table has no such format
 */
export function prepareTable(analysis: Analysis, subject: TableSubject, stem: string): ReadyTable {
  ensureRead(analysis);
  const problem = formatProblem(subject);
  if (problem !== null) throw new RpcError('bad-request', problem);
  let made: TableExport | undefined;
  return {
    told: {
      files: [{ name: `${stem}-${nameOf(subject)}`, packets: 0, bytes: null }],
      packets: 0,
      of: 0,
      verdicts: 0,
      changed: 0,
      widened: 0,
      replaced: [],
    },
    pieces: (_, signal) => {
      made = new TableExport(analysis, subject);
      return made.pieces(signal);
    },
    rows: () => made?.counts ?? NO_ROWS,
  };
}

/** Zeek's own name for its table of flows. */
function nameOf({ table, format }: TableSubject): string {
  return `${format === 'zeek' ? 'conn' : table}${ENDINGS[format]}`;
}

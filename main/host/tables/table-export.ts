/**
 * A table as bytes, piece by piece: what `export` writes to a file and pages read one piece after the other. Memory holds the ids of the
 * rows that pass, and one piece (of Parquet one row group).
 */
import { RpcError } from '../../../shared/contract/errors.ts';
import type { TableCounts, TableFormat, TableSubject } from '../../../shared/model/table.ts';
import type { FlowRecord } from '../../../shared/base/units.ts';
import type { Cell, TableContext } from '../../engine/tables/column.ts';
import { connEntry } from '../../engine/tables/conn-entry.ts';
import { CsvFormat, JsonFormat, type TextFormat } from '../../engine/tables/text-formats.ts';
import { zeekHeader, zeekLine } from '../../engine/tables/zeek-conn.ts';
import type { Analysis } from '../analysis.ts';
import { breather } from '../sliced-work.ts';
import { ParquetFormat } from './parquet.ts';
import { flowRecords, flowsOf, tableRows, type TableQuery } from './table-rows.ts';

/** Characters of a piece. */
const PIECE_CHARACTERS = 1 << 16;
/** Rows between two rests. */
const ROWS_BETWEEN_RESTS = 256;

/** Who exports a table: what was written so far can be asked for at any time, and is whole once all pieces were read. */
export class TableExport {
  readonly #analysis: Analysis;
  readonly #subject: TableSubject;
  #written = 0;
  #leftOut = 0;
  #gone = 0;

  constructor(analysis: Analysis, subject: TableSubject) {
    this.#analysis = analysis;
    this.#subject = subject;
  }

  get counts(): TableCounts {
    return { written: this.#written, leftOut: this.#leftOut, gone: this.#gone };
  }

  /** @throws RpcError 'bad-request' where the filter is wrong or the table has no such format, 'cancelled' */
  async *pieces(signal: AbortSignal): AsyncGenerator<Uint8Array> {
    const { table, format, filter } = this.#subject;
    const problem = formatProblem(this.#subject);
    if (problem !== null) throw new RpcError('bad-request', problem);
    const query = { analysis: this.#analysis, filter, signal, breathe: breather(signal) };
    if (format === 'zeek') {
      yield* encoded(this.#zeekLines(query));
      return;
    }
    const rows = await tableRows(table, query);
    this.#note(rows);
    const context = contextOf(this.#analysis);
    const cells = this.#counted(rows.cells(context), query);
    if (format === 'parquet') yield* parquetPieces(new ParquetFormat(rows.columns, context.epochNs), cells);
    else yield* encoded(lines(textFormat(format, rows.columns, context.epochNs), cells));
  }

  async *#zeekLines(query: TableQuery): AsyncGenerator<string> {
    const { session } = this.#analysis;
    const epochNs = session.clock.epochNs ?? 0n;
    const { records, ...left } = await flowRecords(query);
    this.#note(left);
    yield zeekHeader();
    const made = flowsOf(session, records, (flow: FlowRecord) => zeekLine(connEntry(session, flow), epochNs));
    yield* this.#counted(made, query);
  }

  #note({ leftOut, gone }: Pick<TableCounts, 'leftOut' | 'gone'>): void {
    this.#leftOut = leftOut;
    this.#gone = gone;
  }

  /** The rows that are still there, with rests in between. */
  async *#counted<Row>(
    rows: Iterable<Row | undefined> | AsyncIterable<Row | undefined>,
    { signal, breathe }: TableQuery,
  ): AsyncGenerator<Row> {
    let sinceRest = 0;
    for await (const row of rows) {
      if (signal.aborted) throw new RpcError('cancelled', 'cancelled');
      if (row === undefined) {
        this.#gone++;
        continue;
      }
      this.#written++;
      yield row;
      if (++sinceRest === ROWS_BETWEEN_RESTS) {
        sinceRest = 0;
        await breathe();
      }
    }
  }
}

/** Why a table cannot be had in a format, for people; null where it can. */
export function formatProblem({ table, format }: Pick<TableSubject, 'table' | 'format'>): string | null {
  if (format !== 'zeek' || table === 'flows') return null;
  return `Zeek’s conn.log is a table of flows; there is none of ${table}: choose csv, json, ndjson or parquet`;
}

function contextOf({ session }: Analysis): TableContext {
  const paths = session.files.map(({ path }) => path);
  return { epochNs: session.clock.epochNs ?? 0n, path: (file) => paths[file] ?? null };
}

function textFormat(
  format: Exclude<TableFormat, 'parquet' | 'zeek'>,
  columns: ConstructorParameters<typeof CsvFormat>[0],
  epochNs: bigint,
): TextFormat {
  return format === 'csv'
    ? new CsvFormat(columns, epochNs)
    : new JsonFormat(columns, epochNs, format === 'json');
}

async function* lines(format: TextFormat, rows: AsyncIterable<readonly Cell[]>): AsyncGenerator<string> {
  yield format.begin();
  for await (const cells of rows) yield format.line(cells);
  yield format.end();
}

/** Short texts put together to pieces, as UTF-8. */
async function* encoded(texts: AsyncIterable<string>): AsyncGenerator<Uint8Array> {
  const encoder = new TextEncoder();
  let pending = '';
  for await (const text of texts) {
    pending += text;
    if (pending.length < PIECE_CHARACTERS) continue;
    yield encoder.encode(pending);
    pending = '';
  }
  if (pending !== '') yield encoder.encode(pending);
}

async function* parquetPieces(
  format: ParquetFormat,
  rows: AsyncIterable<readonly Cell[]>,
): AsyncGenerator<Uint8Array> {
  for await (const cells of rows) {
    const bytes = format.row(cells);
    if (bytes !== undefined) yield bytes;
  }
  yield await format.end();
}

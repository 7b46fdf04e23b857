/** The rows of each table that pass a filter, in capture order, and how many it leaves out. */
import type { FlowId, FlowRecord, PacketNumber } from '../../../shared/base/units.ts';
import { RpcError } from '../../../shared/contract/errors.ts';
import type { FilterNode } from '../../../shared/filter/ast.ts';
import { parseFilter } from '../../../shared/filter/parse.ts';
import type { TableName } from '../../../shared/model/table.ts';
import type { FailureRow } from '../../../shared/model/failure.ts';
import { EndpointTotals } from '../../engine/answers/endpoints.ts';
import type { Breathe } from '../../engine/answers/ordering.ts';
import { ofRows } from '../../engine/select/of-rows.ts';
import {
  packetsOfFailures,
  packetsOfResets,
  passingFailures,
  passingFlows,
  passingResets,
} from '../../engine/select/passing.ts';
import { patternProblem } from '../../engine/select/regex.ts';
import type { Selection } from '../../engine/select/selection.ts';
import { selectorOf } from '../../engine/select/selector.ts';
import type { Cell, Column, TableContext } from '../../engine/tables/column.ts';
import { ENDPOINT_TABLE } from '../../engine/tables/endpoints.ts';
import { FAILURE_TABLE } from '../../engine/tables/failures.ts';
import { FINDING_TABLE } from '../../engine/tables/findings.ts';
import { FLOW_TABLE } from '../../engine/tables/flows.ts';
import { PACKET_TABLE } from '../../engine/tables/packets.ts';
import { RESET_TABLE } from '../../engine/tables/resets.ts';
import type { Analysis } from '../analysis.ts';
import { withBareLines } from '../bare-rows.ts';
import { answerOpen, numbersAmong, numbersOf } from '../filter-scan.ts';
import { PacketBytes } from '../packet-bytes.ts';

/** Rows of a table that pass, made into cells as they are asked for. */
export interface TableRows {
  readonly columns: readonly Pick<Column<never>, 'name' | 'type'>[];
  /** Rows that the filter leaves out. */
  readonly leftOut: number;
  /** Rows that are counted but not kept one by one. */
  readonly gone: number;
  /** In the order of the columns; undefined for a row that was let go meanwhile. */
  cells(context: TableContext): Iterable<Cells> | AsyncIterable<Cells>;
}
type Cells = readonly Cell[] | undefined;

export interface TableQuery {
  readonly analysis: Analysis;
  readonly filter: string;
  readonly signal: AbortSignal;
  readonly breathe: Breathe;
}

/** Packets made into rows at once. */
const PIECE = 1024;
/** Findings of a capture that are listed. */
const MOST_FINDINGS = 100_000;

/** @throws RpcError 'bad-request' where the filter is wrong, 'cancelled' */
export function tableRows(table: TableName, query: TableQuery): Promise<TableRows> {
  return MAKERS[table](query);
}

const MAKERS: Readonly<Record<TableName, (query: TableQuery) => Promise<TableRows>>> = {
  resets: resetRows,
  flows: flowRows,
  findings: findingRows,
  failures: failureRows,
  endpoints: endpointRows,
  packets: packetRows,
};

/** @param rows are asked for once; undefined for one that was let go */
function made<Row>(
  columns: readonly Column<Row>[],
  { leftOut, gone }: Pick<TableRows, 'leftOut' | 'gone'>,
  rows: () => Iterable<Row | undefined>,
): TableRows {
  return {
    columns,
    leftOut,
    gone,
    *cells(context) {
      for (const row of rows()) yield row && columns.map((column) => column.read(row, context));
    },
  };
}

async function resetRows(query: TableQuery): Promise<TableRows> {
  const { session } = query.analysis;
  const { ids, all } = await resetIds(query);
  const gone = session.summary().letGo?.resets ?? 0;
  return made(RESET_TABLE, { leftOut: all.length - ids.length, gone }, () =>
    each(ids, (id) => (session.hasReset(id) ? session.findAccount(id) : undefined)),
  );
}

async function resetIds(query: TableQuery): Promise<{ ids: Uint32Array; all: Uint32Array }> {
  const { session } = query.analysis;
  const all = session.resetIds();
  const selection = await select(query, (open) => packetsOfResets(session, all, open));
  const ids = selection === undefined ? all : await passingResets(session, selection, all, query.breathe);
  return { ids: once(session, ids), all: once(session, all) };
}

/** A reset that several captures hold is one, also where the filter holds for one of its sightings only. */
function once({ join }: Analysis['session'], ids: Uint32Array): Uint32Array {
  if (!join.isJoined) return ids;
  return Uint32Array.from(new Set(Array.from(ids, (id) => join.primary(id)))).sort();
}

async function flowRows(query: TableQuery): Promise<TableRows> {
  const { session } = query.analysis;
  const { records, ...left } = await flowRecords(query);
  return made(FLOW_TABLE, left, () => flowsOf(session, records, (flow) => session.flowRow(flow)));
}

/** Records of the flows that pass, by their start. */
export async function flowRecords(
  query: TableQuery,
): Promise<{ readonly records: Uint32Array; readonly leftOut: number; readonly gone: number }> {
  const { session } = query.analysis;
  const all = session.liveFlows();
  const selection = await select(query);
  const records = selection === undefined ? all : await passingFlows(session, selection, query.breathe);
  return { records, leftOut: all.length - records.length, gone: session.summary().letGo?.flows ?? 0 };
}

/** Flows may be let go while others are written. */
export function flowsOf<Row>(
  { flows }: Analysis['session'],
  records: Uint32Array,
  read: (flow: FlowRecord) => Row,
): Iterable<Row | undefined> {
  const ids = records.map((flow) => flows.id(flow as FlowRecord));
  return each(records, (flow: FlowRecord, i) =>
    flows.isLive(flow) && flows.id(flow) === ids[i] ? read(flow) : undefined,
  );
}

async function findingRows(query: TableQuery): Promise<TableRows> {
  const { session } = query.analysis;
  const { ids, all } = await resetIds(query);
  const isWhole = query.filter.trim() === '';
  const { list, total } = session.findings(ids, MOST_FINDINGS, isWhole);
  const leftOut = isWhole ? 0 : session.findings(all, 0, false).total - total;
  return made(FINDING_TABLE, { leftOut: Math.max(0, leftOut), gone: total - list.length }, () => list);
}

async function failureRows(query: TableQuery): Promise<TableRows> {
  const { session } = query.analysis;
  const { failures } = session;
  const rows = new Map<number, FailureRow>();
  for (const row of failures.eachRow()) {
    rows.set(row.id, row);
    if (rows.size % PIECE === 0) await query.breathe();
  }
  const ids = (): Iterable<FlowId> => rows.keys() as Iterable<FlowId>;
  const selection = await select(query, (breathe) => packetsOfFailures(session, ids(), breathe));
  const passing =
    selection === undefined
      ? Uint32Array.from(rows.keys())
      : await passingFailures(session, selection, [...rows.values()], query.breathe);
  passing.sort((a, b) => (rows.get(a)?.timeNs ?? 0) - (rows.get(b)?.timeNs ?? 0) || a - b);
  const gone = Math.max(0, failures.report().failures - rows.size);
  return made(FAILURE_TABLE, { leftOut: rows.size - passing.length, gone }, () =>
    each(passing, (id) => rows.get(id)),
  );
}

async function endpointRows(query: TableQuery): Promise<TableRows> {
  const { session } = query.analysis;
  const { records, leftOut } = await flowRecords(query);
  const totals = await EndpointTotals.of(session, 'address', records, query.breathe);
  const all =
    leftOut === 0 ? totals : await EndpointTotals.of(session, 'address', session.liveFlows(), query.breathe);
  const rows = Uint32Array.from({ length: totals.size }, (_, row) => row);
  // Of flows that were let go nobody knows how many addresses had no other.
  return made(ENDPOINT_TABLE, { leftOut: all.size - totals.size, gone: 0 }, () =>
    each(rows, (row) => totals.row(row)),
  );
}

/** Rows of packets come in pieces: what no flow knows is read from the file. */
async function packetRows(query: TableQuery): Promise<TableRows> {
  const { analysis, signal } = query;
  const { session } = analysis;
  const selection = await select(query, undefined, (node) => node);
  const first = session.packets.oldest;
  const kept = session.packets.next - first;
  const total = selection?.yes.size ?? kept;
  const bytes = new PacketBytes(analysis);
  const slice = (from: number): readonly PacketNumber[] =>
    selection === undefined
      ? Array.from({ length: Math.min(PIECE, kept - from) }, (_, i) => (first + from + i) as PacketNumber)
      : selection.yes.slice(from, PIECE);
  return {
    columns: PACKET_TABLE,
    leftOut: kept - total,
    gone: session.summary().letGo?.packets ?? 0,
    async *cells(context) {
      for (let from = 0; from < total; from += PIECE) {
        const rows = slice(from)
          .filter((packet) => session.packets.holds(packet))
          .map((packet) => session.packetRow(packet));
        for (const row of await withBareLines(session, bytes, rows, signal)) {
          yield PACKET_TABLE.map((column) => column.read(row, context));
        }
      }
    },
  };
}

/**
 * What passes, with everything that only packets' bytes tell; undefined for all.
 * @param deciding the packets that decide where not all do
 */
async function select(
  { analysis, filter, signal, breathe }: TableQuery,
  deciding?: (breathe: Breathe) => Promise<Uint32Array>,
  meaning: (node: FilterNode) => FilterNode = ofRows,
): Promise<Selection | undefined> {
  const parsed = parseFilter(filter);
  if (!parsed.ok) throw new RpcError('bad-request', parsed.error.message);
  if (parsed.value.kind === 'everything') return undefined;
  const problem = await patternProblem(parsed.value);
  if (problem !== undefined) throw new RpcError('bad-request', problem.message);
  const { session } = analysis;
  const selection = await selectorOf(session).select(
    meaning === ofRows ? `rows ${filter}` : filter,
    meaning(parsed.value),
    breathe,
  );
  if (selection.open.size > 0) {
    const numbers =
      deciding === undefined ? numbersOf(selection) : numbersAmong(selection, await deciding(breathe));
    await answerOpen(session, new PacketBytes(analysis), selection, numbers, signal);
    if (signal.aborted) throw new RpcError('cancelled', 'cancelled');
  }
  return selection;
}

function* each<Id extends number, Row>(ids: Uint32Array, read: (id: Id, i: number) => Row): Generator<Row> {
  for (let i = 0; i < ids.length; i++) yield read(ids[i] as Id, i);
}

/** What an analysis has to tell a fleet, as rows: of those flows, resets and failures that are chosen. */
import type { FlowRecord } from '../../../shared/base/units.ts';
import { endpointParts } from '../../../shared/format/endpoint.ts';
import type { FailureRow } from '../../../shared/model/failure.ts';
import type { FleetKind } from '../../../shared/fleet/tables.ts';
import { failureCells } from '../../engine/fleet/failure-cells.ts';
import { findingCells, RolledUpResets, type RolledUp } from '../../engine/fleet/finding-cells.ts';
import type { FleetCell, FleetContext } from '../../engine/fleet/fleet-row.ts';
import { flowCells } from '../../engine/fleet/flow-cells.ts';
import { resetCells, toldReset } from '../../engine/fleet/reset-cells.ts';
import type { Session } from '../../engine/session.ts';
import { madeRows, type FleetRows } from './fleet-rows.ts';

export interface Choice {
  /** Records of flows that have ended, or that nothing more will be told of. */
  readonly flows: Uint32Array;
  /** Records of flows that go on. */
  readonly openFlows: Uint32Array;
  /** Numbers of resets in the log, each as the capture saw it that is told of. */
  readonly resets: ArrayLike<number>;
  readonly failures: Iterable<FailureRow>;
  /** The case file that was kept of a reset; null for none. */
  caseName(reset: number): string | null;
}

export interface AnalysisRows {
  readonly flows: FleetRows;
  readonly openFlows: FleetRows;
  readonly resets: FleetRows;
  readonly findings: FleetRows;
  readonly failures: FleetRows;
  /** Resets that rows were made of so far, those of bursts each by itself. */
  readonly toldResets: number;
}

export function rowsOfAnalysis(session: Session, choice: Choice, context: FleetContext): AnalysisRows {
  const made = <Row>(
    kind: FleetKind,
    rows: Iterable<Row>,
    cells: (row: Row) => readonly FleetCell[],
  ): FleetRows => madeRows(kind, Array.from(rows, cells));
  const resets = new ResetRows(session, choice, context);
  return {
    flows: flowRows('flows', session, choice.flows, context),
    openFlows: flowRows('open_flows', session, choice.openFlows, context),
    resets,
    findings: made('findings', resets.rolledUp, (one) => findingCells(one, context)),
    failures: made('failures', choice.failures, (one) => failureCells(session, one, context)),
    get toldResets() {
      return resets.told;
    },
  };
}

/** Each is judged twice, for its finding and when its row is its turn: a million accounts would not fit memory. */
class ResetRows implements FleetRows {
  readonly kind = 'resets';
  told = 0;
  readonly #session: Session;
  readonly #choice: Choice;
  readonly #context: FleetContext;
  readonly #ids: number[] = [];
  readonly #times: number[] = [];
  readonly #servers: string[] = [];
  readonly #rolledUp: RolledUpResets;

  constructor(session: Session, choice: Choice, context: FleetContext) {
    this.#session = session;
    this.#choice = choice;
    this.#context = context;
    this.#rolledUp = new RolledUpResets(context.epochNs);
    for (const id of Array.from(choice.resets)) {
      const told = toldReset(session, id, context, choice.caseName(id));
      if (told === undefined) continue;
      this.#ids.push(id);
      this.#times.push(told.timeNs);
      this.#servers.push(told.server);
      this.#rolledUp.add(told);
    }
  }

  get rolledUp(): readonly RolledUp[] {
    return this.#rolledUp.all;
  }

  get count(): number {
    return this.#ids.length;
  }

  timeNs(index: number): bigint {
    return this.#context.epochNs + BigInt(Math.round(this.#times[index]));
  }

  server(index: number): string {
    return this.#context.disguise.address(endpointParts(this.#servers[index]).address);
  }

  port(index: number): number {
    return endpointParts(this.#servers[index]).port ?? 0;
  }

  cells(index: number): FleetCell[] | undefined {
    const id = this.#ids[index];
    const told = toldReset(this.#session, id, this.#context, this.#choice.caseName(id));
    if (told === undefined) return undefined;
    this.told += told.count;
    return resetCells(told, this.#context);
  }
}

/** Of flows there may be millions: each is read when it is its turn, and may have been let go by then. */
function flowRows(
  kind: 'flows' | 'open_flows',
  session: Session,
  records: Uint32Array,
  context: FleetContext,
): FleetRows {
  const { flows, flowView } = session;
  const ids = records.map((flow) => flows.id(flow as FlowRecord));
  const at = (index: number): FlowRecord => records[index] as FlowRecord;
  return {
    kind,
    count: records.length,
    timeNs: (index) => context.epochNs + BigInt(Math.round(flowView.firstTime(at(index)))),
    server: (index) => context.disguise.address(flowView.address(at(index), 1)),
    port: (index) => flowView.port(at(index), 1),
    cells: (index) =>
      flows.isLive(at(index)) && flows.id(at(index)) === ids[index]
        ? flowCells(session, at(index), context)
        : undefined,
  };
}

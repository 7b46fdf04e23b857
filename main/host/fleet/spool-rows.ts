/**
 * Rows of a running capture on their way into its next segment: of flows and resets that are let go of, made while they are still
 * there, and of flows that have ended.
 *
 * Invariants
 * - Each flow and each reset has one row over all segments, or is counted as untold. A flow whose row was made and that goes on all the
 *   same, against all expectation, is counted as untold as well: its row is not the whole truth.
 * - At most MOST_FLOWS, MOST_RESETS and MOST_FAILURES rows wait; what comes beyond is counted as untold.
 */
import type { FlowRecord } from '../../../shared/base/units.ts';
import type { ResetAccount } from '../../../shared/model/capture.ts';
import { FLEET_TABLES, type FleetKind } from '../../../shared/fleet/tables.ts';
import type { ToldEnding } from '../../engine/endings/book.ts';
import { failureCells } from '../../engine/fleet/failure-cells.ts';
import { findingCells, RolledUpResets, type RolledReset } from '../../engine/fleet/finding-cells.ts';
import type { FleetCell, FleetContext } from '../../engine/fleet/fleet-row.ts';
import { flowCells } from '../../engine/fleet/flow-cells.ts';
import { resetCells, toldReset, type ResetStores } from '../../engine/fleet/reset-cells.ts';
import { LAST_PACKET, LAST_TIME, META, SEEN, SEEN_AFTER_RST, isTcp } from '../../engine/flow/record.ts';
import { isOver } from '../../engine/retention/is-over.ts';
import type { LeavingWatcher } from '../../engine/retention/leaving.ts';
import type { Session } from '../../engine/session.ts';
import { madeRows, type FleetRows } from './fleet-rows.ts';

/** Where rows are at half of these, a segment does not wait for its time. */
const MOST_FLOWS = 131_072;
const MOST_RESETS = 32_768;
const MOST_FAILURES = 32_768;

/**
 * A connection that is closed, or whose SYN nobody answers, is told of after so long without a packet: longer than TIME-WAIT and than the
 * longest pause between two tries of a SYN in Linux, Windows and macOS.
 */
const CLOSED_QUIET_NS = 130e9;
/** The same for what has no end that could be seen: UDP, and connections that have failed. */
const ENDLESS_QUIET_NS = 300e9;
/** Flows looked at between two rests. */
const LOOKED_AT_TOGETHER = 512;

interface WaitingReset extends Omit<RolledReset, 'caseName'> {
  readonly cells: FleetCell[];
}

/** What one segment has to tell so far. */
class Waiting {
  readonly flows: (readonly FleetCell[])[] = [];
  readonly failures: (readonly FleetCell[])[] = [];
  readonly resets: WaitingReset[] = [];
  /** Resets that were settled, those of bursts each by itself, and those of them and flows that have no row. */
  settledResets = 0;
  untold = 0;
}

export interface SegmentRows {
  readonly rows: readonly FleetRows[];
  readonly settledResets: number;
  readonly untold: number;
}

export class SpoolRows {
  readonly #session: Session;
  readonly #contextOf: (segment: number) => FleetContext;
  #segment = 0;
  #context: FleetContext;
  #waiting = new Waiting();
  /** By record: the newest packet of a flow whose row was made, + 1; 0 for the others. */
  #told = new Uint32Array(1024);

  constructor(session: Session, contextOf: (segment: number) => FleetContext) {
    this.#session = session;
    this.#contextOf = contextOf;
    this.#context = contextOf(0);
  }

  /** Of the segment that rows are made for. */
  get context(): FleetContext {
    return this.#context;
  }

  get isFull(): boolean {
    const { flows, resets } = this.#waiting;
    return flows.length >= MOST_FLOWS / 2 || resets.length >= MOST_RESETS / 2;
  }

  readonly watcher: LeavingWatcher = {
    flow: (flow, ended) => {
      if (!this.#forget(flow)) this.#tellFlow(flow, ended);
    },
    reset: (account) => {
      this.#tellReset(account);
    },
    unjudged: (resets) => {
      this.#waiting.settledResets += resets;
      this.#waiting.untold += resets;
    },
  };

  /**
   * Makes rows of flows that have ended: of which nothing came for long before a time, and nothing is to be expected.
   * @param beforeNs of the capture's clock, since its epoch @param rest lets others work
   */
  async tellEnded(beforeNs: number, rest: () => Promise<void>): Promise<void> {
    const { flows, endings } = this.#session;
    const all = this.#session.liveFlows();
    for (const [index, record] of all.entries()) {
      if (index % LOOKED_AT_TOGETHER === LOOKED_AT_TOGETHER - 1) await rest();
      const flow = record as FlowRecord;
      // While others worked, it may have gone, or another one may have taken its record.
      if (!flows.isLive(flow) || this.#isTold(flow) || this.isFull) continue;
      if (!this.#hasEnded(flow, beforeNs)) continue;
      const ended = endings.tell(flow);
      // Where no packet of any flow came since, the analysis does not know yet that nothing came of this one.
      if (ended?.ending === 'open') continue;
      this.#tellFlow(flow, ended);
      this.#noteTold(flow);
    }
  }

  /** No more packets come: makes all flows that are left ended ones. @returns their rows, which are made when they are written */
  async tellRest(rest: () => Promise<void>): Promise<FleetRows> {
    const { endings } = this.#session;
    const left: FlowRecord[] = [];
    const ends: (string | null)[] = [];
    for (const [index, record] of this.#session.liveFlows().entries()) {
      if (index % LOOKED_AT_TOGETHER === LOOKED_AT_TOGETHER - 1) await rest();
      const flow = record as FlowRecord;
      if (this.#forget(flow)) continue;
      const ended = endings.tell(flow);
      left.push(flow);
      ends.push(ended?.ending ?? null);
      this.#tellFailure(ended);
    }
    return this.#rowsOf('flows', left, ends);
  }

  /** Rows of the flows that go on, made when they are written. */
  openFlows(): FleetRows {
    const left = [...this.#session.liveFlows()] as FlowRecord[];
    const open = left.filter((flow) => !this.#isTold(flow));
    return this.#rowsOf('open_flows', open, undefined);
  }

  /**
   * What there is, and begins with the next segment.
   * @param caseName the file that is kept of a reset, by the reset's number
   */
  take(caseName: (reset: number) => string | null): SegmentRows {
    const { flows, failures, resets, settledResets, untold } = this.#waiting;
    const context = this.#context;
    this.#waiting = new Waiting();
    this.#context = this.#contextOf(++this.#segment);
    const rolledUp = new RolledUpResets(context.epochNs);
    for (const { cells, ...reset } of resets) {
      const name = caseName(reset.id);
      cells[CASE_NAME] = name;
      rolledUp.add({ ...reset, caseName: name });
    }
    const findings = rolledUp.all.map((rolled) => findingCells(rolled, context));
    return {
      rows: [
        madeRows('flows', flows),
        madeRows(
          'resets',
          resets.map(({ cells }) => cells),
        ),
        madeRows('findings', findings),
        madeRows('failures', failures),
      ],
      settledResets,
      untold,
    };
  }

  #hasEnded(flow: FlowRecord, beforeNs: number): boolean {
    const { flows, endings } = this.#session;
    const quietNs = beforeNs - flows.double(flow, LAST_TIME);
    if (quietNs < CLOSED_QUIET_NS) return false;
    if (!isTcp(flows.word(flow, META))) return quietNs >= ENDLESS_QUIET_NS;
    const seen = flows.directionWord(flow, 0, SEEN) | flows.directionWord(flow, 1, SEEN);
    // Whoever goes on after a reset has not obeyed it.
    if (isOver(flows, flow) && (seen & SEEN_AFTER_RST) === 0) return true;
    const failure = endings.failure(flows.id(flow));
    return failure !== undefined && !failure.recovered && quietNs >= ENDLESS_QUIET_NS;
  }

  #tellFlow(flow: FlowRecord, ended: ToldEnding | undefined): void {
    if (this.#waiting.flows.length >= MOST_FLOWS) {
      this.#waiting.untold++;
      return;
    }
    this.#waiting.flows.push(withEnding(this.#flowCells(flow), ended?.ending ?? null));
    this.#tellFailure(ended);
  }

  #flowCells(flow: FlowRecord): FleetCell[] {
    return flowCells(this.#session, flow, this.#context);
  }

  #tellFailure(ended: ToldEnding | undefined): void {
    const { failures } = this.#waiting;
    const failure = ended?.failure() ?? null;
    if (failure === null) return;
    if (failures.length < MOST_FAILURES) failures.push(failureCells(this.#session, failure, this.#context));
    else this.#waiting.untold++;
  }

  #tellReset(account: ResetAccount): void {
    const waiting = this.#waiting;
    const { id } = account.row;
    waiting.settledResets += account.row.count;
    const told =
      waiting.resets.length < MOST_RESETS
        ? toldReset(storesWith(this.#session, account), id, this.#context, null)
        : undefined;
    if (told === undefined) {
      waiting.untold += account.row.count;
      return;
    }
    const { timeNs, count, client, server, serverName } = told;
    const { claimed, origin, cause, matters } = account.verdict;
    waiting.resets.push({
      ...{ id, timeNs, count, client, server, serverName },
      // Not the whole account, of which thousands would take the memory that the analysis should have.
      account: { verdict: { claimed, origin, cause, matters } },
      cells: resetCells(told, this.#context),
    });
  }

  /** @param ends how each of them ended; undefined where the newest sweep of the analysis tells */
  #rowsOf(
    kind: 'flows' | 'open_flows',
    records: readonly FlowRecord[],
    ends: readonly (string | null)[] | undefined,
  ): FleetRows {
    const { flows, flowView } = this.#session;
    const context = this.#context;
    const ids = records.map((flow) => flows.id(flow));
    const starts = Float64Array.from(records, (flow) => flowView.firstTime(flow));
    const isThere = (index: number): boolean =>
      flows.isLive(records[index]) && flows.id(records[index]) === ids[index];
    return {
      kind,
      count: records.length,
      timeNs: (index) => context.epochNs + BigInt(Math.round(starts[index])),
      server: (index) =>
        isThere(index) ? context.disguise.address(flowView.address(records[index], 1)) : '',
      port: (index) => (isThere(index) ? flowView.port(records[index], 1) : 0),
      cells: (index) => {
        if (!isThere(index)) return undefined;
        const cells = flowCells(this.#session, records[index], context);
        return ends === undefined ? cells : withEnding(cells, ends[index]);
      },
    };
  }

  #isTold(flow: FlowRecord): boolean {
    return flow < this.#told.length && this.#told[flow] !== 0;
  }

  #noteTold(flow: FlowRecord): void {
    if (flow >= this.#told.length) {
      const longer = new Uint32Array(Math.max(flow + 1, 2 * this.#told.length));
      longer.set(this.#told);
      this.#told = longer;
    }
    this.#told[flow] = this.#lastPacket(flow) + 1;
  }

  /** Its record may be another flow's from now on. @returns whether its row was made; if it went on since, that is counted */
  #forget(flow: FlowRecord): boolean {
    if (!this.#isTold(flow)) return false;
    if (this.#told[flow] !== this.#lastPacket(flow) + 1) this.#waiting.untold++;
    this.#told[flow] = 0;
    return true;
  }

  #lastPacket(flow: FlowRecord): number {
    return this.#session.flows.word(flow, LAST_PACKET) >>> 0;
  }
}

const ENDING = placeOf('flows', 'ending');
const CASE_NAME = placeOf('resets', 'case_name');

function placeOf(kind: FleetKind, name: string): number {
  return FLEET_TABLES[kind].findIndex((column) => column.name === name);
}

/** The sweep of the analysis knows a flow that is let go of no more, and one that just ended not yet. */
function withEnding(cells: FleetCell[], ending: string | null): FleetCell[] {
  cells[ENDING] = ending;
  return cells;
}

/** The session with the account of one reset at hand, which of a flood's noise is not kept. */
function storesWith(session: Session, account: ResetAccount): ResetStores {
  const { flows, flowView, packets, resets, resetView } = session;
  return {
    ...{ flows, flowView, packets, resets, resetView },
    findAccount: () => account,
    flowRow: (flow) => session.flowRow(flow),
    flowPackets: (flow) => session.flowPackets(flow),
    hints: (flow) => session.hints(flow),
    name: (flow, direction) => session.name(flow, direction),
  };
}

/**
 * Sorted and filtered lists of the open analysis, kept until the analysis changes: a list that is scrolled asks for
 * many windows of the same order.
 */
import { ensure } from '../../shared/base/assert.ts';
import type { FlowId, FlowRecord } from '../../shared/base/units.ts';
import type { FailureColumn, FlowColumn, ResetColumn, SortDirection } from '../../shared/contract/methods.ts';
import { RpcError } from '../../shared/contract/errors.ts';
import type { FilterNode } from '../../shared/filter/ast.ts';
import { parseFilter } from '../../shared/filter/parse.ts';
import type { Looked } from '../../shared/model/looked.ts';
import type { FailureRow } from '../../shared/model/failure.ts';
import { patternProblem } from '../engine/select/regex.ts';
import type { PacketSet } from '../engine/select/packet-set.ts';
import type { Selection } from '../engine/select/selection.ts';
import type { Session } from '../engine/session.ts';
import type { Breathe } from '../engine/answers/ordering.ts';
import { sortIds } from '../engine/answers/ordering.ts';
import { failureKey, flowKey, resetKey } from '../engine/answers/sort-keys.ts';
import { ofRows } from '../engine/select/of-rows.ts';
import {
  packetsOfFailures,
  packetsOfResets,
  passingFailures,
  passingFlows,
  passingResets,
} from '../engine/select/passing.ts';
import type { FilterScans, Scope } from './filter-scan.ts';
import { KeptAnswers } from './kept-answers.ts';
import { breather } from './sliced-work.ts';
import { selectorOf } from '../engine/select/selector.ts';

/** Lists kept: the few that a person switches between. */
const MAX_LISTS = 8;

/** Failures read out of their texts between two rests. */
const FAILURES = 256;

/** Lists of rows that a filter holds for by the packets of each. */
export type FilteredRows = 'resets' | 'flows' | 'failures';

export class ListCache {
  readonly #session: Session;
  readonly #lists: KeptAnswers<Uint32Array>;
  /** Ids of the flows of a list, where flows may be let go while it is kept. */
  readonly #flowIds = new WeakMap<Uint32Array, Uint32Array>();

  /** What lists were made with, and the packets that decide on them where not all do, by kind of list and filter. */
  readonly #made = new Map<string, { readonly selection: Selection; readonly scope: Scope | undefined }>();
  readonly #scans: FilterScans | undefined;

  /** @param scans reads the bytes that filters ask for; without it they stay open */
  constructor(session: Session, scans?: FilterScans) {
    this.#session = session;
    this.#lists = new KeptAnswers(session, MAX_LISTS);
    this.#scans = scans;
  }

  async resets(
    column: ResetColumn,
    direction: SortDirection,
    filter: string,
    signal: AbortSignal,
  ): Promise<Uint32Array> {
    const session = this.#session;
    const list = await this.#lists.get(`resets ${column} ${direction} ${filter}`, signal, async (breathe) => {
      const selection = await this.#select(filter, breathe);
      const all = session.resetIds();
      if (selection !== undefined)
        this.#noteMade(
          'resets',
          filter,
          selection,
          await scopeOf(selection, () => packetsOfResets(session, all, breathe)),
        );
      const ids = selection === undefined ? all : await passingResets(session, selection, all, breathe);
      // Capture order is the order of ids.
      if (column === 'frame' && direction === 'ascending') return ids;
      const keyOf = (id: number) => (session.hasReset(id) ? resetKey(session, column, id) : 0);
      return sortIds(ids, keyOf, direction === 'descending', breathe);
    });
    return this.#isBounded ? list.filter((id) => session.hasReset(id)) : list;
  }

  /** Records of flows. */
  async flows(
    column: FlowColumn,
    direction: SortDirection,
    filter: string,
    signal: AbortSignal,
  ): Promise<Uint32Array> {
    const session = this.#session;
    const { flows } = session;
    const list = await this.#lists.get(`flows ${column} ${direction} ${filter}`, signal, async (breathe) => {
      const selection = await this.#select(filter, breathe);
      const all = session.liveFlows();
      if (selection !== undefined) this.#noteMade('flows', filter, selection);
      const ids = selection === undefined ? all : await passingFlows(session, selection, breathe);
      const sorted = await sortIds(
        ids,
        (flow: FlowRecord) => flowKey(session, column, flow),
        direction === 'descending',
        breathe,
      );
      if (this.#isBounded)
        this.#flowIds.set(
          sorted,
          sorted.map((flow) => flows.id(flow as FlowRecord)),
        );
      return sorted;
    });
    // A flow that was let go leaves its record to another one, which then has another id.
    const ids = this.#flowIds.get(list);
    return ids === undefined
      ? list
      : list.filter((flow, i) => flows.isLive(flow as FlowRecord) && flows.id(flow as FlowRecord) === ids[i]);
  }

  /** Ids of the flows that failed without a reset and whose accounts are kept. */
  failures(
    column: FailureColumn,
    direction: SortDirection,
    filter: string,
    signal: AbortSignal,
  ): Promise<Uint32Array> {
    return this.#lists.get(`failures ${column} ${direction} ${filter}`, signal, async (breathe) => {
      const { failures } = this.#session;
      const selection = await this.#select(filter, breathe);
      const isOrdered = column === 'importance' && direction === 'ascending';
      if (isOrdered && selection === undefined) return failures.ids();
      // As they are now: some may be let go between two breaths.
      const rows = new Map<number, FailureRow>();
      for (const row of failures.eachRow()) {
        rows.set(row.id, row);
        if (rows.size % FAILURES === 0) await breathe();
      }
      if (selection !== undefined) {
        const ids = rows.keys() as Iterable<FlowId>;
        const packets = await scopeOf(selection, () => packetsOfFailures(this.#session, ids, breathe));
        this.#noteMade('failures', filter, selection, packets);
      }
      const rowOf = (id: FlowId): FailureRow => ensure(rows.get(id), 'every id is a key');
      const ids =
        selection === undefined
          ? Uint32Array.from(rows.keys())
          : await passingFailures(this.#session, selection, [...rows.values()], breathe);
      if (isOrdered) return ids;
      return sortIds(ids, (id: FlowId) => failureKey(column, rowOf(id)), direction === 'descending', breathe);
    });
  }

  /** The packets that decide on a list of rows, as far as the filter has looked; undefined for all. */
  async passing(filter: string, signal: AbortSignal): Promise<PacketSet | undefined> {
    const selection = await this.#select(filter, breather(signal));
    if (selection !== undefined) this.#scans?.looked(selection);
    return selection?.yes;
  }

  /** When each failure that passes began to fail, nanoseconds. */
  async failureTimes(filter: string, signal: AbortSignal): Promise<readonly number[]> {
    const { failures } = this.#session;
    if (filter.trim() === '') return Array.from(failures.times(), ({ timeNs }) => timeNs);
    const passing = new Set(await this.failures('importance', 'ascending', filter, signal));
    return Array.from(failures.times())
      .filter(({ id }) => passing.has(id))
      .map(({ timeNs }) => timeNs);
  }

  /** What passes a filter, as far as it is known; undefined for all. */
  async #select(filter: string, breathe: Breathe): Promise<Selection | undefined> {
    const node = compile(filter);
    if (node === undefined) return undefined;
    const problem = await patternProblem(node);
    if (problem !== undefined) throw new RpcError('bad-request', problem.message);
    return selectorOf(this.#session).select(`rows ${filter}`, ofRows(node), breathe);
  }

  /** @param packets those that decide, where not all do */
  #noteMade(list: FilteredRows, filter: string, selection: Selection, packets?: Uint32Array): void {
    const scope = packets === undefined ? undefined : { name: list, packets };
    const key = `${list} ${filter}`;
    this.#made.delete(key);
    this.#made.set(key, { selection, scope });
    for (const oldest of this.#made.keys()) {
      if (this.#made.size <= MAX_LISTS) break;
      this.#made.delete(oldest);
    }
  }

  /** How far the filter is that a list was made with; undefined where it looked at everything that decides. */
  looked(list: FilteredRows, filter: string): Looked | undefined {
    const made = this.#made.get(`${list} ${filter}`);
    return made === undefined ? undefined : this.#scans?.looked(made.selection, made.scope);
  }

  get #isBounded(): boolean {
    return this.#session.isBounded;
  }

  /** The analysis ended: what was kept for being fresh enough is no longer. */
  clear(): void {
    this.#lists.clear();
  }
}

/** The packets that decide on a list, asked for only where some are open. */
function scopeOf(
  selection: Selection,
  packets: () => Promise<Uint32Array>,
): Promise<Uint32Array> | undefined {
  return selection.open.size > 0 ? packets() : undefined;
}

/** @returns undefined for the filter that everything passes @throws RpcError 'bad-request' where it is wrong */
function compile(filter: string): FilterNode | undefined {
  const parsed = parseFilter(filter);
  if (!parsed.ok) throw new RpcError('bad-request', parsed.error.message);
  return parsed.value.kind === 'everything' ? undefined : parsed.value;
}

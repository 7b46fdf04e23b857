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
import { monotonicMs } from './monotonic.ts';
import { selectorOf } from '../engine/select/selector.ts';

/** Lists kept: the few that a person switches between. */
const MAX_LISTS = 8;
/** A slice of sorting or filtering before other calls get their turn. */
const BREATH_MS = 12;

/** While packets come in, a list is remade only after this many times the work that it took to make, */
const FRESH_FACTOR = 8;
/** but not later than this. */
const MAX_FRESH_MS = 1000;

/** Lists of rows that a filter holds for by the packets of each. */
export type FilteredRows = 'resets' | 'flows' | 'failures';

interface KeptList {
  readonly revision: number;
  readonly ids: Promise<Uint32Array>;
  freshUntil: number;
}

export class ListCache {
  readonly #session: Session;
  readonly #lists = new Map<string, KeptList>();
  /** Ids of the flows of a list, where flows may be let go while it is kept. */
  readonly #flowIds = new WeakMap<Uint32Array, Uint32Array>();

  /** What lists were made with, and the packets that decide on them where not all do, by kind of list and filter. */
  readonly #made = new Map<string, { readonly selection: Selection; readonly scope: Scope | undefined }>();
  readonly #scans: FilterScans | undefined;

  /** @param scans reads the bytes that filters ask for; without it they stay open */
  constructor(session: Session, scans?: FilterScans) {
    this.#session = session;
    this.#scans = scans;
  }

  async resets(
    column: ResetColumn,
    direction: SortDirection,
    filter: string,
    signal: AbortSignal,
  ): Promise<Uint32Array> {
    const session = this.#session;
    const list = await this.#list(`resets ${column} ${direction} ${filter}`, signal, async (breathe) => {
      const selection = await this.#select(filter, breathe);
      const all = session.resetIds();
      if (selection !== undefined)
        this.#noteMade('resets', filter, selection, () => packetsOfResets(session, all));
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
    const list = await this.#list(`flows ${column} ${direction} ${filter}`, signal, async (breathe) => {
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
    return this.#list(`failures ${column} ${direction} ${filter}`, signal, async (breathe) => {
      const { failures } = this.#session;
      const selection = await this.#select(filter, breathe);
      const isOrdered = column === 'importance' && direction === 'ascending';
      if (isOrdered && selection === undefined) return failures.ids();
      // As they are now: some may be let go between two breaths.
      const rows = new Map<number, FailureRow>();
      for (const { row } of failures.accounts()) rows.set(row.id, row);
      if (selection !== undefined) {
        const packets =
          selection.open.size === 0
            ? new Uint32Array(0)
            : await packetsOfFailures(this.#session, rows.keys() as Iterable<FlowId>, breathe);
        this.#noteMade('failures', filter, selection, () => packets);
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

  /** @param packets asked for where there are open ones */
  #noteMade(list: FilteredRows, filter: string, selection: Selection, packets?: () => Uint32Array): void {
    const isScoped = packets !== undefined && selection.open.size > 0;
    const scope = isScoped ? { name: list, packets: packets() } : undefined;
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

  #list(
    key: string,
    signal: AbortSignal,
    make: (breathe: Breathe) => Promise<Uint32Array>,
  ): Promise<Uint32Array> {
    const revision = this.#session.revision;
    const asked = monotonicMs();
    const kept = this.#lists.get(key);
    if (kept !== undefined && (kept.revision === revision || asked < kept.freshUntil)) return kept.ids;
    const work = new SlicedWork(signal);
    const ids = make(work.breathe);
    const list: KeptList = { revision, ids, freshUntil: asked };
    this.#lists.delete(key);
    this.#lists.set(key, list);
    ids.then(
      () => {
        list.freshUntil = monotonicMs() + Math.min(MAX_FRESH_MS, FRESH_FACTOR * work.spentMs());
      },
      // One that failed or was cancelled must not be served again.
      () => {
        if (this.#lists.get(key) === list) this.#lists.delete(key);
      },
    );
    for (const oldest of this.#lists.keys()) {
      if (this.#lists.size <= MAX_LISTS) break;
      this.#lists.delete(oldest);
    }
    return ids;
  }

  /** The analysis ended: what was kept for being fresh enough is no longer. */
  clear(): void {
    this.#lists.clear();
  }
}

/** @returns undefined for the filter that everything passes @throws RpcError 'bad-request' where it is wrong */
function compile(filter: string): FilterNode | undefined {
  const parsed = parseFilter(filter);
  if (!parsed.ok) throw new RpcError('bad-request', parsed.error.message);
  return parsed.value.kind === 'everything' ? undefined : parsed.value;
}

/** Rests between slices of work that somebody may no longer want. */
export function breather(signal: AbortSignal): Breathe {
  return new SlicedWork(signal).breathe;
}

/** Work in slices: others get their turn in between, and what they take is not counted. */
export class SlicedWork {
  readonly #signal: AbortSignal;
  #since = monotonicMs();
  #spentBefore = 0;

  constructor(signal: AbortSignal) {
    this.#signal = signal;
  }

  spentMs(): number {
    return this.#spentBefore + monotonicMs() - this.#since;
  }

  readonly breathe: Breathe = async () => {
    if (monotonicMs() - this.#since < BREATH_MS) return;
    this.#spentBefore = this.spentMs();
    await new Promise((resolve) => setImmediate(resolve));
    if (this.#signal.aborted) throw new RpcError('cancelled', 'cancelled');
    this.#since = monotonicMs();
  };
}

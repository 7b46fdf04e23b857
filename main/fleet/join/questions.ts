/** The questions of the join, in lists of bounded length: a fleet’s tables are larger than memory, and so would their answers be. */
import type { Asking } from '../questions/asking.ts';
import type { Condition, MissingPart, Row, Select, Value } from '../store.ts';
import {
  columnsOf,
  FLOW_COLUMNS,
  type FlowFacts,
  flowFacts,
  RESET_COLUMNS,
  type ResetFacts,
  resetFacts,
  SEGMENT_COLUMNS,
  type SegmentFacts,
  segmentFacts,
} from './facts.ts';

/** Values in one list of a question. */
const MOST_IN_LIST = 500;
/** Conditions that one question joins by “or”. */
const MOST_ALTERNATIVES = 100;
/** Rows that one question brings. What goes beyond is cut, and said. */
export const MOST_ROWS = 20_000;

const FLOW_KINDS = ['flows', 'open_flows'] as const;

/** Asks for the rows of the join; what did not answer is remembered, and whether an answer was cut. */
export class Asker {
  isCut = false;
  readonly #asking: Asking;

  constructor(asking: Asking) {
    this.#asking = asking;
  }

  get missing(): readonly MissingPart[] {
    return this.#asking.missing;
  }

  /** @param select without a limit it is for all rows, and an answer that is cut does not go unnoticed */
  async rows(select: Omit<Select, 'limit'> & { readonly limit?: number }): Promise<readonly Row[]> {
    const limit = select.limit ?? MOST_ROWS;
    const rows = await this.#asking.rows({ ...select, limit });
    if (select.limit === undefined && rows.length >= limit) this.isCut = true;
    return rows;
  }

  /** Flows, ended and open. One that is in both tables has ended since the list of open ones was made. */
  async flows(where: readonly Condition[]): Promise<readonly FlowFacts[]> {
    const found = new Map<string, FlowFacts>();
    for (const from of FLOW_KINDS) {
      const rows = await this.rows({ from, columns: columnsOf(from, FLOW_COLUMNS), where });
      for (const row of rows) {
        const flow = flowFacts(row, from === 'open_flows');
        const id = `${flow.capture}/${flow.flow}`;
        if (!found.has(id)) found.set(id, flow);
      }
    }
    return [...found.values()];
  }

  /** By the time of their SYN, so many of those that have ended and so many of those that have not. */
  async flowsBySyn(
    where: readonly Condition[],
    { descending, limit }: { readonly descending: boolean; readonly limit: number },
  ): Promise<readonly FlowFacts[]> {
    const found: FlowFacts[] = [];
    for (const from of FLOW_KINDS) {
      const columns = columnsOf(from, FLOW_COLUMNS);
      const rows = await this.rows({
        from,
        columns,
        where,
        orderBy: [{ by: 'syn_time', descending }],
        limit,
      });
      found.push(...rows.map((row) => flowFacts(row, from === 'open_flows')));
    }
    return found;
  }

  async flowsIn(
    column: string,
    values: readonly Exclude<Value, null>[],
    also: readonly Condition[] = [],
  ): Promise<readonly FlowFacts[]> {
    const found: FlowFacts[] = [];
    for (const some of batches([...new Set(values)], MOST_IN_LIST)) {
      found.push(...(await this.flows([{ column, in: some }, ...also])));
    }
    return found;
  }

  /** Each flow once, however many of the alternatives it meets: they are asked for in several questions. */
  async flowsOfAny(alternatives: readonly Condition[]): Promise<readonly FlowFacts[]> {
    const found = new Map<string, FlowFacts>();
    for (const any of batches(alternatives, MOST_ALTERNATIVES))
      for (const flow of await this.flows([{ any }])) found.set(`${flow.capture}/${flow.flow}`, flow);
    return [...found.values()];
  }

  /** Each reset once: they are counted. */
  async resetsOfAny(alternatives: readonly Condition[]): Promise<readonly ResetFacts[]> {
    const found = new Map<string, ResetFacts>();
    for (const any of batches(alternatives, MOST_ALTERNATIVES)) {
      const rows = await this.rows({
        from: 'resets',
        columns: columnsOf('resets', RESET_COLUMNS),
        where: [{ any }],
      });
      for (const reset of rows.map(resetFacts))
        found.set(`${reset.capture}/${reset.segment}/${reset.reset}`, reset);
    }
    return [...found.values()];
  }

  /** Each segment once: one that is there twice would look as if the one between were missing. */
  async segmentsOfAny(alternatives: readonly Condition[]): Promise<readonly SegmentFacts[]> {
    const found = new Map<string, SegmentFacts>();
    for (const any of batches(alternatives, MOST_ALTERNATIVES)) {
      const rows = await this.rows({
        from: 'captures',
        columns: columnsOf('captures', SEGMENT_COLUMNS),
        where: [{ any }],
      });
      for (const segment of rows.map(segmentFacts))
        found.set(`${segment.capture}/${segment.segment}`, segment);
    }
    return [...found.values()];
  }
}

export function batches<T>(all: readonly T[], size: number): T[][] {
  const some: T[][] = [];
  for (let at = 0; at < all.length; at += size) some.push(all.slice(at, at + size));
  return some;
}

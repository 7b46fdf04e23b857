/** Totals by address and by pair, sorted; kept until the analysis changes, and while packets come in for a little longer. */
import type { EndpointColumn, EndpointGroup, SortDirection } from '../../shared/contract/methods.ts';
import { EndpointTotals } from '../engine/answers/endpoints.ts';
import { sortIds } from '../engine/answers/ordering.ts';
import type { Session } from '../engine/session.ts';
import type { ListCache } from './lists.ts';
import { KeptAnswers } from './kept-answers.ts';
import { SlicedWork } from './sliced-work.ts';

/** Totals kept: both groups, with and without a filter. */
const MAX_KEPT = 4;
const MAX_ORDERS = 4;
interface Kept {
  readonly totals: EndpointTotals;
  readonly orders: Map<string, Promise<Uint32Array>>;
}

export interface SortedEndpoints {
  readonly totals: EndpointTotals;
  /** Rows of the totals, in the order of the list. */
  readonly order: Uint32Array;
}

export class EndpointLists {
  readonly #session: Session;
  readonly #lists: ListCache;
  readonly #kept: KeptAnswers<Kept>;

  /** @param lists where the flows that pass a filter come from */
  constructor(session: Session, lists: ListCache) {
    this.#session = session;
    this.#lists = lists;
    this.#kept = new KeptAnswers(session, MAX_KEPT);
  }

  async list(
    of: EndpointGroup,
    column: EndpointColumn,
    direction: SortDirection,
    filter: string,
    signal: AbortSignal,
  ): Promise<SortedEndpoints> {
    const { totals, orders } = await this.#kept.get(`${of} ${filter}`, signal, async (breathe) => {
      const flows = await this.#lists.flows('start', 'ascending', filter, signal);
      return { totals: await EndpointTotals.of(this.#session, of, flows, breathe), orders: new Map() };
    });
    const key = `${column} ${direction}`;
    let order = orders.get(key);
    if (order === undefined) {
      const work = new SlicedWork(signal);
      const ids = Uint32Array.from({ length: totals.size }, (_, row) => row);
      order = sortIds(ids, (row) => totals.key(row, column), direction === 'descending', work.breathe);
      remember(orders, key, order, MAX_ORDERS);
      order.catch(() => orders.delete(key));
    }
    return { totals, order: await order };
  }

  /** The analysis ended: what was kept for being fresh enough is no longer. */
  clear(): void {
    this.#kept.clear();
  }
}

/** Puts an entry last, and lets go of the first beyond the bound. */
function remember<V>(map: Map<string, V>, key: string, value: V, most: number): void {
  map.delete(key);
  map.set(key, value);
  for (const oldest of map.keys()) {
    if (map.size <= most) break;
    map.delete(oldest);
  }
}

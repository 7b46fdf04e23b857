/** Totals by address and by pair, sorted; kept until the analysis changes, and while packets come in for a little longer. */
import type { EndpointColumn, EndpointGroup, SortDirection } from '../../shared/contract/methods.ts';
import { EndpointTotals } from '../engine/answers/endpoints.ts';
import { sortIds } from '../engine/answers/ordering.ts';
import type { Session } from '../engine/session.ts';
import type { ListCache } from './lists.ts';
import { SlicedWork } from './lists.ts';
import { monotonicMs } from './monotonic.ts';

/** Totals kept: both groups, with and without a filter. */
const MAX_KEPT = 4;
const MAX_ORDERS = 4;
/** While packets come in, totals are made again only after this many times the work that they took, */
const FRESH_FACTOR = 8;
/** but not later than this. */
const MAX_FRESH_MS = 1000;

interface Kept {
  readonly revision: number;
  readonly totals: Promise<EndpointTotals>;
  readonly orders: Map<string, Promise<Uint32Array>>;
  freshUntil: number;
}

export interface SortedEndpoints {
  readonly totals: EndpointTotals;
  /** Rows of the totals, in the order of the list. */
  readonly order: Uint32Array;
}

export class EndpointLists {
  readonly #session: Session;
  readonly #lists: ListCache;
  readonly #kept = new Map<string, Kept>();

  /** @param lists where the flows that pass a filter come from */
  constructor(session: Session, lists: ListCache) {
    this.#session = session;
    this.#lists = lists;
  }

  async list(
    of: EndpointGroup,
    column: EndpointColumn,
    direction: SortDirection,
    filter: string,
    signal: AbortSignal,
  ): Promise<SortedEndpoints> {
    const kept = this.#totals(of, filter, signal);
    const totals = await kept.totals;
    const key = `${column} ${direction}`;
    let order = kept.orders.get(key);
    if (order === undefined) {
      const work = new SlicedWork(signal);
      const ids = Uint32Array.from({ length: totals.size }, (_, row) => row);
      order = sortIds(ids, (row) => totals.key(row, column), direction === 'descending', work.breathe);
      remember(kept.orders, key, order, MAX_ORDERS);
      order.catch(() => kept.orders.delete(key));
    }
    return { totals, order: await order };
  }

  #totals(of: EndpointGroup, filter: string, signal: AbortSignal): Kept {
    const { revision } = this.#session;
    const key = `${of} ${filter}`;
    const asked = monotonicMs();
    const known = this.#kept.get(key);
    if (known !== undefined && (known.revision === revision || asked < known.freshUntil)) return known;
    const work = new SlicedWork(signal);
    const make = async (): Promise<EndpointTotals> => {
      const flows = await this.#lists.flows('start', 'ascending', filter, signal);
      return EndpointTotals.of(this.#session, of, flows, work.breathe);
    };
    const kept: Kept = { revision, totals: make(), orders: new Map(), freshUntil: asked };
    remember(this.#kept, key, kept, MAX_KEPT);
    kept.totals.then(
      () => {
        kept.freshUntil = monotonicMs() + Math.min(MAX_FRESH_MS, FRESH_FACTOR * work.spentMs());
      },
      // What failed or was cancelled must not be served again.
      () => {
        if (this.#kept.get(key) === kept) this.#kept.delete(key);
      },
    );
    return kept;
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

/** The lists that can be filtered, what their rows are, and the questions that they ask. */
import type { FailureRow } from '../../shared/model/failure.ts';
import type { EndpointRow, FlowRow, PacketRow, ResetRow } from '../../shared/model/rows.ts';
import type {
  EndpointColumn,
  FailureColumn,
  FlowColumn,
  ResetColumn,
  SortDirection,
} from '../../shared/contract/methods.ts';

export interface ListQuery<Column extends string> {
  readonly sort: Column;
  readonly direction: SortDirection;
  readonly filter: string;
}

/** Of each list its rows and the columns that sort it. Packets stand in the order of the capture. */
export interface ListTypes {
  readonly resets: { readonly row: ResetRow; readonly sort: ResetColumn };
  readonly failures: { readonly row: FailureRow; readonly sort: FailureColumn };
  readonly flows: { readonly row: FlowRow; readonly sort: FlowColumn };
  readonly packets: { readonly row: PacketRow; readonly sort: 'frame' };
  readonly addresses: { readonly row: EndpointRow; readonly sort: EndpointColumn };
  /** Pairs of addresses. */
  readonly pairs: { readonly row: EndpointRow; readonly sort: EndpointColumn };
}

export type FilteredList = keyof ListTypes;
export type RowOf<L extends FilteredList> = ListTypes[L]['row'];
export type SortOf<L extends FilteredList> = ListTypes[L]['sort'];

export interface ListsState {
  readonly resetQuery: ListQuery<ResetColumn>;
  readonly failureQuery: ListQuery<FailureColumn>;
  readonly flowQuery: ListQuery<FlowColumn>;
  readonly packetQuery: ListQuery<'frame'>;
  readonly addressQuery: ListQuery<EndpointColumn>;
  readonly pairQuery: ListQuery<EndpointColumn>;
}

/** Where the store keeps the question of a list. */
const QUERIES = {
  resets: 'resetQuery',
  failures: 'failureQuery',
  flows: 'flowQuery',
  packets: 'packetQuery',
  addresses: 'addressQuery',
  pairs: 'pairQuery',
} as const satisfies Record<FilteredList, keyof ListsState>;

export function queryOf<L extends FilteredList>(state: ListsState, list: L): ListQuery<SortOf<L>> {
  const queries: { readonly [K in FilteredList]: ListQuery<SortOf<K>> } = {
    resets: state.resetQuery,
    failures: state.failureQuery,
    flows: state.flowQuery,
    packets: state.packetQuery,
    addresses: state.addressQuery,
    pairs: state.pairQuery,
  };
  return queries[list];
}

/** The state in which one list asks another question. */
export function withQuery(
  state: ListsState,
  list: FilteredList,
  changes: Partial<ListQuery<string>>,
): Partial<ListsState> {
  const key = QUERIES[list];
  return { [key]: { ...state[key], ...changes } };
}

/** The ascending order of `importance` begins with what matters. */
export const LISTS_START: ListsState = {
  resetQuery: { sort: 'importance', direction: 'ascending', filter: '' },
  failureQuery: { sort: 'importance', direction: 'ascending', filter: '' },
  flowQuery: { sort: 'start', direction: 'ascending', filter: '' },
  packetQuery: { sort: 'frame', direction: 'ascending', filter: '' },
  addressQuery: { sort: 'resets', direction: 'descending', filter: '' },
  pairQuery: { sort: 'resets', direction: 'descending', filter: '' },
};

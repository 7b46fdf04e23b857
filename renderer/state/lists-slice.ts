/** The questions that the lists ask. */
import type { FailureColumn, FlowColumn, ResetColumn, SortDirection } from '../../shared/contract/methods.ts';

export interface ListQuery<Column extends string> {
  readonly sort: Column;
  readonly direction: SortDirection;
  readonly filter: string;
}

export interface ListsState {
  readonly resetQuery: ListQuery<ResetColumn>;
  readonly failureQuery: ListQuery<FailureColumn>;
  readonly flowQuery: ListQuery<FlowColumn>;
}

/** The lists that can be filtered. */
export type FilteredList = 'resets' | 'failures' | 'flows';

export function queryOf(state: ListsState, list: FilteredList): ListQuery<string> {
  switch (list) {
    case 'resets':
      return state.resetQuery;
    case 'failures':
      return state.failureQuery;
    case 'flows':
      return state.flowQuery;
  }
}

/** The ascending order of `importance` begins with what matters. */
export const LISTS_START: ListsState = {
  resetQuery: { sort: 'importance', direction: 'ascending', filter: '' },
  failureQuery: { sort: 'importance', direction: 'ascending', filter: '' },
  flowQuery: { sort: 'start', direction: 'ascending', filter: '' },
};

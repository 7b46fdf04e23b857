/** The filter of a list of resets, failures or flows: what can be read is asked for after a short rest. */
import { useCallback, useSyncExternalStore } from 'react';
import { RpcError } from '../../shared/contract/errors.ts';
import { useApp, useAppState } from '../core/app-context.ts';
import type { FilteredList } from '../state/lists-slice.ts';
import { queryOf } from '../state/lists-slice.ts';
import type { RowFeed } from '../state/row-feed.ts';
import { FilterBar } from './filter-bar.tsx';

interface FilterFieldProps {
  readonly list: FilteredList;
  readonly placeholder: string;
  /** Terms to pick in the help. */
  readonly chips: readonly string[];
  /** Rows without a filter. */
  readonly all: number;
  /** Enter, Escape and Down lead into the list. */
  readonly onLeave: () => void;
}

export function FilterField({ list, ...props }: FilterFieldProps) {
  const { actions, feeds, link } = useApp();
  const feed: RowFeed<never, unknown> = feeds[list];
  const filter = useAppState((state) => queryOf(state, list).filter);
  const onFilter = useCallback(
    (next: string) => {
      actions.setFilter(list, next);
    },
    [actions, list],
  );
  const onStop = useCallback(() => {
    actions.setFilter(list, '');
    void link.call('filter.stop', {}).catch(() => {
      // It ends by itself once nobody asks for it any more.
    });
  }, [actions, link, list]);
  const { shown, switching, error } = useSyncExternalStore(feed.subscribe, feed.getState);
  const isRefused = error instanceof RpcError && error.code === 'bad-request';
  return (
    <FilterBar
      {...props}
      of={list}
      filter={filter}
      onFilter={onFilter}
      onStop={onStop}
      total={shown?.total}
      busy={switching}
      looked={shown?.looked}
      refused={error === undefined ? null : { message: error.message, isWrong: isRefused }}
    />
  );
}

/** Where a list of a running capture grows, from its order. */
import { useCallback, useMemo } from 'react';
import type { SortDirection } from '../../shared/contract/methods.ts';
import { useApp, useAppState } from '../core/app-context.ts';
import { queryOf } from '../state/lists-slice.ts';
import type { FilteredList } from '../state/lists-slice.ts';
import { isCapturing } from '../state/live-slice.ts';
import type { NewestEnd } from './use-steady-rows.ts';

interface Order {
  readonly sort: string;
  readonly direction: SortDirection;
}

/** The lists whose newest end can be followed. */
export type GrowingList = 'resets' | 'flows' | 'packets';

/** Columns whose ascending order is that in which rows come. */
const IN_TIME = new Set(['time', 'frame', 'start']);

export function newestAt({ sort, direction }: Order): NewestEnd['at'] {
  if (!IN_TIME.has(sort)) return null;
  return direction === 'ascending' ? 'end' : 'start';
}

/** @returns undefined where no capture runs */
export function useNewest(list: FilteredList): NewestEnd | undefined {
  const { actions } = useApp();
  const isGrowing = useAppState((state) => isGrowingList(list) && isCapturing(state.live));
  const at = useAppState((state) => newestAt(queryOf(state, list)));
  const isFollowing = useAppState((state) => isGrowingList(list) && state.following[list]);
  const onFollowing = useCallback(
    (next: boolean) => {
      if (isGrowingList(list)) actions.setFollowing(list, next);
    },
    [actions, list],
  );
  return useMemo(
    () => (isGrowing ? { at, isFollowing, onFollowing } : undefined),
    [isGrowing, at, isFollowing, onFollowing],
  );
}

function isGrowingList(list: FilteredList): list is GrowingList {
  return list === 'resets' || list === 'flows' || list === 'packets';
}

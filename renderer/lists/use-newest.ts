/** Where a list of a running capture grows, from its order; nothing where no capture runs. */
import { useMemo } from 'react';
import type { SortDirection } from '../../shared/contract/methods.ts';
import type { NewestEnd } from './use-steady-rows.ts';

interface Order {
  readonly sort: string;
  readonly direction: SortDirection;
}

/** Columns whose ascending order is that in which rows come. */
const IN_TIME = new Set(['time', 'frame', 'start']);

export function newestAt({ sort, direction }: Order): NewestEnd['at'] {
  if (!IN_TIME.has(sort)) return null;
  return direction === 'ascending' ? 'end' : 'start';
}

export function useNewest(
  isGrowing: boolean,
  { sort, direction }: Order,
  isFollowing: boolean,
  onFollowing: (isFollowing: boolean) => void,
): NewestEnd | undefined {
  return useMemo(
    () => (isGrowing ? { at: newestAt({ sort, direction }), isFollowing, onFollowing } : undefined),
    [isGrowing, sort, direction, isFollowing, onFollowing],
  );
}

/** The user's names in components: every place that shows an address asks here, so that it is called alike everywhere. */
import { useAppState } from '../core/app-context.ts';
import type { Names } from '../../shared/texts/named-text.ts';
import { nameOf } from '../../shared/texts/named-text.ts';

export function useNames(): Names {
  return useAppState((state) => state.names);
}

/** What the user calls an address, with or without its port; undefined where it has no name. */
export function useName(address: string): string | undefined {
  return nameOf(address, useNames());
}

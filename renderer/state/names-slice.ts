/** What the user calls addresses and devices. The host keeps it; every text on the page goes through renderer/names. */
import type { NamedPlace } from '../../shared/names/named.ts';

export interface NamesState {
  /** By key, see shared/names/name-key.ts. */
  readonly names: ReadonlyMap<string, string>;
  /** What the dialog of names begins with; empty for none. */
  readonly nameKey: string;
}

export const NAMES_START: NamesState = { names: new Map(), nameKey: '' };

export function namesOf(list: readonly NamedPlace[]): ReadonlyMap<string, string> {
  return new Map(list.map(({ key, name }) => [key, name]));
}

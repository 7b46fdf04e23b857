/** What the user calls addresses and devices. The host keeps it; every text on the page goes through renderer/names. */
import type { Route } from '../../shared/hops/route.ts';
import type { NamedPlace } from '../../shared/names/named.ts';

export interface NamesState {
  /** By key, see shared/names/name-key.ts. */
  readonly names: ReadonlyMap<string, string>;
  /** What the dialog of names begins with; empty for none. */
  readonly nameKey: string;
  /** Ways to hosts that were asked for or pasted in this session, by the host's address. */
  readonly routes: ReadonlyMap<string, Route>;
  /** The trace that runs, and what it has said; null for none. */
  readonly trace: TraceProgress | null;
}

export interface TraceProgress {
  readonly target: string;
  readonly text: string;
  /** null while it runs. */
  readonly ended: string | null;
}

export const NAMES_START: NamesState = { names: new Map(), nameKey: '', routes: new Map(), trace: null };

export function namesOf(list: readonly NamedPlace[]): ReadonlyMap<string, string> {
  return new Map(list.map(({ key, name }) => [key, name]));
}

/** The views, in the order of the rail. The compiler holds the list against the ids that the state knows. */
import type { ViewEntry } from '../core/view-entry.ts';
import type { View } from '../state/ui-slice.ts';
import { CATCH } from './catch/entry.ts';
import { CONNECTION } from './connection/entry.ts';
import { ENDPOINTS } from './endpoints/entry.ts';
import { FAILURES } from './failures/entry.ts';
import { FLEET } from './fleet/entry.ts';
import { FLOWS } from './flows/entry.ts';
import { NOTES } from './notes/entry.ts';
import { OVERVIEW } from './overview/entry.ts';
import { PACKETS } from './packets/entry.ts';
import { RESETS } from './resets/entry.ts';
import { WARNINGS } from './warnings/entry.ts';

const ENTRIES: { readonly [Id in View]: ViewEntry<Id> } = {
  overview: OVERVIEW,
  resets: RESETS,
  failures: FAILURES,
  flows: FLOWS,
  packets: PACKETS,
  connection: CONNECTION,
  endpoints: ENDPOINTS,
  warnings: WARNINGS,
  catch: CATCH,
  notes: NOTES,
  fleet: FLEET,
};

export const VIEWS: readonly ViewEntry[] = Object.values(ENTRIES);

export function viewEntry(id: View): ViewEntry {
  return ENTRIES[id];
}

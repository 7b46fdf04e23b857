/** What is remembered of each open capture while another is shown: a tab is found again as it was left. */
import type { Feeds } from './feeds.ts';
import { everyFeed } from './feeds.ts';
import type { ListsState } from './lists-slice.ts';
import { LISTS_START } from './lists-slice.ts';
import type { ListPlace } from './row-feed.ts';
import type { RangeState } from './range-slice.ts';
import { RANGE_START } from './range-slice.ts';
import type { SelectionState } from './selection-slice.ts';
import { SELECTION_START } from './selection-slice.ts';
import type { AppState } from './store.ts';
import type { View } from './ui-slice.ts';

export type TabState = ListsState & RangeState & SelectionState & { readonly view: View };

export interface KeptTab {
  readonly state: TabState;
  /** Where each list was left, in the order of everyFeed. */
  readonly places: readonly ListPlace[];
}

export interface TabsState {
  readonly keptTabs: ReadonlyMap<number, KeptTab>;
  /** What the capture that comes next begins with, where that is not the overview. */
  readonly nextTab: Partial<TabState> | null;
}

export const TABS_START: TabsState = { keptTabs: new Map(), nextTab: null };

const NEW_TAB: TabState = { view: 'overview', ...LISTS_START, ...RANGE_START, ...SELECTION_START };
const TAB_KEYS = Object.keys(NEW_TAB);

/** Notes how a capture is left, and says how the one that comes is shown. */
export function changeTab(
  state: AppState,
  feeds: Feeds,
  from: number | undefined,
  to: number | undefined,
): { readonly patch: Partial<AppState>; readonly places: readonly ListPlace[] | undefined } {
  // A host that gives no numbers has one capture.
  if (from === undefined)
    return { patch: { ...RANGE_START, ...SELECTION_START, nextTab: null }, places: undefined };
  const keptTabs = new Map(state.keptTabs);
  if (state.captures.some(({ capture }) => capture === from))
    keptTabs.set(from, { state: tabOf(state), places: everyFeed(feeds).map(({ place }) => place) });
  const back = to === undefined ? undefined : keptTabs.get(to);
  if (back !== undefined) return { patch: { ...back.state, keptTabs }, places: back.places };
  return { patch: { ...NEW_TAB, ...state.nextTab, keptTabs, nextTab: null }, places: undefined };
}

function tabOf(state: AppState): TabState {
  return Object.fromEntries(
    Object.entries(state).filter(([key]) => TAB_KEYS.includes(key)),
  ) as unknown as TabState;
}

/** What is remembered of each open capture while another is shown: a tab is found again as it was left. */
import { leavingFleet } from './fleet-slice.ts';
import type { Feeds } from './feeds.ts';
import { everyFeed } from './feeds.ts';
import { LISTS_START } from './lists-slice.ts';
import type { ListPlace } from './row-feed.ts';
import { RANGE_START } from './range-slice.ts';
import { SELECTION_START } from './selection-slice.ts';
import type { AppState } from './store.ts';
import type { TabState } from './tabs-slice.ts';
import { SHOWN_KEYS } from './tabs-slice.ts';

const NEW_TAB: TabState = { view: 'overview', ...LISTS_START, ...RANGE_START, ...SELECTION_START };
const TAB_KEYS: readonly string[] = [...Object.keys(NEW_TAB), ...SHOWN_KEYS];

/** Notes how a capture is left, and says how the one that comes is shown. */
export function changeTab(
  state: AppState,
  feeds: Feeds,
  from: number | undefined,
  to: number | undefined,
): { readonly patch: Partial<AppState>; readonly places: readonly ListPlace[] | undefined } {
  // Whoever opens or shows a capture has left the fleet by then: this one came by another window.
  const staying = (patch: Partial<AppState>): Partial<AppState> =>
    state.view === 'fleet' ? { ...patch, view: 'fleet', fleetFrom: patch.view ?? state.fleetFrom } : patch;
  // Nothing was open, or the host gives no numbers and has one capture: how lists are sorted stays.
  if (from === undefined)
    return {
      patch: staying({ ...RANGE_START, ...SELECTION_START, ...state.nextTab, nextTab: null }),
      places: undefined,
    };
  const keptTabs = new Map(state.keptTabs);
  if (state.captures.some(({ capture }) => capture === from))
    keptTabs.set(from, { state: tabOf(state), places: everyFeed(feeds).map(({ place }) => place) });
  const back = to === undefined ? undefined : keptTabs.get(to);
  if (back !== undefined) return { patch: staying({ ...back.state, keptTabs }), places: back.places };
  return { patch: staying({ ...NEW_TAB, ...state.nextTab, keptTabs, nextTab: null }), places: undefined };
}

function tabOf(state: AppState): TabState {
  return Object.fromEntries(
    Object.entries({ ...state, ...leavingFleet(state) }).filter(([key]) => TAB_KEYS.includes(key)),
  ) as unknown as TabState;
}

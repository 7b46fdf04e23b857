/** The tabs: what is remembered of each open capture while another is shown. */
import type { ListsState } from './lists-slice.ts';
import type { ListPlace } from './row-feed.ts';
import type { RangeState } from './range-slice.ts';
import type { SelectionState } from './selection-slice.ts';
import type { UiState } from './ui-slice.ts';

/** How things are shown; a capture that comes takes what the one before it had. */
export const SHOWN_KEYS = ['connectionFrom', 'connectionTab', 'connectionPane', 'endpointsBy'] as const;

export type TabState = ListsState &
  RangeState &
  SelectionState &
  Pick<UiState, 'view'> &
  Partial<Pick<UiState, (typeof SHOWN_KEYS)[number]>>;

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

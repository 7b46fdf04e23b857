/**
 * The whole state of the interface: plain data. core/actions.ts changes it for the user, sync.ts and live-sync.ts for the
 * engine; components only read it.
 */
import { createStore } from 'zustand/vanilla';
import type { StoreApi } from 'zustand/vanilla';
import type { CaptureState } from './capture-slice.ts';
import { CAPTURE_START } from './capture-slice.ts';
import type { ConnectionState } from './connection-slice.ts';
import { CONNECTION_START } from './connection-slice.ts';
import type { FleetState } from './fleet-slice.ts';
import { FLEET_START } from './fleet-slice.ts';
import type { HandOverState } from './hand-over-slice.ts';
import { HAND_OVER_START } from './hand-over-slice.ts';
import type { LiveState } from './live-slice.ts';
import { LIVE_START } from './live-slice.ts';
import type { ListsState } from './lists-slice.ts';
import { LISTS_START } from './lists-slice.ts';
import type { RangeState } from './range-slice.ts';
import { RANGE_START } from './range-slice.ts';
import type { NamesState } from './names-slice.ts';
import { NAMES_START } from './names-slice.ts';
import type { NotesState } from './notes-slice.ts';
import { NOTES_START } from './notes-slice.ts';
import type { SelectionState } from './selection-slice.ts';
import { SELECTION_START } from './selection-slice.ts';
import type { TabsState } from './tabs-slice.ts';
import { TABS_START } from './tabs-slice.ts';
import type { UiState } from './ui-slice.ts';
import { UI_START } from './ui-slice.ts';

export type AppState = ConnectionState &
  CaptureState &
  LiveState &
  ListsState &
  RangeState &
  SelectionState &
  TabsState &
  NamesState &
  NotesState &
  HandOverState &
  FleetState &
  UiState;
export type AppStore = StoreApi<AppState>;

export function createAppStore(initial: Partial<AppState> = {}): AppStore {
  return createStore<AppState>(() => ({
    ...CONNECTION_START,
    ...CAPTURE_START,
    ...LIVE_START,
    ...LISTS_START,
    ...RANGE_START,
    ...NAMES_START,
    ...NOTES_START,
    ...HAND_OVER_START,
    ...FLEET_START,
    ...SELECTION_START,
    ...TABS_START,
    ...UI_START,
    ...initial,
  }));
}

/** The fleet that is looked at, and what of it is asked for. */
import type { FleetPlaces } from '../../shared/contract/fleet-methods.ts';
import type { FleetResetId, FleetScope, FleetSummary } from '../../shared/model/fleet.ts';
import type { View } from './ui-slice.ts';

export type ShownFleet =
  /** `isStopped`: the user gave up opening one. */
  | { readonly state: 'none'; readonly isStopped: boolean }
  | { readonly state: 'opening'; readonly place: string }
  | { readonly state: 'open'; readonly place: string; readonly summary: FleetSummary }
  | { readonly state: 'failed'; readonly place: string; readonly message: string };

export interface FleetState {
  /** What can be opened; null until the host has said so. */
  readonly fleets: FleetPlaces | null;
  readonly fleet: ShownFleet;
  /** Counts what was opened and read anew: answers of before are asked for again. */
  readonly fleetOpened: number;
  readonly fleetScope: FleetScope;
  /** The reset that the pane tells of. */
  readonly fleetReset: FleetResetId | null;
  /** The reset whose capture is being opened. */
  readonly fleetCaseOf: FleetResetId | null;
  /** Why the capture of a reset was not opened; about the one in the pane. */
  readonly fleetCaseError: string | null;
  /** The view that the fleet was looked at from: a capture is found again as it was left. */
  readonly fleetFrom: View;
}

export const FLEET_START: FleetState = {
  fleets: null,
  fleet: { state: 'none', isStopped: false },
  fleetOpened: 0,
  fleetScope: {},
  fleetReset: null,
  fleetCaseOf: null,
  fleetCaseError: null,
  fleetFrom: 'overview',
};

/** What is asked for of a place that comes. */
export const WHOLE_FLEET: Pick<FleetState, 'fleetScope' | 'fleetReset' | 'fleetCaseOf' | 'fleetCaseError'> = {
  fleetScope: {},
  fleetReset: null,
  fleetCaseOf: null,
  fleetCaseError: null,
};

/** The place that is looked at, open or not; null for none. */
export function fleetPlace({ fleet }: Pick<FleetState, 'fleet'>): string | null {
  return fleet.state === 'none' ? null : fleet.place;
}

/** How somebody goes on to a capture who looked at the fleet. */
export function leavingFleet({ view, fleetFrom }: Pick<FleetState, 'fleetFrom'> & { readonly view: View }): {
  readonly view?: View;
} {
  return view === 'fleet' ? { view: fleetFrom } : {};
}

export function isSameReset(one: FleetResetId | null, other: FleetResetId | null): boolean {
  if (one === null || other === null) return one === other;
  return one.capture === other.capture && one.segment === other.segment && one.reset === other.reset;
}

/**
 * What a page may ask of a fleet. Its host answers, by a process that reads the store.
 *
 * Invariant: a name of a place never has a password in it, so that it can stand in addresses, in lists and in logs.
 */
import type {
  FleetBucket,
  FleetCoverage,
  FleetFinding,
  FleetJoin,
  FleetReset,
  FleetResetId,
  FleetScope,
  FleetSummary,
  FleetTalker,
} from '../model/fleet.ts';

/** Where a fleet is kept, and may be opened. */
export interface FleetPlace {
  /** A folder, or clickhouse://[user@]host[:port][,host…]/database. */
  readonly place: string;
  readonly store: FleetSummary['store'];
  /** Milliseconds since 1970; null where it was named to the program and not opened yet. */
  readonly openedMs: number | null;
}

export interface FleetPlaces {
  /** Those that the program was started with, then those that were opened before, newest first. */
  readonly places: readonly FleetPlace[];
  /** What a page without an address begins with: the place that the program was started with. */
  readonly start: string | null;
  /** The host has a dialog that picks a folder. */
  readonly canPick: boolean;
  /** The user may type the address of a server, which the host asks about. */
  readonly canType: boolean;
}

/** Part of an answer: there may be more than is listed. */
export interface FleetList {
  /** All there are, listed or not. */
  readonly total: number;
  readonly coverage: FleetCoverage;
}

/** What came of opening the capture behind a reset. */
export interface FleetCase {
  /** What is being opened: the case file that was kept of it, the capture file that holds it, or nothing. */
  readonly opened: 'case' | 'capture' | null;
  readonly paths: readonly string[];
  /** Number of the reset's frame in that file, from 1; null where it is to be found by its time. */
  readonly frame: number | null;
  /** Why nothing could be opened, and what cures it, for people; null where something is. */
  readonly why: string | null;
}

interface OfPlace {
  /** As `fleet.open` named it. */
  readonly place: string;
}

interface OfScope extends OfPlace {
  readonly scope: FleetScope;
}

interface ListQuestion extends OfScope {
  /** At most so many are listed. */
  readonly limit: number;
}

/** method → parameters and result. All but the first three: @throws RpcError 'not-found' where the place is not open */
export interface FleetMethods {
  'fleet.places': { params: Record<string, never>; result: FleetPlaces };
  /** A folder that the user chose in the host's own dialog; null when dismissed. */
  'fleet.pickFolder': { params: Record<string, never>; result: string | null };
  /**
   * Opens a place, with a password where the user typed one, and answers its name without it.
   * @throws RpcError 'bad-request' where the page may not, 'unreadable' where no fleet is there, 'failed' where it cannot be reached
   */
  'fleet.open': { params: OfPlace; result: { readonly place: string; readonly summary: FleetSummary } };
  'fleet.coverage': { params: OfScope; result: FleetCoverage };
  /** What matters most first. */
  'fleet.findings': {
    params: ListQuestion;
    result: FleetList & { readonly findings: readonly FleetFinding[] };
  };
  /** Resets over time in at most so many stretches, site by site. */
  'fleet.timeline': {
    params: OfScope & { readonly stretches: number };
    result: {
      readonly bucketMs: number;
      readonly buckets: readonly FleetBucket[];
      readonly coverage: FleetCoverage;
    };
  };
  /** Servers by the resets in their connections. */
  'fleet.talkers': {
    params: ListQuestion;
    result: FleetList & { readonly talkers: readonly FleetTalker[] };
  };
  /** The newest first. */
  'fleet.resets': {
    params: ListQuestion;
    result: FleetList & { readonly resets: readonly FleetReset[] };
  };
  /** A reset held against all other hosts. @throws RpcError 'bad-request' where there is none of that number */
  'fleet.join': { params: OfPlace & { readonly reset: FleetResetId }; result: FleetJoin };
  /** Opens the case file that was kept of a reset, or the capture that holds it, as capture.open does. */
  'fleet.openCase': { params: OfPlace & { readonly reset: FleetResetId }; result: FleetCase };
  'fleet.close': { params: OfPlace; result: null };
}

/**
 * What reads a fleet for a host: a process of its own, since a store reads foreign files and takes memory that no other process should
 * miss. Whoever puts a host together says how it is started.
 */
import type { FleetMethods } from '../../../shared/contract/fleet-methods.ts';
import type {
  FleetCoverage,
  FleetJoin,
  FleetResetId,
  FleetScope,
  FleetSummary,
} from '../../../shared/model/fleet.ts';

type Result<Method extends keyof FleetMethods> = FleetMethods[Method]['result'];

export interface FleetReader {
  /** @param place with its password */
  open(place: string, signal: AbortSignal): Promise<FleetSummary>;
  coverage(scope: FleetScope, signal: AbortSignal): Promise<FleetCoverage>;
  findings(scope: FleetScope, limit: number, signal: AbortSignal): Promise<Result<'fleet.findings'>>;
  timeline(scope: FleetScope, stretches: number, signal: AbortSignal): Promise<Result<'fleet.timeline'>>;
  talkers(scope: FleetScope, limit: number, signal: AbortSignal): Promise<Result<'fleet.talkers'>>;
  resets(scope: FleetScope, limit: number, signal: AbortSignal): Promise<Result<'fleet.resets'>>;
  joinOne(reset: FleetResetId, signal: AbortSignal): Promise<FleetJoin>;
  close(): Promise<void>;
}

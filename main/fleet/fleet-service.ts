/**
 * What a fleet answers, whichever store keeps it. It is served by a process of its own (fleet-process.ts): a store reads foreign files
 * and runs foreign SQL, and takes memory that no other process should miss.
 */
import type {
  FleetBucket,
  FleetCoverage,
  FleetFinding,
  FleetJoin,
  FleetJoins,
  FleetReset,
  FleetResetId,
  FleetScope,
  FleetSummary,
  FleetTalker,
} from '../../shared/model/fleet.ts';
import type { SqlAnswer } from './store.ts';

export interface FleetService {
  /** A folder of tables, or clickhouse://[user[:password]@]host[:port][,host…]/database[?cluster=name]. */
  open(place: string, signal: AbortSignal): Promise<FleetSummary>;
  coverage(scope: FleetScope, signal: AbortSignal): Promise<FleetCoverage>;
  /** What matters most first. */
  findings(
    scope: FleetScope,
    limit: number,
    signal: AbortSignal,
  ): Promise<{
    readonly findings: readonly FleetFinding[];
    readonly total: number;
    readonly coverage: FleetCoverage;
  }>;
  /** Resets over time in at most so many stretches, site by site. */
  timeline(
    scope: FleetScope,
    stretches: number,
    signal: AbortSignal,
  ): Promise<{
    readonly bucketMs: number;
    readonly buckets: readonly FleetBucket[];
    readonly coverage: FleetCoverage;
  }>;
  /** Servers by the resets in their connections. */
  talkers(
    scope: FleetScope,
    limit: number,
    signal: AbortSignal,
  ): Promise<{
    readonly talkers: readonly FleetTalker[];
    readonly total: number;
    readonly coverage: FleetCoverage;
  }>;
  /** The newest first. */
  resets(
    scope: FleetScope,
    limit: number,
    signal: AbortSignal,
  ): Promise<{
    readonly resets: readonly FleetReset[];
    readonly total: number;
    readonly coverage: FleetCoverage;
  }>;
  /** One reset held against all other hosts. @throws FleetError 'bad-query' where there is none of that number */
  joinOne(reset: FleetResetId, signal: AbortSignal): Promise<FleetJoin>;
  /** The newest resets of a scope. */
  join(scope: FleetScope, limit: number, signal: AbortSignal): Promise<FleetJoins>;
  sql(statement: string, limit: number, signal: AbortSignal): Promise<SqlAnswer>;
  close(): Promise<void>;
}

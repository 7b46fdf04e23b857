/** How the process that reads a fleet is started, by whatever starts processes in a host. */
import type { HostedProcess } from '../hosted-process.ts';

export interface FleetArguments {
  readonly store: 'folder' | 'clickhouse';
  /** A folder that only this process writes in; it goes with it. */
  readonly temporary: string;
}

export type LaunchFleet = (fleetArguments: FleetArguments) => HostedProcess;

/** What the options of a command say of tables for a fleet: who writes them, by which key, and how. */
import { hostname } from 'node:os';
import type { AgentOptions } from '../host/fleet/write-analysis.ts';
import { PUBLIC_FLEET_KEY, readFleetKey } from '../host/fleet/keys.ts';
import type { AgentCommandOptions } from './commands/agent-options.ts';

/** Names of machines are no longer (RFC 1035 §2.3.4). */
const MOST_NAME_CHARACTERS = 255;

/**
 * @param host the machine that captures, where it is not this one
 * @throws FleetKeyError, or Error, for people
 */
export async function agentOf(
  { site = '', asHost, fleetKey, anonymise = false, clockBound }: AgentCommandOptions,
  host: string = hostname(),
): Promise<Omit<AgentOptions, 'folder' | 'keepsCases'>> {
  const name = asHost ?? host;
  if (name === '' || name.length > MOST_NAME_CHARACTERS) {
    throw new Error(
      `the name of a machine has 1 to ${MOST_NAME_CHARACTERS} characters: give one with --as-host`,
    );
  }
  if (anonymise && fleetKey === undefined) {
    throw new Error(
      '--anonymise needs a key of your own, else anybody could undo it: make one with “resetscope fleet key -o FILE” and give it with --fleet-key',
    );
  }
  return {
    site,
    host: name,
    key: fleetKey === undefined ? PUBLIC_FLEET_KEY : await readFleetKey(fleetKey),
    isAnonymised: anonymise,
    clock: clockBound === undefined ? null : { boundSeconds: clockBound, source: 'operator' },
  };
}

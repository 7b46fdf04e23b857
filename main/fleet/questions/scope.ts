/** A scope as conditions on the tables of resets and of findings. */
import { FINDING_SECONDS } from '../../../shared/fleet/tables.ts';
import type { FleetScope } from '../../../shared/model/fleet.ts';
import type { Condition } from '../store.ts';
import { type Asking, nsOf } from './asking.ts';
import { sourceConditions } from './sources.ts';

const FINDING_MS = FINDING_SECONDS * 1000;

/** Conditions on `resets`. */
export async function resetConditions(asking: Asking, scope: FleetScope): Promise<readonly Condition[]> {
  return [
    ...(await sharedConditions(asking, scope)),
    ...(scope.client === undefined ? [] : [addressCondition('client_address', scope.client)]),
    ...(scope.onlyMatters === true ? [{ column: 'matters', op: '=', value: true } as const] : []),
  ];
}

/** Conditions on `findings`, for scopes that it can answer. */
export function findingConditions(asking: Asking, scope: FleetScope): Promise<readonly Condition[]> {
  return sharedConditions(asking, scope);
}

/** Whether the five-minute rows of findings count what the rows of resets would: nothing cuts through one of them. */
export function fitsFindings({ fromMs, toMs, client, onlyMatters }: FleetScope): boolean {
  const isEdge = (ms: number | undefined): boolean => ms === undefined || ms % FINDING_MS === 0;
  return client === undefined && onlyMatters !== true && isEdge(fromMs) && isEdge(toMs);
}

async function sharedConditions(asking: Asking, scope: FleetScope): Promise<readonly Condition[]> {
  const { fromMs, toMs, server, serverPort, cause, origin } = scope;
  return [
    ...(fromMs === undefined ? [] : [{ column: 'time', op: '>=', value: nsOf(fromMs) } as const]),
    ...(toMs === undefined ? [] : [{ column: 'time', op: '<', value: nsOf(toMs) } as const]),
    ...(server === undefined ? [] : [serverCondition(server)]),
    ...(serverPort === undefined ? [] : [{ column: 'server_port', op: '=', value: serverPort } as const]),
    ...(cause === undefined ? [] : [{ column: 'cause', op: '=', value: cause } as const]),
    ...(origin === undefined ? [] : [{ column: 'origin', op: '=', value: origin } as const]),
    ...(await sourceConditions(asking, scope)),
  ];
}

/** A whole address is that address, which files and indexes are sorted by; anything else is a part of one, or of a name. */
function serverCondition(server: string): Condition {
  if (isAddress(server)) return { column: 'server_address', op: '=', value: server.toLowerCase() };
  return {
    any: [
      { column: 'server_address', contains: server },
      { column: 'server_name', contains: server },
    ],
  };
}

function addressCondition(column: string, text: string): Condition {
  return isAddress(text) ? { column, op: '=', value: text.toLowerCase() } : { column, contains: text };
}

/** Whether a text is a whole IPv4 or IPv6 address, as the tables write them. */
function isAddress(text: string): boolean {
  if (/^(?:\d{1,3}\.){3}\d{1,3}$/u.test(text)) return true;
  const groups = text.split(':');
  return /^[\da-f:.]+$/iu.test(text) && (groups.length === 8 || (text.includes('::') && !text.endsWith(':')));
}

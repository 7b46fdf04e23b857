/** Servers by the resets in their connections. */
import { endpointText } from '../../../shared/format/endpoint.ts';
import type { FleetScope, FleetTalker } from '../../../shared/model/fleet.ts';
import type { Row } from '../store.ts';
import { type Asking, MAX_ROWS, numberOf, textOf, textOrNull } from './asking.ts';
import { findingConditions, fitsFindings, resetConditions } from './scope.ts';
import { sourcesOf } from './sources.ts';

/** More servers are not told apart; those with most resets are among them. */
const MAX_TALKERS = 10_000;

export async function talkersOf(
  asking: Asking,
  scope: FleetScope,
  limit: number,
): Promise<{ readonly talkers: readonly FleetTalker[]; readonly total: number }> {
  const isRolledUp = fitsFindings(scope);
  const where = await resetConditions(asking, scope);
  const servers = await asking.rows({
    from: isRolledUp ? 'findings' : 'resets',
    columns: {
      address: { column: 'server_address' },
      port: { column: 'server_port' },
      name: { max: 'server_name' },
      resets: { sum: 'count' },
      matters: isRolledUp
        ? { sum: 'matters' }
        : { sumWhere: 'count', where: { column: 'matters', op: '=', value: true } },
      middlebox: { sumWhere: 'count', where: { column: 'origin', op: '=', value: 'middlebox' } },
    },
    where: isRolledUp ? await findingConditions(asking, scope) : where,
    groupBy: ['address', 'port'],
    orderBy: [{ by: 'resets', descending: true }, { by: 'address' }, { by: 'port' }],
    limit: MAX_TALKERS,
  });
  const shown = servers.slice(0, limit);
  if (shown.length === 0) return { talkers: [], total: 0 };
  const ofShown = [
    ...where,
    { column: 'server_address', in: [...new Set(shown.map(({ address }) => textOf(address)))] },
  ];
  const named = { address: { column: 'server_address' }, port: { column: 'server_port' } };
  const groupBy = ['address', 'port'];
  const clients = await asking.rows({
    from: 'resets',
    columns: { ...named, clients: { distinct: 'client_address' } },
    where: ofShown,
    groupBy,
    limit: MAX_ROWS,
  });
  const captures = await asking.rows({
    from: 'resets',
    columns: { ...named, capture: { column: 'capture' } },
    where: ofShown,
    groupBy: [...groupBy, 'capture'],
    limit: MAX_ROWS,
  });
  const sources = await sourcesOf(
    asking,
    captures.map(({ capture }) => textOf(capture)),
  );
  const clientsOf = new Map(clients.map((row) => [serverOf(row), numberOf(row.clients)]));
  const hostsOf = new Map<string, Set<string>>();
  for (const row of captures) {
    const source = sources.get(textOf(row.capture));
    const hosts = hostsOf.get(serverOf(row)) ?? new Set();
    if (source !== undefined) hosts.add(`${source.site}\n${source.host}`);
    hostsOf.set(serverOf(row), hosts);
  }
  const talkers = shown.map((row) => ({
    server: serverOf(row),
    serverName: textOrNull(row.name),
    resets: numberOf(row.resets),
    matters: numberOf(row.matters),
    middlebox: numberOf(row.middlebox),
    clients: clientsOf.get(serverOf(row)) ?? 0,
    hosts: hostsOf.get(serverOf(row))?.size ?? 0,
  }));
  return { talkers, total: servers.length };
}

function serverOf({ address, port }: Row): string {
  return endpointText(textOf(address), numberOf(port));
}

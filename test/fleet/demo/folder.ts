/** What a folder of three hosts' tables has to prove, and what it may not where hosts could not see resets. */
import { type Asking, EXIT_OK, type Findings, type Joins, must } from './asking.ts';

export interface Whole {
  readonly joins: Joins;
  readonly findings: Findings;
}

/** @returns all that the folder answers; a store that has the same tables has to answer the same */
export async function proveInFolder(asking: Asking, fleet: string): Promise<Whole> {
  const at = ['--store', fleet];
  for (const what of ['findings', 'join', 'coverage']) await asking.show(EXIT_OK, 'fleet', what, ...at);
  const joins = await asking.json<Joins>(EXIT_OK, 'fleet', 'join', ...at);
  const findings = await asking.json<Findings>(EXIT_OK, 'fleet', 'findings', ...at);
  must(joins.coverage.hosts.length === 3, `three hosts captured, not ${joins.coverage.hosts.length}`);
  const ofServer = joins.joins.filter(({ reset }) => reset.claimed === 'server');
  const forged = ofServer.filter(({ verdict }) => verdict === 'forged');
  const sent = ofServer.filter(({ verdict }) => verdict === 'sent');
  must(
    forged.length === 1 && forged[0].reset.host === 'client',
    'the device’s reset, which the client received, is not proven forged',
  );
  must(
    forged[0].between?.join(' ') === 'client middle',
    'the device’s reset is not placed between client and middle',
  );
  must(sent.length === 1, 'the server’s own reset is not proven its own');
  return { joins, findings };
}

/** Where the middle and the server left resets out, nothing is proven, and what would cure it is said. */
export async function proveNothingWithoutResets(asking: Asking, fleet: string): Promise<void> {
  const at = ['--store', fleet];
  await asking.show(EXIT_OK, 'fleet', 'join', ...at);
  const { joins } = await asking.json<Joins>(EXIT_OK, 'fleet', 'join', ...at);
  const ofServer = joins.filter(({ reset }) => reset.claimed === 'server');
  must(ofServer.length === 2, `the client received two resets in the server’s name, not ${ofServer.length}`);
  for (const { verdict, sentence, next } of ofServer) {
    must(verdict === 'open', `hosts that leave resets out prove nothing, and here it is said: ${sentence}`);
    must(
      /filter/u.test(`${sentence} ${next}`),
      `that a filter left resets out is not said: ${sentence} ${next}`,
    );
  }
}

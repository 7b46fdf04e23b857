/** An exchange that leaves both ends connected: what a scenario does comes after. */
import type { Program, Step } from '../agent.ts';
import type { Lab } from '../scenario.ts';

/** Longer than what a scenario waits for: its connections are still there when the captures end. */
export const STAYS: Step = ['sleep', 80];

/** Text, or a number of bytes that say nothing. */
type Payload = string | number;

interface Exchange {
  readonly request: Payload;
  readonly answer: readonly Payload[];
}

const bytesOf = (payload: Payload): number => (typeof payload === 'string' ? payload.length : payload);

/** @param after what each end does then; ["wait", …] for the scenario's word */
export async function exchange(
  lab: Lab,
  { request, answer }: Exchange,
  after: { readonly client: readonly Step[]; readonly server: readonly Step[] },
): Promise<{ client: Program; server: Program }> {
  const server = await lab.onServer(
    ['listen', lab.server, lab.port],
    ['accept'],
    ['receive', bytesOf(request)],
    ...answer.map((part): Step => ['send', part]),
    ...after.server,
  );
  const client = lab.onClient(
    ['connect', lab.server, lab.port],
    ['send', request],
    ['receive', answer.reduce<number>((sum, part) => sum + bytesOf(part), 0)],
    ['mark', 'received'],
    ...after.client,
  );
  await client.mark('received');
  // The last acknowledgement is on its way.
  await lab.sleep(100);
  return { client, server };
}

/** Quiet traffic between the two hosts for as long as the scenarios last: what makes them known to a capture. */
import type { Agent } from './agent.ts';
import type { Random } from '../bench/random.ts';
import { CLIENT, endpoints, SERVER, type TopologyPlan } from './plan.ts';
import { sleep } from './processes.ts';

export const HISTORY_PORTS = [9000, 9001] as const;

export class History {
  #going = true;
  #work: Promise<void> = Promise.resolve();

  start(plan: TopologyPlan, agents: ReadonlyMap<string, Agent>, random: Random): void {
    this.#work = this.#talk(plan, agents, random);
  }

  /** Waits until the last exchange has ended. */
  async stop(): Promise<void> {
    this.#going = false;
    await this.#work;
  }

  async #talk(plan: TopologyPlan, agents: ReadonlyMap<string, Agent>, random: Random): Promise<void> {
    const client = agents.get(CLIENT);
    const server = agents.get(SERVER);
    if (client === undefined || server === undefined) return;
    for (let round = 0; this.#going; round++) {
      const family = round % 2 === 0 ? 4 : 6;
      const address = endpoints(plan, family).server;
      const port = HISTORY_PORTS[round % 2];
      const [request, response] = [random.between(60, 700), random.between(200, 2500)];
      const answering = server.run([
        ['listen', address, port],
        ['mark', 'listening'],
        ['accept'],
        ['receive', request],
        ['send', response],
        ['drain'],
        ['close'],
      ]);
      await answering.mark('listening');
      // The client ends first, having read everything: a polite close on both sides.
      const asking = client.run([
        ['connect', address, port],
        ['send', request],
        ['receive', response],
        ['shutdown'],
        ['drain'],
        ['close'],
      ]);
      await Promise.all([asking.done, answering.done]);
      await sleep(random.between(20, round < 6 ? 60 : 900));
    }
  }
}

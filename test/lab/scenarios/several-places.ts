/** What only captures of several places tell apart: resets that a path loses, and ends that speak to a proxy. */
import type { Lab, Scenario } from '../scenario.ts';
import type { CauseRule } from '../truth.ts';

/** Behind the loss nobody can see that the server had ended the connection. */
const REPLIES_AFTER_A_LOST_END: readonly CauseRule[] = [
  {
    emitter: 'server',
    reason: 'NO_SOCKET',
    cause: 'data-after-close',
    alternatives: ['stale-connection', 'unacceptable-segment'],
  },
];

/** Requests one after the other; the server aborts each connection once it has answered. */
async function abortedRequests(lab: Lab, count: number, path: string): Promise<void> {
  const request = lab.request(path);
  for (let i = 0; i < count; i++) {
    const response = lab.bytes(3000, 12_000);
    const server = await lab.onServer(
      ['listen', lab.server, lab.port],
      ['accept'],
      ['receive', request.length, 's', 4],
      ['send', response],
      ['sleep', 0.1],
      ['linger0'],
      ['close'],
    );
    await lab.onClient(['connect', lab.server, lab.port], ['send', request], ['drain', 's', 1], ['close'])
      .done;
    await lab.sleep(50);
    server.kill();
    await server.done;
  }
}

const lostAborts: Scenario = {
  name: 'loss-wire-5',
  about: 'a wire that loses 5 % of all packets, the server’s aborts among them',
  short: true,
  async run(lab) {
    await lab.loseOnWire('middle', 50);
    await abortedRequests(lab, 8, '/');
  },
  rules: REPLIES_AFTER_A_LOST_END,
};

const lossAndDevice: Scenario = {
  name: 'loss-wire-device',
  about: 'a wire that loses 5 % of all packets behind a device that resets both ends on a keyword',
  short: true,
  // Both directions have to pass the device.
  on: (plan) => !plan.asymmetric,
  async run(lab) {
    await lab.device('middle', 'on=keyword:forbidden flags=ra ttl=copy id=random window=0');
    await lab.loseOnWire('server', 50);
    await lab.loseOnWire('client', 50);
    await abortedRequests(lab, 6, '/forbidden');
  },
  rules: [{ emitter: 'device', cause: 'injected' }, ...REPLIES_AFTER_A_LOST_END],
};

const rareLoss: Scenario = {
  name: 'loss-wire-rare',
  about: 'a long download over a wire that loses one packet of a thousand, ended by the server’s abort',
  async run(lab) {
    await lab.loseOnWire('middle', 1);
    const size = 500_000;
    const server = await lab.onServer(
      ['listen', lab.server, lab.port],
      ['accept'],
      ['receive', 80],
      ['send', size],
      ['receive', 80],
      ['linger0'],
      ['close'],
    );
    await lab.onClient(
      ['connect', lab.server, lab.port],
      ['send', 80],
      ['receive', size],
      ['send', 80],
      ['drain', 's', 3],
      ['close'],
    ).done;
    server.kill();
    await server.done;
  },
  rules: REPLIES_AFTER_A_LOST_END,
};

export const SEVERAL_PLACES: readonly Scenario[] = [lostAborts, lossAndDevice, rareLoss];

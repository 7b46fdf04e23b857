/** Resets seen where the middle capture is made: by the router there, or only handed on by it. */
import type { Step } from '../agent.ts';
import { type Family, routerName } from '../plan.ts';
import type { Scenario } from '../scenario.ts';

const ROUTERS = [1, 2, 3, 4, 5] as const;

function ownReject(family: Family): Scenario {
  return {
    name: `forwarder-own-reject-${family}`,
    about: `the router that captures rejects a SYN, and later a living connection (IPv${family})`,
    short: true,
    family,
    async run(lab) {
      const router = routerName(lab.plan.middle);
      const [port, refused] = lab.ports;
      await lab.nft(router, 'forward', `tcp dport ${refused} reject with tcp reset`);
      const server = await lab.onServer(
        ['listen', lab.server, port],
        ['accept'],
        ['receive', 80],
        ['send', 900],
        ['drain'],
        ['close'],
      );
      const client = lab.onClient(
        ['connect', lab.server, refused, 'r'],
        ['connect', lab.server, port],
        ['send', 80],
        ['receive', 900],
        ['mark', 'received'],
        ['wait', 'on'],
        ['send', 300],
        ['drain'],
        ['close'],
      );
      await client.mark('received');
      await lab.nft(router, 'forward', `tcp dport ${port} reject with tcp reset`);
      client.go('on');
      await client.done;
      server.kill();
      await server.done;
    },
    rules: ROUTERS.map((k) => ({
      emitter: `r${k}`,
      cause: 'firewall-reject' as const,
      alternatives: [
        'connection-refused',
        'stateful-device-lost-flow',
        'nat-state-lost',
        'injected',
      ] as const,
    })),
  };
}

function passesReset(family: Family): Scenario {
  return {
    name: `forwarder-passes-reset-${family}`,
    about: `the server refuses and aborts; the router that captures only hands the resets on (IPv${family})`,
    short: true,
    family,
    async run(lab) {
      const [port, refused] = lab.ports;
      const end: Step[] = [['sleep', 0.1], ['linger0'], ['close']];
      const server = await lab.onServer(
        ['listen', lab.server, port],
        ['accept'],
        ['receive', 80],
        ['send', 900],
        ...end,
      );
      await lab.onClient(
        ['connect', lab.server, refused, 'r'],
        ['connect', lab.server, port],
        ['send', 80],
        ['drain'],
        ['close'],
      ).done;
      await server.done;
    },
  };
}

export const FORWARDER: readonly Scenario[] = [ownReject(4), ownReject(6), passesReset(4), passesReset(6)];

/** Resets as people meet them in the field: overload, restarts, patience that ends, loops, timers, pairs of addresses. */
import type { Step } from '../agent.ts';
import { endpoints } from '../plan.ts';
import type { Scenario } from '../scenario.ts';

const backlogReset: Scenario = {
  name: 'backlog-resets-syn',
  about: 'a stack that resets the SYN itself when its backlog is full, between connections that succeed',
  short: true,
  async run(lab) {
    // A packet filter stands for it: every third SYN is one too many.
    await lab.nft(
      'server',
      'input',
      `tcp dport ${lab.port} tcp flags & (syn | ack) == syn numgen inc mod 3 == 2 reject with tcp reset`,
    );
    const names = Array.from({ length: 12 }, (_, i) => `s${i}`);
    const taken = names.filter((_, i) => i % 3 !== 2);
    const serving = taken.flatMap((name): Step[] => [
      ['accept', name],
      ['receive', 30, name],
      ['send', 60, name],
      ['close', name],
    ]);
    const server = await lab.onServer(['listen', lab.server, lab.port], ...serving);
    await lab.onClient(
      ...names.map((name): Step => ['connect', lab.server, lab.port, name]),
      ...taken.map((name): Step => ['send', 30, name]),
      ...taken.flatMap((name): Step[] => [
        ['drain', name],
        ['close', name],
      ]),
    ).done;
    server.kill();
    await server.done;
  },
  rules: [
    {
      emitter: 'server',
      reason: null,
      cause: 'listen-overflow',
      alternatives: ['connection-refused', 'host-firewall-reject'],
      matters: true,
    },
  ],
};

const restarted: Scenario = {
  name: 'refused-for-a-while',
  about: 'the server program restarts: connections before and after succeed, those between are refused',
  short: true,
  async run(lab) {
    const once: Step[] = [['accept'], ['receive', 40], ['send', 300], ['shutdown'], ['drain'], ['close']];
    const ask: Step[] = [['connect', lab.server, lab.port], ['send', 40], ['drain'], ['close']];
    const before = await lab.onServer(['listen', lab.server, lab.port], ...once);
    await lab.onClient(...ask).done;
    await before.done;
    const tries: Step[] = Array.from({ length: 4 }, (_, i): Step[] => [
      ['connect', lab.server, lab.port, `t${i}`],
      ['sleep', 0.3],
    ]).flat();
    await lab.onClient(...tries).done;
    const after = await lab.onServer(['listen', lab.server, lab.port], ...once);
    await lab.onClient(...ask).done;
    await after.done;
  },
  rules: [
    {
      emitter: 'server',
      reason: 'NO_SOCKET',
      cause: 'connection-refused',
      alternatives: ['listener-gone'],
      matters: true,
    },
  ],
};

/** One side's path dies under data that it sends; it gives up after some tries and aborts. */
function gaveUp(side: 'client' | 'server'): Scenario {
  return {
    name: `gave-up-${side}`,
    about: `the ${side}'s data is never acknowledged; after some tries it aborts`,
    short: side === 'client',
    async run(lab) {
      const give: Step[] = [['wait', 'on'], ['send', 700], ['sleep', 4], ['linger0'], ['close']];
      const wait: Step[] = [['wait', 'never', 6]];
      const server = await lab.onServer(
        ['listen', lab.server, lab.port],
        ['accept'],
        ['receive', 60],
        ['send', 400],
        ...(side === 'server' ? give : wait),
      );
      const client = lab.onClient(
        ['connect', lab.server, lab.port],
        ['send', 60],
        ['receive', 400],
        ['mark', 'received'],
        ...(side === 'client' ? give : wait),
      );
      await client.mark('received');
      await lab.sleep(100);
      // Beyond all places of capture, so that each sees the tries.
      const other = side === 'client' ? 'server' : 'client';
      await lab.nft(other, 'input', `${side === 'client' ? 'tcp dport' : 'tcp sport'} ${lab.port} drop`);
      (side === 'client' ? client : server).go('on');
      await Promise.all([client.done, server.done]);
    },
    rules: [
      {
        emitter: side,
        reason: 'TCP_STATE',
        cause: 'peer-unreachable',
        alternatives: ['aborted', ...(side === 'client' ? (['client-cancelled'] as const) : [])],
        matters: true,
      },
    ],
  };
}

const loop: Scenario = {
  name: 'reset-loop',
  about: 'a stack answers every reset with an acknowledgement, and each of those is reset again',
  family: 4,
  short: true,
  on: (plan) => plan.nat === null,
  async run(lab) {
    const source = lab.ports[lab.ports.length - 1];
    // The client's own kernel must not speak for the stack that a program plays.
    await lab.nft(
      'client',
      'output',
      `tcp dport ${lab.port} tcp sport ${source} tcp flags & rst == rst drop`,
    );
    const server = await lab.onServer(
      ['listen', lab.server, lab.port],
      ['accept'],
      ['receive', 40],
      ['send', 100],
      ['sleep', 0.1],
      ['linger0'],
      ['close'],
    );
    await lab.onClient(['raw_reset_loop', lab.client, lab.server, source, lab.port, 5000, lab.bytes(40, 120)])
      .done;
    await server.done;
  },
  rules: [
    {
      emitter: 'server',
      reason: 'NO_SOCKET',
      cause: 'reset-loop',
      alternatives: ['stale-connection', 'data-after-close', 'aborted'],
      matters: false,
    },
  ],
};

const ageLimit: Scenario = {
  name: 'connection-age-limit',
  about: 'the server aborts connections at an age, however busy they are',
  async run(lab) {
    const count = 3;
    const names = Array.from({ length: count }, (_, i) => `s${i}`);
    const talks = names.map(async (name, i) => {
      const port = lab.ports[i];
      const server = await lab.onServer(
        ['listen', lab.server, port],
        ['accept', name],
        ['sleep', 3],
        ['linger0', name],
        ['close', name],
      );
      const busy = Array.from({ length: 5 + 3 * i }, (): Step[] => [
        ['send', 60, name],
        ['sleep', 2.4 / (5 + 3 * i)],
      ]).flat();
      await lab.onClient(['connect', lab.server, port, name], ...busy, ['drain', name], ['close', name]).done;
      await server.done;
    });
    await Promise.all(talks);
  },
  rules: [
    {
      emitter: 'server',
      cause: 'connection-age-limit',
      alternatives: ['aborted', 'closed-with-unread-data', 'idle-timeout'],
    },
  ],
};

const keepAliveClose: Scenario = {
  name: 'keep-alive-5s',
  about: 'the server closes after five idle seconds; the client’s next request crosses, and is reset',
  short: true,
  async run(lab) {
    const request = lab.request();
    const server = await lab.onServer(
      ['listen', lab.server, lab.port],
      ['accept'],
      ['receive', request.length],
      ['send', 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok'],
      ['sleep', 5],
      ['close'],
      ['mark', 'closed'],
    );
    const client = lab.onClient(
      ['connect', lab.server, lab.port],
      ['send', request],
      ['receive', 40],
      ['wait', 'on'],
      ['send', request],
      ['sleep', 0.1],
      ['close'],
    );
    await server.mark('closed');
    client.go('on');
    await Promise.all([client.done, server.done]);
  },
  rules: [
    {
      emitter: 'server',
      cause: 'data-after-close',
      alternatives: ['idle-timeout', 'time-wait'],
      matters: true,
    },
  ],
};

const happyEyeballs: Scenario = {
  name: 'happy-eyeballs',
  about: 'the client tries both addresses of a name at once: one is refused, the other serves',
  short: true,
  async run(lab) {
    const served = endpoints(lab.plan, 4).server;
    const refused = endpoints(lab.plan, 6).server;
    const server = await lab.onServer(
      ['listen', served, lab.port],
      ['accept'],
      ['receive', 80],
      ['send', 2000],
      ['shutdown'],
      ['drain'],
      ['close'],
    );
    await lab.onClient(
      ['connect_later', refused, lab.port, 'six'],
      ['connect', served, lab.port],
      ['send', 80],
      ['drain'],
      ['close'],
    ).done;
    await server.done;
  },
  rules: [
    {
      emitter: 'server',
      reason: 'NO_SOCKET',
      cause: 'connection-refused',
      alternatives: ['listener-gone'],
      matters: false,
    },
  ],
};

export const FIELD: readonly Scenario[] = [
  keepAliveClose,
  gaveUp('client'),
  gaveUp('server'),
  ageLimit,
  backlogReset,
  restarted,
  loop,
  happyEyeballs,
];

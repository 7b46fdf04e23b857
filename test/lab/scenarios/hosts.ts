/** Resets that come from what happens to a host or its programs: killed, overloaded, forgetful, out of patience. */
import type { Step } from '../agent.ts';
import type { Lab, Scenario } from '../scenario.ts';
import { drop } from './drop.ts';
import { exchange } from './exchange.ts';

/** Bytes that say nothing, and an answer. */
async function established(lab: Lab, after: { client: Step[]; server: Step[] }) {
  return exchange(lab, { request: lab.bytes(60, 600), answer: [lab.bytes(100, 3000)] }, after);
}

/** The host loses the connections of this port without a word, as a reboot or a failover would make it. */
async function forget(lab: Lab, node: 'client' | 'server'): Promise<void> {
  const side = node === 'server' ? 'sport' : 'dport';
  const allow = await drop(lab, node, 'output', `tcp ${side} ${lab.port} tcp flags & rst == rst`);
  await lab.command(node, 'ss', '-K', side, '=', `:${lab.port}`);
  await lab.sleep(30);
  // From now on it may speak again.
  await allow();
}

const killUnread: Scenario = {
  name: 'kill-unread',
  about: 'kill -9 of the server program while received data lies unread',
  short: true,
  async run(lab) {
    const server = await lab.onServer(
      ['listen', lab.server, lab.port],
      ['accept'],
      ['receive', 10],
      ['peek', 100],
      ['mark', 'holding'],
      ['sleep', 30],
    );
    const client = lab.onClient(
      ['connect', lab.server, lab.port],
      ['send', lab.bytes(400, 4000)],
      ['drain'],
      ['close'],
    );
    await server.mark('holding');
    server.kill();
    await Promise.all([client.done, server.done]);
  },
  rules: [
    {
      emitter: 'server',
      reason: 'TCP_ABORT_ON_CLOSE',
      cause: 'process-exit',
      alternatives: ['closed-with-unread-data', 'aborted'],
    },
  ],
};

const killIdle: Scenario = {
  name: 'kill-then-data',
  about: 'kill -9 of the server program, nothing unread; the client sends later',
  async run(lab) {
    const { client, server } = await established(lab, {
      server: [['sleep', 30]],
      client: [['wait', 'on'], ['send', 300], ['sleep', 0.1], ['send', 20], ['close']],
    });
    server.kill();
    await server.done;
    await lab.sleep(150);
    client.go('on');
    await client.done;
  },
  rules: [{ emitter: 'server', cause: 'data-after-close', alternatives: ['process-exit', 'time-wait'] }],
};

const listenerGone: Scenario = {
  name: 'listener-gone',
  about: 'the server program ends while connections wait to be accepted',
  short: true,
  async run(lab) {
    const server = await lab.onServer(['listen', lab.server, lab.port], ['wait', 'end'], ['close', 'l']);
    const names = ['a', 'b', 'c', 'd'];
    const client = lab.onClient(
      ...names.map((name): Step => ['connect', lab.server, lab.port, name]),
      ['send', lab.request(), 'a'],
      ['send', lab.request(), 'b'],
      ['mark', 'waiting'],
      ['drain', 'a'],
    );
    await client.mark('waiting');
    await lab.sleep(100);
    server.go('end');
    await Promise.all([client.done, server.done]);
  },
  rules: [
    {
      emitter: 'server',
      reason: 'TCP_STATE',
      cause: 'listener-gone',
      alternatives: ['aborted', 'closed-with-unread-data', 'process-exit'],
      matters: true,
    },
  ],
};

const acceptOverflow: Scenario = {
  name: 'accept-overflow',
  about: 'the accept queue is full and tcp_abort_on_overflow is set',
  short: true,
  async run(lab) {
    await lab.command('server', 'sh', '-c', 'echo 1 > /proc/sys/net/ipv4/tcp_abort_on_overflow');
    const request = lab.request();
    // The program comes late to those that found room in the queue, and goes on.
    const server = await lab.onServer(
      ['listen', lab.server, lab.port, 5],
      ['sleep', 2.5],
      ['serve', request.length, lab.bytes(100, 3000), 3],
    );
    const waiting = ['a', 'b', 'c', 'd', 'e'];
    const late = ['f', 'g', 'h', 'i', 'j'];
    const begin = (name: string): Step => ['connect_later', lab.server, lab.port, name];
    await lab.onClient(
      // The queue takes one more than its backlog, and so many handshakes at once before the kernel turns to SYN cookies:
      // of the second five one finds room at the end of its handshake.
      ...waiting.map(begin),
      ['sleep', 1],
      ...late.map(begin),
      ...[...waiting, ...late].map((name): Step => ['send', request, name]),
      ...[...waiting, ...late].map((name): Step => ['drain', name]),
    ).done;
    await server.done;
  },
  rules: [
    // The request was on its way when the end of the handshake had been answered with a reset.
    {
      emitter: 'server',
      again: true,
      cause: 'stale-connection',
      alternatives: ['listen-overflow', 'data-after-close'],
    },
    { emitter: 'server', cause: 'listen-overflow', alternatives: ['connection-refused'], matters: true },
  ],
};

const keepalive: Scenario = {
  name: 'keepalive-timeout',
  about: 'the path dies; the server probes twice and gives up',
  short: true,
  async run(lab) {
    const ends = await established(lab, {
      server: [['keepalive', 1, 1, 2], ['drain'], ['close']],
      client: [['wait', 'on'], ['close']],
    });
    await lab.nft('client', 'input', `tcp sport ${lab.port} drop`);
    await ends.server.done;
    ends.client.go('on');
    await ends.client.done;
  },
};

const userTimeout: Scenario = {
  name: 'user-timeout',
  about:
    'the path dies under unacknowledged data; TCP_USER_TIMEOUT ends it without a reset, which comes later',
  async run(lab) {
    const ends = await established(lab, {
      server: [['wait', 'on'], ['send', 200], ['sleep', 0.3], ['close']],
      client: [['user_timeout', 900], ['wait', 'on'], ['send', 400], ['drain', 's', 5], ['close']],
    });
    const allow = await drop(lab, lab.router('near'), 'forward', `tcp dport ${lab.port}`);
    ends.client.go('on');
    await ends.client.done;
    await allow();
    ends.server.go('on');
    await ends.server.done;
  },
  rules: [
    {
      emitter: 'client',
      reason: 'NO_SOCKET',
      cause: 'peer-unreachable',
      alternatives: ['stale-connection', 'data-after-close', 'unacceptable-segment'],
    },
  ],
};

const serverForgot: Scenario = {
  name: 'server-forgot',
  about: 'the server lost its connections (reboot, failover); the client sends on after a pause',
  short: true,
  async run(lab) {
    const ends = await established(lab, {
      server: [['wait', 'never', 2]],
      client: [['wait', 'on'], ['send', 250], ['drain'], ['close']],
    });
    await forget(lab, 'server');
    await lab.sleep(lab.bytes(100, 900));
    ends.client.go('on');
    await ends.client.done;
    await ends.server.done;
  },
};

const clientForgot: Scenario = {
  name: 'client-forgot',
  about: 'the client lost its connections; the server pushes data',
  async run(lab) {
    const ends = await established(lab, {
      server: [['wait', 'on'], ['send', 500], ['drain'], ['close']],
      client: [['wait', 'never', 2]],
    });
    await forget(lab, 'client');
    await lab.sleep(200);
    ends.server.go('on');
    await ends.server.done;
    await ends.client.done;
  },
};

const keepaliveToForgetful: Scenario = {
  name: 'keepalive-to-forgetful',
  about: 'the server lost its connections; the client’s first keep-alive probe finds out',
  async run(lab) {
    const ends = await established(lab, {
      server: [['wait', 'never', 3]],
      client: [['keepalive', 1, 1, 3], ['drain'], ['close']],
    });
    await forget(lab, 'server');
    await ends.client.done;
    await ends.server.done;
  },
};

const portReuse: Scenario = {
  name: 'port-reuse',
  about: 'the client restarts and uses the same port while the server still holds the old connection',
  short: true,
  async run(lab) {
    const source = lab.ports[lab.ports.length - 1];
    const server = await lab.onServer(
      ['listen', lab.server, lab.port],
      ['accept'],
      ['receive', 40],
      ['accept', 'second'],
      ['receive', 40, 'second'],
      ['send', 100, 'second'],
      ['drain', 'second'],
    );
    const first = lab.onClient(
      ['connect', lab.server, lab.port, 's', source],
      ['send', 40],
      ['mark', 'sent'],
      ['wait', 'never', 1],
    );
    await first.mark('sent');
    await lab.sleep(100);
    await forget(lab, 'client');
    await first.done;
    await lab.onClient(
      ['connect', lab.server, lab.port, 's', source],
      ['send', 40],
      ['receive', 100],
      ['close'],
    ).done;
    await server.done;
  },
  rules: [
    {
      emitter: 'client',
      cause: 'port-reuse',
      alternatives: ['stale-connection', 'unacceptable-segment'],
    },
  ],
};

/** @param isDeaf the server takes no reset in TIME-WAIT (RFC 1337): the client's next try meets the same connection again */
function timeWait(isDeaf: boolean): Scenario {
  return {
    name: `time-wait${isDeaf ? '-rfc1337' : ''}`,
    about: isDeaf
      ? 'as time-wait, but the server takes no reset in TIME-WAIT: the new connection does not come about'
      : 'a SYN with an old sequence number meets a connection in TIME-WAIT at the server',
    family: 4,
    on: (plan) => plan.nat === null,
    async run(lab) {
      if (isDeaf) await lab.command('server', 'sh', '-c', 'echo 1 > /proc/sys/net/ipv4/tcp_rfc1337');
      const source = lab.ports[lab.ports.length - 1];
      const old: Step = ['raw_old_syn', lab.client, lab.server, source, lab.port, 400_000];
      const server = await lab.onServer(
        ['listen', lab.server, lab.port],
        ['accept'],
        ['receive', 40],
        ['shutdown'],
        ['drain'],
        ['close'],
        ['sleep', isDeaf ? 3 : 1],
      );
      await lab.onClient(
        ['connect', lab.server, lab.port, 's', source],
        ['send', 40],
        ['drain'],
        ['remember_seq'],
        ['close'],
        ['sleep', 0.3],
        old,
        ...((isDeaf ? [['sleep', 1], old] : []) as Step[]),
        ['sleep', 0.3],
      ).done;
      await server.done;
    },
    rules: [
      {
        emitter: 'client',
        cause: 'time-wait',
        alternatives: ['port-reuse', 'stale-connection'],
        // Otherwise the reset makes room for the next SYN, which nobody sends here.
        matters: isDeaf ? true : undefined,
      },
    ],
  };
}

export const HOSTS: readonly Scenario[] = [
  killUnread,
  killIdle,
  listenerGone,
  acceptOverflow,
  keepalive,
  userTimeout,
  serverForgot,
  clientForgot,
  keepaliveToForgetful,
  portReuse,
  timeWait(false),
  timeWait(true),
];

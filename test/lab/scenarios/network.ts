/** What networks do to packets: lose, delay, double and misroute them. Resets here are the hosts' own. */
import type { Step } from '../agent.ts';
import type { Lab, Scenario } from '../scenario.ts';
import { drop, lose } from './drop.ts';

/** A download the client ends by an abort, over whatever the path does. */
async function download(lab: Lab, size: number): Promise<void> {
  const server = await lab.onServer(
    ['listen', lab.server, lab.port],
    ['accept'],
    ['receive', 80],
    ['send', size],
    ['receive', 80],
    ['sleep', 0.05],
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
  await server.done;
}

const loss: Scenario = {
  name: 'loss',
  about: 'a download over a path that loses every twelfth packet, ended by the server’s abort',
  short: true,
  async run(lab) {
    await lose(lab, 8);
    await download(lab, lab.bytes(40_000, 80_000));
  },
};

const reordering: Scenario = {
  name: 'reordering',
  about: 'a download over a path that reorders, ended by the server’s abort',
  short: true,
  async run(lab) {
    await lab.tellWire(`reorder ${lab.port} 15 ${lab.bytes(300, 4000)}`);
    await download(lab, lab.bytes(40_000, 80_000));
  },
};

const duplication: Scenario = {
  name: 'duplication',
  about: 'a path that doubles packets, resets among them',
  async run(lab) {
    await lab.tellWire(`duplicate ${lab.port} 30`);
    await download(lab, lab.bytes(10_000, 30_000));
  },
};

const resetLost: Scenario = {
  name: 'reset-lost',
  about: 'the server’s reset is lost; the client sends into the void and is reset again',
  short: true,
  async run(lab) {
    const resets = `tcp sport ${lab.port} tcp flags & rst == rst`;
    const allow = await drop(lab, lab.router('far'), 'forward', resets);
    const server = await lab.onServer(
      ['listen', lab.server, lab.port],
      ['accept'],
      ['receive', 100],
      ['send', 500],
      ['sleep', 0.1],
      ['linger0'],
      ['close'],
      ['mark', 'gone'],
    );
    const client = lab.onClient(
      ['connect', lab.server, lab.port],
      ['send', 100],
      ['receive', 500],
      ['wait', 'on'],
      ['send', 200],
      ['drain'],
      ['close'],
    );
    await server.mark('gone');
    await lab.sleep(200);
    client.go('on');
    await lab.sleep(100);
    await allow();
    await Promise.all([client.done, server.done]);
  },
  // Before the router that lost it nobody can see that the server had ended the connection.
  rules: [
    {
      emitter: 'server',
      reason: 'NO_SOCKET',
      cause: 'data-after-close',
      alternatives: ['stale-connection', 'unacceptable-segment'],
    },
  ],
};

const retransmissionPastReset: Scenario = {
  name: 'retransmission-past-reset',
  about: 'data the server sent before its abort was delayed and comes after the reset',
  async run(lab) {
    await lab.tellWire(`reorder ${lab.port} 40 9000`);
    const server = await lab.onServer(
      ['listen', lab.server, lab.port],
      ['accept'],
      ['receive', 60],
      ['send', lab.bytes(6000, 13_000)],
      ['linger0'],
      ['close'],
    );
    await lab.onClient(['connect', lab.server, lab.port], ['send', 60], ['drain', 's', 3], ['close']).done;
    await server.done;
  },
};

const IPV6_LEVEL = 41;
const DESTINATION_OPTIONS = 59;
const HOP_OPTIONS = 54;
/** One PadN option that fills eight bytes. */
const PADDING = '0000010400000000';

const extensionHeaders: Scenario = {
  name: 'ipv6-extension-headers',
  about: 'IPv6 with hop-by-hop and destination options before TCP; the client aborts',
  short: true,
  family: 6,
  async run(lab) {
    const server = await lab.onServer(
      ['listen', lab.server, lab.port],
      ['accept'],
      ['receive', 300],
      ['send', 900],
      ['drain'],
      ['close'],
    );
    await lab.onClient(
      ['socket', lab.server],
      ['option', IPV6_LEVEL, DESTINATION_OPTIONS, PADDING],
      ['option', IPV6_LEVEL, HOP_OPTIONS, PADDING],
      ['connect', lab.server, lab.port],
      ['send', 300],
      ['receive', 900],
      ['linger0'],
      ['close'],
    ).done;
    await server.done;
  },
};

const udpUnreachable: Scenario = {
  name: 'udp-unreachable',
  about: 'UDP to a closed port, answered by ICMP port unreachable',
  short: true,
  async run(lab) {
    await lab.onClient(['udp', lab.server, lab.port, 2], ['sleep', 0.1]).done;
  },
  failures: [{ kind: 'unreachable', side: 'server' }],
};

const blackHole: Scenario = {
  name: 'path-mtu-black-hole',
  about: 'full-size segments are dropped without a word; the server gives up and aborts',
  async run(lab) {
    await drop(lab, lab.router('middle'), 'forward', `tcp sport ${lab.port} meta length > 1400`);
    const server = await lab.onServer(
      ['listen', lab.server, lab.port],
      ['accept'],
      ['receive', 60],
      ['send', 8000],
      ['sleep', 3],
      ['linger0'],
      ['close'],
    );
    await lab.onClient(['connect', lab.server, lab.port], ['send', 60], ['drain', 's', 6], ['close']).done;
    await server.done;
  },
  rules: [{ emitter: 'server', reason: 'TCP_STATE', cause: 'aborted', alternatives: ['path-mtu'] }],
};

const ipTtlOption: Scenario = {
  name: 'program-sets-ttl',
  about: 'the server program sets its own TTL: its data and its replies differ, and both are genuine',
  family: 4,
  async run(lab) {
    const setTtl: Step = ['option', 0, 2, lab.bytes(150, 220)];
    const server = await lab.onServer(
      ['listen', lab.server, lab.port],
      ['accept'],
      setTtl,
      ['receive', 100],
      ['send', 700],
      ['close'],
    );
    await lab.onClient(
      ['connect', lab.server, lab.port],
      ['send', 100],
      ['drain'],
      ['sleep', 0.1],
      ['send', 300],
      ['sleep', 0.1],
      ['close'],
    ).done;
    await server.done;
  },
};

const marked: Scenario = {
  name: 'dscp',
  about: 'the client marks its packets; a refusal and a reply copy the mark',
  family: 4,
  async run(lab) {
    const mark: Step = ['option', 0, 1, 0x28];
    const server = await lab.onServer(
      ['listen', lab.server, lab.port],
      ['accept'],
      ['receive', 50],
      ['send', 100],
      ['close'],
    );
    await lab.onClient(
      ['socket', lab.server, 'r'],
      ['option', 0, 1, 0x48, 'r'],
      ['connect', lab.server, lab.port + 1, 'r'],
      ['socket', lab.server],
      mark,
      ['connect', lab.server, lab.port],
      ['send', 50],
      ['drain'],
      ['sleep', 0.05],
      ['send', 50],
      ['sleep', 0.1],
    ).done;
    await server.done;
  },
};

export const NETWORK: readonly Scenario[] = [
  loss,
  reordering,
  duplication,
  resetLost,
  retransmissionPastReset,
  extensionHeaders,
  udpUnreachable,
  blackHole,
  ipTtlOption,
  marked,
];

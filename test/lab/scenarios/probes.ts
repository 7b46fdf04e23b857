/** Connections that were never meant to carry anything: scans, health checks, strays. */
import type { Step } from '../agent.ts';
import type { Scenario } from '../scenario.ts';

const healthCheck: Scenario = {
  name: 'health-check',
  about: 'a balancer’s probe: connect, abort at once; every 300 ms',
  short: true,
  async run(lab) {
    const server = await lab.onServer(
      ['listen', lab.server, lab.port],
      ...[0, 1, 2, 3, 4].flatMap((i): Step[] => [
        ['accept', `s${i}`],
        ['drain', `s${i}`],
        ['close', `s${i}`],
      ]),
    );
    await lab.onClient(
      ...[0, 1, 2, 3, 4].flatMap((i): Step[] => [
        ['connect', lab.server, lab.port, `s${i}`],
        ['linger0', `s${i}`],
        ['close', `s${i}`],
        ['sleep', 0.3],
      ]),
    ).done;
    await server.done;
  },
  rules: [
    {
      emitter: 'client',
      cause: 'health-check',
      alternatives: ['aborted', 'client-cancelled'],
      matters: false,
    },
  ],
};

/** @param how the open port's SYN-ACK is answered: by the kernel, which knows of no SYN, or by the program itself */
function halfOpenCheck(how: 'kernel' | 'program'): Scenario {
  return {
    name: `health-check-half-open${how === 'program' ? '-rst-ack' : ''}`,
    about: `a balancer’s probe that ends before the handshake does, by ${how === 'program' ? 'RST+ACK' : 'RST'}; every 600 ms`,
    family: 4,
    on: (plan) => plan.nat === null,
    async run(lab) {
      const server = await lab.onServer(['listen', lab.server, lab.port], ['sleep', 2.6]);
      const source = lab.ports[lab.ports.length - 1];
      if (how === 'program')
        // Else the kernel would be first.
        await lab.nft('client', 'output', `tcp dport ${lab.port} tcp flags & (rst | ack) == rst drop`);
      const probe = (i: number): Step[] => {
        const [port, seq] = [source - i, lab.bytes(1, 2 ** 31)];
        return how === 'program'
          ? [
              ['raw_half_open', lab.client, lab.server, port, lab.port, seq],
              ['sleep', 0.6],
            ]
          : [
              ['raw_tcp', lab.client, lab.server, port, lab.port, seq, 0, 2, 1024, 64],
              ['sleep', 0.6],
            ];
      };
      await lab.onClient(...[0, 1, 2, 3].flatMap(probe)).done;
      await server.done;
    },
    // The program's own reset has no word of a kernel; the kernel's, which was dropped, mostly stands for it.
    rules: [undefined, null].map((reason) => ({
      emitter: 'client',
      reason,
      cause: 'health-check' as const,
      alternatives: ['half-open-scan', 'client-cancelled', 'aborted'] as const,
      matters: false,
    })),
  };
}

const halfOpenScan: Scenario = {
  name: 'half-open-scan',
  about: 'SYNs made by hand: an open port’s SYN-ACK is reset by the scanner’s kernel, closed ports refuse',
  short: true,
  family: 4,
  on: (plan) => plan.nat === null,
  async run(lab) {
    const server = await lab.onServer(['listen', lab.server, lab.port], ['sleep', 0.8]);
    const source = lab.ports[lab.ports.length - 1];
    const syn = (port: number): Step => [
      'raw_tcp',
      ...[lab.client, lab.server, source, port, lab.bytes(1, 2 ** 31), 0, 2, 1024, lab.bytes(37, 59)],
    ];
    await lab.onClient(
      syn(lab.port),
      ['sleep', 0.05],
      syn(lab.port + 1),
      ['sleep', 0.05],
      syn(lab.port + 2),
      ['sleep', 0.2],
    ).done;
    await server.done;
  },
  rules: [
    {
      emitter: 'client',
      cause: 'half-open-scan',
      alternatives: ['health-check', 'backscatter'],
      matters: false,
    },
    { emitter: 'server', cause: 'connection-refused', alternatives: ['half-open-scan'] },
  ],
};

const nmap: Scenario = {
  name: 'nmap',
  about: 'nmap -sS over a few ports, one of them open',
  needs: ['nmap'],
  on: (plan) => plan.nat === null,
  async run(lab) {
    const server = await lab.onServer(['listen', lab.server, lab.port], ['sleep', 2.5]);
    const last = lab.ports[lab.ports.length - 1];
    await lab.command(
      'client',
      'nmap',
      ...['-sS', '-n', '-Pn', '--max-retries', '1', '-p', `${lab.ports[0]},${last - 8}-${last}`],
      ...(lab.family === 6 ? ['-6'] : []),
      lab.server,
    );
    await server.done;
  },
  rules: [
    {
      emitter: 'client',
      cause: 'half-open-scan',
      alternatives: ['health-check', 'backscatter'],
      matters: false,
    },
    { emitter: 'server', cause: 'connection-refused', alternatives: ['half-open-scan'] },
  ],
};

const backscatter: Scenario = {
  name: 'backscatter',
  about: 'a SYN-ACK nobody asked for, as victims of spoofed floods send them',
  family: 4,
  on: (plan) => plan.nat === null,
  async run(lab) {
    await lab.on(
      'server',
      ['raw_tcp', lab.server, lab.client, lab.port, 40_000, lab.bytes(1, 2 ** 31), lab.bytes(1, 2 ** 31), 18],
      ['sleep', 0.1],
    ).done;
  },
  rules: [
    {
      emitter: 'client',
      cause: 'backscatter',
      alternatives: ['half-open-scan', 'stale-connection', 'unacceptable-segment'],
    },
  ],
};

const strayAck: Scenario = {
  name: 'stray-ack',
  about: 'an ACK for a connection that never was, to an open and to a closed port',
  family: 4,
  on: (plan) => plan.nat === null,
  async run(lab) {
    const server = await lab.onServer(['listen', lab.server, lab.port], ['sleep', 0.5]);
    const ack = (port: number): Step => [
      'raw_tcp',
      ...[lab.client, lab.server, 40_001, port, lab.bytes(1, 2 ** 31), lab.bytes(1, 2 ** 31), 16],
    ];
    await lab.onClient(ack(lab.port), ['sleep', 0.05], ack(lab.port + 1), ['sleep', 0.1]).done;
    await server.done;
  },
  rules: [
    {
      emitter: 'server',
      cause: 'stale-connection',
      alternatives: ['half-open-scan', 'unacceptable-segment', 'stateful-device-lost-flow'],
    },
  ],
};

export const PROBES: readonly Scenario[] = [
  healthCheck,
  halfOpenCheck('kernel'),
  halfOpenCheck('program'),
  halfOpenScan,
  nmap,
  backscatter,
  strayAck,
];

/**
 * Three hosts and a device between them, each in a network namespace of its own:
 *
 *     client ── device ── middle ── server
 *
 * The device forwards, and answers large requests with a reset in the server’s name, as an intrusion preventer does. The middle host forwards.
 */
import type { ChildProcess } from 'node:child_process';
import { ProcessGroup, run, runWithInput } from '../../lab/processes.ts';

export const NODES = ['client', 'device', 'middle', 'server'] as const;
export type Node = (typeof NODES)[number];

/** The three that capture, and where. */
export const CAPTURING: readonly { readonly node: Node; readonly interface: string }[] = [
  { node: 'client', interface: 'eth0' },
  { node: 'middle', interface: 'left' },
  { node: 'server', interface: 'eth0' },
];

export const SERVER_ADDRESS = '10.77.3.2';
export const SERVER_PORT = 8080;
/** A packet longer than this is a request that the device does not like. */
const LONGEST_LIKED = 600;

export class Network {
  readonly group = new ProcessGroup();
  readonly #prefix: string;

  /** @param prefix of the names of its namespaces, so that two of them can stand beside each other */
  constructor(prefix: string) {
    this.#prefix = prefix;
  }

  namespace(node: Node): string {
    return `${this.#prefix}-${node}`;
  }

  /** A program inside a host; it dies with this process, however that ends. */
  start(
    node: Node,
    command: string,
    args: readonly string[],
    env: NodeJS.ProcessEnv = process.env,
  ): ChildProcess {
    const inside = ['netns', 'exec', this.namespace(node), 'setpriv', '--pdeathsig', 'KILL'];
    return this.group.start('ip', [...inside, command, ...args], { env });
  }

  run(node: Node, command: string, ...args: string[]): Promise<string> {
    return run('ip', 'netns', 'exec', this.namespace(node), command, ...args);
  }

  async build(): Promise<void> {
    const at = (node: Node): string => this.namespace(node);
    const link = (a: Node, left: string, b: Node, right: string): string =>
      `link add ${left} netns ${at(a)} type veth peer name ${right} netns ${at(b)}`;
    await batch([
      ...NODES.map((node) => `netns add ${at(node)}`),
      link('client', 'eth0', 'device', 'left'),
      link('device', 'right', 'middle', 'left'),
      link('middle', 'right', 'server', 'eth0'),
    ]);
    await this.#inside('client', [
      'address add 10.77.1.2/24 dev eth0',
      'link set eth0 up',
      'route add default via 10.77.1.1',
    ]);
    await this.#inside('device', [
      ...[
        'address add 10.77.1.1/24 dev left',
        'address add 10.77.2.1/24 dev right',
        'link set left up',
        'link set right up',
      ],
      'route add default via 10.77.2.2',
    ]);
    await this.#inside('middle', [
      ...[
        'address add 10.77.2.2/24 dev left',
        'address add 10.77.3.1/24 dev right',
        'link set left up',
        'link set right up',
      ],
      'route add 10.77.1.0/24 via 10.77.2.1',
    ]);
    await this.#inside('server', [
      `address add ${SERVER_ADDRESS}/24 dev eth0`,
      'link set eth0 up',
      'route add default via 10.77.3.1',
    ]);
    for (const node of ['device', 'middle'] as const)
      await this.run(node, 'sysctl', '-q', '-w', 'net.ipv4.ip_forward=1');
    await runWithInput(
      `table ip demo {
        chain forward {
          type filter hook forward priority 0;
          tcp dport ${SERVER_PORT} meta length > ${LONGEST_LIKED} reject with tcp reset
        }
      }`,
      ...(['ip', 'netns', 'exec', at('device'), 'nft', '-f', '-'] as const),
    );
  }

  async close(): Promise<void> {
    await this.group.endAll();
    for (const node of NODES) await run('ip', 'netns', 'delete', this.namespace(node)).catch(() => undefined);
  }

  #inside(node: Node, lines: readonly string[]): Promise<unknown> {
    const input = ['link set lo up', ...lines].join('\n');
    return runWithInput(input, 'ip', '-netns', this.namespace(node), '-batch', '-');
  }
}

function batch(lines: readonly string[]): Promise<unknown> {
  return runWithInput(lines.join('\n'), 'ip', '-batch', '-');
}

/** Builds the namespaces of a topology and takes them away again. */
import type { ChildProcess } from 'node:child_process';
import {
  bypassLink,
  CLIENT,
  clientAddress,
  type Family,
  linkAddress,
  natAddress,
  pathNodes,
  routerName,
  SERVER,
  type TopologyPlan,
  wireIndex,
} from './plan.ts';
import { lineFrom, type ProcessGroup, run, runWithInput } from './processes.ts';

/** A frame a device on the wire made: where, when (ns since 1970), towards whom, and its IP packet. */
export interface Injection {
  readonly link: string;
  readonly timeNs: bigint;
  readonly towards: 'client' | 'server';
  readonly packet: Uint8Array;
}

const WIRE = 'wire';

export class Topology {
  readonly plan: TopologyPlan;
  readonly injections: Injection[] = [];
  readonly #prefix: string;
  readonly #group: ProcessGroup;
  readonly #wireProgram: string;
  #wire: ChildProcess | null = null;
  readonly #answers: ((line: string) => void)[] = [];

  constructor(plan: TopologyPlan, prefix: string, group: ProcessGroup, wireProgram: string) {
    this.plan = plan;
    this.#prefix = `${prefix}-${plan.net}`;
    this.#group = group;
    this.#wireProgram = wireProgram;
  }

  /** The name of a node's namespace. */
  namespace(node: string): string {
    return `${this.#prefix}-${node}`;
  }

  /** Starts a program inside a node; it dies with this process, however that ends. */
  start(node: string, command: string, ...args: string[]): ChildProcess {
    const inside = ['netns', 'exec', this.namespace(node), 'setpriv', '--pdeathsig', 'KILL'];
    return this.#group.start('ip', [...inside, command, ...args]);
  }

  async run(node: string, command: string, ...args: string[]): Promise<string> {
    return run('ip', 'netns', 'exec', this.namespace(node), command, ...args);
  }

  async nft(node: string, script: string): Promise<void> {
    await runWithInput(script, 'ip', 'netns', 'exec', this.namespace(node), 'nft', '-f', '-');
  }

  async build(): Promise<void> {
    const nodes = [...pathNodes(this.plan), WIRE];
    await runWithInput(
      nodes.map((node) => `netns add ${this.namespace(node)}`).join('\n'),
      'ip',
      '-batch',
      '-',
    );
    await this.#linkUp();
    await Promise.all(pathNodes(this.plan).map((node, i) => this.#configure(node, i)));
    await this.#startWire();
  }

  /** Where the product's capture of the middle is made: node and interface. */
  middleInterface(): { node: string; interface: string } {
    if (this.plan.trunk !== null) return { node: WIRE, interface: 'trunka' };
    return { node: routerName(this.plan.middle), interface: this.plan.cooked.middle ? 'any' : 'left' };
  }

  /** Tells the wire something ("rule …", "reorder …"); fails if it does not understand. */
  async tellWire(command: string): Promise<void> {
    const answer = new Promise<string>((resolve) => this.#answers.push(resolve));
    this.#wire?.stdin?.write(`${command}\n`);
    const said = await answer;
    if (said !== 'ok') throw new Error(`the wire does not take '${command}': ${said}`);
  }

  async destroy(): Promise<void> {
    if (this.#wire !== null) await this.#group.end(this.#wire, 'SIGKILL');
    for (const node of [...pathNodes(this.plan), WIRE])
      await run('ip', 'netns', 'del', this.namespace(node)).catch(() => undefined);
  }

  #links(): number[] {
    const links = Array.from({ length: this.plan.routers + 1 }, (_, i) => i);
    return this.plan.asymmetric ? [...links, bypassLink(this.plan)] : links;
  }

  /** The two nodes a link joins, the one nearer to the client first. */
  #ends(link: number): [string, string] {
    const nodes = pathNodes(this.plan);
    return link > this.plan.routers ? [nodes[1], nodes[this.plan.routers]] : [nodes[link], nodes[link + 1]];
  }

  /** Every link is two veth pairs whose inner ends the wire process joins. */
  async #linkUp(): Promise<void> {
    const wire = this.namespace(WIRE);
    const lines: string[] = [];
    const names: string[] = [];
    for (const link of this.#links())
      for (const [inner, outer] of [
        [`w${link}a`, `n${link}a`],
        [`w${link}b`, `n${link}b`],
      ]) {
        lines.push(`link add ${inner} type veth peer name ${outer}`);
        names.push(inner, outer);
      }
    if (this.plan.trunk !== null) {
      lines.push('link add trunka mtu 1600 type veth peer name trunkb mtu 1600');
      names.push('trunka', 'trunkb');
    }
    await runWithInput(lines.join('\n'), 'ip', '-n', wire, '-batch', '-');
    await this.run(WIRE, this.#wireProgram, '--plain', ...names);
    const moves: string[] = [];
    for (const link of this.#links()) {
      const [left, right] = this.#ends(link);
      const bypass = link > this.plan.routers;
      moves.push(
        `link set n${link}a netns ${this.namespace(left)} name ${bypass ? 'bypass' : left === CLIENT ? 'eth0' : 'right'}`,
        `link set n${link}b netns ${this.namespace(right)} name ${bypass ? 'bypass' : right === SERVER ? 'eth0' : 'left'}`,
      );
    }
    for (const name of names.filter((n) => !n.startsWith('n'))) moves.push(`link set ${name} up`);
    await runWithInput(moves.join('\n'), 'ip', '-n', wire, '-batch', '-');
    // The wire's own namespace must not speak on the links it carries.
    await this.run(WIRE, 'sh', '-c', 'echo 1 | tee /proc/sys/net/ipv6/conf/*/disable_ipv6 >/dev/null');
  }

  async #configure(node: string, index: number): Promise<void> {
    const { plan } = this;
    const ttl = node === CLIENT ? plan.clientTtl : node === SERVER ? plan.serverTtl : 64;
    const timestamps =
      node === CLIENT ? plan.clientTimestamps : node === SERVER ? plan.serverTimestamps : true;
    const settings: readonly (readonly [string, string | number])[] = [
      ['net/ipv6/conf/*/accept_dad', 0],
      ['net/ipv6/conf/*/hop_limit', ttl],
      ['net/ipv4/conf/*/rp_filter', 0],
      ['net/ipv4/conf/*/send_redirects', 0],
      ['net/ipv4/conf/*/accept_redirects', 0],
      ['net/ipv4/ip_default_ttl', ttl],
      ['net/ipv4/tcp_timestamps', timestamps ? 1 : 0],
      ['net/ipv4/icmp_ratelimit', 0],
      ['net/ipv6/icmp/ratelimit', 0],
      ['net/ipv4/ping_group_range', '0 0'],
      ['net/ipv4/ip_forward', index > 0 && index <= plan.routers ? 1 : 0],
      ['net/ipv6/conf/all/forwarding', index > 0 && index <= plan.routers ? 1 : 0],
    ];
    const script = settings.map(([name, value]) => `for f in /proc/sys/${name}; do echo ${value} > $f; done`);
    await this.run(node, 'sh', '-c', script.join('\n'));
    await runWithInput(
      this.#addresses(node, index).join('\n'),
      'ip',
      '-n',
      this.namespace(node),
      '-batch',
      '-',
    );
    const chains = ['input', 'forward', 'output']
      .map((hook) => `chain ${hook} { type filter hook ${hook} priority 0; }`)
      .join('\n');
    const nat =
      plan.nat === index
        ? `chain source { type nat hook postrouting priority 100;
             ip saddr ${clientAddress(plan, 4)} oifname "right" snat to ${natAddress(plan)}; }`
        : '';
    await this.nft(node, `table inet lab {\n${chains}\n${nat}\n}`);
  }

  #addresses(node: string, index: number): string[] {
    const { plan } = this;
    const lines = ['link set lo up'];
    const last = plan.routers;
    const add = (address: string, device: string): void => {
      const v6 = address.includes(':');
      lines.push(`address add ${address}/${v6 ? 64 : 24} dev ${device}${v6 ? ' nodad' : ''}`);
    };
    const route = (to: string, via: string): number => lines.push(`route add ${to} via ${via}`);
    const network = (link: number, family: Family): string =>
      family === 4 ? `10.${plan.net}.${link}.0/24` : `fd00:${plan.net}:${link}::/64`;
    const leftDevice = node === SERVER ? 'eth0' : 'left';
    const rightDevice = node === CLIENT ? 'eth0' : 'right';
    if (index > 0) lines.push(`link set ${leftDevice} up`);
    if (index <= last) lines.push(`link set ${rightDevice} up`);
    const bypass = plan.asymmetric && (index === 1 || index === last);
    if (bypass) lines.push('link set bypass up');
    for (const family of [4, 6] as const) {
      if (index > 0) add(linkAddress(plan, index - 1, 'right', family), leftDevice);
      if (index <= last) add(linkAddress(plan, index, 'left', family), rightDevice);
      if (bypass) add(linkAddress(plan, bypassLink(plan), index === 1 ? 'left' : 'right', family), 'bypass');
      if (index === 0) route('default', linkAddress(plan, 0, 'right', family));
      else if (index > last) route('default', linkAddress(plan, last, 'left', family));
      else
        for (let link = 0; link <= last; link++) {
          if (plan.asymmetric && index === last && link === 0)
            route(network(link, family), linkAddress(plan, bypassLink(plan), 'left', family));
          else if (link < index - 1)
            route(network(link, family), linkAddress(plan, index - 1, 'left', family));
          else if (link > index) route(network(link, family), linkAddress(plan, index, 'right', family));
        }
    }
    // Answers to the translated address go their own way, too, and are translated where it ends.
    if (plan.asymmetric && plan.nat === 1 && index === last)
      route(`${natAddress(plan)}/32`, linkAddress(plan, bypassLink(plan), 'left', 4));
    if (plan.nat === index) lines.push(`address add ${natAddress(plan)}/32 dev right`);
    return lines;
  }

  async #startWire(): Promise<void> {
    const { plan } = this;
    const links = this.#links().flatMap((link) => {
      const delay = link > plan.routers ? 700 : plan.delaysUs[link];
      if (plan.trunk?.link !== link) return [`l${link}:w${link}a:w${link}b:${delay}`];
      const { vlan } = plan.trunk;
      return [
        `l${link}:w${link}a:trunka:${delay >> 1}:${vlan}:b`,
        `l${link}x:trunkb:w${link}b:${delay >> 1}:${vlan}:a`,
      ];
    });
    this.#wire = this.start(WIRE, this.#wireProgram, ...links);
    await lineFrom(this.#wire, (line) => line === 'ready', 'the wire');
    let rest = '';
    this.#wire.stdout?.on('data', (chunk) => {
      rest += String(chunk);
      const lines = rest.split('\n');
      rest = lines.pop() ?? '';
      for (const line of lines) this.#wireSaid(line);
    });
    await this.tellWire(`seed ${plan.seed}`);
    const { renumber } = plan;
    if (renumber !== null) {
      const moves = (['client', 'server'] as const).map((side) => (renumber.moves.includes(side) ? 1 : 0));
      await this.tellWire(`renumber ${wireIndex(plan, renumber.link)} ${renumber.secret} ${moves.join(' ')}`);
    }
  }

  #wireSaid(line: string): void {
    const injected = /^inject (\d+)\.(\d{9}) (\S+) ([ab]) ([0-9a-f]+)$/.exec(line);
    if (injected === null) {
      this.#answers.shift()?.(line);
      return;
    }
    const [, seconds, nanos, link, side, hex] = injected;
    this.injections.push({
      link,
      timeNs: BigInt(seconds) * 1_000_000_000n + BigInt(nanos),
      towards: side === 'a' ? 'client' : 'server',
      packet: Uint8Array.from(Buffer.from(hex, 'hex')),
    });
  }
}

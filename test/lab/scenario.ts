/** What a scenario is given: two hosts, a path between them, ports of its own, and chance from the seed. */
import type { Random } from '../bench/random.ts';
import type { Agent, Program, Step } from './agent.ts';
import { CLIENT, endpoints, type Family, linkAddress, routerName, SERVER, wireIndex } from './plan.ts';
import { type ProcessGroup, sleep } from './processes.ts';
import type { Topology } from './topology.ts';
import type { TopologyPlan } from './plan.ts';
import type { FailureRule } from './outcomes.ts';
import type { CauseRule } from './truth.ts';

export interface Scenario {
  readonly name: string;
  /** What happens, for the reader of truth.json. */
  readonly about: string;
  /** Part of the short run. */
  readonly short?: boolean;
  /** Where it makes sense; everywhere if left out. */
  readonly on?: (plan: TopologyPlan) => boolean;
  /** Fixed if left out of chance: a scenario about IPv4 headers, say. */
  readonly family?: Family;
  /** A port everybody knows, for the first scenario of a run that wants it. */
  readonly wellKnown?: number;
  /** Programs or files it cannot do without; skipped where one is missing. */
  readonly needs?: readonly string[];
  /** Must run while nothing else does: it changes something all flows of its hosts share. */
  readonly alone?: boolean;
  /** Which of its ports a proxy listens on, and which the server behind it, by their places among its ports. */
  readonly proxied?: { readonly front: number; readonly back: number };
  readonly rules?: readonly CauseRule[];
  /** Connections of it that fail without a reset. */
  readonly failures?: readonly FailureRule[];
  run(lab: Lab): Promise<void>;
}

export const PORTS_PER_SCENARIO = 20;

/** Handed to one run of one scenario on one topology. */
export class Lab {
  readonly plan: TopologyPlan;
  readonly family: Family;
  readonly client: string;
  readonly server: string;
  readonly random: Random;
  readonly folder: string;
  /** All ports that are its own: a frame with one of them belongs to the scenario. */
  readonly ports: readonly number[];
  readonly #topology: Topology;
  readonly #agents: ReadonlyMap<string, Agent>;
  readonly #group: ProcessGroup;

  constructor(parts: {
    topology: Topology;
    agents: ReadonlyMap<string, Agent>;
    group: ProcessGroup;
    ports: readonly number[];
    family: Family;
    random: Random;
    folder: string;
  }) {
    this.#topology = parts.topology;
    this.#agents = parts.agents;
    this.#group = parts.group;
    this.plan = parts.topology.plan;
    this.family = parts.family;
    this.ports = parts.ports;
    this.random = parts.random;
    this.folder = parts.folder;
    const hosts = endpoints(this.plan, this.family);
    this.client = hosts.client;
    this.server = hosts.server;
  }

  /** The server's port. */
  get port(): number {
    return this.ports[0];
  }

  onClient(...steps: Step[]): Program {
    return this.on(CLIENT, ...steps);
  }

  /** Runs steps on the server; a listener is up when this returns. */
  async onServer(...steps: Step[]): Promise<Program> {
    return this.serve(SERVER, ...steps);
  }

  async serve(node: string, ...steps: Step[]): Promise<Program> {
    const listening = steps.findIndex(([name]) => name === 'listen');
    const withMark: Step[] =
      listening < 0
        ? steps
        : [...steps.slice(0, listening + 1), ['mark', 'listening'], ...steps.slice(listening + 1)];
    const program = this.on(node, ...withMark);
    if (listening >= 0) await program.mark('listening');
    return program;
  }

  on(node: string, ...steps: Step[]): Program {
    const agent = this.#agents.get(node);
    if (agent === undefined) throw new Error(`no agent at ${node}`);
    return agent.run(steps);
  }

  sleep = sleep;

  /** A router of the path: 'near' the client, 'far' from it or in the 'middle'. */
  router(where: 'near' | 'middle' | 'far'): string {
    const { routers } = this.plan;
    return routerName(where === 'near' ? 1 : where === 'far' ? routers : Math.ceil(routers / 2));
  }

  /** The address of a router on the client's side, for what runs on it. */
  routerAddress(node: string): string {
    return linkAddress(this.plan, Number(node.slice(1)) - 1, 'right', this.family);
  }

  /** Rules for one chain of a node's packet filter, one per line. */
  async nft(node: string, chain: 'input' | 'forward' | 'output', ...rules: string[]): Promise<void> {
    await this.#topology.nft(node, rules.map((rule) => `add rule inet lab ${chain} ${rule}`).join('\n'));
  }

  async nftScript(node: string, script: string): Promise<void> {
    await this.#topology.nft(node, script);
  }

  /** A device on a wire of the path (see programs/rule.h); by default on this scenario's first port. */
  async device(where: 'client' | 'middle' | 'server' | 'any', rule: string, port = this.port): Promise<void> {
    await this.#topology.tellWire(`rule link=${this.#wireAt(where)} port=${port} ${rule}`);
  }

  /** A wire that loses so many of a thousand packets of this scenario's first port, both ways. */
  async loseOnWire(where: 'client' | 'middle' | 'server', perMille: number): Promise<void> {
    await this.#topology.tellWire(`lose ${this.port} ${this.#wireAt(where)} ${perMille}`);
  }

  async tellWire(command: string): Promise<void> {
    await this.#topology.tellWire(command);
  }

  async command(node: string, program: string, ...args: string[]): Promise<string> {
    return this.#topology.run(node, program, ...args);
  }

  /** Starts a server program that ends with the returned call; waits until it listens on `port`. */
  async daemon(node: string, port: number, program: string, ...args: string[]): Promise<() => Promise<void>> {
    const child = this.#topology.start(node, program, ...args);
    let said = '';
    child.stdout?.resume();
    child.stderr?.on('data', (chunk) => (said += chunk));
    for (let tries = 0; tries < 100; tries++) {
      if (child.exitCode !== null) throw new Error(`${program} ended: ${said.trim()}`);
      const listening = await this.command(node, 'ss', '-Hltn', 'sport', '=', `:${port}`);
      if (listening.trim() !== '') return () => this.#group.end(child);
      await sleep(50);
    }
    throw new Error(`${program} does not listen on ${port}: ${said.trim()}`);
  }

  /** A payload length that differs from seed to seed. */
  bytes(low: number, high: number): number {
    return this.random.between(low, high + 1);
  }

  /** A request a person would recognise. */
  request(path = '/', length = 0): string {
    const body = length > 0 ? `Content-Length: ${length}\r\n` : '';
    const verb = length > 0 ? 'POST' : 'GET';
    return `${verb} ${path} HTTP/1.1\r\nHost: lab.example\r\nUser-Agent: lab/${this.plan.seed}\r\n${body}\r\n`;
  }

  #wireAt(where: 'client' | 'middle' | 'server' | 'any'): number {
    const { plan } = this;
    // With a way of their own the answers pass only the first and the last link: a device that must see both
    // directions sits there.
    const inner = plan.asymmetric ? 0 : Math.floor(plan.routers / 2);
    const link =
      where === 'client'
        ? 0
        : where === 'server'
          ? plan.routers
          : where === 'middle'
            ? inner
            : this.random.between(0, plan.asymmetric ? 1 : plan.routers + 1);
    return wireIndex(plan, link);
  }
}

/** What a play is given: its programs in one language, places to run them in, and commands of the system. */
import { join } from 'node:path';
import type { LessonLanguage } from '../../../shared/model/lesson.ts';
import type { Ground } from './place.ts';
import { PlayError, Running, runCommand } from './processes.ts';

export interface StageOptions {
  readonly ground: Ground;
  /** With the lesson's other files. */
  readonly folder: string;
  /** With its client and server. */
  readonly programs: string;
  readonly language: LessonLanguage;
  readonly isFixed: boolean;
  /** For servers: three that nobody listens on. */
  readonly ports: readonly number[];
  /** Told of each step, for who watches. */
  readonly tell: (line: string) => void;
}

const SUFFIX: Readonly<Record<LessonLanguage, string>> = { node: 'mjs', python: 'py' };

export class Stage {
  readonly isFixed: boolean;
  readonly #options: StageOptions;
  readonly #running = new Set<Running>();

  constructor(options: StageOptions) {
    this.#options = options;
    this.isFixed = options.isFixed;
  }

  /** A port for a server; the first is the one that the lesson is about. */
  port(which: 0 | 1 | 2 = 0): number {
    return this.#options.ports[which];
  }

  address(place: string, towards?: 'client' | 'server'): string {
    return this.#options.ground.address(place, towards);
  }

  /** Starts a program of the lesson, which is repaired where the fix is played. */
  program(
    role: 'server' | 'client' | 'proxy',
    place: string,
    ...args: readonly (string | number)[]
  ): Running {
    const { ground, programs, language } = this.#options;
    const file = join(programs, `${role}.${SUFFIX[language]}`);
    const interpreter = language === 'node' ? [process.execPath] : ['python3', '-u'];
    const command = [...interpreter, file, ...args.map(String), ...(this.isFixed ? ['--fixed'] : [])];
    return this.#start(role, [...ground.inside(place), ...command]);
  }

  /** Starts the server, at its address and the first port, and waits until it listens. */
  async serve(...args: readonly (string | number)[]): Promise<Running> {
    const server = this.program('server', 'server', this.address('server'), this.port(), ...args);
    await server.line(/^listening on /u);
    return server;
  }

  /** Starts the client, which connects to the server. */
  client(...args: readonly (string | number)[]): Running {
    return this.program('client', 'client', this.address('server'), this.port(), ...args);
  }

  /** Starts the server, a proxy on the first router before it, and the client, which knows of the proxy only. */
  async serveThroughProxy(): Promise<Readonly<Record<'server' | 'proxy' | 'client', Running>>> {
    const back = [this.address('server'), this.port(1)] as const;
    // A balancer with one arm: both sides know it by one address.
    const front = [this.address('r1', 'server'), this.port()] as const;
    const server = this.program('server', 'server', ...back);
    await server.line(/^listening on /u);
    const proxy = this.program('proxy', 'r1', ...front, ...back);
    await proxy.line(/^listening on /u);
    return { server, proxy, client: this.program('client', 'client', ...front) };
  }

  /** A file that lies beside the lesson. */
  file(name: string): string {
    return join(this.#options.folder, name);
  }

  /** Any other program, which runs until the play ends. */
  start(name: string, place: string, ...command: readonly string[]): Running {
    return this.#start(name, [...this.#options.ground.inside(place), ...command]);
  }

  async command(place: string, ...command: readonly string[]): Promise<string> {
    this.#options.tell(`${place}: ${command.join(' ')}`);
    return runCommand([...this.#options.ground.inside(place), ...command]);
  }

  /** As `command`, not told: it is asked again and again. */
  async quietly(place: string, ...command: readonly string[]): Promise<string> {
    return runCommand([...this.#options.ground.inside(place), ...command]);
  }

  /** Loads rules of nftables. */
  async nft(place: string, rules: string): Promise<void> {
    for (const line of rules.trim().split('\n')) this.#options.tell(`${place}: nft ${line.trim()}`);
    await runCommand([...this.#options.ground.inside(place), 'nft', '-f', '-'], rules);
  }

  async sysctl(place: string, setting: string): Promise<void> {
    await this.command(place, 'sysctl', '-qw', setting);
  }

  /**
   * A host loses the connections of the first port without a word, as one does that loses its power: nothing that its kernel would
   * say of it gets out.
   * @param where that port stands in what the host sends: a server's source, a client's destination
   */
  async forget(place: string, where: 'sport' | 'dport'): Promise<void> {
    await this.nft(
      place,
      `table inet silence {
         chain output { type filter hook output priority 0;
           tcp ${where} ${this.port()} tcp flags & (rst | fin) != 0 drop
         }
       }`,
    );
    await this.command(place, 'ss', '-K', '-t', 'state', 'established', where, '=', `:${this.port()}`);
    await this.command(place, 'nft', 'delete', 'table', 'inet', 'silence');
  }

  async end(): Promise<void> {
    await Promise.all([...this.#running].map((one) => one.end()));
  }

  #start(name: string, command: readonly string[]): Running {
    if (command.length === 0) throw new PlayError(`${name} has no command`);
    this.#options.tell(`${name} starts`);
    const running = new Running(`the ${name}`, command);
    this.#running.add(running);
    return running;
  }
}

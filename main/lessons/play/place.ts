/** Where the programs of a play run: this machine's loopback, or network namespaces in a row that are made for it. */
import { randomBytes } from 'node:crypto';
import { namespaceName, sweepNamespaces } from './leftovers.ts';
import type { Path, Point } from './path.ts';
import { PlayError, runCommand } from './processes.ts';

/** What surrounds a play. */
export interface Ground {
  /** What to put before a command so that it runs in a place. */
  inside(place: string): readonly string[];
  address(place: string, towards?: 'client' | 'server'): string;
  /** The capture points, by name. */
  readonly points: Readonly<Record<string, Point>>;
  destroy(): Promise<void>;
}

const LOOPBACK: Ground = {
  inside: () => [],
  address: () => '127.0.0.1',
  points: { loopback: { place: 'here', interface: process.platform === 'darwin' ? 'lo0' : 'lo' } },
  destroy: () => Promise.resolve(),
};

export function loopback(): Ground {
  return LOOPBACK;
}

/** Why namespaces cannot be made here, or null. */
export async function lacksNamespaces(): Promise<string | null> {
  if (process.platform !== 'linux') return 'network namespaces are a part of Linux';
  if (process.getuid?.() !== 0) return 'only root may make network namespaces';
  const name = namespaceName('probe');
  try {
    await runCommand(['ip', 'netns', 'add', name]);
    await runCommand(['ip', 'netns', 'exec', name, 'nft', 'list', 'ruleset']);
    return null;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  } finally {
    await runCommand(['ip', 'netns', 'del', name]).catch(() => undefined);
  }
}

/** A chain: client, r1 … rN, server. Link i is 10.(i+1).0.0/24; the client is .20, the server .80, routers .1 and .254. */
export class Namespaces implements Ground {
  readonly points: Readonly<Record<string, Point>>;
  readonly #id = randomBytes(3).toString('hex');
  readonly #nodes: readonly string[];

  private constructor(path: Path) {
    this.points = path.points;
    this.#nodes = ['client', ...Array.from({ length: path.routers }, (_, i) => `r${i + 1}`), 'server'];
  }

  /** @throws PlayError; what was made by then is taken away again */
  static async make(path: Path): Promise<Namespaces> {
    await sweepNamespaces();
    const made = new Namespaces(path);
    try {
      await made.#build();
      return made;
    } catch (error) {
      await made.destroy();
      throw error;
    }
  }

  inside(place: string): readonly string[] {
    // A program of a play dies with the play, however that ends.
    return ['ip', 'netns', 'exec', this.#name(place), 'setpriv', '--pdeathsig', 'KILL'];
  }

  /** The address by which others know it; of a router, that on the client's side unless told. */
  address(place: string, towards: 'client' | 'server' = 'client'): string {
    const at = this.#nodes.indexOf(place);
    if (at < 0) throw new PlayError(`there is no place ${place} on the path`);
    if (place === 'client') return '10.1.0.20';
    if (place === 'server') return `10.${at}.0.80`;
    return towards === 'client' ? `10.${at}.0.254` : `10.${at + 1}.0.1`;
  }

  async destroy(): Promise<void> {
    for (const node of this.#nodes)
      await runCommand(['ip', 'netns', 'del', this.#name(node)]).catch(() => undefined);
  }

  #name(node: string): string {
    return namespaceName(`${this.#id}-${node}`);
  }

  async #build(): Promise<void> {
    for (const node of this.#nodes) await runCommand(['ip', 'netns', 'add', this.#name(node)]);
    const last = this.#nodes.length - 1;
    for (let link = 0; link < last; link++) {
      const [left, right] = [this.#nodes[link], this.#nodes[link + 1]];
      const [near, far] = [link === 0 ? 'eth0' : 'right', link + 1 === last ? 'eth0' : 'left'];
      await runCommand([
        ...['ip', 'link', 'add', near, 'netns', this.#name(left), 'type', 'veth'],
        ...['peer', 'name', far, 'netns', this.#name(right)],
      ]);
      const net = `10.${link + 1}.0`;
      await this.#address(left, near, link === 0 ? `${net}.20` : `${net}.1`);
      await this.#address(right, far, link + 1 === last ? `${net}.80` : `${net}.254`);
    }
    for (const [at, node] of this.#nodes.entries()) await this.#configure(node, at);
  }

  async #address(node: string, device: string, address: string): Promise<void> {
    await runCommand(['ip', '-n', this.#name(node), 'address', 'add', `${address}/24`, 'dev', device]);
    await runCommand(['ip', '-n', this.#name(node), 'link', 'set', device, 'up']);
  }

  async #configure(node: string, at: number): Promise<void> {
    const last = this.#nodes.length - 1;
    const name = this.#name(node);
    await runCommand(['ip', '-n', name, 'link', 'set', 'lo', 'up']);
    const routes: string[][] = [];
    if (at === 0) routes.push(['default', last === 1 ? '10.1.0.80' : '10.1.0.254']);
    else if (at === last) routes.push(['default', last === 1 ? '10.1.0.20' : `10.${last}.0.1`]);
    else
      for (let link = 0; link < last; link++) {
        if (link < at - 1) routes.push([`10.${link + 1}.0.0/24`, `10.${at}.0.1`]);
        // The next node on the server's side: another router, or the server itself, which forwards nothing.
        else if (link > at) routes.push([`10.${link + 1}.0.0/24`, `10.${at + 1}.0.254`]);
      }
    for (const [to, via] of routes) await runCommand(['ip', '-n', name, 'route', 'add', to, 'via', via]);
    const settings = [
      ...(at > 0 && at < last ? ['net.ipv4.ip_forward=1'] : []),
      // What a play needs is told in it; redirects and rate limits would make it depend on chance.
      'net.ipv4.conf.all.send_redirects=0',
      'net.ipv4.icmp_ratelimit=0',
    ];
    await runCommand(['ip', 'netns', 'exec', name, 'sysctl', '-qw', ...settings]);
  }
}

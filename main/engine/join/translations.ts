/** Which addresses, ports and numbers are others at the second of two vantages, and in how many connections. */
import { isAcrossProxy } from '../../../shared/model/join.ts';
import { addressText } from '../../../shared/format/address.ts';
import { countText } from '../../../shared/format/count.ts';
import { endpointText } from '../../../shared/format/endpoint.ts';
import type { FlowRecord } from '../../../shared/base/units.ts';
import { META, PORTS, ipVersionOf } from '../flow/record.ts';
import { shareText } from './share-text.ts';
import type { FlowPair } from './pair-flows.ts';
import type { JoinStores } from './stores.ts';

/** Examples that are told one by one. */
const MOST_TOLD = 3;
/** Those that are told apart for counting them. */
const MOST_KNOWN = 1000;

interface End {
  readonly address: string;
  readonly port: number;
}

/** What stands at the first vantage and what in its place at the second, with the connections that have it so. */
class Examples {
  readonly #all = new Map<string, { readonly texts: readonly [string, string]; count: number }>();
  /** Connections that have any. */
  count = 0;

  add(first: string, second: string): void {
    this.count++;
    const key = `${first} ${second}`;
    const known = this.#all.get(key);
    if (known !== undefined) known.count++;
    else if (this.#all.size < MOST_KNOWN) this.#all.set(key, { texts: [first, second], count: 1 });
  }

  /** The most frequent ones. @param isTurned packets of the client come from the second vantage */
  text(isTurned: boolean): string {
    const told = [...this.#all.values()]
      .toSorted((a, b) => b.count - a.count)
      .slice(0, MOST_TOLD)
      .map(({ texts: [first, second] }) => (isTurned ? `${second} → ${first}` : `${first} → ${second}`));
    const more = this.#all.size - told.length;
    if (more === 0) return told.join(', ');
    const count = this.#all.size < MOST_KNOWN ? countText(more) : `${countText(more)} or`;
    return `${told.join(', ')} and ${count} more`;
  }
}

class Side {
  readonly addresses = new Examples();
  ports = 0;
  rewritten = 0;

  add(first: End, second: End, seqShift: number): void {
    if (first.address !== second.address) this.addresses.add(first.address, second.address);
    if (first.port !== second.port) this.ports++;
    if (seqShift !== 0) this.rewritten++;
  }
}

export class Translations {
  readonly #flows: JoinStores['flows'];
  readonly #sides = [new Side(), new Side()] as const;
  /** Both connections of a proxy: it translates nothing, the second one has ends and numbers of its own. */
  readonly #proxied = new Examples();
  #connections = 0;

  constructor({ flows }: JoinStores) {
    this.#flows = flows;
  }

  add({ first, second, isSwapped, seqShift, class: kind }: FlowPair): void {
    this.#connections++;
    const ours = [this.#end(first, 0), this.#end(first, 1)] as const;
    const theirs = [this.#end(second, isSwapped ? 1 : 0), this.#end(second, isSwapped ? 0 : 1)] as const;
    if (isAcrossProxy(kind)) this.#proxied.add(connectionText(ours), connectionText(theirs));
    else for (const at of [0, 1] as const) this.#sides[at].add(ours[at], theirs[at], seqShift[at]);
  }

  #end(flow: FlowRecord, direction: 0 | 1): End {
    const flows = this.#flows;
    const ports = flows.word(flow, PORTS);
    const version = ipVersionOf(flows.word(flow, META));
    return {
      address: addressText(flows.addressWords(flow), flows.addressAt(flow, direction), version),
      port: direction === 0 ? ports >>> 16 : ports & 0xffff,
    };
  }

  /** What holds for most connections first. @param isTurned whether the second vantage is nearer to the client, so that packets of it come from there */
  texts(isTurned: boolean): string[] {
    const found: { readonly count: number; readonly text: string }[] = [];
    const tell = (count: number, what: string, examples = ''): void => {
      if (count > 0) found.push({ count, text: what + shareText(count, this.#connections) + examples });
    };
    const proxied = this.#proxied;
    tell(
      proxied.count,
      'A proxy ends connections and opens its own, with other sequence numbers and the same bytes',
      `: ${proxied.text(isTurned)}`,
    );
    for (const [at, name] of ['clients', 'servers'].entries()) {
      const { addresses, ports } = this.#sides[at];
      tell(addresses.count, `Addresses of ${name} are translated`, `: ${addresses.text(isTurned)}`);
      tell(ports, `Ports of ${name} are translated`);
    }
    const [clients, servers] = this.#sides.map(({ rewritten }) => rewritten);
    const byConstant = ', by a constant of each connection';
    if (clients === servers) tell(clients, 'Sequence numbers of both sides are rewritten', byConstant);
    else {
      tell(clients, 'Sequence numbers of clients are rewritten', byConstant);
      tell(servers, 'Sequence numbers of servers are rewritten', byConstant);
    }
    return found.toSorted((a, b) => b.count - a.count).map(({ text }) => text);
  }
}

function connectionText([client, server]: readonly [End, End]): string {
  return `${client.address} to ${endpointText(server.address, server.port)}`;
}

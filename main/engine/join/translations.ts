/** Which addresses and ports are others at the second of two vantages. */
import { isAcrossProxy } from '../../../shared/model/join.ts';
import { addressText } from '../../../shared/format/address.ts';
import { countText } from '../../../shared/format/count.ts';
import type { FlowRecord } from '../../../shared/base/units.ts';
import { CLIENT_ADDRESS, META, PORTS, SERVER_ADDRESS, ipVersionOf } from '../flow/record.ts';
import type { FlowPair } from './pair-flows.ts';
import type { JoinStores } from './stores.ts';

/** Translated addresses that are told one by one. */
const MOST_TOLD = 3;
/** Those that are told apart for counting them. */
const MOST_KNOWN = 1000;

interface End {
  readonly address: string;
  readonly port: number;
}

class Side {
  readonly addresses = new Map<string, readonly [string, string]>();
  ports = 0;

  add(first: End, second: End): void {
    if (first.address !== second.address && this.addresses.size < MOST_KNOWN) {
      this.addresses.set(`${first.address} ${second.address}`, [first.address, second.address]);
    }
    if (first.port !== second.port) this.ports++;
  }
}

export class Translations {
  readonly #flows: JoinStores['flows'];
  readonly #client = new Side();
  readonly #server = new Side();
  #rewrittenClients = 0;
  #rewrittenServers = 0;

  constructor({ flows }: JoinStores) {
    this.#flows = flows;
  }

  add({ first, second, isSwapped, seqShift, class: kind }: FlowPair): void {
    this.#client.add(this.#end(first, 0), this.#end(second, isSwapped ? 1 : 0));
    this.#server.add(this.#end(first, 1), this.#end(second, isSwapped ? 0 : 1));
    // A proxy's other connection has numbers of its own: nothing is rewritten.
    if (isAcrossProxy(kind)) return;
    if (seqShift[0] !== 0) this.#rewrittenClients++;
    if (seqShift[1] !== 0) this.#rewrittenServers++;
  }

  #end(flow: FlowRecord, direction: 0 | 1): End {
    const words = this.#flows.block(flow).words;
    const at = this.#flows.wordsAt(flow);
    const ports = words[at + PORTS];
    return {
      address: addressText(
        words,
        at + (direction === 0 ? CLIENT_ADDRESS : SERVER_ADDRESS),
        ipVersionOf(words[at + META]),
      ),
      port: direction === 0 ? ports >>> 16 : ports & 0xffff,
    };
  }

  /** @param isTurned whether the second vantage is nearer to the client, so that packets of it come from there */
  texts(isTurned: boolean): string[] {
    const texts: string[] = [];
    for (const [name, side] of [
      ['clients', this.#client],
      ['servers', this.#server],
    ] as const) {
      if (side.addresses.size > 0) {
        texts.push(`Addresses of ${name} are translated: ${examples(side, isTurned)}`);
      }
      if (side.ports > 0) texts.push(`Ports of ${name} are translated`);
    }
    const rewritten = [
      ...(this.#rewrittenClients > 0 ? ['clients'] : []),
      ...(this.#rewrittenServers > 0 ? ['servers'] : []),
    ];
    if (rewritten.length > 0) {
      texts.push(
        `Sequence numbers of ${rewritten.join(' and ')} are rewritten, by a constant of each connection`,
      );
    }
    return texts;
  }
}

function examples({ addresses }: Side, isTurned: boolean): string {
  const all = [...addresses.values()];
  const told = all
    .slice(0, MOST_TOLD)
    .map(([first, second]) => (isTurned ? `${second} → ${first}` : `${first} → ${second}`));
  const more = all.length - told.length;
  if (more === 0) return told.join(', ');
  const count = all.length < MOST_KNOWN ? countText(more) : `${countText(more)} or`;
  return `${told.join(', ')} and ${count} more`;
}

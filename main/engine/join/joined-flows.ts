/** What became of the packets of each connection between two vantages, one connection after the other: there may be millions. */
import type { PacketNumber } from '../../../shared/base/units.ts';
import type { JoinedFlows } from '../../../shared/model/join.ts';
import { TCP_FLAGS_MASK } from '../decode/facts.ts';
import type { PacketMatch } from './join-view.ts';
import type { FlowPair } from './pair-flows.ts';
import type { JoinStores } from './stores.ts';

export function* joinedFlows(
  stores: JoinStores,
  pairs: readonly FlowPair[],
  matchOf: (pair: FlowPair) => PacketMatch,
): Generator<JoinedFlows> {
  for (const pair of pairs) {
    const match = matchOf(pair);
    let matched = 0;
    let changed = 0;
    for (const [at, other] of match.ofOurs.entries()) {
      if (other < 0) continue;
      matched++;
      if (isChanged(stores, match.ours[at] as PacketNumber, match.theirs[other] as PacketNumber)) changed++;
    }
    yield {
      ids: [stores.flows.id(pair.first), stores.flows.id(pair.second)],
      class: pair.class,
      matched,
      onlyFirst: match.ours.length - matched,
      onlySecond: match.ofTheirs.reduce((sum, other) => sum + (other < 0 ? 1 : 0), 0),
      changed,
    };
  }
}

/** Whether more differs than what every router and translator may change: TTL, addresses, ports and numbers. */
function isChanged({ packets }: JoinStores, ours: PacketNumber, theirs: PacketNumber): boolean {
  return (
    ((packets.flags(ours) ^ packets.flags(theirs)) & TCP_FLAGS_MASK) !== 0 ||
    packets.payload(ours) !== packets.payload(theirs) ||
    packets.window(ours) !== packets.window(theirs) ||
    packets.tos(ours) !== packets.tos(theirs)
  );
}

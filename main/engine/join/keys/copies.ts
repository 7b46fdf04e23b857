/**
 * Flows whose first packet is the very same record: one capture opened twice, or beside a part of itself. Nothing else captures two
 * packets of the same connection at the same nanosecond, whatever their numbers are worth.
 */
import type { FlowRecord } from '../../../../shared/base/units.ts';
import { TCP_FLAGS_MASK } from '../../decode/facts.ts';
import { mix } from '../mix.ts';
import type { PairBook } from '../pair-book.ts';

export function* pairCopies(book: PairBook): Generator<undefined, void> {
  const { facts, stores } = book;
  const { packets } = stores;
  const keyOf = (flow: FlowRecord): number | undefined => {
    const packet = facts.firstPacket(flow);
    if (!packets.holds(packet)) return undefined;
    const ns = packets.time(packet);
    const key = mix(mix(facts.endpointsKey(flow), ns % 0x1_0000_0000), ns / 0x1_0000_0000);
    return mix(mix(key, packets.seq(packet)), packets.flags(packet) & TCP_FLAGS_MASK);
  };
  yield* book.alone(keyOf, (first, second) => {
    const one = facts.firstPacket(first);
    const other = facts.firstPacket(second);
    const isCopy =
      facts.hasEndpointsOf(first, second) &&
      packets.time(one) === packets.time(other) &&
      packets.seq(one) === packets.seq(other) &&
      packets.ack(one) === packets.ack(other) &&
      packets.payload(one) === packets.payload(other) &&
      packets.window(one) === packets.window(other) &&
      packets.ipId(one) === packets.ipId(other);
    if (!isCopy) return;
    book.addSame(first, second, true);
    book.clock.note(packets.time(one), 0);
  });
}

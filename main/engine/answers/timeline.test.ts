import { expect, it } from 'vitest';
import { analyzePackets } from '../../../test/support/analyze.ts';
import { Conversation, interleave } from '../../../test/support/conversation.ts';
import type { Session } from '../session.ts';
import { PacketSet } from '../select/packet-set.ts';
import { countTimeline } from './timeline.ts';

/** A request, a second of silence, a request that has to be sent again and is answered by a reset. */
function session(): Session {
  const one = new Conversation({ client: { address: '10.0.0.1', port: 40_000 } })
    .handshake()
    .clientSends(100)
    .wait(3)
    .clientSends(200)
    .retransmit('client')
    .rst({ from: 'server' });
  return analyzePackets(interleave(one));
}

const sum = (counts: readonly number[]): number => counts.reduce((total, count) => total + count, 0);
const rest = (): Promise<void> => Promise.resolve();

it('counts every packet, retransmission and reset in a bar of a round width', async () => {
  const analysed = session();
  const marks = { resets: analysed.resetIds(), failures: [analysed.lastNs] };
  const told = await countTimeline(analysed, marks, null, null, 10, rest);
  expect(told.widthNs).toBe(0.5e9);
  expect(told.fromNs).toBe(analysed.firstNs);
  expect(sum(told.packets)).toBe(analysed.packets.count);
  let bytes = 0;
  for (let p = analysed.packets.oldest; p < analysed.packets.next; p++) {
    bytes += analysed.packets.wire(p as typeof analysed.packets.oldest);
  }
  expect(sum(told.bytes)).toBe(bytes);
  expect(told.retransmissions.at(-1)).toBe(1);
  const { kind } = analysed.resetRow(0);
  expect(told[kind].at(-1)).toBe(1);
  expect(sum(told.middlebox) + sum(told.endpoint) + sum(told.unknown)).toBe(1);
  expect(told.failures.at(-1)).toBe(1);
  expect(told.packets.some((count) => count === 0)).toBe(true);
});

it('counts nothing that lies outside of the part that is looked at', async () => {
  const analysed = session();
  const marks = { resets: analysed.resetIds(), failures: [analysed.firstNs] };
  const { firstNs, lastNs } = analysed;
  const told = await countTimeline(analysed, marks, lastNs - 1e6, lastNs, 50, rest);
  expect(sum(told.packets)).toBeLessThan(analysed.packets.count);
  expect(sum(told.packets)).toBeGreaterThan(0);
  expect(sum(told.failures)).toBe(0);
  expect((told.fromNs - firstNs) % told.widthNs).toBe(0);
});

it('counts beside all packets those that pass', async () => {
  const analysed = session();
  const { lastNs } = analysed;
  const resets = analysed.resetIds();
  const last = analysed.resets.packet(resets[0]);
  const passing = new PacketSet();
  passing.add(last);
  const some = await countTimeline(
    analysed,
    { packets: passing, resets, failures: [] },
    null,
    null,
    10,
    rest,
  );
  expect(sum(some.passing)).toBe(1);
  expect(some.passing[Math.floor((lastNs - some.fromNs) / some.widthNs)]).toBe(1);
  expect(sum(some.packets)).toBe(analysed.packets.count);
  const all = await countTimeline(analysed, { resets, failures: [] }, null, null, 10, rest);
  expect(all.passing).toEqual(all.packets);
});

it('lets others have their turn at every chunk, and tells an empty capture', async () => {
  const empty = analyzePackets([]);
  const told = await countTimeline(empty, { resets: empty.resetIds(), failures: [] }, null, null, 10, rest);
  expect(sum(told.packets)).toBe(0);
  const lone = analyzePackets(new Conversation().syn().packets);
  const once = await countTimeline(lone, { resets: lone.resetIds(), failures: [] }, null, null, 10, rest);
  expect(sum(once.packets)).toBe(1);
  expect(once.packets.length).toBeGreaterThan(4);
  let breaths = 0;
  const analysed = session();
  await countTimeline(analysed, { resets: analysed.resetIds(), failures: [] }, null, null, 10, () => {
    breaths++;
    return rest();
  });
  expect(breaths).toBe(analysed.packets.chunkCount);
});

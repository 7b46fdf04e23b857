/** What filters answer out of columns is what the reference evaluator says of each packet, and costs a growing capture only its new packets. */
import { describe, expect, it } from 'vitest';
import { analyzePackets } from '../../../test/support/analyze.ts';
import { Conversation, interleave } from '../../../test/support/conversation.ts';
import type { PacketNumber } from '../../../shared/base/units.ts';
import { evaluator, NO_REGEX } from '../../../shared/filter/evaluate.ts';
import { parseFilter } from '../../../shared/filter/parse.ts';
import type { FilterNode } from '../../../shared/filter/ast.ts';
import { PacketSet } from './packet-set.ts';
import { leavesOf, fieldsOf } from './nodes.ts';
import { selectorOf } from './selector.ts';

const session = analyzePackets(
  interleave(
    new Conversation().handshake().exchange(100, 2000).segment('server', { flags: 'R' }),
    new Conversation({ client: { address: '10.9.0.7', port: 4242 } }).handshake().clientSends(700).closes(),
  ),
);
const breathe = (): Promise<void> => Promise.resolve();

function parsed(text: string): FilterNode {
  const result = parseFilter(text);
  if (!result.ok) throw new Error(`${text}: ${result.error.message}`);
  return result.value;
}

describe('a selection', () => {
  it.each([
    'tcp.port == 443',
    'tcp.port != 443',
    'not tcp.port in {443, 4242}',
    'tcp.flags.reset == 1',
    'tcp.flags & 0x12',
    'ip.addr == 10.9.0.0/16 && tcp.len > 0',
    'ip.src != 10.9.0.7 or frame.number == 3',
    'tcp.seq == 0 || tcp.ack == 1',
    'tcp.stream == 1',
    'tcp.len % 2 == 0',
    'tcp.srcport > tcp.dstport',
    'frame.time_relative > 0.01',
    'rst.origin',
    'rst && flow.bytes > 10',
    'flow.client.port == 4242',
    'count(tcp.port) == 2',
    'udp or arp',
  ])('has the packets that pass %s one by one', async (text) => {
    const node = parsed(text);
    const { yes, open } = await selectorOf(session).select(text, node, breathe);
    const names = leavesOf(node).flatMap((leaf) => fieldsOf(leaf).map(({ field }) => field.name));
    const read = selectorOf(session).fieldReader(names);
    const passes = evaluator(node, NO_REGEX);
    const expected = Array.from({ length: session.packets.next }, (_, i) => i).filter((packet) =>
      passes({ values: read(packet as PacketNumber, undefined) }),
    );
    expect(yes.slice(0, session.packets.count)).toEqual(expected);
    expect(open.size).toBe(0);
  });

  it('leaves to the bytes only what nothing else decides', async () => {
    const text = 'tcp.payload contains 00 && tcp.port == 4242';
    const { yes, open } = await selectorOf(session).select(text, parsed(text), breathe);
    const ofFlow = await selectorOf(session).select('tcp.port == 4242', parsed('tcp.port == 4242'), breathe);
    expect(yes.size).toBe(0);
    expect(open.size).toBeGreaterThan(0);
    expect(open.size).toBeLessThanOrEqual(ofFlow.yes.size);
  });
});

describe('a set of packets', () => {
  const numbers = [0, 1, 31, 32, 65_535, 65_536, 200_000] as PacketNumber[];
  const set = new PacketSet();
  for (const number of numbers) set.add(number);

  it('knows places and what stands at them', () => {
    expect(set.size).toBe(numbers.length);
    expect(numbers.map((number) => set.rank(number))).toEqual(numbers.map((_, i) => i));
    expect(set.slice(2, 4)).toEqual(numbers.slice(2, 6));
    expect(set.slice(7, 1)).toEqual([]);
  });

  it('finds the next and the previous across chunks', () => {
    expect(numbers.map((number) => set.next(number))).toEqual([...numbers.slice(1), -1]);
    expect(numbers.map((number) => set.previous(number))).toEqual([-1, ...numbers.slice(0, -1)]);
    expect(set.next(-1)).toBe(0);
  });
});

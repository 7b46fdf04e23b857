import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { writePcap, type PcapOptions } from '../../../../test/support/capture-writer.ts';
import { absoluteTimes, record } from '../../../../test/support/recording-sink.ts';
import { BlockError } from './block-walker.ts';
import { PcapConverter } from './pcap-converter.ts';

function convert(bytes: Uint8Array, size = bytes.length): Uint8Array {
  const converter = new PcapConverter('eth0', 'test');
  const parts: Uint8Array[] = [];
  for (let at = 0; at < bytes.length; at += size) parts.push(converter.push(bytes.slice(at, at + size)));
  expect(converter.pendingBytes).toBe(0);
  return Buffer.concat(parts);
}

/** The second one is close to where 32 bits of seconds end. */
const epochs = [1_700_000_000_000_000_000n, 4_294_960_000_999_999_999n];

const options: fc.Arbitrary<PcapOptions> = fc.record({
  bigEndian: fc.boolean(),
  nanos: fc.boolean(),
  modified: fc.constant(false),
  linkType: fc.constantFrom(1, 113, 276, 101),
  packets: fc.array(
    fc.record({
      timeNs: fc.bigInt({ min: 0n, max: 10n ** 12n }),
      data: fc.uint8Array({ minLength: 40, maxLength: 120 }),
    }),
    { minLength: 1, maxLength: 10 },
  ),
});

describe('a pcap stream as pcapng', () => {
  it('holds the same packets at the same times, however it is cut', () => {
    fc.assert(
      fc.property(
        options,
        fc.constantFrom(...epochs),
        fc.integer({ min: 1, max: 300 }),
        (drawn, epoch, size) => {
          const packets = drawn.packets.map((one) => ({ ...one, timeNs: epoch + one.timeNs }));
          const written = { ...drawn, packets };
          const pcap = writePcap(written);
          const before = record(pcap);
          const after = record(convert(pcap, size));
          expect(after.warnings).toEqual([]);
          expect(after.packets.map(({ data }) => data)).toEqual(before.packets.map(({ data }) => data));
          expect(before.packets).toHaveLength(packets.length);
          const step = written.nanos === true ? 1n : 1000n;
          expect(absoluteTimes(after)).toEqual(packets.map(({ timeNs }) => (timeNs / step) * step));
          expect(after.interfaces[0]).toMatchObject({
            linkType: written.linkType,
            name: 'eth0',
            resolutionNs: Number(step),
          });
        },
      ),
    );
  });

  it('tells drops as an interface statistics block', () => {
    const converter = new PcapConverter('eth0', 'test');
    const packets = [{ timeNs: 5n, data: new Uint8Array(60) }];
    const file = Buffer.concat([
      converter.push(writePcap({ packets })),
      converter.statistics(7n, 10, 3, null),
      converter.statistics(8n, 20, 4, 1),
    ]);
    const read = record(file);
    expect(read.drops).toEqual([
      { interfaceId: 0, received: 10, droppedByKernel: 3, droppedByInterface: undefined },
      { interfaceId: 0, received: 20, droppedByKernel: 4, droppedByInterface: 1 },
    ]);
  });

  it('is refused where it is none', () => {
    const text = new TextEncoder().encode('tcpdump: permission denied, sorry');
    expect(() => convert(text)).toThrow(BlockError);
    expect(() => convert(text, 3)).toThrow(/does not begin with its magic number/u);
    const lying = writePcap({ packets: [{ timeNs: 0n, data: new Uint8Array(60) }] });
    new DataView(lying.buffer).setUint32(24 + 8, 0x7fff_ffff, true);
    expect(() => convert(lying)).toThrow(/claims to be 2147483647 bytes/u);
  });
});

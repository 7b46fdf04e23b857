import { describe, expect, it } from 'vitest';
import {
  BLOCK_ENHANCED_PACKET,
  BLOCK_INTERFACE,
  BLOCK_STATISTICS,
} from '../../../engine/read/pcapng-plausible.ts';
import { LIMITS } from '../../../engine/limits.ts';
import { InterfaceClocks, isWholePacket, readStatistics } from './block-facts.ts';
import { BlockWriter } from './pcapng-blocks.ts';

const OPT_COMMENT = 1;
const IF_TSRESOL = 9;
const ISB_IFRECV = 4;
const ISB_IFDROP = 5;
const ISB_OSDROP = 7;
const NANOSECONDS = Uint8Array.of(9);

/** A block of this type; `write` puts its body, for either byte order. */
function block(bigEndian: boolean, type: number, write: (out: BlockWriter) => void): Uint8Array {
  const out = new BlockWriter(bigEndian).begin(type);
  write(out);
  out.end();
  return out.take();
}

describe.each([false, true])('in big endian: %s', (bigEndian) => {
  it('a packet is whole from the block on that has nothing but its fixed fields', () => {
    const fields = (count: number): Uint8Array =>
      block(bigEndian, BLOCK_ENHANCED_PACKET, (out) => {
        for (let i = 0; i < count; i++) out.u32(i);
      });
    // Interface, two words of time, captured and original length.
    expect(isWholePacket(fields(5).length)).toBe(true);
    expect(isWholePacket(fields(4).length)).toBe(false);
  });

  /** What a packet at a stamp of 1 has as its time, on an interface with these options. */
  const unitNs = (write: (out: BlockWriter) => void): number => {
    const described = block(bigEndian, BLOCK_INTERFACE, (out) => {
      out.u16(1).u16(0).u32(0);
      write(out);
    });
    const packet = block(bigEndian, BLOCK_ENHANCED_PACKET, (out) => out.u32(0).stamp(1n).u32(0).u32(0));
    const clocks = new InterfaceClocks();
    clocks.add(described, 0, described.length, bigEndian);
    return clocks.packetNs(packet, 0, bigEndian);
  };

  it('the clock of an interface is found among its options, and is of microseconds without one', () => {
    expect(unitNs(() => undefined)).toBe(1000);
    expect(unitNs((out) => out.textOption(OPT_COMMENT, 'a').option(IF_TSRESOL, NANOSECONDS).u32(0))).toBe(1);
    expect(unitNs((out) => out.option(IF_TSRESOL, new Uint8Array()))).toBe(1000);
  });

  it('options are read up to their end, to one that is longer than the block, or to their limit', () => {
    expect(unitNs((out) => out.u32(0).option(IF_TSRESOL, NANOSECONDS))).toBe(1000);
    expect(unitNs((out) => out.u16(OPT_COMMENT).u16(99).option(IF_TSRESOL, NANOSECONDS))).toBe(1000);
    const behind = (comments: number) => (out: BlockWriter) => {
      for (let i = 0; i < comments; i++) out.textOption(OPT_COMMENT, '');
      out.option(IF_TSRESOL, NANOSECONDS);
    };
    expect(unitNs(behind(LIMITS.maxOptionsPerBlock - 1))).toBe(1);
    expect(unitNs(behind(LIMITS.maxOptionsPerBlock))).toBe(1000);
  });

  it('statistics have the counters that they tell', () => {
    const told = (write: (out: BlockWriter) => void) => {
      const bytes = block(bigEndian, BLOCK_STATISTICS, (out) => {
        out.u32(3).stamp(0n);
        write(out);
      });
      return readStatistics(bytes, 0, bytes.length, bigEndian);
    };
    const none = { interfaceId: 3, received: null, droppedByInterface: null, droppedByKernel: null };
    expect(told(() => undefined)).toEqual(none);
    expect(told((out) => out.u16(ISB_OSDROP).u16(8).u64(2n).u16(ISB_IFRECV).u16(8).u64(7n).u32(0))).toEqual({
      ...none,
      received: 7,
      droppedByKernel: 2,
    });
    expect(told((out) => out.u16(ISB_IFDROP).u16(4).u32(1))).toEqual(none);
    expect(readStatistics(new Uint8Array(20), 0, 20, bigEndian)).toBeUndefined();
  });
});

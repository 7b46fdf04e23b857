import { describe, expect, it } from 'vitest';
import { decodeLz4Block, LZ4_HISTORY_BYTES } from './lz4-block.ts';
import { Lz4FrameDecoder } from './lz4-frame.ts';
import { XxHash32, xxHash32 } from './xxhash32.ts';

const text = (value: string) => new TextEncoder().encode(value);

describe('xxHash32', () => {
  const vectors: [input: string, hash: number][] = [
    ['', 0x02cc5d05],
    ['a', 0x550d7456],
    ['abc', 0x32d153ff],
    ['Nobody inspects the spammish repetition', 0xe2293b2f],
  ];
  it.each(vectors)('%j', (input, hash) => {
    const bytes = text(input);
    expect(xxHash32(bytes)).toBe(hash);
    const piecewise = new XxHash32();
    for (let i = 0; i < bytes.length; i++) piecewise.update(bytes, i, i + 1);
    expect(piecewise.digest()).toBe(hash);
  });
});

describe('a block', () => {
  /** Decodes with `room` bytes of output of which `history` are known before it. */
  function decode(block: number[], room = 64, history = 0): string | number {
    const output = new Uint8Array(400).fill(0x2e);
    output.set(text('0123456789'.slice(10 - history)), 10 - history);
    const input = Uint8Array.from([0xff, ...block, 0xff]).subarray(1, 1 + block.length);
    const length = decodeLz4Block(input, output, 10, 10 - history, 10 + room);
    // Nothing may be touched beyond the room, whatever the outcome.
    expect(output.subarray(10 + room).every((byte) => byte === 0x2e)).toBe(true);
    return length < 0 ? length : new TextDecoder().decode(output.subarray(10, 10 + length));
  }
  const [a, b] = text('ab');

  it('copies literals and matches, also overlapping ones', () => {
    expect(decode([0x10, a])).toBe('a');
    expect(decode([0x20, a, b, 2, 0, 0x10, b])).toBe('abababb');
    expect(decode([0x11, a, 1, 0, 0x10, b])).toBe('aaaaaab');
    expect(decode([0x1f, a, 1, 0, 255, 5, 0x10, b], 300)).toBe(`a${'a'.repeat(4 + 15 + 255 + 5)}b`);
  });

  it('reaches back into the history, but not beyond it', () => {
    expect(decode([0x00, 4, 0, 0x10, a], 64, 10)).toBe('6789a');
    expect(decode([0x00, 10, 0, 0x10, a], 64, 10)).toBe('0123a');
    expect(decode([0x00, 10, 0, 0x10, a], 64, 9)).toBe(-1);
    expect(decode([0x00, 11, 0, 0x10, a], 64, 10)).toBe(-1);
  });

  const damaged: [name: string, block: number[], room?: number][] = [
    ['nothing at all', []],
    ['literals beyond the end', [0x50, a, b]],
    ['a literal length without end', [0xf0, 255, 255]],
    ['literals beyond the room', [0x40, a, b, a, b], 3],
    ['a match beyond the room', [0x14, a, 1, 0, 0x10, a], 8],
    ['a distance of 0', [0x10, a, 0, 0, 0x10, a]],
    ['half a distance', [0x10, a, 1]],
    ['a match length without end', [0x1f, a, 1, 0]],
    ['a match at the very end', [0x10, a, 1, 0]],
  ];
  it.each(damaged)('damaged: %s', (_name, block, room) => {
    expect(decode(block, room)).toBe(-1);
  });

  it('keeps 64 KiB of history', () => expect(LZ4_HISTORY_BYTES).toBe(65_536));
});

describe('a frame', () => {
  const u32 = (value: number) => [value & 255, (value >>> 8) & 255, (value >>> 16) & 255, value >>> 24];
  const stored = (value: string) => [...u32((value.length | 0x8000_0000) >>> 0), ...text(value)];
  function frame(
    flags: number,
    blocks: number[],
    { bd = 0x40, extra = [] as number[], end = [0, 0, 0, 0] } = {},
  ) {
    const header = [flags, bd, ...extra];
    return [
      ...u32(0x184d2204),
      ...header,
      (xxHash32(Uint8Array.from(header)) >>> 8) & 255,
      ...blocks,
      ...end,
    ];
  }
  function decode(bytes: number[]): string {
    const decoder = new Lz4FrameDecoder();
    const pieces: Buffer[] = [];
    for (const piece of decoder.push(Uint8Array.from(bytes))) pieces.push(Buffer.from(piece));
    for (const piece of decoder.finish()) pieces.push(Buffer.from(piece));
    return Buffer.concat(pieces).toString();
  }
  const PLAIN = 0x60;

  it('of stored blocks, with skippable frames around it', () => {
    const skippable = [...u32(0x184d2a53), ...u32(5), 1, 2, 3, 4, 5];
    const empty = [...u32(0x184d2a50), ...u32(0)];
    const data = frame(PLAIN, [...stored('hello '), ...stored('world')]);
    expect(decode([...skippable, ...data, ...empty, ...data])).toBe('hello worldhello world');
  });

  const refused: [name: string, bytes: number[], message: RegExp][] = [
    ['another version', frame(0xa0, stored('x')), /version 2/],
    ['a wrong header checksum', frame(PLAIN, stored('x')).with(6, 0), /checksum of a frame header/],
    ['a dictionary', frame(PLAIN | 1, stored('x'), { extra: [1, 2, 3, 4] }), /dictionary/],
    ['a block size that does not exist', frame(PLAIN, stored('x'), { bd: 0x30 }), /block size/],
    ['a block longer than allowed', frame(PLAIN, u32(70_000)), /longer than its frame allows/],
    ['a wrong content size', frame(PLAIN | 8, stored('x'), { extra: [2, 0, 0, 0, 0, 0, 0, 0] }), /claims 2/],
    [
      'a wrong content checksum',
      frame(PLAIN | 4, stored('x'), { end: [0, 0, 0, 0, 1, 2, 3, 4] }),
      /of the content/,
    ],
    ['a wrong block checksum', frame(PLAIN | 16, [...stored('x'), 1, 2, 3, 4]), /checksum of a block/],
    ['the legacy format', [...u32(0x184c2102), 0, 0], /legacy/],
    ['other data behind it', [...frame(PLAIN, stored('x')), 1, 2, 3, 4], /other data follows/],
    ['an end in the middle', frame(PLAIN, stored('x')).slice(0, -1), /cut short/],
  ];
  it.each(refused)('refuses %s', (_name, bytes, message) => {
    expect(() => decode(bytes)).toThrow(message);
  });
});

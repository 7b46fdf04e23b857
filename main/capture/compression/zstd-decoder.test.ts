import { describe, expect, it } from 'vitest';
import { XxHash64 } from './xxhash64.ts';
import { ZstdDecoder } from './zstd-decoder.ts';

const MAGIC = [0x28, 0xb5, 0x2f, 0xfd];
const RAW = 0;
const RLE = 1;

function block(type: number, size: number, content: number[], last = true): number[] {
  const header = (size << 3) | (type << 1) | (last ? 1 : 0);
  return [header & 255, (header >>> 8) & 255, (header >>> 16) & 255, ...content];
}

/** A frame with a window of 1 KiB unless `window` says another descriptor. */
function frame(blocks: number[], window = 0): number[] {
  return [...MAGIC, 0x00, window, ...blocks];
}

function decode(bytes: number[], chunkBytes = bytes.length): string {
  const decoder = new ZstdDecoder();
  const pieces: Buffer[] = [];
  for (let at = 0; at < bytes.length; at += chunkBytes) {
    const chunk = Uint8Array.from(bytes.slice(at, at + chunkBytes));
    for (const piece of decoder.push(chunk)) pieces.push(Buffer.from(piece));
  }
  for (const piece of decoder.finish()) pieces.push(Buffer.from(piece));
  return Buffer.concat(pieces).toString();
}

/** Lower half of the XXH64 of "hello" as `zstd -c` writes it, in file order. */
const HELLO_CHECKSUM = [0xa3, 0x6d, 0x9f, 0x88];

const hello = [...'hello'].map((letter) => letter.charCodeAt(0));

describe('xxHash64', () => {
  const vectors: [input: string, hash: bigint][] = [
    ['', 0xef46db3751d8e999n],
    ['a', 0xd24ec4f1a98c6e5bn],
    ['abc', 0x44bc2cf5ad770999n],
    ['Nobody inspects the spammish repetition', 0xfbcea83c8a378bf1n],
  ];
  it.each(vectors)('%j', (input, hash) => {
    const bytes = new TextEncoder().encode(input);
    const whole = new XxHash64();
    whole.update(bytes);
    expect(whole.digest()).toBe(hash);
    const piecewise = new XxHash64();
    for (let i = 0; i < bytes.length; i++) piecewise.update(bytes.subarray(i, i + 1));
    expect(piecewise.digest()).toBe(hash);
  });
});

describe('a zstd frame', () => {
  const sound: [name: string, bytes: number[], content: string][] = [
    ['of one stored block', frame(block(RAW, 5, hello)), 'hello'],
    ['of a repeated byte', frame(block(RLE, 9, [0x78])), 'x'.repeat(9)],
    ['of several blocks', frame([...block(RAW, 5, hello, false), ...block(RLE, 2, [0x21])]), 'hello!!'],
    ['without content', frame(block(RAW, 0, [])), ''],
    ['of one segment', [...MAGIC, 0x20, 5, ...block(RAW, 5, hello)], 'hello'],
    ['with a checksum', [...MAGIC, 0x24, 5, ...block(RAW, 5, hello), ...HELLO_CHECKSUM], 'hello'],
    [
      'behind skippable ones',
      [0x5a, 0x2a, 0x4d, 0x18, 3, 0, 0, 0, 9, 9, 9, ...frame(block(RAW, 5, hello))],
      'hello',
    ],
    [
      'many times',
      Array.from({ length: 20_000 }, () => frame(block(RLE, 1, [0x78]))).flat(),
      'x'.repeat(20_000),
    ],
  ];
  it.each(sound)('%s', (_name, bytes, content) => {
    expect(decode(bytes)).toBe(content);
    expect(decode(bytes, 7)).toBe(content);
    if (bytes.length < 1000) expect(decode(bytes, 1)).toBe(content);
  });

  const refused: [name: string, bytes: number[], message: RegExp][] = [
    [
      'a window of gigabytes, before memory is taken',
      frame(block(RAW, 5, hello), 0xa0),
      /window of 1073741824 bytes/,
    ],
    ['a dictionary', [...MAGIC, 0x01, 0, 77, ...block(RAW, 5, hello)], /dictionary/],
    ['a block of the reserved type', frame(block(3, 5, hello)), /block is damaged/],
    ['a block longer than any may be', frame(block(RLE, 200_000, [0x78])), /block is damaged/],
    ['an end in the middle', frame(block(RAW, 5, hello)).slice(0, -1), /cut short/],
    ['a wrong checksum', [...MAGIC, 0x24, 5, ...block(RAW, 5, hello), 1, 2, 3, 4], /checksum of the content/],
    ['a missing last block', frame(block(RAW, 5, hello, false)), /cut short/],
    ['other data behind it', [...frame(block(RAW, 5, hello)), 1, 2, 3, 4], /other data follows/],
  ];
  it.each(refused)('refuses %s', (_name, bytes, message) => {
    expect(() => decode(bytes)).toThrow(message);
    expect(() => decode(bytes, 1)).toThrow(message);
  });
});

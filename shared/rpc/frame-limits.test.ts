import { decode, encode } from '@msgpack/msgpack';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { checkFrame } from './frame-limits.ts';
import { ANY_FRAME, QUESTION_FRAME, readFrame } from './frame.ts';

const check = (bytes: Uint8Array) => (): void => checkFrame(bytes, ANY_FRAME);
const repeat = (byte: number, count: number): Uint8Array => new Uint8Array(count).fill(byte);
/** A frame whose one value declares a length that never comes. */
const declares = (head: number, length: number): Uint8Array => {
  const bytes = new Uint8Array(5);
  bytes[0] = head;
  new DataView(bytes.buffer).setUint32(1, length);
  return bytes;
};

describe('what a frame may hold', () => {
  it('is all that is data', () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 6 }), fc.uint8Array({ maxLength: 70_000 }), (value, rows) => {
        expect(
          check(encode({ value, rows, more: [1.5, -70_000, 2 ** 40, 'é'.repeat(300), null, true] })),
        ).not.toThrow();
      }),
      { numRuns: 200 },
    );
    const long = Array.from({ length: 70_000 }, (_, i) => i);
    const wide = Object.fromEntries(long.map((i) => [`key ${i}`, i]));
    expect(check(encode([long, wide, 'x'.repeat(70_000)]))).not.toThrow();
  });

  it('is what the decoder reads to its end, and nothing it would trip over', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 40 }), (bytes) => {
        try {
          checkFrame(bytes, ANY_FRAME);
        } catch {
          return;
        }
        try {
          decode(bytes);
        } catch (error) {
          // Keys are the decoder's to judge: none but strings and numbers, and not __proto__.
          expect(String(error)).toMatch(/key/i);
        }
      }),
      { numRuns: 20_000 },
    );
  });

  it.each([
    ['lists inside each other', repeat(0x91, 1_000_000), 'deeper'],
    ['maps inside each other', repeat(0x81, 1_000_000), 'cut|deeper'],
    [
      'millions of empty lists',
      new Uint8Array([...declares(0xdd, 8_000_000), ...repeat(0x90, 8_000_000)]),
      'values',
    ],
    ['a list of four billion', declares(0xdd, 0xffff_ffff), 'cut'],
    ['a list of thirty million', declares(0xdd, 30_000_000), 'cut'],
    ['a map of four billion', declares(0xdf, 0xffff_ffff), 'cut'],
    ['a string of four gigabytes', declares(0xdb, 0xffff_ffff), 'cut'],
    ['bytes of four gigabytes', declares(0xc6, 0xffff_ffff), 'cut'],
    ['an extension', Uint8Array.of(0xd4, 1, 1), 'begins nothing'],
    ['a time stamp', encode(new Date(0)), 'begins nothing'],
    ['two values', Uint8Array.of(1, 2), 'more behind'],
    ['nothing', new Uint8Array(0), 'cut'],
    ['too many bytes', repeat(0, ANY_FRAME.bytes + 1), 'too many'],
  ])('is not: %s', (_what, bytes, why) => {
    expect(check(bytes)).toThrow(new RegExp(why));
  });

  it('is less in a question', () => {
    const deep = encode(Array.from({ length: 20 }).reduce<unknown>((inner) => [inner], 1));
    const many = encode(Array.from({ length: 30_000 }, () => 1));
    for (const bytes of [deep, many]) {
      expect(check(bytes)).not.toThrow();
      expect(() => checkFrame(bytes, QUESTION_FRAME)).toThrow();
    }
  });
});

describe('a frame', () => {
  const call = { t: 'q', i: 'a', m: 'call', a: [1, 'capture.progress', {}] };
  it('is refused with the reason before it is decoded', () => {
    expect(() => readFrame(declares(0xdd, 30_000_000), ANY_FRAME)).toThrow(
      'a frame could not be decoded: it is cut',
    );
  });

  it.each(['__proto__', 'constructor', 'toString'])('cannot change what all objects have (%s)', (key) => {
    // As bytes, since an object literal would set the prototype instead.
    const bytes = encode({ ...call, a: [1, 'capture.progress', { KEY: { polluted: true } }] });
    const named = Buffer.from(bytes)
      .toString('latin1')
      .replace('\xa3KEY', String.fromCharCode(0xa0 + key.length) + key);
    try {
      readFrame(Uint8Array.from(Buffer.from(named, 'latin1')), QUESTION_FRAME);
    } catch (error) {
      expect(error).toMatchObject({ code: 'bad-request' });
    }
    expect(({} as Record<string, unknown>).polluted).toBeUndefined();
  });

  it('names its method in a few bytes', () => {
    const named = (length: number): Uint8Array => encode({ ...call, a: [1, 'x'.repeat(length), {}] });
    expect(() => readFrame(named(64), QUESTION_FRAME)).not.toThrow();
    expect(() => readFrame(named(65), QUESTION_FRAME)).toThrow('no message of this protocol');
  });
});

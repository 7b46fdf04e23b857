import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { writePcapng } from '../../test/support/capture-writer.ts';
import { record } from '../../test/support/recording-sink.ts';
import { CommentedCopy, type CommentsToPut } from './commented-copy.ts';

const NONE: CommentsToPut = { capture: [], packets: new Map() };
const SECTION_LENGTH = [16, 24] as const;

function copied(bytes: Uint8Array, comments: CommentsToPut, cut = bytes.length): [Uint8Array, CommentedCopy] {
  const written: Uint8Array[] = [];
  const copy = new CommentedCopy(false, 'test', comments, (piece) => written.push(piece.slice()));
  for (let at = 0; at < bytes.length; at += cut) copy.push(bytes.subarray(at, at + cut));
  return [Buffer.concat(written), copy];
}

const capture = fc
  .record({
    bigEndian: fc.boolean(),
    datas: fc.array(
      fc.record({
        data: fc.uint8Array({ minLength: 14, maxLength: 60 }),
        comments: fc.array(fc.string({ maxLength: 9 }), { maxLength: 2 }),
      }),
      { minLength: 1, maxLength: 6 },
    ),
  })
  .map(({ bigEndian, datas }) =>
    writePcapng({
      sections: [
        {
          bigEndian,
          interfaces: [{ tsresol: 9 }],
          blocks: datas.map(({ data, comments }, i) => ({
            kind: 'packet',
            timeNs: BigInt(i),
            data,
            comments,
          })),
        },
      ],
    }),
  );

describe('a copy', () => {
  it('without comments is the capture, but for the length of its section', () => {
    fc.assert(
      fc.property(capture, fc.integer({ min: 1, max: 200 }), (bytes, cut) => {
        const [copy] = copied(bytes, NONE, cut);
        const expected = bytes.slice();
        expected.fill(0xff, ...SECTION_LENGTH);
        expect(Buffer.from(copy)).toEqual(Buffer.from(expected));
      }),
    );
  });

  it('has the comments before those that were there, and the same packets', () => {
    fc.assert(
      fc.property(capture, fc.stringMatching(/^[ -~à-ü…]{1,40}$/u), (bytes, text) => {
        const before = record(bytes);
        const at = before.packets.map(({ fileOffset }) => fileOffset);
        const [copy, made] = copied(bytes, { capture: ['c'], packets: new Map([[at[0], [text]]]) });
        const after = record(copy);
        expect([made.put, made.refused]).toEqual([2, 0]);
        expect(after.packets[0].comments).toEqual([text, ...before.packets[0].comments]);
        expect(after.packets.slice(1).map(({ comments }) => comments)).toEqual(
          before.packets.slice(1).map(({ comments }) => comments),
        );
        expect(after.packets.map(({ data }) => data)).toEqual(before.packets.map(({ data }) => data));
      }),
    );
  });

  it('says how many comments found no place: simple packets have no options', () => {
    const bytes = writePcapng({
      sections: [{ interfaces: [{}], blocks: [{ kind: 'simple', data: new Uint8Array(20) }] }],
    });
    const [{ fileOffset }] = record(bytes).packets;
    const [copy, made] = copied(bytes, { capture: [], packets: new Map([[fileOffset, ['a', 'b']]]) });
    expect([made.put, made.refused]).toEqual([0, 2]);
    expect(copy.length).toBe(bytes.length);
  });
});

import { describe, expect, it } from 'vitest';
import type { FlowRecord } from '../../../shared/base/units.ts';
import { concat, ascii } from '../../../test/support/tls-messages.ts';
import { Fingerprints, HEAD_BYTES } from './fingerprints.ts';

const FLOW = 5 as FlowRecord;
const text = ascii('GET /a/rather/long/path HTTP/1.1\r\nHost: shop.example\r\n'.repeat(8));

interface Part {
  readonly from: number;
  readonly to: number;
  /** Bytes of it that were captured. */
  readonly captured?: number;
}

/** The head of a side that sent these parts of the bytes. */
function headOf(bytes: Uint8Array, parts: readonly Part[], firstSeq = 0xffff_ff00 | 0) {
  const prints = new Fingerprints();
  for (const { from, to, captured = to - from } of parts) {
    const framed = concat(ascii('----'), bytes.subarray(from, from + captured), ascii('----'));
    prints.take(FLOW, 0, framed, 4, captured, to - from, (firstSeq + from) | 0);
  }
  return prints.head(FLOW, 0);
}

const parts = (...cuts: number[]): Part[] =>
  cuts.map((from, i) => ({ from, to: cuts[i + 1] ?? text.length }));
const whole = headOf(text, parts(0));

describe('the head of a side', () => {
  it('is the same however it was cut into segments', () => {
    expect(whole?.length).toBe(HEAD_BYTES);
    expect(headOf(text, parts(0, 1, 2, 3, 20, 150))).toEqual(whole);
    expect(headOf(text, parts(...text.keys()))).toEqual(whole);
  });

  it('is the same with what was sent again, overlaps, and came out of order', () => {
    const pieces = [
      { from: 30, to: 90 },
      { from: 0, to: 60 },
      { from: 0, to: 60 },
      { from: 40, to: 80 },
      { from: 60, to: text.length },
    ];
    expect(headOf(text, pieces)).toEqual(whole);
  });

  it('ends where bytes are missing, or were not captured', () => {
    expect(
      headOf(text, [
        { from: 0, to: 20 },
        { from: 40, to: 300 },
      ]),
    ).toMatchObject({ length: 20, isCut: false });
    const cut = headOf(text, [
      { from: 0, to: 200, captured: 30 },
      { from: 200, to: 300 },
    ]);
    expect(cut).toMatchObject({ length: 30, isCut: true, shortHash: whole?.shortHash });
  });

  it('begins behind a PROXY header', () => {
    const first = ascii('PROXY TCP4 10.0.0.1 192.0.2.80 40000 80\r\n');
    const second = concat(
      Uint8Array.of(0x0d, 0x0a, 0x0d, 0x0a, 0x00, 0x0d, 0x0a, 0x51, 0x55, 0x49, 0x54, 0x0a),
      Uint8Array.of(0x21, 0x11, 0, 12),
      new Uint8Array(12).fill(9),
    );
    for (const header of [first, second]) {
      const bytes = concat(header, text);
      const inOne = headOf(bytes, [{ from: 0, to: bytes.length }]);
      const apart = headOf(bytes, [
        { from: 0, to: header.length },
        { from: header.length, to: bytes.length },
      ]);
      for (const head of [inOne, apart]) {
        expect(head).toMatchObject({ hash: whole?.hash, length: HEAD_BYTES, hasProxyHeader: true });
        expect(head?.startSeq).toBe((0xffff_ff00 + header.length) | 0);
      }
    }
    const other = ascii('PROXY of ours: '.repeat(40));
    expect(headOf(other, [{ from: 0, to: other.length }])).toMatchObject({ hasProxyHeader: false });
  });

  it('is asked for until it is whole, by side, and forgotten with its flow', () => {
    const prints = new Fingerprints();
    expect(prints.wants(FLOW, 0)).toBe(true);
    prints.take(FLOW, 0, text, 0, HEAD_BYTES, HEAD_BYTES, 1);
    expect([prints.wants(FLOW, 0), prints.wants(FLOW, 1)]).toEqual([false, true]);
    prints.forget(FLOW);
    expect([prints.head(FLOW, 0), prints.wants(FLOW, 0)]).toEqual([undefined, true]);
  });
});

describe('randoms of hellos', () => {
  it('are those of the first whole one of each side', () => {
    const prints = new Fingerprints();
    const message = (value: number, length = 80): Uint8Array => new Uint8Array(length).fill(value);
    prints.hello(FLOW, false, message(1, 20));
    expect(prints.random(FLOW, false)).toBe(0);
    prints.hello(FLOW, false, message(1));
    const first = prints.random(FLOW, false);
    prints.hello(FLOW, false, message(2));
    prints.hello(FLOW, true, message(2));
    expect(prints.random(FLOW, false)).toBe(first);
    expect(prints.random(FLOW, true)).not.toBe(first);
  });
});

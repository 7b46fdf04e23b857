import { describe, expect, it } from 'vitest';
import type { PacketNumber } from '../../../shared/base/units.ts';
import type { StreamOutline } from './outline.ts';
import { NO_PACKET_OF_GAP, OutlineMaker } from './outline.ts';

const CLIENT = 0;
const SERVER = 1;

function outline(
  ...segments: readonly (readonly [direction: 0 | 1, seq: number, length: number] | 'reset')[]
): StreamOutline {
  const maker = new OutlineMaker([1000, 0xffff_fff0]);
  for (const [i, segment] of segments.entries()) {
    const packet = i as PacketNumber;
    if (segment === 'reset') maker.mark(packet);
    else maker.add(segment[0], segment[1], segment[2], packet);
  }
  return maker.finish();
}

/** `c0+10@0`: the client's bytes from 0 on, ten of them, out of packet 0; `-` for a gap. */
function told(made: StreamOutline, side: 0 | 1 | null = null): string {
  return [...made.pieces(side, 0, Infinity)]
    .map(({ direction, offset, length, packet }) => {
      const from = direction === CLIENT ? 'c' : 's';
      return `${from}${offset}+${length}${packet === NO_PACKET_OF_GAP ? '-' : `@${packet}`}`;
    })
    .join(' ');
}

describe('the order of bytes', () => {
  it('interleaves both directions as their packets came, across the end of the numbers', () => {
    const made = outline([CLIENT, 1000, 10], [SERVER, 0xffff_fff0, 16], [SERVER, 0, 5], [CLIENT, 1010, 3]);
    expect(told(made)).toBe('c0+10@0 s0+16@1 s16+5@2 c10+3@3');
    expect(told(made, SERVER)).toBe('s0+16@1 s16+5@2');
    expect(made.total(null)).toBe(34);
    expect(made.total(CLIENT)).toBe(13);
  });

  it('holds back what came early until its hole is filled', () => {
    const made = outline(
      [CLIENT, 1000, 10],
      [CLIENT, 1020, 10],
      [SERVER, 0xffff_fff0, 1],
      [CLIENT, 1010, 10],
    );
    expect(told(made)).toBe('c0+10@0 s0+1@2 c10+10@3 c20+10@1');
  });

  it('passes a hole that is never filled at once', () => {
    const made = outline([CLIENT, 1000, 10], [CLIENT, 1020, 10], [SERVER, 0xffff_fff0, 1]);
    expect(told(made)).toBe('c0+10@0 c10+10- c20+10@1 s0+1@2');
    expect(made.missing(CLIENT)).toBe(10);
  });

  it('keeps what came first of bytes that came twice, and remembers the other', () => {
    const made = outline([CLIENT, 1000, 10], [CLIENT, 1005, 10]);
    expect(told(made)).toBe('c0+10@0 c10+5@1');
    expect([...made.pieces(null, 10, 15)][0].at).toBe(5);
    expect(made.repeats).toEqual([{ direction: CLIENT, offset: 5, length: 5, packet: 1, at: 0 }]);
    expect(made.repeated[CLIENT]).toBe(5);
  });

  it('takes the byte of a keep-alive for none', () => {
    expect(outline([CLIENT, 1000, 10], [CLIENT, 1009, 1]).repeats).toEqual([]);
  });

  it('leaves out what no window reaches, and what lies before the begin', () => {
    expect(told(outline([CLIENT, 1000, 10], [CLIENT, 0x7000_0000, 10], [CLIENT, 900, 10]))).toBe('c0+10@0');
    expect(told(outline([CLIENT, 990, 20]))).toBe('c0+10@0');
  });

  it('says where a reset came, also of one direction', () => {
    const made = outline([CLIENT, 1000, 10], [SERVER, 0xffff_fff0, 7], 'reset', [CLIENT, 1010, 5]);
    expect(made.marks(null)).toEqual([{ packet: 2, place: 17 }]);
    expect(made.marks(CLIENT)).toEqual([{ packet: 2, place: 10 }]);
    expect(made.marks(SERVER)).toEqual([{ packet: 2, place: 7 }]);
  });
});

it('finds the pieces of a part, and those of a packet', () => {
  const made = outline([CLIENT, 1000, 10], [SERVER, 0xffff_fff0, 10], [CLIENT, 1010, 10]);
  expect([...made.pieces(null, 9, 11)].map(({ packet }) => packet)).toEqual([0, 1]);
  expect([...made.pieces(null, 10, 20)].map(({ packet }) => packet)).toEqual([1]);
  expect([...made.pieces(CLIENT, 10, 11)].map(({ packet }) => packet)).toEqual([2]);
  expect(made.pieceOf(2)?.place).toBe(20);
  expect(made.pieceOf(9)).toBeUndefined();
  expect(made.pieceAt(SERVER, 3)?.packet).toBe(1);
});

it('hands every byte on once, however the segments come', () => {
  let state = 7;
  const random = (below: number): number => {
    state = (Math.imul(state, 1103515245) + 12345) >>> 0;
    return state % below;
  };
  for (let round = 0; round < 40; round++) {
    const segments = Array.from(
      { length: 60 },
      () => [random(2) as 0 | 1, 0, 1 + random(30)] as [0 | 1, number, number],
    );
    for (const segment of segments) segment[1] = (segment[0] === CLIENT ? 1000 : 0xffff_fff0) + random(400);
    const made = outline(...segments.map(([d, seq, length]) => [d, seq >>> 0, length] as const));
    let place = 0;
    const offsets = [0, 0];
    for (const piece of made.pieces(null, 0, Infinity)) {
      expect(piece.place).toBe(place);
      expect(piece.offset).toBe(offsets[piece.direction]);
      offsets[piece.direction] += piece.length;
      place += piece.length;
    }
    expect(place).toBe(made.total(null));
  }
});

it('does a step for each segment of a stream whose segments all come in the worst order', () => {
  const maker = new OutlineMaker([1000, 0]);
  for (let i = 5000; i > 0; i--) maker.add(CLIENT, 1000 + i * 10, 10, (5000 - i) as PacketNumber);
  maker.add(CLIENT, 1000, 10, 5000 as PacketNumber);
  const made = maker.finish();
  expect(made.count).toBe(5001);
  expect(made.total(CLIENT)).toBe(50_010);
});

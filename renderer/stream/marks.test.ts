import { expect, it } from 'vitest';
import type { DataPiece, StreamHit } from '../../shared/model/stream.ts';
import { runsOf } from './marks.ts';
import { turnsOf } from './turns.ts';

const piece = (offset: number, length: number, from: 'client' | 'server' = 'client'): DataPiece => ({
  kind: 'data',
  from,
  place: offset,
  offset,
  packet: offset,
  frame: offset + 1,
  timeNs: 0,
  bytes: new Uint8Array(length),
});
const hit = (offset: number, length: number): StreamHit => ({
  from: 'client',
  offset,
  length,
  place: offset,
});

it('cuts a piece where marks begin and end, also where they overlap', () => {
  const unacknowledged = [{ from: 'client', offset: 15, length: 100, reset: 0 }] as const;
  const runs = runsOf(piece(10, 10), { unacknowledged, conflicts: [] }, [hit(5, 7), hit(14, 2)]);
  expect(
    runs.map(({ from, to, hit: found, unacknowledged: open }) => [from, to, found?.offset, open?.reset]),
  ).toEqual([
    [0, 2, 5, undefined],
    [2, 4, undefined, undefined],
    [4, 5, 14, undefined],
    [5, 6, 14, 0],
    [6, 10, undefined, 0],
  ]);
});

it('leaves a piece whole that nothing touches, and marks of the other side alone', () => {
  const none = { unacknowledged: [], conflicts: [] };
  expect(runsOf(piece(10, 10, 'server'), none, [hit(12, 2)])).toHaveLength(1);
  expect(runsOf(piece(10, 10), none, [hit(20, 2), hit(0, 10)])).toHaveLength(1);
});

it('makes turns of what one side said, and keeps resets together that no byte parts', () => {
  const reset = (id: number) =>
    ({
      kind: 'reset',
      place: 20,
      reset: id,
      packet: id,
      frame: id,
      timeNs: 0,
      claimed: 'server',
      origin: null,
      label: '',
      confidence: 0,
    }) as const;
  const turns = turnsOf([piece(0, 5), piece(5, 5), piece(0, 5, 'server'), reset(1), reset(2), piece(10, 5)]);
  expect(turns.map(({ kind, pieces }) => [kind, pieces.length])).toEqual([
    ['said', 2],
    ['said', 1],
    ['resets', 2],
    ['said', 1],
  ]);
});

import { describe, expect, it } from 'vitest';
import type { Condition } from '../store.ts';
import { mayHold } from './pruning.ts';

const file = { kind: 'flows', day: '2026-11-29', captures: new Set(['7', '-9']) } as const;
/** Noon of that day. */
const NOON = BigInt(Date.UTC(2026, 10, 29, 12)) * 1_000_000n;
const DAY = 86_400_000_000_000n;

const holds = (...where: readonly Condition[]): boolean => mayHold(file, where);

describe('a file may hold rows', () => {
  it.each<[string, boolean, Condition]>([
    ['of a capture that it has', true, { column: 'capture', op: '=', value: '-9' }],
    ['of that capture as a number', true, { column: 'capture', op: '=', value: -9n }],
    ['of that capture as its bits', true, { column: 'capture', op: '=', value: '18446744073709551607' }],
    ['of that capture in another writing', true, { column: 'capture', op: '=', value: '007' }],
    ['not of another', false, { column: 'capture', op: '=', value: '8' }],
    ['of any but one', true, { column: 'capture', op: '<>', value: '7' }],
    ['of some, one of which it has', true, { column: 'capture', in: ['8', '7'] }],
    ['not of some others', false, { column: 'capture', in: ['8', '9'] }],
    ['whose capture is known', true, { column: 'capture', is: 'not-null' }],
    ['of its day', true, { column: 'time', op: '=', value: NOON }],
    ['not after its day', false, { column: 'time', op: '>', value: NOON + DAY }],
    ['not before it', false, { column: 'time', op: '<=', value: NOON - DAY }],
    ['by whatever else', true, { column: 'server_port', op: '=', value: 80 }],
  ])('%s', (_, expected, condition) => {
    expect(holds(condition)).toBe(expected);
  });

  const ours: Condition = { column: 'capture', op: '=', value: '7' };
  const theirs: Condition = { column: 'capture', op: '=', value: '8' };

  it('where one of several alternatives may be there', () => {
    expect(holds({ any: [theirs, ours] })).toBe(true);
    expect(holds({ any: [theirs, { all: [ours, { column: 'time', op: '<', value: NOON - DAY }] }] })).toBe(
      false,
    );
    expect(holds({ any: [] })).toBe(false);
  });

  it('where all conditions may be met', () => {
    expect(holds(ours, { all: [{ column: 'time', op: '>=', value: NOON }] })).toBe(true);
    expect(holds(ours, theirs)).toBe(false);
  });

  it('of open connections whatever their time: they lie in the day of the snapshot', () => {
    const open = { ...file, kind: 'open_flows' } as const;
    expect(mayHold(open, [{ column: 'time', op: '<', value: NOON - DAY }])).toBe(true);
    expect(mayHold(open, [theirs])).toBe(false);
  });
});

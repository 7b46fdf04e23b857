import { describe, expect, it } from 'vitest';
import type { Condition } from './store.ts';
import { groupsOfAlternatives, impliedByAlternatives } from './alternatives.ts';

const equal = (column: string, value: string | number | bigint): Condition => ({ column, op: '=', value });
const NO_KEY: Condition = { column: 'match_key', is: 'null' };

describe('alternatives', () => {
  it('are grouped by the columns that they fix, whatever their order', () => {
    const ends = { all: [equal('server_port', 443), equal('client_port', 1), NO_KEY] };
    const turned = { all: [equal('client_port', 443), NO_KEY, equal('server_port', 1)] };
    const flow = { all: [equal('flow', 3), { column: 'time', op: '<', value: 5n } as const] };
    const other = equal('protocol', 'tcp');
    expect(groupsOfAlternatives([other, { any: [ends, flow, turned] }])).toEqual([
      {
        alternatives: [ends, turned],
        common: [other, NO_KEY],
        names: ['client_port', 'server_port'],
        tuples: [
          [1, 443],
          [443, 1],
        ],
      },
      { alternatives: [flow], common: [other, ...flow.all], names: ['flow'], tuples: [[3]] },
    ]);
  });

  it('have in common what is alike to its type', () => {
    const [group] = groupsOfAlternatives([
      {
        any: [
          { all: [equal('flow', 1), { column: 'time', op: '<', value: 5n }] },
          { all: [equal('flow', 2), { column: 'time', op: '<', value: '5' }] },
        ],
      },
    ]) ?? [undefined];
    expect(group?.common).toEqual([]);
  });

  it('are none where there is one, or where one fixes nothing', () => {
    expect(groupsOfAlternatives([equal('flow', 1)])).toBeUndefined();
    expect(groupsOfAlternatives([{ any: [equal('flow', 1)] }])).toBeUndefined();
    expect(groupsOfAlternatives([{ any: [equal('flow', 1), NO_KEY] }])).toBeUndefined();
  });
});

describe('alternatives imply', () => {
  const time: Condition = { column: 'time', op: '<', value: 5n };

  it('values of the columns that all of them fix', () => {
    const where: Condition[] = [
      equal('protocol', 'tcp'),
      {
        any: [
          { all: [equal('capture', '7'), equal('flow', 1), time] },
          { all: [equal('flow', 2), equal('capture', '7')] },
          { all: [equal('capture', '-9'), equal('flow', 1), equal('segment', 0)] },
        ],
      },
    ];
    expect(impliedByAlternatives(where)).toEqual([
      { column: 'capture', in: ['7', '-9'] },
      { column: 'flow', in: [1, 2] },
    ]);
  });

  it('nothing where one of them fixes nothing, or there is one alone', () => {
    expect(impliedByAlternatives([{ any: [equal('flow', 1), time] }])).toEqual([]);
    expect(impliedByAlternatives([{ any: [equal('flow', 1)] }, equal('flow', 2)])).toEqual([]);
  });
});

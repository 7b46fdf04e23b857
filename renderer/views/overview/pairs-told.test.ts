import { describe, expect, it } from 'vitest';
import type { JoinedPair } from '../../../shared/model/join.ts';
import { sampleJoin, sampleVantages } from '../../testing/sample-joined.ts';
import { pairsTold } from './pairs-told.ts';

const [PAIR] = sampleJoin().pairs;

function pair(first: number, second: number, changes: Partial<JoinedPair> = {}): JoinedPair {
  return { ...PAIR, files: [first, second], ...changes };
}

describe('pairs of capture points', () => {
  const vantages = sampleVantages(['client', 'middle', 'server']);

  it('are told of neighbours, from the client on', () => {
    const { told, others } = pairsTold({ vantages, pairs: [pair(0, 2), pair(1, 2), pair(0, 1)] });
    expect(told.map(({ files }) => files)).toEqual([
      [0, 1],
      [1, 2],
    ]);
    expect(others.map(({ files }) => files)).toEqual([[0, 2]]);
  });

  it('are told of others where they hold connections that a neighbour does not', () => {
    const pairs = [pair(0, 2, { connections: 12 }), pair(1, 2, { connections: 3 }), pair(0, 1)];
    expect(pairsTold({ vantages, pairs }).others).toEqual([]);
  });

  it('are turned along the path, with what is told of either', () => {
    const backwards = pair(1, 0, { onlyFirst: 5, onlySecond: 7, lossToFirst: 0.1, lossToSecond: 0.2 });
    const { told } = pairsTold({ vantages, pairs: [backwards] });
    expect(told).toEqual([pair(0, 1, { onlyFirst: 7, onlySecond: 5, lossToFirst: 0.2, lossToSecond: 0.1 })]);
  });

  it('are all told as they are where nothing tells the order', () => {
    const unordered = vantages.map((vantage) => ({ ...vantage, order: null }));
    const pairs = [pair(1, 0), pair(0, 2), pair(1, 2)];
    expect(pairsTold({ vantages: unordered, pairs })).toEqual({ told: pairs, others: [] });
  });
});

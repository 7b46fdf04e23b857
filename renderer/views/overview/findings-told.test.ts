import { describe, expect, it } from 'vitest';
import { sampleFailureGroup, sampleFinding } from '../../testing/sample.ts';
import { harmlessText, hasConsequences, inOrder, keyOf } from './findings-told.ts';

describe('what happened', () => {
  it('stands in the order of its weight, whatever it is', () => {
    const told = inOrder(
      [sampleFinding({ matters: 10 }), sampleFinding({ matters: 0, count: 90, noise: true })],
      [
        sampleFailureGroup({ matters: 2, count: 2 }),
        sampleFailureGroup({ matters: 40, count: 40 }),
        sampleFailureGroup({ matters: 0, count: 99 }),
      ],
    );
    expect(told.map(({ of }) => of)).toEqual(['failures', 'resets', 'failures', 'failures', 'resets']);
    expect(told.map((one) => hasConsequences(one))).toEqual([true, true, true, false, false]);
  });

  it('is known by what it shares, not by its examples', () => {
    const [one, later] = [[1], [5]].map((examples) =>
      keyOf({ of: 'failures', group: sampleFailureGroup({ examples }) }),
    );
    expect(one).toBe(later);
    const scans = [[1], [5]].map((examples) =>
      keyOf({ of: 'failures', group: sampleFailureGroup({ server: 'several', examples }) }),
    );
    expect(new Set(scans).size).toBe(2);
  });

  it('is counted where it is folded away', () => {
    const group = sampleFailureGroup({ matters: 0, count: 3 });
    expect(harmlessText({ findings: 0, resets: 0 }, [{ of: 'failures', group }])).toBe('3 harmless failures');
    expect(harmlessText({ findings: 2, resets: 1 }, [])).toBe('1 harmless reset in 2 groups');
  });
});

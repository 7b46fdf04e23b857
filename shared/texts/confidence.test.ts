import { describe, expect, it } from 'vitest';
import { CONFIDENCE_STEPS, confidenceAdverb, confidenceWord } from './confidence.ts';

describe('a confidence', () => {
  it.each([
    [1, 'very likely', 'very likely'],
    [0.99, 'very likely', 'very likely'],
    [0.9899, 'likely', 'likely'],
    [0.9, 'likely', 'likely'],
    [0.8999, 'suspected', 'possibly'],
    [0.6, 'suspected', 'possibly'],
    [0.5999, 'cannot tell', 'possibly'],
    [0, 'cannot tell', 'possibly'],
    [NaN, 'cannot tell', 'possibly'],
  ])('of %d is "%s", before a verb "%s"', (confidence, word, adverb) => {
    expect(confidenceWord(confidence)).toBe(word);
    expect(confidenceAdverb(confidence)).toBe(adverb);
  });

  it('has its steps from the surest down', () => {
    const steps = CONFIDENCE_STEPS.map(({ from }) => from);
    expect(steps).toEqual([...steps].sort((a, b) => b - a));
    expect(new Set(steps).size).toBe(steps.length);
  });
});

import { describe, expect, it } from 'vitest';
import {
  assertionText,
  causeWord,
  CONFIDENCE_STEPS,
  confidenceWord,
  participleText,
  shareOfHundred,
  whyText,
} from './confidence.ts';

describe('a confidence', () => {
  it.each([
    [1, 'very likely'],
    [0.99, 'very likely'],
    [0.9899, 'likely'],
    [0.9, 'likely'],
    [0.8999, 'suspected'],
    [0.6, 'suspected'],
    [0.5999, 'cannot tell'],
    [0, 'cannot tell'],
    [NaN, 'cannot tell'],
  ])('of %d is "%s"', (confidence, word) => {
    expect(confidenceWord(confidence)).toBe(word);
  });

  it.each([
    [0.995, 'The server very likely sent it.', 'very likely sent by it'],
    [0.9, 'The server likely sent it.', 'likely sent by it'],
    [0.7, 'The server is suspected to have sent it.', 'suspected to be sent by it'],
  ])('of %d says "%s" and "%s"', (confidence, sentence, participle) => {
    expect(assertionText(confidence, 'The server', 'sent it.')).toBe(sentence);
    expect(participleText(confidence, 'sent by it')).toBe(participle);
  });

  it.each([
    [0.995, 'very likely idle timeout (over 99 %)'],
    [0.92, 'likely idle timeout (92 %)'],
    [0.6, 'probably idle timeout (60 %)'],
    [0.4, 'perhaps idle timeout (40 %)'],
  ])('of a cause of %d says "%s"', (confidence, text) => {
    expect(whyText(confidence, 'idle timeout')).toBe(text);
  });

  it('is never told as certain', () => {
    expect([1, 0.9949, 0.59, Math.fround(0.45)].map(shareOfHundred)).toEqual([
      'over 99 %',
      '99 %',
      '59 %',
      '45 %',
    ]);
  });

  it.each([
    [0.99, 'very likely'],
    [0.6, 'probably'],
    [0.5999, 'perhaps'],
    [NaN, 'perhaps'],
  ])('of a cause of %d is "%s"', (confidence, word) => {
    expect(causeWord(confidence)).toBe(word);
  });

  it('has its steps from the surest down', () => {
    const steps = CONFIDENCE_STEPS.map(({ from }) => from);
    expect(steps).toEqual([...steps].sort((a, b) => b - a));
    expect(new Set(steps).size).toBe(steps.length);
  });
});

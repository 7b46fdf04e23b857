import { describe, expect, it } from 'vitest';
import { type Pair, score } from './score.ts';

const pair = (
  kind: 'endpoint' | 'middlebox' | 'unknown',
  confidence: number,
  origin: 'endpoint' | 'middlebox',
): Pair => ({
  said: {
    kind,
    confidence,
    cause: 'aborted',
    causeAlternatives: ['process-exit'],
    causeConfidence: 0.8,
    matters: true,
  },
  actual: { origin, cause: 'aborted', causeAlternatives: [], endsConnection: true },
});

describe('score', () => {
  it('counts an accusation of a genuine reset apart from a missed middlebox', () => {
    const result = score([
      pair('middlebox', 0.95, 'endpoint'),
      pair('endpoint', 0.9, 'middlebox'),
      pair('endpoint', 0.9, 'endpoint'),
      pair('middlebox', 0.9, 'middlebox'),
    ]);
    expect(result).toMatchObject({
      decided: 4,
      right: 2,
      falseAccusations: 1,
      missed: 1,
      genuine: 2,
      middlebox: 2,
    });
  });

  it('takes unknown for not decided, at one half', () => {
    const result = score([pair('unknown', 0.6, 'endpoint')]);
    expect(result).toMatchObject({ decided: 0, right: 0, falseAccusations: 0, missed: 0 });
    expect(result.brier).toBeCloseTo(0.25);
    expect(result.calibrationError).toBe(0);
  });

  it('measures calibration by bins of confidence', () => {
    // Ten verdicts at 0.95, half of them right: off by 0.45.
    const pairs = Array.from({ length: 10 }, (_, i) =>
      pair('endpoint', 0.95, i < 5 ? 'endpoint' : 'middlebox'),
    );
    const result = score(pairs);
    expect(result.calibrationError).toBeCloseTo(0.45);
    expect(result.bins[9]).toMatchObject({ count: 10, right: 0.5 });
    expect(result.brier).toBeCloseTo((5 * 0.05 ** 2 + 5 * 0.95 ** 2) / 10);
  });

  it('counts a reset that was not listed as not decided', () => {
    const actual = {
      origin: 'endpoint',
      cause: 'aborted',
      causeAlternatives: [],
      endsConnection: true,
    } as const;
    expect(score([{ said: null, actual }])).toMatchObject({
      resets: 1,
      notListed: 1,
      decided: 0,
      causeRight: 0,
    });
  });

  it('takes a cause that packets cannot tell from the true one as right', () => {
    const said = {
      kind: 'endpoint',
      confidence: 1,
      cause: 'aborted',
      causeAlternatives: ['process-exit'],
      causeConfidence: 0.8,
      matters: true,
    } as const;
    const actual = {
      origin: 'endpoint',
      cause: 'process-exit',
      causeAlternatives: ['aborted'],
      endsConnection: true,
    } as const;
    expect(score([{ said, actual }])).toMatchObject({ causeRight: 1, causeNamed: 1 });
    expect(score([{ said, actual: { ...actual, causeAlternatives: [] } }])).toMatchObject({
      causeRight: 0,
      causeNamed: 1,
    });
  });

  it('counts the causes of resets that ended a connection apart', () => {
    const right = pair('endpoint', 1, 'endpoint');
    const wrong = { ...right, actual: { ...right.actual, cause: 'time-wait' } } as const;
    const endsNothing = { ...wrong, actual: { ...wrong.actual, endsConnection: false } };
    expect(score([right, wrong, endsNothing])).toMatchObject({
      ending: 2,
      endingCauseRight: 1,
      causeRight: 1,
    });
  });
});

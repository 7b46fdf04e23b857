import { describe, expect, it } from 'vitest';
import type { ClockOffset } from '../../shared/model/join.ts';
import { CHANGED } from '../../shared/model/join.ts';
import { sampleJoin, sampleJourney } from '../testing/sample-joined.ts';
import {
  absentText,
  asksForCapture,
  changesText,
  clockText,
  nameOfVantage,
  provenText,
  shareText,
} from './join-text.ts';

const clock = (offsetNs: number, offsetErrorNs: number | null, driftPpm = 0): ClockOffset => ({
  ...{ offsetNs, offsetErrorNs, driftPpm, atNs: 0, steps: [] },
});

describe('words of joined captures', () => {
  it('tell clocks with as many digits as their error leaves', () => {
    expect(clockText(clock(31_204_000_000, 1_200_000, 18))).toBe('+31.204 s ± 1.2 ms, 18 ppm fast');
    expect(clockText(clock(-3_420_000, 40_000, -2.5))).toBe('−3.42 ms ± 40 µs, 2.5 ppm slow');
    expect(clockText(clock(7_325_100_000_000, 20_000_000))).toBe('+2 h 2 min 5.10 s ± 20 ms');
    expect(clockText(clock(31_300, 14_000_000))).toBe('0 ± 14 ms');
    expect(clockText(clock(17_912_000, 1_310_000))).toBe('+17.9 ms ± 1.31 ms');
    expect(clockText(clock(0, null))).toBe('not known');
    expect(clockText(clock(5e6, null))).toBe('+5 ms (bounded from one side only)');
  });

  it('tell shares, changes and absences', () => {
    expect([null, 0, 0.00004, 0.0012, 0.034, 0.56].map(shareText)).toEqual([
      '–',
      '0 %',
      '< 0.01 %',
      '0.12 %',
      '3.4 %',
      '56 %',
    ]);
    expect(changesText(CHANGED.window | CHANGED.options)).toBe('window, TCP options');
    expect(absentText({ vantage: 1, lossBound: 0.003, lies: 'before', doubt: null })).toBe(
      'absent; at most 0.30 % of what passed here was missed; a genuine reset had to pass here',
    );
    expect(absentText({ vantage: 1, lossBound: 1, lies: 'before', doubt: 'the capture had ended' })).toMatch(
      /nothing bounds .*\. The capture had ended$/,
    );
  });

  it('name capture points, and what is proven by them', () => {
    expect(nameOfVantage(sampleJoin(), 1)).toBe('server');
    expect(nameOfVantage(null, 1)).toBe('file 2');
    expect(provenText(sampleJourney(), sampleJoin())).toMatch(
      /Seen at client\.\nserver: not there, at most 0\.30 %/,
    );
  });

  it('know advice that asks for a capture elsewhere', () => {
    expect(asksForCapture('Capture at the server at the same time.')).toBe(true);
    expect(asksForCapture('Raise the idle timeout of the load balancer.')).toBe(false);
  });
});

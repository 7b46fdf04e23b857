import { cleanup, render } from '@testing-library/react';
import { afterEach, expect, it } from 'vitest';
import type { Verdict } from '../../../shared/model/verdict.ts';
import { SAMPLE_VERDICT } from '../../testing/sample.ts';
import { SureLines } from './sure-lines.tsx';

afterEach(cleanup);

function lines(changes: Partial<Verdict>): string[] {
  const { container } = render(<SureLines verdict={{ ...SAMPLE_VERDICT, ...changes }} />);
  return Array.from(container.querySelectorAll('dd'), (line) => line.textContent);
}

it('says who and why, each with its own number and word', () => {
  const origin = { ...SAMPLE_VERDICT.origin, confidence: 0.995 };
  const cause = { ...SAMPLE_VERDICT.cause, confidence: 0.4 };
  const [who, why] = lines({ origin, cause });
  expect(who).toBe('99.5%very likely a device two hops in front of the server');
  expect(why).toMatch(/^40%perhaps /);
});

it('gives no percentage to a sender that cannot be told, and one to the cause', () => {
  const origin = { ...SAMPLE_VERDICT.origin, kind: 'unknown' as const, confidence: 0.97 };
  const [who, why] = lines({ origin });
  expect(who).toBe('Cannot tell from this capture');
  expect(why).toMatch(/^80%probably /);
});

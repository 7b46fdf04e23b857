import { cleanup, render } from '@testing-library/react';
import { afterEach, expect, it } from 'vitest';
import type { Verdict } from '../../../shared/model/verdict.ts';
import { AppProvider, createApp } from '../../core/app-context.ts';
import { FakeEngine } from '../../testing/fake-engine.ts';
import { SAMPLE_VERDICT } from '../../testing/sample.ts';
import { SureLines } from './sure-lines.tsx';

afterEach(cleanup);

function gauges(changes: Partial<Verdict>): string[] {
  const app = createApp(new FakeEngine().platform);
  const { container } = render(
    <AppProvider value={app}>
      <SureLines verdict={{ ...SAMPLE_VERDICT, ...changes }} />
    </AppProvider>,
  );
  app.dispose();
  return Array.from(container.querySelectorAll('dd'), (one) => one.textContent);
}

it('says who and why, each with its own number and word', () => {
  const origin = { ...SAMPLE_VERDICT.origin, confidence: 0.995 };
  const cause = { ...SAMPLE_VERDICT.cause, confidence: 0.4 };
  const [who, why] = gauges({ origin, cause });
  expect(who).toBe(
    '99.5%very likelyA device two hops in front of the server, not the server whose address it carries. Of 1,000 such verdicts about 995 are right.',
  );
  expect(why).toMatch(/^40%perhapsInjected by a device on the path\. .*It could also be: /);
});

it('gives no percentage to a sender that cannot be told, and one to the cause', () => {
  const origin = { ...SAMPLE_VERDICT.origin, kind: 'unknown' as const, confidence: 0.97 };
  const [who, why] = gauges({ origin });
  expect(who).toMatch(/^\?cannot tellThis capture does not settle whether/);
  expect(who).not.toContain('97');
  expect(why).toMatch(/^80%probably/);
});

/** Each sample tells the story that its title promises. */
import { describe, expect, it } from 'vitest';
import type { SampleName } from '../../shared/model/sample.ts';
import { SAMPLE_NAMES } from '../../shared/model/sample.ts';
import { analyzeBytes } from '../support/analyze.ts';
import { SAMPLE_CAPTURES } from './sample-captures.ts';

const STORIES: Readonly<Record<SampleName, object | undefined>> = {
  'forged-resets': { kind: 'middlebox', cause: 'injected', matters: true },
  'keep-alive-race': { kind: 'endpoint', cause: 'data-after-close', matters: true },
  'refused-port': { kind: 'endpoint', cause: 'connection-refused', matters: true },
  'silent-firewall': undefined,
};

describe.each(SAMPLE_NAMES)('the sample %s', (name) => {
  const session = analyzeBytes(SAMPLE_CAPTURES[name]());

  it('has the verdict that it is shown for', () => {
    const [first] = session.resetIds();
    if (STORIES[name] === undefined) expect(first).toBeUndefined();
    else expect(session.resetRow(first)).toMatchObject(STORIES[name]);
  });

  it('fails without a reset only where that is its story', () => {
    expect(session.failures.report().failures > 0).toBe(name === 'silent-firewall');
  });

  it('is small enough to come with every package', () => {
    expect(SAMPLE_CAPTURES[name]().length).toBeLessThan(64_000);
  });
});

import { expect, it } from 'vitest';
import { WEIGHTS } from '../reset/evidence/table.ts';
import { versionOf, WEIGHTS_VERSION } from './weights-version.ts';

it('is another one for other weights, and the same for the same', () => {
  const entries = Object.values(WEIGHTS);
  const [first, ...others] = entries;
  expect(WEIGHTS_VERSION).toMatch(/^[0-9a-f]{12}$/u);
  expect(versionOf(entries)).toBe(versionOf([...entries]));
  expect(versionOf([{ ...first, weight: first.weight + 0.1 }, ...others])).not.toBe(versionOf(entries));
});

import * as v from 'valibot';
import { describe, expect, it } from 'vitest';
import type { Progress } from '../../shared/model/capture.ts';
import { EMPTY_PROGRESS } from '../../shared/model/capture.ts';
import { progress } from './engine-events.ts';

/** Every member there may be: one that the schema does not know would keep its push from every page. */
const JOINING: Required<Progress> = {
  ...EMPTY_PROGRESS,
  capture: 1,
  phase: 'joining',
  joined: 0.4,
};

describe('what an engine pushes', () => {
  it('is taken with all that a progress may tell', () => {
    expect(v.parse(progress, JOINING)).toEqual(JOINING);
  });

  it('is not with anything else', () => {
    expect(v.safeParse(progress, { ...JOINING, other: 1 }).success).toBe(false);
  });
});

/** Groups of failures that are taken out again, as an endless capture lets go of their flows. */
import { expect, it } from 'vitest';
import { LIMITS } from '../limits.ts';
import type { ToldFailure } from './failure-log.ts';
import { kept } from './failure-log.ts';
import { FailureGroups } from './groups.ts';

function told(id: number): ToldFailure {
  const failure = { kind: 'no-answer', side: null, recovered: id % 2 === 0, matters: true, confidence: 0.9 };
  const row = { ...failure, seconds: 1, timeNs: id, serverName: '' };
  return {
    id,
    timeNs: id,
    clientAddress: '10.0.0.1',
    server: `192.0.2.1:${id}`,
    serverName: '',
    failure: { ...failure, seconds: 1, packet: id, isScan: false },
    row: () => row,
    account: () => ({ row, evidence: [] }),
  } as unknown as ToldFailure;
}

it('counts nothing any more when all was taken out, whether its group had fitted or not', () => {
  const groups = new FailureGroups();
  const all = Array.from({ length: LIMITS.maxFindings + 10 }, (_, id) => told(id));
  for (const one of all) groups.add(one);
  expect(groups).toMatchObject({ count: all.length, matters: all.length, delays: all.length / 2 });
  expect(groups.list(5).more).toBe(all.length - 5);
  for (const one of all) groups.remove(kept(one));
  expect(groups).toMatchObject({ count: 0, matters: 0, delays: 0 });
});

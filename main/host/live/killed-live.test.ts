import { describe, expect, it } from 'vitest';
import type { LiveStatus } from '../../../shared/model/live.ts';
import { NO_LIVE } from '../../../shared/model/live.ts';
import { killedLive } from './killed-live.ts';

const RUNNING: LiveStatus = {
  ...NO_LIVE,
  phase: 'capturing',
  revision: 7,
  startedMs: 1,
  folder: '/captures/one',
  packets: 3,
  packetsPerSecond: 2,
  files: [{ path: '/captures/one/a.pcapng', bytes: 100, packets: 3 }],
};

describe('a capture whose process died', () => {
  it('has failed, and its files are where they were', () => {
    expect(killedLive(RUNNING, 'signal SIGKILL', 9)).toEqual({
      ...RUNNING,
      phase: 'failed',
      revision: 8,
      endedMs: 9,
      packetsPerSecond: 0,
      error: {
        code: 'source-died',
        message:
          'The process that reads what is captured ended unexpectedly (signal SIGKILL), and the capture with it. All that was written is in /captures/one.',
        problem: null,
      },
    });
  });

  it('captures no more at its second place either', () => {
    const { phase, source, command, packets, bytes, packetsPerSecond, bytesPerSecond } = RUNNING;
    const { losses, filesGone, folder, error } = RUNNING;
    const second = {
      ...{ phase, source, command, packets, bytes, packetsPerSecond, bytesPerSecond, losses },
      ...{ filesGone, folder, error },
    };
    expect(killedLive({ ...RUNNING, second }, 'signal SIGKILL', 9)).toMatchObject({
      phase: 'failed',
      second: { phase: 'stopped', packets: 3, packetsPerSecond: 0 },
    });
    const ended = { ...second, phase: 'failed' } as const;
    expect(killedLive({ ...RUNNING, second: ended }, 'signal SIGKILL', 9)?.second).toEqual(ended);
  });

  it.each([
    ['there was none', NO_LIVE],
    ['it had ended', { ...RUNNING, phase: 'stopped', endedMs: 5 } as const],
    ['it was stopped before it began', { ...RUNNING, phase: 'stopped', startedMs: null } as const],
    ['it had not started', { ...RUNNING, phase: 'failed' } as const],
  ])('is none where %s', (_why, last) => {
    expect(killedLive(last, 'exit code 70', 9)).toBeUndefined();
  });

  it('fits an argument, however many files there are', () => {
    const file = { path: `/${'x'.repeat(4000)}`, bytes: 1, packets: 1 };
    const told = killedLive(
      { ...RUNNING, files: Array.from({ length: 1000 }, () => file) },
      'exit code 70',
      9,
    );
    expect(told).toMatchObject({ files: [], folder: '/captures/one', packets: 3 });
    const odd = killedLive({ ...RUNNING, command: 'x'.repeat(1_000_000) }, 'exit code 70', 9);
    expect(odd).toMatchObject({ phase: 'failed', command: null, folder: '/captures/one' });
  });
});

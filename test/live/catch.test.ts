/** Resets are caught while the capture goes on: each with what was around it. */
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { lossText, noteFault } from './support/fault-log.ts';
import { expectReadable, resetsByTshark } from './support/kept-files.ts';
import { LiveCommand } from './support/live-command.ts';
import { CABLE, canCapture, makeWorld, THERE } from './support/setup.ts';
import { makeResets, sendBytes } from './support/traffic.ts';

const SECOND_MS = 1000;

describe.skipIf(!canCapture)('live capture under faults: a caught reset', () => {
  const world = makeWorld();

  it('is kept with the seconds before and after it; a second one makes its own case, a burst none', async () => {
    const folder = join(world.folder, 'caught');
    const args = [
      '-i',
      CABLE,
      '-w',
      `${folder}/`,
      '--catch',
      `server:${THERE}`,
      '--before',
      '2',
      '--after',
      '1',
    ];
    const capture = await new LiveCommand(world.network.here, args).captures();
    sendBytes(world.network, 5, 10);
    // Both at once: one case.
    makeResets(world.network, 2);
    await pause(0.5);
    sendBytes(world.network, 5, 10);
    await capture.until(() => capture.cases.length === 1, 'a case');
    await pause(2.5);
    makeResets(world.network);
    sendBytes(world.network, 7, 10);
    await capture.until(() => capture.cases.length === 2, 'another case');
    sendBytes(world.network, 9, 10);
    expect(await capture.interrupt()).toEqual({ code: 0, signal: null });
    const [first, second] = capture.cases;
    expect(first).toMatchObject({ resets: 2, error: null, origin: 'endpoint', cause: 'connection-refused' });
    expect(second).toMatchObject({ resets: 1, error: null });
    const paths = [first.path ?? '', second.path ?? ''];
    const kept = await Promise.all(paths.map((path) => expectReadable([path])));
    expect(kept.map(({ packets }) => packets)).toEqual([first.packets, second.packets]);
    expect(kept.map(({ resets }) => resets.length)).toEqual([2, 1]);
    expect(await resetsByTshark(paths[0])).toBe(2);
    // What was sent before and after it, besides the connections themselves.
    expect(first.packets).toBeGreaterThanOrEqual(5 + 4 + 5);
    expect(second.packets).toBeGreaterThanOrEqual(2 + 7);
    expect(capture.status.packets).toBeGreaterThanOrEqual(5 + 4 + 5 + 2 + 7 + 9);
    noteFault({
      fault: '(none: catching)',
      happened: `two cases of ${first.packets} and ${second.packets} packets, a burst of ${first.resets} in one; the capture went on`,
      told: first.summary,
      lost: lossText(capture.status.losses),
    });
  });
});

function pause(seconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, seconds * SECOND_MS));
}

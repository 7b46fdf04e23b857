/** The interface goes away under a running capture. */
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { lossText, noteFault, stopwatch } from './support/fault-log.ts';
import { expectReadable, keptFiles, resetsByTshark } from './support/kept-files.ts';
import { LiveCommand } from './support/live-command.ts';
import { descendantsOf, expectGone } from './support/processes.ts';
import { CABLE, canCapture, makeWorld } from './support/setup.ts';
import { makeResets } from './support/traffic.ts';

describe.skipIf(!canCapture)('live capture under faults: an interface', () => {
  const world = makeWorld();

  it.each([
    ['set down', ['link', 'set', CABLE, 'down']],
    ['deleted', ['link', 'del', CABLE]],
  ])('that is %s ends the capture with that reason', async (what, command) => {
    world.network.ip('-n', world.network.here, 'link', 'set', CABLE, 'up');
    const folder = join(world.folder, what);
    const capture = await new LiveCommand(world.network.here, ['-i', CABLE, '-w', `${folder}/`]).captures();
    makeResets(world.network, 3);
    await capture.until(() => capture.resets.length === 3, 'three resets');
    const processes = await descendantsOf(capture.pid);
    const elapsed = stopwatch();
    world.network.ip('-n', world.network.here, ...command);
    expect(await capture.ended).toEqual({ code: 3, signal: null });
    const toldMs = elapsed();
    expect(capture.status).toMatchObject({
      phase: 'failed',
      error: {
        code: 'interface-gone',
        message: expect.stringContaining(`'${CABLE}' went down or away`) as string,
      },
      losses: { kernel: 0, queue: 0, analysis: 0 },
    });
    expect(capture.stderr).toContain(`'${CABLE}' went down or away`);
    await expectGone(processes);
    const files = await keptFiles(folder);
    const kept = await expectReadable(files);
    expect(kept).toMatchObject({ packets: capture.status.packets });
    expect(kept.resets.length).toBe(3);
    expect(await resetsByTshark(files[0])).toBe(3);
    noteFault({
      fault: `interface ${what}`,
      happened: `capture ended with exit code 3, ${kept.packets} packets readable`,
      told: `after ${toldMs} ms: ${capture.status.error?.message}`,
      lost: lossText(capture.status.losses),
    });
  });
});

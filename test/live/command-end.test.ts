/** The command ends when it is asked to, or when it has what was asked of it. */
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { noteFault, stopwatch } from './support/fault-log.ts';
import { expectReadable, keptFiles } from './support/kept-files.ts';
import { LiveCommand } from './support/live-command.ts';
import { descendantsOf, expectGone } from './support/processes.ts';
import { CABLE, canCapture, makeWorld } from './support/setup.ts';
import { keepMakingResets, makeResets } from './support/traffic.ts';

describe.skipIf(!canCapture)('live capture under faults: the end of the command', () => {
  const world = makeWorld();

  it('by SIGINT tells what is left to tell, a summary, and 0', async () => {
    const folder = join(world.folder, 'interrupted');
    const capture = await new LiveCommand(world.network.here, ['-i', CABLE, '-w', `${folder}/`]).captures();
    const processes = await descendantsOf(capture.pid);
    // Verdicts are told after two seconds: these were not.
    makeResets(world.network, 3);
    const elapsed = stopwatch();
    expect(await capture.interrupt()).toEqual({ code: 0, signal: null });
    const tookMs = elapsed();
    expect(capture.resets.length).toBe(3);
    expect(capture.status).toMatchObject({ phase: 'stopped', resets: 3, error: null });
    expect(capture.endings.length).toBe(1);
    expect(capture.stderr).toMatch(
      /\d+ packets, .*; 3 resets, \d of them mattered; no losses\nkept: .*\.pcapng\n/,
    );
    await expectGone(processes);
    const kept = await expectReadable(await keptFiles(folder));
    expect(kept).toMatchObject({ packets: capture.status.packets });
    expect(kept.resets.length).toBe(3);
    noteFault({
      fault: 'SIGINT right after three resets',
      happened: `ended with exit code 0 after ${tookMs} ms, their verdicts told`,
      told: capture.stderr.trim().split('\n').at(-2) ?? '',
      lost: 'nothing',
    });
  });

  it('comes after --duration', async () => {
    const folder = join(world.folder, 'duration');
    const args = ['-i', CABLE, '-w', `${folder}/`, '--duration', '1'];
    const capture = await new LiveCommand(world.network.here, args).captures();
    const talking = keepMakingResets(world.network, 100);
    expect(await capture.ended).toEqual({ code: 0, signal: null });
    talking.kill('SIGKILL');
    expect(capture.status).toMatchObject({ phase: 'stopped' });
    const kept = await expectReadable(await keptFiles(folder));
    expect(kept.packets).toBe(capture.status.packets);
    expect(capture.resets.length).toBe(kept.resets.length);
  });

  it('comes after --count resets, and saves all as one file', async () => {
    const file = join(world.folder, 'counted.pcapng');
    const env = { RESETSCOPE_CAPTURE_DIR: join(world.folder, 'counted') };
    const args = ['-i', CABLE, '-w', file, '--count', '2'];
    const capture = await new LiveCommand(world.network.here, args, { env }).captures();
    const talking = keepMakingResets(world.network, 100);
    expect(await capture.ended).toEqual({ code: 0, signal: null });
    talking.kill('SIGKILL');
    expect(capture.resets.length).toBe(2);
    expect(capture.stderr).toContain(`written: ${file}`);
    const kept = await expectReadable([file]);
    expect(kept.packets).toBe(capture.status.packets);
    expect(kept.resets.length).toBeGreaterThanOrEqual(2);
  });
});

/** Something that captures is killed: by SIGKILL, which nothing can answer. */
import { join } from 'node:path';
import { kill } from 'node:process';
import { describe, expect, it } from 'vitest';
import { until } from '../support/patience.ts';
import { lossText, noteFault, stopwatch } from './support/fault-log.ts';
import { expectReadable, keptFiles, resetsByTshark } from './support/kept-files.ts';
import { LiveCommand } from './support/live-command.ts';
import { capturerOf, descendantsOf, expectGone } from './support/processes.ts';
import { traceInstances } from './support/trace-instances.ts';
import { CABLE, canCapture, makeWorld } from './support/setup.ts';
import { makeResets } from './support/traffic.ts';

describe.skipIf(!canCapture)('live capture under faults: SIGKILL', () => {
  const world = makeWorld();

  async function threeResets(
    name: string,
    ...args: string[]
  ): Promise<{ capture: LiveCommand; folder: string }> {
    const folder = join(world.folder, name);
    // Nothing else comes, so that nothing but the fault can be noticed.
    const all = ['-i', CABLE, '-f', 'tcp', '-w', `${folder}/`, ...args];
    const capture = await new LiveCommand(world.network.here, all).captures();
    makeResets(world.network, 3);
    await capture.until(() => capture.statuses.at(-1)?.resets === 3, 'three resets');
    return { capture, folder };
  }

  /** There is something to be removed where the kernel is watched. */
  function expectWatched(capture: LiveCommand, capturer: number): void {
    const isThere = traceInstances(world.network.here).includes(`resetscope-${capturer}`);
    expect(isThere).toBe(capture.status.witness.state === 'on');
  }

  it('of the helper ends the capture, with all that came before', async () => {
    const { capture, folder } = await threeResets('helper');
    const processes = await descendantsOf(capture.pid);
    const helper = await capturerOf(capture.pid);
    expectWatched(capture, helper);
    const elapsed = stopwatch();
    kill(helper, 'SIGKILL');
    expect(await capture.ended).toEqual({ code: 3, signal: null });
    const toldMs = elapsed();
    expect(capture.status).toMatchObject({
      phase: 'failed',
      error: { code: 'source-died', message: 'resetscope-capd ended (signal SIGKILL)' },
    });
    expect(capture.stderr).toContain('resetscope-capd ended (signal SIGKILL)');
    await expectGone(processes);
    await until(
      () => !traceInstances(world.network.here).includes(`resetscope-${helper}`),
      'its trace to be removed',
    );
    const files = await keptFiles(folder);
    const kept = await expectReadable(files);
    expect(kept.packets).toBe(capture.status.packets);
    expect(kept.resets.length).toBe(3);
    expect(await resetsByTshark(files[0])).toBe(3);
    noteFault({
      fault: 'helper killed',
      happened: `capture ended with exit code 3, ${kept.packets} packets readable, trace instance removed`,
      told: `after ${toldMs} ms: ${capture.status.error?.message}`,
      lost: lossText(capture.status.losses),
    });
  });

  it.each([
    ['helper', 'resetscope-capd'],
    // On a quiet link these notice nothing by themselves.
    ['tcpdump', 'tcpdump'],
    ['dumpcap', 'dumpcap'],
  ])('of the command leaves no %s behind, and files that are whole', async (source, program) => {
    const { capture, folder } = await threeResets(`command-${source}`, '--source', source);
    const processes = await descendantsOf(capture.pid);
    const capturer = await capturerOf(capture.pid, program);
    expectWatched(capture, capturer);
    const elapsed = stopwatch();
    kill(capture.pid, 'SIGKILL');
    expect(await capture.ended).toEqual({ code: null, signal: 'SIGKILL' });
    await expectGone(processes);
    const goneMs = elapsed();
    await until(
      () => !traceInstances(world.network.here).includes(`resetscope-${capturer}`),
      'its trace to be removed',
    );
    const files = await keptFiles(folder);
    const kept = await expectReadable(files);
    expect(kept.resets.length).toBe(3);
    expect(await resetsByTshark(files[0])).toBe(3);
    noteFault({
      fault: `command killed (source ${source})`,
      happened: `all of its processes gone after ${goneMs} ms, ${kept.packets} packets readable`,
      told: 'by the shell',
      lost: 'nothing that was written',
    });
  });
});

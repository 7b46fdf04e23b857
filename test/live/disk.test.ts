/** The disk has no room, or not enough of it. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { until } from '../support/patience.ts';
import type { LiveStatus } from '../../shared/model/live.ts';
import { AppServer } from './support/app-server.ts';
import { lossText, noteFault } from './support/fault-log.ts';
import { expectReadable, keptFiles, resetsByTshark } from './support/kept-files.ts';
import { LiveCommand } from './support/live-command.ts';
import { descendantsOf, expectGone } from './support/processes.ts';
import { CABLE, canCapture, makeWorld } from './support/setup.ts';
import { makeResets, sendBytes } from './support/traffic.ts';

const MIB = 1024 * 1024;

describe.skipIf(!canCapture)('live capture under faults: a disk', () => {
  const world = makeWorld();
  let disk = '';
  let app: AppServer | undefined;
  let count = 0;

  /** A disk of its own, and the app on it. */
  async function start(bytes: number): Promise<AppServer> {
    disk = join(world.folder, `disk-${count++}`);
    mkdirSync(disk);
    execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${bytes}`, 'tmpfs', disk]);
    app = await AppServer.start({ namespace: world.network.here, captures: disk, folder: world.folder });
    return app;
  }
  afterEach(async () => {
    await app?.stop();
    app = undefined;
    execFileSync('umount', [disk]);
  });

  /** What was kept is whole, open, and together with what is counted as lost all that came. */
  async function expectKept(status: LiveStatus, resets: number): Promise<number> {
    const files = await keptFiles(disk);
    const kept = await expectReadable(files);
    const { kernel, queue, analysis } = status.losses;
    expect({ kernel, analysis }).toEqual({ kernel: 0, analysis: 0 });
    expect(kept.packets + queue).toBe(status.packets);
    expect(kept.resets.length).toBe(resets);
    expect(await resetsByTshark(files[0])).toBe(resets);
    await until(async () => (await app?.call('capture.progress', {}))?.phase === 'done', 'the last verdicts');
    expect((await app?.resets())?.length).toBe(resets);
    expect((await app?.call('capture.summary', {}))?.packets).toBe(kept.packets);
    return kept.packets;
  }

  it('that is full ends the capture, and what was kept stays open', async () => {
    const running = await start(4 * MIB);
    await running.capture();
    makeResets(world.network, 3);
    await running.untilResets(3);
    const processes = await descendantsOf(await running.capturerPid());
    sendBytes(world.network, 6000);
    const status = await running.untilStatus(({ phase }) => phase === 'failed', 'the end of the capture');
    expect(status.error).toMatchObject({
      code: 'disk-full',
      message: expect.stringMatching(/\.pcapng: the disk is full$/) as string,
    });
    await expectGone(processes);
    const kept = await expectKept(status, 3);
    noteFault({
      fault: 'disk full',
      happened: `capture ended, ${kept} packets readable and open`,
      told: status.error?.message ?? '',
      lost: `${lossText(status.losses)} of ${status.packets} packets`,
    });
  });

  it('is not filled beyond what is to be kept free', async () => {
    const running = await start(16 * MIB);
    await running.capture({ keepFreeBytes: 12 * MIB });
    makeResets(world.network, 3);
    await running.untilResets(3);
    sendBytes(world.network, 4000);
    const status = await running.untilStatus(({ phase }) => phase === 'failed', 'the end of the capture');
    expect(status.error).toMatchObject({
      code: 'disk-full',
      message: expect.stringMatching(
        / has \d+ bytes left, less than the 12582912 to be kept free$/,
      ) as string,
    });
    const kept = await expectKept(status, 3);
    noteFault({
      fault: 'less free than is to be kept',
      happened: `capture ended, ${kept} packets readable and open`,
      told: status.error?.message ?? '',
      lost: `${lossText(status.losses)} of ${status.packets} packets`,
    });
  });

  it('without room for the one file of --write leaves the ring, and says where', async () => {
    disk = join(world.folder, 'disk-of-target');
    mkdirSync(disk);
    execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${MIB}`, 'tmpfs', disk]);
    const captures = join(world.folder, 'ring-beside');
    const env = { RESETSCOPE_CAPTURE_DIR: captures };
    const target = join(disk, 'all.pcapng');
    const capture = await new LiveCommand(world.network.here, ['-i', CABLE, '-w', target], {
      env,
    }).captures();
    sendBytes(world.network, 2000);
    await capture.until(() => (capture.statuses.at(-1)?.packets ?? 0) >= 2000, 'packets');
    expect(await capture.interrupt()).toEqual({ code: 3, signal: null });
    const files = await keptFiles(captures);
    expect(capture.stderr).toMatch(/all\.pcapng could not be written \(ENOSPC: .*\)\n/);
    expect(capture.stderr).toContain(`kept: ${files[0]}`);
    expect(readdirSync(disk)).toEqual([]);
    expect((await expectReadable(files)).packets).toBe(capture.status.packets);
    noteFault({
      fault: 'no room for the one file of --write',
      happened: `exit code 3, no part of it is left, the ring has all ${capture.status.packets} packets`,
      told: capture.stderr.split('\n').find((line) => line.includes('ENOSPC')) ?? '',
      lost: lossText(capture.status.losses),
    });
  });

  it('with too little room from the begin on is not written to', async () => {
    const running = await start(2 * MIB);
    const message = expect.stringMatching(
      / has \d+ bytes left, less than the 4194304 to be kept free\.$/,
    ) as string;
    await expect(running.capture({ keepFreeBytes: 4 * MIB })).rejects.toMatchObject({ message });
    const { phase, error } = await running.status();
    expect({ phase, error }).toMatchObject({ phase: 'failed', error: { code: 'disk-full', message } });
    expect((await descendantsOf(await running.capturerPid())).length).toBe(0);
    expect(readdirSync(disk, { recursive: true }).filter((name) => String(name).includes('.'))).toEqual([]);
    noteFault({
      fault: 'too little room at the begin',
      happened: 'nothing started',
      told: error?.message ?? '',
      lost: 'nothing',
    });
  });
});

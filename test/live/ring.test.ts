/** A ring that is too small for what comes: the oldest goes, and is counted. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { until } from '../support/patience.ts';
import { AppServer } from './support/app-server.ts';
import { lossText, noteFault } from './support/fault-log.ts';
import { expectReadable, keptFiles } from './support/kept-files.ts';
import { canCapture, makeWorld } from './support/setup.ts';
import { flood, makeResets, sendBytes } from './support/traffic.ts';

const MIB = 1024 * 1024;
const RING = { fileBytes: MIB, fileSeconds: null, files: 3 };

describe.skipIf(!canCapture)('live capture under faults: a ring', () => {
  const world = makeWorld();
  let app: AppServer;
  let captures = '';
  let count = 0;
  beforeEach(async () => {
    captures = join(world.folder, `captures-${count++}`);
    app = await AppServer.start({ namespace: world.network.here, captures, folder: world.folder });
  });
  afterEach(async () => {
    await app.stop();
  });

  it('lets go of the oldest file, and the analysis knows what was in it', async () => {
    await app.capture({ ring: RING });
    makeResets(world.network, 2);
    await app.untilResets(2);
    const [first] = (await app.status()).files;
    for (let i = 0; i < 8; i++) {
      sendBytes(world.network, 600);
      makeResets(world.network);
    }
    await app.untilResets(10);
    await app.call('live.stop', {});
    const status = await app.status();
    expect(status).toMatchObject({ phase: 'stopped', error: null });
    expect(status.losses).toMatchObject({ kernel: 0, queue: 0, analysis: 0 });
    expect(status.files.length).toBe(3);
    expect(status.filesGone).toBeGreaterThanOrEqual(3);
    expect(existsSync(first.path)).toBe(false);
    const files = await keptFiles(captures);
    expect(files).toEqual(status.files.map(({ path }) => path));
    // Each by itself: section, interface, and the packets that the status says.
    for (const [i, { path, packets }] of status.files.entries()) {
      const isEmptyLast = i === status.files.length - 1 && packets === 0;
      const kept = await expectReadable([path], isEmptyLast ? ['empty-file'] : []);
      expect(kept.packets).toBe(packets);
    }
    await until(async () => (await app.call('capture.progress', {})).phase === 'done', 'the last verdicts');
    expect((await app.call('capture.summary', {})).packets).toBe(status.packets);
    expect((await app.resets()).length).toBe(10);
    noteFault({
      fault: 'ring full',
      happened: `${status.filesGone} oldest files deleted, the other ${files.length} readable each by itself; all ${status.packets} packets analysed`,
      told: `filesGone ${status.filesGone}`,
      lost: lossText(status.losses),
    });
  });

  it('that is faster than the analysis costs packets, and they are counted', async () => {
    await app.capture({ ring: { ...RING, files: 2 }, bufferBytes: 64 * MIB });
    const flooding = flood(world.network, 120_000);
    let isFlooding = true;
    void flooding.then(() => (isFlooding = false));
    // Keeps the analysis from its work.
    while (isFlooding) {
      const asked = Array.from({ length: 50 }, () =>
        app.call('capture.overview', { buckets: 2000, filter: '' }),
      );
      await Promise.all(asked);
    }
    makeResets(world.network);
    await app.untilResets(1);
    await app.call('live.stop', {});
    await until(async () => (await app.call('capture.progress', {})).phase === 'done', 'the last verdicts');
    const { losses, packets, files, filesGone } = await app.status();
    const summary = await app.call('capture.summary', {});
    expect(filesGone).toBeGreaterThan(10);
    expect(losses.queue).toBe(0);
    expect(summary.packets + losses.analysis).toBe(packets);
    const warnings = summary.files.flatMap((file) => file.warnings);
    expect(warnings.some(({ message }) => message.includes('not analysed yet'))).toBe(losses.analysis > 0);
    await expectReadable(files.map(({ path }) => path));
    noteFault({
      fault: 'ring faster than the analysis',
      happened: `${filesGone} files deleted, ${summary.packets} of ${packets} packets analysed, the analysis goes on`,
      told: warnings[0]?.message ?? '(nothing was lost)',
      lost: lossText(losses),
    });
  });
});

/** The app, through the contract that a page has: rows in time, the end and a new begin, its processes killed. */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { kill } from 'node:process';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { until } from '../support/patience.ts';
import { AppServer } from './support/app-server.ts';
import { noteFault, stopwatch } from './support/fault-log.ts';
import { expectReadable, keptFiles, resetsByTshark } from './support/kept-files.ts';
import { capturerOf, descendantsOf, expectGone } from './support/processes.ts';
import { canCapture, makeWorld } from './support/setup.ts';
import { traceInstances } from './support/trace-instances.ts';
import { makeResets, sendBytes } from './support/traffic.ts';

const MIB = 1024 * 1024;

describe.skipIf(!canCapture)('live capture under faults: the app', () => {
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

  it('answers the row of a reset as it happens', async () => {
    await app.capture();
    const delaysMs: number[] = [];
    for (let made = 1; made <= 5; made++) {
      makeResets(world.network);
      let rows = await app.resets();
      await until(async () => {
        rows = await app.resets();
        return rows.length === made;
      }, `row ${made}`);
      const answeredMs = Date.now();
      const { epochNs } = await app.call('capture.summary', {});
      const stampMs = (Number(epochNs) + rows[made - 1].timeNs) / 1e6;
      delaysMs.push(Math.round(answeredMs - stampMs));
    }
    noteFault({
      fault: '(none: packet to row)',
      happened: `milliseconds from a reset's stamp to its row being answered: ${delaysMs.join(', ')}`,
      told: '',
      lost: '',
    });
  });

  it('keeps all open after the end, with the last verdicts, and captures again', async () => {
    await app.capture();
    makeResets(world.network, 3);
    await app.untilResets(3);
    await app.call('live.stop', {});
    expect(await app.status()).toMatchObject({ phase: 'stopped', error: null });
    await until(async () => (await app.call('capture.progress', {})).phase === 'done', 'the last verdicts');
    const rows = await app.resets();
    expect(rows.length).toBe(3);
    for (const row of rows) {
      expect(row).toMatchObject({ kind: 'endpoint', claimed: 'server', cause: 'connection-refused' });
      expect(await app.call('resets.detail', { id: row.id })).toMatchObject({ row: { id: row.id } });
    }
    await app.capture();
    expect(await app.resets()).toEqual([]);
    makeResets(world.network, 2);
    await app.untilResets(2);
    await app.call('live.stop', {});
    expect((await keptFiles(captures)).length).toBe(2);
    expect((await expectReadable(await keptFiles(captures))).resets.length).toBe(5);
  });

  it('opens a file while it captures: the capture goes on beside it', async () => {
    await app.capture();
    makeResets(world.network, 2);
    await app.untilResets(2);
    await app.call('live.stop', {});
    const [first] = await keptFiles(captures);
    await app.capture();
    makeResets(world.network, 1);
    await app.untilResets(1);
    const processes = await descendantsOf(await app.capturerPid());
    await app.call('capture.open', { paths: [first], follow: false });
    await until(async () => (await app.call('capture.progress', {})).phase === 'done', 'the file to be read');
    expect((await app.resets()).length).toBe(2);
    expect(await app.status()).toMatchObject({ phase: 'capturing', error: null });
    await app.call('live.stop', {});
    await expectGone(processes);
    const files = await keptFiles(captures);
    expect(files.length).toBe(2);
    expect((await expectReadable(files)).resets.length).toBe(3);
  });

  it('saves a ring of files as one', async () => {
    await app.capture({ ring: { fileBytes: MIB, fileSeconds: null, files: 8 } });
    makeResets(world.network, 2);
    sendBytes(world.network, 2500);
    makeResets(world.network, 2);
    await app.untilResets(4);
    const path = await app.call('live.save', { path: 'all.pcapng' });
    // Also when it has ended.
    await app.call('live.stop', {});
    const again = await app.call('live.save', { path: 'again.pcapng' });
    expect([path, again]).toEqual([join(captures, 'all.pcapng'), join(captures, 'again.pcapng')]);
    const status = await app.status();
    expect(status.files.length).toBeGreaterThan(3);
    const whole = await expectReadable([again]);
    expect(whole.packets).toBe(status.packets);
    expect(whole.packets).toBe((await expectReadable(status.files.map((file) => file.path))).packets);
    expect(whole.resets.length).toBe(4);
    expect(await resetsByTshark(path)).toBe(4);
    await expect(app.call('live.save', { path: 'again.pcapng' })).rejects.toMatchObject({
      message: expect.stringContaining('exists already') as string,
    });
  });

  it('tells that its engine was killed, keeps the files, and captures again', async () => {
    await app.capture();
    makeResets(world.network, 3);
    await app.untilResets(3);
    const { folder, packets } = await app.untilStatus(
      (status) => status.packets >= 6 && status.files[0].packets === status.packets,
      'packets',
    );
    const engine = await app.enginePid();
    // What parses packets runs no program: what captures is beside it.
    expect(await descendantsOf(engine)).toEqual([]);
    const capturer = await capturerOf(app.pid);
    const processes = await descendantsOf(await app.capturerPid());
    const isTraced = traceInstances(world.network.here).includes(`resetscope-${capturer}`);
    expect(isTraced).toBe((await app.status()).witness.state === 'on');
    const elapsed = stopwatch();
    kill(engine, 'SIGKILL');
    await until(() => app.statuses.at(-1)?.phase === 'failed', 'the end of the capture to be told');
    const toldMs = elapsed();
    const told = app.statuses.at(-1);
    expect(told).toMatchObject({ folder, error: { code: 'source-died' }, packetsPerSecond: 0 });
    expect(told?.error?.message).toMatch(/SIGKILL/);
    expect(told?.error?.message).toContain(folder);
    // Of the two messages this one may be the later.
    await until(() => app.progress.at(-1)?.phase === 'failed', 'the end of the analysis to be told');
    expect(app.progress.at(-1)?.error).toContain('SIGKILL');
    await expectGone(processes);
    await until(
      () => !traceInstances(world.network.here).includes(`resetscope-${capturer}`),
      'its trace to be removed',
    );
    // Whoever comes later hears of it too.
    expect(await app.status()).toMatchObject({ phase: 'failed', error: told?.error });
    const files = await keptFiles(captures);
    const kept = await expectReadable(files);
    expect(kept.packets).toBeGreaterThanOrEqual(packets);
    expect(kept.resets.length).toBe(3);
    expect(await app.enginePid()).not.toBe(engine);
    await app.call('capture.open', { paths: files, follow: false });
    await app.untilResets(3);
    await app.capture();
    expect(await app.status()).toMatchObject({ phase: 'capturing', error: null });
    makeResets(world.network, 1);
    await app.untilResets(1);
    await app.call('live.stop', {});
    noteFault({
      fault: 'engine process killed',
      happened: `started again; no capd, no trace instance left; ${kept.packets} packets readable; captures again`,
      told: `after ${toldMs} ms: ${told?.error?.message}`,
      lost: 'nothing that was written',
    });
  });

  it('tells that what captures was killed, keeps the files and what was read, and captures again', async () => {
    await app.capture();
    makeResets(world.network, 3);
    await app.untilResets(3);
    const { folder } = await app.untilStatus((status) => (status.files[0]?.packets ?? 0) >= 6, 'packets');
    const capturer = await app.capturerPid();
    const processes = await descendantsOf(capturer);
    const elapsed = stopwatch();
    kill(capturer, 'SIGKILL');
    const told = await app.untilStatus(({ phase }) => phase === 'failed', 'the end of the capture');
    const toldMs = elapsed();
    expect(told).toMatchObject({ folder, error: { code: 'source-died' } });
    expect(told.error?.message).toMatch(/SIGKILL/);
    await expectGone(processes);
    // The analysis goes on: only what captured died.
    expect(await app.resets()).toHaveLength(3);
    const kept = await expectReadable(await keptFiles(captures));
    expect(kept.resets.length).toBe(3);
    await app.capture();
    makeResets(world.network, 1);
    await app.untilResets(1);
    await app.call('live.stop', {});
    noteFault({
      fault: 'capture process killed',
      happened: `no capd left; ${kept.packets} packets readable, the analysis stays open; captures again`,
      told: `after ${toldMs} ms: ${told.error?.message}`,
      lost: 'nothing that was written',
    });
  });

  it('leaves nobody behind when it is killed itself', async () => {
    await app.capture({ filter: 'tcp' });
    makeResets(world.network, 3);
    await app.untilResets(3);
    await app.untilStatus((status) => (status.files[0]?.packets ?? 0) >= 6, 'packets on the disk');
    const processes = await descendantsOf(app.pid);
    expect(processes.some(({ command }) => command.includes('resetscope-capd'))).toBe(true);
    const elapsed = stopwatch();
    kill(app.pid, 'SIGKILL');
    await expectGone(processes);
    const goneMs = elapsed();
    const kept = await expectReadable(await keptFiles(captures));
    expect(kept.resets.length).toBe(3);
    expect(readdirSync(captures).length).toBe(1);
    noteFault({
      fault: 'app (server) killed',
      happened: `engine and capd gone after ${goneMs} ms, ${kept.packets} packets readable`,
      told: 'by the closed connection',
      lost: 'nothing that was written',
    });
  });
});

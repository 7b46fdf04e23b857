import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { writePcap } from '../../test/support/capture-writer.ts';
import { Conversation } from '../../test/support/conversation.ts';
import { eventually } from '../../test/support/patience.ts';
import type { OpenCapture } from '../../shared/contract/methods.ts';
import { EngineService } from './engine-service.ts';

const signal = new AbortController().signal;
let folder = '';
let engine: EngineService;
let told: readonly OpenCapture[];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'resetscope-engine-'));
  engine = new EngineService({
    notify: () => undefined,
    keepCase: () => Promise.reject(new Error('nothing is captured')),
  });
  told = [];
  engine.events.captures.on((captures) => {
    told = captures;
  });
});
afterEach(async () => {
  await engine.dispose();
  rmSync(folder, { recursive: true });
});

function file(name: string, resets = 1): string {
  const path = join(folder, name);
  const talk = new Conversation().handshake();
  for (let i = 0; i < resets; i++) talk.clientSends('hello').wait(1);
  writeFileSync(path, writePcap({ packets: talk.rst({ from: 'server' }).packets }));
  return path;
}

/** @param follow what is followed is read until somebody ends it */
function open(capture: number, name: string, follow = true, replace = false): Promise<null> {
  return engine.service['control.open']({ capture, paths: [file(name)], follow, replace }, signal);
}

async function shownFile(): Promise<string | undefined> {
  const { files } = await engine.service['capture.summary']({}, signal);
  return files.at(0)?.path;
}

describe('captures that are open at once', () => {
  it('are all read, and the newest is shown', async () => {
    await Promise.all([open(1, 'a.pcap'), open(2, 'b.pcap')]);
    expect(told.map(({ capture, isShown }) => [capture, isShown])).toEqual([
      [1, false],
      [2, true],
    ]);
    await eventually(async () => {
      const list = await engine.service['capture.list']({}, signal);
      expect(list.map(({ packets }) => packets > 0)).toEqual([true, true]);
    });
    expect(await shownFile()).toBe(join(folder, 'b.pcap'));
  });

  it('are shown again without being read again', async () => {
    await open(1, 'a.pcap', false);
    await eventually(async () => {
      expect((await engine.service['capture.progress']({}, signal)).phase).toBe('done');
    });
    await open(2, 'b.pcap');
    const phases: string[] = [];
    engine.events.progress.on(({ phase, capture }) => phases.push(`${capture} ${phase}`));
    await engine.service['control.show']({ capture: 1 }, signal);
    expect(await shownFile()).toBe(join(folder, 'a.pcap'));
    expect(phases).toEqual(['1 done']);
  });

  it('make way for what they are replaced by', async () => {
    await open(1, 'a.pcap');
    await open(2, 'b.pcap', true, true);
    expect(told.map(({ capture }) => capture)).toEqual([2]);
  });

  it('give the screen to the one shown before when the shown one is closed, and the rest goes on', async () => {
    await open(1, 'a.pcap');
    await open(2, 'b.pcap');
    await open(3, 'c.pcap');
    await engine.service['control.show']({ capture: 1 }, signal);
    await engine.service['control.close']({ capture: 1 }, signal);
    expect(told.map(({ capture, isShown }) => [capture, isShown])).toEqual([
      [2, false],
      [3, true],
    ]);
    await engine.service['control.close']({ capture: 2 }, signal);
    expect(told.map(({ capture }) => capture)).toEqual([3]);
    await engine.service['control.close']({ capture: null }, signal);
    expect(told).toEqual([]);
    expect((await engine.service['capture.progress']({}, signal)).phase).toBe('empty');
  });

  it('are not more than people find their way among: who was not looked at for longest goes', async () => {
    for (let capture = 1; capture <= 8; capture++) await open(capture, `${capture}.pcap`);
    await engine.service['control.show']({ capture: 1 }, signal);
    await open(9, '9.pcap');
    expect(told.map(({ capture }) => capture)).toEqual([1, 3, 4, 5, 6, 7, 8, 9]);
  });

  it('are not found when they were closed', async () => {
    await open(1, 'a.pcap');
    await expect(engine.service['control.show']({ capture: 7 }, signal)).rejects.toMatchObject({
      code: 'not-found',
    });
    await engine.service['control.close']({ capture: 7 }, signal);
    expect(told.map(({ capture }) => capture)).toEqual([1]);
  });
});

it('finds a reset by its frame, and the frame of a reset', async () => {
  const { service } = engine;
  await open(1, 'a.pcap', false);
  await eventually(async () => {
    expect((await service['capture.progress']({}, signal)).phase).toBe('done');
  });
  const address = await service['resets.frame']({ id: 0 }, signal);
  expect(address).toMatchObject({ file: 0, frame: 5, timeNs: expect.any(Number) as number });
  expect(await service['resets.at']({ file: 0, frame: 5 }, signal)).toBe(0);
  expect(await service['resets.at']({ file: 0, frame: 4 }, signal)).toBe(-1);
  expect(await service['resets.at']({ file: 1, frame: 5 }, signal)).toBe(-1);
  expect(await service['resets.frame']({ id: 1 }, signal)).toBeNull();
  expect(await service['packets.frame']({ packet: 2 }, signal)).toEqual({ file: 0, frame: 3 });
  expect(await service['packets.frame']({ packet: 99 }, signal)).toBeNull();
});

import { appendFileSync, mkdtempSync, renameSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { until } from '../../test/support/patience.ts';
import { writePcap } from '../../test/support/capture-writer.ts';
import { RecordingSink } from '../../test/support/recording-sink.ts';
import { LimitCounter } from '../engine/limits.ts';
import { CaptureReader } from '../engine/read/capture-reader.ts';
import { CaptureClock } from '../engine/read/sink.ts';
import { followFile } from './follow-file.ts';

let dir = '';
let path = '';
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'resetscope-'));
  path = join(dir, 'live.pcap');
});
afterEach(() => rmSync(dir, { recursive: true }));

const file = writePcap({
  packets: Array.from({ length: 20 }, (_, i) => ({
    timeNs: 1_700_000_000_000_000_000n + BigInt(i) * 1_000_000n,
    data: new Uint8Array(100).fill(i + 1),
  })),
});

/** Follows `path` into a reader. */
async function follow() {
  const sink = new RecordingSink();
  const reader = new CaptureReader(sink, new CaptureClock(), new LimitCounter());
  const controller = new AbortController();
  const source = await followFile(path);
  const reading = source
    .read((chunk) => reader.feed(chunk), controller.signal)
    .then(
      () => undefined,
      (error: unknown) => error,
    );
  return { sink, reader, controller, source, reading };
}

it('hands on what is there, then what is added, and takes a half-written record for what it is', async () => {
  writeFileSync(path, file.subarray(0, 24 + 5 * 116 + 50));
  const { sink, reader, controller, source, reading } = await follow();
  await until(() => sink.packets.length === 5, 'packets');
  appendFileSync(path, file.subarray(24 + 5 * 116 + 50, 24 + 12 * 116 + 3));
  await until(() => sink.packets.length === 12, 'packets');
  appendFileSync(path, file.subarray(24 + 12 * 116 + 3));
  await until(() => sink.packets.length === 20, 'packets');
  expect([...(await source.readAt(24 + 16, 2))]).toEqual([1, 1]);
  controller.abort(new Error('stop'));
  expect(await reading).toMatchObject({ message: 'stop' });
  reader.end();
  expect(sink.warnings).toEqual([]);
  await source.close();
});

it('starts with an empty file', async () => {
  writeFileSync(path, '');
  const { sink, controller, source, reading } = await follow();
  appendFileSync(path, file);
  await until(() => sink.packets.length === 20, 'packets');
  controller.abort();
  await reading;
  await source.close();
});

it('ends with words when the file is cut', async () => {
  writeFileSync(path, file);
  const { sink, source, reading } = await follow();
  await until(() => sink.packets.length === 20, 'packets');
  truncateSync(path, 100);
  expect(await reading).toMatchObject({ code: 'read-error', message: expect.stringContaining('was cut') });
  await source.close();
});

it('ends with words when another file takes the name, having read the old one to its end', async () => {
  writeFileSync(path, file.subarray(0, 1000));
  const { sink, source, reading } = await follow();
  await until(() => sink.packets.length > 0, 'packets');
  appendFileSync(path, file.subarray(1000));
  renameSync(path, join(dir, 'live.pcap.1'));
  writeFileSync(path, file.subarray(0, 24));
  expect(await reading).toMatchObject({ code: 'read-error', message: expect.stringContaining('rotated') });
  expect(sink.packets).toHaveLength(20);
  await source.close();
});

it('refuses compressed files and missing ones', async () => {
  writeFileSync(path, gzipSync(file));
  await expect(followFile(path)).rejects.toMatchObject({ code: 'cannot-follow' });
  await expect(followFile(join(dir, 'nothing'))).rejects.toMatchObject({ code: 'not-found' });
});

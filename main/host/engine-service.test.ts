import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, it } from 'vitest';
import { writePcap } from '../../test/support/capture-writer.ts';
import { Conversation } from '../../test/support/conversation.ts';
import { eventually } from '../../test/support/patience.ts';
import { EngineService } from './engine-service.ts';

const signal = new AbortController().signal;
let folder = '';
afterEach(() => {
  rmSync(folder, { recursive: true });
});

function capture(name: string): string {
  const path = join(folder, name);
  const { packets } = new Conversation().handshake().clientSends('hello').rst({ from: 'server' });
  writeFileSync(path, writePcap({ packets }));
  return path;
}

it('reads the later one of two captures that are opened at once, and ends the other', async () => {
  folder = mkdtempSync(join(tmpdir(), 'resetscope-engine-'));
  const engine = new EngineService({
    notify: () => undefined,
    keepCase: () => Promise.reject(new Error('nothing is captured')),
  });
  const ends: string[] = [];
  engine.events.progress.on(({ phase }) => {
    if (phase === 'done' || phase === 'cancelled') ends.push(phase);
  });
  const { service } = engine;
  await Promise.all(
    ['a.pcap', 'b.pcap'].map((name) =>
      // What is followed is read until somebody ends it.
      service['control.open']({ paths: [capture(name)], follow: true }, signal),
    ),
  );
  expect(ends).toEqual(['cancelled']);
  await eventually(async () => {
    expect((await service['capture.progress']({}, signal)).packets).toBeGreaterThan(0);
  });
  await service['control.cancel']({}, signal);
  await eventually(() => {
    expect(ends).toEqual(['cancelled', 'cancelled']);
  });
  const { files } = await service['capture.summary']({}, signal);
  expect(files.map(({ path }) => path)).toEqual([join(folder, 'b.pcap')]);
  await engine.dispose();
});

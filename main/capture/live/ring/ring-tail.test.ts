import { appendFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { eventually } from '../../../../test/support/patience.ts';
import type { ChunkSource } from '../../chunk-source.ts';
import { RingTail } from './ring-tail.ts';
import type { RingFileState } from './ring-writer.ts';

let folder = '';
let tail = new RingTail();
let read: string[] = [];
let sources: ChunkSource[] = [];
const never = new AbortController().signal;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'resetscope-tail-'));
  tail = new RingTail();
  read = [];
  sources = [];
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

const state = (number: number, bytes: number): RingFileState => {
  return { number, path: join(folder, `${number}`), bytes, packets: 7, firstNs: 0, lastNs: 0 };
};
const write = (number: number, text: string): RingFileState => {
  writeFileSync(join(folder, `${number}`), text);
  return state(number, text.length);
};
const handler = {
  begin: (file: RingFileState, source: ChunkSource) => {
    read.push(`<${file.number}`);
    sources.push(source);
  },
  chunk: (bytes: Uint8Array) => read.push(Buffer.from(bytes).toString()),
  end: () => read.push('>'),
  lost: (file: RingFileState) => read.push(`lost ${file.number}: ${file.packets}`),
};
const settles = (wanted: string): Promise<void> => eventually(() => expect(read.join(' ')).toBe(wanted));

it('reads what is told of, no more, file after file', async () => {
  const done = tail.follow(handler, never);
  tail.opened({ ...write(1, 'onehalf'), bytes: 3 });
  await settles('<1 one');
  expect(tail.lagBytes).toBe(0);
  tail.written(state(1, 7));
  await settles('<1 one half');
  tail.opened(write(2, ''));
  await settles('<1 one half > <2');
  appendFileSync(join(folder, '2'), 'two');
  tail.written(state(2, 3));
  await settles('<1 one half > <2 two');
  tail.ended();
  await done;
  expect(read.at(-1)).toBe('>');
});

it('tells of files that went before it came to them, and how far it is behind', async () => {
  tail.opened(write(1, 'a'));
  tail.opened(state(2, 100));
  tail.gone(state(2, 100));
  tail.opened(state(3, 50)); // gone, and nobody said so yet
  tail.opened(write(4, 'dddd'));
  expect(tail.lagBytes).toBe(1 + 100 + 50 + 4);
  tail.ended();
  await tail.follow(handler, never);
  expect(read.join(' ')).toBe('<1 a > lost 2: 7 lost 3: 7 <4 dddd >');
  expect(tail.lagBytes).toBe(0);
});

it('counts what a file lost that went before all of it was told', async () => {
  const done = tail.follow(handler, never);
  // The ring has let go of it already; what tells of that is on its way.
  tail.opened({ ...state(1, 0), packets: 0 });
  tail.written({ ...state(1, 100), packets: 9 });
  tail.opened(write(2, 'two'));
  await settles('lost 1: 9 <2 two');
  tail.opened({ ...state(3, 0), packets: 0 });
  await eventually(() => expect(read.at(-1)).toBe('>'));
  tail.written({ ...state(3, 60), packets: 5 });
  tail.gone({ ...state(3, 70), packets: 6 });
  await settles('lost 1: 9 <2 two > lost 3: 6');
  tail.ended();
  await done;
});

it('reads packets again until the ring lets go of the file', async () => {
  tail.opened(write(1, 'abcdef'));
  tail.ended();
  await tail.follow(handler, never);
  expect(Buffer.from(await sources[0].readAt(2, 3)).toString()).toBe('cde');
  rmSync(join(folder, '1'));
  await expect(sources[0].readAt(2, 3)).rejects.toThrow(/the ring let go of this file/u);
});

it('ends by its signal', async () => {
  const abort = new AbortController();
  const done = tail.follow(handler, abort.signal);
  tail.opened(write(1, 'abc'));
  await settles('<1 abc');
  abort.abort();
  await done;
});

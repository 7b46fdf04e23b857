import { expect, it } from 'vitest';
import { Admission } from './admission.ts';

const never = new AbortController().signal;
/** Work that ends when it is told to. */
function work(): { run: () => Promise<string>; end: () => void; begun: () => boolean } {
  let begun = false;
  let end = (): void => undefined;
  const ended = new Promise<string>((resolve) => {
    end = () => resolve('done');
  });
  const run = (): Promise<string> => {
    begun = true;
    return ended;
  };
  return { run, end: () => end(), begun: () => begun };
}
/** Everything that has become possible has happened. */
const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

it('lets so many begin at once, the others in their order', async () => {
  const admission = new Admission({ running: 2, bytes: 100 });
  const works = Array.from({ length: 4 }, work);
  const done = works.map(({ run }) => admission.admit(1, never, run));
  await settled();
  expect(works.map(({ begun }) => begun())).toEqual([true, true, false, false]);
  works[1].end();
  expect(await done[1]).toBe('done');
  await settled();
  expect(works.map(({ begun }) => begun())).toEqual([true, true, true, false]);
  for (const { end } of works) end();
  expect(await Promise.all(done)).toEqual(Array(4).fill('done'));
});

it('counts bytes before they are made, and what is held', async () => {
  const admission = new Admission({ running: 10, bytes: 100 });
  admission.hold(50);
  const works = Array.from({ length: 3 }, work);
  for (const { run } of works) void admission.admit(30, never, run);
  await settled();
  expect(works.map(({ begun }) => begun())).toEqual([true, false, false]);
  admission.release(50);
  await settled();
  expect(works.map(({ begun }) => begun())).toEqual([true, true, true]);
});

it('lets one that is larger than all begin alone', async () => {
  const admission = new Admission({ running: 10, bytes: 100 });
  const [small, large, after] = [work(), work(), work()];
  const first = admission.admit(1, never, small.run);
  void admission.admit(500, never, large.run);
  void admission.admit(1, never, after.run);
  await settled();
  expect([large.begun(), after.begun()]).toEqual([false, false]);
  small.end();
  await first;
  await settled();
  expect([large.begun(), after.begun()]).toEqual([true, false]);
  large.end();
  await settled();
  expect(after.begun()).toBe(true);
});

it('forgets who gives up, and gives back the room of who fails', async () => {
  const admission = new Admission({ running: 1, bytes: 100 });
  const failing = admission.admit(100, never, () => Promise.reject(new Error('no')));
  const abort = new AbortController();
  const [waiting, next] = [work(), work()];
  const given = admission.admit(100, abort.signal, waiting.run);
  void admission.admit(100, never, next.run);
  abort.abort();
  await expect(given).rejects.toMatchObject({ code: 'cancelled' });
  await expect(failing).rejects.toThrow('no');
  await settled();
  expect([waiting.begun(), next.begun()]).toEqual([false, true]);
});

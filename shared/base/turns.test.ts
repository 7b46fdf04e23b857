import { expect, it } from 'vitest';
import { Turns } from './turns.ts';

it('does one after the other, and goes on behind what failed', async () => {
  const turns = new Turns();
  const done: string[] = [];
  let end = (): void => undefined;
  const first = turns.take(async () => {
    await new Promise<void>((resolve) => (end = resolve));
    done.push('first');
    throw new Error('failed');
  });
  const second = turns.take(() => {
    done.push('second');
    return Promise.resolve(2);
  });
  await Promise.resolve();
  end();
  await expect(first).rejects.toThrow('failed');
  expect(await second).toBe(2);
  expect(done).toEqual(['first', 'second']);
});

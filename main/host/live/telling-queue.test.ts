import { expect, it } from 'vitest';
import type { Milliseconds } from '../../../shared/base/units.ts';
import { LIMITS } from '../../engine/limits.ts';
import type { ToldSession } from './telling-queue.ts';
import { TellingQueue } from './telling-queue.ts';

const ms = (value: number): Milliseconds => value as Milliseconds;

/** Resets as the queue sees them. */
class Resets implements ToldSession {
  count = 0;
  judged = 0;
  readonly sizes = new Map<number, number>();
  readonly givenUp = new Set<number>();
  readonly ofMany = new Set<number>();
  readonly closed: number[] = [];
  readonly resets = ((all: Resets) => ({
    first: 0,
    get count() {
      return all.count;
    },
    members: (id: number) => all.sizes.get(id) ?? 1,
    close: (id: number) => all.closed.push(id),
    isGivenUp: (id: number) => all.givenUp.has(id),
    isOfMany: (id: number) => all.ofMany.has(id),
  }))(this);

  hasReset(id: number): boolean {
    return id < this.judged && !this.givenUp.has(id);
  }

  set(count: number, judged = count): void {
    this.count = count;
    this.judged = judged;
  }
}

function queueOf(session: Resets): (atMs: number, most?: number) => number[] {
  const queue = new TellingQueue(session);
  return (atMs, most = 1000) => {
    queue.look(ms(atMs));
    return queue.take(most, ms(atMs));
  };
}

it('tells of resets when two seconds have passed, each once', () => {
  const session = new Resets();
  const at = queueOf(session);
  expect(at(0)).toEqual([]);
  session.set(3);
  expect(at(100)).toEqual([]);
  session.set(5);
  expect(at(1000)).toEqual([]);
  expect(at(2100)).toEqual([0, 1, 2]);
  session.set(6, 4); // the sixth came just now, the fifth is not judged yet
  expect(at(3000)).toEqual([3]);
  session.set(6);
  expect(at(5000)).toEqual([4, 5]);
  expect(session.closed).toEqual([0, 1, 2, 3, 4, 5]);
});

it('tells of all that have a verdict when no more packets come', () => {
  const session = new Resets();
  const queue = new TellingQueue(session);
  session.set(9, 8);
  queue.look(ms(0));
  queue.end();
  expect(queue.take(1000, ms(1))).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
});

it('tells of a burst when it has ended, and of others meanwhile', () => {
  const session = new Resets();
  const at = queueOf(session);
  session.set(2);
  session.sizes.set(0, 10);
  at(0);
  session.sizes.set(0, 500);
  expect(at(2000)).toEqual([1]);
  session.sizes.set(0, 900);
  expect(at(3000)).toEqual([]);
  expect(at(4900)).toEqual([]);
  // It grew no more for two seconds.
  expect(at(5000)).toEqual([0]);
});

it('tells of a burst that does not end, too', () => {
  const session = new Resets();
  const at = queueOf(session);
  session.set(1);
  let told: number[] = [];
  for (let second = 0; second <= 10 && told.length === 0; second++) {
    session.sizes.set(0, 100 * second);
    told = at(second * 1000);
  }
  expect(told).toEqual([0]);
});

it('tells of those that came with many others last', () => {
  const session = new Resets();
  const at = queueOf(session);
  for (let id = 0; id < 50; id++) session.ofMany.add(id);
  session.set(51);
  at(0);
  expect(at(2000, 3)).toEqual([50, 0, 1]);
  expect(at(2000, 3)).toEqual([2, 3, 4]);
});

it('keeps as many as the limit says, and counts the others', () => {
  const session = new Resets();
  const queue = new TellingQueue(session);
  const surplus = 100;
  session.set(LIMITS.maxWaitingResets + surplus);
  session.ofMany.add(0);
  session.givenUp.add(1);
  queue.look(ms(0));
  queue.look(ms(2000));
  // One of them was given up and is counted as that.
  expect(queue.untold).toBe(surplus - 1);
  queue.giveUp();
  expect(queue.untold).toBe(LIMITS.maxWaitingResets + surplus - 1);
});

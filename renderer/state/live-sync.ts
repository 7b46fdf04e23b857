/** Keeps the store in step with a live capture: its status is pushed whole, and what it caught is told once. */
import type { Disposable } from '../../shared/base/disposable.ts';
import { DisposableStack, toDisposable } from '../../shared/base/disposable.ts';
import type { CaughtCase, LiveStatus } from '../../shared/model/live.ts';
import { frameBatch } from './frame-batch.ts';
import type { Link } from './link.ts';
import { MAX_FRESH_CASES, isCapturing, liveState } from './live-slice.ts';
import type { AppStore } from './store.ts';

export function keepLiveInStep(store: AppStore, link: Link): Disposable {
  const stack = new DisposableStack();
  const take = (live: LiveStatus): void => {
    store.setState((state) => {
      const isOther = live.startedMs !== state.running.startedMs;
      const known = isOther ? [] : state.running.cases;
      return {
        ...liveState(live, state.captures),
        ...(live.phase === 'starting' || live.phase === 'capturing' ? { startError: null } : {}),
        ...(isCapturing(live) ? {} : { held: null }),
        freshCases: freshCases(isOther ? [] : state.freshCases, known, live.cases),
      };
    });
  };
  const follow = frameBatch(take);
  stack.use(link.live.on(follow));
  stack.use(
    toDisposable(
      store.subscribe(({ captures, running }, before) => {
        if (captures !== before.captures) store.setState(liveState(running, captures));
      }),
    ),
  );
  stack.use(
    link.changed.on((change) => {
      if (change.state === 'open') void greet(store, link);
    }),
  );
  return stack;
}

/** A case is complete, and worth a message, when its file is written or will never be. */
function isTold({ path, error }: CaughtCase): boolean {
  return path !== null || error !== null;
}

function freshCases(
  fresh: readonly CaughtCase[],
  before: readonly CaughtCase[],
  now: readonly CaughtCase[],
): readonly CaughtCase[] {
  const told = new Set(before.filter(isTold).map(({ id }) => id));
  const arrived = now.filter((one) => isTold(one) && !told.has(one.id));
  return arrived.length === 0 ? fresh : [...fresh, ...arrived].slice(-MAX_FRESH_CASES);
}

/** Asks a fresh connection for the status. Cases caught before raise no message: somebody was told of them. */
async function greet(store: AppStore, link: Link): Promise<void> {
  let isPushed = false;
  const watch = link.live.on(() => {
    isPushed = true;
  });
  try {
    const live = await link.call('live.status', {});
    if (!isPushed) store.setState(({ captures }) => ({ ...liveState(live, captures), freshCases: [] }));
  } catch {
    // The banner of the lost connection says what is wrong.
  } finally {
    watch.dispose();
  }
}

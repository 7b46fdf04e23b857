/**
 * Keeps the store in step with the engine. The engine pushes progress; everything else is pulled when the revision
 * moved, one pull at a time, and not more often than people can read while packets come in.
 */
import { errorText } from '../../shared/format/error.ts';
import type { Disposable } from '../../shared/base/disposable.ts';
import { DisposableStack, toDisposable } from '../../shared/base/disposable.ts';
import type { Progress } from '../../shared/model/capture.ts';
import { CAPTURE_CLOSED } from './capture-slice.ts';
import type { Feeds } from './feeds.ts';
import { everyFeed } from './feeds.ts';
import { frameBatch } from './frame-batch.ts';
import type { Link } from './link.ts';
import type { HeldView } from './live-slice.ts';
import { SELECTION_START } from './selection-slice.ts';
import { namesOf } from './names-slice.ts';
import type { AppStore } from './store.ts';

const PULL_MS = 400;
export const OVERVIEW_BUCKETS = 120;

export function keepInStep(store: AppStore, link: Link, feeds: Feeds): Disposable {
  const stack = new DisposableStack();
  const puller = new Puller(store, link);
  stack.defer(() => {
    puller.dispose();
  });

  const follow = frameBatch((progress: Progress) => {
    const { progress: before, held } = store.getState();
    const isOther = startsAnother(held?.newest ?? before, progress);
    if (held !== null && !isOther) {
      store.setState({ held: { ...held, newest: progress } });
      return;
    }
    if (isOther) for (const feed of everyFeed(feeds)) feed.reset();
    store.setState({
      progress,
      ...(isOther ? { ...CAPTURE_CLOSED, ...SELECTION_START, held: null } : {}),
      ...(progress.phase === 'empty' ? {} : { opening: null }),
    });
    if (progress.phase === 'empty') return;
    for (const feed of everyFeed(feeds)) feed.invalidate(progress.revision);
    askLists(store, feeds);
    puller.wanted();
  });

  /** Catches up when a view that was held goes on. */
  const goOn = ({ newest }: HeldView): void => {
    for (const feed of everyFeed(feeds)) feed.hold(false);
    if (newest !== store.getState().progress) follow(newest);
  };

  stack.use(link.progress.on(follow));
  stack.use(
    link.changed.on((change) => {
      store.setState({ link: change.state, linkError: change.state === 'lost' ? change.reason : null });
      if (change.state === 'open') void greet(store, link, follow);
    }),
  );
  stack.use(
    toDisposable(
      store.subscribe((state, before) => {
        if (state.held === null && before.held !== null) goOn(before.held);
        if (state.progress.phase === 'empty') return;
        if (
          state.resetQuery !== before.resetQuery ||
          state.failureQuery !== before.failureQuery ||
          state.flowQuery !== before.flowQuery ||
          state.packetsFlow !== before.packetsFlow
        ) {
          askLists(store, feeds);
        }
      }),
    ),
  );
  return stack;
}

/** Whether progress is that of another capture: it has fewer packets, or reading begins anew. */
function startsAnother(before: Progress, now: Progress): boolean {
  if (now.phase === 'empty') return before.phase !== 'empty';
  if (before.phase === 'empty') return true;
  const wasOver = before.phase === 'done' || before.phase === 'cancelled' || before.phase === 'failed';
  return (
    (wasOver && (now.phase === 'reading' || now.phase === 'following')) ||
    now.revision < before.revision ||
    now.packets < before.packets
  );
}

function askLists(store: AppStore, feeds: Feeds): void {
  const { resetQuery, failureQuery, flowQuery, packetsFlow } = store.getState();
  feeds.resets.ask(resetQuery);
  feeds.failures.ask(failureQuery);
  feeds.flows.ask(flowQuery);
  if (packetsFlow !== null) feeds.packets.ask({ flow: packetsFlow });
}

/** Asks a fresh connection what it can do and what is open. */
async function greet(store: AppStore, link: Link, follow: (progress: Progress) => void): Promise<void> {
  // Progress that is pushed meanwhile is newer than the answer, though the answer may arrive after it.
  let isTold = false;
  const watch = link.progress.on(() => {
    isTold = true;
  });
  try {
    const [capabilities, recent, names, progress] = await Promise.all([
      link.call('host.capabilities', {}),
      link.call('host.recent', {}),
      link.call('names.list', {}),
      link.call('capture.progress', {}),
    ]);
    store.setState({ capabilities, recent, names: namesOf(names) });
    if (!isTold) follow(progress);
  } catch (error) {
    store.setState({ linkError: errorText(error) });
  } finally {
    watch.dispose();
  }
}

/** Pulls summary, overview and endings. Calls of `wanted` during a pull become one more pull after it. */
class Puller {
  readonly #store: AppStore;
  readonly #link: Link;
  #busy = false;
  #again = false;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #last = -Infinity;

  constructor(store: AppStore, link: Link) {
    this.#store = store;
    this.#link = link;
  }

  wanted(): void {
    if (this.#busy) {
      this.#again = true;
      return;
    }
    const wait = this.#last + PULL_MS - performance.now();
    this.#timer ??= setTimeout(
      () => {
        this.#timer = undefined;
        void this.#pull();
      },
      Math.max(0, wait),
    );
  }

  dispose(): void {
    clearTimeout(this.#timer);
    this.#again = false;
  }

  async #pull(): Promise<void> {
    this.#busy = true;
    this.#again = false;
    this.#last = performance.now();
    const { phase } = this.#store.getState().progress;
    try {
      if (phase !== 'empty') {
        const [summary, overview, endings] = await Promise.all([
          this.#link.call('capture.summary', {}),
          this.#link.call('capture.overview', { buckets: OVERVIEW_BUCKETS, filter: '' }),
          this.#link.call('capture.endings', {}),
        ]);
        this.#store.setState({ summary, overview, endings, overviewError: null });
      }
    } catch (error) {
      this.#store.setState({ overviewError: errorText(error) });
    } finally {
      this.#busy = false;
    }
    if (this.#again) this.wanted();
  }
}

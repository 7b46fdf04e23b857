/**
 * Keeps the store in step with the engine. The engine pushes progress; everything else is pulled when the revision
 * moved, one pull at a time, and not more often than people can read while packets come in.
 */
import { errorText } from '../../shared/format/error.ts';
import type { Disposable } from '../../shared/base/disposable.ts';
import { DisposableStack, toDisposable } from '../../shared/base/disposable.ts';
import type { OpenCapture } from '../../shared/contract/methods.ts';
import type { Progress } from '../../shared/model/capture.ts';
import { CAPTURE_CLOSED } from './capture-slice.ts';
import type { Feeds } from './feeds.ts';
import { everyFeed } from './feeds.ts';
import { frameBatch } from './frame-batch.ts';
import type { Link } from './link.ts';
import type { HeldView } from './live-slice.ts';
import { Puller } from './puller.ts';
import { narrowed, rangeFilter } from './range-slice.ts';
import type { AppState, AppStore } from './store.ts';
import { caseName } from '../words/capture-name.ts';
import { fileName } from '../words/file-text.ts';
import { changeTab } from './tabs.ts';
import { namesOf } from './names-slice.ts';

const PULL_MS = 400;
export const OVERVIEW_BUCKETS = 120;

export function keepInStep(store: AppStore, link: Link, feeds: Feeds): Disposable {
  const stack = new DisposableStack();
  const puller = stack.use(new Puller(PULL_MS, () => pullCounts(store, link)));

  const follow = frameBatch((progress: Progress) => {
    const { progress: before, held } = store.getState();
    const isOther = startsAnother(held?.newest ?? before, progress);
    if (held !== null && !isOther) {
      store.setState({ held: { ...held, newest: progress } });
      return;
    }
    const tab = isOther
      ? changeTab(store.getState(), feeds, before.capture, progress.capture)
      : { patch: {}, places: undefined };
    if (isOther) for (const [index, feed] of everyFeed(feeds).entries()) feed.reset(tab.places?.[index]);
    store.setState({
      progress,
      ...(isOther ? { ...CAPTURE_CLOSED, ...tab.patch, held: null } : {}),
      ...(progress.phase === 'empty' ? {} : { opening: null }),
    });
    // What could not be opened is no recent file any more.
    if (progress.phase === 'failed' && before.phase !== 'failed') void pullRecent(store, link);
    if (progress.phase === 'empty') return;
    for (const feed of everyFeed(feeds)) feed.invalidate(progress.revision);
    askLists(store, feeds);
    puller.wanted();
  });

  /** Catches up when a view that was held goes on. */
  const goOn = ({ newest }: HeldView): void => {
    for (const feed of everyFeed(feeds)) feed.hold(false);
    const { progress } = store.getState();
    if (newest !== progress && newest.capture === progress.capture) follow(newest);
  };

  stack.use(link.progress.on(follow));
  stack.use(
    link.captures.on((captures) => {
      store.setState(({ keptTabs, captures: before, closing }) => ({
        captures,
        ...closedText(before, captures, closing),
        keptTabs: new Map([...keptTabs].filter(([id]) => captures.some(({ capture }) => capture === id))),
      }));
    }),
  );
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
        if (state.range !== before.range) puller.wanted();
        if (
          state.range !== before.range ||
          state.resetQuery !== before.resetQuery ||
          state.failureQuery !== before.failureQuery ||
          state.flowQuery !== before.flowQuery ||
          state.packetQuery !== before.packetQuery ||
          state.addressQuery !== before.addressQuery ||
          state.pairQuery !== before.pairQuery ||
          state.endpointsBy !== before.endpointsBy ||
          // A list that many may never look at is asked for when it is first shown.
          state.view !== before.view ||
          state.packetsFlow !== before.packetsFlow
        ) {
          askLists(store, feeds);
        }
      }),
    ),
  );
  return stack;
}

let notices = 0;
/** One that was closed and not by the user here must not just be gone. */
function closedText(
  before: readonly OpenCapture[],
  now: readonly OpenCapture[],
  closing: number | null,
): Pick<AppState, 'notice'> | undefined {
  const isIn = (list: readonly OpenCapture[], { capture }: OpenCapture): boolean =>
    list.some((one) => one.capture === capture);
  const gone = before.find((one) => one.capture !== closing && !isIn(now, one));
  const isInstead = now.some((one) => !isIn(before, one));
  if (gone === undefined || isInstead || now.length === 0) return undefined;
  const name = gone.paths.length === 0 ? 'The live capture' : fileName(gone.paths[0]);
  const text = `${name} was closed: too much was open at once, or it was closed in another window.`;
  return { notice: { text, number: --notices } };
}

/** Whether progress is that of another capture; where the host gives no numbers: it has fewer packets, or reading begins anew. */
function startsAnother(before: Progress, now: Progress): boolean {
  if (now.capture !== before.capture) return true;
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
  const state = store.getState();
  const { resetQuery, failureQuery, flowQuery, packetQuery, packetsFlow, view } = state;
  feeds.resets.ask(narrowed(resetQuery, state));
  feeds.failures.ask(narrowed(failureQuery, state));
  feeds.flows.ask(narrowed(flowQuery, state));
  if (view === 'endpoints') {
    if (state.endpointsBy === 'addresses') feeds.addresses.ask(narrowed(state.addressQuery, state));
    else feeds.pairs.ask(narrowed(state.pairQuery, state));
  }
  if (view === 'packets') feeds.packets.ask(narrowed(packetQuery, state));
  if (packetsFlow !== null) feeds.flowPackets.ask({ flow: packetsFlow });
}

async function pullRecent(store: AppStore, link: Link): Promise<void> {
  const recent = await link.call('host.recent', {}).catch(() => undefined);
  if (recent !== undefined) store.setState({ recent });
}

/** Asks a fresh connection what it can do and what is open. */
async function greet(store: AppStore, link: Link, follow: (progress: Progress) => void): Promise<void> {
  // Progress that is pushed meanwhile is newer than the answer, though the answer may arrive after it.
  let isTold = false;
  const watch = link.progress.on(() => {
    isTold = true;
  });
  try {
    const [capabilities, recent, names, progress, captures, samples, lessons, fleets] = await Promise.all([
      link.call('host.capabilities', {}),
      link.call('host.recent', {}),
      link.call('names.list', {}),
      link.call('capture.progress', {}),
      link.call('capture.list', {}),
      link.call('host.samples', {}),
      link.call('host.lessons', {}),
      link.call('fleet.places', {}),
    ]);
    store.setState({ capabilities, recent, captures, samples, lessons, fleets, names: namesOf(names) });
    if (!isTold) follow(progress);
  } catch (error) {
    store.setState({ linkError: errorText(error) });
  } finally {
    watch.dispose();
  }
}

/** Pulls summary, overview and endings. */
async function pullCounts(store: AppStore, link: Link): Promise<void> {
  const state = store.getState();
  const { phase, capture } = state.progress;
  if (phase === 'empty') return;
  try {
    const [summary, overview, endings, report] = await Promise.all([
      link.call('capture.summary', {}),
      link.call('capture.overview', { buckets: OVERVIEW_BUCKETS, filter: rangeFilter(state) }),
      link.call('capture.endings', {}),
      link.call('capture.join', {}),
    ]);
    // Another one may be shown by now.
    if (store.getState().progress.capture !== capture) return;
    // While captures are still held against each other it may name none yet.
    const join = report !== null && report.vantages.length > 1 ? report : null;
    store.setState(({ caseNames }) => ({
      ...{ summary, overview, endings, join, countsPhase: phase, overviewError: null },
      caseNames: withName(caseNames, capture ?? -1, join === null ? undefined : caseName(join)),
    }));
  } catch (error) {
    store.setState({ overviewError: errorText(error) });
  }
}

function withName(
  names: ReadonlyMap<number, string>,
  capture: number,
  name: string | undefined,
): ReadonlyMap<number, string> {
  if (names.get(capture) === name) return names;
  const changed = new Map(names);
  if (name === undefined) changed.delete(capture);
  else changed.set(capture, name);
  return changed;
}

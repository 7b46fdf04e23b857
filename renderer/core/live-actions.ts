/** Everything a user can do with a live capture. */
import { errorText } from '../../shared/format/error.ts';
import type { CatchRule, LiveOptions } from '../../shared/model/live.ts';
import type { Feeds } from '../state/feeds.ts';
import { everyFeed } from '../state/feeds.ts';
import { leavingFleet } from '../state/fleet-slice.ts';
import type { Link } from '../state/link.ts';
import { isCapturing, liveState } from '../state/live-slice.ts';
import type { AppStore } from '../state/store.ts';
import type { TabState } from '../state/tabs-slice.ts';
import type { View } from '../state/ui-slice.ts';
import { savedName } from '../words/live-text.ts';
import { fileName } from '../words/file-text.ts';

/** The other actions that these need. */
interface Others {
  readonly notice: (text: string) => void;
}

export function createLiveActions(store: AppStore, link: Link, feeds: Feeds, { notice }: Others) {
  /** Asks again what can be captured; what was chosen before stays chosen. */
  async function askOffer(): Promise<void> {
    if (store.getState().isOffering) return;
    store.setState({ isOffering: true });
    try {
      const offer = await link.call('live.offer', {});
      store.setState(({ draft }) => ({
        offer,
        offerError: null,
        isOffering: false,
        draft: draft ?? offer.lastOptions,
      }));
    } catch (error) {
      store.setState({ offerError: errorText(error), isOffering: false });
    }
  }

  function changeDraft(changes: Partial<LiveOptions>): void {
    store.setState(({ draft }) =>
      draft === null ? {} : { draft: { ...draft, ...changes }, startError: null },
    );
  }

  async function startCapture(options: LiveOptions | null = store.getState().draft): Promise<void> {
    const { isStarting, running } = store.getState();
    if (options === null || isStarting || isCapturing(running)) return;
    const { resetQuery, flowQuery, view } = store.getState();
    const nextTab: Partial<TabState> = {
      // People read a running capture in the order in which packets come.
      resetQuery: { ...resetQuery, sort: 'time', direction: 'ascending', filter: '' },
      flowQuery: { ...flowQuery, sort: 'start', direction: 'ascending', filter: '' },
      view: viewOfNew(options, view),
    };
    store.setState((state) => ({
      isStarting: true,
      startError: null,
      held: null,
      openError: null,
      nextTab,
      ...leavingFleet(state),
    }));
    try {
      await link.call('live.start', { options });
      store.setState(({ progress }) => ({
        draft: options,
        dialog: null,
        following: { resets: true, flows: true, packets: true },
        // A host that gives no numbers has one capture, which is this one now.
        ...(progress.capture === undefined ? nextTab : {}),
      }));
    } catch (error) {
      const startError = errorText(error);
      // The status holds what the permission doctor says of the failure.
      const status = await link.call('live.status', {}).catch(() => null);
      store.setState(({ progress, captures }) => ({
        startError,
        nextTab: null,
        ...(status === null ? {} : liveState(status, captures)),
        // The start page shows the error; over an open capture the dialog has to.
        ...(progress.phase === 'empty' ? {} : { dialog: 'capture' as const }),
      }));
    } finally {
      store.setState({ isStarting: false });
    }
  }

  async function stopCapture(): Promise<void> {
    try {
      await link.call('live.stop', {});
    } catch (error) {
      notice(`The capture could not be stopped: ${errorText(error)}`);
    }
  }

  /** Ends the running capture and starts one with the same options; nothing is kept open of the old one. */
  async function restartCapture(): Promise<void> {
    const { running, draft } = store.getState();
    if (isCapturing(running)) await stopCapture();
    const status = await link.call('live.status', {}).catch(() => store.getState().running);
    store.setState(({ captures }) => liveState(status, captures));
    await startCapture(running.options ?? draft);
  }

  /** Starts a capture on the last interface with the last options, from any view. */
  async function startLast(): Promise<void> {
    const { draft, running } = store.getState();
    if (running.options !== null) return startCapture(running.options);
    if (draft === null) await askOffer();
    return startCapture();
  }

  function holdView(): void {
    store.setState(({ held, progress, live }) => {
      if (held !== null || !isCapturing(live)) return {};
      for (const feed of everyFeed(feeds)) feed.hold(true);
      return { held: { shown: progress, newest: progress } };
    });
  }

  async function saveCapture(path: string): Promise<string | null> {
    try {
      const saved = await link.call('live.save', { path });
      store.setState({ dialog: null });
      const { second } = store.getState().running;
      const rest =
        second === null
          ? ''
          : ` It holds the first place; the second is in ${second.folder ?? 'its folder'}.`;
      notice(`Saved ${fileName(saved)}.${rest}`);
      return null;
    } catch (error) {
      return errorText(error);
    }
  }

  return {
    askOffer,
    changeDraft,
    startCapture,
    startLast,
    stopCapture,
    restartCapture,
    saveCapture,

    /** Forgets what failed before, and asks anew what can be captured. */
    async tryAgain(): Promise<void> {
      store.setState(({ live }) => ({ startError: null, endSeen: live.revision }));
      await askOffer();
    },

    toggleHeld(): void {
      if (store.getState().held === null) holdView();
      else store.setState({ held: null });
    },

    /** Asks where to save: in the host's own dialog where it has one, in the page's elsewhere. */
    async saveAs(): Promise<void> {
      const { capabilities, live } = store.getState();
      if (capabilities?.host !== 'electron') {
        store.setState({ dialog: 'save' });
        return;
      }
      const path = await link.call('host.pickSavePath', { suggestedName: savedName(live) }).catch(() => null);
      if (path === null) return;
      const error = await saveCapture(path);
      if (error !== null) notice(`The capture could not be saved: ${error}`);
    },

    /** @returns why the engine did not take the rule; null when it did */
    async setCatch(rule: CatchRule | null): Promise<string | null> {
      try {
        await link.call('live.catch', { rule });
      } catch (error) {
        return errorText(error);
      }
      store.setState(({ draft, live }) => ({
        draft: draft === null ? null : { ...draft, catch: rule },
        live: live.options === null ? live : { ...live, options: { ...live.options, catch: rule } },
        dialog: null,
        ...(rule === null ? {} : { view: 'catch' as const }),
      }));
      return null;
    },

    dismissCase(id: number): void {
      store.setState(({ freshCases }) => ({ freshCases: freshCases.filter((one) => one.id !== id) }));
    },

    dismissEnd(): void {
      store.setState(({ live }) => ({ endSeen: live.revision }));
    },

    setFollowing(list: 'resets' | 'flows' | 'packets', isFollowing: boolean): void {
      store.setState(({ following }) =>
        following[list] === isFollowing ? {} : { following: { ...following, [list]: isFollowing } },
      );
    },
  };
}

/** The view of a capture that just began: a user who looks at a list stays there. */
function viewOfNew({ catch: rule }: LiveOptions, view: View): View {
  if (rule !== null) return 'catch';
  return view === 'resets' || view === 'flows' ? view : 'overview';
}

/** Captures of the same traffic from several places as one case: opened together, and kept apart again. */
import type { Link } from '../state/link.ts';
import type { Together } from '../state/capture-slice.ts';
import { togetherKey } from '../state/capture-slice.ts';
import { isCapturing } from '../state/live-slice.ts';
import type { AppState, AppStore } from '../state/store.ts';
import { fileName } from '../words/file-text.ts';

interface Tools {
  readonly notice: (text: string) => void;
  readonly openFailed: (error: unknown, paths: readonly string[]) => void;
  /** Files that the user chose, as the engine knows them; none where the dialog was dismissed. */
  readonly choosePaths: () => Promise<readonly string[]>;
  readonly pathsOf: (files: readonly File[]) => Promise<readonly string[]>;
}

/** The files of what is shown. */
export function shownPaths({ captures, summary, openedPaths }: AppState): readonly string[] {
  const shown = captures.find(({ isShown }) => isShown);
  if (shown !== undefined && shown.paths.length > 0) return shown.paths;
  const files = summary?.files ?? [];
  return files.length > 0 ? files.map(({ path }) => path) : openedPaths;
}

/** Whether something is shown that another capture can be held against. */
export function canCompare(state: AppState): boolean {
  return state.progress.phase !== 'empty' && shownPaths(state).length > 0;
}

export function createCompareActions(store: AppStore, link: Link, tools: Tools) {
  async function open(paths: readonly string[], how: Together): Promise<void> {
    const { running } = store.getState();
    store.setState(({ together }) => ({
      opening: { names: paths.map(fileName), upload: null },
      openedPaths: paths,
      openError: null,
      dialog: null,
      together: new Map(together).set(togetherKey(paths), how),
    }));
    try {
      // A capture that runs goes on in its tab.
      const isLive =
        store.getState().captures.some((tab) => tab.isShown && tab.isLive) && isCapturing(running);
      await link.call('capture.open', {
        paths,
        follow: false,
        ...(isLive ? {} : { replace: true }),
        ...(how === 'apart' ? { join: false } : {}),
      });
      store.setState({ opening: null, recent: await link.call('host.recent', {}) });
    } catch (error) {
      tools.openFailed(error, paths);
    }
  }

  /** Opens what is shown and these as one case. */
  async function compareWith(more: readonly string[]): Promise<void> {
    if (more.length === 0) return;
    const shown = shownPaths(store.getState());
    const added = more.filter((path) => !shown.includes(path));
    if (added.length === 0) {
      tools.notice('That capture is open here already.');
      return;
    }
    store.setState({ nextTab: { view: 'overview' } });
    await open([...shown, ...added], 'compare');
  }

  return {
    compareWith,

    /** Asks for captures of the same traffic from other places. */
    async pickToCompare(): Promise<void> {
      try {
        await compareWith(await tools.choosePaths());
      } catch (error) {
        tools.openFailed(error, []);
      }
    },

    /** Files that were dropped on what is shown. */
    async compareWithFiles(files: readonly File[]): Promise<void> {
      try {
        await compareWith(await tools.pathsOf(files));
      } catch (error) {
        tools.openFailed(error, []);
      }
    },

    /** Opens the same files as captures that have nothing to do with each other. */
    async keepApart(): Promise<void> {
      await open(shownPaths(store.getState()), 'apart');
    },

    /** Looks again for what they have in common. */
    async joinAgain(): Promise<void> {
      await open(shownPaths(store.getState()), 'compare');
    },
  };
}

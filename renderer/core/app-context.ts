/** The app as one object: components reach store, engine, feeds and actions through it. */
import { createContext, useContext } from 'react';
import { useStore } from 'zustand';
import { LANGUAGES } from '../../shared/texts/program-errors.ts';
import type { Platform } from '../platform/platform.ts';
import { readPreference } from '../platform/preferences.ts';
import type { Feeds } from '../state/feeds.ts';
import { createFeeds } from '../state/feeds.ts';
import { Link } from '../state/link.ts';
import type { AppState, AppStore } from '../state/store.ts';
import { createAppStore } from '../state/store.ts';
import { keepLiveInStep } from '../state/live-sync.ts';
import { keepNotesInStep } from '../state/notes-sync.ts';
import { keepInStep } from '../state/sync.ts';
import type { OpenPanes } from '../state/panes.ts';
import { PANES } from '../state/panes.ts';
import { CONNECTION_TABS, LADDER_POINTS, THEMES } from '../state/ui-slice.ts';
import { TIME_STYLES } from '../words/values.ts';
import type { Actions } from './actions.ts';
import type { AddressBar } from './address-bar.ts';
import { memoryBar } from './address-bar.ts';
import { keepSelectedTime } from './selected-time.ts';
import { createActions } from './actions.ts';
import { Trail } from './trail.ts';

export interface App {
  readonly store: AppStore;
  readonly link: Link;
  readonly feeds: Feeds;
  readonly actions: Actions;
  readonly trail: Trail;
  dispose(): void;
}

/** Builds everything but the page, and connects. */
export function createApp(platform: Platform, bar: AddressBar = memoryBar()): App {
  const store = createAppStore({
    theme: readPreference('theme', THEMES, 'system'),
    connectionTab: readPreference('connection-tab', CONNECTION_TABS, 'ladder'),
    ladderPoints: readPreference('ladder-points', LADDER_POINTS, 'all'),
    timeStyle: readPreference('time', TIME_STYLES, 'relative'),
    rawNumbers: readPreference('raw-numbers', ['on', 'off'], 'off') === 'on',
    language: readPreference('language', LANGUAGES, 'c'),
    letterKeys: readPreference('letter-keys', ['on', 'off'], 'on') === 'on',
    openPanes: keptPanes(),
  });
  const link = new Link(() => platform.connect());
  const feeds = createFeeds(link);
  const actions = createActions(store, link, feeds, platform);
  const trail = new Trail(store, link, actions, bar);
  const sync = keepInStep(store, link, feeds);
  const selectedTime = keepSelectedTime(store, link);
  const notesSync = keepNotesInStep(store, link);
  const liveSync = keepLiveInStep(store, link);
  link.openRequest.on(({ paths, place }) => {
    const opened = paths.length === 0 ? Promise.resolve() : actions.openPaths(paths);
    if (place !== undefined && place !== '') void opened.then(() => trail.follow(place, paths));
  });
  // A page without an address begins with the fleet that its program was started with.
  const stopWaiting = store.subscribe(({ fleets, captures, lesson }) => {
    if (fleets === null) return;
    stopWaiting();
    const hasAddress = bar.text !== '' && bar.text !== '/';
    if (fleets.start !== null && captures.length === 0 && lesson === null && !hasAddress)
      actions.showFleet(fleets.start);
  });
  void link.start();
  return {
    store,
    link,
    feeds,
    actions,
    trail,
    dispose() {
      stopWaiting();
      trail.dispose();
      sync.dispose();
      selectedTime.dispose();
      liveSync.dispose();
      notesSync.dispose();
      link.dispose();
    },
  };
}

function keptPanes(): OpenPanes {
  const kept = PANES.map((pane) => [
    pane,
    readPreference(`pane.${pane}`, ['open', 'closed'], 'open') === 'open',
  ]);
  return Object.fromEntries(kept) as unknown as OpenPanes;
}

const AppContext = createContext<App | null>(null);
export const AppProvider = AppContext.Provider;

export function useApp(): App {
  const app = useContext(AppContext);
  if (app === null) throw new Error('useApp is for components below AppProvider');
  return app;
}

export function useAppState<T>(select: (state: AppState) => T): T {
  return useStore(useApp().store, select);
}

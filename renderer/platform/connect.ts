/** Finds out which host the page runs in. */
import { browserPlatform } from './browser.ts';
import { electronPlatform } from './electron.ts';
import type { Platform } from './platform.ts';
import type { Tab } from './session.ts';
import { Session } from './session.ts';

export function connect(): Platform {
  return window.resetscope === undefined
    ? browserPlatform(window.location, new Session(thisTab()))
    : electronPlatform(window.resetscope);
}

function thisTab(): Tab {
  return {
    location: window.location,
    history: window.history,
    storage: () => window.sessionStorage,
    fetch: (path, init) => window.fetch(path, init),
    otherTabs: 'BroadcastChannel' in window ? new BroadcastChannel('resetscope') : undefined,
  };
}

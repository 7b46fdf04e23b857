/** Finds out which host the page runs in. */
import { browserPlatform } from './browser.ts';
import { electronPlatform } from './electron.ts';
import type { Platform } from './platform.ts';

export function connect(): Platform {
  return window.resetscope === undefined
    ? browserPlatform(window.location)
    : electronPlatform(window.resetscope);
}

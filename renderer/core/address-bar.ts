/** The history of a window: that of the browser, or one in memory where there is no window. */
import type { Disposable } from '../../shared/base/disposable.ts';
import { toDisposable } from '../../shared/base/disposable.ts';
import { Emitter } from '../../shared/base/event.ts';

export interface AddressBar {
  /** What stands behind the `#`; empty for none. */
  readonly text: string;
  /** What was noted with the entry that is shown. */
  readonly noted: unknown;
  /** Whether somebody who goes back far enough leaves the app. */
  readonly canLeave: boolean;
  /** What stands before the `#`. */
  readonly base: string;
  push(text: string, noted: unknown): void;
  replace(text: string, noted: unknown): void;
  go(steps: number): void;
  /** Told after the user went back or forward, or wrote into the bar. */
  onMoved(listener: () => void): Disposable;
}

/** @param canLeave there may be other pages before this one: a browser's tab, but not the desktop window */
export function windowBar(window: Window, canLeave: boolean): AddressBar {
  const { location, history } = window;
  const addressOf = (text: string): string => `${location.pathname}${location.search}#${text}`;
  return {
    get text() {
      return location.hash.replace(/^#/, '');
    },
    get noted() {
      return history.state as unknown;
    },
    canLeave,
    base: `${location.origin}${location.pathname}`,
    push(text, noted) {
      history.pushState(noted, '', addressOf(text));
    },
    replace(text, noted) {
      history.replaceState(noted, '', addressOf(text));
    },
    go(steps) {
      history.go(steps);
    },
    onMoved(listener) {
      window.addEventListener('popstate', listener);
      return toDisposable(() => {
        window.removeEventListener('popstate', listener);
      });
    },
  };
}

export function memoryBar(text = ''): AddressBar {
  const entries = [{ text, noted: null as unknown }];
  const moved = new Emitter<undefined>();
  let at = 0;
  return {
    get text() {
      return entries[at].text;
    },
    get noted() {
      return entries[at].noted;
    },
    canLeave: false,
    base: 'memory:/',
    push(next, noted) {
      entries.splice(++at, entries.length, { text: next, noted });
    },
    replace(next, noted) {
      entries[at] = { text: next, noted };
    },
    go(steps) {
      const to = at + steps;
      if (to < 0 || to >= entries.length) return;
      at = to;
      // As in a browser, not before whoever asked is done.
      queueMicrotask(() => {
        moved.emit(undefined);
      });
    },
    onMoved: (listener) => moved.on(listener),
  };
}

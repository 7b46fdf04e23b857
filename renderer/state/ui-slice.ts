/** Which view and which dialog are shown, and how things look. */
import type { Place } from './place.ts';
import type { TimeStyle } from '../words/values.ts';

/** What can be shown of an open capture. Each has its folder in views/ and its line in views/registry.ts. */
export type View = 'overview' | 'resets' | 'failures' | 'flows' | 'packets' | 'warnings' | 'catch';

export const THEMES = ['system', 'light', 'dark'] as const;
export type Theme = (typeof THEMES)[number];

/** `leave` asks whether a running capture may end so that something else is opened. */
export type Dialog = 'palette' | 'help' | 'capture' | 'catch' | 'save' | 'leave';

export interface UiState {
  readonly view: View;
  readonly dialog: Dialog | null;
  readonly theme: Theme;
  readonly timeStyle: TimeStyle;
  /** Shortcuts of one letter can be turned off for speech input (WCAG 2.1.4). */
  readonly letterKeys: boolean;
  /** Whether the pane beside the lists of resets and of failures is open. */
  readonly verdictOpen: boolean;
  /** What is shown, as an address says it; null until a capture is open. */
  readonly place: Place | null;
  /** Whether something was looked at before this, and after this before somebody went back. */
  readonly canGoBack: boolean;
  readonly canGoForward: boolean;
  /** A short message that goes away by itself; the number tells two equal ones apart. */
  readonly notice: { readonly text: string; readonly number: number } | null;
}

export const UI_START: UiState = {
  view: 'overview',
  dialog: null,
  theme: 'system',
  timeStyle: 'relative',
  letterKeys: true,
  verdictOpen: true,
  place: null,
  canGoBack: false,
  canGoForward: false,
  notice: null,
};

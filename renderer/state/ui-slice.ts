/** Which view and which dialog are shown, and how things look. */
import type { Language } from '../../shared/texts/program-errors.ts';
import type { ConnectionPane, OpenPanes } from './panes.ts';
import { ALL_OPEN } from './panes.ts';
import type { Place } from './place.ts';
import type { PacketKind } from '../words/packet-text.ts';
import type { TimeStyle } from '../words/values.ts';

/** What can be shown: of an open capture, and the fleet. Each has its folder in views/ and its line in views/registry.ts. */
export type View =
  | 'overview'
  | 'resets'
  | 'failures'
  | 'flows'
  | 'packets'
  | 'endpoints'
  | 'connection'
  | 'warnings'
  | 'catch'
  | 'notes'
  | 'fleet';

export const THEMES = ['system', 'light', 'dark'] as const;
export type Theme = (typeof THEMES)[number];

/** `leave` asks whether a running capture may end so that something else is opened. */
export type Dialog =
  'palette' | 'help' | 'capture' | 'catch' | 'save' | 'leave' | 'names' | 'note' | 'hand-over';

/** What is shown of a connection. */
export const CONNECTION_TABS = ['ladder', 'graphs', 'packets', 'stream'] as const;
export type ConnectionTab = (typeof CONNECTION_TABS)[number];

/** The ladder of a connection that several captures hold: of the one that is shown, or of all. */
export const LADDER_POINTS = ['one', 'all'] as const;
export type LadderPoints = (typeof LADDER_POINTS)[number];

export interface UiState {
  readonly view: View;
  /** The view that the connection was opened from. */
  readonly connectionFrom: View;
  readonly connectionTab: ConnectionTab;
  readonly ladderPoints: LadderPoints;
  /** The capture point that packets are held against, by its first file; null for none. */
  readonly comparedPoint: number | null;
  readonly dialog: Dialog | null;
  /** The lesson that is shown in the place of everything else, by its name. */
  readonly lesson: string | null;
  readonly theme: Theme;
  readonly timeStyle: TimeStyle;
  /** In whose words it is told what a program saw. */
  readonly language: Language;
  /** Shortcuts of one letter can be turned off for speech input (WCAG 2.1.4). */
  readonly letterKeys: boolean;
  readonly openPanes: OpenPanes;
  /** What stands beside the connection: the verdict on its reset, or the packet that is chosen. */
  readonly connectionPane: ConnectionPane;
  /** Whether lists of packets show sequence numbers and windows as on the wire. */
  readonly rawNumbers: boolean;
  /** What one steps to in lists of packets. */
  readonly packetKind: PacketKind;
  /** What is shown is on the way to something else that is being read: going back does not lead here. */
  readonly isPassing: boolean;
  /** What is shown, as an address says it; null until a capture is open. */
  readonly place: Place | null;
  /** Whether something was looked at before this, and after this before somebody went back. */
  readonly canGoBack: boolean;
  readonly canGoForward: boolean;
  /** What the view of endpoints adds up by. */
  readonly endpointsBy: 'addresses' | 'pairs';
  /** A short message that goes away by itself; the number tells two equal ones apart. */
  readonly notice: { readonly text: string; readonly number: number } | null;
}

export const UI_START: UiState = {
  view: 'overview',
  connectionFrom: 'flows',
  connectionTab: 'ladder',
  ladderPoints: 'all',
  comparedPoint: null,
  dialog: null,
  lesson: null,
  theme: 'system',
  timeStyle: 'relative',
  language: 'c',
  letterKeys: true,
  openPanes: ALL_OPEN,
  connectionPane: 'verdict',
  rawNumbers: false,
  packetKind: 'reset',
  isPassing: false,
  place: null,
  canGoBack: false,
  canGoForward: false,
  endpointsBy: 'addresses',
  notice: null,
};

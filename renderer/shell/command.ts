/** A command: what palette, shortcuts and help need to know of it. */
export type Section =
  | 'Go to'
  | 'Captures'
  | 'Fleet'
  | 'Live'
  | 'Connection'
  | 'Hand over'
  | 'Show'
  | 'Resets'
  | 'Failures'
  | 'Packets'
  | 'Notes'
  | 'File'
  | 'Learn'
  | 'Recent'
  | 'Look';

/** In the order of the palette. */
export const SECTIONS: readonly Section[] = [
  'Go to',
  'Captures',
  'Fleet',
  'Live',
  'Connection',
  'Hand over',
  'Show',
  'Resets',
  'Failures',
  'Notes',
  'File',
  'Learn',
  'Recent',
  'Look',
  'Packets',
];

export interface Command {
  readonly id: string;
  readonly section: Section;
  readonly title: string;
  /** Chords of shell/shortcuts.ts, alternatives apart by a blank. */
  readonly keys?: string;
  /** More words to find it by. */
  readonly words?: readonly string[];
  run(): void;
}

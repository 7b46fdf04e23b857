/** What a view tells of itself. views/registry.ts lists the entries; rail, shell, commands, keys and help read them. */
import type { LucideIcon } from 'lucide-react';
import type { ComponentType } from 'react';
import type { AppState } from '../state/store.ts';
import type { View } from '../state/ui-slice.ts';

export interface ViewEntry<Id extends View = View> {
  readonly id: Id;
  readonly Component: ComponentType;
  /** The way to it; none for a view that only another one leads to. */
  readonly way?: WayToView;
  /** Whether it shows an open capture, as all do where it is left out; other views are there without one. */
  readonly isOfCapture?: boolean;
  /** The view whose item in the rail stands for this one. */
  readonly partOf?: View;
}

/** The item in the rail, the command and its key. */
export interface WayToView {
  readonly title: string;
  /** One word, where the title is too long for the rail. */
  readonly railTitle?: string;
  /** A chord of shell/shortcuts.ts. */
  readonly key: string;
  readonly Icon: LucideIcon;
  /** Whether there is something to go to; always, where it is left out. */
  readonly isOffered?: (state: AppState) => boolean;
  /** The number beside the title in the rail. */
  readonly count?: (state: AppState) => number;
  /** What is counted, where that is trouble: the number then stands out, and 0 is left out. */
  readonly trouble?: string;
}

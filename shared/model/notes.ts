/** Notes as a page sees them: what they are about, and where that is in the analysis that is shown. */
import type { Subject } from '../notes/note.ts';

/** What a note is to be about, by the numbers of the analysis that is shown. */
export type NoteTarget =
  | { readonly kind: 'packet' | 'flow' | 'reset'; readonly id: number }
  /** See findingKey; the reset is its best example. */
  | { readonly kind: 'finding'; readonly key: string; readonly reset: number }
  /** One of the files. */
  | { readonly kind: 'capture'; readonly file: number }
  | { readonly kind: 'filter'; readonly filter: string };

/** A frame as people know it: its file from 0, its number in it from 1. */
interface NotedFrame {
  readonly file: number;
  readonly frame: number;
}

/** Where something is in the analysis; −1 where it is not in it. */
export interface NotePlace {
  readonly packet: number;
  readonly flow: number;
  readonly reset: number;
}

export interface PlacedNote extends NotePlace {
  /** Empty for a comment that the capture's file has, which cannot be changed. */
  readonly id: string;
  readonly version: number;
  /** Milliseconds since 1970; 0 for a comment of the file. */
  readonly changedMs: number;
  readonly about: Subject;
  readonly file: number;
  readonly text: string;
  readonly isMarked: boolean;
  readonly isFromFile: boolean;
}

/** The notes of one file. */
export interface NotedFileState {
  readonly file: number;
  readonly isBeside: boolean;
  /** Where they are kept beside the capture, or would be. */
  readonly besidePath: string;
  /** Why they cannot be read whole or not be changed; null where all is well. */
  readonly trouble: string | null;
}

export interface Notes {
  /** Why none can be kept now, for people; null where they can. */
  readonly why: string | null;
  /** In the order of the capture; filters and what is about the whole capture first. */
  readonly notes: readonly PlacedNote[];
  /** Comments of the files that are beyond what is shown. */
  readonly moreComments: number;
  readonly files: readonly NotedFileState[];
  /** What would be undone and done again, for people; null for nothing. */
  readonly undo: string | null;
  readonly redo: string | null;
}

/** What the engine tells its host of the capture that is shown. */
export interface NotedCapture {
  readonly why: string | null;
  readonly files: readonly {
    readonly path: string;
    readonly sha256: string;
    readonly packets: number;
    readonly firstUs: string;
    readonly lastUs: string;
  }[];
  readonly comments: readonly (NotedFrame & NotePlace & { readonly text: string })[];
  readonly moreComments: number;
}

/** Where something is, in terms that another copy of the capture shares. */
export interface NoteAnchor extends NotedFrame {
  /** Empty but for a flow. */
  readonly client: string;
  readonly server: string;
}

export const NO_NOTES: Notes = {
  why: null,
  notes: [],
  moreComments: 0,
  files: [],
  undo: null,
  redo: null,
};

/** What is handed over to others, while its dialog is open. */
import type { FilteredList } from './lists-slice.ts';

/** In the order of the dialog. */
export const HAND_OVER_PARTS = ['report', 'packets', 'table', 'reproduce'] as const;
export type HandOverPart = (typeof HAND_OVER_PARTS)[number];

export type HandOverSubject =
  /** It is called by its frame, where that is known. */
  | {
      readonly kind: 'reset';
      readonly id: number;
      readonly at: { readonly file: number; readonly frame: number } | null;
    }
  /** See findingKey; the reset is its best example. */
  | { readonly kind: 'finding'; readonly key: string; readonly reset: number }
  /** It is called by its ends, where they are known. */
  | {
      readonly kind: 'flow';
      readonly id: number;
      readonly ends: { readonly client: string; readonly server: string } | null;
    }
  | { readonly kind: 'failures' }
  /** What a list shows. */
  | { readonly kind: 'list'; readonly list: FilteredList; readonly filter: string }
  | { readonly kind: 'capture' };

export interface HandOverState {
  readonly handOverPart: HandOverPart;
  /** What can be handed over, that which is looked at first; each part takes those that it has an answer for. */
  readonly handOverSubjects: readonly HandOverSubject[];
}

export const HAND_OVER_START: HandOverState = { handOverPart: 'report', handOverSubjects: [] };

/** Equal for the same thing. */
export function subjectKey(subject: HandOverSubject): string {
  switch (subject.kind) {
    case 'reset':
    case 'flow':
      return `${subject.kind} ${subject.id}`;
    case 'finding':
      return `finding ${subject.key}`;
    case 'list':
      return `list ${subject.list} ${subject.filter}`;
    case 'failures':
    case 'capture':
      return subject.kind;
  }
}

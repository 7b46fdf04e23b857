/** A lesson: a reset that can be made again, a question about it, and the answer that the captures of it give. */
import type { CauseCode } from './cause.ts';
import type { FailureKind } from './failure.ts';

/** In the order in which lessons are shown. */
export const LESSON_THEMES = ['closing', 'nobody-there', 'path', 'forged', 'proxies', 'capture'] as const;
export type LessonTheme = (typeof LESSON_THEMES)[number];

export const LESSON_THEME_TITLES: Readonly<Record<LessonTheme, string>> = {
  closing: 'A program hung up',
  'nobody-there': 'Nobody was there',
  path: 'Firewalls and translators',
  forged: 'Forged resets',
  proxies: 'Proxies and balancers',
  capture: 'What a capture can tell',
};

export const LESSON_LANGUAGES = ['node', 'python'] as const;
export type LessonLanguage = (typeof LESSON_LANGUAGES)[number];

export const LESSON_PARTS = ['before', 'after'] as const;
/** Before the fix or after it. */
export type LessonPart = (typeof LESSON_PARTS)[number];

/** What the engine must find in a capture of a lesson. A field that is left out is not claimed. */
export type LessonClaim =
  | { readonly found: 'nothing' }
  | {
      readonly found: 'reset';
      readonly kind: 'endpoint' | 'middlebox' | 'unknown';
      readonly side?: 'client' | 'server';
      /** One of these: a real kernel may leave it to chance which. */
      readonly causes: readonly CauseCode[];
      readonly matters?: boolean;
    }
  | { readonly found: 'failure'; readonly kind: FailureKind };

/** Where a kept capture was made, and what it shows. */
export interface LessonCapture {
  /** Names the files: `client.pcapng`, and `client-fixed.pcapng` after the fix. */
  readonly at: string;
  /** In words: "at the client". */
  readonly where: string;
  readonly shows: LessonClaim;
  readonly fixed: LessonClaim;
}

export interface LessonAnswer {
  /** Its place among the choices. */
  readonly choice: number;
  readonly why: string;
}

export interface LessonFix {
  /** One line: what to change. */
  readonly change: string;
  readonly why: string;
  /** Settings and calls by their names, as one finds them in documents. */
  readonly settings: readonly string[];
}

export interface LessonSummary {
  readonly name: string;
  readonly title: string;
  readonly theme: LessonTheme;
  /** One line. */
  readonly about: string;
}

export interface Lesson extends LessonSummary {
  /** Two to five short paragraphs, as the one who has the trouble would tell it. */
  readonly story: readonly string[];
  readonly question: string;
  readonly choices: readonly string[];
  readonly answer: LessonAnswer;
  readonly fix: LessonFix;
  /** The folder of its client and server where it is not its own: several lessons are about what happens to the same two. */
  readonly programs?: string;
  /** Where it can be played: on loopback, or only between network namespaces of Linux, as root. */
  readonly needs: 'loopback' | 'namespaces';
  readonly captures: readonly LessonCapture[];
  /** What they show when they are compared with each other, where that is the lesson. */
  readonly together?: LessonClaim;
}

export interface LessonProgram {
  readonly role: 'server' | 'client' | 'proxy';
  readonly language: LessonLanguage;
  /** `server.mjs` */
  readonly file: string;
  readonly text: string;
}

/** A lesson with what lies beside it. */
export interface LessonPage {
  readonly lesson: Lesson;
  readonly files: readonly LessonProgram[];
}

/** A choice as it is called: a, b, c … */
export function choiceKey(choice: number): string {
  return String.fromCharCode(97 + choice);
}

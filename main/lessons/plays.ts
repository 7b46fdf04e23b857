/** How each lesson is played, by its name. */
import type { LessonRun } from './define.ts';
import { run as lingerZero } from './linger-zero/run.ts';

export const PLAYS: Readonly<Record<string, LessonRun>> = {
  'linger-zero': lingerZero,
};

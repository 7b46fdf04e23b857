/** All lessons, in the order in which they are learned within their themes. */
import type { Lesson } from '../../shared/model/lesson.ts';
import { LESSON_THEMES } from '../../shared/model/lesson.ts';
import { lesson as lingerZero } from './linger-zero/lesson.ts';

const ALL: readonly Lesson[] = [lingerZero];

export const LESSONS: readonly Lesson[] = LESSON_THEMES.flatMap((theme) =>
  ALL.filter((lesson) => lesson.theme === theme),
);

/** All lessons, in the order in which they are learned within their themes. */
import type { Lesson } from '../../shared/model/lesson.ts';
import { LESSON_THEMES } from '../../shared/model/lesson.ts';
import { lesson as lingerZero } from './linger-zero/lesson.ts';
import { lesson as dataAfterClose } from './data-after-close/lesson.ts';
import { lesson as halfClose } from './half-close/lesson.ts';
import { lesson as healthCheck } from './health-check/lesson.ts';
import { lesson as requestTooLarge } from './request-too-large/lesson.ts';
import { lesson as listenOverflow } from './listen-overflow/lesson.ts';
import { lesson as proxyBetween } from './proxy-between/lesson.ts';
import { lesson as balancerTimers } from './balancer-timers/lesson.ts';

const ALL: readonly Lesson[] = [
  lingerZero,
  dataAfterClose,
  halfClose,
  healthCheck,
  requestTooLarge,
  listenOverflow,
  proxyBetween,
  balancerTimers,
];

export const LESSONS: readonly Lesson[] = LESSON_THEMES.flatMap((theme) =>
  ALL.filter((lesson) => lesson.theme === theme),
);

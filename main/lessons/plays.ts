/** How each lesson is played, by its name. */
import type { LessonRun } from './define.ts';
import { run as lingerZero } from './linger-zero/run.ts';
import { run as dataAfterClose } from './data-after-close/run.ts';
import { run as halfClose } from './half-close/run.ts';
import { run as healthCheck } from './health-check/run.ts';
import { run as requestTooLarge } from './request-too-large/run.ts';
import { run as listenOverflow } from './listen-overflow/run.ts';
import { run as proxyBetween } from './proxy-between/run.ts';
import { run as balancerTimers } from './balancer-timers/run.ts';

export const PLAYS: Readonly<Record<string, LessonRun>> = {
  'linger-zero': lingerZero,
  'data-after-close': dataAfterClose,
  'half-close': halfClose,
  'health-check': healthCheck,
  'request-too-large': requestTooLarge,
  'listen-overflow': listenOverflow,
  'proxy-between': proxyBetween,
  'balancer-timers': balancerTimers,
};

/** How a lesson is written: its texts here, how it is played in `run.ts` beside it, its programs and captures as files. */
import type { Lesson, LessonCapture, LessonClaim } from '../../shared/model/lesson.ts';
import type { Path } from './play/path.ts';
import type { Stage } from './play/stage.ts';

export function defineLesson(lesson: Lesson): Lesson {
  return lesson;
}

/** No reset, and no connection that failed without one. */
export const NOTHING: LessonClaim = { found: 'nothing' };

/** Captures at the client and at the server that show the same. */
export function atBothEnds(claims: Pick<LessonCapture, 'shows' | 'fixed'>): readonly LessonCapture[] {
  return [
    { at: 'client', where: 'at the client', ...claims },
    { at: 'server', where: 'at the server', ...claims },
  ];
}

/** Two hosts with two routers between them, captured at both ends. */
export const BOTH_ENDS: Path = {
  routers: 2,
  points: {
    client: { place: 'client', interface: 'eth0' },
    server: { place: 'server', interface: 'eth0' },
  },
};

/** A client, a proxy, and a server behind it, captured before the proxy and behind it. */
export const BETWEEN_PROXY: Path = {
  routers: 1,
  points: {
    client: { place: 'client', interface: 'eth0' },
    server: { place: 'server', interface: 'eth0' },
  },
};

/** How a lesson is played: the same before and after the fix, which the stage knows. */
export interface LessonRun {
  readonly path: Path;
  /** Makes what is captured, where that is no port of a host or router: it comes before the captures start. */
  readonly prepare?: (stage: Stage) => Promise<void>;
  readonly play: (stage: Stage) => Promise<void>;
}

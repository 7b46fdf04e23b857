/** The captures that a lesson is told by: kept ones, or of a play that was just made. */
import type { Lesson, LessonPart } from '../../shared/model/lesson.ts';
import type { LessonFiles } from '../lessons/lesson-files.ts';
import { captureFile } from '../lessons/lesson-files.ts';

export interface LessonCaptureFile {
  readonly at: string;
  /** "at the client" */
  readonly where: string;
  readonly path: string;
}

export interface LessonCaptures {
  /** Made here and now. */
  readonly played: boolean;
  /** It was to be played, and could not. */
  readonly failed: boolean;
  readonly before: readonly LessonCaptureFile[];
  readonly after: readonly LessonCaptureFile[];
}

export function keptCaptures(lesson: Lesson, files: LessonFiles, failed = false): LessonCaptures {
  const of = (part: LessonPart): LessonCaptureFile[] => {
    const paths = files.captures(lesson, part);
    return lesson.captures.flatMap(({ at, where }) => {
      const path = paths.find((one) => one.endsWith(captureFile(at, part)));
      return path === undefined ? [] : [{ at, where, path }];
    });
  };
  return { played: false, failed, before: of('before'), after: of('after') };
}

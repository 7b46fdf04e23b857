/** `lesson --run`: makes the reset here and now, before and after the fix, and keeps what was captured for as long as it is told. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { errorText } from '../../shared/format/error.ts';
import { sanitiseLines, sanitiseText } from '../../shared/format/text.ts';
import type { Lesson, LessonLanguage, LessonPart } from '../../shared/model/lesson.ts';
import type { LessonFiles } from '../lessons/lesson-files.ts';
import { captureFile } from '../lessons/lesson-files.ts';
import { lessonFolder, removeAfterwards } from '../lessons/play/leftovers.ts';
import { lacksNamespaces } from '../lessons/play/place.ts';
import { CaptureRefused } from '../lessons/play/point-capture.ts';
import type { Played } from '../lessons/play/play.ts';
import { playLesson } from '../lessons/play/play.ts';
import { PLAYS } from '../lessons/plays.ts';
import type { CliIo } from './io.ts';
import type { LessonCaptureFile, LessonCaptures } from './lesson-captures.ts';
import { keptCaptures } from './lesson-captures.ts';

/** Why it cannot be played is told; then the kept captures stand in. */
export async function playedCaptures(
  lesson: Lesson,
  files: LessonFiles,
  language: LessonLanguage,
  io: CliIo,
): Promise<LessonCaptures> {
  const say = (text: string): void => void io.stderr.write(sanitiseLines(`${text}\n`));
  const folder = files.folderOf(lesson.name);
  const programs = files.programsOf(lesson);
  if (folder === undefined || programs === undefined) return keptCaptures(lesson, files, true);
  const lacks = lesson.needs === 'namespaces' ? await lacksNamespaces() : null;
  if (lacks !== null) {
    say(`This lesson needs hosts of its own (network namespaces of Linux, as root): ${lacks}.`);
    say('These are the captures that came with it.');
    return keptCaptures(lesson, files, true);
  }
  const kept = await keptPlaces(lesson);
  try {
    const made: Record<LessonPart, LessonCaptureFile[]> = { before: [], after: [] };
    for (const part of ['before', 'after'] as const) {
      say(part === 'before' ? 'It happens now:' : 'And with the fix:');
      const played = await playLesson({
        run: PLAYS[lesson.name],
        folder,
        programs,
        language,
        isFixed: part === 'after',
        on: lesson.needs,
        program: io.program,
        tell: (line) => {
          say(`  ${line}`);
        },
      });
      made[part] = played.map((one) => kept.keep(one, part));
    }
    return { played: true, failed: false, ...made };
  } catch (error) {
    const why = error instanceof CaptureRefused ? error.message : errorText(error);
    say(sanitiseText(why, 2000));
    if (error instanceof CaptureRefused) say('resetscope doctor says what helps.');
    say('These are the captures that came with the lesson.');
    return keptCaptures(lesson, files, true);
  }
}

/** Captures of this run, which go with the process: --save keeps them. */
async function keptPlaces(
  lesson: Lesson,
): Promise<{ keep(played: Played, part: LessonPart): LessonCaptureFile }> {
  const folder = await lessonFolder();
  removeAfterwards(folder);
  return {
    keep: ({ at, pcapng }, part) => {
      const path = join(folder, captureFile(at, part));
      writeFileSync(path, pcapng, { mode: 0o600 });
      const where = lesson.captures.find((one) => one.at === at)?.where ?? `on ${at}`;
      return { at, where, path };
    },
  };
}

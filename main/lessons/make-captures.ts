/** Run by scripts/lessons.mjs: plays lessons between namespaces and keeps their captures beside them. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { LESSONS } from './list.ts';
import { captureFile } from './lesson-files.ts';
import { lacksNamespaces } from './play/place.ts';
import { playLesson } from './play/play.ts';
import { PLAYS } from './plays.ts';

/**
 * @param names of lessons; none for all
 * @param folder main/lessons
 * @param program starts the command line
 */
export async function makeCaptures(
  names: readonly string[],
  folder: string,
  program: readonly string[],
): Promise<void> {
  const lacks = await lacksNamespaces();
  if (lacks !== null) throw new Error(`captures of both ends need namespaces: ${lacks}`);
  const unknown = names.filter((name) => !LESSONS.some((lesson) => lesson.name === name));
  if (unknown.length > 0) throw new Error(`there is no lesson ${unknown.join(', ')}`);
  for (const lesson of LESSONS.filter(({ name }) => names.length === 0 || names.includes(name))) {
    const captures = join(folder, lesson.name, 'captures');
    mkdirSync(captures, { recursive: true });
    for (const part of ['before', 'after'] as const) {
      const played = await playLesson({
        run: PLAYS[lesson.name],
        folder: join(folder, lesson.name),
        programs: join(folder, lesson.programs ?? lesson.name),
        language: 'node',
        isFixed: part === 'after',
        on: 'namespaces',
        program,
        tell: () => undefined,
      });
      for (const { at, pcapng } of played) {
        writeFileSync(join(captures, captureFile(at, part)), pcapng);
        console.log(`${lesson.name}: ${captureFile(at, part)}, ${pcapng.length} bytes`);
      }
    }
  }
}

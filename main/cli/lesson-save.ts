/** Puts a lesson's programs and captures into a folder of the user's. */
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import type { Lesson } from '../../shared/model/lesson.ts';
import type { LessonFiles } from '../lessons/lesson-files.ts';
import { captureFile } from '../lessons/lesson-files.ts';
import type { LessonCaptures } from './lesson-captures.ts';

/** @returns what was written @throws where something stands there already, or cannot be written */
export async function saveLesson(
  lesson: Lesson,
  files: LessonFiles,
  captures: LessonCaptures,
  folder: string,
): Promise<readonly string[]> {
  const target = resolve(folder);
  await mkdir(target, { recursive: true });
  const written: string[] = [];
  for (const { file, text } of files.programs(lesson)) {
    const path = join(target, file);
    await writeFile(path, text, { flag: 'wx' });
    written.push(path);
  }
  const certificate = files.certificate(lesson);
  if (certificate !== undefined) {
    const path = join(target, 'certificate.pem');
    await writeFile(path, await readFile(certificate), { flag: 'wx' });
    written.push(path);
  }
  for (const part of ['before', 'after'] as const) {
    for (const { at, path } of captures[part]) {
      const to = join(target, captureFile(at, part));
      // Bytes and not the file: what was played lies where only its owner may read.
      await writeFile(to, await readFile(path), { flag: 'wx' });
      written.push(to);
    }
  }
  return written;
}

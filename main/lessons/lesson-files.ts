/** What lies beside the lessons: programs and kept captures. Pages name lessons and points, never paths. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Lesson, LessonPage, LessonPart, LessonProgram } from '../../shared/model/lesson.ts';
import { LESSONS } from './list.ts';

const PROGRAMS = [
  { role: 'server', language: 'node', file: 'server.mjs' },
  { role: 'client', language: 'node', file: 'client.mjs' },
  { role: 'server', language: 'python', file: 'server.py' },
  { role: 'client', language: 'python', file: 'client.py' },
  { role: 'proxy', language: 'node', file: 'proxy.mjs' },
  { role: 'proxy', language: 'python', file: 'proxy.py' },
] as const;

/** @param dist the folder of the build */
export function lessonsIn(dist: URL): LessonFiles {
  const { resourcesPath } = process as { resourcesPath?: string };
  // The process that reads captures is confined, and cannot read out of the archive of the packaged app.
  const packed = resourcesPath === undefined ? [] : [join(resourcesPath, 'lessons')];
  return new LessonFiles([...packed, fileURLToPath(new URL('host/lessons', dist))]);
}

export class LessonFiles {
  readonly #folders: readonly string[];

  constructor(folders: readonly string[]) {
    this.#folders = folders;
  }

  /** Those whose files are here. */
  list(): readonly Lesson[] {
    return LESSONS.filter(({ name }) => this.folderOf(name) !== undefined);
  }

  find(name: string): Lesson | undefined {
    return this.list().find((lesson) => lesson.name === name);
  }

  folderOf(name: string): string | undefined {
    return this.#folders.map((folder) => join(folder, name)).find((path) => existsSync(path));
  }

  /** With its client and server. */
  programsOf(lesson: Lesson): string | undefined {
    return this.folderOf(lesson.programs ?? lesson.name);
  }

  programs(lesson: Lesson): readonly LessonProgram[] {
    const folder = this.programsOf(lesson);
    if (folder === undefined) return [];
    return PROGRAMS.filter(({ file }) => existsSync(join(folder, file))).map((program) => ({
      ...program,
      text: readFileSync(join(folder, program.file), 'utf8'),
    }));
  }

  /** The certificate that its programs need, where they need one. */
  certificate(lesson: Lesson): string | undefined {
    const folder = this.programsOf(lesson);
    const path = folder === undefined ? undefined : join(folder, 'certificate.pem');
    return path !== undefined && existsSync(path) ? path : undefined;
  }

  page(name: string): LessonPage | undefined {
    const lesson = this.find(name);
    return lesson === undefined ? undefined : { lesson, files: this.programs(lesson) };
  }

  /** Its kept captures, in the order of its points, as far as they are here. */
  captures(lesson: Lesson, part: LessonPart): readonly string[] {
    const folder = this.folderOf(lesson.name);
    if (folder === undefined) return [];
    return lesson.captures
      .map(({ at }) => join(folder, 'captures', captureFile(at, part)))
      .filter((path) => existsSync(path));
  }

  has(path: string): boolean {
    return this.list().some((lesson) =>
      (['before', 'after'] as const).some((part) => this.captures(lesson, part).includes(path)),
    );
  }
}

export function captureFile(at: string, part: LessonPart): string {
  return `${at}${part === 'after' ? '-fixed' : ''}.pcapng`;
}

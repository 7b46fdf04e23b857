/** Lessons are played anew, on the kernel of this machine: what it does is what the lesson says. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Analysis } from '../../main/host/analysis.ts';
import { LESSONS } from '../../main/lessons/list.ts';
import { lacksNamespaces } from '../../main/lessons/play/place.ts';
import { playLesson } from '../../main/lessons/play/play.ts';
import { PLAYS } from '../../main/lessons/plays.ts';
import { LESSON_LANGUAGES, LESSON_PARTS } from '../../shared/model/lesson.ts';
import { foundIn, holds } from './claims.ts';

const ROOT = new URL('../..', import.meta.url).pathname;
const FOLDER = join(ROOT, 'main/lessons');
const lacks = await lacksNamespaces();
const folder = mkdtempSync(join(tmpdir(), 'resetscope-played-'));

beforeAll(() => {
  execFileSync(process.execPath, [join(ROOT, 'scripts/build.mjs'), 'programs']);
});
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

describe.skipIf(lacks !== null)('lab: lessons between namespaces', () => {
  const plays = LESSONS.flatMap((lesson) =>
    LESSON_LANGUAGES.flatMap((language) => LESSON_PARTS.map((part) => ({ lesson, language, part }))),
  );

  it.each(plays)('$lesson.name, $part the fix, in $language', async ({ lesson, language, part }) => {
    const played = await playLesson({
      run: PLAYS[lesson.name],
      folder: join(FOLDER, lesson.name),
      programs: join(FOLDER, lesson.programs ?? lesson.name),
      language,
      isFixed: part === 'after',
      on: 'namespaces',
      program: [process.execPath, join(ROOT, 'dist/cli/index.js')],
      tell: () => undefined,
    });
    for (const { at, where, shows, fixed } of lesson.captures) {
      const path = join(folder, `${lesson.name}-${language}-${part}-${at}.pcapng`);
      writeFileSync(path, played.find((one) => one.at === at)!.pcapng);
      const analysis = new Analysis();
      await analysis.run([path], {});
      const claim = part === 'after' ? fixed : shows;
      const found = foundIn(analysis.session);
      await analysis.close();
      expect({ where, found, claim, holds: holds(claim, found) }).toMatchObject({ holds: true });
    }
  });
});

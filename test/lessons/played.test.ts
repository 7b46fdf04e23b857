/**
 * Lessons are played anew, on the kernel of this machine: what it does is what the lesson says. A share of them, one of each kind;
 * all of them with RESETSCOPE_PLAY_ALL=1.
 */
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
import type { LessonLanguage, LessonPart } from '../../shared/model/lesson.ts';
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

/** Every lesson in both languages, before the fix and after it: minutes. */
const ALL = process.env.RESETSCOPE_PLAY_ALL !== undefined;

interface PlayCase {
  readonly name: string;
  readonly language: LessonLanguage;
  readonly part: LessonPart;
  readonly on: 'loopback' | 'namespaces';
}

/** One of each kind: programs, a proxy, rules of a firewall, a host that forgets, a forger, an interface of the lesson’s own. */
const SHARE: readonly PlayCase[] = [
  { name: 'linger-zero', language: 'node', part: 'before', on: 'loopback' },
  { name: 'unread-data', language: 'python', part: 'after', on: 'loopback' },
  { name: 'proxy-between', language: 'python', part: 'before', on: 'namespaces' },
  { name: 'firewall-rejects', language: 'node', part: 'before', on: 'namespaces' },
  { name: 'stale-after-reboot', language: 'node', part: 'before', on: 'namespaces' },
  { name: 'injected-by-ips', language: 'python', part: 'before', on: 'namespaces' },
  { name: 'mirror-port', language: 'node', part: 'before', on: 'namespaces' },
];

const cases: readonly PlayCase[] = ALL
  ? LESSONS.flatMap(({ name }) =>
      LESSON_LANGUAGES.flatMap((language) =>
        LESSON_PARTS.map((part) => ({ name, language, part, on: 'namespaces' as const })),
      ),
    )
  : SHARE;

describe.skipIf(lacks !== null)('lab: lessons are played', () => {
  it.each(cases)('$name, $part the fix, in $language, on $on', async ({ name, language, part, on }) => {
    const lesson = LESSONS.find((one) => one.name === name)!;
    const played = await playLesson({
      run: PLAYS[name],
      folder: join(FOLDER, name),
      programs: join(FOLDER, lesson.programs ?? name),
      language,
      isFixed: part === 'after',
      on,
      program: [process.execPath, join(ROOT, 'dist/cli/index.js')],
      tell: () => undefined,
    });
    expect(played.length).toBeGreaterThan(0);
    for (const { at, pcapng } of played) {
      const path = join(folder, `${name}-${language}-${part}-${at}.pcapng`);
      writeFileSync(path, pcapng);
      const analysis = new Analysis();
      await analysis.run([path], {});
      const found = foundIn(analysis.session);
      await analysis.close();
      // Loopback is one point, which sees what each of the others would.
      const claims = lesson.captures
        .filter((one) => on === 'loopback' || one.at === at)
        .map((one) => (part === 'after' ? one.fixed : one.shows));
      expect(claims.length).toBeGreaterThan(0);
      for (const claim of claims)
        expect({ at, found, claim, holds: holds(claim, found) }).toMatchObject({ holds: true });
    }
  });
});

/** The kept captures of every lesson show what the lesson claims, from each point, before the fix and after it. */
import { existsSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { Analysis } from '../../main/host/analysis.ts';
import { captureFile } from '../../main/lessons/lesson-files.ts';
import { LESSONS } from '../../main/lessons/list.ts';
import { PLAYS } from '../../main/lessons/plays.ts';
import { analyzeBytes } from '../support/analyze.ts';
import { foundIn, holds } from './claims.ts';

const FOLDER = new URL('../../main/lessons/', import.meta.url).pathname;
/** They come with every package. */
const MOST_CAPTURE_BYTES = 64_000;

describe.each(LESSONS)('the lesson $name', (lesson) => {
  const folder = join(FOLDER, lesson.name);

  it.each(
    lesson.captures.flatMap(({ at, shows, fixed }) => [
      { file: captureFile(at, 'before'), claim: shows },
      { file: captureFile(at, 'after'), claim: fixed },
    ]),
  )('shows in $file what it claims', ({ file, claim }) => {
    const path = join(folder, 'captures', file);
    const found = foundIn(analyzeBytes(readFileSync(path)));
    expect({ found, claim, holds: holds(claim, found) }).toMatchObject({ holds: true });
    expect(statSync(path).size).toBeLessThan(MOST_CAPTURE_BYTES);
  });

  it('has programs in both languages that know of the same', () => {
    for (const file of ['server.mjs', 'client.mjs', 'server.py', 'client.py'])
      expect(existsSync(join(FOLDER, lesson.programs ?? lesson.name, file)), file).toBe(true);
  });

  it('asks a question that has an answer', () => {
    expect(lesson.choices.length).toBeGreaterThan(1);
    expect(lesson.choices[lesson.answer.choice]).toBeDefined();
    expect(new Set(lesson.choices).size).toBe(lesson.choices.length);
    expect(lesson.story.length).toBeGreaterThan(1);
    expect(lesson.story.length).toBeLessThan(6);
  });

  it('is played at the points of its captures', () => {
    expect(Object.keys(PLAYS[lesson.name].path.points)).toEqual(lesson.captures.map(({ at }) => at));
  });
});

/** What one capture cannot tell, and several can. */
const TOLD_TOGETHER = LESSONS.flatMap((lesson) =>
  lesson.together === undefined ? [] : [{ ...lesson, claim: lesson.together }],
);

it.each(TOLD_TOGETHER)(
  'the lesson $name shows by all of its captures together what it claims',
  async ({ name, captures, claim }) => {
    const analysis = new Analysis();
    const paths = captures.map(({ at }) => join(FOLDER, name, 'captures', captureFile(at, 'before')));
    await analysis.run(paths, { comparing: true });
    const found = foundIn(analysis.session);
    await analysis.close();
    expect(found.resets).toContainEqual(expect.objectContaining({ proven: true }));
    expect({ found, claim, holds: holds(claim, found) }).toMatchObject({ holds: true });
  },
);

it('gives every lesson a name of its own, which is that of its folder', () => {
  const names = LESSONS.map(({ name }) => name);
  expect(new Set(names).size).toBe(names.length);
  expect(Object.keys(PLAYS).sort()).toEqual([...names].sort());
  for (const name of names) expect(existsSync(join(FOLDER, name, 'lesson.ts')), name).toBe(true);
});

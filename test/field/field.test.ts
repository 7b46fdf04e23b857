/** Cases of public reports (RESETSCOPE_FIELD): as many are judged right as the floors say. They are read in place. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as v from 'valibot';
import { describe, expect, it } from 'vitest';
import { ANALYSIS_SCHEMA } from '../../main/cli/schema.ts';
import { analysisJson } from '../support/analysis-json.ts';
import { fieldFolder } from '../support/capture-fixture.ts';
import { COLUMNS, type Column, compareCase, EXPECTATIONS, type FieldCase, tableOf } from './compare.ts';

const folder = fieldFolder();

/** Shares of the cases. They only rise: all are right, and one may be lost for a good reason. */
const FLOORS: Readonly<Record<Column | 'all', number>> = {
  all: 22 / 23,
  origin: 23 / 23,
  cause: 22 / 23,
  matters: 22 / 23,
  next: 22 / 23,
};

async function judgeAll(from: string): Promise<FieldCase[]> {
  const expected = v.parse(
    EXPECTATIONS,
    JSON.parse(readFileSync(join(from, 'expected.json'), 'utf8')) as unknown,
  );
  const cases: FieldCase[] = [];
  for (const file of new Set(expected.map((line) => line.file))) {
    const analysis = v.parse(ANALYSIS_SCHEMA, await analysisJson(join(from, 'cases', file)));
    cases.push(
      compareCase(
        file,
        expected.filter((line) => line.file === file),
        analysis,
      ),
    );
  }
  return cases;
}

describe.skipIf(folder === undefined)('field cases', () => {
  it('are judged right as often as the floors say', async () => {
    const cases = await judgeAll(folder ?? '');
    const share = (isRight: (one: FieldCase) => boolean): number =>
      cases.filter(isRight).length / cases.length;
    const reached = {
      all: share(({ right }) => COLUMNS.every((column) => right[column])),
      ...Object.fromEntries(COLUMNS.map((column) => [column, share(({ right }) => right[column])])),
    } as Record<Column | 'all', number>;
    const parts = [...COLUMNS, 'all' as const];
    console.log(tableOf(cases));
    console.log(parts.map((part) => `${part} ${Math.round(reached[part] * cases.length)}`).join(', '));
    for (const part of parts) expect.soft(reached[part], part).toBeGreaterThanOrEqual(FLOORS[part]);
  });
});

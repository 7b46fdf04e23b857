/** `test` with the app: `open` starts one, and whatever was started ends with the test, without a complaint. */
import { execFile } from 'node:child_process';
import { appendFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import * as v from 'valibot';
import { expect, inject, test as plainTest } from 'vitest';
import type { AnalysisJson } from '../../../main/cli/schema.ts';
import { ANALYSIS_SCHEMA } from '../../../main/cli/schema.ts';
import { AppPage } from '../pages/app-page.ts';
import type { Captures } from './captures.ts';
import type { OpenOptions } from './host.ts';
import { openHost } from './host.ts';
import { DIST, MEASURED } from './places.ts';

interface Fixtures {
  readonly open: (options?: OpenOptions) => Promise<AppPage>;
  readonly captures: Captures;
}

export const test = plainTest.extend<Fixtures>({
  captures: async ({ task: _ }, use) => {
    await use(inject('captures'));
  },
  open: async ({ task: _ }, use) => {
    const opened: AppPage[] = [];
    await use(async (options = {}) => {
      const app = new AppPage(await openHost(options));
      opened.push(app);
      return app;
    });
    const complaints = opened.flatMap((app) => app.host.complaints.texts);
    await Promise.all(opened.map((app) => app.host.close()));
    expect(complaints, 'the page complains').toEqual([]);
  },
});

const asked = new Map<string, Promise<AnalysisJson>>();

/** What the command line says of the file, by its own schema; asked once. */
export function commandLine(path: string, ...args: readonly string[]): Promise<AnalysisJson> {
  const key = [path, ...args].join('\n');
  const answer = asked.get(key) ?? runCommandLine(path, args);
  asked.set(key, answer);
  return answer;
}

async function runCommandLine(path: string, args: readonly string[]): Promise<AnalysisJson> {
  const program = join(DIST, 'cli/index.js');
  const run = promisify(execFile)(process.execPath, [program, 'analyze', path, '--json', ...args], {
    maxBuffer: 256 * 1024 * 1024,
  });
  // Exit code 2: read with losses.
  const { stdout } = await run.catch((error: { code?: number; stdout: string }) => {
    if (error.code !== 2) throw error;
    return error;
  });
  return v.parse(ANALYSIS_SCHEMA, JSON.parse(stdout));
}

/** A number for the report at the end; none of them decides. */
export function measured(line: string): void {
  appendFileSync(MEASURED, `${line}\n`);
}

export { expect };

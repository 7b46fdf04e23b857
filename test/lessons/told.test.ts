/** Lessons in the command line, as the built program tells them. */
import { execFile } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { LESSONS } from '../../main/lessons/list.ts';
import { lacksNamespaces } from '../../main/lessons/play/place.ts';
import { choiceKey } from '../../shared/model/lesson.ts';
import { PATIENCE_MS } from '../support/patience-times.ts';
import { holds } from './claims.ts';

const ROOT = new URL('../..', import.meta.url).pathname;
const PROGRAM = join(ROOT, 'dist/cli/index.js');
const run = promisify(execFile);
const lacks = await lacksNamespaces();

/** What --json says of one capture. */
interface Told {
  readonly where: string;
  readonly resets: readonly {
    readonly origin: { readonly kind: string; readonly side: string | null };
    readonly cause: { readonly code: string };
    readonly matters: boolean;
  }[];
  readonly failures: readonly { readonly kind: string }[];
}

async function lesson(...args: readonly string[]): Promise<string> {
  const { stdout } = await run(process.execPath, [PROGRAM, 'lesson', ...args], { cwd: ROOT });
  return stdout;
}

beforeAll(async () => {
  await run(process.execPath, [join(ROOT, 'scripts/build.mjs'), 'programs']);
});

describe.each(['linger-zero', 'refused', 'firewall-rejects', 'injected-by-ips', 'proxy-between'])(
  'resetscope lesson %s',
  (name) => {
    const { title, question, choices, answer, fix, captures } = LESSONS.find((one) => one.name === name)!;

    it('tells story, question, verdicts, answer, fix and what is after it, in this order', async () => {
      const text = (await lesson(name, '--answer')).replace(/\s+/gu, ' ');
      const parts = [
        title,
        question,
        ...choices.map((choice, at) => `${choiceKey(at)}) ${choice}`),
        ...captures.map(({ where }) => `What Resetscope says, ${where}`),
        `The answer: ${choiceKey(answer.choice)}`,
        answer.why,
        fix.change,
        ...captures.map(({ where }) => `After the fix, ${where}`),
      ];
      let from = 0;
      for (const part of parts) {
        const at = text.indexOf(part, from);
        expect(at, part).toBeGreaterThanOrEqual(from);
        from = at + part.length;
      }
    });

    it('says of each capture what the lesson claims', async () => {
      const { before, after } = JSON.parse(await lesson(name, '--json')) as {
        readonly before: readonly Told[];
        readonly after: readonly Told[];
      };
      for (const [told, part] of [
        [before, 'shows'],
        [after, 'fixed'],
      ] as const) {
        expect(told.map(({ where }) => where)).toEqual(captures.map(({ where }) => where));
        for (const [i, one] of told.entries()) {
          const found = {
            resets: one.resets.map(({ origin, cause, matters }) => ({
              kind: origin.kind,
              side: origin.side,
              cause: cause.code,
              matters,
            })),
            failures: one.failures.map(({ kind }) => kind),
          };
          const claim = captures[i][part];
          expect({ found, claim, holds: holds(claim, found) }).toMatchObject({ holds: true });
        }
      }
    });
  },
);

describe.skipIf(lacks !== null)('lab: resetscope lesson --run', () => {
  const temporary = mkdtempSync(join(tmpdir(), 'resetscope-told-'));
  afterAll(() => {
    rmSync(temporary, { recursive: true, force: true });
  });

  it('plays, explains, and leaves nothing behind', async () => {
    const env = { ...process.env, TMPDIR: temporary };
    const { stdout, stderr } = await run(process.execPath, [PROGRAM, 'lesson', 'linger-zero', '--run'], {
      cwd: temporary,
      env,
    });
    expect(stderr).toContain('And with the fix:');
    expect(stdout).toMatch(/What Resetscope says[^]*The answer: c/u);
    await expect.poll(() => readdirSync(temporary), { timeout: PATIENCE_MS }).toEqual([]);
  });
});

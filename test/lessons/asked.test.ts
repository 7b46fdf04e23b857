/** A lesson asks on a terminal, as `script` opens one, and nothing but the lesson is to be read there. */
import { execFile, spawn } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { beforeAll, expect, it } from 'vitest';
import { LESSONS } from '../../main/lessons/list.ts';
import { choiceKey } from '../../shared/model/lesson.ts';

const ROOT = new URL('../..', import.meta.url).pathname;
const PROGRAM = join(ROOT, 'dist/cli/index.js');
const QUESTION = 'Enter shows it): ';

beforeAll(async () => {
  await promisify(execFile)(process.execPath, [join(ROOT, 'scripts/build.mjs'), 'programs']);
});

/** @returns all that the terminal shows, with `said` typed behind the question */
function onTerminal(name: string, said: string): Promise<string> {
  const command = `stty cols 0; '${process.execPath}' '${PROGRAM}' lesson ${name}`;
  const terminal = spawn('script', ['-qec', command, '/dev/null'], { stdio: ['pipe', 'pipe', 'inherit'] });
  let shown = '';
  let isAsked = false;
  terminal.stdout.setEncoding('utf8');
  terminal.stdout.on('data', (text: string) => {
    shown += text;
    if (isAsked || !shown.includes(QUESTION)) return;
    isAsked = true;
    terminal.stdin.write(`${said}\n`);
  });
  return new Promise((resolve, reject) => {
    terminal.once('error', reject);
    terminal.once('close', () => {
      resolve(shown);
    });
  });
}

it.each([
  [true, 'That is it.'],
  [false, 'Let us see.'],
])('an answer that is right: %s', async (isRight, reply) => {
  const { name, story, choices, answer } = LESSONS.find((lesson) => lesson.name === 'linger-zero')!;
  const chosen = isRight ? answer.choice : (answer.choice + 1) % choices.length;
  const shown = await onTerminal(name, choiceKey(chosen));
  expect(shown).toContain(reply);
  expect(shown).not.toMatch(/warning/iu);
  // A terminal whose size was never set says 0 columns; what is told is as wide as is read well.
  expect(shown).toContain(story[0].slice(0, 60));
  expect(shown.indexOf(reply)).toBeLessThan(shown.indexOf('What Resetscope says'));
});

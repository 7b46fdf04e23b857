/** The script for bash is asked as bash asks it behind the Tab key. */
import { execFileSync } from 'node:child_process';
import { expect, it } from 'vitest';
import { CAPTURE_SOURCES } from '../../shared/model/live.ts';
import { runCli } from '../../test/support/run-cli.ts';

const { stdout: script } = await runCli(['completion', 'bash']);

function reply(...words: string[]): string[] {
  const ask = `COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _resetscope; printf '%s\\n' "\${COMPREPLY[@]}"`;
  const said = execFileSync('bash', ['-c', `${script}\n${ask}`, 'bash', 'resetscope', ...words], {
    // compopt complains where no shell completes.
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  return said.toString().split('\n').filter(Boolean);
}

it('offers commands', () => {
  expect(reply('')).toEqual(expect.arrayContaining(['analyze', 'open', 'doctor', '--version']));
  expect(reply('an')).toEqual(['analyze']);
});

it('offers options, what they take, and what a command takes', () => {
  expect(reply('live', '--wri')).toEqual(['--write']);
  expect(reply('live', '--source', '')).toEqual(['auto', ...CAPTURE_SOURCES]);
  expect(reply('explain', 'idle-t')).toEqual(['idle-timeout']);
  expect(reply('completion', '')).toEqual(['bash', 'zsh', 'fish']);
});

it('offers files where files are wanted', () => {
  expect(reply('analyze', '/etc/pass')).toContain('/etc/passwd');
  expect(reply('analyze', '-o', '/etc/pass')).toContain('/etc/passwd');
});

import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { LESSONS } from '../lessons/list.ts';
import { runCli } from '../../test/support/run-cli.ts';

const folder = mkdtempSync(join(tmpdir(), 'resetscope-lesson-test-'));
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

describe('resetscope lesson', () => {
  it('lists all lessons by theme', async () => {
    const { stdout, exitCode } = await runCli(['lesson']);
    expect(exitCode).toBe(0);
    for (const { name } of LESSONS) expect(stdout).toContain(`  ${name} `);
    expect(stdout).toContain('A program hung up');
  });

  it('tells one with the verdict of its captures, the answer and the fix', async () => {
    const { stdout, exitCode } = await runCli(['lesson', 'linger-zero']);
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(/What Resetscope says, at the server[^]*aborted\s+by\s+the\s+program/u);
    expect(stdout).toMatch(/The answer: c[^]*The fix[^]*SO_LINGER/u);
    expect(stdout).toMatch(/After the fix, at the client\nThe one connection ended well/u);
  });

  it('asks whoever sits at a terminal, and tells the answer either way', async () => {
    const asked: string[] = [];
    const ask = (question: string): Promise<string> => {
      asked.push(question);
      return Promise.resolve('A\n');
    };
    const { stdout } = await runCli(['lesson', 'linger-zero', '--no-color'], { ask, stdoutIsTerminal: true });
    expect(asked).toEqual(['\nYour answer (a, b, c, d; Enter shows it): ']);
    expect(stdout).toMatch(/Let us see[^]*The answer: c/u);
  });

  it('proves by two captures what one cannot tell', async () => {
    const { stdout } = await runCli(['lesson', 'two-points', '--answer']);
    expect(stdout).toMatch(/says of both together[^]*PROVEN/u);
  });

  it('shows all resets of a capture, since no option would show the rest', async () => {
    const { stdout } = await runCli(['lesson', 'several-ttls', '--answer']);
    expect(stdout.match(/^ +\d+ .*◆ a device/gmu)).toHaveLength(6);
    expect(stdout).not.toContain('--all');
  });

  it('gives JSON with verdicts, and the programs where they are asked for', async () => {
    const { stdout } = await runCli(['lesson', 'refused', '--json', '--code']);
    const told = JSON.parse(stdout) as {
      before: { resets: { cause: { code: string } }[] }[];
      after: { resets: object[] }[];
      programs: { file: string }[];
    };
    expect(told.before.map(({ resets }) => resets[0].cause.code)).toEqual([
      'connection-refused',
      'connection-refused',
    ]);
    expect(told.after.map(({ resets }) => resets.length)).toEqual([0, 0]);
    expect(told.programs.map(({ file }) => file)).toContain('client.py');
  });

  it('saves programs and captures, and overwrites nothing', async () => {
    const target = join(folder, 'saved');
    const first = await runCli(['lesson', 'refused', '--save', target]);
    expect(first.exitCode).toBe(0);
    expect(readdirSync(target).sort()).toEqual([
      ...['client-fixed.pcapng', 'client.mjs', 'client.pcapng', 'client.py'],
      ...['server-fixed.pcapng', 'server.mjs', 'server.pcapng', 'server.py'],
    ]);
    writeFileSync(join(target, 'server.mjs'), 'mine');
    const second = await runCli(['lesson', 'refused', '--save', target]);
    expect(second.exitCode).toBe(1);
    expect(second.stderr).toContain('server.mjs');
  });

  it('says what was meant by a name that is none', async () => {
    const { exitCode, stderr } = await runCli(['lesson', 'linger-zer']);
    expect(exitCode).toBe(1);
    expect(stderr).toContain('did you mean “linger-zero”?');
  });

  it('opens the kept captures where it cannot be played, and says so', async () => {
    const { exitCode, stdout, stderr } = await runCli(['lesson', 'linger-zero', '--run']);
    expect(exitCode).toBe(3);
    expect(stderr).toContain('resetscope doctor says what helps.');
    expect(stdout).toContain('at the server');
  });
});
